// Key: how what a search for logs found is named in the address of a log.
import { isRecord, number, text } from '../../json.ts';

export interface LogSearch {
  /** In Datadog's language of log searches. */
  readonly query: string;
  /** Epoch ms, both included. */
  readonly from: number;
  /** Absent: until now, and what comes. */
  readonly to?: number;
}

const longest = 10_000;
/** Of a Date; what lies behind it is no time. */
export const lastInstant = 8.64e15;

export function logKey(search: LogSearch): string {
  return JSON.stringify(search);
}

/** Undefined for what `logKey` did not make. */
export function parseLogKey(key: string): LogSearch | undefined {
  let value: unknown;
  try {
    value = JSON.parse(key);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const [query, from, to] = [text(value.query), number(value.from), number(value.to)];
  if (query === undefined || query.length > longest || from === undefined) return undefined;
  if (Math.max(Math.abs(from), Math.abs(to ?? 0)) > lastInstant) return undefined;
  return { query, from, ...(to === undefined ? {} : { to }) };
}

/** A value as a search for it writes it: in quotes, so that nothing in it is a word of the language. */
export function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&').replace(/[\u0000-\u001f]+/g, ' ')}"`;
}
