// Shell words: what the scan finds in a text of shell, by offsets into that text.

/** A piece of a word, quotes taken off. */
export type Fragment =
  /** Stands there as it is. */
  | { readonly sort: 'run'; readonly from: number; readonly to: number }
  /** An escape: `\"` stands for `"`. */
  | { readonly sort: 'sign'; readonly from: number; readonly to: number; readonly value: string }
  /** `$X`, `${X:-default}`, `$(X)` of make. */
  | {
      readonly sort: 'variable';
      readonly from: number;
      readonly to: number;
      readonly name: string;
      readonly space: 'env' | 'make';
      readonly otherwise?: Word;
      /** `${X:=default}`: from here on it is the variable's own. */
      readonly keeps?: true;
    }
  /** `$(…)`, `$1`, `${X%.*}`. */
  | { readonly sort: 'unknown'; readonly from: number; readonly to: number };

export interface Word {
  readonly from: number;
  readonly to: number;
  readonly fragments: readonly Fragment[];
  /** Some of it stood in quotes. */
  readonly quoted?: true;
  /** Of `(a b c)`, which is not known as one word. */
  readonly items?: readonly Word[];
}

export interface Assignment {
  readonly name: string;
  readonly word: Word;
}

export interface Command {
  /** In front of the words: `X=1 train`; alone they are the shell's own. */
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  /** Bodies of `<<EOF` and `<<<`. */
  readonly inputs: readonly Word[];
}

/** The word as it stands, where it is one run; empty where it is put together. */
export function plainText(text: string, { fragments }: Word): string {
  let value = '';
  for (const fragment of fragments) {
    if (fragment.sort === 'run') value += text.slice(fragment.from, fragment.to);
    else if (fragment.sort === 'sign') value += fragment.value;
    else return '';
  }
  return value;
}
