// Mapped texts: a text put together from pieces of source, which knows where each of its characters stands and gives parts of itself as expressions.
import type { Argument, Expression, Span, TextExpression } from './expression.ts';
import { firstHole, isHole, lastHole } from './sql/tokens.ts';

/** A run of a literal: from `start` in the whole, and from `offset` in the literal. */
interface Run {
  readonly start: number;
  readonly offset: number;
  readonly text: TextExpression;
}

/** What is not written in it stands as one private character for each hole (`isHole`). */
export class MappedText {
  readonly text: string;
  readonly #runs: readonly Run[];
  readonly #holes: readonly Expression[];
  readonly #at: Span;

  /** Undefined where there is no text to read, or more holes than can be told apart. */
  static of(expression: Expression): MappedText | undefined {
    const builder = new Builder();
    builder.add(expression, 0);
    if (builder.text === '' || builder.holes.length > lastHole - firstHole) return undefined;
    return new MappedText(builder, expression.at);
  }

  private constructor({ text, runs, holes }: Builder, at: Span) {
    this.text = text;
    this.#runs = runs;
    this.#holes = holes;
    this.#at = at;
  }

  /** The characters from `from` to `to` as they are: one literal, or literals and holes side by side. */
  part(from: number, to: number): Expression {
    const parts = this.parts(from, to);
    const [only] = parts;
    if (only && parts.length === 1) return only;
    return { is: 'join', parts, at: this.span(from, to) };
  }

