// Evaluation: what an expression is worth, across the files of the workspace; says which names it read, and gives up on cycles.

import type { Argument, Expression } from '../expression.ts';
import { written } from '../expression.ts';
import type { Binding, Block, Setting, SettingSpace } from '../summary.ts';
import { bindingsIn, lastBefore, nameScope, scopeOf, selfBinding } from './bindings.ts';
import { externalCall, pathOf, textMethod } from './knownCalls.ts';
import { holeAt, inHole, isKnownInPart, literalSegments, seenAt, sliceOf, weakened } from './segments.ts';
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

/** A name bound at the level of a module, with the line it is bound at. */
export interface ModuleBinding {
  readonly binding: Binding;
  readonly line: number;
  readonly block: Block;
  readonly blockLine: number;
  readonly scope: number;
}

/** What evaluation may ask of other files; every answer is noted as read. */
export interface Modules {
  /** Bindings of a name at the top level of a file, in the order of the text. */
  bindings(uri: string, name: string): readonly ModuleBinding[];
  /** The file of a module as imported from a file: `churn.settings`, `.settings`. */
  module(from: string, name: string): string | undefined;
  /** What files around `from` give a name of a space; those nearest to it, all that are equally near. */
  settings(from: string, space: SettingSpace, name: string): readonly PlacedSetting[];
}

export interface PlacedSetting {
  readonly uri: string;
  readonly setting: Setting;
}

const deepest = 40;
const mostSteps = 3000;

