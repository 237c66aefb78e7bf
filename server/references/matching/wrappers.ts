// Wrappers: a call of a function of the workspace names what its arguments name inside of that function.
import type { EntityKind } from '../../catalog/entity.ts';
import { readAddress } from '../addresses.ts';
import { classAttribute, externalBase } from '../evaluation/attributes.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import { givenTo } from '../evaluation/functions.ts';
import {
  type ClassValue,
  type Env,
  type FunctionValue,
  type Given,
  type ObjectValue,
  spanOfSegments,
  textOfSegments,
  unknown,
  type Value,
} from '../evaluation/value.ts';
import type { Argument, Expression, Span } from '../expression.ts';
import type { Site } from '../summary.ts';
import { calledBy } from './codePlace.ts';
import { type Found, stronger, writtenPart } from './found.ts';
import { dependentSites } from './parameters.ts';
import type { SiteReading } from './sites.ts';

export interface OwnCall {
  readonly content: Site & { readonly site: 'call' };
  /** Of the callee. */
  readonly value: Value;
  readonly env: Env;
  readonly evaluator: Evaluator;
}

/** Something of the workspace, and what it is called with. */
interface Handing {
  readonly called: FunctionValue;
  readonly args: readonly Argument[];
}

/** Calls within calls. */
const deepest = 3;
const shortest = 2;

/** Each name stands at the argument that carries it. */
export function handedNames(call: OwnCall, reading: SiteReading, depth: number): readonly Found[] {
  if (depth >= deepest) return [];
  return handingsOf(call).flatMap((handing) => namesIn(handing, call, reading, depth));
}

function handingsOf({ content: { args }, value, env, evaluator }: OwnCall): readonly Handing[] {
  if (value.is === 'function') return [{ called: value, args }];
  if (value.is === 'class') {
    const object: ObjectValue = { is: 'object', of: value, args, env };
    return methodsRun(value, evaluator).flatMap((name) => {
      const called = classAttribute(evaluator, value, name, { ofSelf: true, object });
      if (called?.is !== 'function') return [];
      return [{ called: { ...called, self: object }, args: name === '__init__' ? args : [] }];
    });
  }
  const [first, ...rest] = args;
  if (value.is === 'external' && /^(functools\.)?partial$/.test(value.path) && first) {
    const called = evaluator.value(first.value, env);
    return called.is === 'function' ? [{ called, args: rest }] : [];
  }
  const callable = evaluator.argument(args, ['python_callable'], env);
  const called = callable && calledBy(callable.value, env, evaluator);
  if (called?.is !== 'function') return [];
  const inOrder = evaluator.argument(args, ['op_args'], env)?.value;
  const named = evaluator.argument(args, ['op_kwargs'], env)?.value;
  const given: Argument[] = inOrder?.is === 'list' ? inOrder.items.map((item) => ({ value: item })) : [];
  if (named) given.push({ value: named, star: 2 });
  return given.length > 0 ? [{ called, args: given }] : [];
}

/** Operators run one of their methods when it is their turn; what those of Airflow's own packages do there is not told. */
function methodsRun(value: ClassValue, evaluator: Evaluator): readonly string[] {
  if (value.env.uri.includes('/airflow/providers/') || externalBase(evaluator, value) === undefined)
    return ['__init__'];
  return ['__init__', 'execute', 'poke'];
}

function namesIn({ called, args }: Handing, call: OwnCall, reading: SiteReading, depth: number): readonly Found[] {
  const { block } = called.env;
  const sites = block ? dependentSites(block, called.scope) : [];
  if (!block || sites.length === 0) return [];
  const { evaluator, env } = call;
  const carriers = carriersIn(call);
  const given = carriers.length === 0 ? undefined : givenTo(evaluator, called, args, env);
  if (!given) return [];
  const blank = new Map([...given.values.keys()].map((name) => [name, () => unknown]));
  const self = called.self;
  const byRule: Found[] = [];
  const byText: Found[] = [];
  for (const { content, scope, line } of sites) {
    if (!reading.leads()) break;
    const inside: Env = { ...called.env, scope, line, given, ...(self ? { self } : {}) };
    const names = reading.read(content, inside, depth + 1).found;
    if (names.length === 0) continue;
    const without: Env = {
      ...inside,
      given: { ...given, values: blank },
      // What an object was made with is no news of a call of its methods.
      self: self && (call.value.is === 'class' ? { ...self, args: hidden(self) } : self),
    };
    const before = reading.read(content, without, depth + 1).found;
    const always = new Set(before.map(keyOf));
    const places = new Set(before.map(placeOf));
    for (const name of names) {
      // What is only put together there is named where it is used.
      const isMade = content.site === 'text' && name.role === 'mentions';
      if (isMade || always.has(keyOf(name))) continue;
      const told = (values: Given['values']): boolean =>
        reading.leads() &&
        reading
          .read(content, { ...inside, given: { ...given, values } }, depth + 1)
          .found.some((one) => keyOf(one) === keyOf(name));
      const looked = content.site === 'text' || places.has(placeOf(name)) ? undefined : { given, told };
      const carrier = carrierOf(name, carriers) ?? (looked && keyAmong(carriers, looked));
      if (carrier) (content.site === 'text' ? byText : byRule).push(standing(name, carrier));
    }
  }
  return [...byRule, ...byText];
}

