// Python expressions: from the tree to plain data, noting on the way every call and text that may name something.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Argument, DictEntry, Expression, Span } from '../expression.ts';
import type { Role } from '../reference.ts';
import type { Binding, Site } from '../summary.ts';
import { isAddressLike, isPathClass, isServingUrl, mayBeOwn, mayHandNames, verbRole } from './candidates.ts';
import { argparseOption } from './commandLine.ts';
import { embeddedShell, isCommandList } from './embeddedShell.ts';
import { handedTo, isTold, sqlIn, takesSql } from './embeddedSql.ts';
import { itemsPut } from './items.ts';
import { eachOf } from './loops.ts';
import { searchPathAdded } from './searchPaths.ts';
import type { Source } from './source.ts';
import { formatted, textOf } from './strings.ts';
import { clausesOf, type Hidden, hiddenBy, isValue, joinsPaths, leftSpine, tornOff } from './treeParts.ts';
import { viewMade } from './views.ts';
import { type Wanted, wants } from './wanted.ts';
import { widgetMade } from './widgets.ts';

interface Around {
  /** Last name of the call that this is an argument of. */
  readonly call?: string;
  readonly callee?: Expression;
  readonly role: Role;
  readonly under?: string;
  /** Inside of a text that is looked at as a whole. */
  readonly inText?: boolean;
  /** Names of comprehensions and lambdas around, whatever they are outside of them. */
  readonly hidden?: Hidden;
  readonly depth: number;
}

const deepest = 150;
const mostItems = 200;
const nothingAround: Around = { role: 'mentions', depth: 0 };

export class ExpressionReader {
  readonly source: Source;
  readonly #wanted: Wanted;
  readonly #note: (site: Site) => void;
  readonly #bind: (binding: Binding) => void;
  /** What stands in the tree in the place of something else, because a bracket is still open. */
  readonly #instead = new Map<PythonNode, Expression>();

  constructor(source: Source, wanted: Wanted, note: (site: Site) => void, bind: (binding: Binding) => void) {
    this.source = source;
    this.#wanted = wanted;
    this.#note = note;
    this.#bind = bind;
  }

  read(node: PythonNode): Expression {
    return this.#read(node, nothingAround);
  }

  /** Several nodes with commas between are a tuple. */
  readAll(nodes: readonly PythonNode[]): Expression {
    const values = nodes.filter(isValue);
    const [first] = values;
    if (first && values.length === 1) return this.read(first);
    const items = values.map((node) => this.read(node));
    return { is: 'list', items, at: this.#span(nodes[0] ?? first, nodes.at(-1)) };
  }

  /** `@task.sensor(poke_interval=5)`: the dotted name and the arguments after it. */
  readDecorator(node: PythonNode): { callee: Expression; args: readonly Argument[]; at: Span } | undefined {
    let callee: Expression | undefined;
    for (const child of node.children) {
      if (child.name !== 'VariableName' && child.name !== 'PropertyName') continue;
      const at = this.source.span(child.from, child.to);
      const name = this.source.slice(child);
      callee = callee ? { is: 'attribute', of: callee, name, at } : { is: 'name', name, at };
    }
    const list = node.child('ArgList');
    const last = callee && 'name' in callee ? callee.name : '';
    const args = list ? this.#arguments(list, { call: last, role: 'mentions', depth: 0 }) : [];
    return callee && { callee, args, at: this.#span(node, node) };
  }

  #span(first: PythonNode | undefined, last: PythonNode | undefined): Span {
    return this.source.span(first?.from ?? 0, (last ?? first)?.to ?? 0);
  }

  #read(node: PythonNode, around: Around): Expression {
    if (around.depth > deepest) return this.source.unknown(node);
    const torn = tornOff(node, this.source);
    if (torn && !this.#instead.has(torn.head)) {
      const head = this.#read(torn.head, around);
      this.#instead.set(torn.head, torn.name);
      this.#read(node, { role: 'mentions', depth: around.depth + 1 });
      return head;
    }
    const expression = this.#make(node, { ...around, depth: around.depth + 1 });
    if (!around.inText) this.#noteText(expression, around);
    return expression;
  }

