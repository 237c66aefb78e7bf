// Takes: from a matched rule's arguments to the names they carry.
import { isKnown, type NamedPart, readAddress } from '../../addresses.ts';
import type { Evaluator } from '../../evaluation/evaluate.ts';
import { joined, spanOfSegments, textOfSegments, type Value } from '../../evaluation/value.ts';
import { type Expression, written } from '../../expression.ts';
import { verbRole } from '../../python/candidates.ts';
import { datadogMetrics } from '../../queries/datadog.ts';
import type { ReferenceDetail, Role } from '../../reference.ts';
import type { ArgumentKey, Reading, Take } from '../../rules/rule.ts';
import { type Found, jinjaIn, roleUnder, spanOfExpression, unquoted, weakest, writtenPart } from '../found.ts';
import { assets } from './assets.ts';
import { bucketNames } from './buckets.ts';
import { type Call, ownersCall, type Place, placesOf, statementOf, textAt, valueAt } from './places.ts';

const longestName = 1000;

export function take(given: Call, row: Take): readonly Found[] {
  const call = row.ofOwner ? ownersCall(given, row.ofOwner) : given;
  if (!call || !applies(call, row)) return [];
  const detail = detailOf(call, row);
  const role = roleOf(call, row);
  if (row.read === 'bucket') return bucketNames(call, row, role);
  const places = placesOf(call, row.from);
  if (places.length === 0) return row.orFunction ? functionName(call, row, role, detail) : [];
  return places.flatMap((place) => {
    const named = namesAt(call, row, { place, role, detail });
    const { shown } = place;
    if (shown) return named.map((found) => ({ ...found, span: shown.at, written: written(shown) }));
    const elsewhere = statementOf(place, call);
    return elsewhere ? named.map((found) => ({ elsewhere, ...found })) : named;
  });
}

function applies(call: Call, { when, unless, where, chain, url, ofMonitor }: Take): boolean {
  if (ofMonitor && !isMonitor(call)) return false;
  if (url !== undefined && !textAt(call, urlKeys)?.includes(url)) return false;
  if (where && textAt(call, [where[0]]) !== where[1]) return false;
  if (chain && !isChained(call, chain)) return false;
  if (when && placesOf(call, when).length === 0) return false;
  return !unless || placesOf(call, unless).length === 0;
}

const longestChain = 30;

function isChained({ callee, evaluator, env }: Call, [name, texts]: NonNullable<Take['chain']>): boolean {
  let at = callee.owner;
  for (let hops = 0; at && hops < longestChain; hops++) {
    if (at.is === 'attribute') at = at.of;
    else if (at.is === 'call' && at.callee.is === 'attribute') {
      const [argument] = at.args;
      const value = at.callee.name === name && argument ? evaluator.value(argument.value, env) : undefined;
      if (value?.is === 'text' && texts.includes(textOfSegments(value.segments))) return true;
      at = at.callee.of;
    } else return false;
  }
  return false;
}

/** Datadog's types: `metric alert`, `service check`, `composite` … (API v1, read 2026-11). */
function isMonitor(call: Call): boolean {
  if (/(^| )(alert|check|forecast|composite|slo)$/.test(textAt(call, ['type']) ?? '')) return true;
  return /^\w+\(last_\w+\):/.test(textAt(call, ['query']) ?? '');
}

const urlKeys = ['url', 'endpoint', 0];

function roleOf(call: Call, row: Take): Role {
  const mode = textAt(call, row.mode);
  if (mode !== undefined && /^[a-z+]{1,4}$/.test(mode) && /[wax]/.test(mode)) return 'writes';
  // What is removed is mentioned, like a dropped table; a tag or an alias is only a change of what has it.
  const called = call.callee.path.at(-1) ?? call.callee.name;
  if (row.role === 'writes' && removes.test(called) && !changes.test(called)) return 'mentions';
  // Airflow's ExternalTaskMarker only says which task waits for this one.
  if (row.role === 'reads' && called === 'ExternalTaskMarker') return 'mentions';
  // Of a keyword that is known alone, the call's own name says what is done.
  if (call.rule.calls.some((name) => name.startsWith('=')))
    return roleUnder(call.under, verbRole(call.callee.name) ?? row.role);
  // Datasets of an OpenLineage event.
  if (call.rule.tool === 'openlineage' && row.role === 'mentions') {
    if (call.under === 'inputs') return 'reads';
    if (call.under === 'outputs') return 'writes';
  }
  return roleUnder(call.under, row.role);
}

