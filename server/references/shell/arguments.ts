// Arguments: the words of one command line with their values, told apart into options and positions.
import type { Expression } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import type { Program } from '../rules/commands/command.ts';

/** A word, or what stands behind the `=` of an option. */
export class CommandWord {
  readonly mapped: MappedText;
  readonly from: number;
  readonly to: number;

  static of(expression: Expression): CommandWord | undefined {
    const mapped = MappedText.of(expression);
    return mapped && new CommandWord(mapped);
  }

  constructor(mapped: MappedText, from = 0, to = mapped.text.length) {
    this.mapped = mapped;
    this.from = from;
    this.to = to;
  }

  /** Unknown pieces are one private character each. */
  get text(): string {
    return this.mapped.text.slice(this.from, this.to);
  }

  get expression(): Expression {
    return this.mapped.part(this.from, this.to);
  }

  /** By offsets into `text`. */
  part(from: number, to = this.to - this.from): CommandWord {
    return new CommandWord(this.mapped, this.from + from, this.from + to);
  }
}

export interface Arguments {
  readonly positions: readonly CommandWord[];
  /** All words that stand behind an option, in order, up to the next one; the first is its value. */
  readonly options: ReadonlyMap<string, readonly CommandWord[]>;
  /** Behind `--`. */
  readonly rest: readonly CommandWord[];
}

const mostWords = 5000;

export function readArguments(words: readonly CommandWord[], { flags = '', values, verbs = '' }: Program): Arguments {
  const positions: CommandWord[] = [];
  const options = new Map<string, CommandWord[]>();
  const bare = ` ${flags} `;
  const valued = values === undefined ? undefined : ` ${values} `;
  const dashed = ` ${verbs} `;
  let last: CommandWord[] | undefined;
  let awaited = false;
  for (let index = 0; index < Math.min(words.length, mostWords); index++) {
    const word = words[index];
    if (!word) continue;
    const { text } = word;
    if (text === '--') return { positions, options, rest: words.slice(index + 1) };
    if (/^-\D/.test(text) && !dashed.includes(` ${text} `)) {
      const equals = text.startsWith('--') ? text.indexOf('=') : -1;
      const name = equals < 0 ? text : text.slice(0, equals);
      last = options.get(name) ?? [];
      options.set(name, last);
      awaited = equals < 0 && (valued?.includes(` ${name} `) ?? !bare.includes(` ${name} `));
      if (equals >= 0) last.push(word.part(equals + 1));
    } else {
      last?.push(word);
      if (!awaited) positions.push(word);
      awaited = false;
    }
  }
  return { positions, options, rest: [] };
}
