// Artifacts: the checked shapes of dbt's target/*.json, v9–v12 manifests and Fusion's. Source: docs.getdbt.com/reference/artifacts, 2026-11.
import { isRecord, type JsonRecord, list, number, oneLine, record, text, time } from '../json.ts';

/** v9 is of dbt 1.5, v12 of 1.8 to 1.12, v20 of Fusion, which adds to v12 and takes nothing away. */
export const knownManifests = ['v9', 'v10', 'v11', 'v12', 'v20'];

export interface ManifestColumn {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
}

export interface ManifestNode {
  readonly uniqueId: string;
  /** `model`, `seed`, `snapshot`, `source`, `test`, `unit_test`, `exposure`, … */
  readonly type: string;
  readonly name: string;
  readonly packageName?: string;
  readonly database?: string;
  readonly schema?: string;
  /** Name of the relation in its schema. */
  readonly identifier?: string;
  readonly relationName?: string;
  readonly sourceName?: string;
  /** Relative to the project that holds it. */
  readonly file?: string;
  readonly description?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly tags: readonly string[];
  readonly materialized?: string;
  readonly columns: readonly ManifestColumn[];
  readonly compiledSql?: string;
  readonly createdAt?: number;
  readonly url?: string;
  /** The table a test is of, where dbt says so. */
  readonly attachedTo?: string;
  readonly dependsOn: readonly string[];
  /** Of an exposure: `dashboard`, `notebook`, `ml`, … */
  readonly exposure?: string;
  /** Of a test: `warn` or `error`. */
  readonly severity?: string;
  /** SHA-256 of its file as dbt makes it; absent where it makes none, for what comes from YAML and for large seeds. */
  readonly checksum?: string;
  /** Of a source: its owners say how old its rows may be. */
  readonly mayAge?: true;
}

export interface Manifest {
  /** `v12`; undefined when it does not say. */
  readonly version?: string;
  readonly projectName?: string;
  /** The command that wrote it. */
  readonly invocation?: string;
  readonly nodes: readonly ManifestNode[];
  readonly groups: ReadonlyMap<string, string>;
  /** Child → parents, by unique id. */
  readonly parents: readonly (readonly [string, readonly string[]])[];
}

const sqlCap = 20_000;

export function readManifest(json: unknown): Manifest {
  const top = record(json);
  const metadata = record(top.metadata);
  // How Fusion (dbt 2) makes its checksums is not known.
  const hashesAsKnown = /^1\./.test(text(metadata.dbt_version) ?? '');
  const sections = ['nodes', 'sources', 'exposures', 'unit_tests'].flatMap((section) =>
    Object.entries(record(top[section])).filter((entry): entry is [string, JsonRecord] => isRecord(entry[1])),
  );
  const groups = Object.values(record(top.groups)).flatMap((value): [string, string][] => {
    const group = record(value);
    const name = text(group.name);
    const owner = ownerOf(group.owner);
    return name && owner ? [[name, owner]] : [];
  });
  return {
    version: schemaVersion(metadata),
    projectName: text(metadata.project_name),
    invocation: text(metadata.invocation_id),
    nodes: sections.map(([uniqueId, node]) => readNode(uniqueId, node, hashesAsKnown)),
    groups: new Map(groups),
    parents: Object.entries(record(top.parent_map)).map(([child, parents]) => [child, texts(parents)] as const),
  };
}

/** `https://schemas.getdbt.com/dbt/manifest/v12.json` → `v12`. */
function schemaVersion(metadata: JsonRecord): string | undefined {
  return /\/(v\d+)\.json$/.exec(text(metadata.dbt_schema_version) ?? '')?.[1];
}

