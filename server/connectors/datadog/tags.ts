// Tags: what of another tool the tags of a metric or monitor may name: what teams write, and what Datadog's integrations do.
import type { AlertLabel } from '../../catalog/alert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type Entity, type EntityId, type EntityKind, parseEntityId } from '../../catalog/entity.ts';
import { matchedBy } from '../labels.ts';

const mostOfAName = 3;
const longest = 300;

/**
 * Edges from what tags may name to what has them. Tags are no proof: each edge is `matched` and says that it is a guess,
 * unless the tag is a number that only one job of that tool has.
 */
export function taggedBy(tags: readonly AlertLabel[], to: EntityId, where: string, catalog: Catalog): readonly Edge[] {
  // A number goes before a name.
  const edges = [...ofIntegrations(tags, to, where, catalog), ...matchedBy(tags, to, where, catalog)];
  return [...new Map(edges.toReversed().map((edge) => [edge.from, edge])).values()];
}

/** Tags of the integrations with Databricks, Ray and Snowflake; Airflow's are `dag_id` and `task_id`. */
function ofIntegrations(tags: readonly AlertLabel[], to: EntityId, where: string, catalog: Catalog): readonly Edge[] {
  const value = (...names: readonly string[]) => tags.find(({ name }) => names.includes(name.toLowerCase()))?.value;
  const found: { readonly entity: Entity; readonly said: string; readonly isSure?: true }[] = [];
  const jobId = value('job_id', 'databricks_job_id', 'jobid');
  const isNumber = jobId !== undefined && /^\d{1,20}$/.test(jobId);
  for (const entity of isNumber ? jobsByNumber(jobId, catalog) : [])
    found.push({ entity, said: `job_id:${jobId}`, isSure: true });
  const [database, schema, table] = [value('database', 'db'), value('schema'), value('table', 'table_name')];
  if (database !== undefined && schema !== undefined && table !== undefined)
    for (const entity of named(catalog, 'table', `${database}.${schema}.${table}`))
      found.push({ entity, said: `database:${database}, schema:${schema} and table:${table}` });
  const [application, deployment] = [value('application', 'app'), value('deployment')];
  for (const [name, text] of [
    ['application', application],
    ['deployment', deployment],
  ] as const)
    if (text !== undefined)
      for (const entity of named(catalog, 'endpoint', text, 'ray')) found.push({ entity, said: `${name}:${text}` });
  return found.map(({ entity, said, isSure }): Edge => {
    const words = isSure ? 'and this job has that number' : `and this ${entity.kind} has that name`;
    const evidence = `${isSure ? '' : 'a guess: '}${where} has ${said}, ${words}`.slice(0, longest);
    return { from: entity.id, to, relation: 'measures', origin: 'matched', evidence };
  });
}

function named(catalog: Catalog, kind: EntityKind, name: string, tool?: string): readonly Entity[] {
  const found = catalog.find(kind, name, tool).filter(({ goneAt }) => goneAt === undefined);
  return found.length > mostOfAName ? [] : found;
}

/** A job of Databricks is its number in ids, under the workspace; its alias may be the number too. */
export function jobsByNumber(number: string, catalog: Catalog): readonly Entity[] {
  const workspaces = new Set(
    catalog
      .sources()
      .flatMap(({ tool, scope }) => (tool === 'databricks' ? scope.replace(/^databricks:\/\//, '') : [])),
  );
  const jobs = catalog.find('job', number, 'databricks');
  const direct = [...workspaces, ...workspacesOf(catalog)].flatMap(
    (workspace) => catalog.get(`job:databricks://${workspace}/${number}`) ?? [],
  );
  const found = new Map([...jobs, ...direct].map((job) => [job.id, job]));
  return [...found.values()].filter(({ goneAt }) => goneAt === undefined);
}

const remembered = new WeakMap<Catalog, { readonly revision: number; readonly workspaces: ReadonlySet<string> }>();

/** As the ids of known jobs have them: a workspace is called by its number, its connection by its address. */
function workspacesOf(catalog: Catalog): ReadonlySet<string> {
  const before = remembered.get(catalog);
  if (before?.revision === catalog.revision) return before.workspaces;
  const known = new Set<string>();
  for (const { id } of catalog.list('job', 2_000)) {
    const parts = parseEntityId(id);
    if (parts?.tool === 'databricks' && !parts.instance.includes('/')) known.add(parts.instance);
  }
  remembered.set(catalog, { revision: catalog.revision, workspaces: known });
  return known;
}
