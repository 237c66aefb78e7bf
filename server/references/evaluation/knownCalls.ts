// Known calls: what the calls of the standard library and of a few packages make of their arguments.
import type { Expression } from '../expression.ts';
import { widgetBinding } from '../python/widgets.ts';
import type { Evaluating } from './evaluating.ts';
import { fileRead } from './files.ts';
import { substituted } from './formats.ts';
import { lookedUp } from './options.ts';
import { endingOf, isKnownInPart, lastPart, seenAt, weakened } from './segments.ts';
import { type Env, joined, type Segment, textOfSegments, textValue, unknown, type Value } from './value.ts';

/** Parts put together with `/`. */
export function pathOf(evaluator: Evaluating, parts: readonly Expression[], env: Env): Value {
  const segments: Segment[] = [];
  for (const part of parts) {
    const next = evaluator.segments(part, env);
    const before = textOfSegments(segments);
    if (segments.length > 0 && !before.endsWith('/') && textOfSegments(next) !== '')
      segments.push({ text: '/', at: next[0]?.at ?? part.at, certainty: 'literal' });
    segments.push(...next);
  }
  const result = joined(segments);
  return isKnownInPart(result) ? textValue(result) : unknown;
}

type Call = Expression & { is: 'call' };
type Maker = (evaluator: Evaluating, expression: Call, env: Env) => Value;

/** Gives back its argument as far as names are concerned. */
const through =
  (index = 0): Maker =>
  (evaluator, { args }, env) => {
    const given = evaluator.argument(args, [index], env);
    return given ? evaluator.value(given.value, env) : unknown;
  };

const pathParts: Maker = (evaluator, { args }, env) =>
  args.some(({ star }) => star)
    ? unknown
    : pathOf(
        evaluator,
        args.filter(({ keyword }) => keyword === undefined).map(({ value }) => value),
        env,
      );

/** A keyword without a place of its own stands for the whole call. */
const dictOf: Maker = (_evaluator, { args, at }, env) => ({
  is: 'dict',
  entries: args.map(({ keyword, keywordAt = at, value }) =>
    keyword === undefined ? { value } : { key: { is: 'text', value: keyword, at: keywordAt }, value },
  ),
  env,
});

/** Of several dicts, the last that has a key. */
const merged: Maker = (_evaluator, { args }, env) => ({
  is: 'dict',
  entries: args.map(({ value }) => ({ value })),
  env,
});

/** `field(default="x")`, `Field("x")`, `typer.Option("x", "--name")`: the value of a field that nobody sets. */
const fieldOf =
  (...keys: (number | string)[]): Maker =>
  (evaluator, { args, at }, env) => {
    const given = evaluator.argument(args, keys, env);
    if (given) return evaluator.value(given.value, env);
    const factory = evaluator.argument(args, ['default_factory', 'factory'], env);
    return factory ? evaluator.value({ is: 'call', callee: factory.value, args: [], at }, env) : unknown;
  };

const partial: Maker = (evaluator, { args }, env) => {
  const [first, ...rest] = args;
  const called = first && evaluator.value(first.value, env);
  return called?.is === 'function' ? { ...called, before: { args: rest, env } } : (called ?? unknown);
};

const attribute: Maker = (evaluator, { args, at }, env) => {
  const [of, name, otherwise] = args;
  if (!of || name?.value.is !== 'text') return unknown;
  const found = evaluator.value({ is: 'attribute', of: of.value, name: name.value.value, at }, env);
  return found.is === 'unknown' && otherwise ? weakened(evaluator.value(otherwise.value, env), 'guess') : found;
};

/** What a widget of the notebook has when nobody sets it. */
const widget: Maker = (evaluator, { args, at }, env) => {
  const [first, otherwise] = args;
  const name = first && evaluator.value(first.value, env);
  if (name?.is !== 'text') return unknown;
  const found = evaluator.value({ is: 'name', name: widgetBinding(textOfSegments(name.segments)), at }, env);
  if (found.is === 'text') return found;
  return otherwise ? weakened(evaluator.value(otherwise.value, env), 'guess') : unknown;
};

/** `os.path.basename(__file__)` */
const baseName: Maker = (evaluator, { args }, env) => {
  const given = evaluator.argument(args, [0, 'p'], env);
  const value = given && evaluator.value(given.value, env);
  return value?.is === 'text' ? lastPart(value.segments) : unknown;
};

/** `os.path.splitext(name)[0]` */
const splitEnding: Maker = (evaluator, { args, at }, env) => {
  const given = evaluator.argument(args, [0, 'p'], env);
  const value = given && evaluator.value(given.value, env);
  const ending = value?.is === 'text' ? endingOf(textOfSegments(value.segments)) : '';
  if (!given || ending === '') return unknown;
  const callee: Expression = { is: 'attribute', of: given.value, name: 'removesuffix', at };
  const end: Expression = { is: 'text', value: ending, at };
  return { is: 'list', items: [{ is: 'call', callee, args: [{ value: end }], at }, end], env };
};

