// Logs: objects as logs of any size: by ranges where they are plain, unpacked on the way where they are gzip.
import type { LogSought, LogStat, RangedLogs } from '../../connector.ts';
import { findLine } from '../../lineSearch.ts';
import type { ObjectHead, ObjectStore } from '../../objectStore.ts';
import { findStriped } from '../../stripedSearch.ts';
import { type Place, placeOf } from '../places.ts';
import { bytesOf, collected } from './stream.ts';
import { Unpacked } from './unpacked.ts';

/** A store has no open files: what was written so long ago is taken to be whole. Airflow writes its logs when a try ends. */
const settledMs = 5 * 60_000;
/** Smaller packed logs are read to their end to know their size. */
const countedBytes = 16_000_000;
const mostOpen = 2;
/** What was found out of an object is asked again after so long. */
const headMs = 5_000;

interface Known {
  readonly head: ObjectHead;
  readonly at: number;
  readonly unpacked?: Unpacked;
}

export class ObjectLogs implements RangedLogs {
  readonly #name: string;
  readonly #store: ObjectStore;
  readonly #now: () => number;
  /** The one used last at the end. */
  readonly #known = new Map<string, Known>();

  /** `name`: of the connection. */
  constructor(name: string, store: ObjectStore, now: () => number) {
    this.#name = name;
    this.#store = store;
    this.#now = now;
  }

  async stat(key: string, signal: AbortSignal): Promise<LogStat | undefined> {
    const known = await this.#open(key, signal);
    if (!known) return undefined;
    const { head, unpacked } = known;
    if (unpacked && head.size <= countedBytes) await unpacked.reach(Number.POSITIVE_INFINITY, signal);
    const isCounted = !unpacked || unpacked.hasEnded;
    return {
      size: unpacked ? unpacked.size : head.size,
      complete: this.#now() - head.modifiedAt > settledMs,
      ...(isCounted ? {} : { atLeast: true }),
      ...(head.modifiedAt > 0 ? { modifiedAt: head.modifiedAt } : {}),
      ...(head.etag === undefined ? {} : { identity: head.etag }),
    };
  }

  async readRange(key: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const known = await this.#open(key, signal);
    if (!known) throw this.#gone(key);
    if (known.unpacked) return known.unpacked.readRange(offset, length, signal);
    const { bucket, key: object } = this.#placeOf(key);
    return collected(bytesOf(this.#store, { bucket, key: object, from: offset, length }, signal));
  }

  async search(key: string, sought: LogSought, signal: AbortSignal): Promise<number | undefined> {
    const known = await this.#open(key, signal);
    if (!known) throw this.#gone(key);
    const { bucket, key: object } = this.#placeOf(key);
    const { unpacked, head } = known;
    if (unpacked) return findLine(unpacked.from(sought.from, signal), sought);
    const read = (from: number, length: number, stop: AbortSignal) =>
      bytesOf(this.#store, { bucket, key: object, from, length }, stop);
    return findStriped({ size: head.size, read }, sought, signal);
  }

  dispose(): void {
    for (const { unpacked } of this.#known.values()) unpacked?.dispose();
    this.#known.clear();
  }

  /** What is written again is another text; what was unpacked of the old one is of no use. */
  async #open(key: string, signal: AbortSignal): Promise<Known | undefined> {
    const before = this.#known.get(key);
    if (before && this.#now() - before.at < headMs) return before;
    const place = this.#placeOf(key);
    const head = await this.#store.head(place.bucket, place.key, signal);
    this.#known.delete(key);
    if (!head) {
      before?.unpacked?.dispose();
      return undefined;
    }
    const isSame = before?.head.etag === head.etag && before?.head.modifiedAt === head.modifiedAt;
    if (!isSame) before?.unpacked?.dispose();
    const unpacked = isSame ? before?.unpacked : this.#unpacked(place, head);
    const known = { head, at: this.#now(), ...(unpacked ? { unpacked } : {}) };
    this.#known.set(key, known);
    for (const [oldest, one] of this.#known) {
      if (this.#known.size <= mostOpen) break;
      one.unpacked?.dispose();
      this.#known.delete(oldest);
    }
    return known;
  }

  #unpacked({ bucket, key }: Place, { encoding, contentType, etag, size }: ObjectHead): Unpacked | undefined {
    const isPacked = /\.gz$/i.test(key) || encoding === 'gzip' || /^application\/(x-)?gzip\b/.test(contentType ?? '');
    if (!isPacked || size === 0) return undefined;
    return new Unpacked(this.#store, { bucket, key, ...(etag === undefined ? {} : { etag }) });
  }

  #placeOf(key: string): Place {
    const place = placeOf(key);
    if (!place || place.key === '')
      throw new Error(`${this.#name} has no log ${JSON.stringify(key.slice(0, 200))}. Open it from its run again.`);
    return place;
  }

  #gone(key: string): Error {
    return new Error(
      `${this.#name}: ${key.slice(0, 300)} is not there (any more). It may have been moved or deleted by a lifecycle rule.`,
    );
  }
}
