// Takes: from a matched rule's arguments to the names they carry.
import type { EntityKind } from '../../catalog/entity.ts';
import { isKnown, readAddress } from '../addresses.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import {
  type Certainty,
  type Env,
  joined,
  type Segment,
  spanOfSegments,
  textOfSegments,
  type Value,
} from '../evaluation/value.ts';
import { type Argument, type Expression, type Span, written } from '../expression.ts';
import type { ReferenceDetail, Role } from '../reference.ts';
import type { ArgumentKey, Rule, Take } from '../rules/rule.ts';
import type { Block } from '../summary.ts';
import type { Callee } from './callee.ts';

/** A name found at a span; lines count from the site's statement, or from `elsewhere`. */
export interface Found {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly name: string;
  readonly role: Role;
  readonly span: Span;
  readonly certainty: Certainty;
  readonly detail: ReferenceDetail;
  readonly via: string;
  /** Source text as far as it can be told without the source. */
  readonly written: string;
  /** The statement in another block of the same file that the name stands in. */
  readonly elsewhere?: { readonly block: Block; readonly line: number };
}

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

const longestName = 1000;

export function take(call: Call, row: Take): readonly Found[] {
  const { rule, evaluator, args, env, decorates } = call;
  const detail = detailOf(call, row);
  const role = roleUnder(call.under, row.role);
  if (row.read === 'bucket') return bucket(call, row, role);
  const argument = evaluator.argument(args, row.from, env);
  if (!argument) {
    if (!row.orFunction || !decorates) return [];
    const { name, at } = decorates;
    return [
      {
        kind: row.kind,
        tool: rule.tool,
        name,
        role,
        span: at,
        certainty: 'literal',
        detail,
        via: rule.id,
        written: name,
      },
    ];
  }
  const named = (expression: Expression, from: Env): readonly Found[] =>
    names(call, row, { expression, env: from, role, detail });
  if (row.read === 'keys') return keys(call, row, argument.value, detail);
  if (row.read === 'assets') return assets(call, argument.value, env, role, 0);
  const value = evaluator.value(argument.value, env);
  if (value.is !== 'list') return named(argument.value, env);
  const direct = argument.value.is === 'list';
  return value.items.flatMap((item) =>
    named(item, value.env).map((found) =>
      direct ? found : { ...found, span: argument.value.at, written: written(argument.value) },
    ),
  );
}

interface Naming {
  readonly expression: Expression;
  readonly env: Env;
  readonly role: Role;
  readonly detail: ReferenceDetail;
}

