// Scan: jobs and new runs of each account; of runs that ended since, the steps and what dbt left in their artifacts.
import type { CatalogChange, Covered, ScanProblem } from '../../../catalog/change.ts';
import type { Run } from '../../../catalog/run.ts';
import { HttpError } from '../../httpError.ts';
import { type AccountCursor, readCursor, writeCursor } from './cursor.ts';
import { type Account, jobsOf, runsOf } from './entities.ts';
import { accountOf, accountsOf, instancesOf, type Live, partly } from './live.ts';
import { isTrial, resultsOf } from './results.ts';
import { isOpen, readJob, readRun, type StoredRun, statusOf } from './shapes.ts';

/** Pages of a hundred; the first look at an account goes back this far. */
const most = { often: 500, jobs: 1000, runs: 20, firstRuns: 5, read: 20, asked: 20, firstRead: 60, firstFailed: 10 };

/** Of an account with more jobs than `often`, they are listed a few times an hour. */
const seldomMs = 15 * 60_000;

export async function* scan(
  live: Live,
  signal: AbortSignal,
  since?: string,
): AsyncGenerator<CatalogChange, void, void> {
  const isFirst = since === undefined;
  const problems: ScanProblem[] = [];
  const covered: Covered[] = [];
  const continued: Covered[] = [];
  const cursors: AccountCursor[] = [];
  const before = readCursor(since);
  const mark = (change: CatalogChange): CatalogChange => (isFirst ? change : { incremental: true, ...change });
  for (const named of await accountsOf(live, signal)) {
    const account = await accountOf(named, live, problems, signal);
    const known = before.find((one) => one.account === account.id);
    const kept = live.jobs.get(account.id);
    const isRecent = !isFirst && kept?.isWhole && kept.byId.size > most.often && live.host.now() - kept.at < seldomMs;
    const jobs = isRecent ? undefined : await listJobs(account, live, problems, signal);
    if (isRecent) continued.push(...coveredOf(account.key, live));
    if (jobs) {
      const byId = new Map(jobs.items.map((job) => [job.id, job]));
      live.jobs.set(account.id, { at: live.host.now(), isWhole: jobs.gap === undefined, byId });
      const page = jobsOf(jobs.items, account);
      for (let from = 0; from < page.entities.length; from += 1000)
        yield mark({ entities: page.entities.slice(from, from + 1000) });
      yield mark({ edges: page.edges });
      if (jobs.gap) problems.push({ message: `${live.api.place}: ${jobs.gap}.` });
      else covered.push(...coveredOf(account.key, live));
    }
    const current: Account = { ...account, jobs: live.jobs.get(account.id)?.byId ?? new Map() };
    const listed = await listRuns(current, known, live, problems, signal);
    if (!isRecent && jobs === undefined && listed === undefined) throw refused(problems);
    if (listed === undefined) {
      if (known) cursors.push(known);
      continue;
    }
    yield mark({ runs: listed.runs.flatMap((run) => runsOf(run, current, instancesOf(live))) });
    const due = dueOf(listed.runs, current, known);
    const count = known ? most.read : most.firstRead;
    const now = due.slice(-count);
    for (const run of now) for await (const page of readEnded(run, current, live, problems, signal)) yield mark(page);
    const open = listed.runs.filter(isOpen).map(({ id }) => id);
    cursors.push({ account: account.id, newest: listed.newest, open, due: known ? due.slice(0, -count) : [] });
  }
  yield mark({ covered, continued, problems, cursor: writeCursor(cursors) });
}

/** Neither jobs nor runs can be had: what answers is not what was meant, or we may see nothing of it. */
function refused(problems: readonly ScanProblem[]): HttpError {
  const words = problems.map(({ message }) => message).at(-1) ?? 'dbt Cloud tells nothing';
  const isForbidden = problems.some(({ message }) => /403|not allow/i.test(message));
  return new HttpError(isForbidden ? 'forbidden' : 'broken', words);
}

/** Of the account, and of the connection, by which coverage is asked for. */
function coveredOf(account: string, { scope }: Live): readonly Covered[] {
  const scopes = [...new Set([`dbt://${account}`, scope])];
  return (['job', 'task'] as const).flatMap((kind) => scopes.map((one) => ({ kind, scope: one })));
}

