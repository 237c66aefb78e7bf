// Readings: how a value of a configuration becomes names, by the row that is about it.
import { beginsLikeAddress, readAddress } from '../addresses.ts';
import type { Expression, Span } from '../expression.ts';
import { MappedText } from '../mapped.ts';
import { sqlSites } from '../python/embeddedSql.ts';
import { datadogMetrics, type QueryMetric } from '../queries/datadog.ts';
import { promqlMetrics } from '../queries/promql.ts';
import type { ReferenceDetail } from '../reference.ts';
import type { ConfigRow } from '../rules/configs/row.ts';
import { shellSites, wordSites } from '../shell/commandSites.ts';
import { seenAs } from '../shell/variables.ts';
import { jinjaNames } from '../sql/dbt.ts';
import type { Site } from '../summary.ts';
import { datasetSite } from './dataset.ts';
import { asPattern, compiled, near } from './near.ts';
import { type TemplateContext, valueExpression } from './templates.ts';
import type { PlacedScalar, Places } from './trees/scalar.ts';
import type { AliasNode, ConfigDocument, MapNode } from './trees/tree.ts';
import { yamlDocuments } from './trees/yamlTree.ts';

/** `line` is of the file; the spans of the sites count from it. */
export interface Read {
  readonly line: number;
  readonly sites: readonly Site[];
}

export interface Reading {
  readonly row: ConfigRow;
  readonly maps: readonly MapNode[];
  readonly places: Places;
  readonly document: ConfigDocument;
  readonly context: TemplateContext;
}

const longestName = 500;

export const readRow = {
  scalar(scalar: PlacedScalar, reading: Reading): Read | undefined {
    const part = partOf(scalar, reading.row.pattern);
    if (!part) return undefined;
    const line = scalar.lineAt(part.from);
    return { line, sites: sitesOf(scalar, part, line, reading) };
  },

  /** The value is a constant that the file gives a name to. */
  alias({ line, at }: { line: number; at: Span }, { name }: AliasNode, { row, maps }: Reading): Read | undefined {
    const value: Expression = { is: 'name', name: `&${name}`, at };
    if (row.read === 'address') return { line, sites: [{ site: 'text', value, role: row.role }] };
    if (row.pattern !== undefined || (row.read !== undefined && row.read !== 'name')) return undefined;
    return { line, sites: [nameSite(value, '', row, maps)] };
  },

  map(node: MapNode, base: number, { row, places, context }: Reading): Read | undefined {
    return row.read === 'dataset' ? datasetSite(node, base, row, places, context) : undefined;
  },

  documents(scalar: PlacedScalar): readonly ConfigDocument[] {
    return yamlDocuments(scalar.value);
  },
};

export function readAlias({ line, at }: { line: number; at: Span }, { name }: AliasNode): Read {
  return { line, sites: [{ site: 'text', value: { is: 'name', name: `&${name}`, at }, role: 'mentions' }] };
}

/** `MODEL_URI=models:/churn/1` of a list of variables, `--out=s3://b/x` of a list of arguments. */
const assigned = /^(?:[A-Za-z_]\w{0,80}|--?[A-Za-z][\w.-]{0,80})=\S/;
const afterSign = '^[^=]+=([^\\s,;]+)$';

