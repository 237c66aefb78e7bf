// Shapes: what Marquez answers, each part checked and read as the OpenLineage events it was made of. Recorded from 0.51.2 (commit a89b89c), 2026-11-23.
import { isRecord, type JsonRecord, list, oneLine, record, text, time } from '../../json.ts';
import type { DatasetMention, LineageEvent, Name } from '../said/events.ts';

export interface MarquezJob extends Name {
  /** Epoch ms: of the newest event that spoke of it, by the clock of its sender. */
  readonly updatedAt: number;
  readonly parent?: Name;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly facets: JsonRecord;
  /** Where its code is, for an event without a facet that says so. */
  readonly location?: string;
  /** What the latest run read and wrote. */
  readonly inputs: readonly Name[];
  readonly outputs: readonly Name[];
  /** The latest ten, newest first. */
  readonly runs: readonly MarquezRun[];
}

export interface MarquezRun {
  readonly id: string;
  /** Of a run by itself; in a list of jobs the job is known. */
  readonly job?: Name;
  readonly state: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly updatedAt: number;
  readonly nominalStart?: string;
  readonly facets: JsonRecord;
  readonly inputs: readonly DatasetMention[];
  readonly outputs: readonly DatasetMention[];
}

export interface MarquezDataset extends Name {
  readonly updatedAt: number;
  readonly facets: JsonRecord;
  readonly tags: readonly string[];
}

export interface MarquezVersion {
  readonly version: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly run?: string;
  readonly lifecycle?: string;
}

const most = { names: 1_000, runs: 100, fields: 2_000, tags: 50 };

export function nameOf(value: unknown): Name | undefined {
  const { namespace, name } = record(value);
  const [space, read] = [text(namespace), text(name)];
  return space === undefined || read === undefined ? undefined : { namespace: space, name: read };
}

const names = (value: unknown): readonly Name[] =>
  list(value)
    .slice(0, most.names)
    .flatMap((one) => nameOf(one) ?? []);

export function readNamespace(value: unknown): { readonly name: string; readonly isHidden: boolean } | undefined {
  const { name, isHidden } = record(value);
  const read = text(name);
  return read === undefined ? undefined : { name: read, isHidden: isHidden === true };
}

export function readJob(value: unknown): MarquezJob | undefined {
  const job = record(value);
  const name = nameOf(job);
  const updatedAt = time(job.updatedAt);
  if (!name || updatedAt === undefined) return undefined;
  const parent = text(job.parentJobName);
  const [description, location] = [text(job.description), text(job.location)];
  return {
    ...name,
    updatedAt,
    ...(parent === undefined ? {} : { parent: { namespace: name.namespace, name: parent } }),
    ...(description === undefined ? {} : { description }),
    ...(location === undefined ? {} : { location }),
    tags: tagsIn(job.tags),
    facets: record(job.facets),
    inputs: names(job.inputs),
    outputs: names(job.outputs),
    runs: list(job.latestRuns)
      .slice(0, most.runs)
      .flatMap((run) => readRun(run) ?? []),
  };
}

