// Terraform resources: sites of a block by the rows of its type, and the addresses that stand anywhere in it.
import { sameQuery } from '../../catalog/monitorQuery.ts';
import { beginsLikeAddress } from '../addresses.ts';
import { type Expression, eachCall } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import { sqlSites } from '../python/embeddedSql.ts';
import { datadogMetrics, type QueryMetric } from '../queries/datadog.ts';
import { promqlMetrics } from '../queries/promql.ts';
import type { Role } from '../reference.ts';
import { namingVariables } from '../rules/commands/index.ts';
import { anyResource, type TerraformRow, type TerraformTake, terraformRow } from '../rules/terraform.ts';
import { assignmentSites, shellSites } from '../shell/commandSites.ts';
import { seenAs } from '../shell/variables.ts';
import { isHole } from '../sql/tokens.ts';
import type { Block, PlacedSite, Scope, Site } from '../summary.ts';
import type { TerraformArgument, TerraformBlock } from './tree.ts';

const outside = { sort: 'with', name: '', parent: -1, lines: [0, 0] } as const;
const longestName = 500;
const deepest = 30;
/** Said to people. */
const prose = /(?:^|_)(?:description|message|comment|help|documentation|title)$/;
/** Only a query of a monitor of Datadog begins so. */
const monitorQuery =
  /^\s{0,200}(?:avg|sum|min|max|percentile|change|pct_change)\((?:(?:last|avg|sum|min|max|percentile)[_(]|[\ue000-\uf8ff]\):)/;

export function blockOf(root: TerraformBlock): Block | undefined {
  const reader = new ResourceReader();
  for (const block of root.blocks) reader.top(block);
  reader.texts(root, 0);
  return reader.block();
}

const anyQuery: TerraformTake = { at: '', kind: 'metric', role: 'reads', read: 'datadog' };
const anyMonitor: TerraformRow = { types: ['datadog_monitor'], tool: 'datadog', takes: [] };

/** A block or an object, with what stands in it by name. */
interface Holder {
  readonly arguments: readonly TerraformArgument[];
  readonly blocks: readonly TerraformBlock[];
}

class ResourceReader {
  readonly #sites: PlacedSite[] = [];
  readonly #scopes: Scope[] = [outside];

  block(): Block | undefined {
    if (this.#sites.length === 0) return undefined;
    return { column: 0, sites: this.#sites, bindings: [], scopes: this.#scopes };
  }

  top(block: TerraformBlock): void {
    const [type, label] = block.labels;
    if ((block.type !== 'resource' && block.type !== 'data') || !type || !label) return;
    const row = terraformRow(type.value);
    const scope = this.#open(0);
    if (row) this.#row(row, block, scope, label, block.type === 'data');
    this.#row(anyResource, block, scope, label, false);
  }

  #row(row: TerraformRow, block: TerraformBlock, scope: number, label: Expression, data: boolean): void {
    const scopes = new Map<Holder, number>([[block, scope]]);
    // What opens a scope is read before what stands in it.
    const takes = [...row.takes].sort(
      (one, other) => Number(other.opens !== undefined) - Number(one.opens !== undefined),
    );
    for (const take of takes) {
      // A data source finds what another place defines.
      const role: Role = data && take.role === 'defines' ? 'reads' : take.role;
      const as = { ...take, role };
      if (take.at === '') {
        this.#name(label, as, row, block, scope);
        continue;
      }
      const found = valuesAt([block], take.at.split('.'));
      if (found.length === 0 && take.orLabel && !data) this.#name(label, as, row, block, scope);
      for (const { holders, value } of found) {
        const holder = holders.at(-1) ?? block;
        if ((take.opens === 'task' || take.opens === 'monitor') && !scopes.has(holder))
          scopes.set(holder, this.#open(scope));
        const inner = holders.findLast((one) => scopes.has(one));
        const named = take.orLabel && !data ? orLabelled(value, label) : value;
        this.#value(named, as, row, holder, (inner && scopes.get(inner)) ?? scope);
      }
    }
  }

  #open(parent: number): number {
    this.#scopes.push({ sort: 'with', name: '', parent, lines: [0, 0] });
    return this.#scopes.length - 1;
  }

  #value(value: Expression, take: TerraformTake, row: TerraformRow, holder: Holder, scope: number): void {
    if (value.is === 'list') {
      for (const item of value.items) this.#value(item, take, row, holder, scope);
      return;
    }
    const { read } = take;
    if (read === 'sql') this.#put(sqlSites(value, true), scope);
    else if (read === 'shell') this.#put(shellSites(value), scope);
    else if (read === 'address') this.#put([{ site: 'text', value, role: take.role }], scope);
    else if (read === 'bucket') this.#bucket(value, take, holder, scope);
    else if (read === undefined || read === 'name') this.#name(value, take, row, holder, scope);
    else this.#metrics(value, take, row, scope);
  }

  #name(value: Expression, take: TerraformTake, row: TerraformRow, holder: Holder, scope: number): void {
    if (value.is === 'text' && (value.value.length > longestName || /[\r\n]/.test(value.value))) return;
    const { kind, role, opens } = take;
    const version = take.version === undefined ? undefined : plain(argumentOf(holder, take.version));
    const query = take.asks === undefined ? undefined : queryOf(argumentOf(holder, take.asks));
    const told = { ...(version !== undefined && { version }), ...(query !== undefined && { query }) };
    const detail = version === undefined && query === undefined ? {} : { detail: told };
    const via = `terraform.${row.types[0] === '*' ? row.tool : row.types[0]}`;
    const qualifiers = (take.qualify ?? []).flatMap((name) => argumentOf(holder, name) ?? []);
    const at = value.at;
    const parts = qualifiers.flatMap((one) => [seenAs('', one, at), seenAs('', { is: 'text', value: '.', at }, at)]);
    const whole: Expression = parts.length > 0 ? { is: 'join', parts: [...parts, value], at } : value;
    const site: Site = {
      site: 'name',
      kind,
      tool: row.tool,
      value: whole,
      role,
      via,
      ...detail,
      ...(opens ? { opens } : {}),
    };
    this.#sites.push({ line: 0, scope, ...(opens ? { opens: scope } : {}), content: site });
  }

  #bucket(value: Expression, take: TerraformTake, holder: Holder, scope: number): void {
    const bucket = take.scheme === 'gs' ? withoutKind(value) : value;
    const { at } = bucket;
    const sign = (text: string): Expression => seenAs('', { is: 'text', value: text, at }, at);
    const key = take.key === undefined ? undefined : argumentOf(holder, take.key);
    const parts = [sign(`${take.scheme ?? 's3'}://`), bucket, sign('/'), ...(key ? [seenAs('', key, at)] : [])];
    this.#put([{ site: 'text', value: { is: 'join', parts, at }, role: take.role }], scope);
  }

  #metrics(value: Expression, { kind, role, read }: TerraformTake, { tool, types }: TerraformRow, scope: number): void {
    const mapped = MappedText.of(value);
    const metricsOf = read === 'datadog' ? datadogMetrics : read === 'promql' ? promqlMetrics : filterMetrics;
    for (const { from, to } of mapped ? metricsOf(mapped.text) : []) {
      const name = mapped?.part(from, to);
      if (name) this.#put([{ site: 'name', kind, tool, value: name, role, via: `terraform.${types[0]}.query` }], scope);
    }
  }

  #put(sites: readonly Site[], scope: number): void {
    for (const content of sites) this.#sites.push({ line: 0, scope, content });
  }

  /** Addresses wherever they stand, and variables of the environment that carry names. */
  texts({ arguments: given, blocks }: Holder, depth: number): void {
    if (depth > deepest) return;
    for (const { name, value } of given) if (!prose.test(name)) this.#text(value, depth + 1, name);
    for (const block of blocks) this.texts(block, depth + 1);
  }

  #text(value: Expression, depth: number, name: string): void {
    if (depth > deepest) return;
    if (value.is === 'list') for (const item of value.items) this.#text(item, depth + 1, '');
    else if (value.is === 'choice') for (const option of value.options) this.#text(option, depth + 1, name);
    else if (value.is === 'dict') {
      for (const { key, value: inner } of value.entries) {
        const called = key?.is === 'text' ? key.value : '';
        if (!prose.test(called)) this.#text(inner, depth + 1, called);
      }
    } else if (namingVariables.has(name)) this.#put(assignmentSites(name, value), 0);
    else this.#address(value);
  }

  #address(value: Expression): void {
    const mapped =
      value.is === 'text' || value.is === 'join' || value.is === 'format' ? MappedText.of(value) : undefined;
    if (!mapped) return;
    const { text } = mapped;
    const bucket = /^arn:aws:s3:::(?=[^*])/.exec(text)?.[0].length;
    if (bucket !== undefined && !/\s/.test(text)) {
      const part = mapped.part(bucket, text.length);
      const rest = text.includes('/', bucket)
        ? part
        : {
            is: 'join' as const,
            parts: [part, seenAs('', { is: 'text', value: '/', at: part.at }, part.at)],
            at: part.at,
          };
      this.#put(
        [{ site: 'name', kind: 'path', tool: 's3', value: rest, prefix: 's3://', role: 'mentions', via: 's3.arn' }],
        0,
      );
    } else if (monitorQuery.test(text)) this.#metrics(value, anyQuery, anyMonitor, 0);
    else if (beginsLikeAddress(text.slice(0, 20))) this.#put([{ site: 'text', value, role: 'mentions' }], 0);
  }
}

