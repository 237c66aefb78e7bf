// NameTable: which blocks name a thing, file by file, kept ready because every request asks it.
import type { EntityKind } from '../../../catalog/entity.ts';
import { nameKey, partSeparator } from '../../../catalog/names.ts';

interface Naming {
  readonly uri: string;
  /** What it is listed under. */
  readonly names: readonly string[];
}

interface Bucket<Entry> {
  readonly key: string;
  readonly entries: Set<Entry>;
  /** Undefined after a change. */
  files: readonly (readonly Entry[])[] | undefined;
}

export class NameTable<Entry extends Naming> {
  readonly #buckets = new Map<string, Bucket<Entry>>();

  /** Gives the keys as they are kept here, so that each is in memory once. */
  add(entry: Entry, keys: readonly string[]): readonly string[] {
    return keys.map((key) => {
      const known = this.#buckets.get(key);
      const bucket = known ?? { key, entries: new Set(), files: undefined };
      bucket.entries.add(entry);
      bucket.files = undefined;
      if (!known) this.#buckets.set(key, bucket);
      return bucket.key;
    });
  }

  take(entry: Entry): void {
    for (const key of entry.names) {
      const bucket = this.#buckets.get(key);
      if (!bucket) continue;
      bucket.entries.delete(entry);
      bucket.files = undefined;
      if (bucket.entries.size === 0) this.#buckets.delete(key);
    }
  }

  /** Keys of a kind that begin like this, in no order that means anything. */
  *keys(kind: EntityKind, prefix: string): Generator<string> {
    const start = `${kind} ${prefix}`;
    for (const key of this.#buckets.keys()) if (key.startsWith(start)) yield key;
  }

  /** Entries under a key, those of one file together, in order of file; never an empty file. */
  files(key: string): readonly (readonly Entry[])[] {
    const bucket = this.#buckets.get(key);
    if (!bucket) return [];
    bucket.files ??= byFile(bucket.entries);
    return bucket.files;
  }
}

function byFile<Entry extends Naming>(entries: Iterable<Entry>): readonly (readonly Entry[])[] {
  const files = new Map<string, Entry[]>();
  for (const entry of entries) {
    const file = files.get(entry.uri);
    if (file) file.push(entry);
    else files.set(entry.uri, [entry]);
  }
  if (files.size < 2) return [...files.values()];
  return [...files].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, list]) => list);
}

/** Names that may mean the same share a key: that of the last part, for what is qualified by dots. */
export function listKey(kind: EntityKind, name: string): string {
  const key = nameKey(kind, name);
  const end = key.indexOf(partSeparator);
  return `${kind} ${end < 0 ? key : key.slice(0, end)}`;
}
