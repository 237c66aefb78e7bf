// Describe: what is on screen, asked for by itself: a DAG's tasks and newest runs, a run's tries, logs, links and XComs.
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { mine } from '../../../catalog/mine.ts';
import type { Run } from '../../../catalog/run.ts';
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { list, oneLine, record, said, text } from '../../json.ts';
import { readLog } from '../logText.ts';
import { type Api, segment } from './api.ts';
import { contains, jobs, taskEntity, triedTask } from './entities.ts';
import { logText } from './logs.ts';
import { dagRun, type RunContext, runId, tryId, tryRun } from './runs.ts';
import { type RestRun, type RestTry, readDag, readPool, readRun, readTask, readTry } from './shapes.ts';
import type { DagSource } from './sources.ts';

/** Logs that are read to say why a run failed, tries that are listed one by one, links and XComs that are asked for. */
const most = { entities: 20, logs: 2, retried: 5, clues: 3, keys: 5 };
const newest = '25';

interface Asking {
  readonly api: Api;
  readonly host: LiveHost;
  readonly context: RunContext;
}

/** Ids of other instances and kinds are passed over; what is not there any more, or may not be asked, is left out. */
export async function* describe(
  ids: readonly EntityId[],
  asking: Asking,
  signal: AbortSignal,
): AsyncIterable<CatalogChange> {
  const asked = new Map<string, readonly string[]>();
  for (const id of ids) {
    const parts = parseEntityId(id);
    if (parts?.tool !== 'airflow' || parts.instance !== asking.context.instance) continue;
    if (parts.kind === 'job' || parts.kind === 'task')
      asked.set(`job ${parts.segments[0]}`, ['job', ...parts.segments]);
    // A run and its tries are told together.
    if (parts.kind === 'run' && parts.segments.length >= 2) {
      asked.set(`run ${JSON.stringify(parts.segments.slice(0, 2))}`, ['run', ...parts.segments]);
    }
  }
  for (const [kind = '', dag = '', run = '', task, map] of [...asked.values()].slice(0, most.entities)) {
    signal.throwIfAborted();
    try {
      if (kind === 'job') {
        const page = await describeDag(dag, asking, signal);
        yield page;
        const unsaid = unexplained(page, asking.context);
        if (unsaid !== undefined) yield await describeRun({ dag, run: unsaid }, asking, signal);
      } else
        yield await describeRun(
          { dag, run, ...(task === undefined ? {} : { task, map: Number(map ?? -1) }) },
          asking,
          signal,
        );
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof HttpError) || !/^(missing|forbidden)$/.test(error.kind)) throw error;
      asking.host.log.debug('Airflow does not tell of what is on screen', { dag, run, reason: error.message });
    }
  }
}

async function describeDag(dag: string, asking: Asking, signal: AbortSignal): Promise<CatalogChange> {
  const { api, context } = asking;
  const path = `/dags/${segment(dag)}`;
  const known = readDag(await api.get(path, [], signal));
  const tasks = list(record(await api.get(`${path}/tasks`, [], signal)).tasks).flatMap((item) => readTask(item) ?? []);
  const answer = await api.get(
    `${path}/dagRuns`,
    [
      ['order_by', '-id'],
      ['limit', newest],
    ],
    signal,
  );
  const runs = list(record(answer).dag_runs).flatMap((item) => readRun(item) ?? []);
  const inside = known ? { ...context, dags: new Map([[dag, known]]) } : context;
  // A bundle from git says its commit with each run.
  const source =
    known && known.commit === undefined ? await context.sources?.of(known, undefined, asking, signal) : undefined;
  const job = known && jobs([known], [], [], context)[0];
  const running = runs.filter(({ state }) => state === 'running').length;
  // Assets and import errors are not asked for here: what the scan said of them stays.
  const facts = job && { ...context.facts(job.id), ...job.facts };
  return {
    incremental: true,
    entities: [...(job ? [said({ ...job, facts })] : []), ...tasks.map((task) => taskEntity(dag, task, context))],
    edges: tasks.map(({ task }) => contains(dag, task, context.instance, 'Airflow tasks')),
    runs: runs.map((run) => withContent(dagRun(run, [], running, inside), run, source)),
  };
}

