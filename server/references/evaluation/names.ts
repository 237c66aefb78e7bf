// Names: what a name stands for where it is written: of the scopes around it, of the file, of what the file imports.
import type { Span } from '../expression.ts';
import { fixtureAskedFor } from '../python/fixtures.ts';
import type { Binding, Block } from '../summary.ts';
import { bindingsIn, current, nameScope, scopeOf } from './bindings.ts';
import type { Evaluating, ModuleBinding } from './evaluating.ts';
import { fixtureValue } from './fixtures.ts';
import { weakened } from './segments.ts';
import { type Env, textOfSegments, textValue, unknown, type Value } from './value.ts';

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
    return likeliest(at.map((one) => bound(evaluator, one.content, { ...env, scope: one.scope, line: one.line })));
  }
  const inModule = evaluator.modules.bindings(env.uri, name);
  const line = start === 0 ? env.blockLine + env.line : lastLine;
  if (inModule.length > 0) return moduleValue(evaluator, current(inModule, line), env.uri);
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
  return given?.block === block && given.scope === scope ? given.values.get(name)?.() : undefined;
}

/** What is bound last counts; where that is in a branch and not known, what was bound before. */
function likeliest(values: readonly Value[]): Value {
  let best: Value | undefined;
  let sure = true;
  for (const value of values) {
    if (value.is === 'unknown' || (value.is === 'external' && !value.imported)) sure &&= best !== undefined;
    else if (!best) best = value;
    else if (textOf(best) !== textOf(value)) return weakened(best, 'guess');
  }
  return best ? (sure ? best : weakened(best, 'guess')) : (values[0] ?? unknown);
}

function textOf(value: Value): string | undefined {
  return value.is === 'text' ? textOfSegments(value.segments) : undefined;
}

function moduleValue(evaluator: Evaluating, candidates: readonly ModuleBinding[], uri: string): Value {
  return likeliest(
    candidates.map(({ binding, line, block, blockLine, scope }) =>
      bound(evaluator, binding, { uri, block, scope, blockLine, line: line - blockLine }),
    ),
  );
}

function bound(evaluator: Evaluating, binding: Binding, env: Env): Value {
  switch (binding.sort) {
    case 'imported':
      return imported(evaluator, binding, env.uri);
    case 'loop':
      return unknown;
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
  return { is: 'external', path, imported: true, ...(folder ? { folder } : {}) };
}

/** `name` of a module of the workspace. */
export function memberValue(evaluator: Evaluating, uri: string, name: string): Value {
  return evaluator.fuelled(() => {
    const found = evaluator.modules.bindings(uri, name);
    if (found.length > 0) return moduleValue(evaluator, current(found, lastLine), uri);
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
