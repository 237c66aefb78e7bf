// Tables: dbt's models, seeds, snapshots, sources, tests and exposures as entities and edges; pure.
import path from 'node:path';
import type { SeenEntity } from '../../catalog/change.ts';
import type { Content } from '../../catalog/content.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { Column, Facts, SourcePlace } from '../../catalog/facts.ts';
import { dbtContent } from '../contentHash.ts';
import { said } from '../json.ts';
import {
  type CatalogTable,
  cutSql,
  type Freshness,
  type Manifest,
  type ManifestColumn,
  type ManifestNode,
} from './artifacts.ts';

const tableTypes = ['model', 'seed', 'snapshot', 'source'];
export const testTypes = ['test', 'unit_test'];

export interface Artifacts {
  readonly project: string;
  /** Absolute folder of dbt_project.yml; absent: not on this machine. */
  readonly root?: string;
  readonly manifest: Manifest;
  readonly byId: ReadonlyMap<string, ManifestNode>;
  readonly catalog: ReadonlyMap<string, CatalogTable>;
  readonly freshness: ReadonlyMap<string, Freshness>;
  /** 1-based line where a source table stands in its YAML file; 1 when not found. */
  sourceLine(node: ManifestNode): number;
  /** What was known before of a source that dbt did not look at last time. */
  readonly before: (table: EntityId) => Pick<Facts, 'freshness' | 'updatedAt'>;
  /** What dbt sent to the warehouse last, where the manifest does not say it (`dbt parse` drops it); by unique id. */
  readonly compiled: ReadonlyMap<string, string>;
}

/** Undefined for nodes that are nothing to us (operations, analyses, …). */
export function nodeId(project: string, node: ManifestNode): EntityId | undefined {
  if (tableTypes.includes(node.type)) {
    const parts = [node.database ?? '', node.schema ?? '', node.identifier ?? node.name];
    return entityId('table', 'dbt', project, ...parts.map((part) => part.toLowerCase()));
  }
  if (testTypes.includes(node.type)) return entityId('task', 'dbt', project, node.uniqueId);
  if (node.type === 'exposure') return entityId('job', 'dbt', project, node.uniqueId);
  return undefined;
}

/** One after the other, since there may be a hundred thousand. A source and the seed or model behind it may be one relation: such nodes become one entity. */
export function* entitiesOf(artifacts: Artifacts): Generator<SeenEntity, void, void> {
  const nodes = new Map<EntityId, ManifestNode[]>();
  for (const node of artifacts.manifest.nodes) {
    const id = nodeId(artifacts.project, node);
    if (!id) continue;
    const same = nodes.get(id);
    if (same) same.push(node);
    else nodes.set(id, [node]);
  }
  for (const [id, same] of nodes) yield same.map((node) => entityOf(id, node, artifacts)).reduce(merged);
}

/** What builds the table says more of it than the source that points to it: `node`s come before `source`s in a manifest. */
function merged(first: SeenEntity, second: SeenEntity): SeenEntity {
  const aliases = [...new Set([...(first.aliases ?? []), ...(second.aliases ?? [])])];
  const columns = first.facts?.columns?.length ? first.facts.columns : second.facts?.columns;
  return { ...first, aliases, facts: said({ ...second.facts, ...first.facts, columns }) };
}

/** Of its group before its own; a test belongs to whom the table belongs to that it tests. */
export function ownerOf(node: ManifestNode, { manifest, byId }: Artifacts): string | undefined {
  const own = (node.group && manifest.groups.get(node.group)) ?? node.owner;
  if (own !== undefined || !testTypes.includes(node.type)) return own;
  const tested = byId.get(node.attachedTo ?? node.dependsOn[0] ?? '');
  return tested && !testTypes.includes(tested.type)
    ? ((tested.group && manifest.groups.get(tested.group)) ?? tested.owner)
    : undefined;
}

function entityOf(id: EntityId, node: ManifestNode, artifacts: Artifacts): SeenEntity {
  const definition = definedAt(node, artifacts);
  const common: Facts = {
    description: node.description,
    owner: ownerOf(node, artifacts),
    tags: node.tags.length > 0 ? node.tags : undefined,
    definedAt: definition,
    content: contentOf(node, artifacts.manifest),
    url: node.url,
    compiledSql: node.compiledSql ?? cutSql(artifacts.compiled.get(node.uniqueId)),
  };
  if (id.startsWith('table:')) return tableOf(id, node, common, artifacts);
  const exposure = node.exposure === undefined ? 'dbt exposure' : `dbt exposure (${node.exposure})`;
  const operator = id.startsWith('task:') ? 'dbt test' : exposure;
  return {
    id,
    kind: id.startsWith('task:') ? 'task' : 'job',
    name: node.name,
    aliases: [node.uniqueId],
    facts: said({ ...common, operator }),
  };
}

