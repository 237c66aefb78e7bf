// Logs: the text of a driver, worker, task or replica; of one that was read before only the end that is new is asked for.
import type { FetchedLog } from '../../../connector.ts';
import { HttpError } from '../../../httpError.ts';
import { oneLine, record } from '../../../json.ts';
import type { Api } from '../api.ts';
import { failedTasks, job, logFiles } from '../listings.ts';
import { hasEnded } from '../runs.ts';
import type { RayJob } from '../told/shapes.ts';
import { type LogKey, writeKey } from './logKey.ts';
import { newLines } from './tail.ts';

const mostBytes = 8_000_000;
/** Of all that are kept together; the ones read longest ago go first. */
const mostKept = 32_000_000;
/** Asked for at first and at the end, while more is read, and when too much came at once. */
const lines = { all: 100_000, more: [200, 5_000], fewest: 100 };

const ofWorkerWords = '[Plumbline: Ray does not say which lines are of this task; these are all of its worker]';

interface Kept {
  /** Whole lines. */
  readonly lines: readonly string[];
  /** The beginning of a line that is still being written, or the end of a log without a line break. */
  readonly rest: string;
  readonly size: number;
  /** The log is longer than what was read of it. */
  readonly cut: boolean;
  readonly complete: boolean;
}

type Tail = Pick<Kept, 'lines' | 'rest' | 'cut'>;

/** What a log file of the dashboard is asked by. */
type Place = readonly (readonly [string, string])[];

export class Logs {
  readonly #api: Api;
  readonly #kept = new Map<string, Kept>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** Rejects like `fetch`; a log that is not there any more is `missing`. */
  async read(key: LogKey, signal: AbortSignal): Promise<FetchedLog> {
    const name = writeKey(key);
    const known = this.#kept.get(name);
    if (known?.complete) return this.#keep(name, known);
    // Before the log, so that a job that ended has written all of what comes now.
    const of = key.of === 'job' ? await job(key.submission, this.#api, signal) : undefined;
    if (key.of === 'job' && of === undefined) throw this.#missing(`the job ${key.submission}`);
    const complete = of === undefined ? key.of === 'task' : hasEnded(of.status);
    const place = placeOf(key, of);
    // Where lines are all alike, pieces may not have been put together rightly: what has ended is read once as it is.
    const read = place && (await this.#grown(place, complete ? undefined : known, signal));
    if (read !== undefined) return this.#keep(name, { ...read, complete });
    if (key.of === 'job') return { text: await this.#whole(key.submission, signal), complete };
    const worker = key.of === 'task' ? await this.#ofWorker(key, signal) : undefined;
    if (worker !== undefined) return this.#keep(name, { ...worker, complete });
    throw this.#missing(titleOf(key));
  }

  #keep(name: string, kept: Kept): FetchedLog {
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    let total = [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [oldest, { size }] of this.#kept) {
      if (total <= mostKept || oldest === name) break;
      this.#kept.delete(oldest);
      total -= size;
    }
    const text = kept.lines.length === 0 ? '' : `${kept.lines.join('\n')}\n`;
    const cut = kept.cut ? '[Plumbline: the end of a long log; the dashboard of Ray has all of it]\n' : '';
    return { text: `${cut}${text}${kept.rest}`, complete: kept.complete };
  }

  /**
   * Ray cuts a task's words out of its worker's log by what the worker told of itself before it ended, which may never
   * have come: then all of that log. Undefined when there is none.
   */
  async #ofWorker(
    { task, attempt, errors = false }: Extract<LogKey, { of: 'task' }>,
    signal: AbortSignal,
  ): Promise<Omit<Kept, 'complete'> | undefined> {
    const { items } = await failedTasks(this.#api, { detail: true, task }, signal);
    const { node, worker } = items.find((each) => each.attempt === attempt) ?? {};
    if (node === undefined || worker === undefined || !/^[0-9a-f]{1,64}$/i.test(worker)) return undefined;
    const [file] = await logFiles(node, `worker-${worker}-*.${errors ? 'err' : 'out'}`, this.#api, signal);
    const whole = file === undefined ? undefined : await this.#grown(filePlace(node, file), undefined, signal);
    return whole && { ...whole, lines: [ofWorkerWords, ...whole.lines] };
  }

  /** What was known with what is new; undefined when there is no such file. */
  async #grown(
    place: Place,
    known: Kept | undefined,
    signal: AbortSignal,
  ): Promise<Omit<Kept, 'complete'> | undefined> {
    for (const count of known ? lines.more : []) {
      const tail = await this.#tail(place, count, signal);
      const fresh = tail && newLines(known?.lines ?? [], tail.lines);
      if (tail && fresh)
        return bounded({ ...tail, lines: [...(known?.lines ?? []), ...fresh], cut: known?.cut === true });
    }
    const tail = await this.#tail(place, lines.all, signal);
    return tail && bounded(tail);
  }

  /** The last lines, fewer when they are long. */
  async #tail(place: Place, wanted: number, signal: AbortSignal): Promise<Tail | undefined> {
    for (let count = wanted; ; count = Math.floor(count / 8)) {
      try {
        const text = await this.#file(place, count, signal);
        if (text === undefined) return undefined;
        const found = text.split('\n');
        const rest = found.pop() ?? '';
        return { lines: found, rest, cut: found.length >= count };
      } catch (error) {
        if (!(error instanceof HttpError) || error.kind !== 'tooBig' || count <= lines.fewest) throw error;
      }
    }
  }

  /**
   * `/api/v0/logs/file` of 2.60.0 (seen 2026-11-23): what is not there is 500 with words, also "not found"; asked by
   * `submission_id` it is always 500, so the driver's log is asked for by its file. 2.44.1 (seen
   * the same day) writes a 1 before each piece unless asked for `format=text`, and says what is wrong in a text of 200.
   */
  async #file(place: Place, count: number, signal: AbortSignal): Promise<string | undefined> {
    const query = [...place, ['lines', String(count)] as const, ['format', 'text'] as const];
    const request = { path: '/api/v0/logs/file', query, accept: '*/*', maxBytes: mostBytes };
    const answer = await this.#api.ask(request, signal, [404, 500]);
    const isError = answer.status >= 400 || answer.text.startsWith('[get_logs] Fetch log error');
    if (!isError) return answer.text.replaceAll('\r\n', '\n');
    if (answer.status === 404 || /not found|could not find|cannot find|does not exist/i.test(answer.text))
      return undefined;
    const why = oneLine(answer.text, 200);
    const next = 'Try again; if it stays so, look whether the node is alive on the dashboard.';
    const words = `${this.#api.place} cannot read this log now${why === undefined ? '' : ` (${why})`}. ${next}`;
    throw new HttpError('unavailable', words, { status: answer.status });
  }

