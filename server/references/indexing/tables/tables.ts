// Tables: what the files of the index share: who reads which name, who names what, and who waits to be evaluated.
import type { Reference } from '../../reference.ts';
import { NameTable } from './nameTable.ts';

/** What is evaluated as one: a block of an open file, or a closed file. */
export interface Entry {
  readonly uri: string;
  stale: boolean;
  /** Keys it read: `uri#name`, `module x`, `setting …`. */
  reads: ReadonlySet<string>;
  /** What it is listed under by name. */
  names: readonly string[];
  evaluate(): void;
  /** What was found in it, as it stands now. */
  references(): readonly Reference[];
}

export class Tables {
  readonly byName = new NameTable<Entry>();
  readonly #waiting = new Set<Entry>();
  readonly #readers = new Map<string, Set<Entry>>();

  get waiting(): ReadonlySet<Entry> {
    return this.#waiting;
  }

  wait(entry: Entry): void {
    entry.stale = true;
    this.#waiting.add(entry);
  }

  /** After an evaluation: what it read, and what it found. */
  learn(entry: Entry, reads: ReadonlySet<string>, names: readonly string[]): void {
    this.forget(entry);
    entry.reads = reads;
    entry.names = names;
    for (const key of reads) addTo(this.#readers, key, entry);
    this.byName.add(entry);
    entry.stale = false;
    this.#waiting.delete(entry);
  }

  forget(entry: Entry): void {
    for (const key of entry.reads) takeFrom(this.#readers, key, entry);
    this.byName.take(entry);
    entry.reads = nothing;
    entry.names = [];
  }

  /** It is no more. */
  drop(entry: Entry): void {
    this.forget(entry);
    this.#waiting.delete(entry);
  }

  readersOf(key: string): Iterable<Entry> {
    return this.#readers.get(key) ?? [];
  }
}

const nothing: ReadonlySet<string> = new Set();

export function addTo<Item>(table: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = table.get(key);
  if (known) known.add(item);
  else table.set(key, new Set([item]));
}

export function takeFrom<Item>(table: Map<string, Set<Item>>, key: string, item: Item): void {
  const known = table.get(key);
  if (!known) return;
  known.delete(item);
  if (known.size === 0) table.delete(key);
}
