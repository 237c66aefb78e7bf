// What is on screen, as of now: a job with a hundred of its runs, data with its versions and columns, a run; and their neighbours.
import type { CatalogChange, PastChange } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import { type EntityId, parseEntityId } from '../../../catalog/entity.ts';
import { HttpError } from '../../httpError.ts';
import { type JsonRecord, list, record, text } from '../../json.ts';
import { dataOf } from '../datasets.ts';
import { jobIdOf } from '../entities.ts';
import { columnsText } from '../said/columns.ts';
import type { Name } from '../said/events.ts';
import { segment } from './api.ts';
import { contextOf, type Live } from './live.ts';
import { datasetsPage, jobsPage, runsPage } from './pages.ts';
import { nameOf, readDataset, readJob, readRun, readVersion } from './shapes.ts';

const most = { ids: 10, runs: 100, versions: 20, columns: 300 };

/** What Marquez does not know, and what may not be asked, is passed over. */
export async function* describe(
  ids: readonly EntityId[],
  live: Live,
  signal: AbortSignal,
): AsyncGenerator<CatalogChange, void, void> {
  for (const id of ids.slice(0, most.ids)) {
    const parts = parseEntityId(id);
    const [first = '', ...more] = parts?.segments ?? [];
    const isOurs = parts?.tool === 'openlineage' && more.length === 0;
    if (isOurs && parts.kind === 'job')
      yield* unlessUnknown(signal, () => describeJob({ namespace: parts.instance, name: first }, live, signal));
    if (isOurs && parts.kind === 'run') yield* unlessUnknown(signal, () => describeRun(first, live, signal));
    if (parts?.kind === 'table' || parts?.kind === 'path')
      yield* unlessUnknown(signal, () => describeData(id, live, signal));
  }
}

async function* unlessUnknown(
  signal: AbortSignal,
  work: () => Promise<readonly CatalogChange[]>,
): AsyncGenerator<CatalogChange, void, void> {
  try {
    for (const change of await work()) yield { incremental: true, ...change };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(missing|forbidden|refused|broken|tooBig)$/.test(error.kind)) throw error;
  }
}

const at = ({ namespace, name }: Name, kind: 'jobs' | 'datasets'): string =>
  `/namespaces/${segment(namespace)}/${kind}/${segment(name)}`;

async function describeJob(name: Name, live: Live, signal: AbortSignal): Promise<readonly CatalogChange[]> {
  const { api } = live;
  const job = readJob(await api.get(at(name, 'jobs'), [], signal));
  if (!job) return [];
  const path = `${at(name, 'jobs')}/runs`;
  const answer = await api.get(path, [['limit', String(most.runs)]], signal);
  const runs = api.items(answer, 'runs', path).flatMap((run) => readRun(run) ?? []);
  const context = contextOf(live);
  return [
    jobsPage([job], context),
    runsPage(runs, job, context),
    await around(`job:${job.namespace}:${job.name}`, live, signal),
  ];
}

async function describeRun(id: string, live: Live, signal: AbortSignal): Promise<readonly CatalogChange[]> {
  const { api } = live;
  const run = readRun(await api.get(`/jobs/runs/${segment(id)}`, [], signal));
  if (!run?.job) return [];
  const job = readJob(await api.get(at(run.job, 'jobs'), [], signal));
  return job ? [runsPage([run], job, contextOf(live))] : [];
}

async function describeData(id: EntityId, live: Live, signal: AbortSignal): Promise<readonly CatalogChange[]> {
  const { api } = live;
  const name = live.names.get(id) ?? (await sought(id, live, signal));
  if (!name) return [];
  const dataset = readDataset(await api.get(at(name, 'datasets'), [], signal));
  if (!dataset || dataOf(dataset).id !== id) return [];
  live.names.set(id, name);
  const path = `${at(name, 'datasets')}/versions`;
  const answer = await api.get(path, [['limit', String(most.versions)]], signal);
  const node = `dataset:${dataset.namespace}:${dataset.name}`;
  return [
    datasetsPage([dataset]),
    { events: versionsOf(id, api.items(answer, 'versions', path)) },
    await around(node, live, signal),
    await columnsInto(id, node, live, signal),
  ];
}

