// Records: one JSON line of a log (Airflow 3, structlog, dbt, python-json-logger) as the lines a person reads.

/** A line as shown, with what its record says about it; `level` is upper case as Python writes it. */
export interface ShownLine {
  readonly text: string;
  readonly level?: string;
  readonly logger?: string;
}

/** Fields that are shown otherwise, or that are the same on every line of a log. */
const quiet = new Set([
  'timestamp',
  'time',
  'asctime',
  'level',
  'levelname',
  'severity',
  'event',
  'message',
  'msg',
  'logger',
  'name',
  'filename',
  'lineno',
  'error_detail',
  'exception',
  'exc_info',
  'dag_id',
  'task_id',
  'run_id',
  'ti_id',
  'map_index',
  'try_number',
]);
/** Airflow 3's loggers of what a task printed. */
export const printedBy = /^task\.std(?:out|err)$/;
const maxField = 200;
const joiners = {
  cause: 'The above exception was the direct cause of the following exception:',
  context: 'During handling of the above exception, another exception occurred:',
} as const;

/** Undefined when the line is no JSON record with a message. */
export function recordLines(line: string): readonly ShownLine[] | undefined {
  if (!line.startsWith('{') || !/\}\s*$/.test(line)) return undefined;
  const record = parse(line);
  if (!record) return undefined;
  // dbt --log-format json: {"info": {"level", "msg", "ts"}, "data": …}
  const info = object(record.info);
  const message = text(record.event) ?? text(record.message) ?? text(record.msg) ?? text(info?.msg);
  if (message === undefined) return undefined;
  const logger = text(record.logger) ?? text(record.name);
  // What a task prints is logged as an error if it came by stderr, as nearly everything does: that level says nothing.
  const printed = logger !== undefined && printedBy.test(logger);
  const told = (
    text(record.level) ??
    text(record.levelname) ??
    text(record.severity) ??
    text(info?.level)
  )?.toUpperCase();
  const level = printed ? undefined : told;
  const time = /\d\d:\d\d:\d\d/.exec(text(record.timestamp) ?? text(record.asctime) ?? text(info?.ts) ?? '')?.[0];
  const prefix = printed
    ? `${time ?? '00:00:00'} `
    : [time, level].filter((part) => part !== undefined && part !== '').join(' ');
  const severe = level !== undefined && level !== 'INFO' && level !== 'DEBUG';
  const shown = severe && !info ? `${message}${otherFields(record)}` : message;
  const lines = shown.split('\n').map((part, index) => (index === 0 && prefix ? `${prefix} ${part}` : part));
  const detail = [...errorDetail(record.error_detail), ...stackText(record)];
  return [
    ...lines.map((part) => ({ text: part, level, logger })),
    ...detail.map((part) => ({ text: part, level, logger })),
  ];
}

type Json = Readonly<Record<string, unknown>>;

function parse(line: string): Json | undefined {
  try {
    return object(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function object(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** ` exit_code=-9 signal_name=SIGKILL`: what a structured warning says beside its words. */
function otherFields(record: Json): string {
  return Object.entries(record)
    .filter(([key, value]) => !quiet.has(key) && value !== null && typeof value !== 'object')
    .map(([key, value]) => ` ${key}=${String(value).slice(0, maxField)}`)
    .join('');
}

/** Some loggers put a ready traceback into one field. */
function stackText(record: Json): readonly string[] {
  const stack = text(record.exception) ?? text(record.exc_info);
  return stack?.includes('\n') ? stack.split('\n') : [];
}

/**
 * Airflow 3's `error_detail` (structlog's exception list) as Python would print it. It lists the exception that was
 * seen first and then what it came from, each saying whether it is the direct cause of the one before; Python prints
 * them the other way round.
 */
function errorDetail(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  const stacks = value.map(object).filter((stack) => stack !== undefined);
  return stacks.toReversed().flatMap((stack, index, ordered) => {
    const before = ordered[index - 1];
    const joiner = before && (before.is_cause === true ? joiners.cause : joiners.context);
    return [...(joiner ? ['', joiner, ''] : []), ...stackLines(stack)];
  });
}

function stackLines(stack: Json): readonly string[] {
  const frames = Array.isArray(stack.frames) ? stack.frames.map(object).filter((frame) => frame !== undefined) : [];
  const head = frames.length > 0 ? ['Traceback (most recent call last):'] : [];
  const places = frames.map(
    (frame) =>
      `  File "${text(frame.filename) ?? '?'}", line ${Number(frame.lineno) || 0}, in ${text(frame.name) ?? '?'}`,
  );
  const said = text(stack.exc_value) ?? '';
  const words = `${text(stack.exc_type) ?? 'Exception'}${said === '' ? '' : `: ${said}`}`;
  const notes = Array.isArray(stack.exc_notes) ? stack.exc_notes.map(text).filter((note) => note !== undefined) : [];
  return [...head, ...places, ...words.split('\n'), ...notes.flatMap((note) => note.split('\n'))];
}
