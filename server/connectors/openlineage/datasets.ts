// Datasets: OpenLineage names of data as ids and names of ours; pure. Rules: openlineage.io/docs/spec/naming, 2026-08.
import { type EntityId, type EntityKind, entityId, pathId } from '../../catalog/entity.ts';
import { stableFolder } from '../../catalog/keys.ts';
import type { Name } from './said/events.ts';

export interface NamedData {
  readonly id: EntityId;
  readonly kind: EntityKind;
  /** As people write it: `ANALYTICS.ML.CHURN_PREDICTIONS`, `s3://acme-lake/churn/features/`. */
  readonly name: string;
  /** What this mention was of, where `name` is the folder that stays the same from run to run. */
  readonly exact: string;
  readonly aliases: readonly string[];
}

const stores: Readonly<Record<string, string>> = {
  s3: 's3',
  s3a: 's3',
  s3n: 's3',
  gs: 'gs',
  gcs: 'gs',
  abfss: 'abfss',
  abfs: 'abfss',
  wasbs: 'wasbs',
  hdfs: 'hdfs',
  dbfs: 'dbfs',
  file: 'file',
};
/** Schemes whose names are dotted relations, and the tool that keeps them. */
const databases: Readonly<Record<string, string>> = {
  snowflake: 'snowflake',
  databricks: 'databricks',
  unitycatalog: 'databricks',
  postgres: 'postgres',
  postgresql: 'postgres',
  redshift: 'redshift',
  mysql: 'mysql',
  mssql: 'mssql',
  oracle: 'oracle',
  trino: 'trino',
  hive: 'hive',
  awsathena: 'athena',
  duckdb: 'duckdb',
  teradata: 'teradata',
  sqlserver: 'mssql',
};

export function dataOf({ namespace, name }: Name): NamedData {
  const [, scheme = namespace, authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(namespace) ?? [];
  const lower = scheme.toLowerCase();
  const store = stores[lower];
  if (store) return pathData(store, authority, name);
  if (lower === 'bigquery') {
    const [project = '', ...rest] = partsOf(name);
    return tableData('bigquery', project, rest, name, namespace);
  }
  const database = databases[lower];
  if (database) return tableData(database, authority.replace(/\/$/, '').toLowerCase(), partsOf(name), name, namespace);
  return tableData('openlineage', namespace, partsOf(name), name, namespace);
}

/** A file of one day or one run is data of the folder above: else a year of runs were a year of nodes. */
function pathData(scheme: string, authority: string, name: string): NamedData {
  const bucket = authority.replace(/\/+$/, '');
  const key = name.replace(/^\/+/, '');
  const exact = `${scheme}://${bucket}/${key}`;
  const folder = stableFolder(key);
  const uri = folder === undefined ? exact : `${scheme}://${bucket}/${folder}`;
  const local = scheme === 'file' && bucket === '' ? [uri.slice('file://'.length)] : [];
  // Tools disagree on the slash after a folder.
  const other = uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`;
  return { id: pathId(uri), kind: 'path', name: uri, exact, aliases: [other, ...local] };
}

function tableData(
  tool: string,
  instance: string,
  parts: readonly string[],
  name: string,
  namespace: string,
): NamedData {
  const segments = parts.map((part) => part.toLowerCase());
  const shown = partsOf(name).join('.');
  return {
    id: entityId('table', tool, instance, ...segments),
    kind: 'table',
    name: shown,
    exact: shown,
    aliases: [...new Set([`${namespace}/${name}`, name])].filter((alias) => alias !== shown),
  };
}

/** `"DB"."My.Schema".T` → three parts, without quotes. */
function partsOf(name: string): readonly string[] {
  const parts = name.match(/"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|[^."`[\]]+/g) ?? [name];
  return parts.map((part) => part.replace(/^["`[]|["`\]]$/g, '').replaceAll('""', '"')).filter((part) => part !== '');
}
