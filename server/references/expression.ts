// Expression: the part of a file's code that can carry a name, as plain data; what it is worth is found out later, across files.

import type { SettingSpace } from './summary.ts';

/** `[line, column, endLine, endColumn]`, 0-based, lines counted from the first line of the statement it stands in. */
export type Span = readonly [line: number, column: number, endLine: number, endColumn: number];

export type Expression =
  | TextExpression
  | { readonly is: 'name'; readonly name: string; readonly at: Span }
  | { readonly is: 'attribute'; readonly of: Expression; readonly name: string; readonly at: Span }
  /** Parts put one after the other: f-strings, `+`, literals side by side. */
  | { readonly is: 'join'; readonly parts: readonly Expression[]; readonly at: Span }
  /** `{…}` in an f-string; `at` has the brackets in it. */
  | { readonly is: 'hole'; readonly of: Expression; readonly at: Span }
  /** Parts put together with one `/` between: `os.path.join`, `Path(…) / …`. */
  | { readonly is: 'path'; readonly parts: readonly Expression[]; readonly at: Span }
  /** `"…" % …` and `"…".format(…)`. */
  | {
      readonly is: 'format';
      readonly style: 'percent' | 'braces';
      readonly template: Expression;
      readonly values: readonly Argument[];
      readonly at: Span;
    }
  | { readonly is: 'call'; readonly callee: Expression; readonly args: readonly Argument[]; readonly at: Span }
  | { readonly is: 'dict'; readonly entries: readonly DictEntry[]; readonly at: Span }
  | { readonly is: 'list'; readonly items: readonly Expression[]; readonly at: Span }
  | { readonly is: 'subscript'; readonly of: Expression; readonly key: Expression; readonly at: Span }
  /** `a or b`, `a if c else b`: the first is what is used, as far as it is known. */
  | { readonly is: 'choice'; readonly options: readonly Expression[]; readonly at: Span }
  /** What a file gives a value to in a space of its own (`summary.ts`), else the value beside it: `env_var('X', 'dev')`, `${var.x}`. */
  | {
      readonly is: 'setting';
      readonly space: SettingSpace;
      readonly name: string;
      readonly otherwise?: Expression;
      readonly at: Span;
    }
  /** What it gives back when it is called. */
  | { readonly is: 'lambda'; readonly gives: Expression; readonly at: Span }
  | { readonly is: 'unknown'; readonly at: Span };

/** Not written in code: its one argument, of which an item is taken in each round of a loop; the keyword is the variable. */
export const eachCall = '@each';

export interface TextExpression {
  readonly is: 'text';
  readonly value: string;
  /** What stands between the quotes. */
  readonly at: Span;
  /** Where value and source stop running side by side (escapes, line ends): triples of index in value, line, column. */
  readonly marks?: readonly number[];
}

export interface Argument {
  readonly value: Expression;
  /** Absent for a positional one. */
  readonly keyword?: string;
  /** Where the keyword stands; only kept for `dict(…)`, where it is a name. */
  readonly keywordAt?: Span;
  /** `*args` and `**kwargs`. */
  readonly star?: 1 | 2;
}

export interface DictEntry {
  /** Absent for `**other`. */
  readonly key?: Expression;
  readonly value: Expression;
}

/** The source of an expression, as far as it can be told from what is kept of it. */
export function written(expression: Expression): string {
  switch (expression.is) {
    case 'text':
      return expression.value;
    case 'name':
      return expression.name;
    case 'attribute':
      return `${written(expression.of)}.${expression.name}`;
    case 'call':
      return variableOf(expression) ?? `${written(expression.callee)}(…)`;
    case 'subscript': {
      const variable = variableOf(expression.of);
      if (variable !== undefined && expression.key.is === 'text' && /^\d+$/.test(expression.key.value)) return variable;
      // What `**options` hands over is written as the options.
      // The key of a dict that is made for it is what is written where the value is used.
      if (expression.of.is === 'dict') return written(expression.key);
      return expression.key.at === expression.at ? written(expression.of) : `${written(expression.of)}[…]`;
    }
    case 'setting':
      return expression.name;
    case 'hole':
      return `{${written(expression.of)}}`;
    case 'join':
      return expression.parts.map(written).join('');
    default:
      return '…';
  }
}

/** Of a loop. */
function variableOf(expression: Expression): string | undefined {
  if (expression.is !== 'call' || expression.callee.is !== 'name' || expression.callee.name !== eachCall)
    return undefined;
  return expression.args[0]?.keyword;
}
