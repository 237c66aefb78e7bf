// plumbline.yaml: what a team declares beside its code, read with every mistake said at its line.
import { isMap, type Node } from 'yaml';
import { entityKinds } from '../catalog/entity.ts';
import { type MetricQuery, metricQueryMistake } from '../protocol/metricQuery.ts';
import { isHostName, patternMistake } from '../protocol/sshHost.ts';
import { noUserRules, type UserRules, userRowKeys, userRules } from '../references/rules/userRules.ts';
import type { Range } from '../syntax/text.ts';
import { nearest } from './nearest.ts';
import { type FileProblem, type ShapeMap, YamlReader } from './yamlShape.ts';

export const plumblineFileName = 'plumbline.yaml';
export type { FileProblem } from './yamlShape.ts';

/** What a rule says of the newest datapoint. `drop` and `rise` compare it with the mean of the `last` points before it. */
export type MetricCondition =
  | { readonly test: 'below' | 'above'; readonly value: number }
  | { readonly test: 'drop' | 'rise'; readonly value: number; readonly last: number };

export type MetricSubject =
  | { readonly by: 'model' | 'table'; readonly name: string; readonly metric: string }
  /** What a query of this file measures. */
  | { readonly by: 'query'; readonly metric: string }
  /** A whole `metric:` id. */
  | { readonly by: 'id'; readonly id: string };

export interface MetricRule {
  /** Title of its incident; unique in the file. */
  readonly name: string;
  readonly subject: MetricSubject;
  /** At least one; any that holds is an incident. */
  readonly conditions: readonly MetricCondition[];
  readonly range: Range;
}

export interface OwnerRule {
  /** `kind:name` with `*`, or a whole entity id. */
  readonly match: string;
  readonly owner: string;
}

/** Two names, each `kind:name` or a whole entity id, that mean the same or of which the second is what the first measures. */
export interface JoinRule {
  readonly from: string;
  readonly to: string;
  readonly range: Range;
}

export interface LogFolder {
  readonly tool: string;
  /** Relative to the workspace folder, with `/`. */
  readonly path: string;
}

/** Log files on a host, which the user is asked about before anything there is read. */
export interface HostLog {
  /** As it is typed after ssh. */
  readonly host: string;
  /** A path pattern. */
  readonly path: string;
  /** Whose runs write them; absent: of those that ran on this host. */
  readonly job?: string;
}

/** A query of a warehouse, and the connection that runs it. */
export interface NamedQuery extends MetricQuery {
  /** Absent: the only connection that can. */
  readonly connection?: string;
}

export interface PlumblineConfig {
  readonly metrics: readonly MetricRule[];
  /** Queries whose results are metrics, which the user is asked about before they are run. */
  readonly metricQueries: readonly NamedQuery[];
  readonly owners: readonly OwnerRule[];
  readonly joins: readonly JoinRule[];
  readonly logs: readonly LogFolder[];
  readonly hostLogs: readonly HostLog[];
  /** Rules for the team's own calls. */
  readonly references: UserRules;
}

export interface PlumblineFile {
  /** What is usable of it; parts with mistakes are left out. */
  readonly config: PlumblineConfig;
  readonly problems: readonly FileProblem[];
}

export const emptyConfig: PlumblineConfig = {
  metrics: [],
  metricQueries: [],
  owners: [],
  joins: [],
  logs: [],
  hostLogs: [],
  references: noUserRules,
};

const topKeys = ['version', 'metrics', 'owners', 'joins', 'logs', 'references'];
const logTools = ['airflow', 'openlineage'];
const defaultLast = 5;
const maxCharacters = 1_000_000;

/** Never throws. A file of another version is not used at all, because its keys may mean something else. */
export function parsePlumblineFile(text: string): PlumblineFile {
  if (text.length > maxCharacters) return { config: emptyConfig, problems: [tooLong(text.length)] };
  const reader = new YamlReader(text);
  const top = reader.top(topKeys);
  if (!top) return { config: emptyConfig, problems: reader.problems };
  const usable = checkVersion(reader, top);
  const part = (key: string): readonly Node[] => reader.list(top.entries.get(key)?.value, key);
  const metrics = part('metrics');
  const config: PlumblineConfig = {
    metrics: unique(
      reader,
      metrics.flatMap((node, index) => metricRule(reader, node, index)),
    ),
    metricQueries: metrics.flatMap((node, index) => metricQuery(reader, node, index)),
    owners: part('owners').flatMap((node, index) => ownerRule(reader, node, index)),
    joins: part('joins').flatMap((node, index) => joinRule(reader, node, index)),
    logs: part('logs').flatMap((node, index) => logFolder(reader, node, index)),
    hostLogs: part('logs').flatMap((node, index) => hostLog(reader, node, index)),
    references: ownRules(reader, part('references')),
  };
  return { config: usable ? config : emptyConfig, problems: reader.problems };
}

