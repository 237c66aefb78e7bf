// Answers: what one evaluation was told about other files; it asks for the same names again and again.
import type { ModuleBinding, Modules } from '../evaluation/evaluating.ts';

export class Answers implements Modules {
  readonly settings: Modules['settings'];
  readonly #source: Modules;
  readonly #bindings = new Map<string, Map<string, readonly ModuleBinding[]>>();
  readonly #modules = new Map<string, Map<string, string | undefined>>();

  constructor(source: Modules) {
    this.#source = source;
    this.settings = source.settings;
  }

  bindings(uri: string, name: string): readonly ModuleBinding[] {
    const known = inner(this.#bindings, uri);
    let found = known.get(name);
    if (!found) {
      found = this.#source.bindings(uri, name);
      known.set(name, found);
    }
    return found;
  }

  module(from: string, name: string): string | undefined {
    const known = inner(this.#modules, from);
    const before = known.get(name);
    if (before !== undefined || known.has(name)) return before;
    const found = this.#source.module(from, name);
    known.set(name, found);
    return found;
  }
}

function inner<Value>(outer: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = outer.get(key);
  if (known) return known;
  const made = new Map<string, Value>();
  outer.set(key, made);
  return made;
}
