// LogText: what the head and the tail of one try's log say of it: status, times, the line that matters; pure.
// Events read off Airflow 3.3 (JSON lines) and 2.x (text lines), 2026-11.
import type { RunStatus } from '../../catalog/run.ts';
import { rootException, rootOfTraceback } from '../exceptions.ts';
import { isRecord, type JsonRecord, number, oneLine, said, text, time } from '../json.ts';

export interface LogSays {
  /** Undefined when no line tells how it ended (it runs, or was cut off). */
  readonly status?: RunStatus;
  /** Epoch ms of the first and the last line. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** The exception at the root, or what ended the process. */
  readonly message?: string;
  readonly host?: string;
  readonly owner?: string;
  /** The commit or version of the DAG bundle. */
  readonly bundleVersion?: string;
  /** The DAG file, as the worker names it. */
  readonly dagFile?: string;
}

interface Reading {
  status?: RunStatus;
  startedAt?: number;
  endedAt?: number;
  message?: string;
  host?: string;
  owner?: string;
  bundleVersion?: string;
  dagFile?: string;
  /** Between "::group::Post Execute" and its end. */
  closing: boolean;
  /** Lines of text since the last timestamp: a traceback may stand there. */
  readonly loose: string[];
}

/** `lines` in order; a line cut at the border of what was read must be left out. */
export function readLog(lines: Iterable<string>): LogSays {
  const reading: Reading = { closing: false, loose: [] };
  for (const line of lines) {
    if (line === '') continue;
    const json = line.startsWith('{') ? parse(line) : undefined;
    if (json) readRecord(json, reading);
    else readTextLine(line, reading);
  }
  settleTraceback(reading);
  const { closing: _, loose: __, ...says } = reading;
  return said<LogSays>(says);
}

function parse(line: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function seen(at: number | undefined, reading: Reading): void {
  if (at === undefined) return;
  reading.startedAt ??= at;
  reading.endedAt = at;
}

const endings: readonly { readonly event: RegExp; readonly status: RunStatus | undefined; readonly tell?: boolean }[] =
  [
    { event: /^Task failed with exception/, status: 'failed' },
    { event: /^Top level error/, status: 'failed' },
    { event: /^Process terminated by signal|^Process exited abnormally|^Task killed!/, status: 'failed', tell: true },
    { event: /^(Dag|DAG|Task) not found (in Dag )?during start ?up/, status: 'failed', tell: true },
    { event: /^Server indicated the task shouldn't be running anymore/, status: 'failed', tell: true },
    { event: /^A segmentation fault|^SIGSEGV/, status: 'failed', tell: true },
    { event: /^Skipping task\./, status: 'skipped' },
    // It goes on in the same file after the wait.
    { event: /^Pausing task as|marking task as UP_FOR_RESCHEDULE/, status: 'running' },
  ];

function readRecord(line: JsonRecord, reading: Reading): void {
  seen(time(line.timestamp), reading);
  const event = text(line.event) ?? '';
  reading.bundleVersion = text(line.bundle_version) ?? reading.bundleVersion;
  reading.dagFile = text(line.dag_file) ?? reading.dagFile;
  // 3.x names its host only in the description of the task instance that stands beside some events.
  reading.host = text(line.hostname) ?? /\bhostname='([^']{1,200})'/.exec(text(line.ti) ?? '')?.[1] ?? reading.host;
  const final = text(line.final_state);
  if (final) reading.status = stateStatus(final) ?? reading.status;
  if (event === 'Task exited') end(number(line.exit_code) === 0 ? 'success' : 'failed', reading, event, line);
  const ending = endings.find((candidate) => candidate.event.test(event));
  if (ending?.status) {
    const detail = rootException(line.error_detail);
    reading.status = ending.status;
    // The first failure explains; "Task killed!" after it does not.
    if (ending.status === 'failed') reading.message ??= detail ?? (ending.tell ? eventText(event, line) : undefined);
  }
  readWords(event, reading);
  if (event.startsWith('::group::Pre Execute')) restart(reading);
  if (event.startsWith('::group::Post Execute')) reading.closing = true;
  if (event.startsWith('::endgroup::') && reading.closing) {
    reading.closing = false;
    reading.status ??= 'success';
  }
}

/** A deferred task begins anew in the same file. */
function restart(reading: Reading): void {
  if (reading.status === 'running') reading.status = undefined;
}

function end(status: RunStatus, reading: Reading, event: string, line: JsonRecord): void {
  reading.status = status;
  if (status === 'failed') reading.message ??= eventText(event, line);
}

function eventText(event: string, line: JsonRecord): string | undefined {
  const exit = number(line.exit_code);
  const signal = text(line.signal_name);
  const sentence = event.replace(/ For more information, see \S+$/, '');
  return oneLine(`${sentence}${signal ? ` (${signal})` : ''}${exit === undefined ? '' : ` (exit code ${exit})`}`);
}

/** `[2026-11-20T00:00:05.123+0000] {taskinstance.py:1345} INFO - text` of 2.x. */
const prefixed =
  /^\[(\d{4}-\d\d-\d\d[T ][\d:.,]+(?:\s?(?:Z|[+-]\d\d:?\d\d))?)[^\]]*\]\s*(?:\{[^}]*\}\s*)?(?:([A-Z]+)\s*-\s*)?(.*)$/;

function readTextLine(line: string, reading: Reading): void {
  const match = prefixed.exec(line);
  if (!match) {
    if (reading.loose.length < 2000) reading.loose.push(line);
    return;
  }
  settleTraceback(reading);
  const [, at, level = '', words = ''] = match;
  seen(time(at), reading);
  if (/^(Task failed with exception|Failed to execute)/.test(words) || level === 'ERROR') reading.loose.push(words);
  readWords(words, reading);
}

function settleTraceback(reading: Reading): void {
  if (reading.loose.length === 0) return;
  const root = rootOfTraceback(reading.loose);
  reading.loose.length = 0;
  if (root) reading.message = root;
}

/** Words that both forms share. */
function readWords(words: string, reading: Reading): void {
  const marking = /\b[Mm]arking task as ([A-Z_]+)/.exec(words);
  if (marking) reading.status = stateStatus((marking[1] ?? '').toLowerCase()) ?? reading.status;
  const exited = /^Task exited with return code (-?\d+)(.*)$/.exec(words);
  if (exited && exited[1] !== '0' && reading.status !== 'skipped') {
    reading.status = reading.status === undefined || exited[1]?.startsWith('-') ? 'failed' : reading.status;
    if (reading.status === 'failed') reading.message ??= oneLine(words);
  }
  if (exited?.[1] === '0') reading.status ??= 'success';
  if (/^State of this instance has been externally set to/.test(words)) {
    reading.status = /success/.test(words) ? 'success' : 'failed';
    if (reading.status === 'failed') reading.message ??= oneLine(words);
  }
  if (/^Done\. Returned value was/.test(words)) reading.status ??= 'success';
  reading.host = /^Running .{1,400}> on host (\S+)$/.exec(words)?.[1] ?? reading.host;
  reading.owner = /AIRFLOW_CTX_DAG_OWNER='([^']{1,200})'/.exec(words)?.[1] ?? reading.owner;
}

function stateStatus(state: string): RunStatus | undefined {
  if (state === 'success' || state === 'skipped' || state === 'failed') return state;
  if (state === 'up_for_retry' || state === 'upstream_failed') return 'failed';
  if (state === 'up_for_reschedule' || state === 'deferred') return 'running';
  return undefined;
}
