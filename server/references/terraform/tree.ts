// Terraform tree: blocks and arguments of one chunk, their values as expressions; the one place that knows the grammar.
import type { SyntaxNode } from '@lezer/common';
import { hclLanguage } from 'codemirror-lang-hcl';
import type { DictEntry, Expression, Span } from '../expression.ts';
import { eachOf } from '../python/loops.ts';
import { heredocAt, masked, opensTemplate, quotedEnd, templateEnd } from './mask.ts';

export interface TerraformBlock {
  readonly type: string;
  readonly labels: readonly (Expression & { readonly is: 'text' })[];
  readonly arguments: readonly TerraformArgument[];
  readonly blocks: readonly TerraformBlock[];
}

export interface TerraformArgument {
  readonly name: string;
  readonly value: Expression;
}

/** What names of the language stand for: `var.env`, `local.bucket`, `aws_s3_bucket.raw.id`; undefined for what is not known. */
export type Lookup = (path: readonly string[], at: Span) => Expression | undefined;

const deepest = 40;
const mostItems = 2000;

/** `span`: offsets in the chunk as lines and columns. Never throws; what does not parse is left out. */
export function readTree(text: string, span: (from: number, to: number) => Span, lookup: Lookup): TerraformBlock {
  return new TreeReader({ text, span, lookup }, 0).root(text.length);
}

interface Source {
  readonly text: string;
  readonly span: (from: number, to: number) => Span;
  readonly lookup: Lookup;
}

/** In front of an expression that is parsed by itself. */
const front = 'a = ';

class TreeReader {
  readonly #source: Source;
  /** From offsets of the tree to those of the text. */
  readonly #shift: number;

  constructor(source: Source, shift: number) {
    this.#source = source;
    this.#shift = shift;
  }

