// Packed files: summaries of closed files as compressed bytes, and the few that are unpacked at a time.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Definition, FileSummary, PlacedBlock, Setting } from '../summary.ts';
import { moduleNames, namesBound } from './fingerprint.ts';

/** Plain data, handed from thread to thread and kept between sessions. */
export interface PackedFile {
  readonly uri: string;
  /** The hash of the rules it was read by. */
  readonly rules: string;
  /** The summary as JSON, deflated; in shared memory, unless it was kept from an earlier session. */
  readonly bytes: Uint8Array;
  /** Length of that JSON. */
  readonly size: number;
  /** How many sites there are; without one there is nothing to evaluate. */
  readonly sites: number;
  /** Names bound at the top level. */
  readonly bound: readonly string[];
  readonly definitions?: readonly Definition[];
  readonly settings?: readonly Setting[];
  readonly cells?: FileSummary['cells'];
}

const fastest = 1;

export function pack(summary: FileSummary): PackedFile {
  const json = JSON.stringify(summary);
  const { uri, rules, definitions, settings, cells } = summary;
  return {
    uri,
    rules,
    bytes: shared(deflateRawSync(json, { level: fastest })),
    size: json.length,
    sites: summary.blocks.reduce((count, { block }) => count + block.sites.length, 0),
    bound: [...namesBound(summary.blocks)],
    ...(definitions ? { definitions } : {}),
    ...(settings ? { settings } : {}),
    ...(cells ? { cells } : {}),
  };
}

/** The same memory for all threads, and no more of it than needed: what zlib gives is a part of 16 KB. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

export interface UnpackedFile {
  readonly summary: FileSummary;
  /** Blocks that bind a name at the top level. */
  readonly binders: ReadonlyMap<string, readonly PlacedBlock[]>;
}

export class UnpackedFiles {
  readonly #mostUnpacked: number;
  readonly #files = new Map<PackedFile, UnpackedFile>();
  /** Stays whatever comes: its blocks are being evaluated, and are told apart by identity. */
  pinned: PackedFile | undefined;
  #size = 0;

  /** Characters of JSON that may be unpacked at a time; as objects they take some six times as many bytes. */
  constructor(mostUnpacked = 4_000_000) {
    this.#mostUnpacked = mostUnpacked;
  }

  /** The same blocks as before, as long as it was not forgotten in between. */
  get(packed: PackedFile): UnpackedFile {
    const known = this.#files.get(packed);
    if (known) {
      this.#files.delete(packed);
      this.#files.set(packed, known);
      return known;
    }
    const summary: FileSummary = JSON.parse(inflateRawSync(packed.bytes).toString('utf8'));
    const binders = new Map<string, PlacedBlock[]>();
    for (const placed of summary.blocks) {
      for (const name of moduleNames(placed.block)) {
        const list = binders.get(name);
        if (list) list.push(placed);
        else binders.set(name, [placed]);
      }
    }
    const unpacked = { summary, binders };
    this.#files.set(packed, unpacked);
    this.#size += packed.size;
    for (const oldest of this.#files.keys()) {
      if (this.#size <= this.#mostUnpacked) break;
      if (oldest !== packed && oldest !== this.pinned) this.forget(oldest);
    }
    return unpacked;
  }

  forget(packed: PackedFile): void {
    if (this.#files.delete(packed)) this.#size -= packed.size;
  }
}
