// Scan of jobs: what each poll asks of the Jobs API, and what it concludes.
import type { CatalogChange } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import { instancesIn } from '../../../catalog/mining/instances.ts';
import type { DataUse } from '../../../catalog/run.ts';
import { knownFacts } from '../../knownFacts.ts';
import type { Query } from '../ask/api.ts';
import type { Listing } from '../ask/pages.ts';
import { idsOf, type Place } from '../ids.ts';
import { coveredIn, listed, type Poll, partly } from '../poll.ts';
import { bundleTag, type DeployedBundle, madeByBundle, readBundle } from './bundle.ts';
import { withLogFolders } from './clusters.ts';
import { withCode } from './code.ts';
import { type JobContext, jobsOf } from './entities.ts';
import { isOpen, type JobData, type RunContext, runsOf } from './runs.ts';
import { readJob, readRun, type StoredJob, type StoredRun } from './shapes.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** How far back the first scan looks; Databricks keeps 60 days. */
const windowMs = 30 * day;
/** What began while the last scan was under way, and clocks that are not quite one, are read twice. */
const overlapMs = 2 * minute;
/** A list of jobs has no "changed since": with more than this it is read wholly only when all is. */
const jobPagesOften = 5;
const most = { jobPages: 200, bundles: 50, runPages: 150, openPages: 20, ended: 50, newJobs: 20, wholeRuns: 20 };

/** Limits that the API itself sets (2.2: jobs at most 100 a page, runs fewer than 25). */
const jobsPage: Query = [
  ['limit', '100'],
  ['expand_tasks', 'true'],
];
const runsPage: Query = [
  ['limit', '24'],
  ['expand_tasks', 'true'],
];

/** All jobs with their tasks, and the bundles that deployed them. */
export async function jobsPart(poll: Poll): Promise<CatalogChange> {
  const isOften = poll.last !== undefined;
  const listing = await listed(
    poll,
    {
      ...{ what: 'jobs', path: '/api/2.2/jobs/list', query: jobsPage, field: 'jobs', read: readJob },
      ...{ key: ({ job }: StoredJob) => job, mostPages: isOften ? jobPagesOften : most.jobPages },
    },
    true,
  );
  if (!listing) return {};
  const whole = await wholeJobs(poll, listing);
  const told = jobsOf(whole, jobContext(poll, await bundlesOf(poll, whole)));
  const { entities, edges } = withCode(whole, told, poll);
  const kinds = whole.some(({ isCut }) => isCut) ? (['job'] as const) : (['job', 'task'] as const);
  if (listing.gap === undefined) return { entities, edges, covered: coveredIn(poll, kinds) };
  const isKnown = isOften && listing.gap === 'capped';
  return { entities, edges, ...(isKnown ? { continued: coveredIn(poll, ['job', 'task']) } : {}) };
}

export function jobContext(
  poll: Pick<Poll, 'place' | 'catalog'>,
  bundles: ReadonlyMap<string, DeployedBundle>,
): JobContext {
  const facts = knownFacts(poll);
  const known: JobContext['known'] = (id) => {
    const entity = poll.catalog?.get(id);
    return entity && { aliases: entity.aliases, tags: facts(id)?.tags ?? [] };
  };
  return { place: poll.place, bundles, known };
}

/** Of jobs with more than 100 tasks the list gives 100 at most; the others are asked for, of a few. */
async function wholeJobs(
  { api, signal, problems }: Poll,
  { items }: Listing<StoredJob>,
): Promise<readonly StoredJob[]> {
  const cut = new Set(items.filter(({ isCut }) => isCut).slice(0, most.newJobs));
  const whole: StoredJob[] = [];
  for (const job of items) {
    if (!cut.has(job)) whole.push(job);
    else
      whole.push((await partly({ signal, problems }, 'all tasks of a job', () => oneJob(api, job.job, signal))) ?? job);
  }
  return whole;
}

const mostTaskPages = 20;

/** Tasks come in pages of 100; the rest of the job stands on each. Undefined when the answer is no job. */
export async function oneJob(api: Poll['api'], job: string, signal: AbortSignal): Promise<StoredJob | undefined> {
  let found: StoredJob | undefined;
  let token: string | undefined;
  for (let pages = 0; pages < mostTaskPages; pages += 1) {
    const query: Query = [['job_id', job], ...(token === undefined ? [] : [['page_token', token] as const])];
    const answer = await api.get('/api/2.2/jobs/get', query, signal);
    const read = readJob(answer);
    if (!read) return found;
    const tasks = [...new Map([...(found?.tasks ?? []), ...read.tasks].map((task) => [task.key, task])).values()];
    token =
      typeof answer.next_page_token === 'string' && answer.next_page_token !== '' ? answer.next_page_token : undefined;
    found = { ...read, tasks, isCut: token !== undefined };
    if (token === undefined) return found;
  }
  return found;
}

/** Two files for each bundle, only when all is read: nothing in a listing says that a bundle was deployed again. */
async function bundlesOf(poll: Poll, jobs: readonly StoredJob[]): Promise<ReadonlyMap<string, DeployedBundle>> {
  const found = new Map<string, DeployedBundle>();
  const files = new Set(jobs.flatMap(({ bundleFile }) => bundleFile ?? []));
  if (poll.last !== undefined) return found;
  const made = new Map<string, readonly string[]>();
  let isWhole = files.size <= most.bundles;
  for (const file of [...files].slice(0, most.bundles)) {
    const bundle = await readBundle(poll.api, file, poll.signal);
    const things = await madeByBundle(poll.api, file, poll.signal);
    isWhole &&= things !== undefined;
    if (bundle) found.set(file, bundle);
    const tags = bundle ? [bundleTag(bundle), bundle.commit && `bundle-commit:${bundle.commit}`] : [];
    for (const thing of things ?? [])
      made.set(
        thing,
        tags.flatMap((tag) => tag || []),
      );
  }
  poll.memory.madeByBundles = { tags: made, isWhole };
  return found;
}