function tooLong(length: number): FileProblem {
  const message = `This file has ${length} characters; at most ${maxCharacters} are read. Split what is generated from it.`;
  const start = { line: 0, character: 0 };
  return { message, range: { start, end: start } };
}

function checkVersion(reader: YamlReader, top: ShapeMap): boolean {
  const entry = top.entries.get('version');
  if (!entry) {
    reader.problem(top.at, 'version is missing: write "version: 1" at the top.');
    return true;
  }
  return reader.number(top, 'version', 'this file', (value) => value === 1, '1') === 1;
}

function metricRule(reader: YamlReader, node: Node, index: number): MetricRule[] {
  const what = `metrics, rule ${index + 1}`;
  if (isQuery(node) && !hasCondition(node)) return [];
  const keys = ['name', 'model', 'table', 'metric', 'query', 'connection', 'below', 'above', 'drop', 'rise', 'last'];
  const map = reader.map(node, what, keys);
  if (!map) return [];
  const subject = metricSubject(reader, map, what);
  const conditions = metricConditions(reader, map, what);
  if (!subject || conditions.length === 0) return [];
  const name = reader.text(map, 'name', what) ?? ruleName(subject, conditions);
  return [{ name, subject, conditions, range: reader.rangeOf(map.entries.get('name')?.value ?? map.at) }];
}

function isQuery(node: Node): boolean {
  return isMap(node) && node.has('query');
}

function hasCondition(node: Node): boolean {
  return isMap(node) && ['below', 'above', 'drop', 'rise'].some((key) => node.has(key));
}

/** With a condition it is a rule as well, which says what else is wrong with it. */
function metricQuery(reader: YamlReader, node: Node, index: number): NamedQuery[] {
  if (!isQuery(node)) return [];
  const what = `metrics, query ${index + 1}`;
  const isRule = hasCondition(node);
  if (!isRule) reader.map(node, what, ['metric', 'query', 'connection']);
  const { metric, query, connection } = Object(reader.plain(node)) as { [Key in keyof NamedQuery]?: unknown };
  if (typeof metric !== 'string' || typeof query !== 'string' || !/^(string|undefined)$/.test(typeof connection)) {
    if (!isRule || typeof metric === 'string')
      reader.problem(node, `${what}: "metric", "query" and "connection" must be texts; the first two are needed.`);
    return [];
  }
  const mistake = metricQueryMistake(metric, query);
  if (mistake !== undefined) {
    reader.problem(node, `${what}: ${mistake}.`);
    return [];
  }
  return [{ metric, query, ...(typeof connection === 'string' && { connection }) }];
}

function metricSubject(reader: YamlReader, map: ShapeMap, what: string): MetricSubject | undefined {
  const model = reader.text(map, 'model', what);
  const table = reader.text(map, 'table', what);
  const metric = reader.text(map, 'metric', what);
  if (map.entries.has('query')) return metric === undefined ? undefined : { by: 'query', metric };
  if (model !== undefined && table !== undefined) {
    reader.problem(map.entries.get('table')?.key, `${what}: name a model or a table, not both; write two rules.`);
    return undefined;
  }
  if (metric === undefined) {
    if (!map.entries.has('metric'))
      reader.problem(map.at, `${what}: "metric" is missing: the name of a metric such as auc.`);
    return undefined;
  }
  if (model !== undefined) return { by: 'model', name: model, metric };
  if (table !== undefined) return { by: 'table', name: table, metric };
  if (metric.startsWith('metric:')) return { by: 'id', id: metric };
  if (!map.entries.has('model') && !map.entries.has('table'))
    reader.problem(map.at, `${what}: whose metric? Add "model: <name>" or "table: <name>".`);
  return undefined;
}

function metricConditions(reader: YamlReader, map: ShapeMap, what: string): readonly MetricCondition[] {
  const conditions: MetricCondition[] = [];
  for (const test of ['below', 'above'] as const) {
    const value = reader.number(map, test, what, () => true, 'a number, for example 0.8');
    if (value !== undefined) conditions.push({ test, value });
  }
  const whole = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 1000;
  const last = reader.number(map, 'last', what, whole, 'a whole number from 1 to 1000') ?? defaultLast;
  for (const test of ['drop', 'rise'] as const) {
    const value = reader.number(map, test, what, (found) => found > 0, 'a number above 0, for example 0.05');
    if (value !== undefined) conditions.push({ test, value, last });
  }
  const changes = map.entries.has('drop') || map.entries.has('rise');
  const lastKey = map.entries.get('last');
  if (lastKey && !changes) reader.problem(lastKey.key, `${what}: "last" goes with "drop" or "rise" only.`);
  if (!changes && !map.entries.has('below') && !map.entries.has('above'))
    reader.problem(map.at, `${what}: say what is wrong: "below", "above", "drop" or "rise" with a number.`);
  return conditions;
}

function ruleName(subject: MetricSubject, conditions: readonly MetricCondition[]): string {
  const of =
    subject.by === 'id' ? subject.id : subject.by === 'query' ? subject.metric : `${subject.metric} of ${subject.name}`;
  return `${of}: ${conditions.map(({ test, value }) => `${test} ${value}`).join(' or ')}`;
}

