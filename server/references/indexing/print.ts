// Print: a number for what plain data says, wherever in a text it stands.

import type { Binding } from '../summary.ts';

/** Where a thing stands is not what it says. */
const places: ReadonlySet<string> = new Set(['at', 'marks', 'lines', 'line']);

/** 53 bits: two things that differ have the same by chance once in many lifetimes. */
export function printOf(value: unknown): number {
  const print = new Print(false);
  print.add(value);
  return print.number();
}

/** Also of where it stands. */
export function exactPrintOf(value: unknown): number {
  const print = new Print(true);
  print.add(value);
  return print.number();
}

/** A statement that is read again keeps what it binds in the statements inside of it. */
const bindings = new WeakMap<Binding, number>();

export function bindingPrint(binding: Binding): number {
  const known = bindings.get(binding) ?? printOf(binding);
  bindings.set(binding, known);
  return known;
}

/** By key of plain data, of which there are few: what stands for it in a print. */
const words = new Map<string, { readonly code: number; readonly isPlace: boolean }>();

function wordOf(key: string): { readonly code: number; readonly isPlace: boolean } {
  const known = words.get(key);
  if (known) return known;
  let code = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) code = Math.imul(code ^ key.charCodeAt(at), 16777619);
  const word = { code, isPlace: places.has(key) };
  words.set(key, word);
  return word;
}

class Print {
  #one = 0xdeadbeef;
  #two = 0x41c6ce57;
  readonly #isExact: boolean;

  /** `isExact`: also where things stand. */
  constructor(isExact: boolean) {
    this.#isExact = isExact;
  }

  add(value: unknown): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#numeral(value);
    else if (Array.isArray(value)) {
      this.#code(91);
      for (const one of value) this.add(one);
      this.#code(93);
    } else if (typeof value === 'object' && value !== null) this.#object(value);
    else this.#code(value ? 1 : 2);
  }

  number(): number {
    let [one, two] = [this.#one, this.#two];
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return 4294967296 * (2097151 & two) + (one >>> 0);
  }

  #object(value: object): void {
    this.#code(123);
    for (const key in value) {
      const inner: unknown = value[key as keyof typeof value];
      if (inner === undefined) continue;
      const { code, isPlace } = wordOf(key);
      if (isPlace && !this.#isExact) continue;
      this.#code(code);
      // Which lines a branch goes over is a place, too.
      this.add(key === 'branch' ? true : inner);
    }
    this.#code(125);
  }

  #text(text: string): void {
    this.#code(34);
    for (let at = 0; at < text.length; at++) this.#code(text.charCodeAt(at));
    this.#code(34);
  }

  #numeral(value: number): void {
    if (Number.isInteger(value) && Math.abs(value) < 0x7fffffff) this.#code(value ^ 0x55555555);
    else this.#text(String(value));
  }

  #code(code: number): void {
    this.#one = Math.imul(this.#one ^ code, 2654435761);
    this.#two = Math.imul(this.#two ^ code, 1597334677);
  }
}