  root(to: number): TerraformBlock {
    const { topNode } = hclLanguage.parser.parse(masked(this.#source.text, 0, to, false));
    return { type: '', labels: [], ...this.#body(topNode, 0) };
  }

  /** What stands in `${…}`. */
  inner(from: number, to: number, depth: number): Expression {
    const tree = hclLanguage.parser.parse(`${front}${masked(this.#source.text, from, to, true)}\n`);
    const value = tree.topNode.getChild('Body')?.getChild('Attribute')?.getChild('Expression');
    return value ? this.#value(value, depth) : { is: 'unknown', at: this.#source.span(from, to) };
  }

  #span(node: SyntaxNode): Span {
    return this.#source.span(node.from + this.#shift, node.to + this.#shift);
  }

  /** Arguments and blocks below a node, also where the tree is broken between. */
  #body(node: SyntaxNode, depth: number): Pick<TerraformBlock, 'arguments' | 'blocks'> {
    const found: TerraformArgument[] = [];
    const blocks: TerraformBlock[] = [];
    for (const child of children(node)) {
      if (child.name === 'Attribute') {
        const name = child.getChild('Identifier');
        const value = child.getChild('Expression');
        if (name && value) found.push({ name: this.#slice(name), value: this.#value(value, depth + 1) });
      } else if (depth < deepest && child.name === 'Block') {
        const type = child.getChild('BlockType');
        const labels = child.getChildren('BlockLabel').map((label) => this.#label(label));
        blocks.push({ type: type ? this.#slice(type) : '', labels, ...this.#body(child, depth + 1) });
      } else if (depth < deepest && (child.name === 'Body' || child.type.isError)) {
        const inner = this.#body(child, depth + 1);
        found.push(...inner.arguments);
        blocks.push(...inner.blocks);
      }
    }
    return { arguments: found, blocks };
  }

  #label(node: SyntaxNode): Expression & { is: 'text' } {
    const written = this.#slice(node);
    const quoted = written.startsWith('"') ? 1 : 0;
    const value = written.replace(/^"|"$/g, '');
    const from = node.from + this.#shift + quoted;
    return { is: 'text', value, at: this.#source.span(from, from + value.length) };
  }

  #slice({ from, to }: SyntaxNode): string {
    return this.#source.text.slice(from + this.#shift, to + this.#shift);
  }

  #value(node: SyntaxNode, depth: number): Expression {
    const at = this.#span(node);
    if (depth > deepest) return { is: 'unknown', at };
    const inner = children(node);
    const [first] = inner;
    switch (node.name) {
      case 'Expression':
      case 'ParenthesizedExpr':
        return this.#operand(node, inner, depth);
      case 'LiteralValue':
        return this.#plain(node, at);
      case 'CollectionValue':
        return first ? this.#value(first, depth + 1) : { is: 'unknown', at };
      case 'Tuple': {
        const items = node.getChildren('Expression').slice(0, mostItems);
        return { is: 'list', items: items.map((item) => this.#value(item, depth + 1)), at };
      }
      case 'Object': {
        const entries = node.getChildren('ObjectElem').slice(0, mostItems);
        return { is: 'dict', entries: entries.flatMap((entry) => this.#entry(entry, depth + 1)), at };
      }
      case 'FunctionCall':
        return this.#call(node, depth);
      case 'Conditional': {
        const [, ...options] = node.getChildren('Expression');
        return { is: 'choice', options: options.map((option) => this.#value(option, depth + 1)), at };
      }
      default:
        return { is: 'unknown', at };
    }
  }

  #plain(node: SyntaxNode, at: Span): Expression {
    const value = this.#slice(node);
    return /^-?[\d.]+$/.test(value) ? { is: 'text', value, at } : { is: 'unknown', at };
  }

  /** One thing, or a name with what is taken of it: `aws_s3_bucket.raw.id`, `var.sizes["a"]`. */
  #operand(node: SyntaxNode, parts: readonly SyntaxNode[], depth: number): Expression {
    const at = this.#span(node);
    const [first, ...rest] = parts.filter(({ name }) => name !== '(' && name !== ')');
    if (!first) return { is: 'unknown', at };
    const text = first.name === 'VariableExpr' ? this.#textAt(first, depth) : undefined;
    if (text) return rest.length === 0 ? text : { is: 'unknown', at };
    if (first.name !== 'VariableExpr') return rest.length === 0 ? this.#value(first, depth + 1) : { is: 'unknown', at };
    const path = [this.#slice(first)];
    for (const part of rest) {
      const name = part.name === 'GetAttr' ? part.getChild('Identifier') : undefined;
      const key = name ? this.#slice(name) : /^\[\s*"?([\w.-]*)"?\s*\]$/.exec(this.#slice(part))?.[1];
      if (key === undefined) return { is: 'unknown', at };
      // `aws_s3_bucket.raw[0].id` is one of several that are alike.
      if (part.name === 'GetAttr' || !/^\d+$/.test(key)) path.push(key);
    }
    for (let length = path.length; length > 1; length--) {
      const found = this.#source.lookup(path.slice(0, length), at);
      if (found) return path.slice(length).reduce((of, key) => this.#inside(of, key, at), found);
    }
    return { is: 'unknown', at };
  }

  /** `local.tables[count.index]` is one after the other, `local.buckets[each.key]` the one of this round. */
  #inside(of: Expression, key: string, at: Span): Expression {
    if (key === 'count.index') return eachOf(of, key, at);
    const round = key === 'each.key' || key === 'each.value' ? this.#source.lookup(key.split('.'), at) : undefined;
    return { is: 'subscript', of, key: round ?? { is: 'text', value: key, at }, at };
  }

  #entry(node: SyntaxNode, depth: number): readonly DictEntry[] {
    const [key, value] = [node.getChild('ObjectKey'), node.getChild('Expression')];
    if (!key || !value) return [];
    const bare = /^[A-Za-z_][\w-]*$/.test(this.#slice(key)) ? this.#slice(key) : undefined;
    const inside = key.getChild('Expression');
    const name: Expression | undefined =
      bare !== undefined
        ? { is: 'text', value: bare, at: this.#span(key) }
        : inside
          ? this.#value(inside, depth)
          : undefined;
    return name ? [{ key: name, value: this.#value(value, depth) }] : [];
  }

  #call(node: SyntaxNode, depth: number): Expression {
    const at = this.#span(node);
    const name = node.getChild('FunctionName');
    const list = node.getChild('FunctionArguments');
    const [first, ...rest] = (list?.getChildren('Expression') ?? []).map((one) => this.#value(one, depth + 1));
    if (!name || !first) return { is: 'unknown', at };
    switch (this.#slice(name)) {
      case 'format':
        return { is: 'format', style: 'percent', template: first, values: rest.map((value) => ({ value })), at };
      case 'join': {
        const [items] = rest;
        if (items?.is !== 'list') return { is: 'unknown', at };
        return { is: 'join', parts: items.items.flatMap((item, index) => (index > 0 ? [first, item] : [item])), at };
      }
      case 'lower':
      case 'upper':
        return { is: 'call', callee: { is: 'attribute', of: first, name: this.#slice(name), at }, args: [], at };
      case 'coalesce':
      case 'try':
        return { is: 'choice', options: [first, ...rest], at };
      case 'tostring':
      case 'toset':
      case 'tolist':
      case 'trimspace':
      case 'jsonencode':
      case 'yamlencode':
      case 'base64encode':
        return first;
      default:
        return { is: 'unknown', at };
    }
  }

  /** What was covered for the parser: a text in quotes, or a heredoc. */
  #textAt(node: SyntaxNode, depth: number): Expression | undefined {
    const { text } = this.#source;
    const from = node.from + this.#shift;
    if (text.charAt(from) === '"') {
      const end = quotedEnd(text, from, text.length);
      const closed = end - 1 > from && text.charAt(end - 1) === '"';
      return this.#template(from + 1, closed ? end - 1 : end, depth, false);
    }
    const heredoc = text.startsWith('<<', from) ? heredocAt(text, from, text.length) : undefined;
    return heredoc && this.#template(heredoc.from, heredoc.to, depth, true);
  }

  /** A text with its `${…}`. Lines are parts of their own, so that every character knows its line; escapes are taken off. */
  #template(from: number, to: number, depth: number, heredoc: boolean): Expression {
    const { text, span } = this.#source;
    const parts: Expression[] = [];
    let kept = from;
    const run = (end: number): void => {
      if (end > kept) parts.push({ is: 'text', value: text.slice(kept, end), at: span(kept, end) });
      kept = end;
    };
    for (let at = from; at < to; ) {
      const sign = text.charAt(at);
      if (sign === '\n') {
        at++;
        run(at);
      } else if (sign === '\\' && !heredoc && at + 1 < to) {
        run(at);
        const value = escapes[text.charAt(at + 1)] ?? text.charAt(at + 1);
        at += 2;
        parts.push({ is: 'text', value, at: span(kept, at) });
        kept = at;
      } else if (opensTemplate(text, at)) {
        run(at);
        at = Math.min(to, templateEnd(text, at, to));
        parts.push({ is: 'hole', of: this.#hole(kept, at, depth), at: span(kept, at) });
        kept = at;
      } else at++;
    }
    run(to);
    const [only] = parts;
    if (!only) return { is: 'text', value: '', at: span(from, from) };
    return parts.length === 1 ? only : { is: 'join', parts, at: span(from, to) };
  }

  #hole(from: number, to: number, depth: number): Expression {
    const { text, span } = this.#source;
    const at = span(from, to);
    if (depth > deepest || text.charAt(from) === '%') return { is: 'unknown', at };
    const start = from + (text.charAt(from + 2) === '~' ? 3 : 2);
    const end = to - (text.charAt(to - 2) === '~' ? 2 : 1);
    if (start >= end || end - start > longestHole) return { is: 'unknown', at };
    return new TreeReader(this.#source, start - front.length).inner(start, end, depth + 5);
  }
}

const longestHole = 2000;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}
