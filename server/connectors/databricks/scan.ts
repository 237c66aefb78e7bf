// Scan: what each poll asks of a workspace, and what it concludes.
import type { CatalogChange } from '../../catalog/change.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { jobsPart, runsPart, runsWithData } from './jobs/scan.ts';
import { statementsPart } from './jobs/statements.ts';
import { lineagePart } from './lineageScan.ts';
import { type Asking, bundleTagsOf, coveredIn, listed, type Poll } from './poll.ts';
import { endpointsOf, readEndpoint, type StoredEndpoint } from './serving.ts';
import { modelsPart } from './unity/modelScan.ts';
import { tablesPart } from './unity/scan.ts';

const minute = 60_000;
/** Tables and models are listed less often than runs. */
const unityEveryMs = 15 * minute;
const day = 24 * 60 * minute;

/**
 * Every poll asks, never for one entity by itself unless it changed:
 *
 * 1. `/api/2.2/jobs/list`: all jobs with their tasks, 100 a page; when they are more than 500, wholly only with a full scan;
 * 2. `/api/2.2/jobs/runs/list`: runs that began since, and those that go on; one `runs/get` for each that ended;
 * 3. `/api/2.0/sql/history/queries`: statements of jobs that failed since; `/api/2.0/serving-endpoints`: all;
 * 4. every 15 minutes `/api/2.1/unity-catalog`: catalogs, `table-summaries` of each, `models`, and what changed of them;
 *    and lineage (`lineageScan.ts`).
 *
 * A poll in which nothing changed is therefore 5 requests, and every 15 minutes 2 more and one for each catalog. What
 * may not be asked (403) is left out and said as a problem; nothing is concluded from what was left out.
 */
export async function* scan(asking: Asking, since?: string): AsyncIterable<CatalogChange> {
  const last = since === undefined ? undefined : readCursor(since);
  const isFirst = last === undefined || last.at > asking.now + day;
  const poll: Poll = { ...asking, ...(isFirst ? {} : { last }), problems: [], touched: [], owes: false };
  const often = isFirst ? {} : { incremental: true };
  yield { ...(await jobsPart(poll)), ...often };
  const runs = await runsPart(poll);
  yield runs.change;
  yield await statementsPart(poll);
  yield await endpointsPart(poll);
  const isDue = poll.last === undefined || poll.now - poll.last.unityAt >= unityEveryMs;
  if (isDue) {
    yield* tablesPart(poll);
    yield* modelsPart(poll);
    yield* lineagePart(poll);
    yield runsWithData(runs.stored, poll);
  } else yield { continued: coveredIn(poll, ['table', 'model', 'version']) };
  const unityAt = isDue ? poll.now : (poll.last?.unityAt ?? 0);
  const cursor = poll.owes ? since : writeCursor({ at: poll.now, unityAt, open: runs.open });
  yield { problems: poll.problems, ...(cursor === undefined ? {} : { cursor }) };
}

async function endpointsPart(poll: Poll): Promise<CatalogChange> {
  const listing = await listed(poll, {
    ...{ what: 'serving endpoints', path: '/api/2.0/serving-endpoints', query: [], field: 'endpoints' },
    ...{ read: readEndpoint, key: ({ name }: StoredEndpoint) => name, mostPages: 1 },
  });
  if (!listing) return {};
  const change = endpointsOf(listing.items, poll.place, bundleTagsOf(poll, 'endpoint'));
  return { ...change, covered: listing.gap === undefined ? coveredIn(poll, ['endpoint']) : [] };
}
