// Variables: what the words of a script are worth as expressions, with the values that the same script gave its variables before.
import type { Expression, Span } from '../expression.ts';
import type { MappedText } from '../mapped.ts';
import { eachOf, mostRounds } from '../python/loops.ts';
import type { SettingSpace } from '../summary.ts';
import type { Fragment, Word } from './words.ts';

/** Values made of more pieces than that are no names. */
const largest = 40;
const mostSourced = 5;

/** What a script gives to those that `source` it. */
export function sourcedName(file: string, name: string): string {
  return `${file} ${name}`;
}

export class Variables {
  readonly #text: MappedText;
  readonly #values: Map<string, Expression>;
  readonly #sourced: string[] = [];

  /** What is given to variables is put into `values`. */
  constructor(text: MappedText, values = new Map<string, Expression>()) {
    this.#text = text;
    this.#values = values;
  }

  /** Names that are not given here come from that file first. */
  source(file: string): void {
    if (this.#sourced.length < mostSourced) this.#sourced.push(file);
  }

  assign(name: string, word: Word, space: 'env' | 'make' = 'env'): void {
    const value = this.expression(word);
    this.set(name, value && sizeOf(value) <= largest ? value : this.#unknown(word), space);
    if (word.items)
      this.#values.set(`${space} ${name}[]`, {
        is: 'list',
        items: this.#listed(word.items),
        at: this.#text.span(word.from, word.to),
      });
  }

  set(name: string, value: Expression, space: 'env' | 'make' = 'env'): void {
    this.#values.set(`${space} ${name}`, value);
  }

  /** What is in a loop's variable, or read from outside. */
  forget(name: string, word: Word): void {
    this.#values.set(`env ${name}`, this.#unknown(word));
  }

  /** `for t in orders visits`, `for t in $TABLES`, `for t in "${TABLES[@]}"`: one word after the other. */
  loop(name: string, words: readonly Word[], word: Word): void {
    const items = this.#listed(words);
    const known = items.length > 0 && items.every((item) => item.is !== 'unknown');
    const place = this.#text.span(word.from, word.to);
    const each: Expression = known ? eachOf({ is: 'list', items, at: place }, name, place) : this.#unknown(word);
    this.#values.set(`env ${name}`, each);
  }

  #listed(words: readonly Word[]): readonly Expression[] {
    return words.slice(0, mostRounds + 1).flatMap((word): readonly Expression[] => {
      const written = this.#text.text.slice(word.from, word.to);
      const [, array = ''] = /^"?\$\{(\w{1,100})\[[@*]\]\}"?$/.exec(written) ?? [];
      const list = array === '' ? undefined : this.#values.get(`env ${array}[]`);
      if (list?.is === 'list') return list.items;
      const [only] = word.fragments;
      const given =
        only?.sort === 'variable' && word.fragments.length === 1 && !word.quoted
          ? this.#values.get(`${only.space} ${only.name}`)
          : undefined;
      // Without quotes the shell makes words of it.
      if (given?.is === 'text')
        return given.value.split(/\s+/).flatMap((one) => (one === '' ? [] : [{ ...given, value: one }]));
      const value = word.quoted || !/[*?{}[\]]/.test(written) || given ? this.expression(word) : undefined;
      return [value && value.is !== 'hole' ? value : this.#unknown(word)];
    });
  }

  get values(): ReadonlyMap<string, Expression> {
    return this.#values;
  }

  /** Undefined for an empty word. */
  expression(word: Word): Expression | undefined {
    const parts = word.fragments.flatMap((fragment) => this.#parts(fragment));
    const [first] = parts;
    const last = parts.at(-1);
    if (!first || !last) return undefined;
    if (parts.length === 1) return first;
    return { is: 'join', parts, at: [first.at[0], first.at[1], last.at[2], last.at[3]] };
  }

  #parts(fragment: Fragment): readonly Expression[] {
    const { from, to } = fragment;
    const at = this.#text.span(from, to);
    switch (fragment.sort) {
      case 'run':
        return this.#text.parts(from, to);
      case 'sign':
        return [{ is: 'text', value: fragment.value, at }];
      case 'variable':
        return [this.#variable(fragment, at)];
      default:
        return [{ is: 'hole', of: { is: 'unknown', at }, at }];
    }
  }

  #variable({ name, space, otherwise, keeps }: Fragment & { sort: 'variable' }, at: Span): Expression {
    const value = this.#values.get(`${space} ${name}`);
    if (value)
      return value.is === 'unknown' ? { is: 'hole', of: value, at } : { is: 'hole', of: seenAs(name, value, at), at };
    const fallback = otherwise && this.expression(otherwise);
    let env = setting('env', name, at, fallback && sizeOf(fallback) <= largest ? fallback : undefined);
    for (const file of this.#sourced) env = setting('env', sourcedName(file, name), at, env);
    if (keeps) this.set(name, env);
    return { is: 'hole', of: space === 'make' ? setting('make', name, at, env) : env, at };
  }

  #unknown({ from, to }: Word): Expression {
    return { is: 'unknown', at: this.#text.span(from, to) };
  }
}

/** A value from elsewhere, standing where something else is written. */
export function seenAs(written: string, value: Expression, place: Span): Expression {
  // Pieces at the same span object would count as one that is written once.
  const at: Span = [...place];
  const key: Expression = { is: 'text', value: written, at };
  return { is: 'subscript', of: { is: 'dict', entries: [{ key, value }], at }, key, at };
}

export function setting(space: SettingSpace, name: string, at: Span, otherwise?: Expression): Expression {
  return otherwise ? { is: 'setting', space, name, otherwise, at } : { is: 'setting', space, name, at };
}

export function sizeOf(expression: Expression, budget = largest + 1): number {
  if (budget <= 0) return 1;
  switch (expression.is) {
    case 'join': {
      let size = 1;
      for (const part of expression.parts) {
        size += sizeOf(part, budget - size);
        if (size > budget) return size;
      }
      return size;
    }
    case 'hole':
      return 1 + sizeOf(expression.of, budget - 1);
    case 'subscript':
      return 1 + sizeOf(expression.of, budget - 1);
    case 'dict':
      return 1 + (expression.entries[0] ? sizeOf(expression.entries[0].value, budget - 1) : 0);
    case 'setting':
      return 1 + (expression.otherwise ? sizeOf(expression.otherwise, budget - 1) : 0);
    default:
      return 1;
  }
}
