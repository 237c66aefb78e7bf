// Remote logs: logs that only their connection hands out, whole or by ranges, read as if they were files.
import { parseRemoteLog } from '../../catalog/run.ts';
import type { ConnectorHost, FileStat, LogSought, LogStat } from '../../connectors/connector.ts';
import { logPieces } from './logPieces.ts';
import type { AskLog } from './logQuestions.ts';
import { wholeLogs } from './wholeLogs.ts';

type LocalReader = Pick<ConnectorHost, 'stat' | 'readRange'>;

export interface RemoteLogsParts {
  /** For logs that are files of this machine. */
  readonly local: LocalReader;
  readonly ask: AskLog;
  /** Epoch ms. */
  readonly now: () => number;
}

export interface RemoteLogs extends LocalReader {
  stat(path: string): Promise<(FileStat & Pick<LogStat, 'atLeast' | 'zoneMinutes'>) | undefined>;
  /** Where the first line with one of the words begins; `unable`: look for it by reading ranges. */
  search(path: string, sought: LogSought): Promise<number | 'unable' | undefined>;
}

export function remoteLogs({ local, ask, now }: RemoteLogsParts): RemoteLogs {
  const pieces = logPieces(ask, now);
  const read = wholeLogs({ read: (source, key) => readWhole(ask, source, key), now });
  /** Connections that hand out logs whole only. */
  const coarse = new Set<string>();

  return {
    async stat(file) {
      const place = parseRemoteLog(file);
      if (!place) return local.stat(file);
      const { source, key } = place;
      const found = coarse.has(source) ? 'unable' : await pieces.stat({ file, source, key });
      if (found !== 'unable') return found && { path: file, kind: 'file', modifiedAt: now(), ...found };
      coarse.add(source);
      const { bytes, at } = await read(file, source, key);
      return { path: file, kind: 'file', size: bytes.length, modifiedAt: at };
    },
    async readRange(file, offset, length) {
      const place = parseRemoteLog(file);
      if (!place) return local.readRange(file, offset, length);
      const { source, key } = place;
      const isCoarse = coarse.has(source) || (await pieces.stat({ file, source, key })) === 'unable';
      if (!isCoarse) return pieces.readRange({ file, source, key }, offset, length);
      coarse.add(source);
      return (await read(file, source, key)).bytes.slice(offset, offset + length);
    },
    async search(file, sought) {
      const place = parseRemoteLog(file);
      return !place || coarse.has(place.source) ? 'unable' : pieces.search({ file, ...place }, sought);
    },
  };
}

async function readWhole(ask: AskLog, source: string, key: string) {
  const { whole } = await ask({ source, key, ask: 'whole' });
  if (!whole) throw new Error(`${source} did not hand out this log. Try again.`);
  return whole;
}