function listJobs({ id }: Account, { api }: Live, problems: ScanProblem[], signal: AbortSignal) {
  const asked = { what: 'jobs', path: `/api/v2/accounts/${id}/jobs/`, mostPages: most.jobs, read: readJob };
  const query = [['order_by', 'id'] as const];
  return partly(problems, 'Jobs stay as they were.', () => api.list({ ...asked, query }, signal), signal);
}

interface ListedRuns {
  /** New ones, and those that had not ended before, newest first. */
  readonly runs: readonly StoredRun[];
  readonly newest: number;
}

/** Undefined when it could not be asked. */
async function listRuns(
  account: Account,
  known: AccountCursor | undefined,
  live: Live,
  problems: ScanProblem[],
  signal: AbortSignal,
): Promise<ListedRuns | undefined> {
  const last = known?.newest ?? 0;
  const asked = {
    ...{ what: 'runs', path: `/api/v2/accounts/${account.id}/runs/`, read: readRun },
    query: [['order_by', '-id'] as const, ['include_related', '["trigger"]'] as const],
    mostPages: known ? most.runs : most.firstRuns,
    enough: (page: readonly StoredRun[]) => page.some(({ id }) => Number(id) <= last),
  };
  const ask = () => live.api.list(asked, signal);
  const listing = await partly(problems, 'Runs stay as they were.', ask, signal);
  if (listing === undefined) return undefined;
  const newest = Math.max(last, ...listing.items.map(({ id }) => Number(id)));
  if (/shape|again/.test(listing.gap ?? '')) problems.push({ message: `${live.api.place}: ${listing.gap}.` });
  else if (listing.gap) live.host.log.info(`${live.api.place}: ${listing.gap}`);
  const waiting = new Set(known?.open ?? []);
  const runs = listing.items.filter(({ id }) => Number(id) > last || waiting.has(id));
  const seen = new Set(listing.items.map(({ id }) => id));
  for (const id of [...waiting].filter((one) => !seen.has(one)).slice(-most.asked)) {
    const run = await oneRun(id, account, live, problems, signal);
    if (run) runs.push(run);
  }
  return { runs, newest };
}

/** With its steps. Undefined when it is not there any more, or may not be seen. */
export async function oneRun(
  id: string,
  account: Account,
  { api }: Live,
  problems: ScanProblem[],
  signal: AbortSignal,
): Promise<StoredRun | undefined> {
  const path = `/api/v2/accounts/${account.id}/runs/${id}/`;
  const ask = async () => {
    try {
      return await api.data(path, [['include_related', '["trigger","run_steps"]']], signal);
    } catch (error) {
      if (error instanceof HttpError && error.kind === 'missing') return undefined;
      throw error;
    }
  };
  const data = await partly(problems, 'Its steps are not known.', ask, signal);
  const run = data === undefined ? undefined : readRun(data);
  return run?.id === id ? run : undefined;
}

/** Ids, oldest first. At the first look: the last one of each job, of many jobs the latest, and the latest that failed; then all that ended. */
function dueOf(runs: readonly StoredRun[], account: Account, known: AccountCursor | undefined): readonly string[] {
  const ended = runs.filter((run) => !isOpen(run));
  const wanted = known ? ended : [...lastOfEachJob(ended, account), ...latestFailed(ended)];
  const ids = [...new Set([...(known?.due ?? []), ...wanted.map(({ id }) => id)])];
  return ids.sort((a, b) => Number(a) - Number(b));
}

function lastOfEachJob(ended: readonly StoredRun[], account: Account): readonly StoredRun[] {
  const last = new Map<string, StoredRun>();
  for (const run of ended) {
    const { job } = run;
    if (job !== undefined && run.hasArtifacts && !isTrial(run, account) && !last.has(job)) last.set(job, run);
  }
  return [...last.values()];
}

function latestFailed(ended: readonly StoredRun[]): readonly StoredRun[] {
  return ended.filter((run) => statusOf(run) === 'failed').slice(0, most.firstFailed);
}

async function* readEnded(
  id: string,
  account: Account,
  live: Live,
  problems: ScanProblem[],
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const run = await oneRun(id, account, live, problems, signal);
  if (run === undefined) return;
  const runs: readonly Run[] = runsOf(run, account, instancesOf(live));
  yield { runs };
  if (!run.hasArtifacts || isTrial(run, account)) return;
  const pages: CatalogChange[] = [];
  const ask = async (): Promise<void> => {
    for await (const page of resultsOf(run, account, live, signal)) pages.push(page);
  };
  await partly(problems, `What dbt left in run ${id} is not known.`, ask, signal);
  yield* pages;
}
