// Jinja: what Airflow would fill into a text, as far as the workspace says: its variables, and the params of operator and DAG.
import type { Argument } from '../expression.ts';
import type { Evaluating } from './evaluating.ts';
import { type Env, textOfSegments, type Value } from './value.ts';

/** A call with `params=`, the innermost first: the operator's, then that of its DAG. */
export interface ParamHolder {
  readonly args: readonly Argument[];
  readonly env: Env;
}

/** The name with each `*` replaced; undefined when one of them is not known. */
export function filledName(
  evaluator: Evaluating,
  name: string,
  holes: readonly string[],
  place: { readonly env: Env; readonly holders: readonly ParamHolder[] },
): string | undefined {
  const parts = name.split('*');
  if (parts.length !== holes.length + 1) return undefined;
  let filled = parts[0] ?? '';
  for (const [index, hole] of holes.entries()) {
    const value = holeValue(evaluator, hole, place);
    if (value === undefined) return undefined;
    filled += `${value}${parts[index + 1] ?? ''}`;
  }
  return filled;
}

/** `params.x`, `params["x"]`, `var.value.x`, `var.json.x.y` (Airflow's reference of templates, read 2026-11). */
function holeValue(
  evaluator: Evaluating,
  hole: string,
  { env, holders }: { readonly env: Env; readonly holders: readonly ParamHolder[] },
): string | undefined {
  const [, param] = /^params(?:\.|\[['"])([\w-]{1,100})(?:['"]\])?$/.exec(hole) ?? [];
  if (param !== undefined) {
    for (const holder of holders) {
      const text = paramOf(evaluator, holder, param);
      if (text !== undefined) return text;
    }
    return undefined;
  }
  const [, sort, variable, key] = /^var\.(value|json)\.([\w-]{1,100})(?:\.([\w-]{1,100}))?$/.exec(hole) ?? [];
  if (variable === undefined || (sort === 'value') !== (key === undefined)) return undefined;
  const at = [0, 0, 0, 0] as const;
  const value = evaluator.value({ is: 'setting', space: 'airflowVariable', name: variable, at }, env);
  return key === undefined ? textOf(value) : entryOf(evaluator, value, key);
}

/** Also `default_args={"params": …}`; a `Param` stands for its default. */
function paramOf(evaluator: Evaluating, { args, env }: ParamHolder, name: string): string | undefined {
  const given = (from: readonly Argument[], in_: Env): string | undefined => {
    const params = evaluator.argument(from, ['params'], in_);
    return params && entryOf(evaluator, evaluator.value(params.value, in_), name);
  };
  const own = given(args, env);
  const defaults = own === undefined ? evaluator.argument(args, ['default_args'], env) : undefined;
  return defaults ? given([{ value: defaults.value, star: 2 }], env) : own;
}

function entryOf(evaluator: Evaluating, value: Value, key: string): string | undefined {
  const entry = evaluator.entry(value, key);
  if (!entry) return undefined;
  const found = evaluator.value(entry.value, entry.env);
  if (found.is !== 'instance' || !/(^|\.)Param$/.test(found.path)) return textOf(found);
  const otherwise = evaluator.argument(found.args, [0, 'default'], found.env);
  return otherwise && textOf(evaluator.value(otherwise.value, found.env));
}

function textOf(value: Value): string | undefined {
  const text = value.is === 'text' ? textOfSegments(value.segments) : '';
  return text === '' || text.includes('*') || /[\r\n]/.test(text) ? undefined : text;
}