/** A run of a state that nobody knows is left out. */
export function readRun(value: unknown): MarquezRun | undefined {
  const run = record(value);
  const id = text(run.id);
  const state = text(run.state);
  const startedAt = time(run.startedAt) ?? time(run.createdAt);
  const updatedAt = time(run.updatedAt) ?? startedAt;
  if (id === undefined || state === undefined || updatedAt === undefined) return undefined;
  const endedAt = time(run.endedAt);
  const job = nameOf(run.jobVersion);
  const nominalStart = text(run.nominalStartTime) ?? text(record(run.args).nominal_start_time);
  return {
    ...{ id: id.toLowerCase().slice(0, 100), state, updatedAt, facets: record(run.facets) },
    ...(job && { job }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(nominalStart === undefined ? {} : { nominalStart }),
    inputs: versionsOf(run.inputDatasetVersions),
    outputs: versionsOf(run.outputDatasetVersions),
  };
}

function versionsOf(value: unknown): readonly DatasetMention[] {
  return list(value)
    .slice(0, most.names)
    .flatMap((one): readonly DatasetMention[] => {
      const { datasetVersionId, facets } = record(one);
      const name = nameOf(datasetVersionId);
      const datasetVersion = text(record(datasetVersionId).version);
      if (!name) return [];
      return [{ ...name, facets: datasetVersion ? { version: { datasetVersion } } : {}, useFacets: record(facets) }];
    });
}

/** Columns and the description stand beside the facets too, for data that no event described. */
export function readDataset(value: unknown): MarquezDataset | undefined {
  const dataset = record(value);
  const name = nameOf(dataset);
  const updatedAt = time(dataset.updatedAt);
  if (!name || updatedAt === undefined || dataset.deleted === true) return undefined;
  const facets = record(dataset.facets);
  const fields = list(dataset.fields).slice(0, most.fields);
  const description = text(dataset.description);
  const isBare = (key: string): boolean => !isRecord(facets[key]);
  const columnTags = fields.flatMap((field) =>
    tagsIn(record(field).tags).map((tag) => `${oneLine(record(field).name, 200)} ${tag}`),
  );
  return {
    ...name,
    updatedAt,
    tags: [...tagsIn(dataset.tags), ...columnTags].slice(0, most.tags),
    facets: {
      ...facets,
      ...(isBare('schema') && fields.length > 0 ? { schema: { fields } } : {}),
      ...(isBare('documentation') && description !== undefined ? { documentation: { description } } : {}),
    },
  };
}

export function readVersion(value: unknown): MarquezVersion | undefined {
  const { version, createdAt, createdByRun, lifecycleState } = record(value);
  const [id, at, run] = [text(version), time(createdAt), text(record(createdByRun).id)];
  if (id === undefined || at === undefined) return undefined;
  const lifecycle = oneLine(lifecycleState, 40);
  return { version: id, createdAt: at, ...(run && { run }), ...(lifecycle && { lifecycle }) };
}

function tagsIn(value: unknown): readonly string[] {
  return list(value)
    .slice(0, most.tags)
    .flatMap((tag) => oneLine(tag, 200) ?? oneLine(record(tag).name, 200) ?? []);
}

// region As events
const ends: Readonly<Record<string, string>> = { COMPLETED: 'COMPLETE', FAILED: 'FAIL', ABORTED: 'ABORT' };

/** What was said of a job, as one event that says it at once; edges are of the latest run. */
export function jobEvent(job: MarquezJob): LineageEvent {
  const { namespace, name, facets, location, description, tags } = job;
  const more = {
    ...(isRecord(facets.sourceCodeLocation) || location === undefined ? {} : { sourceCodeLocation: { url: location } }),
    ...(isRecord(facets.documentation) || description === undefined ? {} : { documentation: { description } }),
    ...(tags.length > 0 && !isRecord(facets.tags) ? { tags: { tags: tags.map((key) => ({ key })) } } : {}),
  };
  return {
    at: job.updatedAt,
    job: { namespace, name, facets: { ...facets, ...more } },
    inputs: job.inputs.map(bare),
    outputs: job.outputs.map(bare),
    evidence: 'Marquez: what its latest run read and wrote',
  };
}

/** Of a run: that it began, and how it ended if it did. What it read and wrote is of the run alone. */
export function runEvents(run: MarquezRun, job: Name): readonly LineageEvent[] {
  const { id, facets, nominalStart, startedAt, endedAt, updatedAt } = run;
  const said =
    isRecord(facets.nominalTime) || nominalStart === undefined
      ? facets
      : { ...facets, nominalTime: { nominalStartTime: nominalStart } };
  const whole = { run: { id, facets: said }, job: { ...job, facets: {} }, inputs: run.inputs, outputs: run.outputs };
  const isBegun = run.state !== 'NEW';
  const began: LineageEvent = { ...whole, at: startedAt ?? updatedAt, ...(isBegun ? { type: 'START' } : {}) };
  const end = ends[run.state];
  if (end !== undefined) return [began, { ...whole, at: endedAt ?? updatedAt, type: end }];
  return updatedAt > began.at && isBegun ? [began, { ...whole, at: updatedAt, type: 'RUNNING' }] : [began];
}

export function datasetEvent({ namespace, name, facets, tags, updatedAt }: MarquezDataset): LineageEvent {
  const more = tags.length > 0 && !isRecord(facets.tags) ? { tags: { tags: tags.map((key) => ({ key })) } } : {};
  const dataset = { namespace, name, facets: { ...facets, ...more }, useFacets: {} };
  return { at: updatedAt, dataset, inputs: [], outputs: [] };
}

const bare = ({ namespace, name }: Name): DatasetMention => ({ namespace, name, facets: {}, useFacets: {} });
// endregion