/** After a restart names are not known yet: its own search finds them. */
async function sought(id: EntityId, { api }: Live, signal: AbortSignal): Promise<Name | undefined> {
  const word = parseEntityId(id)?.segments.findLast((part) => part !== '');
  if (word === undefined) return undefined;
  const answer = await api.get(
    '/search',
    [
      ['q', word],
      ['filter', 'DATASET'],
      ['limit', '50'],
    ],
    signal,
  );
  return list(answer.results)
    .flatMap((result) => nameOf(result) ?? [])
    .find((name) => dataOf(name).id === id);
}

function versionsOf(id: EntityId, versions: readonly unknown[]): readonly PastChange[] {
  return versions.flatMap((one): readonly PastChange[] => {
    const version = readVersion(one);
    if (!version) return [];
    const by = version.run === undefined ? '' : ` of run ${version.run}`;
    const value = version.lifecycle ? `${version.version} (${version.lifecycle.toLowerCase()})` : version.version;
    return [{ entity: id, field: 'version', value, at: version.createdAt, evidence: `Marquez: a version${by}` }];
  });
}

/** What stands next to it in Marquez' own graph, which also knows what events without a run said. */
async function around(node: string, { api }: Live, signal: AbortSignal): Promise<CatalogChange> {
  const answer = await api.get(
    '/lineage',
    [
      ['nodeId', node],
      ['depth', '1'],
    ],
    signal,
  );
  const nodes = api.items(answer, 'graph', '/lineage').map(record);
  const names = new Map(nodes.map(nodeName).filter((one) => one !== undefined));
  const edges = nodes.flatMap(({ inEdges, outEdges }) => [...list(inEdges), ...list(outEdges)]);
  const found = new Map<string, Edge>();
  for (const edge of edges) {
    const { origin, destination } = record(edge);
    const [from, to] = [names.get(String(origin)), names.get(String(destination))];
    if (!from || !to || from.isJob === to.isJob) continue;
    const relation = to.isJob ? 'reads' : 'writes';
    const evidence = 'Marquez: its lineage graph';
    found.set(`${from.id} ${to.id}`, { from: from.id, to: to.id, relation, origin: 'reported', evidence });
  }
  return { edges: [...found.values()].filter(({ from, to }) => from !== to) };
}

interface Node {
  readonly id: EntityId;
  readonly isJob: boolean;
}

/** Ids of nodes hold namespaces with colons, so names are read beside them, never off them. */
function nodeName({ id, type, data }: JsonRecord): readonly [string, Node] | undefined {
  const name = nameOf(data);
  const key = text(id);
  if (!name || key === undefined || (type !== 'JOB' && type !== 'DATASET')) return undefined;
  return [key, type === 'JOB' ? { id: jobIdOf(name), isJob: true } : { id: dataOf(name).id, isJob: false }];
}

/** Which columns make its columns. The direction of edges differs between versions (0.51 points back), so inputs count. */
async function columnsInto(id: EntityId, node: string, { api }: Live, signal: AbortSignal): Promise<CatalogChange> {
  const answer = await api.get(
    '/column-lineage',
    [
      ['nodeId', node],
      ['depth', '1'],
    ],
    signal,
  );
  const flows = new Map<EntityId, Set<string>>();
  for (const one of api.items(answer, 'graph', '/column-lineage').slice(0, most.columns)) {
    const { namespace, dataset, field, inputFields } = record(record(one).data);
    const made = nameOf({ namespace, name: dataset });
    if (!made || dataOf(made).id !== id) continue;
    for (const input of list(inputFields).slice(0, most.columns)) {
      const source = record(input);
      const from = nameOf({ namespace: source.namespace, name: source.dataset });
      if (!from || dataOf(from).id === id) continue;
      const columns = flows.get(dataOf(from).id) ?? new Set();
      flows.set(dataOf(from).id, columns.add(`${text(source.field)} → ${text(field)}`));
    }
  }
  const edges = [...flows].map(([from, columns]): Edge => {
    const evidence = `OpenLineage says what it is made of${columnsText([...columns])}`;
    return { from, to: id, relation: 'reads', origin: 'reported', evidence };
  });
  return { edges };
}
