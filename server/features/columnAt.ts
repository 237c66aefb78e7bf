// Column at: the column that stands under a cursor, with the table it is surely of; nothing where that is not certain.
import type { Entity } from '../catalog/entity.ts';
import type { Column } from '../catalog/facts.ts';
import { sqlAround } from '../references/columns/sqlAround.ts';
import { type ColumnUse, type Span, sqlColumnAt } from '../references/columns/sqlColumn.ts';
import { yamlColumnAt } from '../references/columns/yamlColumn.ts';
import type { Reference } from '../references/reference.ts';
import type { ParsedDocument } from '../syntax/document.ts';
import type { Position, Range } from '../syntax/text.ts';
import type { FeatureContext } from './context.ts';
import { sameThings } from './hovers/usage.ts';

export interface ColumnAt {
  readonly range: Range;
  readonly column: Column;
  /** Where its table is named. */
  readonly reference: Reference;
  readonly entity: Entity;
  /** The same table as other tools know it. */
  readonly things: readonly Entity[];
}

/** Undefined: no column's name, a table that no tool knows, or a column that its table is not known to have. */
export function columnAt(context: FeatureContext, document: ParsedDocument, at: Position): ColumnAt | undefined {
  const offset = document.lines.offsetAt(at);
  const use = useAt(document, offset);
  if (!use) return undefined;
  const tables = context.references(document.uri).filter(({ kind }) => kind === 'table');
  const found = use.tables.map((span) => tableWith(context, document, tables, span, use.name));
  // One that is not known may have it, too.
  if (found.includes('unknown')) return undefined;
  const having = found.flatMap((one) => (one === 'without' || one === 'unknown' ? [] : [one]));
  const [only] = having;
  if (!only || having.length !== 1) return undefined;
  const { lines } = document;
  return { ...only, range: { start: lines.positionAt(use.from), end: lines.positionAt(use.to) } };
}

function useAt(document: ParsedDocument, offset: number): ColumnUse | undefined {
  if (document.language === 'yaml') return yamlColumnAt(document.text, document.lines, offset);
  const around = sqlAround(document, offset);
  return around && sqlColumnAt(document.text, offset, around.from, around.to);
}

function tableWith(
  context: FeatureContext,
  { lines }: ParsedDocument,
  tables: readonly Reference[],
  { from, to }: Span,
  name: string,
): Omit<ColumnAt, 'range'> | 'without' | 'unknown' {
  const named = tables.filter(
    ({ range }) => lines.offsetAt(range.start) >= from && lines.offsetAt(range.end) <= to && range.start !== range.end,
  );
  const [reference] = named;
  const resolution = reference && named.length === 1 ? context.resolve(reference) : undefined;
  if (!reference || resolution?.status !== 'resolved') return 'unknown';
  const things = sameThings(context, resolution.entity);
  const columns = things.flatMap(({ id }) => context.catalog.facts(id).columns ?? []);
  if (columns.length === 0) return 'unknown';
  const same = columns.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  const [first] = same;
  if (!first) return 'without';
  // What one tool leaves out another may say.
  return { column: Object.assign({}, ...same.toReversed()), reference, entity: resolution.entity, things };
}