/**
 * `metric.type="run.googleapis.com/request_count"`: https://cloud.google.com/monitoring/api/v3/filters (read 2026-11);
 * `| metric 'run.googleapis.com/request_count'` in MQL.
 */
function filterMetrics(query: string): readonly QueryMetric[] {
  const text = query.slice(0, 10_000);
  const match =
    /metric\.type\s{0,10}=\s{0,10}"([^"]{1,300})"/.exec(text) ??
    /(?:^|\||::|\n)\s{0,20}metric\s{1,10}'([^'\n]{1,300})'/.exec(text);
  const name = match?.[1];
  if (!match || name === undefined) return [];
  const to = match.index + match[0].length - 1;
  return [{ name, from: to - name.length, to }];
}

/** Buckets of Google are imported as `b/NAME`, and such names stay where programs write the code. */
function withoutKind(value: Expression): Expression {
  if (value.is !== 'text' || !value.value.startsWith('b/') || value.marks) return value;
  const [line, column, endLine, endColumn] = value.at;
  return { ...value, value: value.value.slice(2), at: [line, column + 2, endLine, endColumn] };
}

/** `name = each.value.name` says nothing where nobody gives it a value; the resource still has its own name. */
function orLabelled(value: Expression, label: Expression): Expression {
  if (['text', 'join', 'format', 'path', 'list', 'choice'].includes(value.is) || goesThrough(value, 0)) return value;
  return { is: 'choice', options: [value, label], at: value.at };
}

