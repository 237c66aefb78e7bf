// Scan: what each poll asks of a Marquez, and what it concludes.
/*
 * All there is: the namespaces, `/jobs` in pages of 100 (each job with its last ten runs and all their facets), and the
 * data of each namespace in pages of 100. Nothing is asked for one job, run or dataset by itself.
 * Since a cursor: the namespaces, and the newest pages of `/jobs`, which come in the order of their last change (0.51,
 * seen 2026-11-23): one page while little happens. Data is listed again every half hour; until then what runs read and
 * wrote is known by its name.
 * - Jobs change by the clock of who sent the event. An event that comes more than ten minutes after a newer one is found
 *   by the next scan of all there is.
 * - Jobs are covered, by namespace: those that Marquez names no more are gone. Runs (it tells the last ten) and data (it
 *   knows only what events named) never are.
 */
import type { CatalogChange, Covered, ScanProblem } from '../../../catalog/change.ts';
import { HttpError } from '../../httpError.ts';
import { number, record } from '../../json.ts';
import { type Listed, listPages, segment } from './api.ts';
import { contextOf, type Live, remember, scopeOf } from './live.ts';
import { datasetsPage, jobsPage } from './pages.ts';
import { type MarquezDataset, type MarquezJob, readDataset, readJob, readNamespace } from './shapes.ts';

const overlapMs = 10 * 60_000;
const dataEveryMs = 30 * 60_000;
const mostNamespaces = 2_000;
/** To look again at what moved to the front while the rest was listed. */
const mostAgain = 10;

interface Cursor {
  /** Epoch ms: the newest change that was seen. */
  readonly at: number;
  /** Epoch ms, by our clock. */
  readonly dataAt: number;
}

interface Found {
  readonly problems: ScanProblem[];
  newest: number;
}

export async function* scan(
  live: Live,
  signal: AbortSignal,
  since?: string,
): AsyncGenerator<CatalogChange, void, void> {
  const cursor = readCursor(since);
  const first: CatalogChange = cursor ? { incremental: true } : {};
  const found: Found = { problems: [], newest: cursor?.at ?? 0 };
  const namespaces = await namespacesOf(live, found, signal);
  yield first;
  const isWhole = cursor ? await (yield* newJobs(live, cursor.at, found, signal)) : yield* allJobs(live, found, signal);
  const now = live.host.now();
  const isDue = !cursor || now - cursor.dataAt >= dataEveryMs;
  if (isDue) for (const namespace of namespaces ?? []) yield* dataOfNamespace(live, namespace, found, signal);
  const covered = isWhole && namespaces ? coverage(live, namespaces) : [];
  const dataAt = isDue ? now : cursor.dataAt;
  yield {
    ...first,
    ...(cursor ? { continued: covered } : { covered }),
    problems: found.problems,
    ...(found.problems.length > 0 ? {} : { cursor: JSON.stringify({ marquez: 1, at: found.newest, dataAt }) }),
  };
}

function readCursor(written: string | undefined): Cursor | undefined {
  if (written === undefined) return undefined;
  try {
    const from = record(JSON.parse(written));
    const [at, dataAt] = [number(from.at), number(from.dataAt)];
    return from.marquez === 1 && at !== undefined && dataAt !== undefined ? { at, dataAt } : undefined;
  } catch {
    return undefined;
  }
}

function coverage({ scope }: Live, namespaces: readonly string[]): readonly Covered[] {
  return [scope, ...namespaces.map(scopeOf)].map((one) => ({ kind: 'job', scope: one }));
}

/** Without hidden ones. Undefined when they alone may not be listed: jobs are told all the same. */
async function namespacesOf(live: Live, found: Found, signal: AbortSignal): Promise<readonly string[] | undefined> {
  try {
    return await allNamespaces(live, found, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(forbidden|missing|refused|tooBig)$/.test(error.kind)) throw error;
    found.problems.push({ message: error.message, advice: 'Jobs are told; data is as old as it was.' });
    return undefined;
  }
}

