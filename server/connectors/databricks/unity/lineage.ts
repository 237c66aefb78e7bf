// Lineage: what the lineage API and the system tables say of tables and columns, as edges; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, pathId } from '../../../catalog/entity.ts';
import { isRecord, list, oneLine, record, text } from '../../json.ts';
import { type Ids, idsOf, type Place } from '../ids.ts';
import { idText } from '../jobs/shapes.ts';
import { type TableName, tableName } from './shapes.ts';

/** How the words of edges begin. */
export const toldByApi = 'Databricks lineage';
export const toldByTable = 'system.access.table_lineage';

export interface Lineage {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

/**
 * `GET /api/2.0/lineage-tracking/table-lineage`: one hop up and down. Keys are optional, hidden objects have
 * `has_permission: false` and no name, `fileInfo` comes as an object or as a list ("View data lineage" guide and the
 * shapes that catalogs' readers expect, 2026-08; not seen from a real server by ourselves).
 */
export function tableLineage(answer: unknown, of: TableName, place: Place): Lineage {
  const { upstreams, downstreams } = record(answer);
  const found = new Gathered(place);
  const id = found.ids.table(of);
  for (const item of list(upstreams)) {
    const from = found.data(item);
    const jobs = found.jobs(item);
    for (const data of from) {
      found.reads(data, id);
      for (const job of jobs) found.reads(data, job);
    }
    for (const job of jobs) found.writes(job, id);
  }
  for (const item of list(downstreams)) {
    const to = found.data(item);
    const jobs = found.jobs(item);
    for (const data of to) {
      found.reads(id, data);
      for (const job of jobs) found.writes(job, data);
    }
    for (const job of jobs) found.reads(id, job);
    for (const version of found.versions(item)) found.reads(id, version);
  }
  return found;
}

/** `column-lineage` of one column: `main.demo.menu.price` for each column that it is made of. */
export function columnSources(answer: unknown): readonly string[] {
  return list(record(answer).upstream_cols).flatMap((each) => {
    const { name, catalog_name, schema_name, table_name } = record(each);
    const parts = [catalog_name, schema_name, table_name, name].map((part) => oneLine(part, 300));
    return parts.every((part) => part !== undefined) ? [parts.join('.')] : [];
  });
}

/** A row of `system.access.table_lineage`, in the order of `lineageColumns`. */
export const lineageColumns = [
  'entity_type',
  'entity_id',
  'source_table_full_name',
  'source_path',
  'target_table_full_name',
  'target_path',
] as const;

/** A row of `system.access.column_lineage`, in this order. */
export const flowColumns = [
  'source_table_full_name',
  'source_column_name',
  'target_table_full_name',
  'target_column_name',
] as const;

type Rows = readonly (readonly (string | null)[])[];

const mostFlows = 40;

/** `flows`: rows of the columns; an edge between two tables names those that flow over it. */
export function rowLineage(rows: Rows, flows: Rows, place: Place): Lineage {
  const found = new Gathered(place, toldByTable);
  for (const [type, entity, sourceTable, sourcePath, targetTable, targetPath] of rows) {
    const from = found.named(sourceTable, sourcePath);
    const to = found.named(targetTable, targetPath);
    const job = type === 'JOB' && idText(entity) !== undefined ? found.ids.job(String(entity)) : undefined;
    if (from !== undefined && to !== undefined) found.reads(from, to);
    if (from !== undefined && job !== undefined) found.reads(from, job);
    if (to !== undefined && job !== undefined) found.writes(job, to);
  }
  for (const [sourceTable, source, targetTable, target] of flows) {
    const [from, to] = [found.named(sourceTable, null), found.named(targetTable, null)];
    const [read, made] = [oneLine(source, 300), oneLine(target, 300)];
    if (from === undefined || to === undefined || from === to || !read || !made) continue;
    found.reads(from, to);
    found.flows(from, to, `${read} → ${made}`);
  }
  return { entities: found.entities, edges: found.edges.map((edge) => withFlows(edge, found.flowsOver(edge))) };
}

/** The words by which an edge says which columns flow over it. */
const flowing = '; columns ';

export function withFlows(edge: Edge, flows: readonly string[]): Edge {
  const shown = [...new Set(flows)].slice(0, mostFlows).join(', ');
  return shown === '' ? edge : { ...edge, evidence: `${edge.evidence}${flowing}${shown}` };
}

/** What `withFlows` wrote before; nothing when it says no columns. */
export function flowsIn(evidence: string): readonly string[] {
  const at = evidence.indexOf(flowing);
  return at < 0 ? [] : evidence.slice(at + flowing.length).split(', ');
}

class Gathered implements Lineage {
  readonly entities: SeenEntity[] = [];
  readonly edges: Edge[] = [];
  readonly ids: Ids;
  readonly #seen = new Set<string>();
  readonly #flows = new Map<string, string[]>();
  readonly #evidence: string;
  readonly #workspace: string;