export interface RunsPart {
  readonly change: CatalogChange;
  /** Runs that have not ended. */
  readonly open: readonly string[];
  readonly stored: readonly StoredRun[];
}

/**
 * Runs that began since the last scan (the first time: in 30 days, at most 3,600), those that go on, and by itself each
 * that went on at the last scan and does so no more: the list has no "ended since". So a poll that finds nothing changed
 * is two requests.
 */
export async function runsPart(poll: Poll): Promise<RunsPart> {
  const { last, now } = poll;
  const from = last === undefined ? now - windowMs : Math.max(last.at - overlapMs, now - windowMs);
  const began = await runsListed(poll, 'runs', [['start_time_from', String(Math.floor(from))]], most.runPages);
  const going = await runsListed(poll, 'active runs', [['active_only', 'true']], most.openPages);
  if (began === undefined || going === undefined || began.gap === 'repeats') poll.owes = true;
  const found = new Map<string, StoredRun>();
  for (const run of [...(began?.items ?? []), ...(going?.items ?? [])]) found.set(run.run, run);
  const ended = (last?.open ?? []).filter((run) => !found.has(run));
  for (const run of ended.slice(0, most.ended)) {
    const one = await ifThere(poll, run);
    if (one) found.set(run, one);
  }
  const read = await wholeRuns(poll, [...found.values()]);
  const whole = read.map((run) => withLogFolders(run, poll.memory.clusters));
  const { runs, entities } = runsOf(whole, runContext(poll));
  const open = whole.filter(isOpen).map(({ run }) => run);
  return { change: { runs, entities }, open: [...new Set([...ended.slice(most.ended), ...open])], stored: whole };
}

function runsListed(poll: Poll, what: string, filter: Query, mostPages: number) {
  return listed(
    poll,
    {
      ...{ what, path: '/api/2.2/jobs/runs/list', query: [...filter, ...runsPage], field: 'runs', read: readRun },
      ...{ key: ({ run }: StoredRun) => run, mostPages },
    },
    true,
  );
}

/** Undefined for a run that Databricks has thrown away. */
async function ifThere({ api, signal, problems }: Poll, run: string): Promise<StoredRun | undefined> {
  const kept = problems.length;
  const found = await partly({ signal, problems }, 'runs that ended', () => oneRun(api, run, signal));
  // A purged run is no problem.
  if (found === undefined) problems.splice(kept);
  return found;
}

/** With all of its tasks. Undefined when the answer is no run. */
export async function oneRun(api: Poll['api'], run: string, signal: AbortSignal): Promise<StoredRun | undefined> {
  let found: StoredRun | undefined;
  let token: string | undefined;
  for (let pages = 0; pages < mostTaskPages; pages += 1) {
    const query: Query = [['run_id', run], ...(token === undefined ? [] : [['page_token', token] as const])];
    const answer = await api.get('/api/2.2/jobs/runs/get', query, signal);
    const read = readRun(answer);
    if (!read) return found;
    const tasks = [...new Map([...(found?.tasks ?? []), ...read.tasks].map((task) => [task.run, task])).values()];
    found = { ...read, tasks, isCut: false };
    token =
      typeof answer.next_page_token === 'string' && answer.next_page_token !== '' ? answer.next_page_token : undefined;
    if (token === undefined) return found;
  }
  return found;
}

async function wholeRuns(poll: Poll, runs: readonly StoredRun[]): Promise<readonly StoredRun[]> {
  const cut = new Set(runs.filter(({ isCut }) => isCut).slice(0, most.wholeRuns));
  const whole: StoredRun[] = [];
  for (const run of runs) whole.push(cut.has(run) ? ((await ifThere(poll, run.run)) ?? run) : run);
  return whole;
}

export function runContext({ place, catalog }: Pick<Poll, 'place' | 'catalog'>): RunContext {
  const submitters = new Map<string, readonly EntityId[]>();
  return {
    place,
    data: dataOf(catalog, place),
    stores: (catalog?.sources() ?? []).flatMap(({ tool, name }) => (tool === 's3' ? [name] : [])),
    instances: instancesIn(catalog),
    submitters: (name) => {
      const known = submitters.get(name) ?? catalog?.find('task', name, 'airflow').map(({ id }) => id) ?? [];
      submitters.set(name, known);
      return known;
    },
  };
}

/** Off the edges that lineage told of the job, whenever that was. */
function dataOf(catalog: Poll['catalog'], place: Place): RunContext['data'] {
  const found = new Map<string, JobData>();
  return (job) => {
    const known = found.get(job);
    if (known) return known;
    const around = catalog?.neighbours(idsOf(place).job(job));
    const use = (id: EntityId): DataUse => ({ id, name: catalog?.get(id)?.name ?? id });
    const data: JobData = {
      inputs: around?.upstream.filter(({ relation }) => relation === 'reads').map(({ from }) => use(from)) ?? [],
      outputs: around?.downstream.filter(({ relation }) => relation === 'writes').map(({ to }) => use(to)) ?? [],
    };
    found.set(job, data);
    return data;
  };
}

/** Runs of jobs whose lineage has been told only now, told again with it. */
export function runsWithData(stored: readonly StoredRun[], poll: Poll): CatalogChange {
  const context = runContext(poll);
  const { runs } = runsOf(stored, context);
  return { runs: runs.filter(({ inputs, outputs }) => inputs.length + outputs.length > 0) };
}
