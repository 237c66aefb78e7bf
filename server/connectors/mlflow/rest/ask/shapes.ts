// MLflow's JSON as what a store holds: every record checked, a surprise named, never a crash.
import { type JsonRecord, list, number, record, text } from '../../../json.ts';
import {
  deletedStage,
  pointValue,
  type StoredDataset,
  type StoredExperiment,
  type StoredLoggedModel,
  type StoredModel,
  type StoredPoint,
  type StoredRun,
  type StoredVersion,
  type Tag,
} from '../../shape.ts';
import type { Surprises } from './problems.ts';

type Reader<T> = (value: unknown, surprises: Surprises) => T | undefined;

/** The records that can be read; the others are surprises. */
export function readAll<T>(values: readonly unknown[], read: Reader<T>, surprises: Surprises): readonly T[] {
  return values.flatMap((value) => {
    const one = read(value, surprises);
    return one === undefined ? [] : [one];
  });
}

export const readExperiment: Reader<StoredExperiment> = (value, surprises) => {
  const from = record(value);
  const id = words(from.experiment_id);
  if (id === undefined || typeof from.name !== 'string') {
    surprises.add('experiments', 'experiments without experiment_id or name');
    return undefined;
  }
  // A server that does not know `view_type` lists the deleted ones too.
  if (from.lifecycle_stage === 'deleted') return undefined;
  return {
    id,
    name: from.name,
    artifactUri: text(from.artifact_location),
    createdAt: number(from.creation_time),
    updatedAt: number(from.last_update_time),
    tags: tags(from.tags, 'tags of an experiment', surprises),
  };
};

export const readModel: Reader<StoredModel> = (value, surprises) => {
  const from = record(value);
  if (typeof from.name !== 'string') {
    surprises.add('registry', 'registered models without a name');
    return undefined;
  }
  const aliases = list(from.aliases).flatMap((each) => {
    const alias = words(record(each).alias);
    const version = words(record(each).version);
    if (alias !== undefined && version !== undefined) return [{ alias, version }];
    surprises.add('registry', 'aliases without a name or a version');
    return [];
  });
  // The latest of every stage, so the highest of them is the highest of all.
  const latest = list(from.latest_versions).flatMap((each) => words(record(each).version) ?? []);
  return {
    name: from.name,
    description: text(from.description),
    createdAt: number(from.creation_timestamp),
    updatedAt: number(from.last_updated_timestamp),
    tags: tags(from.tags, 'tags of a model', surprises),
    aliases: aliases.sort((a, b) => order(a.alias, b.alias)),
    latestVersion: latest.sort((a, b) => Number(a) - Number(b)).at(-1),
  };
};

export const readVersion: Reader<StoredVersion> = (value, surprises) => {
  const from = record(value);
  const version = words(from.version);
  if (typeof from.name !== 'string' || version === undefined) {
    surprises.add('registry', 'model versions without name or version');
    return undefined;
  }
  const stage = text(from.current_stage);
  if (stage === deletedStage) return undefined;
  return {
    model: from.name,
    version,
    stage: stage === 'None' ? undefined : stage,
    description: text(from.description),
    user: text(from.user_id),
    source: text(from.source),
    runId: text(from.run_id),
    status: text(from.status),
    statusMessage: text(from.status_message),
    createdAt: number(from.creation_timestamp),
    updatedAt: number(from.last_updated_timestamp),
    tags: tags(from.tags, 'tags of a model version', surprises),
  };
};

export const readLoggedModel: Reader<StoredLoggedModel> = (value, surprises) => {
  const from = record(record(value).info);
  const id = text(from.model_id);
  if (id === undefined) {
    surprises.add('details', 'logged models without info.model_id');
    return undefined;
  }
  return { id, runId: text(from.source_run_id), artifactUri: text(from.artifact_uri) };
};

/** The history of its metrics is their last values: the rest is asked for where it is looked at. */
export const readRun: Reader<StoredRun> = (value, surprises) => {
  const { info, data, inputs, outputs } = record(value);
  const from = record(info);
  const id = text(from.run_id) ?? text(from.run_uuid);
  const experimentId = words(from.experiment_id);
  if (id === undefined || experimentId === undefined) {
    surprises.add('runs', 'runs without info.run_id or info.experiment_id');
    return undefined;
  }
  if (from.lifecycle_stage === 'deleted') return undefined;
  const held = record(data);
  const metrics = readAll(list(held.metrics), readPoint, surprises).toSorted((a, b) => order(a.key, b.key));
  return {
    id,
    experimentId,
    name: text(from.run_name),
    status: text(from.status) ?? '',
    user: text(from.user_id),
    startedAt: number(from.start_time),
    endedAt: number(from.end_time),
    artifactUri: text(from.artifact_uri),
    metrics,
    history: metrics.filter(({ key }) => !key.startsWith('system/')),
    params: tags(held.params, 'parameters of a run', surprises),
    tags: tags(held.tags, 'tags of a run', surprises),
    inputs: readAll(list(record(inputs).dataset_inputs), readDataset, surprises).toSorted((a, b) =>
      order(a.name, b.name),
    ),
    loggedModels: list(record(outputs).model_outputs).flatMap((each) => text(record(each).model_id) ?? []),
  };
};

/** Protobuf writes NaN and the infinities as text, and int64 as text in older servers. */
export const readPoint: Reader<StoredPoint> = (value, surprises) => {
  const from = record(value);
  const measured = metricValue(from.value);
  const at = number(from.timestamp);
  if (typeof from.key !== 'string' || measured === undefined || at === undefined) {
    surprises.add('details', 'metric values without key, value or timestamp');
    return undefined;
  }
  return { key: from.key, value: measured, at, step: number(from.step) ?? 0 };
};

function metricValue(value: unknown): number | undefined {
  if (typeof value === 'number') return pointValue(value);
  if (value === 'NaN') return Number.NaN;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  return number(value);
}

const readDataset: Reader<StoredDataset> = (value, surprises) => {
  const from = record(record(value).dataset);
  if (typeof from.name !== 'string') {
    surprises.add('details', 'dataset inputs without a name');
    return undefined;
  }
  return {
    name: from.name,
    digest: text(from.digest),
    sourceType: text(from.source_type) ?? '',
    source: text(from.source) ?? '',
    profile: text(from.profile),
  };
};

function tags(value: unknown, what: string, surprises: Surprises): readonly Tag[] {
  const found = list(value).flatMap((each): readonly Tag[] => {
    const from: JsonRecord = record(each);
    const key = text(from.key);
    if (key !== undefined && (from.value === undefined || typeof from.value === 'string')) {
      return [{ key, value: from.value ?? '' }];
    }
    surprises.add('details', what);
    return [];
  });
  if (value !== undefined && value !== null && !Array.isArray(value)) surprises.add('details', what);
  return found.sort((a, b) => order(a.key, b.key));
}

/** Text, or a number as its text: ids and versions come as both. */
function words(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : text(value);
}

/** As SQLite orders names, so that a store and its server tell the same. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