/** It is one of a list or map that stands in the code, so that each of those is a name. */
function goesThrough(value: Expression, depth: number): boolean {
  if (depth > 5) return false;
  if (value.is === 'subscript') return goesThrough(value.of, depth + 1) || goesThrough(value.key, depth + 1);
  if (value.is !== 'call' || value.callee.is !== 'name' || value.callee.name !== eachCall) return false;
  const of = value.args[0]?.value;
  const over = of?.is === 'call' && of.callee.is === 'attribute' ? of.callee.of : of;
  if (over?.is === 'list' || over?.is === 'dict') return true;
  return over?.is === 'subscript' && over.key.is === 'text' && over.key.value.startsWith('local.');
}

function argumentOf({ arguments: given }: Holder, name: string): Expression | undefined {
  return given.find((one) => one.name === name)?.value;
}

function plain(value: Expression | undefined): string | undefined {
  return value?.is === 'text' ? value.value : undefined;
}

/** In one spelling; undefined where parts of it are filled in by Terraform. */
function queryOf(value: Expression | undefined): string | undefined {
  const query = value && MappedText.of(value)?.text;
  if (query === undefined || query.trim() === '') return undefined;
  for (let at = 0; at < query.length; at++) if (isHole(query.charCodeAt(at))) return undefined;
  return sameQuery(query);
}

interface Placed {
  /** What it stands in, the innermost last. */
  readonly holders: readonly Holder[];
  readonly value: Expression;
}

/** Through blocks, lists and objects alike. */
function valuesAt(holders: readonly Holder[], steps: readonly string[]): readonly Placed[] {
  const [step, ...rest] = steps;
  const holder = holders.at(-1);
  if (step === undefined || !holder || holders.length > deepest) return [];
  if (step === '**') {
    const inner = [...holder.blocks, ...holder.arguments.flatMap(({ value }) => objectsIn(value, 0))];
    return [...valuesAt(holders, rest), ...inner.flatMap((one) => valuesAt([...holders, one], steps))];
  }
  const given = holder.arguments.filter(({ name }) => name === step);
  if (rest.length === 0) return given.map(({ value }) => ({ holders, value }));
  const inner = [...blocksNamed(holder, step), ...given.flatMap(({ value }) => objectsIn(value, 0))];
  return inner.flatMap((one) => valuesAt([...holders, one], rest));
}

/** `dynamic "task" { content { … } }` makes blocks of that name. */
function blocksNamed({ blocks }: Holder, name: string): readonly Holder[] {
  return blocks.flatMap((block) => {
    if (block.type === name) return [block];
    if (block.type !== 'dynamic' || block.labels[0]?.value !== name) return [];
    return block.blocks.filter(({ type }) => type === 'content');
  });
}

function objectsIn(value: Expression, depth: number): readonly Holder[] {
  if (depth > deepest) return [];
  if (value.is === 'list') return value.items.flatMap((item) => objectsIn(item, depth + 1));
  if (value.is !== 'dict') return [];
  const given = value.entries.flatMap(({ key, value: inner }) =>
    key?.is === 'text' ? [{ name: key.value, value: inner }] : [],
  );
  return [{ arguments: given, blocks: [] }];
}
