// Key: how a stream of a log group, or what it held in a time, is named in the address of a log.
import { isRecord, number, text } from '../json.ts';
import type { LogWindow } from '../logGroups.ts';

export function logKey(window: LogWindow): string {
  return JSON.stringify(window);
}

/** Undefined for what `logKey` did not make. */
export function parseLogKey(key: string): LogWindow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(key);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const [group, stream] = [text(value.group), text(value.stream)];
  const [since, until] = [number(value.since), number(value.until)];
  if (group === undefined || stream === undefined) return undefined;
  return { group, stream, ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
}
