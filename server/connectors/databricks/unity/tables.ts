// Tables: tables and views of Unity Catalog as entities with their columns, and what views read; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, pathId } from '../../../catalog/entity.ts';
import type { Facts } from '../../../catalog/facts.ts';
import { said } from '../../json.ts';
import { idsOf, type Place } from '../ids.ts';
import type { StoredSummary, StoredTable, TableName } from './shapes.ts';

/** The spellings by which others name it: OpenLineage's Spark integration writes `databricks://<host>` before it. */
function aliasesOf(name: TableName, { url }: Place): readonly string[] {
  const full = name.join('.');
  return [`databricks://${new URL(url).host}/${full}`, `unitycatalog://${new URL(url).host}/${full}`];
}

/** Only that it is there; `known` are the facts we gave before, which a full scan must say again. */
export function mentioned(
  { name, type }: StoredSummary,
  place: Place,
  known: (id: EntityId) => Facts | undefined,
): SeenEntity {
  const id = idsOf(place).table(name);
  const facts = { ...known(id), ...said<Facts>({ materialized: materialized(type), url: urlOf(name, place) }) };
  return { id, kind: 'table', name: name.join('.'), aliases: aliasesOf(name, place), facts };
}

export function tableOf(table: StoredTable, place: Place, tags?: readonly string[]): SeenEntity {
  const facts = said<Facts>({
    description: table.comment,
    owner: table.owner,
    url: urlOf(table.name, place),
    tags: tags && tags.length > 0 ? tags : undefined,
    createdAt: table.createdAt,
    updatedAt: table.updatedAt,
    columns: table.columns.length > 0 ? table.columns : undefined,
    materialized: materialized(table.type),
    artifactUri: table.storage,
    compiledSql: table.definition,
  });
  const { name } = table;
  const id = idsOf(place).table(name);
  return { id, kind: 'table', name: name.join('.'), aliases: aliasesOf(name, place), facts };
}

/** What a view reads, and the folder that an external table lies over. */
export function edgesOf(table: StoredTable, place: Place): readonly Edge[] {
  const ids = idsOf(place);
  const id = ids.table(table.name);
  const reads = table.reads.map(
    (from): Edge => ({
      ...{ from: ids.table(from), to: id, relation: 'reads', origin: 'reported' },
      evidence: 'view_dependencies of Unity Catalog',
    }),
  );
  const { storage, type } = table;
  if (type !== 'EXTERNAL' || storage === undefined || !/^[a-z0-9+.-]+:\/\/[^/]+\/./i.test(storage)) return reads;
  const folder = pathId(storage.endsWith('/') ? storage : `${storage}/`);
  const lies: Edge = {
    ...{ from: folder, to: id, relation: 'same', origin: 'reported' },
    evidence: 'storage_location',
  };
  return [...reads, lies];
}

/** Paths that `edgesOf` names. */
export function pathsOf(edges: readonly Edge[]): readonly SeenEntity[] {
  return edges.flatMap(({ from, relation }) => {
    if (relation !== 'same') return [];
    const name = decodeURIComponent(from.slice('path:'.length));
    return [{ id: from, kind: 'path' as const, name }];
  });
}

function materialized(type: string | undefined): string | undefined {
  return type === undefined ? undefined : type.toLowerCase().replaceAll('_', ' ');
}

function urlOf([catalog, schema, table]: TableName, { url }: Place): string {
  return `${url}/explore/data/${[catalog, schema, table].map(encodeURIComponent).join('/')}`;
}
