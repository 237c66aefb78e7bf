// KeptFiles: what was read and evaluated in an earlier session, by file, with what tells whether the file is still the same.
import { deserialize, serialize } from 'node:v8';
import { type KeptValues, openKeptValues } from '../../../world/keptValues.ts';
import type { FileResult } from '../closedFile.ts';
import type { PackedFile } from '../packed.ts';
import type { EvaluatedFile, KnownFile } from './indexMessages.ts';

/** What tells that a file is the same without reading it, and, when it was touched, by reading it. */
export interface FileStamp {
  readonly size: number;
  /** Milliseconds. */
  readonly changedAt: number;
  readonly hash: string;
}

export interface StampedFile extends KnownFile {
  readonly stamp: FileStamp;
}

interface KeptRow {
  readonly packed: PackedFile;
  readonly stamp: FileStamp;
}

/** Grows when the shape of what is kept changes. */
const format = 3;

export class KeptFiles {
  readonly #values: KeptValues;
  /** Read in this session and not yet kept, with the number of the answer they went out in. */
  readonly #fresh = new Map<string, { readonly row: KeptRow; readonly answer: number }>();
  readonly #results = new Map<string, FileResult>();
  readonly #gone = new Set<string>();

  /** `rules`: the hash of the rules. Throws when the file cannot be used. */
  constructor(file: string, rules: string) {
    this.#values = openKeptValues(file, `${format} ${rules}`);
  }

  *all(): Generator<StampedFile> {
    const results = this.#values.all('result ')[Symbol.iterator]();
    let next = results.next();
    for (const { key, value } of this.#values.all('file ')) {
      const uri = key.slice('file '.length);
      while (!next.done && next.value.key.slice('result '.length) < uri) next = results.next();
      const row: KeptRow = deserialize(value);
      const known = !next.done && next.value.key.slice('result '.length) === uri;
      const result: FileResult | undefined = known ? deserialize(next.value.value) : undefined;
      if (result) yield { ...row, result };
      else if (row.packed.sites === 0) yield { ...row, result: { references: [], reads: [] } };
    }
  }

  read(row: KeptRow, answer: number): void {
    this.#gone.delete(row.packed.uri);
    this.#fresh.set(row.packed.uri, { row, answer });
  }

  evaluated(results: readonly EvaluatedFile[]): void {
    for (const { uri, result } of results) this.#results.set(uri, result);
  }

  removed(uri: string): void {
    this.#fresh.delete(uri);
    this.#results.delete(uri);
    this.#gone.add(uri);
  }

  /** Writes what was read up to an answer, and what came of it, in one go: a state that once was true as a whole. */
  keep(answer: number, open: readonly string[]): void {
    const left = new Set(open);
    const changed: { key: string; value: Uint8Array }[] = [];
    for (const [uri, fresh] of this.#fresh) {
      if (fresh.answer > answer || left.has(uri)) continue;
      changed.push({ key: `file ${uri}`, value: serialize(fresh.row) });
      this.#fresh.delete(uri);
    }
    for (const [uri, result] of this.#results)
      if (!left.has(uri)) changed.push({ key: `result ${uri}`, value: serialize(result) });
    const removed = [...this.#gone, ...left].flatMap((uri) => [`file ${uri}`, `result ${uri}`]);
    this.#values.write(changed, removed);
    this.#gone.clear();
    this.#results.clear();
  }

  close(): void {
    this.#values.close();
  }
}
