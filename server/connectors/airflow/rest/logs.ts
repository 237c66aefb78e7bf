// Logs: the log of one try as the text that its file would hold, past the traps of each version of the API.
import type { FetchedLog } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { isRecord, type JsonRecord, list, number, record, text } from '../../json.ts';
import { type Api, segment } from './api.ts';
import type { TryPlace } from './runs.ts';
import { standing } from './waiting.ts';

const mostPages = 50;
const mostBytes = 64_000_000;

/**
 * Airflow 3 (read off 3.3.2, and PRs #63531 and #69503 for older ones): JSON lines as in the file, a list of objects or of
 * plain lines. The token for what follows is null at the end; up to 3.1.8 it does not skip what was sent, and in some
 * later versions it ends in a 500 while the task runs. Airflow 2: the answer in JSON is Python's repr of a list, so the
 * text is asked for. Rejects like `fetch`; a try without a log is an empty text.
 */
export async function readLog(place: TryPlace, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const log = await logText(place, api, signal);
  // A sensor between two looks has a log that ends, and goes on later.
  return { text: log.text, complete: log.complete && (await hasEnded(place, api, signal)) };
}

/** Without asking whether the task goes on. */
export async function logText(place: TryPlace, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const { generation } = await api.server(signal);
  return generation === 'v2' ? structured(place, api, signal) : plain(place, api, signal);
}

function pathOf({ dag, run, task, attempt }: TryPlace): string {
  return `/dags/${segment(dag)}/dagRuns/${segment(run)}/taskInstances/${segment(task)}/logs/${attempt}`;
}

async function structured(place: TryPlace, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const shown = new Shown();
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query: [string, string][] = [
      ['map_index', String(place.map)],
      ['full_content', 'false'],
    ];
    if (token !== undefined) query.push(['token', token]);
    const answer = await pageOf(place, query, api, signal);
    if (answer === undefined) return { text: shown.text(), complete: false };
    const fresh = shown.add(linesOf(answer.content));
    const next = text(answer.continuation_token);
    if (next === undefined) return { text: shown.text(), complete: true };
    // Nothing new, yet not the end: the task is at work.
    if (!fresh || next === token) return { text: shown.text(), complete: false };
    token = next;
  }
  return { text: shown.text(), complete: false };
}

/** Undefined when what has been read so far is all that can be had now. */
async function pageOf(
  place: TryPlace,
  query: readonly [string, string][],
  api: Api,
  signal: AbortSignal,
): Promise<ReturnType<typeof record> | undefined> {
  try {
    const answer = await api.ask({ path: pathOf(place), query, maxBytes: mostBytes }, signal);
    return record(answer.json());
  } catch (error) {
    const later = query.some(([name]) => name === 'token');
    if (later && error instanceof HttpError && /^(unavailable|refused)$/.test(error.kind)) return undefined;
    throw error;
  }
}

/** Lines of several answers, where a later answer may begin anew instead of going on. */
class Shown {
  #lines: string[] = [];

  /** False when there was nothing new. */
  add(lines: readonly string[]): boolean {
    const before = this.#lines.length;
    const begins = lines.length >= before && this.#lines.every((line, index) => line === lines[index]);
    if (before > 0 && begins) {
      this.#lines = [...lines];
      return lines.length > before;
    }
    for (const line of lines) this.#lines.push(line);
    return lines.length > 0;
  }

  text(): string {
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`;
  }
}

/** Without the lines that the server puts before the log: where it found it. */
function linesOf(content: unknown): readonly string[] {
  const lines = typeof content === 'string' ? content.split(/\r?\n/) : list(content).flatMap(lineOf);
  if (!/::group::Log message source details/.test(lines[0] ?? '')) return lines;
  const end = lines.findIndex((line) => line.includes('::endgroup::'));
  return end < 0 ? lines : lines.slice(end + 1);
}

function lineOf(item: unknown): readonly string[] {
  if (typeof item === 'string') return item.split(/\r?\n/);
  if (!isRecord(item)) return [];
  // Only words: a line of a program that does not log, or of Airflow 2 read by Airflow 3.
  const { event, timestamp, ...more } = item;
  const bare = timestamp === undefined || timestamp === null;
  if (bare && typeof event === 'string' && Object.keys(more).length === 0) return event.split(/\r?\n/);
  return [JSON.stringify(item)];
}

async function plain(place: TryPlace, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const query: [string, string][] = [
    ['map_index', String(place.map)],
    ['full_content', 'false'],
  ];
  const answer = await api.ask({ path: pathOf(place), query, accept: 'text/plain', maxBytes: mostBytes }, signal);
  const lines = answer.text.split(/\r?\n/);
  const begin = lines.findIndex((line) => line.includes('::group::Log message source details'));
  const end = lines.findIndex((line, index) => index > begin && line.includes('::endgroup::'));
  const log = begin >= 0 && begin < 3 && end > begin ? lines.slice(end + 1) : lines;
  return { text: log.join('\n').replace(/\n+$/, '\n'), complete: true };
}

async function hasEnded({ dag, run, task, map, attempt }: TryPlace, api: Api, signal: AbortSignal): Promise<boolean> {
  const path = `/dags/${segment(dag)}/dagRuns/${segment(run)}/taskInstances/${segment(task)}`;
  let now: JsonRecord;
  try {
    now = record(await api.get(map >= 0 ? `${path}/${map}` : path, [], signal));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    // The log is there, only its try is not any more.
    return error.kind === 'missing';
  }
  const state = text(now.state) ?? '';
  const newest = number(now.try_number) ?? attempt;
  return newest > attempt || state === 'up_for_retry' || (state !== 'running' && state !== '' && !standing.has(state));
}
