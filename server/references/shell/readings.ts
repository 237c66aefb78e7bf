// Readings: from a word of a command line to the names in it.
import type { Expression } from '../expression.ts';
import type { Role } from '../reference.ts';
import type { CommandRule, CommandTake } from '../rules/commands/command.ts';
import { isHole } from '../sql/tokens.ts';
import type { Site } from '../summary.ts';
import type { CommandWord } from './arguments.ts';
import { seenAs } from './variables.ts';

export interface Reading {
  readonly tool: string;
  readonly rule: CommandRule;
  readonly take: CommandTake;
  /** In front of a key: the bucket. */
  readonly key?: CommandWord;
  readonly container?: CommandWord;
}

/** `sql` and `shell` are read by who knows those languages. */
export function readWord(word: CommandWord, reading: Reading): readonly Site[] {
  const { take, tool, rule } = reading;
  const { role } = take;
  switch (take.read) {
    case 'name':
      return nameSite(word, reading);
    case 'address':
      return [{ site: 'text', value: word.expression, role }];
    case 'table':
      return tableSite(word, reading);
    case 'dotted':
      return word.text.includes('.') || isHole(word.text.charCodeAt(0)) ? tableSite(word, reading) : [];
    case 'selector':
      return word.text.split(/(?<=\s)|(?=\s)/).length > 1 ? spaced(word, reading) : selectors(word, reading);
    case 'bucket':
      return [bucketSite(word, reading)];
    case 'remote': {
      const host = /^(?:[\w.\ue000-\uf8ff-]+@)?([^@:/\s]{2,}|[\ue000-\uf8ff]):(?!\/\/)/.exec(word.text);
      const name = host?.[1] ?? '';
      const from = (host?.[0].length ?? 0) - 1 - name.length;
      return host ? hostSite(word.part(from, from + name.length), role, rule.id) : [];
    }
    case 'json':
      return jsonField(word, reading);
    case 'url':
      return addressSite(word, role);
    default:
      return [];
  }

  function spaced(all: CommandWord, how: Reading): readonly Site[] {
    return [...all.text.matchAll(/\S+/g)].flatMap(({ index, 0: one }) =>
      selectors(all.part(index, index + one.length), how),
    );
  }

  function hostSite(host: CommandWord, as: Role, via: string): readonly Site[] {
    return isHost(host.text) ? [{ site: 'name', kind: 'host', tool, value: host.expression, role: as, via }] : [];
  }
}

/** Public services are no hosts of the team's. */
const noHosts = /^(github\.com|gitlab\.com|bitbucket\.org)$/;

/** As it may stand in `ssh host`; holes may be in it. */
export function isHost(text: string): boolean {
  return text !== '' && text.length <= 255 && /^[\w.\ue000-\uf8ff{} -]+$/.test(text) && !noHosts.test(text);
}

const longestName = 500;

function nameSite(word: CommandWord, { take, tool, rule, container }: Reading): readonly Site[] {
  const { kind = 'job', role } = take;
  const { text } = word;
  if (text === '' || text.length > longestName || /[\r\n]/.test(text)) return [];
  if (kind === 'run' && /[\s/]/.test(text)) return [];
  const name = container?.text ?? '';
  const known = name !== '' && ![...name].some((sign) => isHole(sign.charCodeAt(0)));
  const detail = known ? { detail: { container: name } } : {};
  return [{ site: 'name', kind, tool, value: word.expression, role, via: rule.id, ...detail }];
}