/** One for each site: its fuel is the site's. */
export class Evaluator {
  readonly #modules: Modules;
  #depth = 0;
  #steps = 0;

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  value(expression: Expression, env: Env): Value {
    if (this.#depth >= deepest || ++this.#steps > mostSteps) return unknown;
    this.#depth++;
    try {
      return this.#value(expression, env);
    } finally {
      this.#depth--;
    }
  }

  /** Pieces of a text; an unknown value is one unknown piece. */
  segments(expression: Expression, env: Env): readonly Segment[] {
    const value = this.value(expression, env);
    if (value.is === 'text') return value.segments;
    if (expression.is === 'hole') return inHole(this.segments(expression.of, env), expression);
    return [{ at: expression.at, certainty: 'literal', written: written(expression) }];
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
        return { value: value.is === 'dict' ? spread : seen, keyword: key, star: 2 };
      }
    }
    return undefined;
  }

  /** The value of one key of a dict. */
  entry(value: Value, key: string): Expression | undefined {
    if (value.is !== 'dict') return undefined;
    for (let index = value.entries.length - 1; index >= 0; index--) {
      const entry = value.entries[index];
      if (!entry) continue;
      if (!entry.key) {
        const inner = this.value(entry.value, value.env);
        const found = this.entry(inner, key);
        if (found) return found;
      } else if (entry.key.is === 'text' && entry.key.value === key) return entry.value;
    }
    return undefined;
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
        return this.#format(expression, env);
      case 'name':
        return seenAt(this.#name(expression.name, env), expression);
      case 'attribute':
        return seenAt(this.#attribute(expression, env), expression);
      case 'call':
        return this.#call(expression, env);
      case 'dict':
        return { is: 'dict', entries: expression.entries, env };
      case 'list':
        return { is: 'list', items: expression.items, env };
      case 'subscript':
        return seenAt(this.#subscript(expression, env), expression);
      case 'choice': {
        for (const option of expression.options) {
          const value = this.value(option, env);
          if (value.is !== 'unknown') return expression.options.length > 1 ? weakened(value, 'guess') : value;
        }
        return unknown;
      }
      case 'setting':
        return seenAt(this.setting(expression, env), expression);
      default:
        return unknown;
    }
  }

  /** Several values for one name, as of several targets, are none. */
  setting({ space, name, otherwise }: Expression & { is: 'setting' }, env: Env): Value {
    const sure: Certainty = space === 'env' ? 'guess' : 'constant';
    const given = this.#modules
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

  #format({ style, template, values }: Expression & { is: 'format' }, env: Env): Value {
    const value = this.value(template, env);
    if (value.is !== 'text') return unknown;
    const hole =
      style === 'percent' ? /%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?([sdifrxeg%])/g : /\{\{|\}\}|\{(\w*)([^{}]*)\}/g;
    let position = 0;
    const fill = (name: string | undefined): Expression | undefined => {
      if (name !== undefined && name !== '' && !/^\d+$/.test(name)) {
        const named = values.find(({ keyword }) => keyword === name)?.value;
        if (named) return named;
        const [only] = values;
        return only ? this.entry(this.value(only.value, env), name) : undefined;
      }
      const index = name ? Number(name) : position++;
      return values.filter(({ keyword }) => keyword === undefined)[index]?.value;
    };
    const segments = value.segments.flatMap((segment) => {
      if (segment.text === undefined) return [segment];
      const pieces: Segment[] = [];
      let from = 0;
      for (const match of segment.text.matchAll(hole)) {
        pieces.push(sliceOf(segment, from, match.index));
        from = match.index + match[0].length;
        if (match[0] === '{{' || match[0] === '}}')
          pieces.push({ text: match[0].charAt(0), at: segment.at, certainty: segment.certainty });
        else if (match[2] === '%') pieces.push({ text: '%', at: segment.at, certainty: segment.certainty });
        else {
          const filled = fill(match[1]);
          const plain = style === 'percent' ? match[2] === 's' : match[2] === '';
          const pieceAt = holeAt(segment, match.index, match[0].length);
          // What fills a hole stands where the hole is.
          const seen = (text: string | undefined, certainty: Certainty): Segment => ({
            ...(text === undefined ? {} : { text }),
            at: pieceAt,
            certainty: certainty === 'literal' ? 'constant' : certainty,
            written: match[0],
          });
          if (filled && plain)
            pieces.push(...this.segments(filled, env).map(({ text, certainty }) => seen(text, certainty)));
          else pieces.push(seen(undefined, 'literal'));
        }
      }
      pieces.push(sliceOf(segment, from, segment.text.length));
      return pieces;
    });
    const result = joined(segments);
    return isKnownInPart(result) ? textValue(result) : unknown;
  }

  #name(name: string, env: Env): Value {
    if (name === '' || env.given?.has(name)) return env.given?.get(name) ?? unknown;
    const { block } = env;
    const start = block ? nameScope(block, env.scope) : 0;
    for (let scope = start; block && scope > 0; scope = nameScope(block, block.scopes[scope]?.parent ?? 0)) {
      if (block.scopes[scope]?.sort === 'class' && scope !== start) continue;
      const found = bindingsIn(block, scope, name);
      const binding = scope === start ? (lastBefore(found, env.line) ?? found.at(-1)) : found.at(-1);
      if (binding)
        return this.#bound(binding.content, { ...env, scope: binding.scope, line: binding.line, given: undefined });
    }
    const candidates = this.#modules.bindings(env.uri, name);
    const absolute = env.blockLine + env.line;
    const at =
      start === 0 ? (candidates.findLast(({ line }) => line < absolute) ?? candidates.at(-1)) : candidates.at(-1);
    if (!at) return { is: 'external', path: name, imported: false };
    return this.#boundInModule(at, env.uri);
  }

  #boundInModule({ binding, line, block, blockLine, scope }: ModuleBinding, uri: string): Value {
    return this.#bound(binding, { uri, block, scope, blockLine, line: line - blockLine });
  }

  #bound(binding: Binding, env: Env): Value {
    switch (binding.sort) {
      case 'imported':
        return this.#imported(binding, env.uri);
      case 'loop':
        return unknown;
      case 'function':
      case 'class': {
        const scope = scopeOf(binding, env);
        return scope === undefined ? unknown : { is: binding.sort, name: binding.name, scope, env };
      }
      case 'parameter':
        return weakened(this.value(binding.value, env), 'guess');
      default:
        return weakened(this.value(binding.value, env), 'constant');
    }
  }

  #imported({ module = '', imported }: Binding, from: string): Value {
    const path =
      imported === undefined ? module : module.endsWith('.') ? `${module}${imported}` : `${module}.${imported}`;
    const whole = this.#modules.module(from, path);
    if (whole !== undefined) return { is: 'module', uri: whole };
    if (imported !== undefined) {
      const parent = this.#modules.module(from, module);
      if (parent !== undefined) return this.#member(parent, imported);
    }
    return module.startsWith('.') ? unknown : { is: 'external', path, imported: true };
  }

  #member(uri: string, name: string): Value {
    const binding = this.#modules.bindings(uri, name).at(-1);
    if (binding) {
      if (this.#depth >= deepest || ++this.#steps > mostSteps) return unknown;
      this.#depth++;
      try {
        return this.#boundInModule(binding, uri);
      } finally {
        this.#depth--;
      }
    }
    const submodule = this.#modules.module(uri, `.${name}`);
    return submodule === undefined ? unknown : { is: 'module', uri: submodule };
  }

  #attribute({ of, name }: Expression & { is: 'attribute' }, env: Env): Value {
    if (of.is === 'name' && (of.name === 'self' || of.name === 'cls')) {
      const own = this.#ownAttribute(name, env);
      if (own) return own;
    }
    const owner = this.value(of, env);
    switch (owner.is) {
      case 'external':
        return { is: 'external', path: `${owner.path}.${name}`, imported: owner.imported };
      case 'module':
        return this.#member(owner.uri, name);
      case 'class':
        return this.#classAttribute(owner, name) ?? unknown;
      case 'object':
        return this.#classAttribute(owner.of, name, true) ?? unknown;
      case 'text':
        return name === 'value' ? owner : unknown;
      case 'instance':
        return { is: 'instance', path: `${owner.path}.${name}`, args: owner.args, env: owner.env, owner: owner.owner };
      default:
        return unknown;
    }
  }

  #ownAttribute(name: string, env: Env): Value | undefined {
    const { block } = env;
    if (!block) return undefined;
    for (let scope = env.scope; scope > 0; scope = block.scopes[scope]?.parent ?? 0) {
      if (block.scopes[scope]?.sort !== 'class') continue;
      const binding = selfBinding(block, scope, name);
      if (binding)
        return this.#bound(binding.content, { ...env, scope: binding.scope, line: binding.line, given: undefined });
      const info = block.scopes[scope];
      return this.#classAttribute(
        { is: 'class', name: info?.name ?? '', scope, env: { ...env, given: undefined } },
        name,
      );
    }
    return undefined;
  }

  /** Own attributes first, then those of the bases. */
  #classAttribute(owner: Value & { is: 'class' }, name: string, ofObject = false): Value | undefined {
    const { block } = owner.env;
    if (!block || this.#depth >= deepest || ++this.#steps > mostSteps) return undefined;
    this.#depth++;
    try {
      const own = bindingsIn(block, owner.scope, name).at(-1) ?? selfBinding(block, owner.scope, name);
      if (own) {
        const value = this.#bound(own.content, { ...owner.env, scope: own.scope, line: own.line });
        return ofObject ? weakened(value, 'guess') : value;
      }
      for (const base of block.scopes[owner.scope]?.bases ?? []) {
        const value = this.value(base, owner.env);
        const inherited = value.is === 'class' ? this.#classAttribute(value, name, ofObject) : undefined;
        if (inherited) return inherited;
      }
      return undefined;
    } finally {
      this.#depth--;
    }
  }

  #subscript({ of, key }: Expression & { is: 'subscript' }, env: Env): Value {
    const owner = this.value(of, env);
    if (owner.is !== 'dict') return unknown;
    const name = this.value(key, env);
    if (name.is !== 'text') return unknown;
    const entry = this.entry(owner, textOfSegments(name.segments));
    return entry ? weakened(this.value(entry, owner.env), 'constant') : unknown;
  }

  #call(expression: Expression & { is: 'call' }, env: Env): Value {
    const { callee, args } = expression;
    if (callee.is === 'attribute') {
      const special = textMethod(this, callee, args, env);
      if (special) return special;
    }
    const called = this.value(callee, env);
    switch (called.is) {
      case 'external':
        return externalCall(this, called.path, expression, env);
      case 'instance':
        return { is: 'instance', path: called.path, args, env, owner: called };
      case 'class':
        return { is: 'object', of: called };
      case 'function':
        return this.#functionCall(called, expression, env);
      default:
        return unknown;
    }
  }

  /** What a workspace function returns, when that is one plain expression. */
  #functionCall(called: Value & { is: 'function' }, expression: Expression & { is: 'call' }, env: Env): Value {
    const { args } = expression;
    const { block } = called.env;
    const returned = block && bindingsIn(block, called.scope, '@return');
    const [only] = returned ?? [];
    if (!block || !only || returned?.length !== 1) return unknown;
    const given = new Map<string, Value>();
    const parameters = block.bindings.filter(
      ({ scope, content }) => scope === called.scope && content.sort === 'parameter',
    );
    const names = parameters.map(({ content }) => content.name).filter((name) => name !== 'self' && name !== 'cls');
    names.forEach((name, index) => {
      const argument = args.find(({ keyword }) => keyword === name) ?? positional(args, index);
      if (argument && !argument.star) given.set(name, weakened(this.value(argument.value, env), 'constant'));
    });
    const inside: Env = { ...called.env, scope: called.scope, line: only.line, given };
    return seenAt(weakened(this.value(only.content.value, inside), 'constant'), expression);
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
