// Callee: which rules know a call, judged by what its callee turned out to be.

import { isSuperInit } from '../evaluation/attributes.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import type { ClassValue, Value } from '../evaluation/value.ts';
import type { Argument, Expression } from '../expression.ts';
import type { Pattern, Rule, RuleSet } from '../rules/rule.ts';

export interface Callee {
  readonly value: Value;
  /** Dotted name in its package: of a function, or of a method behind what made its owner. */
  readonly path: readonly string[];
  readonly imported: boolean;
  /** What is written before the last dot, its last name. */
  readonly hint: string;
  readonly method: boolean;
  /** What is written after the last dot, or alone. */
  readonly name: string;
  /** What is written before the last dot. */
  readonly owner?: Expression;
}

/**
 * What `expression`, with this value, calls; several for a class with several bases. None when it cannot be a call of a
 * tool. What the workspace itself defines is one to a team's own rules, and to those of a tool whose sources it holds.
 */
export function readCallees(expression: Expression, called: Value, evaluator: Evaluator): readonly Callee[] {
  const values = called.is === 'class' ? [called, ...basesOf(called, evaluator, 0)] : [called];
  // Constructors are known by the name of their class, wherever that stands.
  const method = expression.is === 'attribute' && called.is !== 'class' && !isSuperInit(expression);
  return values.flatMap((value) => calleeOf(expression, value, method) ?? []);
}

function calleeOf(expression: Expression, value: Value, method: boolean): Callee | undefined {
  const owner = expression.is === 'attribute' ? expression.of : undefined;
  const hint = owner === undefined ? '' : lastName(owner);
  const written = { hint, method, name: lastName(expression), ...(owner === undefined ? {} : { owner }) };
  switch (value.is) {
    case 'external':
      return { value, path: inPackage(value.path), imported: value.imported, ...written };
    case 'instance':
      return { value, path: value.path.split('.'), imported: true, ...written };
    case 'unknown':
    case 'text':
      return method ? { value, path: [], imported: false, ...written } : undefined;
    case 'function':
    case 'class':
      return { value, path: ownPath(value), imported: true, ...written };
    default:
      return undefined;
  }
}

/** Astronomer's package has the operators of Airflow's under their names, with `Async` behind. */
function inPackage(path: string): readonly string[] {
  if (!path.startsWith('astronomer.providers.')) return path.split('.');
  return `airflow${path.slice('astronomer'.length)}`.replace(/Async$/, '').split('.');
}

/** A workspace class that extends a class of a package is called like that class. */
function basesOf({ env, scope }: ClassValue, evaluator: Evaluator, hops: number): readonly Value[] {
  if (hops > mostBases) return [];
  return (env.block?.scopes[scope]?.bases ?? []).flatMap((base) => {
    const value = evaluator.value(base, env);
    if (value.is === 'class') return [value, ...basesOf(value, evaluator, hops + 1)];
    return value.is === 'external' ? [value] : [];
  });
}

const mostBases = 5;

/** Calls of one file stand together. */
let lastFile: { readonly uri: string; readonly path: readonly string[] } | undefined;

/** `acme/io.py` with a class `Lake` and its method `load`: `…acme.io.Lake.load`. */
function ownPath({ env, scope, name }: Value & { is: 'function' | 'class' }): readonly string[] {
  if (lastFile?.uri !== env.uri)
    lastFile = { uri: env.uri, path: env.uri.replace(/(\/__init__)?\.\w+$/, '').split('/') };
  const file = lastFile.path;
  const parent = env.block?.scopes[env.block.scopes[scope]?.parent ?? 0];
  return [...file, ...(parent?.sort === 'class' ? [parent.name] : []), name];
}

/** Among the names before the last one, from `spark` to `option` in `spark.read.option(…).parquet`. */
function isInChain(expression: Expression | undefined, name: string): boolean {
  let at = expression;
  for (let count = 0; at && count < 100; count++) {
    if ((at.is === 'name' || at.is === 'attribute') && at.name === name) return true;
    at = at.is === 'attribute' ? at.of : at.is === 'call' ? at.callee : undefined;
  }
  return false;
}

