// Evaluation: what an expression is worth, across the files of the workspace; says which names it read, and gives up on cycles.

import type { Argument, Expression } from '../expression.ts';
import { eachCall, written } from '../expression.ts';
import { attributeOf, attributeValue, classAround, ownValue } from './attributes.ts';
import type { Evaluating, Modules, PlacedEntry } from './evaluating.ts';
import { formatted } from './formats.ts';
import { callFunction } from './functions.ts';
import { dictMethod, externalCall, instanceCall, pathOf } from './knownCalls.ts';
import { itemOfRound, type Rounds } from './loops.ts';
import { nameValue } from './names.ts';
import { environmentAt, optionValue } from './options.ts';
import { inHole, isKnownInPart, literalSegments, seenAt, weakened } from './segments.ts';
import { textMethod } from './textMethods.ts';
import {
  type Certainty,
  type Env,
  joined,
  type Segment,
  textOfSegments,
  textValue,
  unknown,
  type Value,
} from './value.ts';

export type { ModuleBinding, Modules, PlacedSetting } from './evaluating.ts';

const deepest = 40;
const mostSteps = 3000;

/** Steps that several evaluations may still take together. */
export interface Fuel {
  left: number;
}

/** One for each site: its fuel is the site's. */
export class Evaluator implements Evaluating {
  readonly modules: Modules;
  #depth = 0;
  #steps = 0;

  readonly #shared: Fuel | undefined;
  readonly #rounds: Rounds | undefined;

  constructor(modules: Modules, shared?: Fuel, rounds?: Rounds) {
    this.modules = modules;
    this.#shared = shared;
    this.#rounds = rounds;
  }

  value(expression: Expression, env: Env): Value {
    return this.fuelled(() => this.#value(expression, env), unknown);
  }

  fuelled<Result>(read: () => Result, otherwise: Result): Result {
    if (this.#depth >= deepest || ++this.#steps > mostSteps) return otherwise;
    if (this.#shared && --this.#shared.left < 0) return otherwise;
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  segments(expression: Expression, env: Env): readonly Segment[] {
    const value = this.value(expression, env);
    if (value.is === 'text') return value.segments;
    if (expression.is === 'hole') return inHole(this.segments(expression.of, env), expression);
    const hole: Segment = { at: expression.at, certainty: 'literal', written: written(expression) };
    const isJinja = expression.is === 'setting' && expression.space === 'jinja';
    return [isJinja ? { ...hole, jinja: expression.name } : hole];
  }

  argument(args: readonly Argument[], keys: readonly (number | string)[], env: Env): Argument | undefined {
    for (const key of keys) {
      const direct = typeof key === 'number' ? positional(args, key) : args.find(({ keyword }) => keyword === key);
      if (direct) return direct;
      if (typeof key !== 'string') continue;
      for (const { value, star } of args) {
        if (star !== 2) continue;
        const spread = this.entry(this.value(value, env), key);
        if (!spread) continue;
        // A value that comes from elsewhere stands, here, where it is spread.
        const { at } = value;
        const seen: Expression = { is: 'subscript', of: value, key: { is: 'text', value: key, at }, at };
        return { value: value.is === 'dict' && spread.env === env ? spread.value : seen, keyword: key, star: 2 };
      }
    }
    return undefined;
  }

  entry(value: Value, key: string): PlacedEntry | undefined {
    if (value.is !== 'dict') return undefined;
    const { later = [] } = value;
    for (let index = later.length - 1; index >= 0; index--) {
      const put = later[index];
      const found = put && this.entry(put, key);
      if (found) return found;
    }
    for (let index = value.entries.length - 1; index >= 0; index--) {
      const entry = value.entries[index];
      if (!entry) continue;
      if (entry.key) {
        const name = entry.key.is === 'text' ? entry.key.value : this.#text(entry.key, value.env);
        if (name === key) return { value: entry.value, env: value.env };
        continue;
      }
      const inner = this.value(entry.value, value.env);
      const found = this.entry(inner, key);
      if (!found) continue;
      if (found.env === value.env) return found;
      // What is looked up from somewhere else is written from here.
      const { at } = entry.value;
      const seen: Expression = { is: 'subscript', of: entry.value, key: { is: 'text', value: key, at }, at };
      return { value: seen, env: value.env };
    }
    return undefined;
  }

  #text(expression: Expression, env: Env): string | undefined {
    const value = this.value(expression, env);
    return value.is === 'text' ? textOfSegments(value.segments) : undefined;
  }

  #value(expression: Expression, env: Env): Value {
    switch (expression.is) {
      case 'text':
        return textValue(literalSegments(expression));
      case 'join':
        return this.#join(expression.parts, env);
      case 'hole': {
        const value = this.value(expression.of, env);
        return value.is === 'text' ? textValue(inHole(value.segments, expression)) : value;
      }
      case 'path':
        return pathOf(this, expression.parts, env);
      case 'format':
        return formatted(this, expression, env);
      case 'name':
        return seenAt(nameValue(this, expression.name, env), expression);
      case 'attribute':
        return seenAt(attributeValue(this, expression, env), expression);
      case 'call':
        return this.#call(expression, env);
      case 'dict':
        return { is: 'dict', entries: expression.entries, env };
      case 'list':
        return { is: 'list', items: expression.items, env };
      case 'subscript':
        return seenAt(this.#subscript(expression, env), expression);
      case 'choice':
        return this.#choice(expression.options, env);
      case 'setting':
        return seenAt(this.#setting(expression, env), expression);
      default:
        return unknown;
    }
  }

  #choice(options: readonly Expression[], env: Env): Value {
    let best: Value = unknown;
    for (const option of options) {
      const value = this.value(option, env);
      // `session.get_current_database() or "main"`: what some call gives is not known.
      if (value.is !== 'unknown' && (best.is === 'unknown' || value.is === 'text')) best = value;
      if (best.is !== 'unknown' && best.is !== 'instance') break;
    }
    return options.length > 1 ? weakened(best, 'guess') : best;
  }

  /** Several values for one name, as of several targets, are none. */
  #setting({ space, name, otherwise }: Expression & { is: 'setting' }, env: Env): Value {
    const sure: Certainty = space === 'env' ? 'guess' : 'constant';
    const given = this.modules
      .settings(env.uri, space, name)
      .map(({ uri, setting: { value, line } }) =>
        weakened(this.value(value, { uri, scope: 0, line: 0, blockLine: line }), sure),
      );
    const [first] = given;
    if (!first) return otherwise ? weakened(this.value(otherwise, env), 'guess') : unknown;
    const text = (value: Value): string | undefined =>
      value.is === 'text' ? textOfSegments(value.segments) : undefined;
    return given.every((value) => text(value) === text(first)) ? first : unknown;
  }

  #join(parts: readonly Expression[], env: Env): Value {
    const [first] = parts;
    if (first && parts.length === 2 && first.is === 'name' && parts[1]?.is === 'list') return unknown;
    const segments = joined(parts.flatMap((part) => this.segments(part, env)));
    return isKnownInPart(segments) ? textValue(segments) : unknown;
  }

  #subscript({ of, key }: Expression & { is: 'subscript' }, env: Env): Value {
    const owner = this.value(of, env);
    const variable = environmentAt(this, owner, key, env);
    if (variable) return variable;
    if (owner.is !== 'dict' && owner.is !== 'list' && owner.is !== 'instance' && owner.is !== 'object') return unknown;
    const asked = this.value(key, env);
    if (asked.is !== 'text') return unknown;
    const name = textOfSegments(asked.segments);
    // A TypedDict.
    if (owner.is === 'object') {
      const given = this.argument(owner.args, [name], owner.env);
      return given ? weakened(this.value(given.value, owner.env), 'constant') : unknown;
    }
    if (owner.is === 'instance') {
      // `args, rest = parser.parse_known_args()`
      if (name === '0' && owner.path.endsWith('.parse_known_args')) return owner;
      return optionValue(this, owner, name) ?? unknown;
    }
    const item = owner.is === 'list' && /^\d{1,4}$/.test(name) ? owner.items[Number(name)] : undefined;
    const found = item ? { value: item, env: owner.env } : this.entry(owner, name);
    const sure = asked.segments.some(({ certainty }) => certainty === 'guess') ? 'guess' : 'constant';
    return found ? weakened(this.value(found.value, found.env), sure) : unknown;
  }