/** Names are the incidents' identity. */
function unique(reader: YamlReader, rules: readonly MetricRule[]): readonly MetricRule[] {
  const seen = new Set<string>();
  return rules.filter(({ name, range }) => {
    if (!seen.has(name)) return seen.add(name);
    reader.problems.push({ message: `Another rule is called "${name}" already; give each its own name.`, range });
    return false;
  });
}

function ownerRule(reader: YamlReader, node: Node, index: number): OwnerRule[] {
  const what = `owners, rule ${index + 1}`;
  const map = reader.map(node, what, ['match', 'owner']);
  if (!map) return [];
  const match = name(reader, map, 'match', what);
  const owner = required(reader, map, 'owner', what);
  return match === undefined || owner === undefined ? [] : [{ match, owner }];
}

function joinRule(reader: YamlReader, node: Node, index: number): JoinRule[] {
  const what = `joins, rule ${index + 1}`;
  const map = reader.map(node, what, ['from', 'to']);
  if (!map) return [];
  const from = name(reader, map, 'from', what);
  const to = name(reader, map, 'to', what);
  return from === undefined || to === undefined ? [] : [{ from, to, range: reader.rangeOf(map.at) }];
}

function logFolder(reader: YamlReader, node: Node, index: number): LogFolder[] {
  const what = `logs, folder ${index + 1}`;
  if (isOfHost(node)) return [];
  const map = reader.map(node, what, logTools);
  return logTools.flatMap((tool) => {
    const entry = map?.entries.get(tool);
    const path = map && reader.text(map, tool, what);
    if (!entry || path === undefined) return [];
    const parts = path.replace(/\\/g, '/').replace(/\/+$/, '').split('/');
    if (/^([/~\\]|[A-Za-z]:|[a-z][a-z0-9+.-]+:\/\/)/.test(path) || parts.includes('..')) {
      reader.problem(entry.value, `${what}: the folder must be inside the workspace folder and relative to it.`);
      return [];
    }
    return [{ tool, path: parts.filter((part) => part !== '.' && part !== '').join('/') }];
  });
}

function isOfHost(node: Node): boolean {
  return isMap(node) && node.has('ssh');
}

function hostLog(reader: YamlReader, node: Node, index: number): HostLog[] {
  if (!isOfHost(node)) return [];
  const what = `logs, host ${index + 1}`;
  const map = reader.map(node, what, ['ssh', 'path', 'job']);
  if (!map) return [];
  const host = required(reader, map, 'ssh', what);
  const path = required(reader, map, 'path', what);
  const job = reader.text(map, 'job', what);
  if (host === undefined || path === undefined) return [];
  if (!isHostName(host)) {
    reader.problem(
      map.entries.get('ssh')?.value,
      `${what}: "ssh" is no name of a host; write what you type after ssh.`,
    );
    return [];
  }
  const mistake = patternMistake(path);
  if (mistake !== undefined) {
    reader.problem(map.entries.get('path')?.value, `${what}: "path": ${mistake}.`);
    return [];
  }
  return [{ host, path, ...(job !== undefined && { job }) }];
}

/** Each row is checked by the rules themselves; what they say is put at the key it is about. */
function ownRules(reader: YamlReader, nodes: readonly Node[]): UserRules {
  const maps = nodes.map((node, index) => reader.map(node, `references, rule ${index + 1}`, userRowKeys));
  const found = userRules(maps.map((map) => (map ? reader.plain(map.at) : undefined)));
  for (const { row, key, message } of found.mistakes) {
    const map = maps[row];
    // Of what is no map, and of keys that are not known, the reader has spoken.
    if (!map || (key !== undefined && !map.entries.has(key))) continue;
    const entry = key === undefined ? undefined : map.entries.get(key);
    reader.problem(entry ? (entry.value ?? entry.key) : map.at, `references, rule ${row + 1}: ${message}`);
  }
  return found;
}

function required(reader: YamlReader, map: ShapeMap, key: string, what: string): string | undefined {
  if (!map.entries.has(key)) reader.problem(map.at, `${what}: "${key}" is missing.`);
  return reader.text(map, key, what);
}

/** A text such as `model:churn`, whose kind is one of ours. */
function name(reader: YamlReader, map: ShapeMap, key: string, what: string): string | undefined {
  const text = required(reader, map, key, what);
  if (text === undefined) return undefined;
  const kind = /^([A-Za-z]*):./.exec(text)?.[1];
  if (kind !== undefined && entityKinds.some((known) => known === kind)) return text;
  const near = kind ? nearest(kind, entityKinds) : undefined;
  const hint = near ? `Did you mean "${near}:"?` : `Kinds are ${entityKinds.join(', ')}.`;
  reader.problem(map.entries.get(key)?.value, `${what}: "${key}" must be kind:name, such as model:churn. ${hint}`);
  return undefined;
}
