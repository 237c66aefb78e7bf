// Lineage: what a stream of events adds up to; facets are cumulative, later events win, late ones only fill gaps.
import { list, oneLine, record, text } from '../json.ts';
import { columnSources, type DatasetMention, type Facets, type LineageEvent, type Name, statistics } from './events.ts';

interface Timed {
  /** Epoch ms of the newest event that spoke of it. */
  at: number;
}

export interface DatasetState extends Timed, Name {
  facets: Facets;
  rows?: number;
  bytes?: number;
  /** Epoch ms of the newest event that wrote it. */
  writtenAt?: number;
}

export interface JobState extends Timed, Name {
  facets: Facets;
  readonly inputs: Map<string, string>;
  readonly outputs: Map<string, string>;
  parent?: Name;
}

export interface RunUse {
  readonly dataset: string;
  readonly rows?: number;
  readonly digest?: string;
}

export interface RunState extends Timed {
  readonly id: string;
  job: string;
  /** Of the newest event that tells a state. */
  type?: string;
  startedAt: number;
  endedAt?: number;
  facets: Facets;
  readonly inputs: Map<string, RunUse>;
  readonly outputs: Map<string, RunUse>;
  parent?: Name & { readonly runId: string };
}

/** Facets worth keeping; the others (source code, environment, unknown ones) may be large and are not shown. */
const keptRunFacets = ['nominalTime', 'errorMessage', 'externalQuery', 'airflow', 'airflowDagRun'];
const keptJobFacets = ['sourceCodeLocation', 'ownership', 'documentation', 'sql', 'jobType'];
const keptDatasetFacets = ['schema', 'ownership', 'documentation', 'symlinks', 'version'];
const endings = ['COMPLETE', 'FAIL', 'ABORT'];

export function keyOf({ namespace, name }: Name): string {
  return `${namespace}\n${name}`;
}

export class Lineage {
  readonly datasets = new Map<string, DatasetState>();
  readonly jobs = new Map<string, JobState>();
  readonly runs = new Map<string, RunState>();
  events = 0;

  add(event: LineageEvent): void {
    this.events += 1;
    if (event.dataset) this.#dataset(event.dataset, event.at, false);
    const { job } = event;
    if (!job) return;
    const key = keyOf(job);
    const state = this.#job(key, job, event.at);
    const run = event.run && this.#run(event.run, key, event);
    const evidence = event.run ? `OpenLineage run ${event.run.id}` : 'OpenLineage job event';
    const inputs = [...event.inputs];
    for (const output of event.outputs) {
      const dataset = this.#dataset(output, event.at, true);
      state.outputs.set(dataset, evidence);
      run?.outputs.set(dataset, useOf(dataset, output));
      for (const source of columnSources(output.facets)) inputs.push({ ...source, facets: {}, useFacets: {} });
    }
    for (const input of inputs) {
      const dataset = this.#dataset(input, event.at, false);
      state.inputs.set(dataset, evidence);
      const use = useOf(dataset, input);
      if (use.rows !== undefined || !run?.inputs.has(dataset)) run?.inputs.set(dataset, use);
    }
    if (run?.parent) state.parent = run.parent;
  }

