// Scan: an MLflow server read in pages, whole or since the last time.
/*
 * Whole (no cursor): experiments, registered models, versions, runs, each in pages; then logged models by id, 500 ids a
 * question in pages of 50, for versions whose source is one.
 *
 * Since a cursor, with nothing changed: experiments (pages of 1,000), registered models (pages of 1,000), the 100 versions
 * that changed last, and three searches for runs (pages of 1,000): started since, ended since, not ended. Where runs came,
 * one more question for every 80 of them, at most 3, or else all versions in pages of 5,000: which versions they made.
 * Besides, for what did change: the versions of every registered model whose record differs (one question each, or all versions when
 * more than ten differ), the runs of versions that are new, logged models that are new.
 * - A moved alias touches no timestamp: it is caught because the listing of models is compared with its digests in the cursor.
 * - `since` is ten minutes before the last scan began, by whichever clock is behind, ours or the server's: runs carry the
 *   time of the machine that logged them.
 * - Not noticed before the next whole scan: tags and notes of ended runs, tags of versions, deleted runs, runs that were
 *   written with times of the past, metrics logged after the end. `describe` sees them for what is on screen.
 */
import type { CatalogChange, Covered } from '../../../catalog/change.ts';
import { coveredBy } from '../coverage.ts';
import { type MadeVersion, madeVersion, registryOf } from '../entities.ts';
import { instancesIn } from '../linked.ts';
import { type RunMapper, runMapper } from '../runs.ts';
import type { StoredModel, StoredRun, StoreProblem } from '../shape.ts';
import { type Asking, experiments, models, type RunQuestion, runs, runsById, versionsMadeBy } from './ask/listings.ts';
import { type Part, partly, Surprises } from './ask/problems.ts';
import { type Cursor, digestOf, readCursor, writeCursor } from './cursor.ts';
import { readVersions } from './registry.ts';
import type { Live } from './scope.ts';
import { whyNot } from './who.ts';

const overlapMs = 10 * 60_000;

interface Scanning {
  readonly live: Live;
  readonly asking: Asking;
  readonly cursor: Cursor | undefined;
  /** All of them; those before `told` have been yielded. */
  readonly problems: StoreProblem[];
  readonly seen: Set<string>;
  told: number;
}

export async function* scan(
  live: Live,
  signal: AbortSignal,
  since?: string,
): AsyncGenerator<CatalogChange, void, void> {
  const { api, memory, scope } = live;
  const began = api.host.now();
  const cursor = since === undefined ? undefined : readCursor(since);
  const asking: Asking = { api, surprises: new Surprises(), signal };
  const scanning: Scanning = { live, asking, cursor, problems: [], seen: new Set(), told: 0 };
  const first = cursor ? { incremental: true } : {};

  const foundExperiments = await tried(scanning, 'experiments', () => experiments(asking));
  const foundModels = await tried(scanning, 'registry', () => models(asking));
  if (foundExperiments.error && foundModels.error) throw await whyNot(live, foundExperiments.error, signal);
  // One that differs by the skew of the clocks is asked for again rather than missed.
  const at = began + Math.min(0, api.host.skewMs) - overlapMs;
  const experimentList = foundExperiments.value ?? [];
  if (foundExperiments.value) memory.experiments = foundExperiments.value;
  const experimentIds = experimentList.map(({ id }) => id);
  const modelList = foundModels.value ?? [];
  const read = await tried(scanning, 'registry', () => readVersions(modelList, cursor, asking));
  const fresh = read.value ?? { versions: [], whole: false, wholeOf: [], changed: [] };
  const made = await tried(scanning, 'details', () => memory.made(fresh.versions, experimentIds, asking));
  const registry = registryOf(
    { experiments: experimentList, models: modelList, versions: fresh.versions, loggedModels: memory.loggedModels },
    live.ids,
    live.links,
  );
  if (registry.refused > 0) scanning.problems.push(refused(registry.refused, live));
  yield { ...first, entities: registry.entities, edges: registry.edges, problems: problemsSoFar(scanning) };

  const mapper = runMapper({
    ids: live.ids,
    links: live.links,
    registry,
    instances: instancesIn(live.catalog),
    ...(live.environment ? { environment: live.environment } : {}),
  });
  const newRuns = (made.value ?? registry.versions).filter(({ version }) => fresh.changed.includes(version));
  try {
    for await (const page of runPages(scanning, experimentIds, newRuns)) {
      yield { ...(await told(page, scanning, mapper, experimentIds)), problems: problemsSoFar(scanning) };
    }
  } catch (error) {
    scanning.problems.push(partly(error, 'runs'));
  }
  const covered = coveredBy(scope, collected(scanning));
  const broken = scanning.problems.some(({ part }) => part === 'runs' || part === 'experiments');
  const digests = new Map(foundModels.value && !read.error ? modelList.map((each) => [each.name, digestOf(each)]) : []);
  yield {
    edges: (mapper.last().edges ?? []).filter(({ to }) => !cursor || !isMeasured(to, live)),
    problems: problemsSoFar(scanning),
    ...coverage(covered, cursor !== undefined, fresh.whole, wholeModels(live, modelList, fresh.wholeOf, cursor)),
    ...(broken ? {} : { cursor: writeCursor({ at, models: digests }) }),
  };
}

