// Failures: runs and tests whose newest end is a failure, one incident for all failures since the last good one.
import type { Catalog } from '../../catalog/catalog.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Run } from '../../catalog/run.ts';
import type { Incident } from '../../protocol/incident.ts';
import { endOf, failingStreak, nameOf, toolOf, whole } from './runs.ts';

const mostFailures = 1000;

/** Failed runs of any age: what failed last and never ran well since is failing still. */
export function failures(catalog: Catalog): readonly Incident[] {
  const entities = new Set<EntityId>();
  const found: Incident[] = [];
  for (const failed of catalog.failedRuns(0, mostFailures)) {
    const run = whole(catalog, failed);
    const entity = run.of[0];
    if (run.status !== 'failed' || entity === undefined || entities.has(entity)) continue;
    entities.add(entity);
    const streak = failingStreak(catalog, entity);
    const newest = streak[0];
    if (newest && !toldElsewhere(catalog, newest)) found.push(incidentOf(catalog, entity, newest, streak));
  }
  return found;
}

/** The same failure as another tool's run that the catalog holds: an OpenLineage event or MLflow run of a failed Airflow task. */
function toldElsewhere(catalog: Catalog, run: Run): boolean {
  const tool = toolOf(run.id);
  if (tool !== 'openlineage' && tool !== 'mlflow') return false;
  return run.linked.some((id) => {
    const other = toolOf(id) === tool ? undefined : catalog.run(id);
    return other !== undefined && (tool === 'openlineage' || other.status === 'failed');
  });
}

function incidentOf(catalog: Catalog, entity: EntityId, newest: Run, streak: readonly Run[]): Incident {
  const kind = entity.startsWith('task:dbt://') ? 'failedTest' : 'failedRun';
  const times = streak.length > 1 ? ` ${streak.length} times in a row` : '';
  return {
    id: `incident:${kind}:${entity}`,
    kind,
    title: `${nameOf(catalog, entity)} failed${times}`,
    entity,
    run: newest.id,
    since: endOf(streak.at(-1) ?? newest),
    lastSeen: endOf(newest),
    summary: newest.message ?? 'The tool does not say why.',
  };
}
