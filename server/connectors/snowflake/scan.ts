// Scan: what each poll asks of an account, and what it concludes.
import type { CatalogChange } from '../../catalog/change.ts';
import type { MetricQuery } from '../../protocol/metricQuery.ts';
import { type Cursor, readCursor, writeCursor } from './cursor.ts';
import { historyPart } from './history/scan.ts';
import { changedPart, keptLineage, lineagePart } from './lineage/scan.ts';
import { metricsPart } from './metrics/scan.ts';
import { modelsPart } from './models/scan.ts';
import { tablesPart } from './objects/scan.ts';
import { stagesPart } from './objects/stages.ts';
import { tasksPart } from './objects/taskScan.ts';
import { type Asking, coveredIn, type Poll, partly } from './poll.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const everyMs = { tables: 15 * minute, lineage: 60 * minute, changed: 15 * minute };

export interface Wishes {
  /** The warehouse to prefer among those that are awake. */
  readonly preferred: string | undefined;
  /** That the user allowed. */
  readonly queries: readonly MetricQuery[];
}

/**
 * Every poll asks, never for one entity by itself unless it is new:
 *
 * 1. `SHOW WAREHOUSES` and `SHOW TASKS IN ACCOUNT`, which need no warehouse;
 * 2. every 15 minutes `SHOW DATABASES`, `SHOW DYNAMIC TABLES`, `SHOW MODELS`, `SHOW STAGES`, and `SHOW OBJECTS` of each database (10,000 a
 *    question);
 * 3. only through a warehouse that somebody else keeps awake (`ask/warehouses.ts`): the history of tasks, dynamic tables
 *    and queries since the last time, every 15 minutes what changed tables and the metric queries, every hour lineage.
 *
 * A poll in which nothing changed and every warehouse sleeps is therefore 2 questions, and every 15 minutes 4 more and one
 * for each database. What may not be asked is left out and said as a problem; nothing is concluded from what was left out.
 */
export async function* scan(
  asking: Asking,
  { preferred, queries }: Wishes,
  since?: string,
): AsyncIterable<CatalogChange> {
  const last = since === undefined ? undefined : readCursor(since);
  const isFirst = last === undefined || last.at > asking.now + day;
  const problems: Poll['problems'][number][] = [];
  const common = { ...asking, ...(isFirst ? {} : { last }), problems };
  const listed = await partly(common, 'warehouses', () => asking.warehouses.listed(asking.signal), true);
  const poll: Poll = { ...common, warehouse: listed && asking.warehouses.usable(listed, preferred) };
  const { now } = poll;
  const tasks = await tasksPart(poll);
  yield { ...(isFirst ? {} : { incremental: true }) };
  yield* tasks.pages;
  const areTablesDue = isDue(poll.last?.tablesAt, everyMs.tables, now);
  if (areTablesDue) {
    yield* tablesPart(poll);
    yield await modelsPart(poll);
    await stagesPart(poll);
  } else yield { continued: coveredIn(poll, ['table', 'model', 'version']) };
  const graphs = tasks.graphs;
  const history = await historyPart(poll, graphs);
  yield { ...history.change };
  const isAwake = poll.warehouse !== undefined;
  const isLineageDue = isAwake && isDue(poll.last?.lineageAt, everyMs.lineage, now);
  if (isLineageDue) yield* lineagePart(poll);
  else yield* keptLineage(poll);
  const isChangeDue = isAwake && isDue(poll.last?.changedAt, everyMs.changed, now);
  if (isChangeDue) yield await changedPart(poll);
  yield await metricsPart(queries, poll);
  if (!isAwake)
    poll.host.log.debug('no warehouse is awake for others, so histories are not read', { source: poll.place.source });
  const cursor: Cursor = {
    at: now,
    tablesAt: areTablesDue ? now : (poll.last?.tablesAt ?? 0),
    historyAt: history.isRead ? now : (poll.last?.historyAt ?? 0),
    lineageAt: isLineageDue ? now : (poll.last?.lineageAt ?? 0),
    changedAt: isChangeDue ? now : (poll.last?.changedAt ?? 0),
  };
  yield { problems, cursor: writeCursor(cursor) };
}

function isDue(at: number | undefined, everyMs: number, now: number): boolean {
  return at === undefined || now - at >= everyMs || at > now + day;
}
