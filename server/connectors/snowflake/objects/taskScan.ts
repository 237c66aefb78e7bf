// Scan of tasks: one listing of all of them each poll, told again only when it is another one.
import { createHash } from 'node:crypto';
import type { CatalogChange, Covered } from '../../../catalog/change.ts';
import type { Rows } from '../ask/api.ts';
import type { Place } from '../ids.ts';
import { coveredIn, type Poll, partly } from '../poll.ts';
import { keyOf } from './scan.ts';
import { readTask, type StoredTask } from './shapes.ts';
import { type Graphs, graphsOf, jobsOf } from './tasks.ts';

/** SHOW gives no more. */
const showMost = 10_000;
const pageSize = 2_000;

export interface Tasks {
  readonly graphs: Graphs;
  readonly pages: Iterable<CatalogChange>;
}

export async function tasksPart(poll: Poll): Promise<Tasks> {
  const { memory, place, problems, api, host } = poll;
  const shown = await partly(poll, 'tasks', () => api.ask('SHOW TASKS IN ACCOUNT', poll.signal), true);
  if (!shown) return { graphs: graphsOf([]), pages: [] };
  const tasks = shown.rows.flatMap((row) => readTask(row) ?? []);
  const unread = shown.rows.length - tasks.length;
  const names = new Set(tasks.map(({ name }) => keyOf(name)));
  if (unread > 0) problems.push({ message: `${api.place}: ${unread} tasks have a shape that is not known.` });
  if (names.size < tasks.length)
    problems.push({ message: `${api.place}: the same tasks come again and again in one listing.` });
  const isCut = shown.isCut || shown.rows.length === showMost;
  if (isCut) host.log.info(`${api.place}: only the first ${tasks.length} tasks were read`);
  const isWhole = unread === 0 && names.size === tasks.length && !isCut;
  const covered = isWhole ? coveredIn(poll, ['job', 'task']) : [];
  const graphs = graphsOf(tasks);
  const fingerprint = fingerprintOf(shown);
  const isSame = poll.last !== undefined && memory.tasks === fingerprint;
  memory.tasks = isWhole ? fingerprint : undefined;
  return { graphs, pages: isSame ? [{ continued: covered }] : pagesOf(tasks, graphs, place, covered) };
}

function* pagesOf(
  tasks: readonly StoredTask[],
  graphs: Graphs,
  place: Place,
  covered: readonly Covered[],
): Iterable<CatalogChange> {
  for (let at = 0; at < tasks.length; at += pageSize) yield jobsOf(tasks.slice(at, at + pageSize), graphs, place);
  yield { covered };
}

function fingerprintOf({ rows }: Rows): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(row.text);
  return hash.digest('base64');
}
