// The answers of a Marquez, with the fields that 0.51 gives (recorded 2026-11-23: test/connectors/openlineage/marquezAnswers.json).
import {
  type Json,
  keyOf,
  type MarquezState,
  type Name,
  type StoredDataset,
  type StoredJob,
  type StoredRun,
  type Use,
  uuid,
} from './state.ts';

/** `undefined`: there is no such thing. */
export type Answer = Json | undefined;

const page = <T>(all: readonly T[], query: URLSearchParams): readonly T[] => {
  const offset = Number(query.get('offset') ?? 0);
  return all.slice(offset, offset + Number(query.get('limit') ?? 100));
};
const plain = (facets: ReadonlyMap<string, unknown>): Json => Object.fromEntries(facets);
const byName = (a: Name, b: Name): number => (keyOf(a) < keyOf(b) ? -1 : 1);

export class MarquezAnswers {
  readonly #state: MarquezState;

  /** In order, until something is other: a hundred thousand are not sorted for each page. */
  readonly #sorted = new Map<string, unknown>();
  #sortedFor = '';

  constructor(state: MarquezState) {
    this.#state = state;
  }

  #once<T>(what: string, make: () => readonly T[]): readonly T[] {
    const { events, jobs, datasets } = this.#state;
    const now = `${events} ${jobs.size} ${datasets.size}`;
    if (now !== this.#sortedFor) this.#sorted.clear();
    this.#sortedFor = now;
    const known = (this.#sorted.get(what) as readonly T[] | undefined) ?? make();
    this.#sorted.set(what, known);
    return known;
  }

  namespaces(query: URLSearchParams): Answer {
    const all = [...this.#state.namespaces].sort(([a], [b]) => (a < b ? -1 : 1));
    const described = ([name, at]: readonly [string, string]) => {
      return { name, createdAt: at, updatedAt: at, ownerName: 'anonymous', description: null, isHidden: false };
    };
    return { namespaces: page(all, query).map(described) };
  }

  /** Those that changed last come first. */
  jobs(namespace: string | undefined, query: URLSearchParams): Answer {
    const sorted = this.#once(`jobs ${namespace}`, () =>
      [...this.#state.jobs.values()]
        .filter((job) => namespace === undefined || job.namespace === namespace)
        .sort((a, b) => (a.updatedAt === b.updatedAt ? byName(a, b) : a.updatedAt > b.updatedAt ? -1 : 1)),
    );
    return { totalCount: sorted.length, jobs: page(sorted, query).map((job) => this.#job(job)) };
  }

  job(name: Name): Answer {
    const job = this.#state.jobs.get(keyOf(name));
    return job && this.#job(job);
  }

  runs(name: Name, query: URLSearchParams): Answer {
    const job = this.#state.jobs.get(keyOf(name));
    if (!job) return undefined;
    return { runs: page(this.#runsOf(job), query).map((run) => this.#run(run)), totalCount: job.runs.length };
  }

  run(id: string): Answer {
    const run = this.#state.runs.get(id);
    return run && this.#run(run);
  }

  datasets(namespace: string, query: URLSearchParams): Answer {
    if (!this.#state.namespaces.has(namespace)) return undefined;
    const sorted = this.#once(`datasets ${namespace}`, () =>
      [...this.#state.datasets.values()].filter((one) => one.namespace === namespace).sort(byName),
    );
    return { totalCount: sorted.length, datasets: page(sorted, query).map((one) => this.#dataset(one)) };
  }

  dataset(name: Name): Answer {
    const dataset = this.#state.datasets.get(keyOf(name));
    return dataset && this.#dataset(dataset);
  }

  versions(name: Name, query: URLSearchParams): Answer {
    const dataset = this.#state.datasets.get(keyOf(name));
    if (!dataset) return undefined;
    const { createdAt: _, updatedAt: _updated, lastModifiedAt: _modified, ...rest } = this.#dataset(dataset);
    const {
      currentVersion: _version,
      deleted: _deleted,
      columnLineage: _columns,
      lastLifecycleState: _life,
      ...whole
    } = rest;
    const all = dataset.versions.toReversed().map(({ version, createdAt, run, facets }) => ({
      ...whole,
      ...{
        createdAt,
        version,
        lifecycleState: '',
        currentSchemaVersion: uuid(JSON.stringify(facets.schema ?? null)),
        facets,
      },
      createdByRun: run === undefined ? null : this.run(run),
    }));
    return { versions: page(all, query), totalCount: all.length };
  }

  search(query: URLSearchParams): Answer {
    const word = (query.get('q') ?? '').toLowerCase();
    const results = [...this.#state.datasets.values()]
      .filter(({ name }) => name.toLowerCase().includes(word))
      .map(({ namespace, name, updatedAt }) => {
        return { type: 'DATASET', name, updatedAt, namespace, nodeId: `dataset:${namespace}:${name}` };
      });
    return { results: page(results, query), totalCount: results.length };
  }

  /** Of the neighbours of a node alone. */
  lineage(nodeId: string): Answer {
    const edges = [...this.#state.jobs.values()].flatMap((job) => {
      const node = `job:${job.namespace}:${job.name}`;
      const { inputs, outputs } = this.#uses(job);
      return [
        ...inputs.map((one) => ({ origin: `dataset:${one.namespace}:${one.name}`, destination: node })),
        ...outputs.map((one) => ({ origin: node, destination: `dataset:${one.namespace}:${one.name}` })),
      ];
    });
    const near = edges.filter(({ origin, destination }) => origin === nodeId || destination === nodeId);
    const ids = new Set([nodeId, ...near.flatMap(({ origin, destination }) => [origin, destination])]);
    const nodes = [
      ...[...this.#state.datasets.values()].map(
        (one) => ['DATASET', `dataset:${one.namespace}:${one.name}`, this.#dataset(one)] as const,
      ),
      ...[...this.#state.jobs.values()].map(
        (one) => ['JOB', `job:${one.namespace}:${one.name}`, this.#job(one)] as const,
      ),
    ].filter(([, id]) => ids.has(id));
    const graph = nodes.map(([type, id, data]) => ({
      ...{ id, type, data },
      inEdges: edges.filter(({ destination }) => destination === id),
      outEdges: edges.filter(({ origin }) => origin === id),
    }));
    return nodes.some(([, id]) => id === nodeId) ? { graph } : undefined;
  }

  columnLineage(nodeId: string): Answer {
    const dataset = [...this.#state.datasets.values()].find((one) => `dataset:${one.namespace}:${one.name}` === nodeId);
    if (!dataset) return undefined;
    const id = ({ namespace, name }: Name, field: string) => `datasetField:${namespace}:${name}:${field}`;
    const graph = columnsOf(dataset).map(({ name: field, inputFields }) => ({
      id: id(dataset, field),
      type: 'DATASET_FIELD',
      data: {
        ...{
          namespace: dataset.namespace,
          dataset: dataset.name,
          datasetVersion: dataset.versions.at(-1)?.version,
          field,
        },
        ...{ fieldType: '', transformationDescription: null, transformationType: null },
        inputFields: inputFields.map((input) => ({ ...input, datasetVersion: uuid(input.dataset) })),
      },
      // 0.51 draws them against the flow.
      inEdges: inputFields.map((input) => {
        return {
          origin: id(dataset, field),
          destination: id({ namespace: input.namespace, name: input.dataset }, input.field),
        };
      }),
      outEdges: [],
    }));
    return { graph };
  }

  #runsOf({ runs }: StoredJob): readonly StoredRun[] {
    return runs.flatMap((id) => this.#state.runs.get(id) ?? []).toReversed();
  }

  /** Of its latest run, else what was said without one. */
  #uses(job: StoredJob): { readonly inputs: readonly Name[]; readonly outputs: readonly Name[] } {
    const [latest] = this.#runsOf(job);
    if (latest) return { inputs: [...latest.inputs.values()], outputs: [...latest.outputs.values()] };
    const named = (keys: ReadonlySet<string>) => [...keys].flatMap((key) => this.#state.datasets.get(key) ?? []);
    return { inputs: named(job.inputs), outputs: named(job.outputs) };
  }

  #job(job: StoredJob): Json {
    const { namespace, name, createdAt, updatedAt, parent, facets } = job;
    const runs = this.#runsOf(job)
      .slice(0, 10)
      .map((run) => this.#run(run));
    const [latestRun = null] = runs;
    // Of a job without runs it names neither (0.51); only its graph does.
    const { inputs, outputs } = latestRun ? this.#uses(job) : { inputs: [], outputs: [] };
    const bare = (one: Name) => ({ namespace: one.namespace, name: one.name });
    const description = Object(facets.get('documentation')).description ?? null;
    return {
      ...{ id: { namespace, name }, type: 'BATCH', name, simpleName: name, parentJobName: parent ?? null },
      ...{
        parentJobUuid: parent === undefined ? null : uuid(`${namespace} ${parent}`),
        createdAt,
        updatedAt,
        namespace,
      },
      ...{ inputs: inputs.map(bare), outputs: outputs.map(bare) },
      ...{ location: Object(facets.get('sourceCodeLocation')).url ?? null, description, latestRun },
      ...{ latestRuns: runs.length > 0 ? runs : null, facets: plain(facets) },
      ...{ currentVersion: uuid(`job ${namespace} ${name} ${updatedAt}`), labels: [], tags: [] },
    };
  }

  #run(run: StoredRun): Json {
    const { id, createdAt, updatedAt, state, startedAt, endedAt, facets } = run;
    const [namespace, name] = run.job.split('\n');
    const durationMs = startedAt && endedAt ? Date.parse(endedAt) - Date.parse(startedAt) : null;
    const parent = Object(facets.get('parent'));
    const nominal: unknown = Object(facets.get('nominalTime')).nominalStartTime;
    const args = {
      // It writes this one without seconds that are nought.
      ...(typeof nominal === 'string' && { nominal_start_time: nominal.replace(/:00Z$/, 'Z') }),
      ...(parent.run && { run_id: parent.run.runId, name: parent.job.name, namespace: parent.job.namespace }),
    };
    const used = (uses: ReadonlyMap<string, Use>) =>
      [...uses.values()].map((one) => {
        const datasetVersionId = { namespace: one.namespace, name: one.name, version: one.version };
        return { datasetVersionId, facets: plain(one.facets) };
      });
    return {
      ...{ id, createdAt, updatedAt, nominalStartTime: null, nominalEndTime: null, state },
      ...{ startedAt: startedAt ?? null, endedAt: endedAt ?? null, durationMs, args },
      ...{ jobVersion: { namespace, name, version: uuid(`version ${run.job}`) } },
      ...{ inputDatasetVersions: used(run.inputs), outputDatasetVersions: used(run.outputs), facets: plain(facets) },
    };
  }

  #dataset(dataset: StoredDataset): Json {
    const { namespace, name, createdAt, updatedAt, facets, versions } = dataset;
    const fields = (Object(facets.get('schema')).fields ?? []).map((field: Json) => {
      return { name: field.name, type: field.type, tags: [], description: field.description ?? null };
    });
    const columns = columnsOf(dataset);
    return {
      ...{ id: { namespace, name }, type: 'DB_TABLE', name, physicalName: name, createdAt, updatedAt, namespace },
      ...{
        sourceName: 'default',
        fields,
        tags: [],
        lastModifiedAt: null,
        lastLifecycleState: fields.length > 0 ? '' : null,
      },
      ...{ description: Object(facets.get('documentation')).description ?? null },
      currentVersion: fields.length > 0 ? versions.at(-1)?.version : null,
      columnLineage: columns.length > 0 ? columns : null,
      ...{ facets: plain(facets), deleted: false },
    };
  }
}

function columnsOf({ facets }: StoredDataset) {
  const said = { transformationDescription: null, transformationType: null };
  return Object.entries(Object(Object(facets.get('columnLineage')).fields)).map(([name, value]) => {
    const inputs: readonly { readonly namespace: string; readonly name: string; readonly field: string }[] =
      Object(value).inputFields ?? [];
    const inputFields = inputs.map((one) => ({
      namespace: one.namespace,
      dataset: one.name,
      field: one.field,
      ...said,
    }));
    return { name, inputFields, ...said };
  });
}
