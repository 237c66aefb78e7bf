// Scan: how monitors stand at each poll; the names of metrics, the owners of services and the metrics of integrations a few times an hour.
import type { CatalogChange, Covered, ScanProblem } from '../../catalog/change.ts';
import { HttpError } from '../httpError.ts';
import { isRecord, number, text } from '../json.ts';
import { partly, Surprises } from '../problems.ts';
import { AtItsLimit } from './ask/limits.ts';
import type { Live, Part } from './ask/live.ts';
import { knowOrg } from './ask/who.ts';
import { changesOf } from './changes.ts';
import { integrationEdges } from './metrics/integrations.ts';
import { metricEntity, metricNames } from './metrics/scan.ts';
import { watchedTags } from './metrics/tags.ts';
import { historyOf } from './monitors/history.ts';
import { listMonitors, mustList, pollMonitors } from './monitors/scan.ts';
import { listOwners } from './owners.ts';
import { listSlos } from './slos/scan.ts';

/** Names come and go with deployments, owners with reorganisations. */
const everyMs = { metrics: 10 * 60_000, owners: 60 * 60_000, integrations: 30 * 60_000, changes: 5 * 60_000 };

interface Cursor {
  /** Epoch ms, by the server's clock: what its events were read up to. */
  readonly events?: number;
  /** The same of deployments and the like. */
  readonly changes?: number;
  /** Some SLO was listed once: where they may not be listed any more, nothing is said of their absence. */
  readonly slos?: true;
}

export async function* scan(
  live: Live,
  signal: AbortSignal,
  since?: string,
): AsyncGenerator<CatalogChange, void, void> {
  const { api, scope, memory } = live;
  const before = readCursor(since, live);
  const first: CatalogChange = since === undefined ? {} : { incremental: true };
  const covered: Covered[] = [];
  const continued: Covered[] = [];
  const surprises = new Surprises();
  await knowOrg(live, signal);
  const isDue = (at: number | undefined, every: number) =>
    since === undefined || at === undefined || api.host.now() - at >= every;
  // Owners first: monitors and metrics are told with them.
  if (isDue(memory.owners?.at, everyMs.owners)) yield* part(live, 'owners', first, () => one(listOwners(live, signal)));

  const isListed = since === undefined || mustList(live);
  if (isListed) yield* part(live, 'monitors', first, () => listMonitors(live, surprises, first, signal));
  else yield* part(live, 'monitors', first, () => one(pollMonitors(live, surprises, signal)));
  const surprised = surprises.take(`${api.name}: ${api.address}`);
  if (!memory.problems.has('monitors') && surprised.length === 0)
    (isListed ? covered : continued).push({ kind: 'monitor', scope });

  const areMetricsDue = isDue(memory.metrics?.at, everyMs.metrics);
  if (areMetricsDue) yield* part(live, 'metrics', first, () => metricPages(live, surprises, first, signal));
  let slos = before.slos;
  const told = (page: CatalogChange): CatalogChange => {
    if (page.entities && page.entities.length > 0) slos = true;
    return { ...first, ...page };
  };
  if (areMetricsDue) yield* part(live, 'slos', first, () => each(listSlos(live, surprises, signal), told));
  const strange = surprises.take(`${api.name}: ${api.address}`);
  // An SLO is a metric, too: who may not list them has none, unless there were some.
  const areSlosListed = !memory.problems.has('slos') || (memory.failed.get('slos')?.kind === 'forbidden' && !slos);
  if (!memory.problems.has('metrics') && strange.length === 0)
    (areMetricsDue && areSlosListed ? covered : continued).push({ kind: 'metric', scope });
  if (areMetricsDue) yield* part(live, 'tags', first, () => one(watchedTags(live, since === undefined, signal)));
  refuseStrangers(live, areMetricsDue);

  let events = before.events;
  yield* part(live, 'events', first, () =>
    one(
      historyOf(live, before.events, signal).then((found) => {
        events = found.until;
        return { events: found.events };
      }),
    ),
  );
  let { changes } = before;
  if (isDue(memory.changesAt, everyMs.changes)) {
    memory.changesAt = api.host.now();
    yield* part(live, 'changes', first, () =>
      one(
        changesOf(live, before.changes, signal).then((found) => {
          changes = found.until;
          return { events: found.events };
        }),
      ),
    );
  }
  if (isDue(memory.integrationsAt, everyMs.integrations)) {
    memory.integrationsAt = api.host.now();
    yield* part(live, 'integrations', first, () => one(integrationEdges(live, signal)));
  }
  const problems: ScanProblem[] = [...[...memory.problems.values()].flat(), ...surprised, ...strange];
  const cursor = JSON.stringify({ v: 1, org: memory.org, events, changes, slos });
  yield { ...first, covered, continued, problems, cursor };
}

/** One part; what fails of it alone is remembered, and told until it is asked again. */
async function* part(
  { memory }: Live,
  name: Part,
  first: CatalogChange,
  pages: () => AsyncIterable<CatalogChange>,
): AsyncGenerator<CatalogChange, void, void> {
  try {
    for await (const page of pages()) yield { ...first, ...page };
    memory.problems.delete(name);
    memory.failed.delete(name);
  } catch (error) {
    memory.problems.set(name, [problemOf(error, name)]);
    if (error instanceof HttpError) memory.failed.set(name, error);
  }
}

/** That one endpoint may not be asked for a while says nothing of the others; monitors are what the connection is for. */
function problemOf(error: unknown, name: Part): ScanProblem {
  if (error instanceof AtItsLimit && name !== 'monitors') return { message: error.message };
  return partly(error);
}

/**
 * Neither of the two lists that every Datadog has is given now: what is there is something else, or we may ask nothing.
 * That a right is missing is said of the part alone, as long as the other list is given or was given before.
 */
function refuseStrangers({ memory }: Live, askedForMetrics: boolean): void {
  const [monitors, metrics] = [memory.failed.get('monitors'), memory.failed.get('metrics')];
  if (!monitors || (askedForMetrics && !metrics)) return;
  if (metrics || !(monitors.kind === 'forbidden' || monitors.kind === 'missing')) throw monitors;
}

async function* one(page: Promise<CatalogChange>): AsyncGenerator<CatalogChange, void, void> {
  yield await page;
}

async function* each(
  pages: AsyncIterable<CatalogChange>,
  told: (page: CatalogChange) => CatalogChange,
): AsyncGenerator<CatalogChange, void, void> {
  for await (const page of pages) yield told(page);
}

async function* metricPages(
  live: Live,
  surprises: Surprises,
  first: CatalogChange,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  for await (const names of metricNames(live, surprises, signal))
    yield { ...first, entities: names.map((name) => metricEntity(name, live)) };
}

/** What another version wrote begins anew; whose it is, is remembered. */
function readCursor(since: string | undefined, { memory }: Live): Cursor {
  if (since === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(since);
  } catch {
    return {};
  }
  if (!isRecord(value) || value.v !== 1) return {};
  const [org, events, changes] = [text(value.org), number(value.events), number(value.changes)];
  if (org !== undefined) memory.org ??= org;
  return {
    ...(events === undefined ? {} : { events }),
    ...(changes === undefined ? {} : { changes }),
    ...(value.slos === true ? { slos: true } : {}),
  };
}
