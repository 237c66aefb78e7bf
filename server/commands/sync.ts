// sync: reads every local source and asks every connection, and tells what came of each.
import type { Answer, CommandContext } from './run.ts';
import { columns } from './shown.ts';

export interface SyncJson {
  readonly sources: readonly SyncedSource[];
  /** Mistakes in the file of connections. */
  readonly mistakes: readonly string[];
  /** Known now, of all sources together, gone ones not counted. */
  readonly entities: number;
}

export interface SyncedSource {
  readonly name: string;
  readonly tool: string;
  /** Of a connection; absent for a local source. */
  readonly url?: string;
  readonly health: 'fresh' | 'failing' | 'forbidden' | 'paused';
  /** Why it is not fresh, and the next step. */
  readonly reason?: string;
  /** Parts that could not be read. */
  readonly problems: readonly string[];
  readonly tookMs: number;
  /** That went out to a connection. */
  readonly requests?: number;
}

/** Exit 3 when a source could not be read or a connection not be asked, wholly or in part, or stands there with a mistake. */
export function sync({ session, synced = { sources: [], mistakes: [] } }: CommandContext): Answer {
  const entities = session.readCatalog((catalog) => catalog.size());
  const json: SyncJson = { ...synced, entities };
  const rows = json.sources.map(({ name, tool, health, requests, tookMs, reason, problems, url }) => [
    health,
    tool,
    name,
    url ?? '',
    requests === undefined ? '' : `${requests} requests`,
    `${tookMs} ms`,
    reason ?? (problems.length > 0 ? `${problems.length} parts could not be read: ${problems[0]}` : ''),
  ]);
  const mistakes = json.mistakes.map((mistake) => `mistake: ${mistake}\n`).join('');
  const words = rows.length === 0 ? nothing : `${columns(rows)}${entities} entities are known.\n`;
  const isWhole = json.sources.every(
    ({ health, problems }) => (health === 'fresh' || health === 'paused') && problems.length === 0,
  );
  return { json, words: mistakes + words, exit: isWhole && json.mistakes.length === 0 ? 0 : 3 };
}

const nothing =
  'No metadata was found in this workspace, and there are no connections. --workspace names another folder; README.md, "Connect", says how servers are connected.\n';
