// Scan: what each poll asks of an Airflow server, and what it concludes.
import type { CatalogChange, Covered, PastChange, ScanProblem, SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { Run } from '../../../catalog/run.ts';
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { number, record } from '../../json.ts';
import { jobId } from '../entities.ts';
import type { Api, Query } from './api.ts';
import { assetLineage, contains, jobs, triedTask } from './entities.ts';
import { type Listing, listAll, pageSize } from './listing.ts';
import { dagRun, earlierTries, type RunContext, runId, tryRun } from './runs.ts';
import {
  type RestAsset,
  type RestDag,
  type RestEvent,
  type RestImportError,
  type RestRun,
  type RestTry,
  readAsset,
  readDag,
  readEvent,
  readImportError,
  readPool,
  readRun,
  readTry,
} from './shapes.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** How far back the first scan looks. */
const windowMs = 30 * day;
/** All tries only of these last days, failed ones of the whole window. */
const triesMs = 3 * day;
/** What changed while the last scan was under way, and clocks that are not quite one, are read twice. */
const overlapMs = minute;
/** From so many pages of DAGs and assets on they are listed again only after a while, and after longer the more there are. */
const longPages = 5;
const relisting = { leastMs: 15 * minute, msPerPage: 6_000 };
const most = { dags: 500, assets: 100, errors: 10, runs: 50, open: 20, tries: 50, failed: 20, pools: 10, events: 10 };

export interface Asking {
  readonly api: Api;
  readonly host: LiveHost;
  readonly context: () => Promise<RunContext>;
  readonly memory: Memory;
}

/** What lasts from one poll to the next. */
export interface Memory {
  listed?: Listed;
}

/** DAGs and assets, when they were many and listed wholly. */
interface Listed {
  /** Epoch ms by the server's clock. */
  readonly at: number;
  readonly pages: number;
  readonly dags: ReadonlyMap<string, RestDag>;
  /** Of the import errors that were there then. */
  readonly errors: string;
}

interface Poll {
  readonly api: Api;
  readonly host: LiveHost;
  readonly signal: AbortSignal;
  /** Epoch ms by the server's clock: what changed from then on. */
  readonly from: number;
  readonly first: boolean;
  readonly problems: ScanProblem[];
  /** Lists that went round in circles: what they did not say is asked for again. */
  readonly gaps: string[];
}

/**
 * Every poll asks, in pages of 100 across all DAGs and never for one DAG, run or task by itself:
 *
 * 1. `/dags`: all that are not stale (so the kind `job` is covered), at most 50,000;
 * 2. `/importErrors`, `/assets` (`/datasets`): all, at most 1,000 and 10,000;
 * 3. `/dags/~/dagRuns?updated_at_gte=`: those that changed since the last poll, newest first, at most 5,000; the first
 *    time those of 30 days; and `?state=queued&state=running`;
 * 4. `/dags/~/dagRuns/~/taskInstances?updated_at_gte=`: likewise; the first time all of 3 days, and those that failed in
 *    30 days; and those that stand still, of any age;
 * 5. `/pools`, only when a task stands still; `/eventLogs?event=` for what paused and resumed DAGs since the last poll.
 *
 * A poll that finds nothing changed is therefore 8 requests and one more for each further 100 DAGs or assets. Where
 * those are more than five pages, they are listed again only when the import errors are others, somebody paused or
 * resumed a DAG, or a quarter of an hour is over, and an hour where there are 50,000; until then what they said holds on
 * (a new DAG is known by its first run), so that no server is asked for more than ten of such pages a minute. Older runs come with `describe`. What may not be asked (403) is left out and said as a problem. Tasks are known from their
 * instances and assets and, wholly, from `describe`, because Airflow lists tasks only DAG by DAG; so they are never
 * covered. Parameters proven with 3.3.2 and 2.10.5, 2026-11-23; `updated_at_gte` is there from 2.6 on.
 */
export async function* scan(asking: Asking, signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
  const { api, host } = asking;
  const base = await asking.context();
  const now = host.now() + host.skewMs;
  const last = since === undefined ? undefined : cursorTime(since);
  const first = last === undefined || last > now + day;
  const from = first ? now - windowMs : Math.max(last, now - windowMs);
  const poll: Poll = { api, host, signal, from, first, problems: [], gaps: [] };
  const { memory } = asking;
  const known = first || !memory.listed || !isRecent(memory.listed, now) ? undefined : memory.listed;
  const errors = known && (await importErrors(poll));
  const kept = errors && known.errors === digest(errors) ? known : undefined;
  const dags = kept ? undefined : await allDags(poll);
  const context = { ...base, dags: kept?.dags ?? new Map(dags?.items.map((dag) => [dag.dag, dag])) };
  if (dags) {
    const { listed, ...page } = await definitions(poll, dags, context, errors);
    memory.listed = listed;
    yield { ...page, ...(first ? {} : { incremental: true }) };
  } else yield { incremental: true, continued: [everyJob(context)] };
  yield* executions(poll, context);
  const events = await pauses(poll, context.instance);
  if (events.length > 0) delete memory.listed;
  const cursor = poll.gaps.length === 0 ? cursorOf(now - overlapMs) : since;
  yield { events, problems: poll.problems, ...(cursor === undefined ? {} : { cursor }) };
}

function cursorOf(at: number): string {
  return JSON.stringify({ airflow: 1, at });
}

/** Undefined for a cursor that is not ours: all is read again. */
function cursorTime(cursor: string): number | undefined {
  try {
    const read = record(JSON.parse(cursor));
    const at = read.airflow === 1 ? number(read.at) : undefined;
    return at !== undefined && at > 0 && at < 8e15 ? at : undefined;
  } catch {
    return undefined;
  }
}

async function allDags({ api, signal }: Poll): Promise<Listing<RestDag>> {
  const { generation } = await api.server(signal);
  const alive: Query = [generation === 'v2' ? ['exclude_stale', 'true'] : ['only_active', 'true']];
  try {
    return await listed(
      { api, signal },
      { what: 'DAGs', path: '/dags', field: 'dags', query: [['order_by', 'dag_id'], ...alive], mostPages: most.dags },
      readDag,
      ({ dag }) => dag,
    );
  } catch (error) {
    // The other generation may have taken its place.
    if (error instanceof HttpError && error.kind === 'missing') api.forget();
    throw error;
  }
}

interface Asked {
  readonly what: string;
  readonly path: string;
  readonly field: string;
  readonly query: Query;
  readonly mostPages: number;
}

function listed<T>(
  { api, signal }: Pick<Poll, 'api' | 'signal'>,
  { path, query, ...asked }: Asked,
  read: (item: unknown) => T | undefined,
  key: (item: T) => string,
): Promise<Listing<T>> {
  const page = (offset: number) =>
    api.get(path, [...query, ['limit', String(pageSize)], ['offset', String(offset)]], signal);
  return listAll({ ...asked, place: api.place, page, read, key }, signal);
}

type Reader<T> = (item: unknown) => T | undefined;

/** A part without which the rest stands: forbidden, absent in another version or not understood, it is said to be missing. */
async function beside<T>(poll: Poll, asked: Asked, read: Reader<T>, key: (item: T) => string): Promise<Listing<T>> {
  return forgiving(poll, asked, /^(forbidden|missing|refused|broken)$/, () => listed(poll, asked, read, key));
}

/**
 * Runs or tries. What moved while it was read, or is beyond the cap, comes with the next scan or with `describe`; a list
 * that cannot be read at all must not pass for one without changes, unless we may never read it.
 */
async function executed<T>(poll: Poll, asked: Asked, read: Reader<T>, key: (item: T) => string): Promise<Listing<T>> {
  const listing = await forgiving(poll, asked, /^forbidden$/, () => listed(poll, asked, read, key));
  if (listing.gap === 'repeats') poll.gaps.push(asked.what);
  return listing;
}

async function forgiving<T>(
  { api, host, signal, problems }: Poll,
  { what }: Asked,
  kinds: RegExp,
  ask: () => Promise<Listing<T>>,
): Promise<Listing<T>> {
  try {
    const listing = await ask();
    const { gap, reason } = listing;
    if (gap === 'unread' || gap === 'repeats') problems.push({ message: `${api.place}: ${reason}.` });
    else if (gap) host.log.info(`${api.place}: ${reason}`);
    return listing;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !kinds.test(error.kind)) throw error;
    problems.push({ message: error.message, advice: `Without it, ${what} are not known.` });
    return { items: [] };
  }
}