  /** The only way where Ray does not say on which node a driver runs. */
  async #whole(submission: string, signal: AbortSignal): Promise<string> {
    const path = `/api/jobs/${encodeURIComponent(submission.toWellFormed())}/logs`;
    const answer = await this.#api.ask({ path, maxBytes: mostBytes * 4 }, signal, [404]);
    if (answer.status === 404) throw this.#missing(`a log of the job ${submission}`);
    const { logs } = record(answer.json());
    return typeof logs === 'string' ? logs : '';
  }

  #missing(what: string): HttpError {
    const words = `${this.#api.place} does not have ${what} (any more): Ray keeps them while its session lasts.`;
    return new HttpError('missing', words, { status: 404 });
  }
}

function titleOf(key: Exclude<LogKey, { of: 'job' }>): string {
  if (key.of === 'file') return `the file ${key.file}`;
  return key.of === 'task'
    ? `a log of attempt ${key.attempt} of the task ${key.task}`
    : `a log of the actor ${key.actor}`;
}

function placeOf(key: LogKey, of: RayJob | undefined): Place | undefined {
  const suffix = [['suffix', 'errors' in key && key.errors === true ? 'err' : 'out'] as const];
  switch (key.of) {
    case 'job':
      if (of?.node === undefined) return undefined;
      return filePlace(of.node, `job-driver-${key.submission}.log`);
    case 'task':
      return [['task_id', key.task], ['attempt_number', String(key.attempt)], ...suffix];
    case 'actor':
      return [['actor_id', key.actor], ...suffix];
    case 'file':
      return filePlace(key.node, key.file);
  }
}

function filePlace(node: string, file: string): Place {
  return [
    ['node_id', node],
    ['filename', file],
  ];
}

/** The end of it, once it is too long to be kept. */
function bounded({ lines: all, rest, cut }: Tail): Omit<Kept, 'complete'> {
  let size = all.reduce((sum, line) => sum + line.length + 1, rest.length);
  let from = 0;
  while (size > mostBytes && from < all.length) size -= (all[from++] ?? '').length + 1;
  return { lines: from === 0 ? all : all.slice(from), rest, size, cut: cut || from > 0 };
}