function tableOf(id: EntityId, node: ManifestNode, common: Facts, artifacts: Artifacts): SeenEntity {
  const table = artifacts.catalog.get(node.uniqueId);
  const freshness = artifacts.freshness.get(node.uniqueId);
  const before = node.mayAge && !freshness ? artifacts.before(id) : {};
  const name = [node.database, node.schema, node.identifier ?? node.name].filter(Boolean).join('.').toLowerCase();
  const aliases = [
    node.sourceName ? `${node.sourceName}.${node.name}` : node.name,
    node.packageName && !node.sourceName ? `${node.packageName}.${node.name}` : undefined,
    node.relationName,
    node.uniqueId,
  ];
  const columns = columnsOf(node.columns, table?.columns ?? []);
  return {
    id,
    kind: 'table',
    name,
    aliases: [...new Set(aliases)].filter((alias): alias is string => alias !== undefined && alias !== name),
    facts: said<Facts>({
      ...common,
      description: common.description ?? table?.description,
      owner: common.owner ?? table?.owner,
      dataOwner: common.owner,
      materialized: node.materialized ?? (node.type === 'source' ? undefined : node.type),
      columns: columns.length > 0 ? columns : undefined,
      rows: table?.rows,
      bytes: table?.bytes,
      freshness: freshness?.status ?? before.freshness,
      updatedAt: freshness?.loadedAt ?? before.updatedAt ?? table?.updatedAt,
    }),
  };
}

/**
 * Columns of the warehouse in its order with the words of the YAML file, then columns that only the YAML has.
 * Compared without case: Snowflake says `ID` where the YAML says `id`.
 */
export function columnsOf(declared: readonly ManifestColumn[], found: readonly ManifestColumn[]): readonly Column[] {
  const words = new Map(declared.map((column) => [column.name.toLowerCase(), column]));
  const merged = found.map((column) => {
    const word = words.get(column.name.toLowerCase());
    words.delete(column.name.toLowerCase());
    return said({
      name: column.name,
      type: column.type ?? word?.type,
      description: word?.description ?? column.description,
    });
  });
  // Once the warehouse has answered, a column that only the YAML names is not in the table.
  return found.length > 0 ? merged : [...words.values()].map((column) => said({ ...column }));
}

export function definedAt(node: ManifestNode, { project, root, sourceLine }: Artifacts): SourcePlace | undefined {
  if (!node.file || root === undefined) return undefined;
  const inside = !node.packageName || node.packageName === project;
  const folder = inside ? root : path.join(root, 'dbt_packages', node.packageName ?? '');
  return { path: path.join(folder, node.file), line: node.type === 'source' && inside ? sourceLine(node) : 1 };
}

/** Undefined for what is of another package, whose files are in a repository of their own. */
export function contentOf(
  { packageName, file, checksum }: ManifestNode,
  { projectName }: Manifest,
): Content | undefined {
  const isOurs = packageName === undefined || packageName === projectName;
  return isOurs && file !== undefined ? dbtContent(checksum, file) : undefined;
}

/** `reads` edges parent → child from parent_map; `declared`, because the manifest says so whether or not it ran. */
export function* edgesOf({ project, manifest, byId }: Artifacts): Generator<Edge, void, void> {
  const idOf = (key: string): EntityId | undefined => {
    const node = byId.get(key);
    return node && nodeId(project, node);
  };
  const parents =
    manifest.parents.length > 0
      ? manifest.parents
      : manifest.nodes.map((node) => [node.uniqueId, node.dependsOn] as const);
  for (const [childKey, parentKeys] of parents) {
    const to = idOf(childKey);
    for (const parentKey of to === undefined ? [] : new Set(parentKeys)) {
      const from = idOf(parentKey);
      if (from && to && from !== to)
        yield { from, to, relation: 'reads', origin: 'declared', evidence: 'dbt manifest parent_map' };
    }
  }
}