/** With the surprises in answers since the last time. */
function collected({ problems, asking, live }: Scanning): readonly StoreProblem[] {
  problems.push(...asking.surprises.take(live.api.address));
  return problems;
}

function problemsSoFar(scanning: Scanning): readonly StoreProblem[] {
  const fresh = collected(scanning).slice(scanning.told);
  scanning.told += fresh.length;
  return fresh;
}

function refused(count: number, { api }: Live): StoreProblem {
  const message = `${count} × a name on ${api.address} that is empty or over 1,000 characters; left out.`;
  return { part: 'details', message, advice: 'Rename it in MLflow.' };
}

interface Tried<T> {
  readonly value?: T;
  readonly error?: unknown;
}

async function tried<T>({ problems }: Scanning, part: Part, work: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    problems.push(partly(error, part));
    return { error };
  }
}

/** Every run once: all of them, or what could have changed and what a new version belongs to. */
async function* runPages(
  { asking, cursor, seen }: Scanning,
  experimentIds: readonly string[],
  changed: readonly MadeVersion[],
): AsyncGenerator<readonly StoredRun[], void, void> {
  const once = (page: readonly StoredRun[]) => page.filter(({ id }) => !seen.has(id) && seen.add(id));
  const questions: readonly RunQuestion[] = cursor
    ? [
        { experimentIds, filter: `attributes.start_time >= ${cursor.at}` },
        { experimentIds, filter: `attributes.end_time >= ${cursor.at} and attributes.start_time < ${cursor.at}` },
        { experimentIds, filter: `${notEnded} and attributes.start_time < ${cursor.at}` },
      ]
    : [{ experimentIds }];
  for (const question of questions) for await (const page of runs(question, asking)) yield once(page);
  const missing = new Set(changed.flatMap(({ runId }) => (runId === undefined || seen.has(runId) ? [] : [runId])));
  if (cursor && missing.size > 0) yield once(await runsById([...missing], experimentIds, asking));
}

/** `IN` is for run ids alone (3.17 and 2.22, tried). */
const notEnded = ['FINISHED', 'FAILED', 'KILLED'].map((status) => `attributes.status != '${status}'`).join(' and ');

async function told(
  page: readonly StoredRun[],
  scanning: Scanning,
  mapper: RunMapper,
  experimentIds: readonly string[],
): Promise<CatalogChange> {
  const { live, asking, cursor } = scanning;
  const { memory } = live;
  const ids = page.map(({ id }) => id);
  // A registry that could not be read will not answer now either, and must not end the listing of runs.
  const asks = cursor && ids.length > 0 && !scanning.problems.some(({ part }) => part === 'registry');
  const read = asks ? await tried(scanning, 'registry', () => versionsMadeBy(ids, asking)) : {};
  const stored = read.value ?? [];
  const made = await tried(scanning, 'details', () => memory.made(stored, experimentIds, asking));
  const more = made.value ?? stored.map((version) => madeVersion(version, new Map()));
  const logs = page.map((run) => memory.lastLogs(run, live));
  return mapper.page(
    page.map((run) => ({ ...run, history: run.history.filter((point) => !memory.hasHistory(run, point)) })),
    logs,
    more,
  );
}

function coverage(
  covered: readonly Covered[],
  incremental: boolean,
  allVersions: boolean,
  wholeOf: readonly string[],
): Pick<CatalogChange, 'covered' | 'continued'> {
  if (!incremental) return { covered };
  const listed = ({ kind }: Covered) =>
    kind === 'experiment' || kind === 'model' || (kind === 'version' && allVersions);
  const models = covered.some(({ kind }) => kind === 'version') && !allVersions ? wholeOf : [];
  return {
    covered: [...covered.filter(listed), ...models.map((scope): Covered => ({ kind: 'version', scope }))],
    continued: covered.filter((each) => !listed(each)),
  };
}

/** Scopes of models whose versions were all listed, or that are gone with all of them. */
function wholeModels(
  { ids }: Live,
  now: readonly StoredModel[],
  wholeOf: readonly string[],
  cursor: Cursor | undefined,
): readonly string[] {
  const there = new Set(now.map(({ name }) => name));
  const gone = [...(cursor?.models.keys() ?? [])].filter((name) => !there.has(name));
  return [...wholeOf, ...gone].map((name) =>
    ids
      .version(name, '')
      .replace(/^version:/, '')
      .replace(/\/$/, ''),
  );
}

/** A metric that measures a model does so although this scan did not see it. */
function isMeasured(metric: string, { catalog }: Live): boolean {
  return (
    catalog
      ?.neighbours(metric)
      .upstream.some(({ from, relation }) => relation === 'measures' && /^model:/.test(from)) ?? false
  );
}
