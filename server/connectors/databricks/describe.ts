// Describe: what is on screen, as of now: a few questions for each job, run, table, model and endpoint.
import type { CatalogChange } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, type EntityIdParts, parseEntityId } from '../../catalog/entity.ts';
import { list } from '../json.ts';
import { knownFacts } from '../knownFacts.ts';
import { segment } from './ask/api.ts';
import { idsOf } from './ids.ts';
import { readBundle } from './jobs/bundle.ts';
import { askClusters, withLogFolders } from './jobs/clusters.ts';
import { lookAtCode, withCode } from './jobs/code.ts';
import { jobsOf } from './jobs/entities.ts';
import { runsOf } from './jobs/runs.ts';
import { jobContext, oneJob, oneRun, runContext } from './jobs/scan.ts';
import { readRun } from './jobs/shapes.ts';
import { columnLineage, lineageOf, withKnownFlows } from './lineageScan.ts';
import type { Around } from './memory.ts';
import { type Asking, bundleTagsOf, type Poll, partly } from './poll.ts';
import { endpointsOf, readEndpoint } from './serving.ts';
import { tableLineage, withFlows } from './unity/lineage.ts';
import { makerOf, oneModel } from './unity/modelScan.ts';
import { modelOf } from './unity/models.ts';
import { oneTable } from './unity/scan.ts';
import { readTag, type StoredTable, type TableName } from './unity/shapes.ts';
import { edgesOf, pathsOf, tableOf } from './unity/tables.ts';

/** Of each kind; what is beyond is left to the next scan. */
const most = { jobs: 10, runs: 20, tables: 6, models: 6, endpoints: 6, makers: 3, runsOfJob: 24 };

export async function* describe(ids: readonly EntityId[], asking: Asking): AsyncIterable<CatalogChange> {
  const poll: Poll = { ...asking, problems: [], touched: [], owes: false };
  const mine = [...new Set(ids)].flatMap((id) => ownParts(id, poll) ?? []);
  const first = (kinds: readonly string[]) => [
    ...new Set(mine.flatMap(({ kind, segments: [name] }) => (kinds.includes(kind) && name ? [name] : []))),
  ];
  for (const job of first(['job', 'task']).slice(0, most.jobs)) yield* part(poll, () => describeJob(job, poll));
  const runs = new Set(first(['run']).map((run) => wholeRun(run, poll)));
  for (const run of [...runs].slice(0, most.runs)) yield* part(poll, () => describeRun(run, poll));
  const tables = mine.filter(({ kind, segments }) => kind === 'table' && segments.length === 3);
  for (const { segments } of tables.slice(0, most.tables)) {
    const [catalog = '', schema = '', name = ''] = segments;
    yield* part(poll, () => describeTable([catalog, schema, name], poll));
  }
  for (const model of first(['model', 'version']).slice(0, most.models))
    yield* part(poll, () => describeModel(model, poll));
  for (const name of first(['endpoint']).slice(0, most.endpoints))
    yield* part(poll, () => describeEndpoint(name, poll));
  yield { incremental: true, problems: poll.problems };
}

/** Undefined for what is of another workspace, metastore or tool. */
function ownParts(id: EntityId, { place }: Poll): EntityIdParts | undefined {
  const parts = parseEntityId(id);
  if (!parts) return undefined;
  const { kind, tool, instance } = parts;
  if (kind === 'model' || kind === 'version')
    return tool === 'mlflow' && instance === place.metastore ? parts : undefined;
  if (tool !== 'databricks') return undefined;
  return instance === (kind === 'table' ? place.metastore : place.workspace) ? parts : undefined;
}

/** One thing that cannot be had leaves the others. */
async function* part(poll: Poll, ask: () => Promise<CatalogChange>): AsyncIterable<CatalogChange> {
  const change = await partly(poll, 'things on screen', ask);
  if (change) yield { incremental: true, ...change };
}

