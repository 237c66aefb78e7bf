// One statement of Python: what its header and its body say, statement by statement of the body.
import type { PythonNode } from '../../syntax/pythonTree.ts';
import type { Expression } from '../expression.ts';
import { assignedName } from '../rules/tables/assigned.ts';
import type { Binding, PlacedBlock, Scope, Site } from '../summary.ts';
import { declaredValue } from './annotations.ts';
import type { BlockBuilder } from './blockBuilder.ts';
import { mayHandNames } from './candidates.ts';
import { clickOption, hydraConfig } from './commandLine.ts';
import { sqlSitesOfMore } from './embeddedSql.ts';
import { ExpressionReader } from './expressions.ts';
import { askedFor, fixtureMade, isFixture, isTest } from './fixtures.ts';
import { readImport } from './imports.ts';
import { itemPut } from './items.ts';
import { eachOf, parametrized } from './loops.ts';
import type { Source } from './source.ts';
import { isValue } from './treeParts.ts';
import type { Wanted } from './wanted.ts';

/** Bodies in bodies. */
export const deepest = 100;

const statements = /Statement$|^(FunctionDefinition|ClassDefinition|StatementGroup|TypeDefinition)$/;

/** By the name of a node, of which the grammar has few. */
const known = new Map<string, boolean>();

export function isStatement({ name }: PythonNode): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const is = statements.test(name);
  known.set(name, is);
  return is;
}

/** Reads the statements of a body, each once. */
interface BlocksInside {
  blocks(container: PythonNode, base: number, depth: number): readonly PlacedBlock[];
}

/** Reads one statement, header and body, into a builder. */
export class OneStatement {
  readonly #statements: BlocksInside;
  readonly #source: Source;
  readonly #builder: BlockBuilder;
  readonly #wanted: Wanted;
  readonly #depth: number;

  constructor(statements: BlocksInside, source: Source, builder: BlockBuilder, wanted: Wanted, depth: number) {
    this.#statements = statements;
    this.#source = source;
    this.#builder = builder;
    this.#wanted = wanted;
    this.#depth = depth;
  }

  read(node: PythonNode, scope: number): void {
    switch (node.name) {
      case 'ExpressionStatement': {
        const [only, ...more] = node.children;
        // A text that stands alone is a docstring.
        if (only && (more.length > 0 || !/String$/.test(only.name))) this.#values(node.children, scope);
        return;
      }
      case 'AssignStatement':
        this.#assign(node, scope);
        return;
      case 'UpdateStatement':
        this.#update(node, scope);
        return;
      case 'ImportStatement':
        for (const binding of readImport(this.#source.slice(node), this.#source.span(node.from, node.to)))
          this.#builder.bind(binding, scope);
        return;
      case 'StatementGroup':
        for (const child of node.children) if (isValue(child)) this.read(child, scope);
        return;
      case 'FunctionDefinition':
        this.#function(node, scope);
        return;
      case 'ClassDefinition':
        this.#class(node, scope);
        return;
      case 'DecoratedStatement':
        this.#decorated(node, scope);
        return;
      case 'WithStatement':
        this.#with(node, scope);
        return;
      case 'ForStatement':
        this.#loop(node, scope);
        return;
      case 'ReturnStatement': {
        const values = node.children.filter(isValue);
        if (values.length > 0)
          this.#builder.bind({ name: '@return', sort: 'assigned', value: this.#reader(scope).readAll(values) }, scope);
        return;
      }
      case 'YieldStatement': {
        const values = node.children.filter(isValue);
        if (values.length === 0) return;
        const value = this.#reader(scope).readAll(values);
        if (!node.child('from')) this.#builder.bind({ name: '@yield', sort: 'assigned', value }, scope);
        return;
      }
      case 'IfStatement':
      case 'TryStatement':
      case 'MatchStatement':
        this.#rest(node.children, scope, true);
        return;
      default:
        if (isStatement(node)) this.#rest(node.children, scope);
        else this.#values([node], scope);
    }
  }

  #reader(scope: number, opens?: number): ExpressionReader {
    return new ExpressionReader(
      this.#source,
      this.#wanted,
      (site: Site) => this.#builder.site(site, scope, opens),
      (binding: Binding) => this.#builder.bind(binding, scope),
    );
  }

  #values(nodes: readonly PythonNode[], scope: number): void {
    const reader = this.#reader(scope);
    for (const node of nodes) if (isValue(node)) reader.read(node);
  }

