// Functions of the workspace: what they are given by a call, and what they give back.
import type { Argument, Expression } from '../expression.ts';
import type { Binding, Block } from '../summary.ts';
import { bindingsIn } from './bindings.ts';
import type { Evaluating } from './evaluating.ts';
import { seenAt, weakened } from './segments.ts';
import { type Env, type FunctionValue, type Given, textOfSegments, unknown, type Value } from './value.ts';

const parameterTables = new WeakMap<Block, Map<number, readonly Binding[]>>();

/** In order, without `self` and `cls`. */
export function parametersOf(block: Block, scope: number): readonly Binding[] {
  let table = parameterTables.get(block);
  if (!table) {
    table = new Map();
    for (const { scope: at, content } of block.bindings) {
      if (content.sort !== 'parameter' || content.name === 'self' || content.name === 'cls') continue;
      const known = table.get(at) ?? [];
      // A decorator may have given it its default a second time.
      if (!known.some(({ name }) => name === content.name)) table.set(at, [...known, content]);
    }
    parameterTables.set(block, table);
  }
  return table.get(scope) ?? [];
}

interface Handed {
  readonly argument: Argument;
  readonly env: Env;
}

/** What each parameter gets; those that the call leaves out are left out. */
export function givenTo(
  evaluator: Evaluating,
  called: FunctionValue,
  args: readonly Argument[],
  env: Env,
): Given | undefined {
  const { block } = called.env;
  if (!block) return undefined;
  const { before } = called;
  const handed: Handed[] = [
    ...(before?.args ?? []).map((argument) => ({ argument, env: before?.env ?? env })),
    ...args.map((argument) => ({ argument, env })),
  ];
  const positional = handed.filter(({ argument }) => argument.keyword === undefined && argument.star !== 2);
  const spread = positional.findIndex(({ argument }) => argument.star === 1);
  const values = new Map<string, () => Value>();
  const parameters = parametersOf(block, called.scope);
  const taken = new Set<string>();
  parameters.forEach(({ name, star }, index) => {
    if (star) return;
    const inOrder = spread >= 0 && index >= spread ? undefined : positional[index];
    const named = handed.findLast(({ argument }) => argument.keyword === name);
    const found = named ?? inOrder ?? spreadOne(evaluator, handed, name);
    if (!found) return;
    taken.add(name);
    values.set(
      name,
      once(() => weakened(evaluator.value(found.argument.value, found.env), 'constant')),
    );
  });
  const rest = parameters.find(({ star }) => star === 2);
  if (rest) values.set(rest.name, () => restOf(handed, taken, env));
  return { block, scope: called.scope, values };
}

function once(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    // Whoever asks for itself on the way gets nothing.
    if (!made) {
      made = unknown;
      made = make();
    }
    return made;
  };
}

function spreadOne(evaluator: Evaluating, handed: readonly Handed[], name: string): Handed | undefined {
  for (const { argument, env } of handed) {
    if (argument.star !== 2) continue;
    const found = evaluator.argument([argument], [name], env);
    if (found) return { argument: found, env };
  }
  return undefined;
}

/** The dict behind `**kwargs`. */
function restOf(handed: readonly Handed[], taken: ReadonlySet<string>, env: Env): Value {
  const entries = handed.flatMap(({ argument: { keyword, value, star }, env: from }) => {
    if (from !== env || (star !== 2 && (keyword === undefined || taken.has(keyword)))) return [];
    return [keyword === undefined ? { value } : { key: { is: 'text', value: keyword, at: value.at } as const, value }];
  });
  return { is: 'dict', entries, env };
}

const mostReturns = 4;

/** What it returns, where that is one thing whichever way it ends. */
export function callFunction(
  evaluator: Evaluating,
  called: FunctionValue,
  args: readonly Argument[],
  env: Env,
  seen: Expression,
): Value {
  const { block } = called.env;
  if (!block) return unknown;
  return evaluator.fuelled(() => {
    const ended = bindingsIn(block, called.scope, '@return');
    const returned = called.yields && ended.length === 0 ? bindingsIn(block, called.scope, '@yield') : ended;
    if (returned.length === 0 || returned.length > mostReturns) return declared(evaluator, block, called);
    const given = givenTo(evaluator, called, args, env);
    const values = returned.map(({ content, line, scope }) =>
      evaluator.value(content.value, { ...called.env, scope, line, given, self: called.self }),
    );
    const [first] = values;
    const same = values.every((value) => value.is === first?.is && textOf(value) === textOf(first));
    if (!first || first.is === 'unknown' || !same) return declared(evaluator, block, called);
    if (first.is === 'instance') {
      // What a function says that it gives back is surer than what some call in it makes.
      const said = declared(evaluator, block, called);
      return said.is === 'unknown' ? first : said;
    }
    return seenAt(weakened(first, 'constant'), seen);
  }, unknown);
}

/** `def client() -> MlflowClient:` */
function declared(evaluator: Evaluating, block: Block, called: FunctionValue): Value {
  const type = bindingsIn(block, called.scope, '@type')[0];
  return type ? evaluator.value(type.content.value, { ...called.env, given: undefined, self: undefined }) : unknown;
}

function textOf(value: Value): string | undefined {
  return value.is === 'text' ? textOfSegments(value.segments) : undefined;
}
