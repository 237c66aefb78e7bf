// Tries: finds the logs of all tries in a log folder and reads the ends of each; unchanged files are read once.
import path from 'node:path';
import type { ConnectorHost, FileStat } from '../connector.ts';
import { runTime, type TryPlace, tryPlace } from './layout.ts';
import { type LogSays, readLog } from './logText.ts';

const endBytes = 64 * 1024;
/** One line may be longer than that (an exception with its locals). */
const longEndBytes = 1024 * 1024;
/** A folder of years is read from its newest end. */
const runsPerDag = 200;
const concurrent = 16;

export interface Try {
  readonly place: TryPlace;
  readonly file: string;
  readonly modifiedAt: number;
  readonly says: LogSays;
  /** Lines at both ends that hold something like an id, for ids of other tools' runs. */
  readonly clues: string;
}

export interface DagFolder {
  readonly name: string;
  readonly path: string;
  readonly runs: readonly FileStat[];
  /** Older runs that are not read. */
  readonly left: number;
}

export class Tries {
  readonly #host: ConnectorHost;
  readonly #root: string;
  readonly #known = new Map<string, { readonly stamp: string; readonly read: Try }>();

  constructor(root: string, host: ConnectorHost) {
    this.#root = root;
    this.#host = host;
  }

  /** DAG folders with their newest run folders first. */
  async dags(): Promise<readonly DagFolder[]> {
    const children = await this.#host.list(this.#root);
    const folders = children.filter(
      ({ kind, path: folder }) => kind === 'folder' && isDagFolder(path.basename(folder)),
    );
    return Promise.all(
      folders.map(async (folder) => {
        const inside = await this.#host.list(folder.path);
        const runs = inside.filter(({ kind }) => kind === 'folder').sort(newestFirst);
        const name = path.basename(folder.path);
        // In the older layout these are tasks, which are few, with the dates inside.
        const most = name.startsWith('dag_id=') ? runsPerDag : runs.length;
        return { name, path: folder.path, runs: runs.slice(0, most), left: Math.max(0, runs.length - most) };
      }),
    );
  }

  /** Logs below one run folder, without reading them. */
  async logsIn(folder: string, depth = 3): Promise<readonly FileStat[]> {
    const children = [...(await this.#host.list(folder))];
    const dated = children.filter((child) => /^\d{4}-\d\d-\d\dT/.test(path.basename(child.path)));
    const kept = dated.length > runsPerDag ? new Set(dated.sort(newestFirst).slice(0, runsPerDag)) : undefined;
    const found: FileStat[] = [];
    for (const child of children) {
      if (child.kind === 'file') found.push(child);
      else if (child.kind === 'folder' && depth > 0 && (!kept || kept.has(child))) {
        found.push(...(await this.logsIn(child.path, depth - 1)));
      }
    }
    return found;
  }

  async read(stats: readonly FileStat[], signal: AbortSignal): Promise<readonly Try[]> {
    const tries: Try[] = [];
    for (let from = 0; from < stats.length; from += concurrent) {
      signal.throwIfAborted();
      const slice = await Promise.all(stats.slice(from, from + concurrent).map((stat) => this.#readOne(stat)));
      tries.push(...slice.filter((one): one is Try => one !== undefined));
    }
    return tries;
  }

  async #readOne(stat: FileStat): Promise<Try | undefined> {
    const place = tryPlace(path.relative(this.#root, stat.path).split(path.sep).join('/'));
    if (!place) return undefined;
    const stamp = `${stat.modifiedAt}:${stat.size}`;
    const known = this.#known.get(stat.path);
    if (known?.stamp === stamp) return known.read;
    const lines = await this.#ends(stat);
    const read = { place, file: stat.path, modifiedAt: stat.modifiedAt, says: readLog(lines), clues: cluesIn(lines) };
    this.#known.set(stat.path, { stamp, read });
    return read;
  }

  async #ends(stat: FileStat): Promise<readonly string[]> {
    if (stat.size <= 2 * endBytes) {
      const whole = decode(await this.#host.readRange(stat.path, 0, stat.size));
      return whole.split(/\r?\n/);
    }
    const head = decode(await this.#host.readRange(stat.path, 0, endBytes));
    let tail = decode(await this.#host.readRange(stat.path, stat.size - endBytes, endBytes));
    if (!tail.slice(0, -1).includes('\n')) {
      const from = Math.max(0, stat.size - longEndBytes);
      tail = decode(await this.#host.readRange(stat.path, from, stat.size - from));
    }
    const headLines = head.split(/\r?\n/).slice(0, -1);
    const tailLines = tail.split(/\r?\n/).slice(1);
    return [...headLines, ...tailLines];
  }
}

const clue = /[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|\/runs?\/\d/i;
const mostClues = 60;

/** Of a structured line only the event counts: its other fields name the try itself. */
export function cluesIn(lines: readonly string[]): string {
  const clues: string[] = [];
  for (const line of lines) {
    const words = line.startsWith('{') ? (/"event":\s?"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? '') : line;
    if (clue.test(words)) clues.push(words.slice(0, 500));
    if (clues.length === mostClues) break;
  }
  return clues.join('\n');
}

function isDagFolder(name: string): boolean {
  return name.startsWith('dag_id=') || !/^(scheduler|dag_processor|dag_processor_manager|triggerer|\..*)$/.test(name);
}

function newestFirst(a: FileStat, b: FileStat): number {
  const when = (stat: FileStat): number => runTime(path.basename(stat.path)) ?? stat.modifiedAt;
  return when(b) - when(a);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
