// Python: the values of simple expressions in a file (constants, f-strings, dicts, calls as written, imports of such); pure.
import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';

export type Value =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'number'; readonly number: number }
  | { readonly is: 'none' }
  | { readonly is: 'record'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly is: 'list'; readonly items: readonly Value[] }
  | {
      readonly is: 'call';
      readonly callee: string;
      readonly args: readonly Value[];
      readonly named: ReadonlyMap<string, Value>;
    }
  | { readonly is: 'module'; readonly module: Module }
  | { readonly is: 'unknown' };

export interface Import {
  readonly module: string;
  /** Absent for `import module`. */
  readonly name?: string;
}

export interface Module {
  readonly text: string;
  readonly tree: Tree;
  /** Module-level names → what is assigned to them last. */
  readonly bindings: ReadonlyMap<string, SyntaxNode>;
  readonly imports: ReadonlyMap<string, Import>;
}

/** Modules of the workspace by dotted name; undefined for all others. */
export type Modules = (name: string) => Module | undefined;

const unknown: Value = { is: 'unknown' };
const none: Value = { is: 'none' };

export function readModule(text: string): Module {
  const tree = parser.parse(text);
  const bindings = new Map<string, SyntaxNode>();
  const imports = new Map<string, Import>();
  for (const statement of children(tree.topNode)) {
    if (statement.name === 'AssignStatement') {
      const target = statement.firstChild;
      const value = statement.lastChild;
      if (target?.name === 'VariableName' && value) bindings.set(slice(text, target), value);
    }
    if (statement.name === 'ImportStatement') readImports(text.slice(statement.from, statement.to), imports);
  }
  return { text, tree, bindings, imports };
}

function readImports(statement: string, into: Map<string, Import>): void {
  const words = statement.replace(/\\\r?\n|[()]/g, ' ').replace(/#[^\n]*/g, ' ');
  const from = /^from\s+([\w.]+)\s+import\s+([\s\S]+)$/.exec(words);
  const module = from?.[1];
  for (const item of (from?.[2] ?? words.replace(/^import\s+/, '')).split(',')) {
    const [, name = '', as] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item) ?? [];
    if (!name) continue;
    if (module) into.set(as ?? name, { module, name });
    else into.set(as ?? name, { module: name });
  }
}

export function* children(node: SyntaxNode): Generator<SyntaxNode> {
  for (let child = node.firstChild; child; child = child.nextSibling) yield child;
}

export function slice(text: string, node: SyntaxNode): string {
  return text.slice(node.from, node.to);
}

/** Fuel bounds cycles and deep nesting: what costs more is `unknown`. */
export function evaluate(node: SyntaxNode, module: Module, modules: Modules, fuel = 40): Value {
  if (fuel <= 0) return unknown;
  const deeper = (child: SyntaxNode): Value => evaluate(child, module, modules, fuel - 1);
  switch (node.name) {
    case 'String':
      return stringValue(slice(module.text, node));
    case 'ContinuedString':
      return joined([...children(node)].map(deeper));
    case 'FormatString':
      return formatValue(node, module.text, deeper);
    case 'Number':
      return numberValue(slice(module.text, node));
    case 'None':
      return none;
    case 'ParenthesizedExpression':
      return node.firstChild?.nextSibling ? deeper(node.firstChild.nextSibling) : unknown;
    case 'VariableName':
      return lookUp(slice(module.text, node), module, modules, fuel - 1);
    case 'MemberExpression':
      return memberValue(node, module, modules, fuel - 1);
    case 'BinaryExpression':
      return binaryValue(node, module.text, deeper);
    case 'DictionaryExpression':
      return { is: 'record', entries: dictionaryEntries(node, deeper) };
    case 'ArrayExpression':
    case 'TupleExpression':
      return { is: 'list', items: [...children(node)].filter((child) => !/^[[\](),]$/.test(child.name)).map(deeper) };
    case 'CallExpression':
      return callValue(node, module, modules, fuel - 1);
    default:
      return unknown;
  }
}

