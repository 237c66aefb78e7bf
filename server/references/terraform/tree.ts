// Terraform tree: blocks and arguments of one chunk, their values as expressions; the one place that knows the grammar.
import type { SyntaxNode } from '@lezer/common';
import { hclLanguage } from 'codemirror-lang-hcl';
import type { DictEntry, Expression, Span } from '../expression.ts';

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
  return new TreeReader(text, span, lookup).root();
}

class TreeReader {
  readonly #text: string;
  readonly #span: (from: number, to: number) => Span;
  readonly #lookup: Lookup;

  constructor(text: string, span: (from: number, to: number) => Span, lookup: Lookup) {
    this.#text = text;
    this.#span = span;
    this.#lookup = lookup;
  }

  root(): TerraformBlock {
    const { topNode } = hclLanguage.parser.parse(this.#text);
    return { type: '', labels: [], ...this.#body(topNode, 0) };
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
    const from = node.from + quoted;
    return { is: 'text', value, at: this.#span(from, from + value.length) };
  }

  #slice({ from, to }: SyntaxNode): string {
    return this.#text.slice(from, to);
  }

  #value(node: SyntaxNode, depth: number): Expression {
    const at = this.#span(node.from, node.to);
    if (depth > deepest) return { is: 'unknown', at };
    const inner = children(node);
    const [first] = inner;
    switch (node.name) {
      case 'Expression':
      case 'ParenthesizedExpr':
        return this.#operand(node, inner, depth);
      case 'LiteralValue':
        return first?.name === 'StringLit' ? this.#template(first, depth) : this.#plain(node, at);
      case 'StringLit':
      case 'QuotedTemplate':
      case 'HeredocTemplate':
        return this.#template(node, depth);
      case 'TemplateExpr':
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
    const at = this.#span(node.from, node.to);
    const [first, ...rest] = parts.filter(({ name }) => name !== '(' && name !== ')');
    if (!first) return { is: 'unknown', at };
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
      const found = this.#lookup(path.slice(0, length), at);
      if (found) {
        return path
          .slice(length)
          .reduce<Expression>((of, key) => ({ is: 'subscript', of, key: { is: 'text', value: key, at }, at }), found);
      }
    }
    return { is: 'unknown', at };
  }

  #entry(node: SyntaxNode, depth: number): readonly DictEntry[] {
    const [key, value] = [node.getChild('ObjectKey'), node.getChild('Expression')];
    if (!key || !value) return [];
    const bare = /^[A-Za-z_][\w-]*$/.test(this.#slice(key)) ? this.#slice(key) : undefined;
    const inside = key.getChild('Expression');
    const name: Expression | undefined =
      bare !== undefined
        ? { is: 'text', value: bare, at: this.#span(key.from, key.to) }
        : inside
          ? this.#value(inside, depth)
          : undefined;
    return name ? [{ key: name, value: this.#value(value, depth) }] : [];
  }

  #call(node: SyntaxNode, depth: number): Expression {
    const at = this.#span(node.from, node.to);
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

  /** Texts in quotes and heredocs, with their `${…}`. */
  #template(node: SyntaxNode, depth: number): Expression {
    const heredoc = node.name === 'HeredocTemplate';
    const parts: Expression[] = [];
    let from = node.to;
    let to = node.from;
    for (const child of children(node)) {
      if (child.name === 'TemplateLiteral') {
        // A heredoc begins behind its first line end.
        const skip = heredoc && parts.length === 0 ? (/^\r?\n/.exec(this.#slice(child))?.[0].length ?? 0) : 0;
        parts.push(...this.#literal(child.from + skip, child.to, heredoc));
      } else if (child.name === 'TemplateInterpolation') {
        const at = this.#span(child.from, child.to);
        const value = child.getChild('Expression');
        parts.push({ is: 'hole', of: value ? this.#value(value, depth + 1) : { is: 'unknown', at }, at });
      } else if (/^TemplateDirective|^TemplateIf|^TemplateFor/.test(child.name)) {
        const at = this.#span(child.from, child.to);
        parts.push({ is: 'hole', of: { is: 'unknown', at }, at });
      } else continue;
      from = Math.min(from, child.from);
      to = Math.max(to, child.to);
    }
    if (from >= to) return { is: 'text', value: '', at: this.#span(node.to, node.to) };
    const [only] = parts;
    if (only && parts.length === 1) return only;
    return { is: 'join', parts, at: this.#span(from, to) };
  }

  /** Lines of their own, so that every character knows its line; escapes of quoted texts are taken off. */
  #literal(from: number, to: number, heredoc: boolean): readonly Expression[] {
    const parts: Expression[] = [];
    let at = from;
    const run = (end: number): void => {
      if (end > at) parts.push({ is: 'text', value: this.#text.slice(at, end), at: this.#span(at, end) });
    };
    for (let index = from; index < to; index++) {
      const sign = this.#text.charAt(index);
      if (sign === '\n') {
        run(index + 1);
        at = index + 1;
      } else if (sign === '\\' && !heredoc && index + 1 < to) {
        run(index);
        const next = this.#text.charAt(index + 1);
        const value = next === 'n' ? '\n' : next === 't' ? '\t' : next === 'r' ? '\r' : next;
        parts.push({ is: 'text', value, at: this.#span(index, index + 2) });
        index++;
        at = index + 1;
      }
    }
    run(to);
    return parts;
  }
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}