  #dataset(mention: DatasetMention, at: number, written: boolean): string {
    const key = keyOf(mention);
    const state = this.datasets.get(key) ?? { namespace: mention.namespace, name: mention.name, at, facets: {} };
    state.facets = mergeFacets(state, pick(mention.facets, keptDatasetFacets), at);
    const { rows, bytes } = statistics(mention);
    // Rows of one write are those of that write; a whole dataset's count comes with its own facet.
    if (written && at >= (state.writtenAt ?? 0)) {
      state.writtenAt = at;
      state.rows = rows ?? state.rows;
      state.bytes = bytes ?? state.bytes;
    }
    state.at = Math.max(state.at, at);
    this.datasets.set(key, state);
    return key;
  }

  #job(key: string, job: Name & { readonly facets: Facets }, at: number): JobState {
    const state: JobState = this.jobs.get(key) ?? {
      namespace: job.namespace,
      name: job.name,
      at,
      facets: {},
      inputs: new Map(),
      outputs: new Map(),
    };
    state.facets = mergeFacets(state, pick(job.facets, keptJobFacets), at);
    state.at = Math.max(state.at, at);
    this.jobs.set(key, state);
    return state;
  }

  #run(mention: { readonly id: string; readonly facets: Facets }, job: string, event: LineageEvent): RunState {
    const { id } = mention;
    const { at, type } = event;
    const state: RunState = this.runs.get(id) ?? {
      id,
      job,
      at,
      startedAt: at,
      facets: {},
      inputs: new Map(),
      outputs: new Map(),
    };
    state.facets = mergeFacets(state, pick(mention.facets, keptRunFacets), at);
    state.startedAt = Math.min(state.startedAt, at);
    // An ending stays an ending: a RUNNING event that arrives late does not revive the run.
    const ended = endings.includes(state.type ?? '');
    if (
      type &&
      type !== 'OTHER' &&
      (at >= state.at || state.type === undefined) &&
      (!ended || endings.includes(type))
    ) {
      state.type = type;
    }
    if (type && endings.includes(type)) {
      state.type = at >= (state.endedAt ?? 0) ? type : state.type;
      state.endedAt = Math.max(state.endedAt ?? 0, at);
    }
    state.parent = parentOf(mention.facets) ?? state.parent;
    state.at = Math.max(state.at, at);
    this.runs.set(id, state);
    return state;
  }
}

function useOf(dataset: string, mention: DatasetMention): RunUse {
  const digest = oneLine(record(mention.facets.version).datasetVersion, 200);
  return { dataset, rows: statistics(mention).rows, digest };
}

function parentOf(facets: Facets): (Name & { readonly runId: string }) | undefined {
  const parent = record(facets.parent);
  const runId = text(record(parent.run).runId);
  const job = record(parent.job);
  const name = text(job.name);
  return runId && name ? { runId: runId.toLowerCase(), namespace: text(job.namespace) ?? 'default', name } : undefined;
}

function pick(facets: Facets, kept: readonly string[]): Facets {
  return Object.fromEntries(kept.filter((key) => key in facets).map((key) => [key, slim(key, facets[key])]));
}

/** The largest facets carry a whole DAG; what is read of them later is little. */
function slim(key: string, facet: unknown): unknown {
  if (key === 'sql') return { ...record(facet), query: text(record(facet).query)?.slice(0, 20_000) };
  if (key === 'airflow' || key === 'airflowDagRun') return slimAirflow(record(facet));
  if (key !== 'errorMessage') return facet;
  const { message, stackTrace } = record(facet);
  return { message: text(message)?.slice(0, 5_000), stackTrace: text(stackTrace)?.slice(0, 50_000) };
}

function slimAirflow(facet: Facets): Facets {
  const { map_index, try_number, pool, log_url } = record(facet.taskInstance);
  return {
    dag: { dag_id: record(facet.dag).dag_id },
    dagRun: { dag_id: record(facet.dagRun).dag_id, run_id: record(facet.dagRun).run_id },
    task: { task_id: record(facet.task).task_id },
    taskInstance: { map_index, try_number, pool, log_url },
  };
}

function mergeFacets(state: Timed & { readonly facets: Facets }, incoming: Facets, at: number): Facets {
  const late = at < state.at;
  const merged = late ? { ...incoming, ...state.facets } : { ...state.facets, ...incoming };
  return Object.fromEntries(Object.entries(merged).filter(([, facet]) => record(facet)._deleted !== true));
}

/** Fields of a `schema` facet, nested ones as `a.b`. */
export function fieldsOf(
  facet: unknown,
  prefix = '',
): readonly { readonly name: string; readonly type?: string; readonly description?: string }[] {
  return list(record(facet).fields).flatMap((value) => {
    const field = record(value);
    const name = text(field.name);
    if (!name) return [];
    const own = { name: `${prefix}${name}`, type: text(field.type), description: text(field.description) };
    return prefix.split('.').length > 5 ? [own] : [own, ...fieldsOf(field, `${prefix}${name}.`)];
  });
}
