// Column edges: which columns a query's columns come from, out of what the SQL library says of it. Pure.
import type { Query } from './queries.ts';
import { unknownName } from './withoutJinja.ts';

/** A column of a table as the code names it. */
export interface Column {
  readonly table: string;
  /** `*` for all of them. */
  readonly column: string;
}

export type ColumnChange = 'direct' | 'cast' | 'expression' | 'aggregation' | 'constant' | 'unknown';

/** One column that a query makes. */
export interface ColumnEdge {
  /** `table` is empty for a query that only answers. */
  readonly to: Column;
  readonly from: readonly Column[];
  readonly change: ColumnChange;
  /** Columns whose table the query leaves open: several tables, and no prefix. */
  readonly open: readonly string[];
  /** 0-based line that the query begins on. */
  readonly line: number;
}

/** What the library says of one column; the part of it that is used. */
export interface Projection {
  readonly name?: string | null;
  readonly isStar: boolean;
  readonly starTable?: string | null;
  readonly transformKind: string;
  readonly upstream: readonly {
    readonly table?: string | null;
    readonly column: string;
  }[];
}

export interface Analysis {
  readonly projections: readonly Projection[];
  readonly baseTables: readonly string[];
}

const changes: ReadonlySet<string> = new Set(['direct', 'cast', 'expression', 'aggregation', 'constant']);

export function columnEdges(query: Query, { projections, baseTables }: Analysis): readonly ColumnEdge[] {
  const table = query.target ?? '';
  return projections.flatMap((projection, index): ColumnEdge[] => {
    const { line } = query;
    const change = isChange(projection.transformKind) ? projection.transformKind : 'unknown';
    if (projection.isStar) {
      const sources = projection.starTable ? [projection.starTable] : baseTables;
      const from = sources.filter(isKnown).map((source) => ({ table: source, column: '*' }));
      return [{ to: { table, column: '*' }, from, change: 'direct', open: [], line }];
    }
    const column = query.columns?.[index] ?? projection.name;
    if (!column || !isKnown(column)) return [];
    const from = projection.upstream.flatMap((source) =>
      source.table && isKnown(source.table) && isKnown(source.column)
        ? [{ table: source.table, column: source.column }]
        : [],
    );
    const open = projection.upstream.flatMap((source) =>
      source.table || !isKnown(source.column) ? [] : [source.column],
    );
    return [{ to: { table, column }, from: distinct(from), change, open: [...new Set(open)], line }];
  });
}

function isChange(kind: string): kind is ColumnChange {
  return changes.has(kind);
}

const standIn = new RegExp(`\\b${unknownName}_*\\b`);

/** Not a stand-in for Jinja. */
function isKnown(name: string): boolean {
  return !standIn.test(name);
}

function distinct(columns: readonly Column[]): readonly Column[] {
  return [...new Map(columns.map((column) => [`${column.table} ${column.column}`, column])).values()];
}
