// Entities: DAGs, tasks, assets and import errors of a server as entities, facts and edges; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, pathId } from '../../../catalog/entity.ts';
import type { Facts } from '../../../catalog/facts.ts';
import { stableUri } from '../../../catalog/keys.ts';
import { rootOfTraceback } from '../../exceptions.ts';
import { oneLine, said } from '../../json.ts';
import { jobId, taskId } from '../entities.ts';
import { cronPeriod, spanWords } from '../schedule.ts';
import type { Pages } from './pages.ts';
import type { RestAsset, RestDag, RestImportError, RestTask, RestTry } from './shapes.ts';
import type { DagSources } from './sources.ts';

const evidence = 'Airflow assets';

export interface Place {
  readonly instance: string;
  readonly pages: Pages;
  /** Texts of DAGs that were asked for before. */
  readonly sources?: DagSources;
}

/** One job for each DAG, and one for each file that cannot be loaded and of which no DAG is known. */
export function jobs(
  dags: readonly RestDag[],
  errors: readonly RestImportError[],
  assets: readonly RestAsset[],
  { instance, pages, sources }: Place,
): readonly SeenEntity[] {
  const triggers = new Map<string, string[]>();
  for (const { uri, scheduled } of assets) {
    for (const dag of scheduled) triggers.set(dag, [...(triggers.get(dag) ?? []), uri]);
  }
  const known = dags.map((dag) => ({
    id: jobId(instance, dag.dag),
    kind: 'job' as const,
    name: dag.dag,
    aliases: dag.display !== undefined && dag.display !== dag.dag ? [dag.display] : [],
    facts: said<Facts>({
      description: dag.description,
      owner: dag.owners.length > 0 ? dag.owners.join(', ') : undefined,
      tags: dag.tags.length > 0 ? dag.tags : undefined,
      paused: dag.paused,
      content: sources?.known(dag.dag),
      url: pages.dag(dag.dag),
      broken: errors.filter((error) => isOf(error, dag)).map(brokenWords)[0],
      ...schedule(dag, triggers.get(dag.dag)),
    }),
  }));
  const orphans = errors.filter((error) => !dags.some((dag) => isOf(error, dag)));
  return [...known, ...orphans.map((error) => brokenFile(error, instance))];
}

function isOf({ file, bundle }: RestImportError, dag: RestDag): boolean {
  return dag.file === file && (bundle === undefined || dag.bundle === undefined || dag.bundle === bundle);
}

function brokenFile(error: RestImportError, instance: string): SeenEntity {
  return {
    id: jobId(instance, error.file),
    kind: 'job',
    name: error.file,
    facts: { description: 'A DAG file that Airflow cannot load', broken: brokenWords(error) },
  };
}

function brokenWords({ file, trace }: RestImportError): string {
  const lines = trace.split(/\r?\n/);
  const root = rootOfTraceback(lines) ?? oneLine(lines.findLast((line) => line.trim() !== ''));
  const line = [...trace.matchAll(/^\s*File "([^"\n]{1,500})", line (\d{1,9})/gm)].findLast(([, path = '']) =>
    path.endsWith(file.split(/[/\\]/).at(-1) ?? file),
  )?.[2];
  return `${file}${line === undefined ? '' : `:${line}`}: ${root ?? 'it cannot be imported'}`;
}

/** `1 day, 0:00:00` is how Airflow writes a timedelta. */
function schedule(dag: RestDag, triggers: readonly string[] | undefined): Pick<Facts, 'schedule' | 'periodMs'> {
  const { timetable, timetableWords } = dag;
  if (triggers) return { schedule: `on ${triggers.slice(0, 5).join(', ')}` };
  if (timetable === undefined || /^(none|never)/i.test(timetable)) return {};
  const delta = /^(?:(\d{1,6}) days?,? ?)?(\d{1,2}):(\d\d):(\d\d)(?:\.\d+)?$/.exec(timetable);
  if (delta) {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = delta;
    const periodMs = (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    return periodMs > 0 ? { schedule: `every ${spanWords(periodMs)}`, periodMs } : {};
  }
  const periodMs = cronPeriod(timetable);
  return said({ schedule: periodMs === undefined ? (timetableWords ?? timetable) : timetable, periodMs });
}

export function taskEntity(dag: string, task: RestTask, { instance, pages }: Place): SeenEntity {
  const { owner, operator, pool, description } = task;
  return {
    id: taskId(instance, dag, task.task),
    kind: 'task',
    name: `${dag}.${task.task}`,
    aliases: [task.task],
    facts: said<Facts>({ owner, operator, pool, description, url: pages.task(dag, task.task) }),
  };
}

/** What a task instance tells of its task; `known` are the facts we gave before, of which it knows fewer. */
export function triedTask(one: RestTry, place: Place, known: (id: EntityId) => Facts | undefined): SeenEntity {
  const entity = taskEntity(one.dag, said<RestTask>({ task: one.task, operator: one.operator, pool: one.pool }), place);
  return { ...entity, facts: { ...known(entity.id), ...entity.facts } };
}

export function contains(dag: string, task: string, instance: string, by: string): Edge {
  return {
    from: jobId(instance, dag),
    to: taskId(instance, dag, task),
    relation: 'contains',
    origin: 'reported',
    evidence: by,
  };
}

/** Schemes of stores whose addresses are paths; other assets are only names. */
const stores = /^(?:s3|s3a|s3n|gs|gcs|abfss?|wasbs?|hdfs|dbfs|file):\/\//i;

/**
 * What tasks write and read, and what starts DAGs. An asset that is no address of data joins its producers directly to
 * the DAGs that it starts.
 */
export function assetLineage(
  assets: readonly RestAsset[],
  instance: string,
): { readonly entities: readonly SeenEntity[]; readonly edges: readonly Edge[] } {
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  const edge = (from: EntityId, to: EntityId, relation: Edge['relation'], words = evidence): void => {
    edges.push({ from, to, relation, origin: 'reported', evidence: words });
  };
  for (const { uri, name, producers, consumers, scheduled } of assets) {
    const tasks = [...producers, ...consumers];
    for (const { dag, task } of tasks) edges.push(contains(dag, task, instance, evidence));
    if (!stores.test(uri)) {
      for (const { dag, task } of producers) {
        for (const next of scheduled) {
          edge(
            taskId(instance, dag, task),
            jobId(instance, next),
            'runs',
            `Airflow asset ${oneLine(name ?? uri, 200)}`,
          );
        }
      }
      continue;
    }
    const stable = stableUri(uri.replace(/^s3[an]:/i, 's3:').replace(/^gcs:/i, 'gs:'));
    const path = pathId(stable);
    const other = stable.endsWith('/') ? stable.slice(0, -1) : `${stable}/`;
    const aliases = [other, ...(name === undefined || name === uri ? [] : [name])];
    entities.push({ id: path, kind: 'path', name: stable, aliases });
    for (const { dag, task } of producers) edge(taskId(instance, dag, task), path, 'writes');
    for (const { dag, task } of consumers) edge(path, taskId(instance, dag, task), 'reads');
    for (const dag of scheduled) edge(path, jobId(instance, dag), 'reads');
  }
  return { entities, edges };
}