function stringValue(written: string): Value {
  const match = /^([rRuUbB]{0,2})("""|'''|"|')([\s\S]*)\2$/.exec(written);
  if (!match) return unknown;
  const [, prefix = '', , body = ''] = match;
  return { is: 'text', text: /r/i.test(prefix) ? body : unescaped(body) };
}

function unescaped(body: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };
  return body.replace(/\\([\s\S])/g, (_, character: string) => named[character] ?? character);
}

function numberValue(written: string): Value {
  const number = Number(written.replaceAll('_', ''));
  return Number.isFinite(number) ? { is: 'number', number } : unknown;
}

function joined(values: readonly Value[]): Value {
  const texts = values.map(asText);
  return texts.every((text) => text !== undefined) ? { is: 'text', text: texts.join('') } : unknown;
}

export function asText(value: Value | undefined): string | undefined {
  if (value?.is === 'text') return value.text;
  return value?.is === 'number' ? String(value.number) : undefined;
}

function formatValue(node: SyntaxNode, text: string, deeper: (node: SyntaxNode) => Value): Value {
  const written = slice(text, node);
  const opening = /^[a-zA-Z]{1,2}("""|'''|"|')/.exec(written);
  if (!opening) return unknown;
  const parts: Value[] = [];
  let at = node.from + opening[0].length;
  const literal = (to: number): void => {
    parts.push({ is: 'text', text: unescaped(text.slice(at, to).replaceAll('{{', '{').replaceAll('}}', '}')) });
  };
  for (const hole of children(node)) {
    if (hole.name !== 'FormatReplacement') continue;
    literal(hole.from);
    const inside = hole.firstChild?.nextSibling;
    // A format or a conversion changes the text: `{x:>5}`, `{x!r}`.
    const plain = inside && inside.nextSibling?.name === '}';
    parts.push(plain ? deeper(inside) : unknown);
    at = hole.to;
  }
  literal(node.to - (opening[1]?.length ?? 1));
  return joined(parts);
}

function lookUp(name: string, module: Module, modules: Modules, fuel: number): Value {
  const bound = module.bindings.get(name);
  if (bound) return evaluate(bound, module, modules, fuel);
  const imported = module.imports.get(name);
  if (!imported) return unknown;
  if (imported.name === undefined) return moduleValue(modules(imported.module));
  const inside = modules(imported.module);
  const value = inside ? lookUp(imported.name, inside, modules, fuel - 1) : unknown;
  return value.is === 'unknown' ? moduleValue(modules(`${imported.module}.${imported.name}`)) : value;
}

function moduleValue(module: Module | undefined): Value {
  return module ? { is: 'module', module } : unknown;
}

function memberValue(node: SyntaxNode, module: Module, modules: Modules, fuel: number): Value {
  const dotted = slice(module.text, node).replace(/\s/g, '');
  const split = dotted.lastIndexOf('.');
  const property = dotted.slice(split + 1);
  const object = node.firstChild;
  if (split < 0 || !object) return indexValue(node, module, modules, fuel);
  const written = modules(dotted.slice(0, split));
  const imported = module.imports.has(dotted.slice(0, split));
  const owner = written && imported ? moduleValue(written) : evaluate(object, module, modules, fuel);
  return owner.is === 'module' ? lookUp(property, owner.module, modules, fuel) : unknown;
}

/** `settings["owner"]`. */
function indexValue(node: SyntaxNode, module: Module, modules: Modules, fuel: number): Value {
  const [object, , key] = [...children(node)];
  if (!object || !key) return unknown;
  const owner = evaluate(object, module, modules, fuel);
  const name = asText(evaluate(key, module, modules, fuel));
  return (owner.is === 'record' && name !== undefined && owner.entries.get(name)) || unknown;
}

function binaryValue(node: SyntaxNode, text: string, deeper: (node: SyntaxNode) => Value): Value {
  const { firstChild: left, lastChild: right } = node;
  const operator = left?.nextSibling ? slice(text, left.nextSibling) : '';
  if (!left || !right) return unknown;
  const [a, b] = [deeper(left), deeper(right)];
  if (a.is === 'number' && b.is === 'number') return arithmetic(operator, a.number, b.number);
  if (operator === '+' && a.is === 'text' && b.is === 'text') return joined([a, b]);
  if (operator === '|' && a.is === 'record' && b.is === 'record') {
    return { is: 'record', entries: new Map([...a.entries, ...b.entries]) };
  }
  return unknown;
}

function arithmetic(operator: string, a: number, b: number): Value {
  if (operator === '+') return { is: 'number', number: a + b };
  if (operator === '-') return { is: 'number', number: a - b };
  return operator === '*' ? { is: 'number', number: a * b } : unknown;
}

function dictionaryEntries(node: SyntaxNode, deeper: (node: SyntaxNode) => Value): Map<string, Value> {
  const entries = new Map<string, Value>();
  const parts = [...children(node)];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    const next = parts[index + 1];
    const value = parts[index + 2];
    if (part?.name === '**' && next) {
      const spread = deeper(next);
      if (spread.is === 'record') for (const [key, inner] of spread.entries) entries.set(key, inner);
      index += 1;
    } else if (part && next?.name === ':' && value) {
      const key = asText(deeper(part));
      if (key !== undefined) entries.set(key, deeper(value));
      index += 2;
    }
  }
  return entries;
}

export function callValue(node: SyntaxNode, module: Module, modules: Modules, fuel = 40): Value {
  const callee = node.firstChild;
  const list = node.getChild('ArgList');
  if (!callee || !list) return unknown;
  const read = argumentsOf(list, module, modules, fuel);
  const name = slice(module.text, callee).replace(/\s/g, '');
  if (name === 'dict') return { is: 'record', entries: read.named };
  return { is: 'call', callee: name, ...read };
}

export interface Arguments {
  readonly args: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export function argumentsOf(list: SyntaxNode, module: Module, modules: Modules, fuel = 40): Arguments {
  const args: Value[] = [];
  const named = new Map<string, Value>();
  const parts = [...children(list)].filter(({ name }) => !/^[(),]$/.test(name) && name !== 'Comment');
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index];
    const value = parts[index + 2];
    if (!part) continue;
    if (part.name === '**' || part.name === '*') {
      const spread = parts[index + 1] ? evaluate(parts[index + 1] as SyntaxNode, module, modules, fuel - 1) : unknown;
      if (spread.is === 'record') for (const [key, inner] of spread.entries) named.set(key, inner);
      index += 1;
    } else if (part.name === 'VariableName' && parts[index + 1]?.name === 'AssignOp' && value) {
      named.set(slice(module.text, part), evaluate(value, module, modules, fuel - 1));
      index += 2;
    } else args.push(evaluate(part, module, modules, fuel - 1));
  }
  return { args, named };
}
