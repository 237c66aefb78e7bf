// Fixtures: what a parameter of a test is given by pytest: by its class, its file, or a conftest.py of a folder around it.
import type { Span } from '../expression.ts';
import { fixtureBinding } from '../python/fixtures.ts';
import { bindingsIn } from './bindings.ts';
import type { Evaluating } from './evaluating.ts';
import { callFunction } from './functions.ts';
import { boundValue, memberValue } from './names.ts';
import { type Env, textOfSegments, unknown, type Value } from './value.ts';

const mostFolders = 8;
const mostPlugins = 20;
/** Whoever asks says where it is seen. */
const nowhere: Span = [0, 0, 0, 0];

/** What the fixture gives back; `env` is inside the function that asks for it. Unknown when there is none of that name. */
export function fixtureValue(evaluator: Evaluating, name: string, env: Env): Value {
  return evaluator.fuelled(() => {
    const outside: Env = { ...env, given: undefined, self: undefined };
    const made = inClass(evaluator, name, env) ?? inFiles(evaluator, name, env);
    return made?.is === 'function'
      ? callFunction(evaluator, { ...made, yields: true }, [], outside, { is: 'unknown', at: nowhere })
      : unknown;
  }, unknown);
}

/** A fixture that asks for its own name means the one that it stands in for, further out. */
function inClass(evaluator: Evaluating, name: string, env: Env): Value | undefined {
  const { block } = env;
  for (let at = env.scope; block && at > 0; at = block.scopes[at]?.parent ?? 0) {
    if (block.scopes[at]?.sort !== 'class' || isAskedForByItself(name, env)) continue;
    const found = bindingsIn(block, at, fixtureBinding(name)).at(-1);
    if (found) return boundValue(evaluator, found.content, { ...env, scope: at, line: found.line });
  }
  return undefined;
}

function inFiles(evaluator: Evaluating, name: string, env: Env): Value | undefined {
  const { modules } = evaluator;
  if (!isAskedForByItself(name, env) || isInClass(env)) {
    const own = inFile(evaluator, env.uri, name);
    if (own) return own;
  }
  const nearest = modules.module(env.uri, 'conftest');
  for (let up = 0; nearest !== undefined && up < mostFolders; up++) {
    const uri = up === 0 ? nearest : modules.module(nearest, `.${'.'.repeat(up)}conftest`);
    const found = uri === undefined || uri === env.uri ? undefined : inFile(evaluator, uri, name);
    if (found) return found;
  }
  return undefined;
}

function isAskedForByItself(name: string, { block, scope }: Env): boolean {
  return block?.scopes[scope]?.name === name;
}

function isInClass({ block, scope }: Env): boolean {
  return block?.scopes[block.scopes[scope]?.parent ?? 0]?.sort === 'class';
}

/** Of the file itself, of what it imports, or of the plugins that it names. */
function inFile(evaluator: Evaluating, uri: string, name: string): Value | undefined {
  const own = memberValue(evaluator, uri, fixtureBinding(name));
  if (own.is === 'function') return own;
  for (const { binding } of evaluator.modules.bindings(uri, name)) {
    if (binding.sort !== 'imported' || binding.imported === undefined) continue;
    const found = inModule(evaluator, uri, binding.module ?? '', binding.imported);
    if (found) return found;
  }
  const plugins = memberValue(evaluator, uri, 'pytest_plugins');
  if (plugins.is !== 'list') return undefined;
  for (const item of plugins.items.slice(0, mostPlugins)) {
    const named = evaluator.value(item, plugins.env);
    const found = named.is === 'text' ? inModule(evaluator, uri, textOfSegments(named.segments), name) : undefined;
    if (found) return found;
  }
  return undefined;
}

function inModule(evaluator: Evaluating, from: string, module: string, name: string): Value | undefined {
  const uri = evaluator.modules.module(from, module);
  const found = uri === undefined || uri === from ? undefined : memberValue(evaluator, uri, fixtureBinding(name));
  return found?.is === 'function' ? found : undefined;
}