  #call(expression: Expression & { is: 'call' }, env: Env): Value {
    const { callee, args } = expression;
    if (callee.is === 'setting' && callee.space === 'dbtMacro') return this.#macro(callee, args, env);
    if (callee.is === 'name' && callee.name === eachCall) return itemOfRound(this, expression, env, this.#rounds);
    const own = callee.is === 'name' && callee.name === 'cls' ? classAround(env) : undefined;
    const called = own ?? (callee.is === 'attribute' ? this.#method(expression, callee, env) : this.value(callee, env));
    if (called.is === 'done') return called.value;
    switch (called.is) {
      case 'external':
        return externalCall(this, called.path, expression, env);
      case 'instance':
        return instanceCall(this, called, expression, env);
      case 'class':
        return { is: 'object', of: called, args, env };
      case 'function':
        return callFunction(this, called, args, env, expression);
      default:
        return callee.is === 'lambda' ? this.value(callee.gives, env) : unknown;
    }
  }

  /** What a macro of dbt hands on: `0 name` says which of its arguments. */
  #macro(callee: Expression, args: readonly Argument[], env: Env): Value {
    const [index, name = ''] = this.#text(callee, env)?.split(' ') ?? [];
    const given = index === undefined ? undefined : this.argument(args, [Number(index), name], env);
    return given ? this.value(given.value, env) : unknown;
  }

  /** What is called behind the dot, or what comes of it where that is known already. */
  #method(
    call: Expression & { is: 'call' },
    callee: Expression & { is: 'attribute' },
    env: Env,
  ): Value | { readonly is: 'done'; readonly value: Value } {
    const own = ownValue(this, callee, env);
    if (own) return own;
    const owner = this.value(callee.of, env);
    const value =
      owner.is === 'text'
        ? textMethod(this, owner, { name: callee.name, at: callee.at }, call.args, env)
        : owner.is === 'dict'
          ? dictMethod(this, owner, callee.name, call, env)
          : undefined;
    if (value) return { is: 'done', value };
    const [first] = call.args;
    // pydantic makes an object of a dict.
    if (owner.is === 'class' && first && /^(model_validate|parse_obj)$/.test(callee.name))
      return { is: 'done', value: { is: 'object', of: owner, args: [{ value: first.value, star: 2 }], env } };
    return attributeOf(this, owner, callee, env);
  }
}

function positional(args: readonly Argument[], index: number): Argument | undefined {
  let at = 0;
  for (const argument of args) {
    if (argument.star === 1) return undefined;
    if (argument.keyword !== undefined || argument.star) continue;
    if (at++ === index) return argument;
  }
  return undefined;
}
