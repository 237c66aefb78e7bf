// Value: what an expression turned out to be; texts keep where each piece of them stands at the place of use.
import type { Argument, DictEntry, Expression, Span, TextExpression } from '../expression.ts';
import { pointInText } from '../python/embeddedSql.ts';
import type { Block } from '../summary.ts';

/** Weakest wins when pieces come together. */
export type Certainty = 'literal' | 'constant' | 'guess';

/** Absent text is unknown and stands as `*`. */
export interface Segment {
  readonly text?: string;
  /** Where it stands at the place of use. */
  readonly at: Span;
  /** Set when its characters stand there one by one, from this index of the literal on. */
  readonly literal?: TextExpression;
  readonly from?: number;
  readonly certainty: Certainty;
  /** What is written there, of a value that comes from elsewhere. */
  readonly written?: string;
  /** What Jinja fills in here, as it is written: `params.table`. */
  readonly jinja?: string;
  /** What a call gave to the function that is looked into. */
  readonly handed?: true;
  /** With the brackets of the hole it stands in; set where `at` is what is inside of them. */
  readonly outer?: Span;
}

/** Where a name is looked up from: a file, a block in it, a scope in that, and a line to look up from. */
export interface Env {
  readonly uri: string;
  readonly block?: Block;
  readonly scope: number;
  /** From the first line of the block; of the statement that the expression is in. */
  readonly line: number;
  /** 0-based, of the block's first line. */
  readonly blockLine: number;
  /** What the parameters of a called function were given. */
  readonly given?: Given;
  /** What `self` is, in a method that was called on something known. */
  readonly self?: ObjectValue;
}

/** What a call hands to the function whose scope this is. */
export interface Given {
  readonly block: Block;
  readonly scope: number;
  /** By parameter; found out when asked for. */
  readonly values: ReadonlyMap<string, () => Value>;
}

export type ClassValue = Value & { readonly is: 'class' };
export type ObjectValue = Value & { readonly is: 'object' };
export type DictValue = Value & { readonly is: 'dict' };
export type FunctionValue = Value & { readonly is: 'function' };

export type Value =
  | { readonly is: 'text'; readonly segments: readonly Segment[] }
  | {
      readonly is: 'dict';
      readonly entries: readonly DictEntry[];
      readonly env: Env;
      /** What was put in afterwards, in order, each where it stands: `config["table"] = "orders"`. */
      readonly later?: readonly DictValue[];
    }
  | { readonly is: 'list'; readonly items: readonly Expression[]; readonly env: Env }
  /** Something of a package that is not in the workspace: `mlflow.pyfunc`. */
  | {
      readonly is: 'external';
      readonly path: string;
      readonly imported: boolean;
      /** It may be a folder of the workspace: `a` of `import a.b`. */
      readonly folder?: true;
    }
  /** What a call made: `mlflow.MlflowClient`, with the call. */
  | {
      readonly is: 'instance';
      readonly path: string;
      readonly args: readonly Argument[];
      readonly env: Env;
      readonly owner?: Value;
    }
  | { readonly is: 'module'; readonly uri: string }
  | { readonly is: 'class'; readonly name: string; readonly scope: number; readonly env: Env }
  /** What a class of the workspace made, with the arguments of that call. */
  | { readonly is: 'object'; readonly of: ClassValue; readonly args: readonly Argument[]; readonly env: Env }
  | {
      readonly is: 'function';
      readonly name: string;
      readonly scope: number;
      readonly env: Env;
      /** What it is a method of. */
      readonly self?: ObjectValue;
      /** Arguments given beforehand: `partial(load, "churn")`. */
      readonly before?: { readonly args: readonly Argument[]; readonly env: Env };
      /** What it yields counts as what it gives back. */
      readonly yields?: true;
    }
  | { readonly is: 'unknown' };

export const unknown: Value = { is: 'unknown' };

export function textValue(segments: readonly Segment[]): Value {
  return { is: 'text', segments };
}

/** Neighbouring unknown pieces are one `*`. */
export function joined(segments: readonly Segment[]): readonly Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (segment.text === '') continue;
    if (segment.text === undefined && last && last.text === undefined) {
      const [line, column] = last.at;
      const { jinja: _jinja, ...both } = last;
      result[result.length - 1] = { ...both, at: [line, column, segment.at[2], segment.at[3]] };
    } else result.push(segment);
  }
  return result;
}

export function textOfSegments(segments: readonly Segment[]): string {
  let text = '';
  for (const segment of segments) text += segment.text ?? '*';
  return text;
}

/** The range in the source of the characters `from`..`to` of the value. A hole counts with its brackets, unless it is all. */
export function spanOfSegments(segments: readonly Segment[], from: number, to: number, whole: Span): Span {
  let offset = 0;
  const covered: { segment: Segment; offset: number; end: number }[] = [];
  for (const segment of segments) {
    const end = offset + (segment.text?.length ?? 1);
    if (offset < to && end > from) covered.push({ segment, offset, end });
    offset = end;
  }
  const first = covered[0];
  const last = covered.at(-1);
  if (!first || !last) return whole;
  const alone = covered.every(({ segment }) => segment.at === first.segment.at);
  const start = edge(first.segment, Math.max(0, from - first.offset), alone);
  const end = edge(last.segment, Math.min(to, last.end) - last.offset, alone);
  return [start[0], start[1], end[2], end[3]];
}

/** Where a piece begins and ends, seen at one of its characters. */
function edge({ literal, from = 0, at, outer = at }: Segment, index: number, alone: boolean): Span {
  if (!literal) return alone ? at : outer;
  const point = pointInText(literal, from + index);
  return [...point, ...point];
}