function isRecent({ at, pages }: Listed, now: number): boolean {
  return now >= at && now - at < Math.max(relisting.leastMs, pages * relisting.msPerPage);
}

function digest(errors: Listing<RestImportError>): string {
  return JSON.stringify(errors.items.map(({ bundle, file, trace }) => [bundle, file, trace]));
}

function importErrors(poll: Poll): Promise<Listing<RestImportError>> {
  const asked = { what: 'import errors', path: '/importErrors', field: 'import_errors', query: [] };
  const key = ({ file, bundle = '' }: RestImportError) => `${bundle}\n${file}`;
  return beside(poll, { ...asked, mostPages: most.errors }, readImportError, key);
}

function everyJob({ instance }: RunContext): Covered {
  return { kind: 'job', scope: `airflow://${encoded(instance)}` };
}

/** `listed`: what need not be listed the next time. */
async function definitions(
  poll: Poll,
  dags: Listing<RestDag>,
  context: RunContext,
  known?: Listing<RestImportError>,
): Promise<CatalogChange & { readonly listed: Listed | undefined }> {
  const { generation } = await poll.api.server(poll.signal);
  const errors = known ?? (await importErrors(poll));
  const field = generation === 'v2' ? 'assets' : 'datasets';
  const assets = await beside(
    poll,
    { what: field, path: `/${field}`, field, query: [], mostPages: most.assets },
    readAsset,
    ({ uri, name = '' }) => `${uri}\n${name}`,
  );
  const lineage = assetLineage(assets.items, context.instance);
  const problems = dags.gap ? [{ message: `${poll.api.place}: ${dags.reason ?? 'not all DAGs were listed'}.` }] : [];
  const pages = Math.ceil(dags.items.length / pageSize) + Math.ceil(assets.items.length / pageSize);
  const isLong = pages > longPages && !dags.gap && !assets.gap && poll.problems.length === 0;
  const at = poll.host.now() + poll.host.skewMs;
  return {
    listed: isLong ? { at, pages, dags: context.dags, errors: digest(errors) } : undefined,
    entities: [
      ...jobs(dags.items, errors.items, assets.items, context),
      ...producers(assets.items, context),
      ...lineage.entities,
    ],
    edges: lineage.edges,
    covered: dags.gap ? [] : [everyJob(context)],
    problems,
  };
}

