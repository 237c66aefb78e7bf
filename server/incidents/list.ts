// Incidents: everything that somebody must look at now, from runs, schedules, freshness and metric rules.
import type { Catalog } from '../catalog/catalog.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { Incident } from '../protocol/incident.ts';
import type { PlumblineConfig } from '../workspace/plumblineFile.ts';
import { firingAlerts } from './trouble/alerts.ts';
import { failures } from './trouble/failures.ts';
import { brokenRules } from './trouble/metricRules.ts';
import { missedRuns } from './trouble/missedRuns.ts';
import { staleTables } from './trouble/staleTables.ts';

/**
 * What began last comes first, what is muted last. `now` is epoch ms; `ownerOf` answers from plumbline.yaml and CODEOWNERS, a tool's own word is asked
 * after it. Empty means: nothing is failing as far as the sources that were read go.
 */
export function incidents(
  catalog: Catalog,
  config: PlumblineConfig,
  now: number,
  ownerOf: (id: EntityId) => string | undefined = () => undefined,
): readonly Incident[] {
  const found = [
    ...brokenRules(catalog, config.metrics),
    ...failures(catalog),
    ...missedRuns(catalog, now),
    ...staleTables(catalog),
    ...firingAlerts(catalog),
  ];
  return found
    .map((incident) => {
      if (incident.owner !== undefined) return incident;
      const owner = subjectsOf(catalog, incident).flatMap((id) => ownerOf(id) ?? catalog.facts(id).owner ?? [])[0];
      return owner === undefined ? incident : { ...incident, owner };
    })
    .sort(
      (a, b) =>
        Number(a.muted !== undefined) - Number(b.muted !== undefined) || b.since - a.since || a.id.localeCompare(b.id),
    );
}

/** Nobody owns a test; who owns what it tests is asked too. */
function subjectsOf(catalog: Catalog, { kind, entity, run }: Incident): readonly EntityId[] {
  const inputs = kind === 'failedTest' && run !== undefined ? (catalog.run(run)?.inputs ?? []) : [];
  return [entity, ...inputs.flatMap(({ id }) => id ?? [])];
}
