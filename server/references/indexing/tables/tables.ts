// Tables: what the files of the index share: who reads which name, who names what, and who waits to be evaluated.
import type { Reference } from '../../reference.ts';
import { NameTable } from './nameTable.ts';

/** What is evaluated as one: a block of an open file, or a closed file. */
export interface Entry {
  readonly uri: string;
  stale: boolean;
  reads: readonly Key[];
  /** What it is listed under by name. */
  names: readonly string[];
  evaluate(): void;
  /** What was found in it, as it stands now. */
  references(): readonly Reference[];
}

/** What is read, and by whom. All its readers have the one object: closed files read each key six times over. */
export interface Key {
  /** `uri#name`, `module x`, `setting …`. */
  readonly key: string;
  /** Most keys have one. */
  readers: Entry | Set<Entry>;
}

export class Tables {
  readonly byName = new NameTable<Entry>();
  readonly #waiting = new Set<Entry>();
  readonly #keys = new Map<string, Key>();

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
    entry.reads = Array.from(reads, (key) => this.#read(key, entry));
    entry.names = this.byName.add(entry, names);
    entry.stale = false;
    this.#waiting.delete(entry);
  }

  forget(entry: Entry): void {
    for (const key of entry.reads) this.#unread(key, entry);
    this.byName.take(entry);
    entry.reads = nothing;
    entry.names = nothing;
  }

  /** It is no more. */
  drop(entry: Entry): void {
    this.forget(entry);
    this.#waiting.delete(entry);
  }

  readersOf(key: string): Iterable<Entry> {
    const { readers = nothing } = this.#keys.get(key) ?? {};
    return isMany(readers) ? readers : [readers];
  }

  #read(key: string, entry: Entry): Key {
    const known = this.#keys.get(key);
    if (!known) {
      const made: Key = { key, readers: entry };
      this.#keys.set(key, made);
      return made;
    }
    if (known.readers instanceof Set) known.readers.add(entry);
    else if (known.readers !== entry) known.readers = new Set([known.readers, entry]);
    return known;
  }

  #unread(key: Key, entry: Entry): void {
    const { readers } = key;
    if (readers instanceof Set) readers.delete(entry);
    if (readers instanceof Set ? readers.size === 0 : readers === entry) this.#keys.delete(key.key);
  }
}

const nothing: readonly never[] = [];

function isMany(readers: Key['readers'] | readonly never[]): readers is Set<Entry> | readonly never[] {
  return readers instanceof Set || Array.isArray(readers);
}

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
