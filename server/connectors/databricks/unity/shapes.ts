// Shapes: what Unity Catalog answers, read field by field; wrong fields are "not said" (databricks-sdk 0.156, 2026-11-23).
import { list, number, oneLine, record, said, text } from '../../json.ts';
import { idText } from '../jobs/shapes.ts';

const longest = 300;
const mostColumns = 2000;

/** Names of Unity Catalog hold neither dots nor blanks nor slashes; anything else is not one. */
function name(value: unknown): string | undefined {
  const read = text(value);
  return read !== undefined && read.length <= longest ? read : undefined;
}

export interface StoredCatalog {
  readonly name: string;
  readonly metastore?: string;
}

export function readCatalog(value: unknown): StoredCatalog | undefined {
  const catalog = record(value);
  const found = name(catalog.name);
  return found === undefined ? undefined : said({ name: found, metastore: name(catalog.metastore_id) });
}

export interface StoredSchema {
  readonly catalog: string;
  readonly name: string;
}

export function readSchema(value: unknown): StoredSchema | undefined {
  const schema = record(value);
  const [catalog, found] = [name(schema.catalog_name), name(schema.name)];
  return catalog === undefined || found === undefined ? undefined : { catalog, name: found };
}

/** Catalog, schema, table. */
export type TableName = readonly [string, string, string];

/** Of `full_name`: its parts hold no dots. */
export function tableName(value: unknown): TableName | undefined {
  const [catalog, schema, table, ...more] = (text(value) ?? '').slice(0, 1000).split('.');
  return catalog && schema && table && more.length === 0 ? [catalog, schema, table] : undefined;
}

export interface StoredSummary {
  readonly name: TableName;
  readonly type?: string;
}

export function readSummary(value: unknown): StoredSummary | undefined {
  const table = record(value);
  const found = tableName(table.full_name);
  return found === undefined ? undefined : said({ name: found, type: oneLine(table.table_type) });
}

export interface StoredTable extends StoredSummary {
  readonly owner?: string;
  readonly comment?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly columns: readonly { readonly name: string; readonly type?: string; readonly description?: string }[];
  /** `s3://…`; absent for what is managed or has none. */
  readonly storage?: string;
  readonly definition?: string;
  /** Tables that a view reads. */
  readonly reads: readonly TableName[];
  readonly pipeline?: string;
}

export function readTable(value: unknown): StoredTable | undefined {
  const table = record(value);
  const parts = [name(table.catalog_name), name(table.schema_name), name(table.name)];
  const [catalog, schema, own] = parts;
  // Unity Catalog OSS tells no full name.
  const found = catalog && schema && own ? ([catalog, schema, own] as const) : tableName(table.full_name);
  if (found === undefined) return undefined;
  const columns = list(table.columns).slice(0, mostColumns).map(record);
  return said<StoredTable>({
    name: found,
    type: oneLine(table.table_type),
    owner: oneLine(table.owner),
    comment: oneLine(table.comment, 2000),
    createdAt: number(table.created_at),
    updatedAt: number(table.updated_at),
    columns: columns
      .toSorted((a, b) => (number(a.position) ?? 0) - (number(b.position) ?? 0))
      .flatMap((column) => {
        const label = name(column.name);
        const type = oneLine(column.type_text) ?? oneLine(column.type_name);
        return label === undefined ? [] : [said({ name: label, type, description: oneLine(column.comment) })];
      }),
    storage: oneLine(table.storage_location, 1000),
    definition: text(table.view_definition)?.slice(0, 50_000),
    reads: list(record(table.view_dependencies).dependencies)
      .map((each) => tableName(record(record(each).table).table_full_name))
      .filter((read) => read !== undefined),
    pipeline: oneLine(table.pipeline_id),
  });
}

export interface StoredAlias {
  readonly alias: string;
  readonly version: string;
}

export interface StoredModel {
  /** `main.ml.churn`. */
  readonly name: string;
  readonly owner?: string;
  readonly comment?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  /** Only where they were asked for. */
  readonly aliases?: readonly StoredAlias[];
}

export function readModel(value: unknown): StoredModel | undefined {
  const model = record(value);
  const parts = [name(model.catalog_name), name(model.schema_name), name(model.name)];
  const full = text(model.full_name)?.slice(0, 1000) ?? (parts.every((part) => part) ? parts.join('.') : undefined);
  if (full === undefined) return undefined;
  return said<StoredModel>({
    name: full,
    owner: oneLine(model.owner),
    comment: oneLine(model.comment, 2000),
    createdAt: number(model.created_at),
    updatedAt: number(model.updated_at),
    aliases: Array.isArray(model.aliases) ? aliasesOf(model.aliases) : undefined,
  });
}

function aliasesOf(value: readonly unknown[]): readonly StoredAlias[] {
  return value.flatMap((each) => {
    const { alias_name, version_num } = record(each);
    const [alias, version] = [name(alias_name), number(version_num)];
    return alias === undefined || version === undefined ? [] : [{ alias, version: String(version) }];
  });
}

export interface StoredVersion {
  readonly version: string;
  /** Of MLflow. */
  readonly run?: string;
  /** Id of the workspace that has the run. */
  readonly runWorkspace?: string;
  readonly source?: string;
  readonly status?: string;
  readonly comment?: string;
  readonly creator?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
}

export function readVersion(value: unknown): StoredVersion | undefined {
  const version = record(value);
  const number_ = number(version.version);
  if (number_ === undefined) return undefined;
  const run = text(version.run_id);
  return said<StoredVersion>({
    version: String(number_),
    run: run !== undefined && /^[0-9a-f]{32}$/i.test(run) ? run.toLowerCase() : undefined,
    runWorkspace: idText(version.run_workspace_id),
    source: oneLine(version.source, 1000),
    status: oneLine(version.status),
    comment: oneLine(version.comment, 2000),
    creator: oneLine(version.created_by),
    createdAt: number(version.created_at),
    updatedAt: number(version.updated_at),
  });
}

/** `team:ml` of a tag assignment. */
export function readTag(value: unknown): string | undefined {
  const { tag_key, tag_value } = record(value);
  const [key, given] = [oneLine(tag_key, 200), oneLine(tag_value, 200)];
  return key === undefined || given === undefined ? key : `${key}:${given}`;
}
