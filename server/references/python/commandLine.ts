// Python command lines: the options that argparse and click declare, as names that are bound to their defaults.
import type { Argument, Expression } from '../expression.ts';
import type { Binding } from '../summary.ts';

/** `parser.add_argument("--model-name", default="churn")` binds `@option.model_name`. */
export function argparseOption(callee: Expression, args: readonly Argument[]): Binding | undefined {
  if (callee.is !== 'attribute' || callee.name !== 'add_argument') return undefined;
  const name = textOf(args.find(({ keyword }) => keyword === 'dest')) ?? optionName(args);
  const value = defaultOf(args);
  return name !== undefined && value ? { name: `@option.${name}`, sort: 'assigned', value } : undefined;
}

/** `@click.option("--name", default="x")` gives the parameter `name` its default. */
export function clickOption(callee: Expression, args: readonly Argument[]): Binding | undefined {
  const last = callee.is === 'name' || callee.is === 'attribute' ? callee.name : '';
  if (last !== 'option' && last !== 'argument') return undefined;
  const plain = args.map(textOf).find((text, index) => !args[index]?.keyword && text && !text.startsWith('-'));
  const name = plain ?? optionName(args);
  const value = defaultOf(args);
  return name !== undefined && value ? { name, sort: 'parameter', value } : undefined;
}

/** Not written in code: what Hydra hands to the function that it decorates. */
export const hydraCall = '@hydra';

/** `@hydra.main(config_path="conf", config_name="config")` gives the first parameter what it reads. */
export function hydraConfig(callee: Expression, args: readonly Argument[], parameter: string): Binding | undefined {
  if (callee.is !== 'attribute' || callee.name !== 'main' || callee.of.is !== 'name') return undefined;
  if (callee.of.name !== 'hydra') return undefined;
  const { at } = callee;
  const value: Expression = { is: 'call', callee: { is: 'name', name: hydraCall, at }, args, at };
  return { name: parameter, sort: 'parameter', value };
}

function defaultOf(args: readonly Argument[]): Expression | undefined {
  const value = args.find(({ keyword }) => keyword === 'default')?.value;
  return value?.is === 'unknown' ? undefined : value;
}

/** Of the first long name, else the first. */
function optionName(args: readonly Argument[]): string | undefined {
  const names = args.flatMap((argument) => (argument.keyword === undefined ? (textOf(argument) ?? []) : []));
  const name = names.find((text) => text.startsWith('--')) ?? names[0];
  // `--shout/--no-shout`
  return name?.replace(/^-+/, '').split('/')[0]?.trim().replaceAll('-', '_');
}

function textOf(argument: Argument | undefined): string | undefined {
  return argument?.value.is === 'text' ? argument.value.value : undefined;
}
