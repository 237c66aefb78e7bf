// Answers: what one evaluation was told about other files; it asks for the same names again and again.
import type { ModuleBinding, Modules, PlacedSetting } from '../evaluation/evaluating.ts';
import type { SettingSpace } from '../summary.ts';
import type { Reads } from './indexedFile.ts';
import { ModuleTable } from './tables/modules.ts';
import { SettingTable } from './tables/settings.ts';

interface Answer<Value> {
  readonly value: Value;
  /** Keys of what it depends on. */
  readonly keys: readonly string[];
}

/** Each answer is noted in `reads` whenever it is given: every site is to know all that it read, first or not. */
export class Answers implements Modules {
  readonly #source: Modules;
  readonly #reads: Reads;
  readonly #bindings = new Map<string, Map<string, Answer<readonly ModuleBinding[]>>>();
  readonly #modules = new Map<string, Map<string, Answer<string | undefined>>>();

  constructor(source: Modules, reads: Reads) {
    this.#source = source;
    this.#reads = reads;
  }

  bindings(uri: string, name: string): readonly ModuleBinding[] {
    const known = inner(this.#bindings, uri);
    const found = known.get(name) ?? { value: this.#source.bindings(uri, name), keys: [`${uri}#${name}`] };
    known.set(name, found);
    return this.#noted(found);
  }

  module(from: string, name: string): string | undefined {
    const known = inner(this.#modules, from);
    const found = known.get(name) ?? { value: this.#source.module(from, name), keys: moduleKeys(from, name) };
    known.set(name, found);
    return this.#noted(found);
  }

  settings(from: string, space: SettingSpace, name: string): readonly PlacedSetting[] {
    return this.#noted({ value: this.#source.settings(from, space, name), keys: [SettingTable.key(space, name)] });
  }

  #noted<Value>({ value, keys }: Answer<Value>): Value {
    for (const key of keys) this.#reads.add(key);
    return value;
  }
}

/** A name of nothing but dots means a folder above, whatever that is called. */
function moduleKeys(from: string, name: string): readonly string[] {
  if (!/^\.+$/.test(name)) return [`module ${ModuleTable.key(name)}`];
  return from
    .split('/')
    .slice(-name.length - 1)
    .map((part) => `module ${part}`);
}

function inner<Value>(outer: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = outer.get(key);
  if (known) return known;
  const made = new Map<string, Value>();
  outer.set(key, made);
  return made;
}
