// Lineage: what a stream of events adds up to, in whatever order they arrive and however often; facets are cumulative.
import { oneLine, record, text } from '../../json.ts';
import { type ColumnFlow, flowsInto, jobFlows } from './columns.ts';
import { type DatasetMention, type Facets, type LineageEvent, type Name, statistics } from './events.ts';
import { compareWhen, FacetsInTime, type Latest, later, type When, whenOf } from './facets.ts';
import { Measurements } from './measurements.ts';

export interface DatasetState extends Name {
  /** Epoch ms of the newest event that spoke of it. */
  at: number;
  readonly facets: FacetsInTime;
  rows?: Latest<number>;
  bytes?: Latest<number>;
  /** Epoch ms of the newest event that wrote it. */
  writtenAt?: number;
  /** `RENAME`, `DROP` …, by the instant, each once. */
  readonly lifecycle: Map<string, LifecycleChange>;
}

export interface LifecycleChange {
  readonly at: number;
  /** As the facet calls it: `CREATE`, `TRUNCATE` … */
  readonly change: string;
  readonly previous?: Name;
}

export interface JobState extends Name {
  /** Epoch ms of the newest event that spoke of it. */
  at: number;
  readonly facets: FacetsInTime;
  /** By the key of the dataset: what said so, last. */
  readonly inputs: Map<string, Latest<string>>;
  readonly outputs: Map<string, Latest<string>>;
  parent?: Latest<Name>;
}

export interface RunUse {
  readonly dataset: string;
  rows?: Latest<number>;
  digest?: Latest<string>;
}

export interface RunState {
  readonly id: string;
  at: number;
  job: Latest<string>;
  /** `COMPLETE`, `FAIL`, `ABORT`: the last one told. */
  ended?: Latest<string>;
  /** It was told that it is at work. */
  isBegun: boolean;
  startedAt: number;
  readonly facets: FacetsInTime;
  readonly inputs: Map<string, RunUse>;
  readonly outputs: Map<string, RunUse>;
  parent?: Latest<Name & { readonly runId: string }>;
}

const endings = ['COMPLETE', 'FAIL', 'ABORT'];
const mostLifecycle = 200;
/** Of one source; events of years hold more runs than anybody looks at. */
const mostRuns = 100_000;

export function keyOf({ namespace, name }: Name): string {
  return `${namespace}\n${name}`;
}

export class Lineage {
  readonly datasets = new Map<string, DatasetState>();
  readonly jobs = new Map<string, JobState>();
  readonly runs = new Map<string, RunState>();
  /** Data that is made of other data, where no job says it, by both keys. */
  readonly flows = new Map<string, ColumnFlow>();
  readonly measurements = new Measurements();
  /** Runs that were left out because there are too many: those that were told first. */
  left = 0;

  add(event: LineageEvent): void {
    const when = whenOf(event);
    if (event.dataset) {
      const key = this.#dataset(event.dataset, when, false);
      for (const flow of flowsInto(event.dataset)) this.#flow(flow, key, when);
      this.measurements.add(event.dataset, key, undefined, when);
    }
    if (event.job) this.#jobEvent(event.job, event, when);
  }