  constructor(place: Place, evidence = toldByApi) {
    this.ids = idsOf(place);
    this.#workspace = place.workspace;
    this.#evidence = evidence;
  }

  reads(from: EntityId, to: EntityId): void {
    this.#edge(from, to, 'reads');
  }

  writes(from: EntityId, to: EntityId): void {
    this.#edge(from, to, 'writes');
  }

  data(item: unknown): readonly EntityId[] {
    const { tableInfo, fileInfo } = record(item);
    const { catalog_name, schema_name, name } = record(tableInfo);
    const [catalog, schema, table] = [text(catalog_name), text(schema_name), text(name)];
    const named = catalog && schema && table ? this.named(`${catalog}.${schema}.${table}`, null) : undefined;
    const files = (isRecord(fileInfo) ? [fileInfo] : list(fileInfo)).map(record);
    const paths = files.flatMap((file) => this.named(null, text(file.path) ?? text(file.storage_location)) ?? []);
    return named === undefined ? paths : [named, ...paths];
  }

  /** Only those of this workspace: another one's job of the same number is another job. */
  jobs(item: unknown): readonly EntityId[] {
    return list(record(item).jobInfos).flatMap((each) => {
      const { workspace_id, job_id } = record(each);
      const [workspace, job] = [idText(workspace_id), idText(job_id)];
      if (job === undefined) return [];
      return workspace === undefined || workspace === this.#workspace || !/^\d+$/.test(this.#workspace)
        ? [this.ids.job(job)]
        : [];
    });
  }

  versions(item: unknown): readonly EntityId[] {
    return list(record(item).modelVersionInfos).flatMap((each) => {
      const { model_name, catalog_name, schema_name, name, version } = record(each);
      const full = text(model_name) ?? [catalog_name, schema_name, name].map((part) => text(part) ?? '').join('.');
      const number = idText(version);
      return number === undefined || !tableName(full) ? [] : [this.ids.version(full, number)];
    });
  }

  flows(from: EntityId, to: EntityId, flow: string): void {
    const key = `${from}\n${to}`;
    const known = this.#flows.get(key) ?? [];
    if (known.length === 0) this.#flows.set(key, known);
    if (known.length < mostFlows) known.push(flow);
  }

  flowsOver({ from, to, relation }: Edge): readonly string[] {
    return relation === 'reads' ? (this.#flows.get(`${from}\n${to}`) ?? []) : [];
  }

  /** Undefined for what has no name. */
  named(table: string | null | undefined, path: string | null | undefined): EntityId | undefined {
    const name = table ? tableName(table) : undefined;
    if (name) {
      const id = this.ids.table(name);
      this.#mention({ id, kind: 'table', name: name.join('.') });
      return id;
    }
    if (!path || !/^[a-z][a-z0-9+.-]*:\/\/[^/]+\/./i.test(path) || path.length > 1000) return undefined;
    const id = pathId(path);
    this.#mention({ id, kind: 'path', name: path });
    return id;
  }

  #edge(from: EntityId, to: EntityId, relation: Edge['relation']): void {
    const key = `${from}\n${to}\n${relation}`;
    if (from === to || this.#seen.has(key)) return;
    this.#seen.add(key);
    this.edges.push({ from, to, relation, origin: 'reported', evidence: this.#evidence });
  }

  #mention(entity: SeenEntity): void {
    if (this.#seen.has(entity.id)) return;
    this.#seen.add(entity.id);
    this.entities.push(entity);
  }
}
