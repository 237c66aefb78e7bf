// Names: what a name stands for where it is written: of the scopes around it, of the file, of what the file imports.
import type { Span } from '../expression.ts';
import { fixtureAskedFor } from '../python/fixtures.ts';
import { itemsBinding } from '../python/items.ts';
import { modulePath, searchPath } from '../python/searchPaths.ts';
import type { Binding, Block } from '../summary.ts';
import { bindingsIn, current, nameScope, scopeOf } from './bindings.ts';
import type { Evaluating, ModuleBinding } from './evaluating.ts';
import { fixtureValue } from './fixtures.ts';
import { weakened } from './segments.ts';
import { type DictValue, type Env, textOfSegments, textValue, unknown, type Value } from './value.ts';

const lastLine = Number.POSITIVE_INFINITY;
/** Whoever asks says where it is seen. */
const nowhere: Span = [0, 0, 0, 0];

export function nameValue(evaluator: Evaluating, name: string, env: Env): Value {
  if (name === '') return unknown;
  const fixture = fixtureAskedFor(name);
  if (fixture !== undefined) return fixtureValue(evaluator, fixture, env);
  const { block } = env;
  const start = block ? nameScope(block, env.scope) : 0;
  for (let scope = start; block && scope > 0; scope = nameScope(block, block.scopes[scope]?.parent ?? 0)) {
    if (block.scopes[scope]?.sort === 'class' && scope !== start) continue;
    const found = bindingsIn(block, scope, name);
    if (found.length === 0) continue;
    const at = current(found, scope === start ? env.line : lastLine);
    const given = at[0]?.content.sort === 'parameter' ? givenValue(env, block, scope, name) : undefined;
    if (given) return given;
    const values = at.map((one) => {
      const own = one.content.sort === 'parameter' ? givenValue(env, block, scope, name) : undefined;
      return own ?? bound(evaluator, one.content, { ...env, scope: one.scope, line: one.line });
    });
    const value = likeliest(values, env.given !== undefined);
    return withItems(evaluator, value, () =>
      itemsOf(bindingsIn(block, scope, itemsBinding(name)), at[0], scope === start ? env.line : lastLine).map(
        (one) => [one.content, { ...env, scope: one.scope, line: one.line }] as const,
      ),
    );
  }
  const inModule = evaluator.modules.bindings(env.uri, name);
  const line = start === 0 ? env.blockLine + env.line : lastLine;
  if (inModule.length > 0) return moduleValue(evaluator, { uri: env.uri, name, line }, inModule);
  if (name === '__file__') return ownFile(env.uri);
  return starred(evaluator, env.uri, name) ?? { is: 'external', path: name, imported: false };
}

/** Where the file lies is not the code's to say; its own name is. */
function ownFile(uri: string): Value {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  return textValue([
    { at: nowhere, certainty: 'constant' },
    { text: `/${name}`, at: nowhere, certainty: 'constant' },
  ]);
}

function givenValue({ given }: Env, block: Block, scope: number, name: string): Value | undefined {
  const value = given?.block === block && given.scope === scope ? given.values.get(name)?.() : undefined;
  if (value?.is !== 'text') return value;
  return textValue(value.segments.map((segment) => ({ ...segment, handed: true })));
}

/**
 * What is bound last counts; where that is in a branch and not known, what was bound before. In a function that is called,
 * the branch that does something with what it is given.
 */
function likeliest(values: readonly Value[], isCalled = false): Value {
  const handed = isCalled && values.length > 1 ? values.find(isHanded) : undefined;
  if (handed) return weakened(handed, 'guess');
  let best: Value | undefined;
  let sure = true;
  for (const value of values) {
    if (value.is === 'unknown' || (value.is === 'external' && !value.imported)) sure &&= best !== undefined;
    else if (!best) best = value;
    // Of two branches, the one that says all of a name says more.
    else if (textOf(best) !== textOf(value)) return weakened(isWhole(value) && !isWhole(best) ? value : best, 'guess');
  }
  return best ? (sure ? best : weakened(best, 'guess')) : (values[0] ?? unknown);
}

function isHanded(value: Value): boolean {
  return value.is === 'text' && value.segments.some((segment) => segment.handed);
}

function isWhole(value: Value): boolean {
  return value.is === 'text' && value.segments.every(({ text }) => text !== undefined);
}

function textOf(value: Value): string | undefined {
  return value.is === 'text' ? textOfSegments(value.segments) : undefined;
}

interface Asked {
  readonly uri: string;
  readonly name: string;
  /** Of the file. */
  readonly line: number;
}

