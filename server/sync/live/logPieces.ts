// Log pieces: remote logs of any size, of which the piece that was read last is kept, so that following one asks for what is new.
import type { LogSought, LogStat } from '../../connectors/connector.ts';
import type { AskLog } from './logQuestions.ts';

/** A remote log by its address and the parts of that. */
export interface RemotePlace {
  readonly file: string;
  readonly source: string;
  readonly key: string;
}

export interface LogPieces {
  /** `unable`: this connection hands out logs whole only. */
  stat(place: RemotePlace): Promise<LogStat | 'unable' | undefined>;
  readRange(place: RemotePlace, offset: number, length: number): Promise<Uint8Array>;
  search(place: RemotePlace, sought: LogSought): Promise<number | 'unable' | undefined>;
}

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Seen {
  readonly stat: LogStat;
  /** Epoch ms. */
  readonly at: number;
  readonly piece?: Piece;
}

const completeMs = 60_000;
const runningMs = 1_000;
/** Each with a piece of 2 MB. */
const mostKept = 6;

export function logPieces(ask: AskLog, now: () => number): LogPieces {
  const seen = new Map<string, Seen>();

  const keep = (file: string, one: Seen): void => {
    seen.delete(file);
    seen.set(file, one);
    for (const oldest of seen.keys()) {
      if (seen.size <= mostKept) break;
      seen.delete(oldest);
    }
  };

  return {
    async stat(place) {
      const known = seen.get(place.file);
      if (known && now() - known.at < (known.stat.complete ? completeMs : runningMs)) return known.stat;
      const { unable, stat } = await ask({ ...partsOf(place), ask: 'stat' });
      if (unable) return 'unable';
      if (!stat) {
        seen.delete(place.file);
        return undefined;
      }
      const piece = known && isSame(known.stat, stat) ? known.piece : undefined;
      keep(place.file, { stat, at: now(), ...(piece && { piece }) });
      return stat;
    },
    async readRange(place, offset, length) {
      const known = seen.get(place.file);
      const had = known?.piece ? overlap(known.piece, offset, length) : new Uint8Array();
      const from = offset + had.length;
      const isRead = had.length === length || (known && !known.stat.atLeast && from >= known.stat.size);
      if (isRead) return had;
      const answer = await ask({ ...partsOf(place), ask: 'range', offset: from, length: length - had.length });
      const bytes = joined(had, answer.bytes ?? new Uint8Array());
      const after = seen.get(place.file);
      if (after && after === known) keep(place.file, { ...after, piece: { offset, bytes } });
      return bytes;
    },
    async search(place, sought) {
      const { unable, at } = await ask({ ...partsOf(place), ask: 'search', sought });
      return unable ? 'unable' : at;
    },
  };
}

function partsOf({ source, key }: RemotePlace): { readonly source: string; readonly key: string } {
  return { source, key };
}

/** It only grew; a shorter one was cut off and begun anew. */
function isSame(before: LogStat, after: LogStat): boolean {
  return before.identity === after.identity && after.size >= before.size;
}

/** What the piece holds from `offset` on, without a gap. */
function overlap(piece: Piece, offset: number, length: number): Uint8Array {
  const from = offset - piece.offset;
  return from < 0 || from >= piece.bytes.length ? new Uint8Array() : piece.bytes.subarray(from, from + length);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
