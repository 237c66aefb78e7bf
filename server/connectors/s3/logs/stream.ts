// Stream: the bytes of one object from some byte on, taken up again where the connection was lost.
import { HttpError } from '../../httpError.ts';
import type { ObjectRange, ObjectStore } from '../../objectStore.ts';

const mostLosses = 4;
const passing = new Set(['unreachable', 'timeout', 'unavailable']);

/** Rejects like `ObjectStore`, once it was lost again and again without a byte between. */
export async function* bytesOf(
  store: ObjectStore,
  range: ObjectRange,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const end = range.length === undefined ? Number.POSITIVE_INFINITY : range.from + range.length;
  let at = range.from;
  let losses = 0;
  while (at < end) {
    try {
      const rest = end === Number.POSITIVE_INFINITY ? {} : { length: end - at };
      for await (const chunk of await store.read({ ...range, from: at, ...rest }, signal)) {
        at += chunk.length;
        losses = 0;
        yield chunk;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      losses += 1;
      if (!(error instanceof HttpError) || !passing.has(error.kind) || losses > mostLosses || at === range.from)
        throw error;
    }
  }
}

/** All of it in one piece. */
export async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