function readNode(uniqueId: string, node: JsonRecord, hashesAsKnown: boolean): ManifestNode {
  const checksum = record(node.checksum);
  const config = record(node.config);
  const [type = ''] = uniqueId.split('.');
  return {
    uniqueId,
    type: text(node.resource_type) ?? type,
    name: text(node.name) ?? uniqueId,
    packageName: text(node.package_name),
    database: text(node.database),
    schema: text(node.schema),
    identifier: text(node.identifier) ?? text(node.alias) ?? text(node.name),
    relationName: text(node.relation_name),
    sourceName: text(node.source_name),
    file: text(node.original_file_path),
    description: text(node.description)?.slice(0, 2000),
    owner:
      ownerOf(record(node.meta).owner) ??
      ownerOf(record(config.meta).owner) ??
      ownerOf(record(node.source_meta).owner) ??
      ownerOf(node.owner),
    group: text(node.group) ?? text(config.group),
    tags: texts(node.tags),
    materialized: text(config.materialized),
    columns: Object.values(record(node.columns)).flatMap((column) => readColumn(record(column))),
    compiledSql: sqlOf(node),
    createdAt: seconds(node.created_at),
    url: text(node.url),
    attachedTo: text(node.attached_node),
    dependsOn: texts(record(node.depends_on).nodes),
    exposure: type === 'exposure' ? oneLine(node.type, 100) : undefined,
    ...(isRecord(node.freshness) && (hasLimit(node.freshness.warn_after) || hasLimit(node.freshness.error_after))
      ? { mayAge: true }
      : {}),
    severity: oneLine(config.severity, 20)?.toLowerCase(),
    ...(hashesAsKnown && checksum.name === 'sha256' ? { checksum: text(checksum.checksum) } : {}),
  };
}

function hasLimit(value: unknown): boolean {
  return number(record(value).count) !== undefined;
}

/** `compiled_sql` is of dbt before 1.3. */
function sqlOf(node: JsonRecord): string | undefined {
  return cutSql(text(node.compiled_code) ?? text(node.compiled_sql));
}

export function cutSql(written: string | undefined): string | undefined {
  return written?.trim().slice(0, sqlCap) || undefined;
}

function readColumn(column: JsonRecord): readonly ManifestColumn[] {
  const name = text(column.name);
  return name ? [{ name, type: text(column.data_type), description: text(column.description)?.slice(0, 500) }] : [];
}

/** A name, an `{name, email}`, or a list of either. */
function ownerOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return oneLine(value.map(ownerOf).filter(Boolean).join(', '), 200);
  if (isRecord(value)) return oneLine(value.name, 200) ?? oneLine(value.email, 200);
  return oneLine(value, 200);
}

function seconds(value: unknown): number | undefined {
  const read = number(value);
  return read === undefined ? undefined : Math.round(read * 1000);
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((entry): entry is string => typeof entry === 'string');
}

export interface NodeResult {
  readonly uniqueId: string;
  /** As dbt says it: `success`, `error`, `fail`, `warn`, `skipped`, … */
  readonly status: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly message?: string;
  readonly failures?: number;
  readonly rowsAffected?: number;
  readonly queryId?: string;
  readonly compiledSql?: string;
}

export interface RunResults {
  readonly invocation?: string;
  readonly generatedAt?: number;
  /** The command: `build`, `test`, `generate`, … */
  readonly which?: string;
  readonly target?: string;
  readonly commit?: string;
  /** Values the caller passed on (`DBT_ENV_CUSTOM_ENV_…`), as one text for `mine`. */
  readonly environmentText: string;
  readonly results: readonly NodeResult[];
}

const commitNames = /^(GIT_?)?(COMMIT|SHA)(_?(SHA|HASH))?$|^GIT_SHA$/i;