function names(call: Call, row: Take, { expression, env, role, detail }: Naming): readonly Found[] {
  const { rule, evaluator } = call;
  const value = evaluator.value(expression, env);
  if (value.is !== 'text') return [];
  const prefix = prefixOf(call);
  const { segments } = value;
  const text = textOfSegments(segments);
  const base = { role, via: rule.id, certainty: weakest(segments) };
  if (row.read === 'address' || (row.kind === 'model' && /^models:\//.test(text))) {
    const address = readAddress(text);
    if (!address) return [];
    const span = spanOfSegments(segments, address.from, address.to, expression.at);
    const { kind, tool, name } = address;
    return [
      {
        ...base,
        kind,
        tool,
        name,
        span,
        detail: { ...address.detail, ...detail },
        written: writtenPart(segments, address.from, address.to, expression),
      },
    ];
  }
  if (row.read === 'filter') {
    const match = /\bname\s*=\s*(['"])([^'"]+)\1/.exec(text);
    if (!match?.[2]) return [];
    const from = match.index + match[0].length - 1 - match[2].length;
    const span = spanOfSegments(segments, from, from + match[2].length, expression.at);
    return [{ ...base, kind: row.kind, tool: rule.tool, name: match[2], span, detail, written: match[2] }];
  }
  const plain = row.kind === 'table' ? unquoted(text) : text;
  if (!isKnown(plain) || plain.length > longestName || /[\n\r]/.test(plain)) return [];
  // A text that is a table to one call and SQL to another: spaces of a name are in its quotes.
  if (row.kind === 'table' && /[\s()]/.test(text.replace(/"[^"\n]*"|`[^`\n]*`/g, ''))) return [];
  if (row.kind === 'run' && /[\s/]/.test(plain)) return [];
  const name = `${prefix}${qualifiers(call, row)}${plain}`;
  const span = spanOfSegments(segments, 0, text.length, expression.at);
  const tool = row.kind === 'table' && rule.tool === 'airflow' ? 'sql' : row.kind === 'host' ? 'ssh' : rule.tool;
  return [
    { ...base, kind: row.kind, tool, name, span, detail, written: writtenPart(segments, 0, text.length, expression) },
  ];
}

/** `statsd = DogStatsd(namespace="churn")` puts `churn.` before each name. */
function prefixOf({ rule, callee, evaluator }: Call): string {
  const { value } = callee;
  if (!rule.prefix || value.is !== 'instance') return '';
  const argument = evaluator.argument(value.args, rule.prefix, value.env);
  const prefix = argument && evaluator.value(argument.value, value.env);
  return prefix?.is === 'text' ? `${textOfSegments(prefix.segments)}.` : '';
}

function qualifiers({ evaluator, args, env }: Call, row: Take): string {
  return (row.qualify ?? [])
    .map((keys) => {
      const argument = evaluator.argument(args, keys, env);
      const value = argument && evaluator.value(argument.value, env);
      return value?.is === 'text' ? `${unquoted(textOfSegments(value.segments))}.` : '';
    })
    .join('');
}

function bucket(call: Call, row: Take, role: Role): readonly Found[] {
  const { evaluator, args, env, rule, callee } = call;
  const owner = row.ownerBucket && callee.value.is === 'instance' ? callee.value : undefined;
  const holder = owner
    ? evaluator.argument(owner.args, [0, 'name'], owner.env)
    : evaluator.argument(args, row.from, env);
  const inside = owner ? evaluator.argument(args, row.from, env) : row.key && evaluator.argument(args, row.key, env);
  if (!holder) return [];
  const whole = evaluator.value(holder.value, owner?.env ?? env);
  if (whole.is === 'dict') return copySource(call, whole, holder.value.at, role);
  const first = evaluator.segments(holder.value, owner?.env ?? env);
  const rest = inside ? evaluator.segments(inside.value, env) : [];
  const segments = joined([...first, ...rest]);
  const bucketName = textOfSegments(first);
  const key = textOfSegments(rest).replace(/^\/+/, '');
  if (/^[a-z0-9]+:\//.test(key) || (!isKnown(bucketName) && !isKnown(key))) return [];
  const name = `s3://${bucketName.replace(/\/+$/, '')}/${key}`;
  const shown = owner && inside ? inside.value : holder.value;
  const span = spanOfExpression(shown, owner && inside ? rest : first);
  return [
    {
      kind: 'path',
      tool: 's3',
      name,
      role,
      span,
      certainty: weakest(segments),
      detail: {},
      via: rule.id,
      written: written(shown),
    },
  ];
}

/** `CopySource={"Bucket": …, "Key": …}` */
function copySource({ evaluator, rule }: Call, value: Value & { is: 'dict' }, at: Span, role: Role): readonly Found[] {
  const parts = ['Bucket', 'Key'].map((key) => evaluator.entry(value, key));
  const segments = joined(
    parts.flatMap((part): readonly Segment[] =>
      part ? evaluator.segments(part, value.env) : [{ at, certainty: 'literal' }],
    ),
  );
  const [first, second] = parts.map((part) => (part ? textOfSegments(evaluator.segments(part, value.env)) : '*'));
  if (!isKnown(`${first}${second}`)) return [];
  const span = parts[0]?.at ?? at;
  return [
    {
      kind: 'path',
      tool: 's3',
      name: `s3://${first}/${second}`,
      role,
      span,
      certainty: weakest(segments),
      detail: {},
      via: rule.id,
      written: parts[0] ? written(parts[0]) : '',
    },
  ];
}

/** Keys of a dict, where they stand; of a dict from another file, at the call. */
function keys(call: Call, row: Take, expression: Expression, detail: ReferenceDetail): readonly Found[] {
  const { evaluator, env, rule } = call;
  const value = evaluator.value(expression, env);
  if (value.is !== 'dict') return [];
  const found: Found[] = [];
  const visit = (dict: Value & { is: 'dict' }, depth: number): void => {
    for (const entry of dict.entries) {
      if (!entry.key) {
        const inner = evaluator.value(entry.value, dict.env);
        if (inner.is === 'dict' && depth < 5) visit(inner, depth + 1);
        continue;
      }
      const key = evaluator.value(entry.key, dict.env);
      const name = key.is === 'text' ? textOfSegments(key.segments) : '';
      if (key.is !== 'text' || !isKnown(name) || name.length > longestName) continue;
      const base = {
        kind: row.kind,
        tool: rule.tool,
        name,
        role: row.role,
        certainty: weakest(key.segments),
        detail,
        via: rule.id,
      };
      const { block, line, uri } = dict.env;
      if (uri !== env.uri || !block)
        found.push({ ...base, certainty: 'constant', span: expression.at, written: written(expression) });
      else {
        const span = spanOfExpression(entry.key, key.segments);
        const here = { ...base, span, written: name };
        found.push(block === env.block && line === env.line ? here : { ...here, elsewhere: { block, line } });
      }
    }
  };
  visit(value, 0);
  return found;
}

/** Addresses and tables in the lists of `inlets`, `outlets` and `schedule`; constructors written there are sites themselves. */
function assets(call: Call, expression: Expression, env: Env, role: Role, depth: number): readonly Found[] {
  const { evaluator, rule } = call;
  if (depth > 5) return [];
  if (expression.is === 'list') return expression.items.flatMap((item) => assets(call, item, env, role, depth + 1));
  const value = evaluator.value(expression, env);
  // A constructor written here is a site of its own; what a function of the workspace makes is not.
  if (expression.is === 'call' && value.is === 'instance' && value.path.split('.').at(-1) === nameOf(expression.callee))
    return [];
  if (value.is === 'list')
    return value.items.flatMap((item) =>
      assetOf(call, evaluator.value(item, value.env), value.env, { at: expression, role }),
    );
  const asset = assetOf(call, value, env, { at: expression, role });
  return asset.map((found) => ({ ...found, via: rule.id }));
}

function assetOf(call: Call, value: Value, env: Env, { at, role }: { at: Expression; role: Role }): readonly Found[] {
  const { evaluator, rule } = call;
  if (value.is === 'text') {
    const address = readAddress(textOfSegments(value.segments));
    if (!address) return [];
    const { kind, tool, name, detail } = address;
    const span = spanOfSegments(value.segments, address.from, address.to, at.at);
    return [
      { kind, tool, name, detail, role, span, certainty: weakest(value.segments), via: rule.id, written: written(at) },
    ];
  }
  if (value.is !== 'instance') return [];
  const made = value.path.split('.').at(-1) ?? '';
  const argument = (keys: readonly ArgumentKey[]): Value | undefined => {
    const found = evaluator.argument(value.args, keys, value.env);
    return found && evaluator.value(found.value, value.env);
  };
  const shown = shownOf(at);
  const base = { role, span: shown.at, via: rule.id, written: written(shown), certainty: 'constant' } as const;
  if (/^(Asset|Dataset|File)$/.test(made)) {
    const uri = argument(['uri', 'url', 0]);
    const address = uri?.is === 'text' ? readAddress(textOfSegments(uri.segments)) : undefined;
    return address && uri?.is === 'text'
      ? [
          {
            ...base,
            kind: address.kind,
            tool: address.tool,
            name: address.name,
            detail: address.detail,
            certainty: stronger(weakest(uri.segments)),
          },
        ]
      : [];
  }
  if (made !== 'Table') return [];
  const parts = [argument(['database']), argument(['name'])].flatMap((part) =>
    part?.is === 'text' ? [textOfSegments(part.segments)] : [],
  );
  const name = parts.join('.');
  return isKnown(name) && env ? [{ ...base, kind: 'table', tool: 'sql', name, detail: {} }] : [];
}

/** Of `warehouse_table("ORDERS")` the text stands for the whole. */
function shownOf(expression: Expression): Expression {
  const [only] = expression.is === 'call' ? expression.args : [];
  return expression.is === 'call' && expression.args.length === 1 && only?.value.is === 'text'
    ? only.value
    : expression;
}

function nameOf(expression: Expression): string {
  return expression.is === 'name' || expression.is === 'attribute' ? expression.name : '';
}

const stronger = (certainty: Certainty): Certainty => (certainty === 'literal' ? 'constant' : certainty);

/** Inside of `outlets=[…]` a thing is written, inside of `inlets` and `schedule` it is read. */
export function roleUnder(under: string | undefined, role: Role): Role {
  if (role !== 'mentions') return role;
  if (under === 'outlets') return 'writes';
  return under === 'inlets' || under === 'schedule' ? 'reads' : role;
}

function detailOf({ evaluator, args, env }: Call, row: Take): ReferenceDetail {
  const text = (keys: readonly ArgumentKey[] | undefined): string | undefined => {
    const argument = keys && evaluator.argument(args, keys, env);
    const value = argument && evaluator.value(argument.value, env);
    const first = value?.is === 'list' ? value.items[0] && evaluator.value(value.items[0], value.env) : value;
    if (first?.is === 'instance') return dagIdOf(first, evaluator);
    const name = first?.is === 'text' ? textOfSegments(first.segments) : undefined;
    return name !== undefined && isKnown(name) ? name : undefined;
  };
  const version = text(row.version);
  const alias = text(row.alias);
  const stage = text(row.stage);
  const container = text(row.container);
  return {
    ...(version === undefined ? {} : { version }),
    ...(alias === undefined ? {} : { alias }),
    ...(stage === undefined ? {} : { stage }),
    ...(container === undefined ? {} : { container }),
  };
}

/** The id that a `DAG(…)` was made with. */
export function dagIdOf(value: Value & { is: 'instance' }, evaluator: Evaluator): string | undefined {
  if (value.path.split('.').at(-1) !== 'DAG') return undefined;
  const argument = evaluator.argument(value.args, [0, 'dag_id'], value.env);
  const id = argument && evaluator.value(argument.value, value.env);
  return id?.is === 'text' ? textOfSegments(id.segments) : undefined;
}

export function weakest(segments: readonly Segment[]): Certainty {
  if (segments.some(({ certainty }) => certainty === 'guess')) return 'guess';
  return segments.some(({ certainty }) => certainty === 'constant') ? 'constant' : 'literal';
}

function spanOfExpression(expression: Expression, segments: readonly Segment[]): Span {
  return spanOfSegments(segments, 0, textOfSegments(segments).length, expression.at);
}

function unquoted(text: string): string {
  return text.replace(/["`]/g, '');
}

/** The source of a part of a value. */
export function writtenPart(segments: readonly Segment[], from: number, to: number, expression: Expression): string {
  const pieces: { text: string; segment: Segment }[] = [];
  let offset = 0;
  for (const segment of segments) {
    const end = offset + (segment.text?.length ?? 1);
    const [start, stop] = [Math.max(from, offset), Math.min(to, end)];
    const literal = segment.literal ? (segment.text ?? '').slice(start - offset, stop - offset) : undefined;
    // A name that stands for several pieces is written once.
    const again = !segment.literal && pieces.at(-1)?.segment.at === segment.at;
    if (start < stop && !again) pieces.push({ text: literal ?? segment.written ?? '…', segment });
    offset = end;
  }
  const [only] = pieces;
  if (!only) return written(expression);
  if (pieces.length === 1) return only.text;
  return pieces.map(({ text, segment }) => (segment.outer && !segment.literal ? `{${text}}` : text)).join('');
}