function encoded(instance: string): string {
  return jobId(instance, '').slice('job:airflow://'.length, -1);
}

/** Tasks that assets name, which need not have run yet. */
function producers(assets: readonly RestAsset[], context: RunContext): readonly SeenEntity[] {
  const tasks = assets.flatMap((asset) => [...asset.producers, ...asset.consumers]);
  return tasks.map(({ dag, task }) =>
    triedTask({ dag, task, run: '', map: -1, state: '', attempt: 0, words: '' }, context, context.facts),
  );
}

async function* executions(poll: Poll, base: RunContext): AsyncIterable<CatalogChange> {
  const runs = await changedRuns(poll);
  const tries = await changedTries(poll);
  const still = [...tries.values()].filter(({ state }) => state === 'scheduled');
  const pools = still.length > 0 ? await beside(poll, poolsAsked, readPool, ({ pool }) => pool) : undefined;
  const context = { ...base, pools: new Map(pools?.items.map((pool) => [pool.pool, pool])) };
  yield triesPage([...tries.values()], context);
  const byRun = Map.groupBy(tries.values(), ({ dag, run }) => runId(context.instance, dag, run));
  const running = Map.groupBy(
    [...runs.values()].filter(({ state }) => state === 'running'),
    ({ dag }) => dag,
  );
  yield {
    runs: [...runs.values()].map((run) =>
      dagRun(
        run,
        byRun.get(runId(context.instance, run.dag, run.run)) ?? [],
        running.get(run.dag)?.length ?? 0,
        context,
      ),
    ),
  };
}

const poolsAsked: Asked = { what: 'pools', path: '/pools', field: 'pools', query: [], mostPages: most.pools };

