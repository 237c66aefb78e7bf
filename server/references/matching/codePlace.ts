// Code places: which code a task or a submitted job runs, as far as the call that makes it says.

import { functionName } from '../evaluation/bindings.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import { type Env, textOfSegments, type Value } from '../evaluation/value.ts';
import type { Argument, Expression } from '../expression.ts';
import type { CodePlace } from '../reference.ts';
import type { Block } from '../summary.ts';

/** Arguments that are a file of code. */
const files = ['notebook_path', 'python_file', 'application', 'py_file', 'main_file', 'python_script'];
/** Dicts that one of those stands in. */
const holders = ['notebook_task', 'spark_python_task', 'task_config', 'json'];
const commands = ['bash_command', 'entrypoint', 'command', 'cmd'];

const mostUsed = 200;

/** Empty when it says nothing of code. */
export function codePlacesOf(args: readonly Argument[], env: Env, evaluator: Evaluator): readonly CodePlace[] {
  const callable = evaluator.argument(args, ['python_callable'], env);
  if (callable) {
    const value = calledBy(callable.value, env, evaluator);
    const place = placeOf(value);
    if (value.is !== 'function' || !value.env.block || !place) return [];
    return [place, ...usedIn({ ...value.env, block: value.env.block, scope: value.scope }, evaluator)];
  }
  const file = fileIn(args, env, evaluator) ?? fileInHolders(args, env, evaluator);
  if (file !== undefined) return [{ file }];
  const command = textOf(evaluator.argument(args, commands, env)?.value, env, evaluator);
  const started = command === undefined ? undefined : startedFile(command);
  return started === undefined ? [] : [{ file: started }];
}

/** Functions of the workspace that the function of this scope calls itself, each once. */
export function usedIn(env: Env & { readonly block: Block }, evaluator: Evaluator): readonly CodePlace[] {
  const { block, scope } = env;
  const found = new Map<string, CodePlace>();
  for (const { content, line, scope: at } of block.sites) {
    if ((content.site !== 'use' && content.site !== 'call') || functionAround(block, at) !== scope) continue;
    if (content.site === 'call' && content.decorates) continue;
    const callee = content.site === 'use' ? content.value : content.callee;
    const place = placeOf(evaluator.value(callee, { ...env, scope: at, line }));
    if (place) found.set(`${place.uri} ${place.function}`, place);
    if (found.size >= mostUsed) break;
  }
  return [...found.values()];
}

function placeOf(value: Value): CodePlace | undefined {
  if (value.is !== 'function' || !value.env.block) return undefined;
  const name = functionName(value.env.block, value.scope);
  return { uri: value.env.uri, ...(name === undefined ? {} : { function: name }) };
}

/** Through `with`; 0 when there is none. */
function functionAround({ scopes }: Block, scope: number): number {
  let at = scope;
  while (at > 0 && scopes[at]?.sort === 'with') at = scopes[at]?.parent ?? 0;
  return at;
}

/** The function behind a name, a `partial` or a `lambda` that calls it. */

export function calledBy(expression: Expression, env: Env, evaluator: Evaluator): Value {
  if (expression.is !== 'lambda') return evaluator.value(expression, env);
  const { gives } = expression;
  return evaluator.value(gives.is === 'call' ? gives.callee : gives, env);
}

function fileIn(args: readonly Argument[], env: Env, evaluator: Evaluator): string | undefined {
  return textOf(evaluator.argument(args, files, env)?.value, env, evaluator);
}

function fileInHolders(args: readonly Argument[], env: Env, evaluator: Evaluator): string | undefined {
  for (const holder of holders) {
    const found = evaluator.argument(args, [holder], env);
    if (!found) continue;
    const spread: Argument = { value: found.value, star: 2 };
    const file = fileIn([spread], env, evaluator) ?? nested(spread, env, evaluator);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** `json={"notebook_task": {"notebook_path": …}}` */
function nested(spread: Argument, env: Env, evaluator: Evaluator): string | undefined {
  const value = evaluator.value(spread.value, env);
  for (const holder of holders) {
    const inner = evaluator.entry(value, holder);
    const file = inner && fileIn([{ value: inner.value, star: 2 }], inner.env, evaluator);
    if (file !== undefined) return file;
  }
  return undefined;
}

function textOf(expression: Expression | undefined, env: Env, evaluator: Evaluator): string | undefined {
  const value = expression && evaluator.value(expression, env);
  const text = value?.is === 'text' ? textOfSegments(value.segments).trim() : '';
  return text === '' || text.length > 10_000 ? undefined : text;
}

const starters = /^(.*\/)?(python[\d.]*|spark-submit|papermill|ipython|uv|poetry|bash|sh)$/;

/** `python jobs/tune.py --fast` starts `jobs/tune.py`; `python -m jobs.tune` the same. Undefined when nothing is seen to be started. */
export function startedFile(command: string): string | undefined {
  const words = command.split(/[\s;&|()]+/).map((word) => word.replace(/^['"]|['"]$/g, ''));
  const start = words.findIndex((word) => starters.test(word));
  if (start < 0) return undefined;
  for (let at = start + 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-m' && /^[\w.]+$/.test(words[at + 1] ?? '')) return `${words[at + 1]?.replaceAll('.', '/')}.py`;
    if (/\.(py|ipynb|sh|sql)$/.test(word)) return word;
  }
  return undefined;
}