  /** Headers and bodies of if, while, try, match and whatever has mistakes in it. */
  #rest(nodes: readonly PythonNode[], scope: number, branches = false): void {
    for (const node of nodes) {
      if (node.name === 'MatchBody' || node.name === 'MatchClause') this.#rest(node.children, scope, branches);
      else if (node.name === 'Body') this.#body(node, scope, branches);
      else if (isStatement(node)) this.read(node, scope);
      else if (node.name === 'Decorator') this.#reader(scope).readDecorator(node);
      else if (isValue(node)) this.#values([node], scope);
    }
  }

  #body(node: PythonNode, scope: number, isBranch = false): void {
    if (this.#depth > deepest) return;
    const nested = this.#statements.blocks(node, this.#source.base, this.#depth + 1);
    const lines = isBranch ? this.#lines(node) : undefined;
    for (const { line, block } of nested) this.#builder.merge(block, line, scope, lines);
  }

  #lines(node: PythonNode): readonly [number, number] {
    const [first] = this.#source.point(node.from);
    const [last] = this.#source.point(Math.max(node.from, node.to - 1));
    return [first, last];
  }

  #assign(node: PythonNode, scope: number): void {
    const groups: PythonNode[][] = [[]];
    for (const child of node.children) {
      if (child.name === 'AssignOp') groups.push([]);
      else if (isValue(child)) groups.at(-1)?.push(child);
    }
    const targets = groups.length > 1 ? groups.slice(0, -1) : groups;
    const values = groups.length > 1 ? (groups.at(-1) ?? []) : [];
    if (values.length === 0) {
      this.#declare(node, scope);
      return;
    }
    const value = this.#reader(scope).readAll(values);
    for (const target of targets) this.#bindTargets(target, value, scope, 'assigned');
    const [[name] = []] = targets;
    const named = name && assignedName(this.#source.slice(name));
    if (named) this.#builder.site({ site: 'name', value, ...named }, scope);
  }

  /** `name: str` without a value, or half typed. */
  #declare(node: PythonNode, scope: number): void {
    const [target] = node.children;
    const type = node.child('TypeDef');
    const name = target && type && targetName(target, this.#source);
    if (!name) return;
    const value = declaredValue(type.children.find(isValue), this.#source) ?? this.#source.unknown(target);
    this.#builder.bind({ name, sort: 'declared', value }, scope);
  }

  #bindTargets(targets: readonly PythonNode[], value: Expression, scope: number, sort: Binding['sort']): void {
    const [only] = targets;
    if (only && targets.length === 1) {
      if (only.name === 'TupleExpression' || only.name === 'ArrayExpression') {
        this.#bindTargets(only.children.filter(isValue), value, scope, sort);
        return;
      }
      const name = targetName(only, this.#source);
      if (name) this.#builder.bind({ name, sort, value }, scope);
      const item = name ? undefined : this.#item(only, value, scope);
      if (item) this.#builder.bind(item, scope);
      return;
    }
    targets.forEach((target, index) => {
      const matching = value.is === 'list' && value.items.length === targets.length ? value.items[index] : undefined;
      this.#bindTargets([target], matching ?? this.#itemOf(value, index, target), scope, sort);
    });
  }

  #item(target: PythonNode, value: Expression, scope: number): Binding | undefined {
    return itemPut(target, value, {
      slice: (node) => this.#source.slice(node),
      read: (node) => this.#reader(scope).read(node),
      at: this.#source.span(target.from, target.to),
    });
  }

  /** `name, rest = settings()` */
  #itemOf(value: Expression, index: number, target: PythonNode): Expression {
    if (!/^(call|name|attribute|subscript)$/.test(value.is)) return this.#source.unknown(target);
    const at = this.#source.span(target.from, target.to);
    return { is: 'subscript', of: value, key: { is: 'text', value: `${index}`, at }, at };
  }

  #update(node: PythonNode, scope: number): void {
    const [target, ...rest] = node.children;
    const values = rest.filter(isValue);
    if (!target || values.length === 0) return;
    const value = this.#reader(scope).readAll(values);
    const name = targetName(target, this.#source);
    const adds = this.#source.slice(rest[0] ?? target).trim() === '+=';
    if (!name) return;
    if (adds) for (const site of sqlSitesOfMore(value, name)) this.#builder.site(site, scope);
    const at = this.#source.span(target.from, target.to);
    const sum: Expression = { is: 'join', parts: [{ is: 'name', name, at }, value], at };
    this.#builder.bind({ name, sort: 'assigned', value: adds ? sum : { is: 'unknown', at } }, scope);
  }

  #loop(node: PythonNode, scope: number): void {
    const at = node.children.findIndex(({ name }) => name === 'in');
    const targets = node.children.slice(0, Math.max(0, at)).filter(isValue);
    const rest = node.children.slice(at + 1);
    const end = rest.findIndex(({ name }) => name === 'Body');
    const over = rest.slice(0, end < 0 ? rest.length : end).filter(isValue);
    const [first] = targets;
    if (!first || over.length === 0 || over.some(isStatement)) {
      for (const target of targets) this.#bindTargets([target], this.#source.unknown(target), scope, 'loop');
      this.#rest(rest, scope);
      return;
    }
    const items = eachOf(this.#reader(scope).readAll(over), '', this.#source.span(first.from, first.to));
    this.#bindTargets(targets, items, scope, 'loop');
    this.#rest(end < 0 ? [] : rest.slice(end), scope);
  }

  #with(node: PythonNode, scope: number): void {
    const inner = this.#builder.scope(this.#region(node, 'with', '', scope));
    const { children } = node;
    const reader = this.#reader(scope, inner);
    children.forEach((child, index) => {
      if (!isValue(child) || child.name === 'Body') return;
      if (children[index - 1]?.name === 'as') return;
      const value = reader.read(child);
      // `with dag:` opens what the variable was made with.
      if (value.is === 'name' || value.is === 'attribute') this.#builder.site({ site: 'open', value }, scope, inner);
      const named = children[index + 1]?.name === 'as' ? children[index + 2] : undefined;
      const name = named && targetName(named, this.#source);
      if (name) this.#builder.bind({ name, sort: 'assigned', value }, scope);
    });
    for (const child of children) if (child.name === 'Body') this.#body(child, inner);
  }

  #decorated(node: PythonNode, scope: number): void {
    const definition = node.children.find(({ name }) => name === 'FunctionDefinition' || name === 'ClassDefinition');
    const inner =
      definition &&
      (definition.name === 'ClassDefinition'
        ? this.#class(definition, scope)
        : this.#function(definition, scope, sortOf(node, this.#source)));
    const nameNode = definition?.child('VariableName');
    for (const decorator of node.children) {
      if (decorator.name !== 'Decorator') continue;
      const call = this.#reader(scope, inner).readDecorator(decorator);
      const last = call && 'name' in call.callee ? call.callee.name : '';
      const root = call && rootName(call.callee);
      const option = call && inner !== undefined ? clickOption(call.callee, call.args) : undefined;
      if (option && inner !== undefined) this.#builder.bind(option, inner);
      if (call && inner !== undefined)
        for (const one of parametrized(call.callee, call.args)) this.#builder.bind({ ...one, sort: 'loop' }, inner);
      const parameter = definition?.child('ParamList')?.child('VariableName');
      const given = call && parameter && hydraConfig(call.callee, call.args, this.#source.slice(parameter));
      if (given && inner !== undefined) this.#builder.bind(given, inner);
      if (nameNode && isFixture(this.#source.slice(decorator))) {
        const at = this.#source.span(nameNode.from, nameNode.to);
        this.#builder.bind(fixtureMade(call?.args ?? [], this.#source.slice(nameNode), at), scope);
      }
      if (!call || !nameNode) continue;
      if (!this.#wanted.names.has(last) && !this.#wanted.names.has(root ?? '')) {
        // A decorator of the workspace's own may hand its arguments on.
        if (mayHandNames(call.callee, call.args)) this.#builder.site({ site: 'call', ...call }, scope);
        continue;
      }
      const at = this.#source.span(nameNode.from, nameNode.to);
      const decorates = { name: this.#source.slice(nameNode), at };
      this.#builder.site({ site: 'call', ...call, decorates }, scope, inner);
    }
  }

  #function(node: PythonNode, scope: number, sort?: 'property' | 'fixture'): number | undefined {
    const nameNode = node.child('VariableName');
    if (!nameNode) {
      this.#rest(node.children, scope);
      return undefined;
    }
    const name = this.#source.slice(nameNode);
    const inner = this.#builder.scope(this.#region(node, 'function', name, scope));
    const own: Binding = { name, sort: 'function', value: this.#source.unknown(nameNode) };
    this.#builder.bind(sort === 'property' ? { ...own, property: true } : own, scope);
    const parameters = node.child('ParamList');
    if (parameters) this.#parameters(parameters, scope, inner, sort === 'fixture' || isTest(name));
    const type = declaredValue(node.child('TypeDef')?.children.find(isValue), this.#source);
    if (type) this.#builder.bind({ name: '@type', sort: 'declared', value: type }, inner);
    for (const child of node.children) if (child.name === 'Body') this.#body(child, inner);
    return inner;
  }

  /** `fixtures`: what nobody gives a default is asked for by its name. */
  #parameters(list: PythonNode, scope: number, inner: number, fixtures: boolean): void {
    const reader = this.#reader(scope);
    const { children } = list;
    children.forEach((child, index) => {
      if (child.name !== 'VariableName') return;
      if (children[index - 1]?.name === 'AssignOp') return;
      let next = index + 1;
      const annotation = children[next]?.name === 'TypeDef' ? children[next++]?.children.find(isValue) : undefined;
      const given = children[next]?.name === 'AssignOp' ? children[next + 1] : undefined;
      const default_ = given && isValue(given) ? reader.read(given) : undefined;
      const at = this.#source.span(child.from, child.to);
      const declared = declaredValue(annotation, this.#source);
      const instance = fixtures && !given ? askedFor(this.#source.slice(child), declared, at) : declared;
      const value = default_ && default_.is !== 'unknown' ? default_ : (instance ?? { is: 'unknown', at });
      const sign = children[index - 1]?.name;
      const star = sign === '*' ? 1 : sign === '**' ? 2 : undefined;
      const own: Binding = { name: this.#source.slice(child), sort: 'parameter', value };
      this.#builder.bind(star ? { ...own, star, value: { is: 'unknown', at } } : own, inner);
    });
  }

  #class(node: PythonNode, scope: number): number | undefined {
    const nameNode = node.child('VariableName');
    if (!nameNode) {
      this.#rest(node.children, scope);
      return undefined;
    }
    const name = this.#source.slice(nameNode);
    const reader = this.#reader(scope);
    const bases = (node.child('ArgList')?.children ?? [])
      .filter((child) => /^(VariableName|MemberExpression|CallExpression)$/.test(child.name))
      .map((child) => reader.read(child));
    const inner = this.#builder.scope({ ...this.#region(node, 'class', name, scope), bases });
    this.#builder.bind({ name, sort: 'class', value: this.#source.unknown(nameNode) }, scope);
    for (const child of node.children) if (child.name === 'Body') this.#body(child, inner);
    return inner;
  }

  #region(node: PythonNode, sort: Scope['sort'], name: string, parent: number): Scope {
    return { sort, name, parent, lines: this.#lines(node) };
  }
}

/** Whether reading the attribute calls the function, or pytest does. */
function sortOf(decorated: PythonNode, source: Source): 'property' | 'fixture' | undefined {
  const decorators = decorated.children.flatMap((child) => (child.name === 'Decorator' ? [source.slice(child)] : []));
  if (decorators.some((text) => /^@\s*(functools\.)?(cached_)?property\s*$/.test(text))) return 'property';
  return decorators.some(isFixture) ? 'fixture' : undefined;
}

/** `x`, or `self.x`; undefined for anything else that can be assigned to. */
function targetName(node: PythonNode, source: Source): string | undefined {
  if (node.name === 'VariableName') return source.slice(node);
  if (node.name !== 'MemberExpression') return undefined;
  const [owner, , property] = node.children;
  if (owner?.name !== 'VariableName' || property?.name !== 'PropertyName') return undefined;
  const self = source.slice(owner);
  return self === 'self' || self === 'cls' ? `self.${source.slice(property)}` : undefined;
}

function rootName(expression: Expression): string {
  let at = expression;
  while (at.is === 'attribute') at = at.of;
  return at.is === 'name' ? at.name : '';
}
