// Remote logs: logs that only their server hands out, read as if they were files; kept in memory for a moment, never on disk.
import { parseRemoteLog } from '../../catalog/run.ts';
import type { ConnectorHost, FetchedLog } from '../../connectors/connector.ts';

type LogReader = Pick<ConnectorHost, 'stat' | 'readRange'>;

export interface RemoteLogsParts {
  /** For logs that are files of this machine. */
  readonly local: LogReader;
  /** By the parts of a `remoteLog` address. Rejects in words for the user. */
  readonly read: (source: string, key: string) => Promise<FetchedLog>;
  /** Epoch ms. */
  readonly now: () => number;
}

interface Kept {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly complete: boolean;
}

const completeMs = 10 * 60_000;
const runningMs = 5_000;
/** Of all together; the ones read longest ago go first. */
const mostBytes = 64_000_000;

export function remoteLogs({ local, read, now }: RemoteLogsParts): LogReader {
  const kept = new Map<string, Kept>();
  const reading = new Map<string, Promise<Kept>>();

  const get = (file: string, place: { readonly source: string; readonly key: string }): Promise<Kept> => {
    const known = kept.get(file);
    const isGood = known && now() - known.at < (known.complete ? completeMs : runningMs);
    if (isGood) {
      kept.delete(file);
      kept.set(file, known);
      return Promise.resolve(known);
    }
    const asked = reading.get(file) ?? fetched(file, place).finally(() => reading.delete(file));
    reading.set(file, asked);
    return asked;
  };

  const fetched = async (file: string, { source, key }: { readonly source: string; readonly key: string }) => {
    const { text, complete } = await read(source, key);
    const one: Kept = { bytes: new TextEncoder().encode(text), at: now(), complete };
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

  return {
    async stat(file) {
      const place = parseRemoteLog(file);
      if (!place) return local.stat(file);
      const { bytes, at } = await get(file, place);
      return { path: file, kind: 'file', size: bytes.length, modifiedAt: at };
    },
    async readRange(file, offset, length) {
      const place = parseRemoteLog(file);
      if (!place) return local.readRange(file, offset, length);
      return (await get(file, place)).bytes.slice(offset, offset + length);
    },
  };
}
