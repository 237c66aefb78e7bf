// Entities: jobs, data and the edges between them out of merged events; pure.
import type { PastChange, SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { Facts, SourcePlace } from '../../catalog/facts.ts';
import type { KnownInstances } from '../../catalog/mine.ts';
import type { MetricPoint } from '../../catalog/run.ts';
import { list, oneLine, record, said, text } from '../json.ts';
import { dataOf, type NamedData } from './datasets.ts';
import { columnsText } from './said/columns.ts';
import type { Name } from './said/events.ts';
import { type FacetsInTime, fieldsOf, type Latest, tagsOf } from './said/facets.ts';
import { type DatasetState, type JobState, type Lineage, newer } from './said/lineage.ts';

/** A value that a run measured; of an assertion 1 or 0. */
export interface MeasuredPoint extends MetricPoint {
  readonly isAssertion: boolean;
}

export interface EntityContext {
  /** Epoch ms. */
  readonly now: number;
  readonly instances: KnownInstances;
  /** By run id. */
  readonly measured?: ReadonlyMap<string, readonly MeasuredPoint[]>;
  /** Where a file that the job's source code facet names is in the workspace, if it is there. */
  placeOf(path: string): SourcePlace | undefined;
}

export function jobIdOf({ namespace, name }: Name): EntityId {
  return entityId('job', 'openlineage', namespace, name);
}

export function jobEntity(job: JobState, context: Pick<EntityContext, 'placeOf'>): SeenEntity {
  const location = record(job.facets.get('sourceCodeLocation'));
  const file = text(location.path);
  const tags = tagsOf(job.facets.get('tags'));
  return {
    id: jobIdOf(job),
    kind: 'job',
    name: job.name,
    aliases: [`${job.namespace}/${job.name}`],
    facts: said<Facts>({
      description: descriptionOf(job.facets),
      owner: ownersOf(job.facets),
      url: text(location.url),
      tags: tags.length > 0 ? tags : undefined,
      definedAt: file ? context.placeOf(file) : undefined,
      operator: oneLine(record(job.facets.get('jobType')).integration, 100),
      compiledSql: text(record(job.facets.get('sql')).query),
      updatedAt: job.at,
    }),
  };
}

/** Datasets that are one thing of ours (files of one folder) are one entity; the newest mention speaks for it. */
export function datasetEntities(datasets: Iterable<DatasetState>): readonly SeenEntity[] {
  const newest = new Map<EntityId, DatasetState>();
  for (const dataset of datasets) {
    const { id } = dataOf(dataset);
    const known = newest.get(id);
    newest.set(id, known ? newer(known, dataset) : dataset);
  }
  return [...newest.values()].map(datasetEntity);
}

function datasetEntity(dataset: DatasetState): SeenEntity {
  const data = dataOf(dataset);
  const aliases = [...data.aliases, ...symlinksOf(dataset.facets).flatMap((link) => [link.name, ...link.aliases])];
  const columns = fieldsOf(dataset.facets.get('schema')).map(said);
  const tags = tagsOf(dataset.facets.get('tags'));
  return {
    id: data.id,
    kind: data.kind,
    name: data.name,
    aliases: [...new Set(aliases)].filter((alias) => alias !== data.name),
    facts: said<Facts>({
      description: descriptionOf(dataset.facets),
      owner: ownersOf(dataset.facets),
      tags: tags.length > 0 ? tags : undefined,
      columns: columns.length > 0 ? columns : undefined,
      updatedAt: dataset.writtenAt,
      rows: dataset.rows?.value,
      bytes: dataset.bytes?.value,
    }),
  };
}

function symlinksOf(facets: FacetsInTime): readonly NamedData[] {
  return list(record(facets.get('symlinks')).identifiers)
    .slice(0, 50)
    .flatMap((value) => {
      const { namespace, name } = record(value);
      const read = text(name);
      return read ? dataOf({ namespace: text(namespace) ?? '', name: read }) : [];
    });
}

function descriptionOf(facets: FacetsInTime): string | undefined {
  return text(record(facets.get('documentation')).description)?.slice(0, 2000);
}

function ownersOf(facets: FacetsInTime): string | undefined {
  return oneLine(
    list(record(facets.get('ownership')).owners)
      .flatMap((owner) => text(record(owner).name) ?? [])
      .join(', '),
    300,
  );
}

/** `reads` and `writes` of each job, `contains` or `runs` from the job that started it. */
export function jobEdges(job: JobState, lineage: Lineage): readonly Edge[] {
  const id = jobIdOf(job);
  const edges: Edge[] = [];
  for (const [from, { evidence, keys }] of byId(job.inputs, lineage)) {
    const columns = keys.flatMap((key) => columnsOver(key, job, lineage));
    const words = `${evidence}${columnsText([...new Set(columns)])}`;
    edges.push({ from, to: id, relation: 'reads', origin: 'reported', evidence: words });
  }
  for (const [to, { evidence }] of byId(job.outputs, lineage)) {
    edges.push({ from: id, to, relation: 'writes', origin: 'reported', evidence });
  }
  const parent = job.parent?.value;
  if (parent && jobIdOf(parent) !== id) {
    // Airflow names a task `<dag>.<task>`: it is a part of its parent. Other parents start a job of their own.
    const relation = job.name.startsWith(`${parent.name}.`) ? 'contains' : 'runs';
    edges.push({ from: jobIdOf(parent), to: id, relation, origin: 'reported', evidence: 'OpenLineage parent facet' });
  }
  return edges;
}

interface Said {
  readonly evidence: string;
  readonly keys: readonly string[];
}

/** Several names may be one thing of ours: the newest evidence counts. */
function byId(uses: ReadonlyMap<string, Latest<string>>, lineage: Lineage): ReadonlyMap<EntityId, Said> {
  const found = new Map<EntityId, Said & { readonly at: number }>();
  for (const [key, { when, value }] of uses) {
    const dataset = lineage.datasets.get(key);
    if (!dataset) continue;
    const { id } = dataOf(dataset);
    const known = found.get(id);
    const keys = [...(known?.keys ?? []), key];
    const isNewer = !known || when.at > known.at || (when.at === known.at && value > known.evidence);
    found.set(id, isNewer ? { at: when.at, evidence: value, keys } : { ...known, keys });
  }
  return found;
}

/** Columns of an input that make columns of what this job writes. */
function columnsOver(input: string, job: JobState, lineage: Lineage): readonly string[] {
  return [...job.outputs.keys()].flatMap((output) => lineage.flows.get(`${input}\n${output}`)?.columns ?? []);
}

/** Between data: where no job stands between them, other names of one thing, and what was renamed. */
export function dataEdges(lineage: Lineage): readonly Edge[] {
  const edges: Edge[] = [];
  for (const { from, to, columns, isAlone } of lineage.flows.values()) {
    const [source, made] = [dataOf(from).id, lineage.datasets.get(to)];
    if (!isAlone || !made || dataOf(made).id === source) continue;
    const evidence = `OpenLineage says what it is made of${columnsText(columns)}`;
    edges.push({ from: source, to: dataOf(made).id, relation: 'reads', origin: 'reported', evidence });
  }
  for (const dataset of lineage.datasets.values()) {
    const { id } = dataOf(dataset);
    for (const link of symlinksOf(dataset.facets)) {
      const evidence = 'OpenLineage symlinks facet';
      if (link.id !== id) edges.push({ from: id, to: link.id, relation: 'same', origin: 'reported', evidence });
    }
  }
  return edges;
}

/** What the events themselves say of the past of data: made, renamed, dropped. */
export function lifecycleChanges(dataset: DatasetState): readonly PastChange[] {
  return [...dataset.lifecycle.values()].map(({ at, change, previous }): PastChange => {
    const before = previous === undefined ? '' : `, before ${dataOf(previous).name}`;
    return {
      entity: dataOf(dataset).id,
      field: 'lifecycle',
      value: `${change.toLowerCase()}${before}`,
      at,
      evidence: 'OpenLineage lifecycleStateChange facet',
    };
  });
}
