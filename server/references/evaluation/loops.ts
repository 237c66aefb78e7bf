// Loops: the items that a loop goes through, as far as the code says them, and the one of this round.
import type { Expression } from '../expression.ts';
import { mostRounds } from '../python/loops.ts';
import type { Evaluating, PlacedEntry } from './evaluating.ts';
import { seenAt, weakened } from './segments.ts';
import { type Env, textOfSegments, unknown, type Value } from './value.ts';

export function noRounds(at?: number): Rounds {
  return { ...(at === undefined ? {} : { at }), most: 0, loops: new Set(), taken: new Set() };
}

/** One for all evaluations of a site. */
export interface Rounds {
  /** Which item is taken; in its absence a variable of a loop is not known. */
  readonly at?: number;
  /** How many items the longest loop has that was met; 0 where there was none. */
  most: number;
  /** What was gone through. */
  readonly loops: Set<Expression>;
  /** The items of this round that are texts. */
  readonly taken: Set<string>;
}

type Call = Expression & { is: 'call' };

export function itemOfRound(evaluator: Evaluating, call: Call, env: Env, rounds: Rounds | undefined): Value {
  const [argument] = call.args;
  if (!rounds || !argument) return unknown;
  const items = evaluator.fuelled(() => itemsOf(evaluator, argument.value, env, 0), undefined);
  if (!items || items.length > mostRounds) return unknown;
  rounds.most = Math.max(rounds.most, items.length);
  rounds.loops.add(argument.value);
  const item = rounds.at === undefined ? undefined : items[rounds.at];
  if (!item) return unknown;
  const seen: Expression = { is: 'name', name: argument.keyword ?? '', at: call.at };
  const value = parts(evaluator, item);
  note(evaluator, value, rounds.taken);
  return weakened(seenAt(value, seen), 'constant');
}

function note(evaluator: Evaluating, value: Value, taken: Set<string>): void {
  if (value.is === 'text') taken.add(textOfSegments(value.segments));
  if (value.is !== 'list') return;
  for (const item of value.items)
    if (item.is === 'text') taken.add(item.value);
    else if (item.is === 'name') note(evaluator, evaluator.value(item, value.env), taken);
}

/** `pytest.param("orders", id="small")` */
function parts(evaluator: Evaluating, { value, env }: PlacedEntry): Value {
  if (value.is !== 'call' || !('name' in value.callee) || value.callee.name !== 'param')
    return evaluator.value(value, env);
  const given = value.args.filter(({ keyword }) => keyword === undefined).map((argument) => argument.value);
  const [only] = given;
  return only && given.length === 1 ? evaluator.value(only, env) : { is: 'list', items: given, env };
}

function itemsOf(evaluator: Evaluating, of: Expression, env: Env, depth: number): readonly PlacedEntry[] | undefined {
  if (depth > 3) return undefined;
  if (of.is === 'call' && 'name' in of.callee) {
    const { callee, args, at } = of;
    if (callee.is === 'attribute' && args.length === 0) return entriesOf(evaluator, callee, env);
    const lists = args
      .filter(({ value }) => value.is !== 'text')
      .map(({ value }) => itemsOf(evaluator, value, env, depth + 1));
    const [first] = lists;
    if (callee.is !== 'name' || !first) return undefined;
    if (callee.name === 'enumerate')
      return first.map(({ value, env: own }, index) => ({ value: pair(numeral(index, at), value), env: own }));
    return callee.name === 'zip' ? zipped(lists, at) : first;
  }
  const value = evaluator.value(of, env);
  // What a file of settings lists is not said by the code.
  const isListed = value.is === 'list' || value.is === 'dict';
  if (isListed && value.env.uri !== env.uri && /\.(?:ya?ml|json|toml)$/i.test(value.env.uri)) return undefined;
  if (value.is === 'list') return value.items.map((item) => ({ value: item, env: value.env }));
  return value.is === 'dict' ? keysAndValues(value).map(({ key, env: own }) => ({ value: key, env: own })) : undefined;
}

function numeral(value: number, at: Expression['at']): Expression {
  return { is: 'text', value: `${value}`, at };
}

function pair(one: Expression, other: Expression): Expression {
  return { is: 'list', items: [one, other], at: other.at };
}

/** As many as the shortest has; all from one place. */
function zipped(
  lists: readonly (readonly PlacedEntry[] | undefined)[],
  at: Expression['at'],
): readonly PlacedEntry[] | undefined {
  const length = Math.min(...lists.map((list) => list?.length ?? 0));
  const items: PlacedEntry[] = [];
  for (let index = 0; index < length; index++) {
    const row = lists.flatMap((list) => list?.[index] ?? []);
    const [first] = row;
    if (!first || row.some(({ env }) => env.uri !== first.env.uri || env.block !== first.env.block)) {
      // What stands in different places is taken only where it says all by itself.
      if (!first || !row.every(({ value }) => value.is === 'text')) return undefined;
    }
    items.push({ value: { is: 'list', items: row.map(({ value }) => value), at }, env: first.env });
  }
  return items;
}

interface Row {
  readonly key: Expression;
  readonly value: Expression;
  readonly env: Env;
}

function keysAndValues(value: Value & { is: 'dict' }): readonly Row[] {
  const own = value.entries.flatMap(({ key, value: given }) => (key ? [{ key, value: given, env: value.env }] : []));
  return [...own, ...(value.later ?? []).flatMap(keysAndValues)];
}

function entriesOf(
  evaluator: Evaluating,
  { of, name }: Expression & { is: 'attribute' },
  env: Env,
): readonly PlacedEntry[] | undefined {
  const owner = evaluator.value(of, env);
  if (owner.is !== 'dict') return undefined;
  const rows = keysAndValues(owner);
  if (name === 'items') return rows.map(({ key, value, env: own }) => ({ value: pair(key, value), env: own }));
  if (name === 'keys') return rows.map(({ key, env: own }) => ({ value: key, env: own }));
  return name === 'values' ? rows.map(({ value, env: own }) => ({ value, env: own })) : undefined;
}