async function describeJob(id: string, poll: Poll): Promise<CatalogChange> {
  const { api, signal } = poll;
  const job = await oneJob(api, id, signal);
  if (!job) return {};
  const bundle = job.bundleFile === undefined ? undefined : await readBundle(api, job.bundleFile, signal);
  const bundles = new Map(job.bundleFile !== undefined && bundle ? [[job.bundleFile, bundle]] : []);
  const query = [
    ['job_id', id],
    ['limit', String(most.runsOfJob)],
    ['expand_tasks', 'true'],
  ] as const;
  const answer = await api.get('/api/2.2/jobs/runs/list', query, signal);
  const runs = list(answer.runs)
    .flatMap((run) => readRun(run) ?? [])
    .map((run) => withLogFolders(run, poll.memory.clusters));
  const executed = runsOf(runs, runContext(poll));
  await lookAtCode(job, poll);
  return { ...withCode([job], jobsOf([job], jobContext(poll, bundles)), poll), runs: executed.runs };
}

/** A task's run is told with the run that it is part of. */
function wholeRun(run: string, { catalog, place }: Poll): string {
  const parent = catalog?.run(idsOf(place).run(run))?.parent;
  return (parent && parseEntityId(parent)?.segments[0]) ?? run;
}

async function describeRun(id: string, poll: Poll): Promise<CatalogChange> {
  const run = await oneRun(poll.api, id, poll.signal);
  if (run?.run !== id) return {};
  await askClusters(run, poll);
  return runsOf([withLogFolders(run, poll.memory.clusters)], runContext(poll));
}

async function describeTable(name: TableName, poll: Poll): Promise<CatalogChange> {
  const { place } = poll;
  const table = await oneTable(poll, name);
  if (!table) return {};
  const { tags, lineage, columns } = await poll.memory.around(name.join('.'), poll.now, () => around(table, poll));
  const own = edgesOf(table, place);
  return {
    entities: [...lineage.entities, ...pathsOf(own), tableOf(table, place, tags)],
    edges: [...own, ...lineage.edges.map((edge) => withColumns(edge, columns, poll))],
  };
}

/** What changes seldom and takes a question for each column. */
async function around({ name, columns }: StoredTable, poll: Poll): Promise<Around> {
  const { api, signal, place } = poll;
  const path = `/api/2.1/unity-catalog/entity-tag-assignments/tables/${segment(name.join('.'))}/tags`;
  const tags = await partly({ problems: [], signal }, 'tags', async () =>
    list((await api.get(path, [], signal)).tag_assignments).flatMap((tag) => readTag(tag) ?? []),
  );
  const answer = await lineageOf(name, poll);
  const lineage = answer === 'closed' ? { entities: [], edges: [] } : tableLineage(answer, name, place);
  const hasSources = lineage.edges.some(({ to }) => to === idsOf(place).table(name));
  const names = columns.map((column) => column.name);
  const made = hasSources ? await columnLineage(name, names, poll) : new Map<string, readonly string[]>();
  return { ...(tags ? { tags } : {}), lineage, columns: made };
}

/** An edge between tables names the columns that flow over it; where they are not told now, those that were known. */
function withColumns(edge: Edge, columns: ReadonlyMap<string, readonly string[]>, poll: Poll): Edge {
  const flows = [...columns].flatMap(([column, sources]) =>
    sources.flatMap((source) => {
      const parts = source.split('.');
      const [catalog = '', schema = '', table = ''] = parts;
      const from = idsOf(poll.place).table([catalog, schema, table]);
      return from === edge.from ? [`${parts.at(-1)} → ${column}`] : [];
    }),
  );
  return withKnownFlows(withFlows(edge, flows), poll);
}

async function describeModel(name: string, poll: Poll): Promise<CatalogChange> {
  const one = await oneModel(poll, name);
  if (!one) return {};
  const change = modelOf(one.model, one.versions, poll.place, knownFacts(poll), bundleTagsOf(poll, 'model'));
  const newest = one.versions.toSorted((a, b) => Number(b.version) - Number(a.version)).slice(0, most.makers);
  const made: CatalogChange[] = [];
  for (const version of newest) made.push(await makerOf(name, version, poll));
  return {
    entities: change.entities,
    edges: [...change.edges, ...made.flatMap(({ edges }) => edges ?? [])],
    runs: made.flatMap(({ runs }) => runs ?? []),
  };
}

async function describeEndpoint(name: string, poll: Poll): Promise<CatalogChange> {
  const { api, signal, place } = poll;
  const endpoint = readEndpoint(await api.get(`/api/2.0/serving-endpoints/${segment(name)}`, [], signal));
  return endpoint ? endpointsOf([endpoint], place, bundleTagsOf(poll, 'endpoint')) : {};
}