function lastName(expression: Expression): string {
  if (expression.is === 'name' || expression.is === 'attribute') return expression.name;
  return expression.is === 'call' ? lastName(expression.callee) : '';
}

export function matchingRules(last: string, callee: Callee, rules: RuleSet): readonly Rule[] {
  const above = callee.path.at(-2);
  const named = rules.patterns.get(last);
  const below = above === undefined ? undefined : rules.patterns.get(above);
  if (!named && !below) return none;
  const found: Rule[] = [];
  // A tool's own sources, or a copy of them: its rules know what stands in a folder of its name.
  const own = isOwn(callee) && !callee.path.slice(0, -1).some((part) => rules.roots.has(part));
  const add = (patterns: readonly Pattern[] | undefined, matches: (pattern: Pattern) => boolean): void => {
    for (const pattern of patterns ?? [])
      if (!found.includes(pattern.rule) && (pattern.rule.own || !own || isAnybodys(pattern)) && matches(pattern))
        found.push(pattern.rule);
  };
  add(named, (pattern) => pattern.sort !== 'below' && isMatch(pattern, callee));
  add(
    below,
    (pattern) => pattern.sort === 'below' && callee.imported && !isOwn(callee) && callee.path[0] === pattern.root,
  );
  return found;
}

const none: readonly Rule[] = [];

/** Those of any call that is given a keyword, or of a dict by its keys; what only checks, mocks or declares a call makes none. */
export function keywordRules(
  callee: Expression,
  args: readonly Argument[],
  { keywords, shapes }: RuleSet,
): readonly Rule[] {
  if (callee.is === 'dict') {
    const given = new Set(args.map(({ keyword }) => keyword));
    return shapes.flatMap(({ keys, rule }) => (keys.every((key) => given.has(key)) ? [rule] : []));
  }
  if (/^(assert_|add_argument$|call$)|Mock$/.test(lastName(callee))) return [];
  return args.flatMap(({ keyword }) => (keyword === undefined ? [] : (keywords.get(keyword) ?? [])));
}

/** Known by its name alone, so also when the workspace itself defines it. */
function isAnybodys({ sort, owner }: Pattern): boolean {
  return sort === 'class' || owner?.startsWith('*') === true;
}

/** Whether the workspace itself defines it. */
export function isOwn({ value }: Callee): boolean {
  return value.is === 'function' || value.is === 'class';
}

function isMatch(
  { sort, root, owner, within }: Pattern,
  { value, path, imported, hint, method, owner: before }: Callee,
): boolean {
  switch (sort) {
    case 'function':
      if (within && !within.every((part) => path.includes(part))) return false;
      if (value.is === 'function' || value.is === 'class')
        return root !== undefined && path.slice(0, -1).includes(root);
      if (value.is !== 'external') return false;
      // Without an import in sight, classes are known by their own name only, modules by theirs.
      if (path.length === 1) return root === undefined || (!imported && /^[A-Z]/.test(path[0] ?? ''));
      return path[0] === root;
    case 'method':
      if (value.is === 'function') return isOwner(path, owner);
      return value.is === 'instance' && isOwner(path, owner) && (root === undefined || path[0] === root);
    case 'hint':
      if (!method || (value.is === 'instance' && path.at(-2) !== owner)) return false;
      return isCalled(hint, owner ?? '');
    case 'chain':
      return method && (isInChain(before, owner ?? '') || path.slice(0, -1).includes(owner ?? ''));
    case 'class':
      return !method && (value.is === 'class' || value.is === 'external');
    case 'any':
      return method && !(value.is === 'external' && imported);
    default:
      return false;
  }
}

/** `*DeploymentClient`: any class whose name ends so. */
function isOwner(path: readonly string[], owner: string | undefined): boolean {
  const made = path.at(-2);
  return owner?.startsWith('*') ? (made?.endsWith(owner.slice(1)) ?? false) : made === owner;
}

/** `client`, `_client`, `mlflow_client`, `mlflowClient`. */
function isCalled(written: string, hint: string): boolean {
  const name = written.replace(/^_+/, '');
  if (name.toLowerCase() === hint.toLowerCase()) return true;
  return name.endsWith(`_${hint}`) || name.endsWith(`${hint.charAt(0).toUpperCase()}${hint.slice(1)}`);
}
