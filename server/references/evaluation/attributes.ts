// Attributes: what stands behind a dot: of modules, classes of the workspace and what they made, `self`, and things of packages.
import type { Expression } from '../expression.ts';
import { itemsBinding } from '../python/items.ts';
import type { Block, PlacedBinding } from '../summary.ts';
import { bindingsIn, boundInMethods, current, selfBinding } from './bindings.ts';
import type { Evaluating } from './evaluating.ts';
import { callFunction, givenTo, parametersOf } from './functions.ts';
import { boundValue, memberValue } from './names.ts';
import { optionValue, settingsField } from './options.ts';
import { endingOf, lastPart, sliceOf, weakened } from './segments.ts';
import {
  type ClassValue,
  type DictValue,
  type Env,
  type Given,
  type ObjectValue,
  textOfSegments,
  textValue,
  unknown,
  type Value,
} from './value.ts';

export function attributeValue(evaluator: Evaluating, expression: Expression & { is: 'attribute' }, env: Env): Value {
  return (
    ownValue(evaluator, expression, env) ?? attributeOf(evaluator, evaluator.value(expression.of, env), expression, env)
  );
}

/** `self.x`, `cls.x` and `super().x`; undefined where that is not known. */
export function ownValue(
  evaluator: Evaluating,
  { of, name }: Expression & { is: 'attribute' },
  env: Env,
): Value | undefined {
  if (of.is === 'name' && (of.name === 'self' || of.name === 'cls')) return ofSelf(evaluator, name, env);
  if (of.is === 'call' && of.callee.is === 'name' && of.callee.name === 'super') return ofSuper(evaluator, name, env);
  return undefined;
}

export function attributeOf(
  evaluator: Evaluating,
  owner: Value,
  { of, name }: Expression & { is: 'attribute' },
  env: Env,
): Value {
  switch (owner.is) {
    case 'external': {
      const path = `${owner.path}.${name}`;
      const uri = owner.folder ? evaluator.modules.module(env.uri, path) : undefined;
      return uri === undefined ? { ...owner, path } : { is: 'module', uri };
    }
    case 'module':
      return memberValue(evaluator, owner.uri, name);
    case 'class': {
      const found = classAttribute(evaluator, owner, name);
      if (found) return found;
      const base = externalBase(evaluator, owner);
      return base === undefined ? unknown : { is: 'external', path: `${base}.${name}`, imported: true };
    }
    case 'object':
      return objectAttribute(evaluator, owner, name) ?? unknown;
    case 'text':
      if (name === 'stem') return withoutEnding(lastPart(owner.segments));
      if (name === 'name' && of.is === 'call') return lastPart(owner.segments);
      return name === 'value' ? owner : unknown;
    case 'dict': {
      const entry = evaluator.entry(owner, name);
      return entry ? weakened(evaluator.value(entry.value, entry.env), 'constant') : unknown;
    }
    case 'instance': {
      const found = fieldOf(evaluator, owner, name) ?? optionValue(evaluator, owner, name);
      if (found) return found;
      const { path, args, env: from, owner: maker } = owner;
      return { is: 'instance', path: `${path}.${name}`, args, env: from, ...(maker ? { owner: maker } : {}) };
    }
    default:
      return unknown;
  }
}

/** `Path(__file__).stem` */
function withoutEnding(value: Value): Value {
  if (value.is !== 'text') return value;
  const last = value.segments.at(-1);
  const ending = endingOf(textOfSegments(value.segments));
  if (ending === '' || !last?.text?.endsWith(ending)) return value;
  return textValue([...value.segments.slice(0, -1), sliceOf(last, 0, last.text.length - ending.length)]);
}

const namespaces = /(^|\.)(SimpleNamespace|Namespace|Munch|Box|ConfigBox|EasyDict|Bunch|AttrDict|DotMap|DotDict)$/;

/** `SimpleNamespace(table="orders").table`; things of packages, too, keep a name that they are made with: `dag.dag_id`. */
function fieldOf(evaluator: Evaluating, owner: Value & { is: 'instance' }, name: string): Value | undefined {
  const keys = name === 'dag_id' && /(^|\.)DAG$/.test(owner.path) ? [0, name] : [name];
  const argument = evaluator.argument(owner.args, keys, owner.env);
  const given = argument && evaluator.value(argument.value, owner.env);
  if (given && (given.is === 'text' || namespaces.test(owner.path))) return weakened(given, 'constant');
  if (!namespaces.test(owner.path)) return undefined;
  const first = evaluator.argument(owner.args, [0], owner.env);
  const value = first && evaluator.value(first.value, owner.env);
  const entry = value && evaluator.entry(value, name);
  return entry && weakened(evaluator.value(entry.value, entry.env), 'constant');
}

