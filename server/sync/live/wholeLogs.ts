// Whole logs: remote logs that are handed out as one text, kept in memory for a moment, never on disk.
import type { FetchedLog } from '../../connectors/connector.ts';

export interface KeptLog {
  readonly bytes: Uint8Array;
  /** Epoch ms when it was read. */
  readonly at: number;
  readonly complete: boolean;
}

export interface WholeLogsParts {
  /** By the parts of a `remoteLog` address. Rejects in words for the user. */
  readonly read: (source: string, key: string) => Promise<FetchedLog>;
  /** Epoch ms. */
  readonly now: () => number;
}

const completeMs = 10 * 60_000;
const runningMs = 5_000;
/** Of all together; the ones read longest ago go first. */
const mostBytes = 64_000_000;

/** By address and its parts; somebody who asks while it is being read gets the same. */
export function wholeLogs({
  read,
  now,
}: WholeLogsParts): (file: string, source: string, key: string) => Promise<KeptLog> {
  const kept = new Map<string, KeptLog>();
  const reading = new Map<string, Promise<KeptLog>>();

  const fetched = async (file: string, source: string, key: string): Promise<KeptLog> => {
    const { text, complete } = await read(source, key);
    const one: KeptLog = { bytes: new TextEncoder().encode(text), at: now(), complete };
    kept.delete(file);
    kept.set(file, one);
    let total = [...kept.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const [oldest, { bytes }] of kept) {
      if (total <= mostBytes || oldest === file) break;
      kept.delete(oldest);
      total -= bytes.length;
    }
    return one;
  };

  return (file, source, key) => {
    const known = kept.get(file);
    if (known && now() - known.at < (known.complete ? completeMs : runningMs)) {
      kept.delete(file);
      kept.set(file, known);
      return Promise.resolve(known);
    }
    const asked = reading.get(file) ?? fetched(file, source, key).finally(() => reading.delete(file));
    reading.set(file, asked);
    return asked;
  };
}