const removes = /^(delete|drop|remove|rm|unlink)(_|$|[A-Z])|^[A-Z]\w*Delete\w*Operator|^Delete\w*Operator/;
const changes = /_tags?$|_alias$|_from_|_column$|_index$|_constraint$/;

function functionName({ rule, decorates }: Call, row: Take, role: Role, detail: ReferenceDetail): readonly Found[] {
  if (!decorates) return [];
  const { name, at } = decorates;
  const base = { kind: row.kind, tool: rule.tool, name, role, span: at, detail, via: rule.id, written: name };
  return [{ ...base, certainty: 'literal' }];
}

interface Naming {
  readonly place: Place;
  readonly role: Role;
  readonly detail: ReferenceDetail;
}

function namesAt(call: Call, row: Take, naming: Naming): readonly Found[] {
  const { evaluator } = call;
  const { expression, env } = naming.place;
  if (row.read === 'keys') return keys(call, row, naming);
  if (row.read === 'assets') return assets(call, expression, env, naming.role, 0);
  const value = evaluator.value(expression, env);
  if (value.is !== 'list') return names(call, row, naming);
  if (row.read === 'dotted') return dotted(call, row, naming, value);
  const direct = expression.is === 'list';
  return value.items.flatMap((item) =>
    names(call, row, { ...naming, place: { expression: item, env: value.env } }).map((found) =>
      direct ? found : { ...found, span: expression.at, written: written(expression) },
    ),
  );
}

