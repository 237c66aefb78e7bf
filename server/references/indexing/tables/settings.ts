// SettingTable: what files give to the names that other files use without importing them.
import type { PlacedSetting } from '../../evaluation/evaluate.ts';
import type { Setting, SettingSpace } from '../../summary.ts';

export class SettingTable {
  readonly #byKey = new Map<string, Map<string, readonly Setting[]>>();
  readonly #byFile = new Map<string, ReadonlyMap<string, readonly Setting[]>>();

  static key(space: SettingSpace, name: string): string {
    return `setting ${space} ${name}`;
  }

  /** Takes what a file gives now; the keys of which that is not what it gave before. */
  put(uri: string, settings: readonly Setting[] = []): readonly string[] {
    const before = this.#byFile.get(uri) ?? new Map<string, readonly Setting[]>();
    const after = Map.groupBy(settings, ({ space, name }) => SettingTable.key(space, name));
    const changed: string[] = [];
    for (const key of new Set([...before.keys(), ...after.keys()])) {
      const [old, next] = [before.get(key), after.get(key)];
      if (next) this.#files(key).set(uri, next);
      else this.#files(key).delete(uri);
      if (this.#byKey.get(key)?.size === 0) this.#byKey.delete(key);
      if (worth(old) !== worth(next)) changed.push(key);
    }
    if (after.size > 0) this.#byFile.set(uri, after);
    else this.#byFile.delete(uri);
    return changed;
  }

  /** Of the files that share most folders with `from`; in no order that means anything. */
  find(from: string, space: SettingSpace, name: string): readonly PlacedSetting[] {
    let best = 0;
    let found: PlacedSetting[] = [];
    for (const [uri, settings] of this.#byKey.get(SettingTable.key(space, name)) ?? []) {
      const near = sharedFolders(from, uri);
      if (near < best) continue;
      if (near > best) found = [];
      best = near;
      for (const setting of settings) found.push({ uri, setting });
    }
    return found;
  }

  #files(key: string): Map<string, readonly Setting[]> {
    const known = this.#byKey.get(key);
    if (known) return known;
    const files = new Map<string, readonly Setting[]>();
    this.#byKey.set(key, files);
    return files;
  }
}

/** Where it stands does not count. */
function worth(settings: readonly Setting[] | undefined): string {
  return JSON.stringify(settings, (key, value: unknown) =>
    key === 'at' || key === 'marks' || key === 'line' ? undefined : value,
  );
}

function sharedFolders(one: string, other: string): number {
  const [a, b] = [one.split('/'), other.split('/')];
  let shared = 0;
  while (shared < Math.min(a.length, b.length) - 1 && a[shared] === b[shared]) shared++;
  return shared;
}
