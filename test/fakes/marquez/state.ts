// What a Marquez remembers of the events that are posted to it, as 0.51 does: jobs, runs, data and its versions, by the order of arrival.
import { createHash } from 'node:crypto';

export type Json = Readonly<Record<string, unknown>>;

export interface Name {
  readonly namespace: string;
  readonly name: string;
}

export interface StoredDataset extends Name {
  readonly createdAt: string;
  updatedAt: string;
  readonly facets: Map<string, unknown>;
  readonly versions: {
    readonly version: string;
    readonly createdAt: string;
    readonly run?: string;
    readonly facets: Json;
  }[];
}

export interface Use extends Name {
  readonly version: string;
  readonly facets: Map<string, unknown>;
}

export interface StoredRun {
  readonly id: string;
  readonly job: string;
  readonly createdAt: string;
  updatedAt: string;
  state: string;
  startedAt?: string;
  endedAt?: string;
  readonly facets: Map<string, unknown>;
  readonly inputs: Map<string, Use>;
  readonly outputs: Map<string, Use>;
}

export interface StoredJob extends Name {
  readonly createdAt: string;
  updatedAt: string;
  parent?: string;
  readonly facets: Map<string, unknown>;
  /** Oldest first. */
  readonly runs: string[];
  /** What events without a run said. */
  readonly inputs: Set<string>;
  readonly outputs: Set<string>;
}

export const keyOf = ({ namespace, name }: Name): string => `${namespace}\n${name}`;

/** The same text always has the same one. */
export function uuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-3${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const states: Readonly<Record<string, string>> = {
  START: 'RUNNING',
  RUNNING: 'RUNNING',
  COMPLETE: 'COMPLETED',
  FAIL: 'FAILED',
  ABORT: 'ABORTED',
};
const ended = ['COMPLETED', 'FAILED', 'ABORTED'];

export class MarquezState {
  readonly namespaces = new Map([['default', '2026-11-20T00:00:00Z']]);
  readonly jobs = new Map<string, StoredJob>();
  readonly runs = new Map<string, StoredRun>();
  readonly datasets = new Map<string, StoredDataset>();
  events = 0;

  /** False when it is no event. */
  add(event: Json): boolean {
    const at = typeof event.eventTime === 'string' ? new Date(event.eventTime).toISOString().replace('.000Z', 'Z') : '';
    if (at === '') return false;
    this.events += 1;
    if (isName(event.dataset)) this.#dataset(event.dataset, at, undefined, true);
    if (!isName(event.job)) return isName(event.dataset);
    const job = this.#job(event.job, at);
    const run = this.#run(Object(event.run), String(event.eventType), job, at);
    for (const [side, mentions] of [
      ['inputs', event.inputs],
      ['outputs', event.outputs],
    ] as const) {
      for (const mention of Array.isArray(mentions) ? mentions.filter(isName) : []) {
        const dataset = this.#dataset(mention, at, run, side === 'outputs');
        if (!run) job[side].add(keyOf(dataset));
        else used(run[side], dataset, Object(mention));
      }
    }
    return true;
  }

  #namespace(name: string, at: string): void {
    if (!this.namespaces.has(name)) this.namespaces.set(name, at);
  }

  #job(said: Name, at: string): StoredJob {
    this.#namespace(said.namespace, at);
    const known = this.jobs.get(keyOf(said));
    const job = known ?? {
      ...{ namespace: said.namespace, name: said.name, createdAt: at, updatedAt: at },
      ...{ facets: new Map(), runs: [], inputs: new Set<string>(), outputs: new Set<string>() },
    };
    job.updatedAt = at;
    merge(job.facets, Object(said).facets);
    this.jobs.set(keyOf(said), job);
    return job;
  }

  #run(said: Json, type: string, job: StoredJob, at: string): StoredRun | undefined {
    if (typeof said.runId !== 'string') return undefined;
    const known = this.runs.get(said.runId);
    const run: StoredRun = known ?? {
      ...{ id: said.runId, job: keyOf(job), createdAt: at, updatedAt: at, state: 'NEW' },
      ...{ facets: new Map(), inputs: new Map(), outputs: new Map() },
    };
    if (!known) job.runs.push(run.id);
    run.updatedAt = at;
    run.state = states[type] ?? run.state;
    if (run.state === 'RUNNING') run.startedAt = at;
    if (ended.includes(run.state)) run.endedAt = at;
    merge(run.facets, said.facets);
    const parent: unknown = Object(Object(Object(said.facets).parent).job).name;
    if (typeof parent === 'string') job.parent = parent;
    this.runs.set(run.id, run);
    return run;
  }

  #dataset(said: Name, at: string, run: StoredRun | undefined, isWritten: boolean): StoredDataset {
    this.#namespace(said.namespace, at);
    const dataset: StoredDataset = this.datasets.get(keyOf(said)) ?? {
      ...{ namespace: said.namespace, name: said.name, createdAt: at, updatedAt: at, facets: new Map(), versions: [] },
    };
    dataset.updatedAt = at;
    merge(dataset.facets, Object(said).facets);
    for (const { namespace } of Object(Object(Object(said).facets).symlinks).identifiers ?? [])
      this.#namespace(String(namespace), at);
    const version = uuid(`${keyOf(dataset)} ${run?.id} ${JSON.stringify([...dataset.facets])}`);
    const isNew = !dataset.versions.some((one) => one.version === version);
    if (isNew && (isWritten || dataset.versions.length === 0))
      dataset.versions.push({
        version,
        createdAt: at,
        ...(run && { run: run.id }),
        facets: Object.fromEntries(dataset.facets),
      });
    this.datasets.set(keyOf(said), dataset);
    return dataset;
  }
}

function used(uses: Map<string, Use>, dataset: StoredDataset, mention: Json): void {
  const key = keyOf(dataset);
  const { namespace, name, versions } = dataset;
  const known = uses.get(key) ?? { namespace, name, version: versions.at(-1)?.version ?? '', facets: new Map() };
  merge(known.facets, mention.inputFacets ?? mention.outputFacets);
  uses.set(key, known);
}

function merge(into: Map<string, unknown>, facets: unknown): void {
  for (const [key, facet] of Object.entries(Object(facets))) into.set(key, facet);
}

function isName(value: unknown): value is Name {
  const { namespace, name } = Object(value);
  return typeof namespace === 'string' && typeof name === 'string';
}