  parts(from: number, to: number): readonly Expression[] {
    const parts: Expression[] = [];
    for (let at = from; at < to; ) {
      const code = this.text.charCodeAt(at);
      if (isHole(code)) {
        parts.push(this.#holes[code - firstHole] ?? { is: 'unknown', at: this.#at });
        at++;
        continue;
      }
      const index = this.#runAt(at);
      const run = this.#runs[index];
      if (!run) break;
      let end = Math.min(to, this.#runs[index + 1]?.start ?? to);
      // A hole comes to an end before the next run begins.
      for (let look = at; look < end; look++) if (isHole(this.text.charCodeAt(look))) end = look;
      const offset = at - run.start + run.offset;
      parts.push(sliceOfText(run.text, offset, offset + end - at));
      at = end;
    }
    return parts;
  }

  /** What a private character of the text stands for. */
  hole(code: number): Expression | undefined {
    return this.#holes[code - firstHole];
  }

  span(from: number, to: number): Span {
    if (from >= to) return [...this.#point(from, false), ...this.#point(from, false)];
    return [...this.#point(from, false), ...this.#point(to - 1, true)];
  }

  #point(index: number, behind: boolean): readonly [number, number] {
    const code = this.text.charCodeAt(index);
    if (isHole(code)) {
      const at = this.#holes[code - firstHole]?.at ?? this.#at;
      return behind ? [at[2], at[3]] : [at[0], at[1]];
    }
    const run = this.#runs[this.#runAt(index)];
    return run ? pointIn(run.text, run.offset + index - run.start + (behind ? 1 : 0)) : [this.#at[0], this.#at[1]];
  }

  #runAt(index: number): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#runs[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const deepest = 40;

class Builder {
  text = '';
  readonly runs: Run[] = [];
  readonly holes: Expression[] = [];

  add(part: Expression, depth: number): void {
    if (depth > deepest) this.#hole(part);
    else if (part.is === 'text') this.#run(part, 0, part.value.length);
    else if (part.is === 'join') for (const inner of part.parts) this.add(inner, depth + 1);
    else if (part.is === 'hole' && part.of.is === 'text') this.add(part.of, depth + 1);
    else if (part.is === 'format' && part.template.is === 'text') this.#fill(part, part.template);
    else if (part.is === 'format') this.add(part.template, depth + 1);
    else this.#hole(part);
  }

  #hole(content: Expression): void {
    this.text += String.fromCharCode(Math.min(lastHole, firstHole + this.holes.length));
    this.holes.push(content);
  }

  #run(text: TextExpression, from: number, to: number): void {
    if (from >= to) return;
    this.runs.push({ start: this.text.length, offset: from, text });
    this.text += text.value.slice(from, to).replace(/[\ue000-\uf8ff]/g, '?');
  }

  /** What fills a mark stands where the mark is. */
  #fill({ style, values }: Expression & { is: 'format' }, template: TextExpression): void {
    const marks = style === 'percent' ? /%(?:\((\w+)\))?s/g : /\{\{|\}\}|\{([^{}]{0,100})\}/g;
    let at = 0;
    let position = 0;
    for (const match of template.value.matchAll(marks)) {
      const doubled = style === 'braces' && (match[0] === '{{' || match[0] === '}}');
      this.#run(template, at, match.index + (doubled ? 1 : 0));
      at = match.index + match[0].length;
      if (doubled) continue;
      const name = match[1] ?? '';
      const place: Span = [...pointIn(template, match.index), ...pointIn(template, at)];
      const given = givenFor(values, /^\d*$/.test(name) ? Number(name || position++) : name, place);
      this.#hole({ is: 'hole', of: given, at: place });
    }
    this.#run(template, at, template.value.length);
  }
}

/** `{0}`, `{name}`, `{name.part}`; a dict behind `%` has the names. */
function givenFor(values: readonly Argument[], key: number | string, at: Span): Expression {
  if (typeof key === 'number')
    return values.filter(({ keyword }) => keyword === undefined)[key]?.value ?? { is: 'unknown', at };
  const named = values.find(({ keyword }) => keyword === key)?.value;
  if (named) return named;
  const [only] = values;
  const dotted = /^\w+$/.test(key) ? undefined : /^(\w+)\.(\w+)$/.exec(key);
  const owner = dotted && values.find(({ keyword }) => keyword === dotted[1])?.value;
  if (owner) return { is: 'attribute', of: owner, name: dotted[2] ?? '', at };
  const spread =
    values.find(({ star }) => star === 2)?.value ??
    (values.length === 1 && only?.keyword === undefined ? only?.value : undefined);
  return spread ? { is: 'subscript', of: spread, key: { is: 'text', value: key, at }, at } : { is: 'unknown', at };
}

/** Index of the last mark at or before a character, as a multiple of three; -3 where there is none. */
function markBefore(marks: readonly number[], index: number): number {
  let low = -1;
  let high = Math.floor(marks.length / 3) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((marks[middle * 3] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low * 3;
}

function pointIn({ at, marks = [] }: TextExpression, index: number): readonly [number, number] {
  const mark = markBefore(marks, index);
  if (mark < 0) return [at[0], at[1] + index];
  return [marks[mark + 1] ?? at[0], (marks[mark + 2] ?? 0) + index - (marks[mark] ?? 0)];
}

/** A part of a literal as a literal of its own. */
function sliceOfText(text: TextExpression, from: number, to: number): TextExpression {
  const value = text.value.slice(from, to);
  const { marks = [] } = text;
  const start = pointIn(text, from);
  // The end is behind the last character, not before the one that a mark may put on another line.
  const last = pointIn(text, Math.max(from, to - 1));
  const at: Span = [...start, last[0], last[1] + (to > from ? 1 : 0)];
  const inside: number[] = [];
  for (let mark = markBefore(marks, from) + 3; mark < marks.length && (marks[mark] ?? 0) < to; mark += 3)
    inside.push((marks[mark] ?? 0) - from, marks[mark + 1] ?? 0, marks[mark + 2] ?? 0);
  return inside.length > 0 ? { is: 'text', value, at, marks: inside } : { is: 'text', value, at };
}

/** The whole of a file, or of its lines from `base` on: line 0 of the spans is `base`. */
export function textOfLines(
  text: string,
  starts: readonly number[],
  from: number,
  to: number,
  base: number,
): TextExpression {
  const marks: number[] = [];
  let line = base;
  while ((starts[line + 1] ?? Number.POSITIVE_INFINITY) <= from) line++;
  const first: readonly [number, number] = [line - base, from - (starts[line] ?? 0)];
  for (let next = line + 1; (starts[next] ?? Number.POSITIVE_INFINITY) < to; next++)
    marks.push((starts[next] ?? 0) - from, next - base, 0);
  const lastLine = line + marks.length / 3;
  const at: Span = [...first, lastLine - base, to - (starts[lastLine] ?? 0)];
  return { is: 'text', value: text.slice(from, to), at, marks };
}