/** Of the version that it ran; Airflow may have put a newer text of the same shape into that since. */
function withContent(told: Run, { version }: RestRun, source: DagSource | undefined): Run {
  const isIts = source !== undefined && version !== undefined && source.version === version;
  return isIts && told.commit === undefined ? { ...told, content: source.content } : told;
}

/** The newest run, if it failed and its log has not said why yet: once it has, it is not asked for again. */
function unexplained({ runs = [] }: CatalogChange, { known }: RunContext): string | undefined {
  const [newest] = runs;
  if (newest?.status !== 'failed') return undefined;
  const message = known(newest.id)?.message;
  return message === undefined || /failed on try \d+$/.test(message) ? newest.name : undefined;
}

interface AskedRun {
  readonly dag: string;
  readonly run: string;
  /** The task on screen: its log is read first. */
  readonly task?: string;
  readonly map?: number;
}

async function describeRun(asked: AskedRun, asking: Asking, signal: AbortSignal): Promise<CatalogChange> {
  const { api, host, context } = asking;
  const path = `/dags/${segment(asked.dag)}/dagRuns/${segment(asked.run)}`;
  const run = readRun(await api.get(path, [], signal));
  if (!run) return { incremental: true };
  const dag = readDag(await api.get(`/dags/${segment(asked.dag)}`, [], signal));
  const answer = await api.get(`${path}/taskInstances`, [['limit', '100']], signal);
  const tries = list(record(answer).task_instances).flatMap((item) => readTry(item) ?? []);
  const problems: ScanProblem[] = [];
  const clues = new Clues(path, api, host, signal);
  const pools = tries.some(({ state }) => state === 'scheduled') ? await clues.pools() : new Map();
  const inside = { ...context, pools, dags: new Map(dag ? [[asked.dag, dag]] : []) };
  const earlier = await earlierOf(tries, asked, clues);
  const runs = [...earlier, ...tries].flatMap((one) => tryRun(one, inside) ?? []);
  const told = new Map(runs.map((one) => [one.id, one]));
  for (const one of byInterest(tries, asked)) {
    const id = tryId(context.instance, { ...one, attempt: Math.max(1, one.attempt) });
    const before = told.get(id);
    if (before) told.set(id, await withClues(before, one, clues, inside));
  }
  const whole = { ...inside, known: (id: EntityId) => told.get(id) ?? context.known(id) };
  const isUnsaid = dag !== undefined && run.commit === undefined && run.version !== undefined;
  const source = isUnsaid ? await context.sources?.of(dag, run.version, asking, signal) : undefined;
  const parent = withContent(dagRun(run, tries, run.state === 'running' ? 1 : 0, whole), run, source);
  const linked = [...told.values()].flatMap((one) => one.linked);
  return {
    incremental: true,
    entities: [...new Map(tries.map((one) => [one.task, triedTask(one, context, context.facts)])).values()],
    edges: [...new Set(tries.map(({ task }) => task))].map((task) =>
      contains(asked.dag, task, context.instance, 'Airflow task instances'),
    ),
    runs: [withRoot(parent, run, whole, tries, linked), ...told.values()],
    problems,
  };
}

/** The reason of the first failure, now that its log was read. */
function withRoot(
  parent: Run,
  run: RestRun,
  context: RunContext,
  tries: readonly RestTry[],
  linked: readonly EntityId[],
): Run {
  const [worst] = tries.filter(({ state }) => state === 'failed').sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0));
  const reason = worst && context.known(tryId(context.instance, worst))?.message;
  const message = run.state === 'failed' && worst && reason ? `${worst.task}: ${reason}` : parent.message;
  const others = linked.filter((id) => id !== runId(context.instance, run.dag, run.run));
  return said<Run>({ ...parent, message, linked: [...new Set([...parent.linked, ...others])].slice(0, 50) });
}

/** What was asked for first, then what failed, then what ran. */
function byInterest(tries: readonly RestTry[], { task, map }: AskedRun): readonly RestTry[] {
  const rank = (one: RestTry): number => {
    if (one.task === task && (map === undefined || one.map === map)) return 0;
    return one.state === 'failed' ? 1 : 2;
  };
  return [...tries]
    .filter(({ startedAt }) => startedAt !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (a.endedAt ?? 0) - (b.endedAt ?? 0))
    .slice(0, most.clues);
}