  #noteText(expression: Expression, around: Around): void {
    if (isAddressLike(expression, around.call)) {
      const under = around.under === undefined ? {} : { under: around.under };
      this.#note({ site: 'text', value: expression, role: around.role, ...under });
      return;
    }
    this.#noteSql(expression, around);
    if (isTold(around.call, around.under)) return;
    for (const site of embeddedShell(expression, around.call, around.under)) this.#note(site);
  }

  #noteSql(expression: Expression, around: Around): void {
    if (isTold(around.call, around.under)) return;
    if (isServingUrl(expression)) {
      this.#note({ site: 'text', value: expression, role: 'reads' });
      return;
    }
    const known = (around.call !== undefined && this.#wanted.sqlNames.has(around.call)) || takesSql(around.under);
    const { sites, bindings } = sqlIn(expression, known);
    for (const site of handedTo(around.callee, sites)) this.#note(site);
    for (const binding of bindings) this.#bind(binding);
  }

  #make(node: PythonNode, around: Around): Expression {
    const instead = this.#instead.get(node);
    if (instead) return instead;
    const at = this.#span(node, node);
    switch (node.name) {
      case 'String':
        return textOf(node, this.source);
      case 'FormatString':
        return formatted(node, this.source, (hole) => this.#read(hole, { ...around, inText: true }));
      case 'ContinuedString': {
        const parts = node.children.map((child) => this.#read(child, { ...around, inText: true }));
        return { is: 'join', parts, at };
      }
      case 'VariableName': {
        const name = this.source.slice(node);
        const instead = around.hidden?.get(name);
        return instead ? { ...instead, at } : { is: 'name', name, at };
      }
      case 'ParenthesizedExpression':
      case 'AwaitExpression': {
        // As deep as brackets go: step by step, not by calls.
        let inner: PythonNode | undefined = node;
        while (inner && /^(Parenthesized|Await)Expression$/.test(inner.name))
          inner = inner.children.filter(isValue).at(-1);
        return inner ? this.#make(inner, around) : { is: 'unknown', at };
      }
      case 'NamedExpression': {
        const [target, inner] = node.children.filter(isValue);
        const value: Expression = inner ? this.#make(inner, around) : { is: 'unknown', at };
        if (target?.name === 'VariableName' && inner)
          this.#bind({ name: this.source.slice(target), sort: 'assigned', value });
        return value;
      }
      case 'MemberExpression':
        return this.#member(node, around, at);
      case 'CallExpression':
        return this.#call(node, around, at);
      case 'BinaryExpression':
        return this.#binary(node, around, at);
      case 'ConditionalExpression': {
        const [one, , other] = node.children.filter(isValue).map((child) => this.#read(child, around));
        return { is: 'choice', options: [one, other].flatMap((option) => option ?? []), at };
      }
      case 'ArrayExpression':
      case 'TupleExpression':
      case 'SetExpression': {
        const values = node.children.filter(isValue);
        // The words of a command are looked at as a whole.
        const inText = isCommandList(around.call, around.under);
        const items = values.slice(0, mostItems).map((child) => this.#read(child, { ...around, inText }));
        return { is: 'list', items, at };
      }
      case 'DictionaryExpression':
        return this.#dict(this.#entries(node, around), at);
      case 'Number':
        return { is: 'text', value: this.source.slice(node), at };
      case 'LambdaExpression': {
        const hidden = hiddenBy(node.child('ParamList')?.children ?? [], around, this.source);
        const body = node.children.filter(isValue).at(-1);
        const gives = body && body.name !== 'ParamList' ? this.#read(body, { ...inner(around), hidden }) : undefined;
        return gives ? { is: 'lambda', gives, at } : { is: 'unknown', at };
      }
      case 'ArrayComprehensionExpression':
      case 'DictionaryComprehensionExpression':
      case 'SetComprehensionExpression':
      case 'ComprehensionExpression': {
        const hidden = this.#variables(node, around);
        for (const child of node.children) if (isValue(child)) this.#read(child, { ...inner(around), hidden });
        return { is: 'unknown', at };
      }
      case 'Boolean':
      case 'None':
        for (const child of node.children) if (isValue(child)) this.#read(child, inner(around));
        return { is: 'unknown', at };
      default:
        for (const child of node.children) if (isValue(child)) this.#read(child, inner(around));
        return { is: 'unknown', at };
    }
  }

  /** Of a comprehension; what it goes through is read only here. */
  #variables(node: PythonNode, around: Around): Hidden {
    let hidden: Hidden = around.hidden ?? new Map();
    for (const { targets, over } of clausesOf(node)) {
      const items: Expression | undefined = over && this.#read(over, { ...inner(around), hidden });
      if (over && items) this.#instead.set(over, items);
      hidden = hiddenBy(targets, { hidden }, this.source, (name, path) => {
        const { at } = items ?? this.source.unknown(node);
        let value = items ? eachOf(items, name, at) : this.source.unknown(node);
        for (const index of path)
          if (value.is !== 'unknown')
            value = { is: 'subscript', of: value, key: { is: 'text', value: `${index}`, at }, at };
        return value;
      });
    }
    return hidden;
  }

  #member(node: PythonNode, around: Around, at: Span): Expression {
    const [owner, ...rest] = node.children;
    if (!owner) return { is: 'unknown', at };
    const of = this.#make(owner, around);
    const property = rest.find(({ name }) => name === 'PropertyName');
    if (property) return { is: 'attribute', of, name: this.source.slice(property), at };
    const key = rest.find(isValue);
    if (!key)
      return rest.some(({ name }) => name === '.') ? { is: 'attribute', of, name: '', at } : { is: 'unknown', at };
    return { is: 'subscript', of, key: this.#read(key, inner(around)), at };
  }

  #call(node: PythonNode, around: Around, at: Span): Expression {
    const [function_] = node.children;
    const list = node.child('ArgList');
    if (!function_) return { is: 'unknown', at };
    const callee = this.#make(function_, inner(around));
    const last = callee.is === 'name' || callee.is === 'attribute' ? callee.name : '';
    const role = verbRole(last) ?? 'mentions';
    // What only hands its argument on leaves it to the call around.
    const outer = isTransparent(last)
      ? { call: around.call, callee: around.callee, role: around.role }
      : { call: last, callee, role };
    // The parts of a path name nothing by themselves.
    const joins = last === 'join' && list !== undefined && joinsPaths(callee, list);
    const inText = joins || (around.inText && isTransparent(last));
    const args = list ? this.#arguments(list, { ...inner(around), ...outer, inText }) : [];
    if (last === 'format' && callee.is === 'attribute' && isText(callee.of))
      return { is: 'format', style: 'braces', template: callee.of, values: args, at };
    if (joins && !args.some(({ star }) => star)) return { is: 'path', parts: args.map(({ value }) => value), at };
    if (callee.is === 'attribute' && keepingSql.test(last) && !around.inText) this.#noteSql(callee.of, around);
    // `"aws s3 ls".split()` makes the words of a command.
    if (last === 'split' && callee.is === 'attribute' && isText(callee.of))
      for (const site of embeddedShell(callee.of, around.call, around.under)) this.#note(site);
    const option = argparseOption(callee, args);
    if (option) this.#bind(option);
    const view =
      viewMade(last, args) ?? widgetMade(callee, args) ?? searchPathAdded(callee, args) ?? itemsPut(callee, args);
    if (view) this.#bind(view);
    if (wants(this.#wanted, last, args) || mayHandNames(callee, args)) {
      const under = around.under === undefined ? {} : { under: around.under };
      this.#note({ site: 'call', callee, args, at, ...under });
    } else if (this.#wanted.uses && mayBeOwn(callee)) this.#note({ site: 'use', value: callee });
    return { is: 'call', callee, args, at };
  }

  #arguments(list: PythonNode, around: Around): readonly Argument[] {
    const args: Argument[] = [];
    let keyword: string | undefined;
    let keywordAt: Span | undefined;
    let star: 1 | 2 | undefined;
    const { children } = list;
    const hidden = children.some(({ name }) => name === 'for') ? this.#variables(list, around) : around.hidden;
    children.forEach((child, index) => {
      if (args.length >= mostItems) return;
      if (child.name === '*' || child.name === '**') star = child.name === '*' ? 1 : 2;
      else if (child.name === ',') {
        keyword = undefined;
        keywordAt = undefined;
        star = undefined;
      } else if (child.name === 'VariableName' && children[index + 1]?.name === 'AssignOp') {
        keyword = this.source.slice(child);
        if (around.call === 'dict') keywordAt = this.#span(child, child);
      } else if (isValue(child) && child.name !== 'AssignOp') {
        const value = this.#read(child, { ...around, under: keyword ?? around.under, ...(hidden ? { hidden } : {}) });
        args.push({
          value,
          ...(keyword === undefined ? {} : { keyword }),
          ...(star ? { star } : {}),
          ...(keywordAt ? { keywordAt } : {}),
        });
      }
    });
    return args;
  }

  #entries(node: PythonNode, around: Around): readonly DictEntry[] {
    const entries: DictEntry[] = [];
    let key: PythonNode | undefined;
    let spread = false;
    for (const child of node.children) {
      if (child.name === '**') spread = true;
      else if (child.name === ',') {
        key = undefined;
        spread = false;
      } else if (isValue(child) && entries.length < mostItems) {
        const value = this.#read(child, { ...around, inText: false });
        if (spread) entries.push({ value });
        else if (key === undefined) {
          key = child;
          entries.push({ key: value, value: this.source.unknown(child) });
        } else entries.push({ key: entries.pop()?.key, value });
      }
    }
    return entries;
  }

  /** A dict that rules know by its keys is a call of the dict itself, with them as keywords. */
  #dict(entries: readonly DictEntry[], at: Span): Expression {
    const args = entries.flatMap(({ key, value }): Argument[] =>
      key?.is === 'text' ? [{ value, keyword: key.value }] : [],
    );
    const given = new Set(args.map(({ keyword }) => keyword));
    if (this.#wanted.shapes.some(({ keys }) => keys.every((key) => given.has(key))))
      this.#note({ site: 'call', callee: { is: 'dict', entries: [], at }, args, at });
    return { is: 'dict', entries, at };
  }

  #binary(node: PythonNode, around: Around, at: Span): Expression {
    const parts = leftSpine(node, this.source);
    const [first, ...rest] = parts;
    if (!first) return { is: 'unknown', at };
    const sign = rest[0]?.sign ?? '';
    const same = rest.every((part) => part.sign === sign);
    const inText = sign === '+' || sign === '%' || sign === '/';
    const around_ = { ...around, inText: around.inText || inText };
    if (same && (sign === '+' || sign === '/')) {
      const values = parts.map((part) => this.#read(part.node, around_));
      // With a number in it, it is one.
      if (parts.some((part) => part.node.name === 'Number')) return { is: 'unknown', at };
      if (!values.some(isText) && sign === '+' && !values.some(mayBeText)) return { is: 'unknown', at };
      return { is: sign === '+' ? 'join' : 'path', parts: values, at };
    }
    const operands = node.children.filter(isValue);
    const [left, right] = operands;
    if (sign === '%' && rest.length === 1 && left && right) {
      const template = this.#read(left, around_);
      const value = this.#read(right, around_);
      const values = value.is === 'list' ? value.items : [value];
      if (isText(template))
        return { is: 'format', style: 'percent', template, values: values.map((one) => ({ value: one })), at };
      return { is: 'unknown', at };
    }
    // `A | B` of dicts; of anything else it has no value.
    if (sign === '|' && same) {
      const entries = parts.map((part) => ({ value: this.#read(part.node, inner(around)) }));
      return entries.some(({ value }) => value.is === 'text') ? { is: 'unknown', at } : { is: 'dict', entries, at };
    }
    // Assets that are all waited for: `RAW & (MORE | OTHER)`.
    if (same && sign === '&')
      return { is: 'list', items: parts.map((part) => this.#read(part.node, inner(around))), at };
    if (sign === 'or') return { is: 'choice', options: parts.map((part) => this.#read(part.node, around)), at };
    if (sign === '+' && left && right) {
      // Mixed operators: only the outermost is looked at.
      return { is: 'join', parts: [this.#read(left, around_), this.#read(right, around_)], at };
    }
    for (const part of parts) this.#read(part.node, inner(around));
    return { is: 'unknown', at };
  }
}

/** Arguments of operators and the like name nothing themselves. */
function inner(around: Around): Around {
  const { depth, under, hidden } = around;
  return { role: 'mentions', depth, under, ...(hidden ? { hidden } : {}) };
}

/** Methods of texts that leave SQL what it is. */
const keepingSql =
  /^(?:[lr]?strip|replace|encode|expandtabs|lower|upper|split|splitlines|format_map|removeprefix|removesuffix)$/;

/** Calls that make no other name of a text. */
function isTransparent(name: string): boolean {
  return name === 'str' || name === 'dedent' || name === 'cleandoc' || name === 'fspath' || isPathClass(name);
}

function isText(expression: Expression): boolean {
  return expression.is === 'text' || expression.is === 'join' || expression.is === 'format';
}

function mayBeText(expression: Expression): boolean {
  return expression.is === 'name' || expression.is === 'attribute' || expression.is === 'subscript';
}