function triesPage(tries: readonly RestTry[], context: RunContext): CatalogChange {
  const entities = new Map<string, SeenEntity>();
  const edges = new Map<string, Edge>();
  const runs: Run[] = [];
  for (const one of tries) {
    const entity = triedTask(one, context, context.facts);
    if (!entities.has(entity.id)) {
      entities.set(entity.id, entity);
      edges.set(entity.id, contains(one.dag, one.task, context.instance, 'Airflow task instances'));
    }
    const run = tryRun(one, context);
    if (run) runs.push(...earlierTries(one, context), run);
  }
  return { entities: [...entities.values()], edges: [...edges.values()], runs };
}

/** Newest last, so that what was asked later wins. */
async function changedRuns(poll: Poll): Promise<ReadonlyMap<string, RestRun>> {
  const path = '/dags/~/dagRuns';
  const key = ({ dag, run }: RestRun) => `${dag}\n${run}`;
  const asked = { what: 'DAG runs', path, field: 'dag_runs' };
  // Runs get their id when they are made, so newer ones push older ones down and none is left out.
  const changed: Query = [
    ['updated_at_gte', iso(poll.from)],
    ['order_by', '-id'],
  ];
  const open: Query = [
    ['state', 'queued'],
    ['state', 'running'],
    ['order_by', '-id'],
  ];
  const found = [
    await executed(poll, { ...asked, query: changed, mostPages: most.runs }, readRun, key),
    await executed(poll, { ...asked, query: open, mostPages: most.open }, readRun, key),
  ];
  return new Map(found.flatMap(({ items }) => items.map((run) => [key(run), run])));
}

async function changedTries(poll: Poll): Promise<ReadonlyMap<string, RestTry>> {
  const { generation } = await poll.api.server(poll.signal);
  const path = '/dags/~/dagRuns/~/taskInstances';
  const key = ({ dag, run, task, map }: RestTry) => `${dag}\n${run}\n${task}\n${map}`;
  // v1 has no order for this list; v2 takes no updated_at, but ids that grow with time.
  const order: Query = generation === 'v2' ? [['order_by', '-id']] : [];
  const asked = { what: 'task instances', path, field: 'task_instances' };
  const recent = iso(poll.first ? Math.max(poll.from, poll.from + windowMs - triesMs) : poll.from);
  const questions: (readonly [Query, number])[] = [
    [[['updated_at_gte', recent]], most.tries],
    [
      ['scheduled', 'queued', 'up_for_reschedule', 'up_for_retry', 'deferred'].map(
        (state) => ['state', state] as const,
      ),
      most.open,
    ],
  ];
  if (poll.first)
    questions.push([
      [
        ['state', 'failed'],
        ['updated_at_gte', iso(poll.from)],
      ],
      most.failed,
    ]);
  const found = new Map<string, RestTry>();
  for (const [query, mostPages] of questions) {
    const listing = await executed(poll, { ...asked, query: [...query, ...order], mostPages }, readTry, key);
    for (const one of listing.items) found.set(key(one), one);
  }
  return found;
}

async function pauses(poll: Poll, instance: string): Promise<readonly PastChange[]> {
  const found: RestEvent[] = [];
  // 3.3.2 writes patch_dag for both; 2.10.5 says who asked, and paused for the switch on its own page.
  const { generation } = await poll.api.server(poll.signal);
  const names = ['patch_dag', 'api.patch_dag', 'ui.patch_dag', 'paused'];
  const filter: Query =
    generation === 'v2'
      ? names.map((name) => ['included_events', name] as const)
      : [['included_events', names.join(',')]];
  const query: Query = [...filter, ['after', iso(poll.from)], ['order_by', '-when']];
  const asked = { what: 'earlier pauses', path: '/eventLogs', field: 'event_logs', query, mostPages: most.events };
  found.push(...(await beside(poll, asked, readEvent, ({ id }) => String(id))).items);
  return found.flatMap(({ id, dag, at, user, paused }) => {
    if (dag === undefined || paused === undefined) return [];
    const who = user === undefined ? '' : `: ${user} ${paused ? 'paused' : 'resumed'} it`;
    const evidence = `Airflow event log ${id}${who}`;
    return [{ entity: jobId(instance, dag), field: 'paused', value: String(paused), at, evidence }];
  });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
