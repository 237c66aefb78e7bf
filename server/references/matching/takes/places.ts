// Places: the arguments of a call that a rule asks for, also deep inside of dicts and lists.
import type { Evaluator } from '../../evaluation/evaluate.ts';
import { type Env, textOfSegments, type Value } from '../../evaluation/value.ts';
import type { Argument, Expression, Span } from '../../expression.ts';
import type { ArgumentKey, Rule } from '../../rules/rule.ts';
import type { Callee } from '../callee.ts';
import type { Found } from '../found.ts';

export interface Call {
  readonly rule: Rule;
  readonly callee: Callee;
  readonly args: readonly Argument[];
  readonly at: Span;
  readonly env: Env;
  readonly evaluator: Evaluator;
  readonly decorates?: { readonly name: string; readonly at: Span };
  readonly under?: string;
}

export interface Place {
  readonly expression: Expression;
  /** Where its names are looked up from; of a dict that was bound before, its statement. */
  readonly env: Env;
  /** What stands for it in the call, when it is written in another file. */
  readonly shown?: Expression;
}

/** A part of a path of an argument key. */
interface Step {
  readonly name?: string;
  readonly each: boolean;
}

const mostPlaces = 500;
const parsedKeys = new Map<string, { readonly head: ArgumentKey; readonly steps: readonly Step[] }>();

/** Of the first key that is given; several where the key goes through a list. */
export function placesOf({ evaluator, args, env }: Call, keys: readonly ArgumentKey[]): readonly Place[] {
  for (const key of keys) {
    const { head, steps } = parseKey(key);
    const argument = evaluator.argument(args, [head], env);
    if (!argument) continue;
    let places: readonly Place[] = [{ expression: argument.value, env }];
    for (const step of steps) places = places.flatMap((place) => inside(evaluator, place, step)).slice(0, mostPlaces);
    if (places.length > 0) return places.flatMap(choices);
  }
  return [];
}

/** The text of the first place, `*` where unknown; undefined when there is none. */
export function textAt(call: Call, keys: readonly ArgumentKey[] | undefined): string | undefined {
  const value = keys && valueAt(call, keys);
  return value?.is === 'text' ? textOfSegments(value.segments) : undefined;
}

export function valueAt(call: Call, keys: readonly ArgumentKey[]): Value | undefined {
  const [place] = placesOf(call, keys);
  return place && call.evaluator.value(place.expression, place.env);
}

/** The call as it would be with the arguments of the call `name` that it hangs on. Undefined when that is not written here. */
export function ownersCall(call: Call, name: string): Call | undefined {
  const { owner } = call.callee;
  if (owner?.is !== 'call' || !('name' in owner.callee) || owner.callee.name !== name) return undefined;
  return { ...call, args: owner.args };
}

/** The statement that a place stands in, when that is not the call's. */
export function statementOf({ env, shown }: Place, call: Call): Found['elsewhere'] {
  const { block, line } = env;
  if (shown || !block || (block === call.env.block && line === call.env.line)) return undefined;
  return { block, line };
}

/** `"churn" if prod else "churn_dev"` names both, each where it stands and neither for sure. */
function choices(place: Place): readonly Place[] {
  const { expression } = place;
  if (expression.is !== 'choice') return [place];
  const written = expression.options.filter(({ is }) => is === 'text');
  if (written.length < 2 || written.length < expression.options.length) return [place];
  return written.map((option) => {
    const { at } = option;
    return { ...place, expression: { is: 'choice', options: [option, { is: 'unknown', at }], at } };
  });
}

function inside(evaluator: Evaluator, place: Place, { name, each }: Step): readonly Place[] {
  const value = evaluator.value(place.expression, place.env);
  const at = (expression: Expression, env: Env): Place => {
    const isNear = isWritten(place.expression) || (env.uri === place.env.uri && env.block !== undefined);
    const shown = place.shown ?? (isNear ? undefined : place.expression);
    return { expression, env, ...(shown ? { shown } : {}) };
  };
  if (each) return value.is === 'list' ? value.items.map((item) => at(item, value.env)) : [];
  const entry = name === undefined ? undefined : evaluator.entry(value, name);
  return entry ? [at(entry.value, entry.env)] : [];
}

/** Whether the parts of a dict or list stand right here. */
function isWritten(expression: Expression): boolean {
  if (expression.is === 'call') return expression.callee.is === 'name' && expression.callee.name === 'dict';
  return expression.is === 'dict' || expression.is === 'list';
}

function parseKey(key: ArgumentKey): { readonly head: ArgumentKey; readonly steps: readonly Step[] } {
  if (typeof key === 'number') return { head: key, steps: [] };
  const known = parsedKeys.get(key);
  if (known) return known;
  const [head = '', ...rest] = key.replaceAll('[]', '.[]').split('.');
  const steps = rest.map((part): Step => (part === '[]' ? { each: true } : { name: part, each: false }));
  const parsed = { head: /^\d+$/.test(head) ? Number(head) : head, steps };
  parsedKeys.set(key, parsed);
  return parsed;
}
