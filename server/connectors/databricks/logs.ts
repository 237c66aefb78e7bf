// Logs: the output and the error of a task's run, and log files that a cluster delivered to DBFS or a volume.
import type { FetchedLog } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import { isRecord, number, record, text } from '../json.ts';
import { type Api, segment } from './ask/api.ts';
import { isOpen } from './jobs/runs.ts';
import { oneRun } from './jobs/scan.ts';
import { readRun } from './jobs/shapes.ts';
import type { LogKey } from './logKey.ts';

/** What is shown of a long file is its end. */
const mostBytes = 8_000_000;
/** The API gives at most 1 MB at a time. */
const pieceBytes = 1_000_000;

/** Rejects like `fetch`; a run that Databricks threw away (after 60 days) is `missing`, and said so. */
export async function readLog(key: LogKey, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  if (key.kind === 'output') return outputOf(key.run, api, signal);
  return key.path.startsWith('dbfs:/') ? dbfsFile(key.path, api, signal) : volumeFile(key.path, api, signal);
}

/** `error_trace` is the stack trace of the task, and `logs` what a Python file or wheel printed (first 5 MB). */
async function outputOf(run: string, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  let output: ReturnType<typeof record>;
  try {
    output = await api.get('/api/2.2/jobs/runs/get-output', [['run_id', run]], signal);
  } catch (error) {
    if (error instanceof HttpError && error.kind === 'refused') return severalTasks(run, error, api, signal);
    throw gone(error, run, api);
  }
  const metadata = readRun(output.metadata);
  return { text: outputText(output), complete: metadata === undefined || !isOpen(metadata) };
}

/** Words for people around what the program said itself. */
function outputText(output: ReturnType<typeof record>): string {
  const notebook = record(output.notebook_output);
  const parts = [
    text(output.info),
    text(output.logs),
    output.logs_truncated === true ? '[Plumbline: Databricks gives the first 5 MB of what it printed]' : undefined,
    text(notebook.result),
    notebook.truncated === true ? '[Plumbline: Databricks cut the value that the notebook returned]' : undefined,
    text(output.error_trace),
    text(output.error),
    isRecord(output.sql_output) ? JSON.stringify(output.sql_output) : undefined,
  ].filter((part) => part !== undefined);
  // The trace mostly ends with the error.
  const unique = parts.filter((part, index) => !parts.slice(0, index).some((before) => before.includes(part)));
  return unique.map((part) => plain(part).replace(/\n*$/, '\n')).join('');
}

/** Traces of notebooks are coloured. */
function plain(words: string): string {
  return words.replace(/\u001b\[[0-9;]{0,20}m/g, '');
}

/** A run of several tasks has no output of its own: those of its tasks, one after the other. */
async function severalTasks(run: string, refusal: HttpError, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const whole = await oneRun(api, run, signal);
  const tasks = whole?.tasks.filter((task) => task.run !== run).slice(0, 20) ?? [];
  if (!whole || tasks.length === 0) throw refusal;
  const parts: string[] = [];
  for (const task of tasks) {
    const { text: words } = await outputOf(task.run, api, signal);
    parts.push(`== ${task.key} ==\n${words}`);
  }
  return { text: parts.join(''), complete: !isOpen(whole) };
}

function gone(error: unknown, run: string, { place }: Api): unknown {
  if (!(error instanceof HttpError) || error.kind !== 'missing') return error;
  const words = `${place} has no run ${run} any more: Databricks keeps runs for 60 days. What was read of it before stays here.`;
  return new HttpError('missing', words, {
    ...(error.status === undefined ? {} : { status: error.status }),
    cause: error,
  });
}

async function dbfsFile(path: string, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const own = path.replace(/^dbfs:/, '');
  const status = await delivered(path, api, () => api.get('/api/2.0/dbfs/get-status', [['path', own]], signal));
  const size = number(status.file_size) ?? 0;
  const pieces: Buffer[] = [];
  for (let offset = Math.max(0, size - mostBytes); offset < size; ) {
    const query = [
      ['path', own],
      ['offset', String(offset)],
      ['length', String(pieceBytes)],
    ] as const;
    const answer = await api.get('/api/2.0/dbfs/read', query, signal);
    const piece = Buffer.from(text(answer.data) ?? '', 'base64');
    if (piece.length === 0) break;
    pieces.push(piece);
    offset += piece.length;
  }
  return shown(Buffer.concat(pieces), size);
}

/** Files API 2.0; it gives whole files, so long ones are asked for by Range, which it may pass over. */
async function volumeFile(path: string, api: Api, signal: AbortSignal): Promise<FetchedLog> {
  const written = path.split('/').map(segment).join('/');
  const headers = [['range', `bytes=-${mostBytes}`] as const];
  const request = { path: `/api/2.0/fs/files${written}`, accept: '*/*', headers, maxBytes: 64_000_000 };
  const answer = await delivered(path, api, () => api.ask(request, signal, [206]));
  const whole = Buffer.from(answer.text, 'utf8');
  const total = Number(/\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1] ?? whole.length);
  return shown(whole.subarray(Math.max(0, whole.length - mostBytes)), total);
}

async function delivered<T>(path: string, { place }: Api, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof HttpError) || error.kind !== 'missing') throw error;
    const words = `${place} has no ${path}: clusters deliver their logs about every five minutes. Try again later.`;
    throw new HttpError('missing', words, { status: 404, cause: error });
  }
}

/** Delivered files may still grow: nothing says that they do not. */
function shown(bytes: Buffer, size: number): FetchedLog {
  const words = bytes.toString('utf8');
  if (bytes.length >= size) return { text: words, complete: false };
  const first = words.indexOf('\n') + 1;
  const note = `[Plumbline: the end of a log of ${size.toLocaleString('en')} bytes]\n`;
  return { text: note + words.slice(first), complete: false };
}
