// Options: values that come in from outside when a program starts: environment variables, variables of Airflow, options of a command line.
import type { Argument, Expression, Span } from '../expression.ts';
import type { SettingSpace } from '../summary.ts';
import { bindingsIn } from './bindings.ts';
import type { Evaluating } from './evaluating.ts';
import { weakened } from './segments.ts';
import { type Env, type ObjectValue, textOfSegments, unknown, type Value } from './value.ts';

interface Lookup {
  readonly space: SettingSpace;
  /** Where the value stands that is used when there is no other. */
  readonly otherwise: readonly (number | string)[];
}

const fromEnvironment: Lookup = { space: 'env', otherwise: [1, 'default'] };
const fromAirflow: Lookup = { space: 'airflowVariable', otherwise: ['default_var', 'default', 1] };

const environmentCalls =
  /^(os\.(getenv|environ\.(get|setdefault|pop))|environ\.(get|setdefault|pop)|getenv|decouple\.config|dotenv\.(get_key|dotenv_values\.get)|dotenv_values\.get|(environs|environ)\.(Env|FileAwareEnv)(\.(str|__call__))?|starlette\.config\.Config)$/;
const environments = /^(os\.environ|environ|dotenv\.dotenv_values|dotenv_values)$/;

/** What is looked up by this call; undefined when it looks nothing up. `again`: what is called was made by a call itself. */
function lookupOf(path: string, again: boolean): Lookup | undefined {
  if (/^(airflow\.([\w.]+\.)?)?Variable\.get$/.test(path)) return fromAirflow;
  // `Env()` makes what is asked afterwards.
  if (/(Env|Config)$/.test(path) && !again) return undefined;
  return environmentCalls.test(path) ? fromEnvironment : undefined;
}

export function lookedUp(
  evaluator: Evaluating,
  called: { readonly path: string; readonly again: boolean },
  { args, at }: Expression & { is: 'call' },
  env: Env,
): Value | undefined {
  const lookup = lookupOf(called.path, called.again);
  const key = lookup && evaluator.argument(args, [0, 'key', 'option', 'name'], env);
  if (!lookup || !key) return undefined;
  const otherwise = evaluator.argument(args, lookup.otherwise, env)?.value;
  return settingValue(evaluator, lookup.space, key, otherwise, { at, env });
}

/** `os.environ["X"]` */
export function environmentAt(evaluator: Evaluating, owner: Value, key: Expression, env: Env): Value | undefined {
  if (owner.is !== 'external' && owner.is !== 'instance') return undefined;
  if (!environments.test(owner.path)) return undefined;
  return settingValue(evaluator, 'env', { value: key }, undefined, { at: key.at, env });
}

function settingValue(
  evaluator: Evaluating,
  space: SettingSpace,
  key: Argument,
  otherwise: Expression | undefined,
  { at, env }: { readonly at: Span; readonly env: Env },
): Value {
  const name = evaluator.value(key.value, env);
  if (name.is !== 'text') return unknown;
  const base = { is: 'setting', space, name: textOfSegments(name.segments), at } as const;
  return evaluator.value(otherwise ? { ...base, otherwise } : base, env);
}

/** `args.model` behind `parser.add_argument("--model", default="churn")`. */
export function optionValue(evaluator: Evaluating, owner: Value & { is: 'instance' }, name: string): Value | undefined {
  if (!/\.parse_(known_)?args$/.test(owner.path)) return undefined;
  const { block, uri } = owner.env;
  const option = `@option.${name}`;
  for (let scope = block ? block.scopes.length - 1 : 0; block && scope > 0; scope--) {
    const found = bindingsIn(block, scope, option).at(-1);
    if (found)
      return weakened(
        evaluator.value(found.content.value, { ...owner.env, scope: found.scope, line: found.line, given: undefined }),
        'guess',
      );
  }
  const inModule = evaluator.modules.bindings(uri, option).at(-1);
  if (!inModule) return unknown;
  const { binding, scope, line, blockLine } = inModule;
  const env: Env = { uri, block: inModule.block, scope, blockLine, line: line - blockLine };
  return weakened(evaluator.value(binding.value, env), 'guess');
}

/** A field of pydantic's settings is given by the environment, under its own name in capitals. */
export function settingsField(
  evaluator: Evaluating,
  { of }: ObjectValue,
  name: string,
  base: string | undefined,
): Value | undefined {
  const { block } = of.env;
  if (!block || base === undefined || !/(^|\.)BaseSettings$/.test(base)) return undefined;
  const field = bindingsIn(block, of.scope, name).at(-1);
  if (!field || (field.content.sort !== 'assigned' && field.content.sort !== 'declared')) return undefined;
  const env: Env = { ...of.env, scope: field.scope, line: field.line };
  const { value } = field.content;
  const alias =
    value.is === 'call' ? evaluator.argument(value.args, ['validation_alias', 'alias', 'env'], env) : undefined;
  const named = alias && evaluator.value(alias.value, env);
  const own = named?.is === 'text' ? textOfSegments(named.segments) : `${prefixOf(evaluator, of, env)}${name}`;
  const at = value.at;
  const setting = { is: 'setting', space: 'env', name: own.toUpperCase(), at } as const;
  return evaluator.value(field.content.sort === 'assigned' ? { ...setting, otherwise: value } : setting, env);
}

/** `model_config = SettingsConfigDict(env_prefix="CHURN_")`, or the same in `class Config`. */
function prefixOf(evaluator: Evaluating, of: ObjectValue['of'], env: Env): string {
  const { block } = of.env;
  if (!block) return '';
  const config = bindingsIn(block, of.scope, 'model_config').at(-1)?.content.value;
  const inCall = config?.is === 'call' ? evaluator.argument(config.args, ['env_prefix'], env)?.value : undefined;
  const inDict = config?.is === 'dict' ? evaluator.entry(evaluator.value(config, env), 'env_prefix')?.value : undefined;
  const inner = block.scopes.findIndex(({ name, parent }) => name === 'Config' && parent === of.scope);
  const inClass = inner > 0 ? bindingsIn(block, inner, 'env_prefix').at(-1)?.content.value : undefined;
  const prefix = inCall ?? inDict ?? inClass;
  const value = prefix && evaluator.value(prefix, env);
  return value?.is === 'text' ? textOfSegments(value.segments) : '';
}