export function readRunResults(json: unknown): RunResults {
  const top = record(json);
  const metadata = record(top.metadata);
  const environment = Object.entries(record(metadata.env)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const args = record(top.args);
  return {
    invocation: text(metadata.invocation_id),
    generatedAt: time(metadata.generated_at),
    which: text(args.which),
    target: text(args.target),
    commit: environment.find(([name, value]) => commitNames.test(name) && /^[0-9a-f]{7,40}$/i.test(value))?.[1],
    environmentText: environment.map(([name, value]) => `${name}=${value}`).join('\n'),
    results: list(top.results).flatMap((value) => readResult(record(value))),
  };
}

function readResult(result: JsonRecord): readonly NodeResult[] {
  const uniqueId = text(result.unique_id);
  if (!uniqueId) return [];
  const timing = list(result.timing).map(record);
  const starts = timing.flatMap(({ started_at }) => time(started_at) ?? []);
  const ends = timing.flatMap(({ completed_at }) => time(completed_at) ?? []);
  const response = record(result.adapter_response);
  return [
    {
      uniqueId,
      status: text(result.status) ?? 'unknown',
      startedAt: starts.length > 0 ? Math.min(...starts) : undefined,
      endedAt: ends.length > 0 ? Math.max(...ends) : undefined,
      message: text(result.message),
      failures: number(result.failures),
      rowsAffected: number(response.rows_affected),
      queryId: oneLine(response.query_id ?? response.job_id, 200),
      compiledSql: sqlOf(result),
    },
  ];
}

export interface CatalogTable {
  readonly columns: readonly ManifestColumn[];
  readonly rows?: number;
  readonly bytes?: number;
  readonly updatedAt?: number;
  readonly owner?: string;
  readonly description?: string;
}

/** catalog.json by unique id. Stat ids differ by warehouse: `row_count`, `num_rows`, `bytes`, `num_bytes`, `last_modified`. */
export function readCatalog(json: unknown): ReadonlyMap<string, CatalogTable> {
  const top = record(json);
  const entries = [...Object.entries(record(top.nodes)), ...Object.entries(record(top.sources))];
  return new Map(entries.map(([uniqueId, value]) => [uniqueId, readCatalogTable(record(value))]));
}

function readCatalogTable(table: JsonRecord): CatalogTable {
  const stats = record(table.stats);
  const stat = (...ids: readonly string[]): unknown =>
    ids.map((id) => record(stats[id])).find(({ include, value }) => include !== false && value !== undefined)?.value;
  const metadata = record(table.metadata);
  const columns = Object.entries(record(table.columns)).map(
    ([key, value]) => ({ key, ...record(value) }) as JsonRecord,
  );
  const ordered = columns.sort((a, b) => (number(a.index) ?? 0) - (number(b.index) ?? 0));
  const modified = stat('last_modified', 'last_altered');
  return {
    columns: ordered.map((column) => ({
      name: text(column.name) ?? String(column.key),
      type: text(column.type),
      description: text(column.comment)?.slice(0, 500),
    })),
    rows: number(stat('row_count', 'num_rows', 'rows')),
    bytes: number(stat('bytes', 'num_bytes', 'size')),
    updatedAt: time(typeof modified === 'string' ? modified.replace(/ ?UTC$/, 'Z') : modified),
    owner: oneLine(metadata.owner, 200),
    description: text(metadata.comment)?.slice(0, 2000),
  };
}

export interface Freshness {
  readonly uniqueId: string;
  readonly status: 'pass' | 'warn' | 'error';
  /** Epoch ms of the newest row. */
  readonly loadedAt?: number;
  /** How old the newest row was when dbt looked, in seconds. */
  readonly ageSeconds?: number;
  /** Epoch ms: when dbt looked. */
  readonly lookedAt?: number;
  /** Why dbt could not tell. */
  readonly failure?: string;
}

export interface FreshnessResults {
  readonly invocation?: string;
  readonly generatedAt?: number;
  readonly results: readonly Freshness[];
}

/** sources.json; a source that dbt could not ask about (`runtime error`) counts as `error`, with the failure. */
export function readFreshness(json: unknown): FreshnessResults {
  const top = record(json);
  const metadata = record(top.metadata);
  const results = list(top.results).flatMap((value): Freshness[] => {
    const result = record(value);
    const uniqueId = text(result.unique_id);
    const told = text(result.status);
    if (!uniqueId || !told) return [];
    return [
      {
        uniqueId,
        status: told === 'pass' || told === 'warn' ? told : 'error',
        loadedAt: time(result.max_loaded_at),
        ageSeconds: number(result.max_loaded_at_time_ago_in_s),
        lookedAt: time(result.snapshotted_at),
        failure:
          told === 'runtime error' ? (oneLine(result.error) ?? 'dbt could not ask for its newest row') : undefined,
      },
    ];
  });
  return { invocation: text(metadata.invocation_id), generatedAt: time(metadata.generated_at), results };
}