/** A text that no row is about: a reference where it is an address by itself. */
export function readText(scalar: PlacedScalar, context: TemplateContext): Read | undefined {
  const part = partOf(scalar, assigned.test(scalar.value.slice(0, 200)) ? afterSign : undefined);
  if (!part) return undefined;
  const start = scalar.value.slice(part.from, part.from + 12);
  if (!beginsLikeAddress(start) && !/^\$|^\{\{/.test(start)) return undefined;
  const line = scalar.lineAt(part.from);
  const value = valueExpression(scalar, part.from, part.to, line, context);
  return value.is === 'unknown' ? undefined : { line, sites: [{ site: 'text', value, role: 'mentions' }] };
}

interface Part {
  readonly from: number;
  readonly to: number;
}

/** What the pattern's first group matches, or all of it; without the space around. */
function partOf({ value, node }: PlacedScalar, pattern: string | undefined): Part | undefined {
  if (node.style === 'plain' && /^(?:null|~|true|false)$/i.test(value)) return undefined;
  if (pattern !== undefined) {
    const found = compiled(pattern).exec(value.slice(0, 2000))?.indices?.[1];
    return found && trimmed(value, ...found);
  }
  return trimmed(value, 0, value.length);
}

/** A space may be a line end in the file, where no name ends. */
function trimmed(value: string, start: number, end: number): Part | undefined {
  const from = end - value.slice(start, end).trimStart().length;
  const to = start + value.slice(start, end).trimEnd().length;
  return from < to ? { from, to } : undefined;
}

function sitesOf(scalar: PlacedScalar, part: Part, line: number, reading: Reading): readonly Site[] {
  const { row, maps, context } = reading;
  const { from, to } = part;
  const text = scalar.value.slice(from, to);
  switch (row.read) {
    case 'sql':
    case 'maybeSql':
      return sqlIn(scalar, part, line, reading);
    case 'shell':
      return shellSites(commandIn(scalar, part, line, context), context.values ? { values: context.values } : {});
    case 'ref':
      return refsIn(scalar, text, from, line);
    case 'datadog':
      return metricsIn(scalar, part, line, reading, datadogMetrics);
    case 'promql':
      return metricsIn(scalar, part, line, reading, promqlMetrics);
    case 'address':
      return [{ site: 'text', value: valueExpression(scalar, from, to, line, context), role: row.role }];
    default: {
      if (to - from > longestName || text.includes('\n')) return [];
      const value = valueExpression(scalar, from, to, line, context);
      if (row.read === 'modelOrName' && readAddress(asPattern(text))) return [{ site: 'text', value, role: row.role }];
      if (row.read === 'bucket') return bucketIn(value, row, maps);
      return [nameSite(value, text, row, maps)];
    }
  }
}

function commandIn(scalar: PlacedScalar, { from, to }: Part, line: number, context: TemplateContext): Expression {
  return valueExpression(scalar, from, to, line, { ...context, keepsJinja: true, keepsShell: true });
}

/** A command that is a list of its words. */
export function readWords(words: readonly PlacedScalar[], context: TemplateContext): Read | undefined {
  const [first] = words;
  if (!first || words.length > mostWords) return undefined;
  const line = first.lineAt(0);
  const parts = words.map((word) => commandIn(word, { from: 0, to: word.value.length }, line, context));
  return { line, sites: wordSites(parts) };
}

const mostWords = 300;

function bucketIn(value: Expression, row: ConfigRow, maps: readonly MapNode[]): readonly Site[] {
  const { tool, role, id: via } = row;
  const key = row.beside === undefined ? undefined : near(maps, row.beside);
  // The slash that makes it an address is not written.
  const behind: Span = [value.at[2], value.at[3], value.at[2], value.at[3]];
  const slash = seenAs('', { is: 'text', value: `/${asPattern(key ?? '').replace(/^\/+/, '')}`, at: behind }, behind);
  const whole: Expression = { is: 'join', parts: [value, slash], at: value.at };
  return [{ site: 'name', kind: 'path', tool, value: whole, prefix: 's3://', role, via }];
}

function nameSite(value: Expression, text: string, row: ConfigRow, maps: readonly MapNode[]): Site {
  const { kind, tool, role, id: via, opens } = row;
  const prefix = row.prefix === undefined ? undefined : near(maps, row.prefix);
  const detail = detailOf(row, maps, text);
  return {
    site: 'name',
    kind,
    tool,
    value,
    role,
    via,
    ...(prefix === undefined ? {} : { prefix: `${asPattern(prefix)}.` }),
    ...(Object.keys(detail).length > 0 ? { detail } : {}),
    ...(opens ? { opens } : {}),
  };
}

function detailOf(row: ConfigRow, maps: readonly MapNode[], text: string): ReferenceDetail {
  const of = (path: string | undefined): string | undefined => {
    const found = path === undefined ? undefined : near(maps, path);
    return found === undefined ? undefined : asPattern(found);
  };
  const [version, alias, container, group] = [of(row.version), of(row.alias), of(row.container), of(row.group)];
  const own = of(row.qualifiedName) ?? (text === '' ? undefined : asPattern(text));
  const above = (row.qualify ?? []).flatMap((path) => of(path) ?? []);
  const qualified = [...above, own ?? ''].join('.');
  return {
    ...(version === undefined ? {} : { version }),
    ...(alias === undefined ? {} : { alias }),
    ...(container === undefined ? {} : { container }),
    ...(group === undefined ? {} : { group }),
    ...(above.length > 0 && own !== undefined && !qualified.includes('*') ? { qualified } : {}),
  };
}

/** No sentence begins like this. */
const surelySql =
  /^(?:select\s+(?:\*|distinct\s|count\s?\()|insert\s+into\s|delete\s+from\s|merge\s+into\s|create\s+(?:table|view)\s)/i;

function sqlIn(scalar: PlacedScalar, { from, to }: Part, line: number, { row, context }: Reading): readonly Site[] {
  const value = valueExpression(scalar, from, to, line, { ...context, keepsJinja: true });
  return [
    ...sqlSites(value, row.read === 'sql' || surelySql.test(scalar.value.slice(from, from + 100))),
    ...refsIn(scalar, scalar.value.slice(from, to), from, line),
  ];
}

/** Nothing but a call; what is said of one in a description is none. */
const bareRef = /^\s*(?:ref|source)\s*\([^()]{1,300}\)\s*$/;

/** `ref('x')` by itself, or inside of `{{ … }}`, as dbt's files have both. */
function refsIn(scalar: PlacedScalar, text: string, from: number, line: number): readonly Site[] {
  if (!/\b(?:ref|source)\s*\(/.test(text)) return [];
  const parts: { from: number; to: number }[] = [];
  if (!text.includes('{{') && bareRef.test(text)) parts.push({ from: 0, to: text.length });
  for (let at = text.indexOf('{{'); at >= 0; at = text.indexOf('{{', at + 2)) {
    const end = text.indexOf('}}', at);
    parts.push({ from: at, to: end < 0 ? text.length : end });
  }
  return parts.flatMap((part) =>
    jinjaNames(text, { ...part, sort: 'expression' }).map(({ call, name, package: group, ...range }): Site => {
      const value = scalar.text(from + range.from, from + range.to, line);
      const prefix = name.slice(0, name.length - (range.to - range.from));
      const detail = group === undefined ? {} : { package: group };
      return { site: 'name', kind: 'table', tool: 'dbt', value, prefix, role: 'reads', via: `dbt.${call}`, detail };
    }),
  );
}

function metricsIn(
  scalar: PlacedScalar,
  { from, to }: Part,
  line: number,
  { row, context }: Reading,
  metricsOf: (query: string) => readonly QueryMetric[],
): readonly Site[] {
  const mapped = MappedText.of(valueExpression(scalar, from, to, line, context));
  if (!mapped) return [];
  const { tool, role, id: via } = row;
  const seen = new Set<string>();
  return metricsOf(mapped.text).flatMap((metric): Site[] => {
    const value = mapped.part(metric.from, metric.to);
    const key = `${metric.name} ${value.at.join()}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ site: 'name', kind: 'metric', tool, value, role, via }];
  });
}