/** The class that the code stands in. */
export function classAround({ block, scope, ...env }: Env): ClassValue | undefined {
  for (let at = scope; block && at > 0; at = block.scopes[at]?.parent ?? 0) {
    const info = block.scopes[at];
    const outer: Env = { ...env, block, scope: info?.parent ?? 0, given: undefined, self: undefined };
    if (info?.sort === 'class') return { is: 'class', name: info.name, scope: at, env: outer };
  }
  return undefined;
}

function ofSelf(evaluator: Evaluating, name: string, env: Env): Value | undefined {
  const around = classAround(env);
  if (!around) return undefined;
  if (env.self) return objectAttribute(evaluator, env.self, name, env);
  // What it was made with is not known here; the defaults of its constructor are a guess.
  const object: ObjectValue = { is: 'object', of: around, args: [], env: around.env };
  const found = classAttribute(evaluator, around, name, { ofSelf: true, object, from: env });
  if (found) return found;
  const base = externalBase(evaluator, around);
  return base === undefined ? undefined : { is: 'instance', path: `${base}.${name}`, args: [], env: around.env };
}

function ofSuper(evaluator: Evaluating, name: string, env: Env): Value | undefined {
  const around = classAround(env);
  const object: ObjectValue | undefined =
    env.self ?? (around && { is: 'object', of: around, args: [], env: around.env });
  for (const base of around?.env.block?.scopes[around.scope]?.bases ?? []) {
    const value = around && evaluator.value(base, around.env);
    const found =
      value?.is === 'class' ? classAttribute(evaluator, value, name, { ofSelf: true, object, from: env }) : undefined;
    if (found) return found;
    const path = value?.is === 'external' ? value.path : value?.is === 'class' && externalBase(evaluator, value);
    if (!path) continue;
    // The constructor of a base is called like the base.
    if (name === '__init__') return { is: 'external', path, imported: true };
    return { is: 'instance', path: `${path}.${name}`, args: [], env };
  }
  return undefined;
}

function objectAttribute(evaluator: Evaluating, owner: ObjectValue, name: string, from?: Env): Value | undefined {
  const { of, args, env } = owner;
  const init = classAttribute(evaluator, of, '__init__');
  if (init?.is !== 'function') {
    const given = evaluator.argument(args, [name], env) ?? positionalField(owner, name);
    if (given) return weakened(evaluator.value(given.value, env), 'constant');
    const setting = settingsField(evaluator, owner, name, externalBase(evaluator, of));
    if (setting) return setting;
  }
  const found = classAttribute(evaluator, of, name, { ofSelf: true, object: owner, ...(from ? { from } : {}) });
  if (found) return found;
  const base = externalBase(evaluator, of);
  return base === undefined ? undefined : { is: 'instance', path: `${base}.${name}`, args, env };
}

/** Fields of a dataclass or NamedTuple are given in the order in which they are declared. */
function positionalField({ of, args }: ObjectValue, name: string): { readonly value: Expression } | undefined {
  const { block } = of.env;
  const fields = (block?.bindings ?? []).filter(
    ({ scope, content }) => scope === of.scope && (content.sort === 'assigned' || content.sort === 'declared'),
  );
  const index = fields.findIndex(({ content }) => content.name === name);
  const argument = index < 0 ? undefined : args[index];
  return argument && argument.keyword === undefined && !argument.star ? argument : undefined;
}

interface Asked {
  /** Attributes set on `self` come before those of the class. */
  readonly ofSelf?: boolean;
  readonly object?: ObjectValue | undefined;
  /** Where it is asked from; what is set in that very function above counts first. */
  readonly from?: Env;
}

/** Own attributes first, then those of the bases. */
export function classAttribute(
  evaluator: Evaluating,
  owner: ClassValue,
  name: string,
  asked: Asked = {},
): Value | undefined {
  const { block } = owner.env;
  if (!block) return undefined;
  return evaluator.fuelled(() => {
    const own = attributeBinding(block, owner, name, asked);
    if (own) return withOwnItems(evaluator, attributeBound(evaluator, block, own, owner, asked), block, owner, name);
    for (const base of block.scopes[owner.scope]?.bases ?? []) {
      const value = evaluator.value(base, owner.env);
      const inherited = value.is === 'class' ? classAttribute(evaluator, value, name, asked) : undefined;
      if (inherited) return inherited;
    }
    return undefined;
  }, undefined);
}

