// Exceptions: the exception at the root of a failure, as one line; from structured records and from tracebacks; pure.
import { list, oneLine, record, text } from './json.ts';

/**
 * `error_detail` of Airflow 3: the raised exception first, then what it was raised from. The last with `is_cause` is
 * the root; an exception that was merely being handled (`is_cause: false`) explains less than the one raised.
 */
export function rootException(detail: unknown): string | undefined {
  const [raised, ...rest] = list(detail).map(record);
  if (!raised) return undefined;
  let root = raised;
  for (const cause of rest) {
    if (cause.is_cause !== true) break;
    root = cause;
  }
  const type = text(root.exc_type);
  const value = text(root.exc_value);
  return oneLine(type && value ? `${type}: ${value}` : (type ?? value));
}

const start = 'Traceback (most recent call last):';
const direct = 'The above exception was the direct cause of the following exception:';
const during = 'During handling of the above exception, another exception occurred:';

/** The root exception's line of the last chain of tracebacks in these lines; undefined when there is none. */
export function rootOfTraceback(lines: readonly string[]): string | undefined {
  let root: string | undefined;
  let awaiting = false;
  let joined = false;
  for (const line of lines) {
    const words = line.trimEnd();
    if (words === direct) joined = true;
    else if (words === during) joined = false;
    else if (words.trimStart().startsWith(start)) awaiting = true;
    else if (awaiting && /^[A-Za-z_]/.test(words)) {
      // The first unindented line after the frames is the exception; a joined one is a consequence of the root.
      awaiting = false;
      if (!joined || root === undefined) root = oneLine(words);
      joined = false;
    }
  }
  return root;
}