const makers: Readonly<Record<string, Maker | undefined>> = Object.assign(Object.create(null), {
  'os.path.join': pathParts,
  'posixpath.join': pathParts,
  urljoin: pathParts,
  'urllib.parse.urljoin': pathParts,
  str: through(),
  list: through(),
  tuple: through(),
  set: through(),
  sorted: through(),
  'sqlalchemy.text': through(),
  'sqlalchemy.sql.text': through(),
  'textwrap.dedent': through(),
  'inspect.cleandoc': through(),
  dedent: through(),
  'os.fspath': through(),
  vars: through(),
  'os.path.expanduser': through(),
  'os.path.expandvars': through(),
  'os.path.normpath': through(),
  'os.path.realpath': through(),
  'os.path.basename': baseName,
  'os.path.splitext': splitEnding,
  'os.path.abspath': through(),
  'copy.copy': through(),
  'copy.deepcopy': through(),
  'types.MappingProxyType': through(),
  'omegaconf.OmegaConf.create': through(),
  'omegaconf.OmegaConf.to_container': through(),
  'omegaconf.OmegaConf.to_object': through(),
  'omegaconf.OmegaConf.merge': merged,
  'typing.cast': through(1),
  cast: through(1),
  dict: dictOf,
  'collections.OrderedDict': dictOf,
  'collections.defaultdict': (_evaluator, _call, env) => ({ is: 'dict', entries: [], env }),
  'functools.partial': partial,
  partial,
  getattr: attribute,
  'dbutils.widgets.get': widget,
  'dbutils.widgets.getArgument': widget,
  'databricks.sdk.runtime.dbutils.widgets.get': widget,
  'dataclasses.field': fieldOf('default'),
  'attr.ib': fieldOf('default', 0),
  'attr.field': fieldOf('default'),
  'attrs.field': fieldOf('default'),
  'pydantic.Field': fieldOf('default', 0),
  'pydantic.fields.Field': fieldOf('default', 0),
  'sqlmodel.Field': fieldOf('default', 0),
  'typer.Option': fieldOf('default', 0),
  'typer.Argument': fieldOf('default', 0),
} satisfies Record<string, Maker>);

const paths = /(^|\.)(Path|PurePath|PurePosixPath|S3Path|GSPath|CloudPath|AnyPath|UPath|ObjectStoragePath)$/;

export function externalCall(evaluator: Evaluating, path: string, expression: Call, env: Env): Value {
  const known = makers[path] ?? (paths.test(path) && expression.args.length > 0 ? pathParts : undefined);
  if (known) return known(evaluator, expression, env);
  const given =
    fileRead(evaluator, path, expression, env) ?? lookedUp(evaluator, { path, again: false }, expression, env);
  return given ?? { is: 'instance', path: madeBy(path), args: expression.args, env };
}

/** `storage.Client.from_service_account_json(…)` makes a client. */
function madeBy(path: string): string {
  return /^(.*(?:^|\.)[A-Z]\w*)\.from_[a-z_]+$/.exec(path)?.[1] ?? path;
}

/** A method of something that a call made, or a call of that itself. */
export function instanceCall(
  evaluator: Evaluating,
  called: Value & { is: 'instance' },
  expression: Call,
  env: Env,
): Value {
  const { path } = called;
  if (/(^|\.)Template\.(safe_)?substitute$/.test(path)) {
    const template = evaluator.argument(called.args, [0, 'template'], called.env);
    const text = template && evaluator.value(template.value, called.env);
    const result = text && substituted(evaluator, text, expression.args, env);
    if (result) return result;
  }
  const given =
    fileRead(evaluator, path, expression, env) ?? lookedUp(evaluator, { path, again: true }, expression, env);
  return given ?? { is: 'instance', path, args: expression.args, env, owner: called };
}

/** `CFG.get("table", "orders")`; undefined for what gives no single value. */
export function dictMethod(
  evaluator: Evaluating,
  owner: Value & { is: 'dict' },
  name: string,
  { args, at }: Call,
  env: Env,
): Value | undefined {
  if (name === 'copy') return owner;
  if (name !== 'get' && name !== 'setdefault' && name !== 'pop') return undefined;
  const key = evaluator.argument(args, [0], env);
  const text = key && evaluator.value(key.value, env);
  const entry = text?.is === 'text' ? evaluator.entry(owner, textOfSegments(text.segments)) : undefined;
  if (entry) return weakened(seenAt(evaluator.value(entry.value, entry.env), { is: 'unknown', at }), 'constant');
  const otherwise = evaluator.argument(args, [1], env);
  return otherwise ? weakened(evaluator.value(otherwise.value, env), 'guess') : unknown;
}