const mostItems = 60;

/** `self.config["table"] = …` in any method. */
function withOwnItems(
  evaluator: Evaluating,
  value: Value,
  block: Block,
  { scope, env }: ClassValue,
  name: string,
): Value {
  if (value.is !== 'dict') return value;
  const put = boundInMethods(block, scope, itemsBinding(`self.${name}`));
  const later = put.slice(-mostItems).flatMap((one): readonly DictValue[] => {
    const own = evaluator.value(one.content.value, { ...env, scope: one.scope, line: one.line });
    return own.is === 'dict' ? [own] : [];
  });
  return later.length > 0 ? { ...value, later: [...(value.later ?? []), ...later] } : value;
}

function attributeBinding(
  block: Block,
  { scope }: ClassValue,
  name: string,
  { ofSelf: self, from }: Asked,
): PlacedBinding | undefined {
  const near = self && from?.block === block ? bindingsIn(block, from.scope, `self.${name}`) : [];
  const here = near.findLast(({ line }) => line < (from?.line ?? 0));
  const ofClass = current(bindingsIn(block, scope, name), Number.POSITIVE_INFINITY)[0];
  const ofObject = here ?? selfBinding(block, scope, name);
  const found = self ? (ofObject ?? ofClass) : (ofClass ?? ofObject);
  return found?.content.sort === 'declared' && found.content.value.is === 'unknown' ? undefined : found;
}

function attributeBound(
  evaluator: Evaluating,
  block: Block,
  { content, scope, line }: PlacedBinding,
  owner: ClassValue,
  { object, from }: Asked,
): Value {
  const env: Env = { ...owner.env, scope, line, given: undefined, self: object };
  if (content.sort === 'function') {
    const found = boundValue(evaluator, content, { ...env, self: undefined });
    if (found.is !== 'function') return found;
    const method = object ? { ...found, self: object } : found;
    return content.property ? callFunction(evaluator, method, [], env, content.value) : method;
  }
  // What the constructor sets comes from what it was given.
  const made = object && block.scopes[scope]?.name === '__init__' && parametersOf(block, scope).length > 0;
  const given = made ? madeWith(evaluator, object, block, scope) : undefined;
  const value = boundValue(evaluator, content, { ...env, given });
  return object && !from && scope === owner.scope ? weakened(value, 'guess') : value;
}

/** What the constructor of this scope was given when the object was made, by way of `super().__init__(…)`. */
function madeWith(evaluator: Evaluating, object: ObjectValue, block: Block, scope: number): Given | undefined {
  let { of, args, env }: Pick<ObjectValue, 'of' | 'args' | 'env'> = object;
  for (let hops = 0; hops < mostBases; hops++) {
    const init = classAttribute(evaluator, of, '__init__');
    if (init?.is !== 'function' || !init.env.block) return undefined;
    const given = givenTo(evaluator, init, args, env);
    const own = init.env.block;
    if (own === block && init.scope === scope) return given;
    const up = own.sites.find(
      ({ scope: at, content }) => at === init.scope && content.site === 'call' && isSuperInit(content.callee),
    );
    const above = classAround({ ...init.env, scope: init.scope });
    const bases = (above?.env.block?.scopes[above.scope]?.bases ?? []).map((base) =>
      above ? evaluator.value(base, above.env) : unknown,
    );
    const next = bases.find((base) => base.is === 'class');
    if (up?.content.site !== 'call' || next?.is !== 'class') return undefined;
    ({ args } = up.content);
    env = { ...init.env, scope: up.scope, line: up.line, given, self: undefined };
    of = next;
  }
  return undefined;
}

/** `super().__init__` */
export function isSuperInit(callee: Expression): boolean {
  if (callee.is !== 'attribute' || callee.name !== '__init__' || callee.of.is !== 'call') return false;
  return callee.of.callee.is === 'name' && callee.of.callee.name === 'super';
}

const mostBases = 5;

/** The class of a package that a class of the workspace comes from in the end. */
export function externalBase(evaluator: Evaluating, owner: ClassValue): string | undefined {
  let at: Value = owner;
  for (let hops = 0; at.is === 'class' && hops < mostBases; hops++) {
    const { env, scope }: ClassValue = at;
    const bases: readonly Value[] = (env.block?.scopes[scope]?.bases ?? []).map((base) => evaluator.value(base, env));
    const next = bases.find(({ is }) => is === 'external') ?? bases.find(({ is }) => is === 'class');
    if (!next) return undefined;
    at = next;
  }
  return at.is === 'external' ? at.path : undefined;
}