function moduleValue(evaluator: Evaluating, { uri, name, line }: Asked, found: readonly ModuleBinding[]): Value {
  const candidates = current(found, line);
  const place = (one: ModuleBinding): readonly [Binding, Env] => {
    const { binding, block, blockLine, scope } = one;
    return [binding, { uri, block, scope, blockLine, line: one.line - blockLine }];
  };
  const value = likeliest(candidates.map((one) => bound(evaluator, ...place(one))));
  return withItems(evaluator, value, () =>
    itemsOf(evaluator.modules.bindings(uri, itemsBinding(name)), candidates[0], line).map(place),
  );
}

const mostItems = 60;

/** Those between the binding of the dict and a line. */
function itemsOf<One extends { readonly line: number }>(
  items: readonly One[],
  from: One | undefined,
  line: number,
): readonly One[] {
  if (items.length === 0 || !from) return [];
  return items.filter((item) => item.line >= from.line && item.line < line).slice(-mostItems);
}

/** A dict with what was put in later; a value of which nothing is known has only that. */
function withItems(evaluator: Evaluating, value: Value, items: () => readonly (readonly [Binding, Env])[]): Value {
  if (value.is !== 'dict' && value.is !== 'unknown') return value;
  const later = items().flatMap(([{ value: put }, env]): readonly DictValue[] => {
    const own = evaluator.value(put, env);
    return own.is === 'dict' ? [own] : [];
  });
  if (later.length === 0) return value;
  if (value.is === 'dict') return { ...value, later: [...(value.later ?? []), ...later] };
  const [first] = later;
  return first ? { is: 'dict', entries: [], env: first.env, later } : value;
}

function bound(evaluator: Evaluating, binding: Binding, env: Env): Value {
  switch (binding.sort) {
    case 'imported':
      return imported(evaluator, binding, env.uri);
    case 'loop':
      return binding.value.is === 'unknown' ? unknown : evaluator.value(binding.value, env);
    case 'function':
    case 'class': {
      const scope = scopeOf(binding, env);
      return scope === undefined ? unknown : { is: binding.sort, name: binding.name, scope, env };
    }
    case 'parameter':
      return weakened(evaluator.value(binding.value, env), 'guess');
    default:
      return weakened(evaluator.value(binding.value, env), 'constant');
  }
}

export { bound as boundValue };

function imported(evaluator: Evaluating, { module = '', imported: name, folder }: Binding, from: string): Value {
  const { modules } = evaluator;
  const path = name === undefined ? module : module.endsWith('.') ? `${module}${name}` : `${module}.${name}`;
  const whole = modules.module(from, path);
  if (whole !== undefined) return { is: 'module', uri: whole };
  if (name !== undefined) {
    const parent = modules.module(from, module);
    if (parent !== undefined) return memberValue(evaluator, parent, name);
  }
  if (module.startsWith('.')) return unknown;
  const added = fromSearchPaths(evaluator, { path, module, name }, from);
  if (added) return added;
  return { is: 'external', path, imported: true, ...(folder ? { folder } : {}) };
}

/** From a folder that the file itself adds to `sys.path`. */
function fromSearchPaths(
  evaluator: Evaluating,
  { path, module, name }: { readonly path: string; readonly module: string; readonly name: string | undefined },
  from: string,
): Value | undefined {
  const { modules } = evaluator;
  for (const { binding, block, blockLine, line, scope } of modules.bindings(from, searchPath).slice(0, mostPaths)) {
    const added = evaluator.value(binding.value, { uri: from, block, scope, blockLine, line: line - blockLine });
    if (added.is !== 'text') continue;
    const folder = textOfSegments(added.segments);
    const find = (of: string): string | undefined => {
      const place = modulePath(folder, of);
      return place === undefined ? undefined : modules.module(from, place);
    };
    const whole = find(path);
    if (whole !== undefined) return { is: 'module', uri: whole };
    const parent = name === undefined ? undefined : find(module);
    if (parent !== undefined && name !== undefined) return memberValue(evaluator, parent, name);
  }
  return undefined;
}

const mostPaths = 5;

/** `name` of a module of the workspace. */
export function memberValue(evaluator: Evaluating, uri: string, name: string): Value {
  return evaluator.fuelled(() => {
    const found = evaluator.modules.bindings(uri, name);
    if (found.length > 0) return moduleValue(evaluator, { uri, name, line: lastLine }, found);
    const submodule = evaluator.modules.module(uri, `.${name}`);
    if (submodule !== undefined) return { is: 'module', uri: submodule };
    return starred(evaluator, uri, name) ?? unknown;
  }, unknown);
}

/** From `from .names import *`; the last one that knows it. */
function starred(evaluator: Evaluating, uri: string, name: string): Value | undefined {
  const { modules } = evaluator;
  for (const { binding } of modules.bindings(uri, '*').toReversed()) {
    const from = modules.module(uri, binding.module ?? '');
    const value = from === undefined || from === uri ? unknown : memberValue(evaluator, from, name);
    if (value.is !== 'unknown') return value;
  }
  return undefined;
}
