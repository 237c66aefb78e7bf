// Log key: which log of a Ray head is meant, as the `key` of a remote log; pure.
import { isRecord, number, text } from '../../../json.ts';

export type LogKey =
  | { readonly of: 'job'; readonly submission: string }
  | { readonly of: 'task'; readonly task: string; readonly attempt: number; readonly errors?: boolean }
  | { readonly of: 'actor'; readonly actor: string; readonly errors?: boolean }
  /** A file below a node's folder of logs. */
  | { readonly of: 'file'; readonly node: string; readonly file: string };

export function writeKey(key: LogKey): string {
  return JSON.stringify(key);
}

/** Undefined for a key that is not ours. */
export function readKey(written: string): LogKey | undefined {
  let from: unknown;
  try {
    from = JSON.parse(written);
  } catch {
    return undefined;
  }
  if (!isRecord(from)) return undefined;
  const errors = from.errors === true ? { errors: true } : {};
  const [submission, task, actor, node, file] = [from.submission, from.task, from.actor, from.node, from.file].map(
    text,
  );
  if (from.of === 'job' && submission !== undefined) return { of: 'job', submission };
  if (from.of === 'task' && task !== undefined)
    return { of: 'task', task, attempt: number(from.attempt) ?? 0, ...errors };
  if (from.of === 'actor' && actor !== undefined) return { of: 'actor', actor, ...errors };
  const isFile = node !== undefined && file !== undefined && !file.split('/').includes('..');
  return from.of === 'file' && isFile ? { of: 'file', node, file } : undefined;
}
