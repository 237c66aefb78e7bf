// Print: a number for what plain data says, wherever in a text it stands.

/** Where a thing stands is not what it says. */
const places: ReadonlySet<string> = new Set(['at', 'marks', 'lines', 'line']);

/** 53 bits: two things that differ have the same by chance once in many lifetimes. */
export function printOf(value: unknown): number {
  const print = new Print();
  print.add(value);
  return print.number();
}

class Print {
  #one = 0xdeadbeef;
  #two = 0x41c6ce57;

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
      if (places.has(key) || inner === undefined) continue;
      this.#text(key);
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
