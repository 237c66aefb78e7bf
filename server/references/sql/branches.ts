// SQL branches: Jinja's `if` and `for` around pieces of a statement, where what stood before them holds for each branch.

/** A sign between two branches; the word that stood before the first of them follows it. */
const between = '{|';
const deepest = 1000;
const longestGlued = 400;
const branchWord = /^\{%[-+]?\s{0,20}(if|for|else|elif|endif|endfor)\b/;

/** Keeps the word that stood before each `if` and `for` that is not closed. */
export class Branches {
  readonly #before: string[] = [];

  /** The sign to put for the statement of Jinja that begins there; undefined where no other branch begins. */
  see(text: string, at: number, before: string): string | undefined {
    const word = branchWord.exec(text.slice(at, at + 40))?.[1];
    if (word === 'if' || word === 'for') {
      if (this.#before.length < deepest) this.#before.push(before);
    } else if (word === 'endif' || word === 'endfor') this.#before.pop();
    else if (word !== undefined) return between + (this.#before.at(-1) ?? '');
    return undefined;
  }
}

/** The word before the first branch, at the sign of another one; undefined for every other word. */
export function branchedFrom(word: string): string | undefined {
  return word.startsWith(between) ? word.slice(between.length) : undefined;
}

/** After `{% if dev %}dev{% else %}prod{% endif %}` as a piece of a name; or `at`, where it is anything more. */
export function gluedEnd(text: string, at: number): number {
  const part = text.slice(at, at + longestGlued);
  if (!/^\{%[-+]?\s{0,20}if\b/.test(part)) return at;
  const mark = part.indexOf('endif');
  const end = mark < 0 ? -1 : part.indexOf('%}', mark);
  if (end < 0) return at;
  const pieces = part.slice(0, end + 2).split(/\{%|%\}/);
  const isName = pieces.every((piece, index) => index % 2 === 1 || /^[\w.{}-]*$/.test(piece));
  return isName ? at + end + 2 : at;
}