function names(call: Call, row: Take, { place, role, detail }: Naming): readonly Found[] {
  const { rule, evaluator } = call;
  const { expression, env } = place;
  const value = evaluator.value(expression, env);
  if (value.is !== 'text') return [];
  const { segments } = value;
  const text = textOfSegments(segments);
  const certainty = weakest(segments);
  const part = ({ kind, tool, name, from, to, detail: own }: NamedPart): Found => ({
    kind,
    tool,
    name,
    role,
    certainty,
    via: rule.id,
    span: spanOfSegments(segments, from, to, expression.at),
    detail: { ...own, ...detail },
    written: writtenPart(segments, from, to, expression),
    ...jinjaIn(segments, from, to),
  });
  if (row.read === 'address' || (row.kind === 'model' && /^models:\//.test(text))) {
    const address = readAddress(text) ?? schemeless(text, row);
    return address ? [part(address)] : [];
  }
  if (inside.has(row.read ?? 'name'))
    return inFilter(text, row).map(({ name, from, to }) =>
      part({ kind: row.kind, tool: rule.tool, name, from, to, detail: {} }),
    );
  const plain = row.kind === 'table' ? unquoted(text) : text;
  if (!isKnown(plain) || plain.length > longestName || /[\n\r]/.test(plain)) return [];
  if (!isPlausible(call, row, text)) return [];
  const all = { from: 0, to: text.length, detail: {} };
  if (row.read === 'dataset') return dataset(call, row, plain).map((found) => part({ ...found, ...all }));
  const name = `${prefixOf(call)}${qualifiers(call, row)}${underscored(call, row, plain)}`;
  return [part({ kind: row.kind, tool: toolOf(call, row), name, ...all })];
}

/** A file system that knows its scheme is given paths without one: `bucket/key`. */
function schemeless(text: string, { scheme }: Take): NamedPart | undefined {
  if (scheme === undefined || /^[/.~]|^\w+:|[\s'"<>]/.test(text) || !isKnown(text) || text.length > longestName)
    return undefined;
  const name = `${scheme}://${text}${text.includes('/') || text.endsWith('*') ? '' : '/'}`;
  return { kind: 'path', tool: scheme, name, from: 0, to: text.length, detail: {} };
}

/** Whether a text can be the name of such a thing at all. */
function isPlausible({ callee, rule }: Call, { kind }: Take, text: string): boolean {
  // A text that is a table to one call and SQL to another: spaces of a name are in its quotes. Files are no tables.
  if (kind === 'table')
    return !/[\s()]/.test(text.replace(/"[^"\n]*"|`[^`\n]*`/g, '')) && !/^[a-z0-9+]+:\/|^[./@]/.test(text);
  if (kind !== 'run') return true;
  // Of a client nothing is known of, only what looks like MLflow's ids is one.
  if (rule.tool === 'mlflow' && callee.value.is === 'unknown') return /^[0-9a-f]{32}$/.test(text);
  // `Run` may be anybody's class where nothing is imported.
  if (rule.tool === 'openlineage' && !callee.imported) return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
  return !/[\s/<>]/.test(text);
}

function toolOf({ rule }: Call, { kind }: Take): string {
  if (kind === 'table' && rule.tool !== 'dbt') return 'sql';
  return kind === 'host' ? 'ssh' : rule.tool;
}

/** Readings of names that stand inside of a text. */
const inside: ReadonlySet<Reading> = new Set(['filter', 'metrics', 'query', 'segment']);

interface FilterPart {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** `name = 'churn'`, `name LIKE 'churn%'`; `metrics.auc > 0.9`, `` metrics.`f1 score` DESC ``. */
function inFilter(text: string, { read, kind, field = 'name' }: Take): readonly FilterPart[] {
  if (read === 'query') return datadogMetrics(text);
  if (read === 'segment') return behind(text, field);
  const pattern =
    read === 'metrics'
      ? /\bmetrics?\.(?:"([^"\n]+)"|`([^`\n]+)`|([\w.\-/]+))/g
      : /\b(\w+)\s*(?:=|i?like)\s*(?:'([^'\n]+)'|"([^"\n]+)")/gi;
  const found: FilterPart[] = [];
  for (const match of text.matchAll(pattern)) {
    if (read === 'filter' && match[1]?.toLowerCase() !== field) continue;
    const name = (read === 'metrics' ? match[1] : undefined) ?? match[2] ?? match[3];
    if (name === undefined || !isKnown(name) || (kind === 'run' && !/^[0-9a-f]{32}$/.test(name))) continue;
    const quoted = match[3] === undefined || read === 'filter';
    const to = match.index + match[0].length - (quoted ? 1 : 0);
    found.push({ name: read === 'filter' ? name.replaceAll('%', '*') : name, from: to - name.length, to });
  }
  return found;
}

/** `/dags/` in `https://airflow/api/v2/dags/train/dagRuns` */
function behind(text: string, field: string): readonly FilterPart[] {
  const at = text.indexOf(field);
  const from = at + field.length;
  const [name = ''] = at < 0 ? [] : text.slice(from).split(/[/?#\s]/, 1);
  return isKnown(name) ? [{ name, from, to: from + name.length }] : [];
}

/** `namespace="s3://bucket", name="key"` is a path, any other namespace holds tables. */
function dataset(call: Call, row: Take, name: string): readonly Pick<NamedPart, 'kind' | 'tool' | 'name'>[] {
  const namespace = textAt(call, row.key) ?? '';
  const path = readAddress(namespace);
  if (path?.kind === 'path')
    return [{ kind: 'path', tool: path.tool, name: `${path.name.replace(/\/+$/, '')}/${name.replace(/^\/+/, '')}` }];
  // Local files are none of ours; without any letter the namespace is not known (OpenLineage, Naming, read 2026-11).
  const holdsTables = !namespace.startsWith('file') && /\p{L}/u.test(namespace);
  return holdsTables ? [{ kind: 'table', tool: 'sql', name }] : [];
}

/** `["db", "schema", "orders"]` */
function dotted(call: Call, row: Take, { place, role, detail }: Naming, value: Value & { is: 'list' }): Found[] {
  const { expression } = place;
  const parts = value.items.map((item) => call.evaluator.segments(item, value.env));
  const name = parts.map((part) => unquoted(textOfSegments(part))).join('.');
  if (!isKnown(name) || /[\s()]/.test(name)) return [];
  const certainty = weakest(joined(parts.flat()));
  const base = { kind: row.kind, tool: toolOf(call, row), name, role, detail, certainty, via: call.rule.id };
  return [{ ...base, span: expression.at, written: written(expression) }];
}

/** `statsd = DogStatsd(namespace="churn")` puts `churn.` before each name. */
function prefixOf({ rule, callee, evaluator }: Call): string {
  const { value } = callee;
  if (!rule.prefix || value.is !== 'instance') return '';
  const argument = evaluator.argument(value.args, rule.prefix, value.env);
  const prefix = argument && evaluator.value(argument.value, value.env);
  return prefix?.is === 'text' ? `${textOfSegments(prefix.segments)}.` : '';
}

function qualifiers(call: Call, row: Take): string {
  return (row.qualify ?? [])
    .map((keys) => {
      const text = textAt(call, keys) ?? (isGiven(call, keys) ? '*' : '');
      return text === '' ? '' : `${unquoted(text)}.`;
    })
    .join('');
}

/** Something is said, of which nothing is known. */
function isGiven({ evaluator, args, env }: Call, keys: readonly ArgumentKey[]): boolean {
  const given = evaluator.argument(args, keys, env)?.value;
  return given !== undefined && given.is !== 'unknown' && given.is !== 'text';
}

/** `Histogram("latency", namespace="churn", unit="seconds")` is `churn_latency_seconds`. */
function underscored(call: Call, { joined: parts }: Take, name: string): string {
  if (!parts) return name;
  const before = parts.before.map((keys) => textAt(call, keys)).filter((text) => text);
  const whole = [...before, name].join('_');
  const after = textAt(call, parts.after);
  return after && !whole.endsWith(`_${after}`) ? `${whole}_${after}` : whole;
}

/** Keys of a dict, where they stand; of a dict from another file, at the call. */
function keys(call: Call, row: Take, { place, role, detail }: Naming): readonly Found[] {
  const { evaluator, env, rule } = call;
  const { expression } = place;
  const found: Found[] = [];
  const visit = (value: Value, depth: number): void => {
    if (value.is === 'list' && depth < 5)
      for (const item of value.items) visit(evaluator.value(item, value.env), depth + 1);
    if (value.is !== 'dict') return;
    for (const put of value.later ?? []) visit(put, depth);
    for (const entry of value.entries) {
      if (!entry.key) {
        if (depth < 5) visit(evaluator.value(entry.value, value.env), depth + 1);
        continue;
      }
      const key = evaluator.value(entry.key, value.env);
      const name = key.is === 'text' ? textOfSegments(key.segments) : '';
      if (key.is !== 'text' || !isKnown(name) || name.length > longestName) continue;
      const certainty = weakest(key.segments);
      const base = { kind: row.kind, tool: rule.tool, name, role, certainty, detail, via: rule.id };
      const { block, line, uri } = value.env;
      if (uri !== env.uri || !block)
        found.push({ ...base, certainty: 'constant', span: expression.at, written: written(expression) });
      else {
        const here = { ...base, span: spanOfExpression(entry.key, key.segments), written: keyWritten(entry.key, name) };
        found.push(block === env.block && line === env.line ? here : { ...here, elsewhere: { block, line } });
      }
    }
  };
  visit(evaluator.value(expression, place.env), 0);
  return found;
}

function keyWritten(key: Expression, name: string): string {
  return key.is === 'text' ? name : written(key);
}

function detailOf(call: Call, row: Take): ReferenceDetail {
  const text = (keys: readonly ArgumentKey[] | undefined): string | undefined => {
    const value = keys && valueAt(call, keys);
    const first = value?.is === 'list' ? value.items[0] && call.evaluator.value(value.items[0], value.env) : value;
    if (first?.is === 'instance') return dagIdOf(first, call.evaluator);
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