  #jobEvent(job: Name & { readonly facets: Facets }, event: LineageEvent, when: When): void {
    const key = keyOf(job);
    const state = this.#job(key, job, when);
    const run = event.run && this.#run(event.run, key, event, when);
    const evidence = event.evidence ?? (event.run ? `OpenLineage run ${event.run.id}` : 'OpenLineage job event');
    const read = (mention: DatasetMention): void => {
      const dataset = this.#dataset(mention, when, false);
      state.inputs.set(dataset, later(state.inputs.get(dataset), when, evidence));
      if (run) use(run.inputs, dataset, mention, when);
      this.measurements.add(mention, dataset, event.run?.id, when);
    };
    for (const input of event.inputs) read(input);
    for (const output of event.outputs) {
      const dataset = this.#dataset(output, when, true);
      state.outputs.set(dataset, later(state.outputs.get(dataset), when, evidence));
      if (run) use(run.outputs, dataset, output, when);
      this.measurements.add(output, dataset, event.run?.id, when);
      for (const flow of flowsInto(output)) {
        read(bare(flow.from));
        this.#flow(flow, dataset, when, false);
      }
    }
    for (const flow of jobFlows(job)) this.#entry(flow, state, evidence, when);
    if (run?.parent) state.parent = later(state.parent, run.parent.when, nameIn(run.parent.value));
  }

  /** An explicit edge of a job's `lineage` facet. */
  #entry(flow: ReturnType<typeof jobFlows>[number], state: JobState, evidence: string, when: When): void {
    const from = flow.from && this.#dataset(bare(flow.from), when, false);
    const to = flow.to && this.#dataset(bare(flow.to), when, false);
    if (from) state.inputs.set(from, later(state.inputs.get(from), when, evidence));
    if (to) state.outputs.set(to, later(state.outputs.get(to), when, evidence));
    if (flow.from && to) this.#flow({ ...flow, from: flow.from }, to, when, false);
  }

  /** `isAlone`: no job stands between the two. */
  #flow(flow: Omit<ColumnFlow, 'to' | 'isAlone'>, to: string, when: When, isAlone = true): void {
    const from = this.#dataset(bare(flow.from), when, false);
    const key = `${from}\n${to}`;
    const known = this.flows.get(key);
    const columns = new Set([...(known?.columns ?? []), ...flow.columns]);
    this.flows.set(key, {
      from: flow.from,
      to,
      columns: [...columns].sort(),
      isAlone: isAlone || known?.isAlone === true,
    });
  }

  #dataset(mention: DatasetMention, when: When, isWritten: boolean): string {
    const key = keyOf(mention);
    const state: DatasetState = this.datasets.get(key) ?? {
      ...{ namespace: mention.namespace, name: mention.name, at: when.at },
      ...{ facets: new FacetsInTime(), lifecycle: new Map() },
    };
    state.facets.add(mention.facets, 'dataset', when);
    const { rows, bytes } = statistics(mention);
    // Rows of one write are those of that write; a whole dataset's count comes with its own facet.
    if (isWritten) {
      state.writtenAt = Math.max(state.writtenAt ?? 0, when.at);
      if (rows !== undefined) state.rows = later(state.rows, when, rows);
      if (bytes !== undefined) state.bytes = later(state.bytes, when, bytes);
    }
    const changed = lifecycleOf(mention.facets, when.at);
    if (changed && state.lifecycle.size < mostLifecycle)
      state.lifecycle.set(`${changed.at} ${changed.change}`, changed);
    state.at = Math.max(state.at, when.at);
    this.datasets.set(key, state);
    return key;
  }

  #job(key: string, job: Name & { readonly facets: Facets }, when: When): JobState {
    const state: JobState = this.jobs.get(key) ?? {
      ...{ namespace: job.namespace, name: job.name, at: when.at },
      ...{ facets: new FacetsInTime(), inputs: new Map(), outputs: new Map() },
    };
    state.facets.add(job.facets, 'job', when);
    state.at = Math.max(state.at, when.at);
    this.jobs.set(key, state);
    return state;
  }

  #run(
    mention: { readonly id: string; readonly facets: Facets },
    job: string,
    event: LineageEvent,
    when: When,
  ): RunState {
    const { at, type } = event;
    const state: RunState = this.runs.get(mention.id) ?? {
      ...{ id: mention.id, job: { when, value: job }, at, startedAt: at, isBegun: false },
      ...{ facets: new FacetsInTime(), inputs: new Map(), outputs: new Map() },
    };
    state.job = later(state.job, when, job);
    state.facets.add(mention.facets, 'run', when);
    state.startedAt = Math.min(state.startedAt, at);
    // An ending stays an ending: a RUNNING event that arrives late does not revive the run.
    if (type && endings.includes(type)) state.ended = later(state.ended, when, type);
    else if (type && type !== 'OTHER') state.isBegun = true;
    const parent = parentOf(mention.facets);
    if (parent) state.parent = later(state.parent, when, parent);
    state.at = Math.max(state.at, at);
    if (!this.runs.has(mention.id) && this.runs.size >= mostRuns) {
      const [first] = this.runs.keys();
      if (first !== undefined) this.runs.delete(first);
      this.left += 1;
    }
    this.runs.set(mention.id, state);
    return state;
  }
}

const bare = ({ namespace, name }: Name): DatasetMention => ({ namespace, name, facets: {}, useFacets: {} });
const nameIn = ({ namespace, name }: Name): Name => ({ namespace, name });

function use(uses: Map<string, RunUse>, dataset: string, mention: DatasetMention, when: When): void {
  const known = uses.get(dataset) ?? { dataset };
  const { rows } = statistics(mention);
  const digest = oneLine(record(mention.facets.version).datasetVersion, 200);
  if (rows !== undefined) known.rows = later(known.rows, when, rows);
  if (digest !== undefined) known.digest = later(known.digest, when, digest);
  uses.set(dataset, known);
}

function parentOf(facets: Facets): (Name & { readonly runId: string }) | undefined {
  const parent = record(facets.parent);
  const runId = text(record(parent.run).runId);
  const job = record(parent.job);
  const name = text(job.name);
  return runId && name ? { runId: runId.toLowerCase(), namespace: text(job.namespace) ?? 'default', name } : undefined;
}

function lifecycleOf(facets: Facets, at: number): LifecycleChange | undefined {
  const { lifecycleStateChange, previousIdentifier } = record(facets.lifecycleStateChange);
  const change = oneLine(lifecycleStateChange, 40)?.toUpperCase();
  if (change === undefined) return undefined;
  const { namespace, name } = record(previousIdentifier);
  const before = text(name);
  return before === undefined
    ? { at, change }
    : { at, change, previous: { namespace: text(namespace) ?? 'default', name: before } };
}

/** Of a dataset that several names stand for: who was spoken of last. */
export function newer(a: DatasetState, b: DatasetState): DatasetState {
  const order = compareWhen({ at: a.at, rank: 0 }, { at: b.at, rank: 0 });
  return order > 0 || (order === 0 && keyOf(a) > keyOf(b)) ? a : b;
}
