// Unpacked: a gzip object read as its plain text, forwards in one go; who wants to go back begins anew.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { ObjectStore } from '../../objectStore.ts';
import { bytesOf } from './stream.ts';

export interface Packed {
  readonly bucket: string;
  readonly key: string;
  readonly etag?: string;
}

/** Plain bytes behind the reading place that are still at hand: a look back at what was just shown. */
const keptBytes = 6_000_000;

export class Unpacked {
  readonly #store: ObjectStore;
  readonly #packed: Packed;
  #stream: AsyncIterator<Uint8Array> | undefined;
  #stop = new AbortController();
  /** The last plain bytes, and where the first of them is. */
  #kept: Buffer[] = [];
  #keptFrom = 0;
  #at = 0;
  #hasEnded = false;
  #line: Promise<unknown> = Promise.resolve();

  constructor(store: ObjectStore, packed: Packed) {
    this.#store = store;
    this.#packed = packed;
  }

  /** Plain bytes that are known to be there. */
  get size(): number {
    return this.#at;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Reads on to this byte at least, or to the end. */
  reach(offset: number, signal: AbortSignal): Promise<void> {
    return this.#alone(() => this.#reach(offset, signal));
  }

  readRange(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    return this.#alone(async () => {
      if (offset < this.#keptFrom) this.#restart();
      await this.#reach(offset, signal);
      const parts: Buffer[] = [];
      let have = this.#take(offset, length, parts);
      while (have < length && !this.#hasEnded) {
        await this.#reach(this.#at + 1, signal);
        have += this.#take(offset + have, length - have, parts);
      }
      return Buffer.concat(parts);
    });
  }

  /** All of it from some byte on, as it was unpacked; nobody else reads meanwhile. */
  async *from(offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let at = offset; ; ) {
      const piece = await this.#alone(() => this.#piece(at, signal));
      if (!piece) return;
      at += piece.length;
      yield piece;
    }
  }

  /** What is at hand from a byte on, without a copy of it; undefined at the end. */
  async #piece(at: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (at < this.#keptFrom) this.#restart();
    await this.#reach(at + 1, signal);
    let begins = this.#keptFrom;
    for (const chunk of this.#kept) {
      if (at < begins + chunk.length) return chunk.subarray(at - begins);
      begins += chunk.length;
    }
    return undefined;
  }

  dispose(): void {
    this.#restart();
  }

  #take(offset: number, length: number, into: Buffer[]): number {
    let taken = 0;
    let begins = this.#keptFrom;
    for (const chunk of this.#kept) {
      const start = Math.max(0, offset + taken - begins);
      if (start < chunk.length && taken < length) {
        const piece = chunk.subarray(start, start + length - taken);
        into.push(piece);
        taken += piece.length;
      }
      begins += chunk.length;
    }
    return taken;
  }

  async #reach(offset: number, signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#restart(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (this.#at < offset && !this.#hasEnded) {
        signal.throwIfAborted();
        this.#stream ??= this.#opened();
        const { value, done } = await this.#stream.next();
        if (done) this.#hasEnded = true;
        else this.#keep(value);
      }
    } catch (error) {
      this.#restart();
      signal.throwIfAborted();
      throw isDamaged(error) ? new Error(damaged(this.#packed), { cause: error }) : error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  #keep(chunk: Uint8Array): void {
    this.#kept.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
    this.#at += chunk.length;
    while (this.#at - this.#keptFrom - (this.#kept[0]?.length ?? 0) > keptBytes) {
      this.#keptFrom += this.#kept.shift()?.length ?? 0;
    }
  }

  #opened(): AsyncIterator<Uint8Array> {
    const { bucket, key, etag } = this.#packed;
    const range = { bucket, key, from: 0, ...(etag === undefined ? {} : { etag }) };
    const packed = Readable.from(bytesOf(this.#store, range, this.#stop.signal), { highWaterMark: 1 });
    const plain = createGunzip({ chunkSize: 256 * 1024 });
    packed.on('error', (error) => plain.destroy(error));
    plain.on('close', () => packed.destroy());
    return packed.pipe(plain)[Symbol.asyncIterator]();
  }

  #restart(reason?: unknown): void {
    this.#stop.abort(reason);
    this.#stop = new AbortController();
    this.#stream?.return?.(undefined)?.catch(() => {});
    this.#stream = undefined;
    this.#kept = [];
    this.#keptFrom = 0;
    this.#at = 0;
    this.#hasEnded = false;
  }

  /** One reading place, so one reader at a time. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#line.then(work, work);
    this.#line = mine.catch(() => {});
    return mine;
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
}

function damaged({ bucket, key }: Packed): string {
  return `s3://${bucket}/${key} is no whole gzip file: what can be read of it ends early. Look at how it was written.`;
}