async function allNamespaces(live: Live, found: Found, signal: AbortSignal): Promise<readonly string[]> {
  const path = '/namespaces';
  const listed = {
    path,
    field: 'namespaces',
    what: 'namespaces',
    read: readNamespace,
    key: (one: { name: string }) => one.name,
  };
  const names: string[] = [];
  for await (const { items, gap } of listPages(live.api, listed, signal)) {
    names.push(...items.filter(({ isHidden }) => !isHidden).map(({ name }) => name));
    if (gap !== undefined) found.problems.push(problem(live, gap));
  }
  if (names.length > mostNamespaces)
    found.problems.push(
      problem(live, `of ${names.length} namespaces, the data of the first ${mostNamespaces} is listed`),
    );
  return names.slice(0, mostNamespaces);
}

const jobList: Listed<MarquezJob> = {
  ...{ path: '/jobs', field: 'jobs', what: 'jobs', read: readJob },
  key: ({ namespace, name }) => `${namespace}\n${name}`,
};

/** True when all of them were listed. */
async function* allJobs(live: Live, found: Found, signal: AbortSignal): AsyncGenerator<CatalogChange, boolean, void> {
  const seen = new Map<string, number>();
  let gap: string | undefined;
  for await (const page of listPages(live.api, jobList, signal)) {
    for (const job of page.items) seen.set(jobList.key(job), job.updatedAt);
    yield told(live, page.items, found);
    gap = page.gap ?? gap;
  }
  if (gap !== undefined) found.problems.push(problem(live, gap));
  // What changed while they were listed went to the front, past the pages that were still to come.
  let again = 0;
  for await (const page of listPages(live.api, jobList, signal)) {
    const moved = page.items.filter((job) => seen.get(jobList.key(job)) !== job.updatedAt);
    if (moved.length > 0) yield told(live, moved, found);
    again += 1;
    if (moved.length === 0 || again >= mostAgain) break;
  }
  return gap === undefined;
}

/** True when nothing was amiss. */
async function* newJobs(
  live: Live,
  since: number,
  found: Found,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, boolean, void> {
  for await (const { items, gap } of listPages(live.api, jobList, signal)) {
    const fresh = items.filter(({ updatedAt }) => updatedAt >= since - overlapMs);
    if (fresh.length > 0) yield { incremental: true, ...told(live, fresh, found) };
    if (gap !== undefined) found.problems.push(problem(live, gap));
    if (gap !== undefined) return false;
    if (fresh.length < items.length) return true;
  }
  return true;
}

function told(live: Live, jobs: readonly MarquezJob[], found: Found): CatalogChange {
  for (const { updatedAt } of jobs) found.newest = Math.max(found.newest, updatedAt);
  remember(
    live,
    jobs.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]),
  );
  return jobsPage(jobs, contextOf(live));
}

async function* dataOfNamespace(
  live: Live,
  namespace: string,
  found: Found,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  const listed: Listed<MarquezDataset> = {
    ...{ path: `/namespaces/${segment(namespace)}/datasets`, field: 'datasets', what: `datasets of ${namespace}` },
    ...{ read: readDataset, key: ({ name }) => name },
  };
  try {
    for await (const { items, gap } of listPages(live.api, listed, signal)) {
      remember(live, items);
      if (items.length > 0) yield datasetsPage(items);
      if (gap !== undefined) found.problems.push(problem(live, gap));
    }
  } catch (error) {
    signal.throwIfAborted();
    // A namespace that was deleted meanwhile, or that a proxy keeps to itself.
    if (!(error instanceof HttpError) || !/^(forbidden|missing|refused|broken|tooBig)$/.test(error.kind)) throw error;
    found.problems.push({ message: error.message, advice: `Data of ${namespace} is as old as it was.` });
  }
}

function problem({ api }: Live, gap: string): ScanProblem {
  return { message: `${api.place}: ${gap}.`, advice: 'The rest was read; nothing is said to be gone.' };
}
