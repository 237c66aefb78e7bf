// Tables: tables, views and dynamic tables as entities; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Column, Facts } from '../../../catalog/facts.ts';
import { said } from '../../json.ts';
import { idsOf, type ObjectName, type Place, written } from '../ids.ts';
import type { StoredDynamic, StoredObject } from './shapes.ts';

export interface TableMore {
  readonly dynamic?: StoredDynamic;
  readonly columns?: readonly Column[];
  /** What we told before, of which this listing knows less. */
  readonly known?: Facts;
  /** Epoch ms. */
  readonly updatedAt?: number;
  readonly sql?: string;
}

export function tableOf(table: StoredObject, place: Place, more: TableMore = {}): SeenEntity {
  const { name, kind } = table;
  const { dynamic, columns, known, updatedAt, sql } = more;
  const facts = said<Facts>({
    ...known,
    description: table.comment,
    owner: table.owner,
    url: tableUrl(name, kind, place),
    createdAt: table.createdAt,
    updatedAt: updatedAt ?? dynamic?.dataAt ?? known?.updatedAt,
    rows: table.rows,
    bytes: table.bytes,
    columns: columns && columns.length > 0 ? columns : known?.columns,
    materialized: dynamic ? 'dynamic table' : kind,
    compiledSql: dynamic?.text ?? sql ?? known?.compiledSql,
    tags: dynamic ? dynamicTags(dynamic) : undefined,
  });
  return { id: idsOf(place).table(name), kind: 'table', name: written(name), aliases: aliasesOf(name, place), facts };
}

/** Only that it is there: lineage and runs name it. */
export function mentioned(name: ObjectName, place: Place): SeenEntity {
  return { id: idsOf(place).table(name), kind: 'table', name: written(name) };
}

/** OpenLineage writes the account before it, in whichever spelling its producer was configured with. */
function aliasesOf(name: ObjectName, { account, spellings }: Place): readonly string[] {
  return [account, ...spellings.slice(0, 3)].map((spelling) => `snowflake://${spelling}/${written(name)}`);
}

function dynamicTags({ lag, refreshMode, isSuspended, warehouse }: StoredDynamic): readonly string[] {
  const tags = [
    lag && `target lag ${lag}`,
    refreshMode && `refresh ${refreshMode.toLowerCase()}`,
    isSuspended ? 'suspended' : undefined,
    warehouse && `warehouse ${warehouse}`,
  ];
  return tags.flatMap((tag) => (tag ? [tag] : []));
}

/** Pages of Snowsight (as its own links are written, 2026-08; not opened by ourselves). */
function tableUrl([database, schema, table]: ObjectName, kind: string | undefined, { url }: Place): string | undefined {
  if (url === undefined) return undefined;
  const what = kind?.includes('view') ? 'view' : kind === 'dynamic table' ? 'dynamic-table' : 'table';
  const [d, s, t] = [database, schema, table].map(encodeURIComponent);
  return `${url}/#/data/databases/${d}/schemas/${s}/${what}/${t}`;
}
