// Log key: how a remote log is named in its address: a file, or what a log held between two times.
import { isRecord } from '../json.ts';
import { isPlainPath } from './patterns.ts';

export type LogKey =
  | { readonly file: string }
  | {
      /** Name of the log while it is written; the part that was written then is read. */
      readonly log: string;
      /** Epoch ms. */
      readonly since: number;
      /** Absent: until now, and on. */
      readonly until?: number;
    };

export function logKey(key: LogKey): string {
  return JSON.stringify(key);
}

/** Undefined for what `logKey` did not make; the path is plain. */
export function parseLogKey(text: string): LogKey | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { file, log, since, until } = value;
  if (typeof file === 'string') return isPlainPath(file) ? { file } : undefined;
  if (typeof log !== 'string' || !isPlainPath(log) || typeof since !== 'number') return undefined;
  return { log, since, ...(typeof until === 'number' && { until }) };
}