async function earlierOf(tries: readonly RestTry[], asked: AskedRun, clues: Clues): Promise<readonly RestTry[]> {
  const retried = tries.filter(({ attempt }) => attempt > 1);
  const first = [...retried].sort((a, b) => Number(b.task === asked.task) - Number(a.task === asked.task));
  const found: RestTry[] = [];
  for (const one of first.slice(0, most.retried)) {
    found.push(...(await clues.tries(one)).filter(({ attempt }) => attempt < one.attempt));
  }
  return found;
}

async function withClues(run: Run, one: RestTry, clues: Clues, context: RunContext): Promise<Run> {
  const log = run.logs.length > 0 ? await clues.log(one) : undefined;
  const says = log === undefined ? undefined : readLog(log.split('\n'));
  const words = [log ?? '', ...(await clues.links(one)), ...(await clues.xcoms(one))].join('\n');
  const message = run.status === 'failed' ? (says?.message ?? run.message) : run.message;
  const linked = [...new Set([...run.linked, ...mine(words, context.instances)])].slice(0, 50);
  return said<Run>({ ...run, message, linked });
}

/** What stands beside a run. A refusal or an absence means that there is none; it is asked once per description. */
class Clues {
  readonly #path: string;
  readonly #api: Api;
  readonly #host: LiveHost;
  readonly #signal: AbortSignal;
  readonly #refused = new Set<string>();
  #logs = 0;

  constructor(path: string, api: Api, host: LiveHost, signal: AbortSignal) {
    this.#path = path;
    this.#api = api;
    this.#host = host;
    this.#signal = signal;
  }

  async pools(): Promise<RunContext['pools']> {
    const answer = await this.#try('pools', () => this.#api.get('/pools', [['limit', '100']], this.#signal));
    return new Map(
      list(record(answer).pools)
        .flatMap((item) => readPool(item) ?? [])
        .map((pool) => [pool.pool, pool]),
    );
  }

  async tries(one: RestTry): Promise<readonly RestTry[]> {
    const map = one.map >= 0 ? `/${one.map}` : '';
    const answer = await this.#ask('tries', `/taskInstances/${segment(one.task)}${map}/tries`);
    return list(record(answer).task_instances).flatMap((item) => readTry(item) ?? []);
  }

  async log(one: RestTry): Promise<string | undefined> {
    if (this.#logs >= most.logs) return undefined;
    this.#logs += 1;
    const read = await this.#try('logs', () => logText(one, this.#api, this.#signal));
    return read?.text.slice(-1_000_000);
  }

  async links(one: RestTry): Promise<readonly string[]> {
    const answer = await this.#ask('links', `/taskInstances/${segment(one.task)}/links`, mapQuery(one));
    const { extra_links: inner, ...outer } = record(answer);
    const named = Object.entries(inner === undefined ? outer : record(inner));
    return named.flatMap(([name, url]) => (typeof url === 'string' ? [`${name} ${url}`] : []));
  }

  async xcoms(one: RestTry): Promise<readonly string[]> {
    const path = `/taskInstances/${segment(one.task)}/xcomEntries`;
    const answer = await this.#ask('xcoms', path, mapQuery(one));
    const keys = list(record(answer).xcom_entries).flatMap((entry) => text(record(entry).key) ?? []);
    const found: string[] = [];
    for (const key of keys.slice(0, most.keys)) {
      const value = record(
        await this.#ask('xcoms', `${path}/${segment(key)}`, [...mapQuery(one), ['stringify', 'true']]),
      ).value;
      const words = typeof value === 'string' ? value : JSON.stringify(value ?? '');
      found.push(`${oneLine(key)}: ${words.slice(0, 10_000)}`);
    }
    return found;
  }

  #ask(what: string, below: string, query: readonly (readonly [string, string])[] = []): Promise<unknown> {
    return this.#try(what, () => this.#api.get(`${this.#path}${below}`, query, this.#signal));
  }

  async #try<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    if (this.#refused.has(what)) return undefined;
    try {
      return await ask();
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof HttpError)) throw error;
      if (!/^(missing|forbidden|refused|unavailable|tooBig|broken)$/.test(error.kind)) throw error;
      if (error.kind !== 'missing') this.#refused.add(what);
      this.#host.log.debug(`Airflow gives no ${what}`, { reason: error.message });
      return undefined;
    }
  }
}

function mapQuery({ map }: RestTry): readonly (readonly [string, string])[] {
  return map >= 0 ? [['map_index', String(map)]] : [];
}