/** The same arguments, of which nothing is known. */
function hidden({ args }: ObjectValue): readonly Argument[] {
  return args.map((argument) => ({ ...argument, value: { is: 'unknown', at: argument.value.at } }));
}

function keyOf({ kind, name, role }: Found): string {
  return `${kind} ${role} ${name}`;
}

function placeOf({ kind, role, span }: Found): string {
  return `${kind} ${role} ${span}`;
}

interface LookedUp {
  readonly given: Given;
  /** Whether the name is still found when the function is given these. */
  told(values: Given['values']): boolean;
}

/** Of a name that is in none of the arguments: the one that it is looked up by, as the key of a dict. */
function keyAmong(carriers: readonly Carrier[], { given, told }: LookedUp): Carrier | undefined {
  for (const [parameter, value] of given.values) {
    const own = value();
    const text = own.is === 'text' ? textOfSegments(own.segments) : '';
    const carrier = text.includes('*') ? undefined : carriers.find((one) => one.text === text);
    if (carrier && !told(new Map([...given.values, [parameter, () => unknown]]))) return carrier;
  }
  return undefined;
}

/** A text among the arguments of a call; one that is known in part only names nothing by itself. */
interface Carrier {
  readonly text: string;
  readonly span: Span;
  readonly written: string;
}

const mostCarriers = 100;

function carriersIn({ content: { args }, env, evaluator }: OwnCall): readonly Carrier[] {
  const carriers: Carrier[] = [];
  const look = (expression: Expression, depth: number): void => {
    if (depth > 3 || carriers.length >= mostCarriers) return;
    if (expression.is === 'list') for (const item of expression.items) look(item, depth + 1);
    else if (expression.is === 'dict') for (const { value } of expression.entries) look(value, depth + 1);
    else {
      const value = evaluator.value(expression, env);
      if (value.is !== 'text') return;
      const text = textOfSegments(value.segments);
      if (text.length < shortest || !/\p{L}/u.test(text)) return;
      const span = spanOfSegments(value.segments, 0, text.length, expression.at);
      carriers.push({ text, span, written: writtenPart(value.segments, 0, text.length, expression) });
    }
  };
  for (const { value } of args) look(value, 0);
  return carriers;
}

/** The argument that gives most of the name; a text that has the name in it only where none does. */
function carrierOf({ kind, name }: Found, carriers: readonly Carrier[]): Carrier | undefined {
  const whole = name.toLowerCase();
  const own = ownStart(kind, name);
  let best: Carrier | undefined;
  let around: Carrier | undefined;
  for (const carrier of carriers) {
    const text = carrier.text.replace(/^\/+|\/+$/g, '').toLowerCase();
    if (text === '') continue;
    if (text.includes('*')) {
      // Handed on as it is, or as a whole part; a bucket by itself has too little to tell.
      const isPart = (kind !== 'path' || own > 0) && gives(whole, text, own);
      if ((carrier.text === name || isPart) && text.length > (best?.text.length ?? 0)) best = carrier;
      continue;
    }
    // An address says all by itself.
    const address = readAddress(carrier.text)?.name.toLowerCase();
    const isPart = address === undefined ? gives(whole, text, own) : address === whole;
    if (isPart && carrier.text.length > (best?.text.length ?? 0)) best = carrier;
    if (!isPart && address === undefined && text.includes(whole)) around ??= carrier;
  }
  return best ?? around;
}

/** Where a name stops to say what the thing is in: a database and schema, a bucket, a volume. */
function ownStart(kind: EntityKind, name: string): number {
  if (kind === 'table') return name.lastIndexOf('.') + 1;
  if (kind !== 'path') return 0;
  const holder = /^(?:\/Volumes(?:\/[^/]*){3}\/|[a-z0-9]+:\/\/[^/]*\/|\/dbfs\/|dbfs:\/)(?=.)/.exec(name)?.[0];
  return holder?.length ?? 0;
}

/**
 * Whether some of the name's own part, from `own` on, comes from the text. Of a name that is known in part only, it has to
 * be a whole part: a region in the name of a bucket is none.
 */
function gives(name: string, text: string, own: number): boolean {
  const at = name.lastIndexOf(text);
  if (at < 0 || at + text.length <= own) return false;
  if (!name.includes('*')) return true;
  const isEnd = (sign: string): boolean => sign === '' || '/.:@'.includes(sign);
  return isEnd(name.charAt(at - 1)) && isEnd(name.charAt(at + text.length));
}

function standing({ elsewhere: _elsewhere, calls: _calls, ...found }: Found, { span, written }: Carrier): Found {
  return { ...found, span, written, certainty: stronger(found.certainty) };
}