/** `project:data.orders` of bq is dotted like any other. */
function tableSite(word: CommandWord, { take, rule }: Reading): readonly Site[] {
  const text = word.text.replace(/\$\d+$/, '');
  if (text === '' || text.length > longestName || /[\s/\\'"]|^\d+$/.test(text)) return [];
  const colon = text.indexOf(':');
  const { role } = take;
  if (colon < 0) {
    const value = withDots(word.part(0, text.length).expression, 0);
    return [{ site: 'table', value, role, via: rule.id }];
  }
  const at = word.mapped.span(word.from, word.from + text.length);
  const dot = word.mapped.span(word.from + colon, word.from + colon + 1);
  const parts: readonly Expression[] = [
    word.part(0, colon).expression,
    seenAs(':', { is: 'text', value: '.', at: dot }, dot),
    word.part(colon + 1, text.length).expression,
  ];
  return [{ site: 'table', value: { is: 'join', parts, at }, role, via: rule.id }];
}

/** The same of `project:data.orders` in a variable. */
function withDots(value: Expression, depth: number): Expression {
  if (depth > 10) return value;
  const inner = (one: Expression): Expression => withDots(one, depth + 1);
  switch (value.is) {
    case 'text':
      return depth > 0 && value.value.includes(':') ? { ...value, value: value.value.replace(':', '.') } : value;
    case 'hole':
      return { ...value, of: inner(value.of) };
    case 'subscript':
      return { ...value, of: inner(value.of) };
    case 'join':
      return { ...value, parts: value.parts.map(inner) };
    case 'dict':
      return { ...value, entries: value.entries.map((entry) => ({ ...entry, value: inner(entry.value) })) };
    default:
      return value;
  }
}

/** Folders that dbt's own guides lay models in: they select what is in them. */
const folders =
  /^(staging|intermediate|marts|base|core|raw|models|seeds|snapshots|sources|reports|utils|tests|analyses|\*)$/;
/** Tests that dbt names itself. */
const tests =
  /^(not_null|unique|accepted_values|relationships|source_not_null|source_unique|dbt_utils|dbt_expectations|assert)_/;

/** `+orders+`, `2+orders`, `@orders`, `source:crm.customers+`, several with a comma between: https://docs.getdbt.com/reference/node-selection/syntax (read 2026-11). */
function selectors(word: CommandWord, { take, rule }: Reading): readonly Site[] {
  const found: Site[] = [];
  for (let from = 0; from <= word.text.length; ) {
    const comma = word.text.indexOf(',', from);
    const to = comma < 0 ? word.text.length : comma;
    const one = word.text.slice(from, to);
    const front = /^(?:@|\d*\+)?/.exec(one)?.[0].length ?? 0;
    const back = /\+\d*$/.exec(one)?.[0].length ?? 0;
    const method = /^(source|fqn|model):/.exec(one.slice(front))?.[0] ?? '';
    const start = from + front + method.length;
    const name = word.text.slice(start, Math.max(start, to - back));
    if (isSelected(name, method)) {
      const value = word.part(start, start + name.length).expression;
      found.push({ site: 'name', kind: 'table', tool: 'dbt', value, role: take.role, via: rule.id });
    }
    from = to + 1;
  }
  return found;
}

function isSelected(name: string, method: string): boolean {
  if (name === '' || name.length > longestName || !/^[\w.*?[\]\ue000-\uf8ff{} -]+$/.test(name)) return false;
  if (method === 'source:') return /^[^.]+\.[^.]+$/.test(name);
  return !name.includes('.') && !folders.test(name) && !tests.test(name);
}

/** The reference stands where the bucket does. */
function bucketSite(word: CommandWord, { take, key }: Reading): Site {
  const at = word.mapped.span(word.from, word.to);
  const sign = (value: string): Expression => seenAs('', { is: 'text', value, at }, at);
  const inside = key ? [seenAs('', key.part(/^\/*/.exec(key.text)?.[0].length ?? 0).expression, at)] : [];
  const parts = [sign('s3://'), word.expression, sign('/'), ...inside];
  return { site: 'text', value: { is: 'join', parts, at }, role: take.role };
}

function jsonField(word: CommandWord, reading: Reading): readonly Site[] {
  const { field = '' } = reading.take;
  const { text } = word;
  const key = text.indexOf(`"${field}"`);
  if (key < 0) return [];
  const from = key + field.length + 2;
  const match = /^\s{0,20}:\s{0,20}(?:"([^"\n]{1,300})"|([\w\ue000-\uf8ff-]{1,100}))/.exec(
    text.slice(from, from + 400),
  );
  const value = match?.[1] ?? match?.[2];
  if (!match || value === undefined) return [];
  const start = from + match[0].length - value.length - (match[1] === undefined ? 0 : 1);
  return nameSite(word.part(start, start + value.length), reading);
}

/** What REST addresses of Airflow and Databricks are about (stable REST APIs, read 2026-11). */
const routes = [
  { path: '/dags/', kind: 'job', tool: 'airflow', via: 'airflow.rest', runs: /^\/dagRuns\/?$/ },
  { path: '/serving-endpoints/', kind: 'endpoint', tool: 'databricks', via: 'databricks.rest', runs: undefined },
] as const;

function addressSite(word: CommandWord, role: Role): readonly Site[] {
  const { text } = word;
  if (!/^['"]?(https?:\/\/|[\ue000-\uf8ff])/.test(text)) return [];
  return routes.flatMap(({ path, kind, tool, via, runs }): readonly Site[] => {
    const at = text.indexOf(path);
    if (at < 0) return [];
    const from = at + path.length;
    const name = /^[^/?#\s"']{1,250}/.exec(text.slice(from, from + 251))?.[0];
    if (!name || name === '~') return [];
    const does: Role = kind === 'endpoint' ? 'reads' : runs?.test(text.slice(from + name.length)) ? 'runs' : role;
    return [{ site: 'name', kind, tool, value: word.part(from, from + name.length).expression, role: does, via }];
  });
}
