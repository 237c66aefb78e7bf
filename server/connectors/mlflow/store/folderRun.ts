// One run of an MLflow file store: its record, metric files, parameters, tags and inputs.
import path from 'node:path';
import type { ConnectorHost, SmallFile } from '../../connector.ts';
import {
  type StoredDataset,
  type StoredPoint,
  type StoredRun,
  type StoreProblem,
  type Tag,
  thinned,
} from '../shape.ts';
import { type Meta, numberIn, parseMeta, readMeta, textIn } from './folderMeta.ts';

export interface ReadRun {
  readonly run?: StoredRun;
  readonly problem?: StoreProblem;
}

/** MLflow writes the number of its RunStatus (run_status.py, read 2026-11-23). */
const statuses = ['', 'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
/** Parameters, tags and aliases are one file each; more than this of one is not read. */
const maxValueBytes = 64 * 1024;
const metricTail = 512 * 1024;

/** The dataset with this id, as the experiment of the run keeps it. */
export type DatasetLookup = (id: string) => Promise<StoredDataset | undefined>;

/** Neither a run nor a problem for a deleted run and for a folder that only keeps artifacts. */
export async function readRun(
  folder: string,
  experimentId: string,
  dataset: DatasetLookup,
  host: ConnectorHost,
): Promise<ReadRun> {
  const files = await host.smallFiles(folder, maxValueBytes, ['artifacts']);
  const record = files.find(({ name }) => name === 'meta.yaml');
  if (!record) {
    if (!files.some(({ name }) => /^(?:metrics|params|tags)\//.test(name))) return {};
    const message = `${folder} is a run without meta.yaml.`;
    const advice = 'MLflow cannot read it either: restore the file, or remove the folder.';
    return { problem: { part: 'runs', message, advice } };
  }
  const { meta, problem } = parseMeta(record.text, path.join(folder, 'meta.yaml'), 'runs');
  if (!meta) return { problem };
  if (textIn(meta, 'lifecycle_stage') === 'deleted') return {};
  const metrics: MetricFile[] = [];
  for (const file of below(files, 'metrics')) metrics.push(await readMetric(folder, file, host));
  const inputs: StoredDataset[] = [];
  for (const { text } of below(files, 'inputs')) {
    const { meta: input } = parseMeta(text, folder, 'details');
    const id = input && textIn(input, 'source_type') === 'DATASET' ? textIn(input, 'source_id') : undefined;
    const found = id === undefined ? undefined : await dataset(id);
    if (found) inputs.push(found);
  }
  return {
    run: {
      ...fromMeta(meta, folder, experimentId),
      metrics: metrics.map(({ last }) => last).filter((last) => last !== undefined),
      history: metrics.flatMap(({ points }) => points),
      params: toTags(below(files, 'params')),
      tags: toTags(below(files, 'tags')),
      inputs: inputs.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
      loggedModels: below(files, 'outputs').map(({ name }) => name.split('/')[0] ?? ''),
    },
  };
}

/** Files of one folder of the run, named from there: a key with slashes is a path of folders. */
function below(files: readonly SmallFile[], folder: string): readonly SmallFile[] {
  const prefix = `${folder}/`;
  return files
    .filter(({ name }) => name.startsWith(prefix))
    .map((file) => ({ ...file, name: file.name.slice(prefix.length) }));
}

type FromMeta = Omit<StoredRun, 'metrics' | 'history' | 'params' | 'tags' | 'inputs' | 'loggedModels'>;

function fromMeta(meta: Meta, folder: string, experimentId: string): FromMeta {
  return {
    id: textIn(meta, 'run_id') ?? textIn(meta, 'run_uuid') ?? path.basename(folder),
    experimentId,
    name: textIn(meta, 'run_name') ?? textIn(meta, 'name'),
    status: statuses[numberIn(meta, 'status') ?? 0] ?? '',
    user: textIn(meta, 'user_id'),
    startedAt: numberIn(meta, 'start_time'),
    endedAt: numberIn(meta, 'end_time'),
    artifactUri: textIn(meta, 'artifact_uri'),
    sourceName: textIn(meta, 'source_name'),
    sourceVersion: textIn(meta, 'source_version'),
  };
}

/** Small files as keys and values, in order of keys; empty when the folder is not there. */
export async function readTags(folder: string, host: ConnectorHost): Promise<readonly Tag[]> {
  return toTags(await host.smallFiles(folder, maxValueBytes));
}

function toTags(files: readonly SmallFile[]): readonly Tag[] {
  return files.map(({ name, text }) => ({ key: name, value: text }));
}

interface MetricFile {
  readonly last?: StoredPoint;
  readonly points: readonly StoredPoint[];
}

/** Of a very long series only the end is read: the last values are what everybody asks for. */
async function readMetric(folder: string, { name, text, size }: SmallFile, host: ConnectorHost): Promise<MetricFile> {
  if (size <= maxValueBytes) return metricFile(name, text);
  const start = Math.max(0, size - metricTail);
  const tail = new TextDecoder().decode(await host.readRange(path.join(folder, 'metrics', name), start, size - start));
  return metricFile(name, start === 0 ? tail : tail.slice(tail.indexOf('\n') + 1));
}

/**
 * Lines of `timestamp value [step]`; without a step it is 0. The last value is that of the highest step, then time,
 * then value, as MLflow says it (file_store.py, read 2026-11-23). A line that is being written is left out.
 */
export function metricFile(key: string, text: string): MetricFile {
  const points: StoredPoint[] = [];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const [at = '', value = '', step = '0'] = line.trim().split(/\s+/);
    const point = { key, at: Number(at), value: pythonFloat(value), step: Number(step) };
    if (at === '' || !Number.isFinite(point.at) || !Number.isFinite(point.step) || point.value === undefined) continue;
    // MLflow 3 writes a value again when a model is logged after it.
    const same = `${at} ${value} ${step}`;
    if (seen.has(same)) continue;
    seen.add(same);
    points.push({ ...point, value: point.value });
  }
  points.sort((a, b) => a.at - b.at || a.step - b.step);
  const last = points.reduce<StoredPoint | undefined>(
    (best, point) => (best && !isLater(point, best) ? best : point),
    undefined,
  );
  return { last, points: key.startsWith('system/') ? [] : thinned(points) };
}

function isLater(a: StoredPoint, b: StoredPoint): boolean {
  return (a.step - b.step || a.at - b.at || a.value - b.value) > 0;
}

/** As Python's `repr` writes it: `0.5`, `1e-05`, `nan`, `inf`, `-inf`. Undefined when it is none. */
function pythonFloat(text: string): number | undefined {
  const special = /^([+-]?)(nan|inf(?:inity)?)$/i.exec(text);
  if (special) return special[2]?.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** Datasets of one experiment, each read once. */
export function datasetsOf(experimentFolder: string, host: ConnectorHost): DatasetLookup {
  const known = new Map<string, Promise<StoredDataset | undefined>>();
  const read = async (id: string): Promise<StoredDataset | undefined> => {
    const { meta } = await readMeta(path.join(experimentFolder, 'datasets', id), host, 'details');
    return (
      meta && {
        name: textIn(meta, 'name') ?? '',
        digest: textIn(meta, 'digest'),
        sourceType: textIn(meta, 'source_type') ?? '',
        source: textIn(meta, 'source') ?? '',
        profile: textIn(meta, 'profile'),
      }
    );
  };
  return async (id) => {
    // The id is a folder name that a file says: it must stay one.
    if (!/^[\w-]+$/.test(id)) return undefined;
    const asked = known.get(id) ?? read(id);
    known.set(id, asked);
    return asked;
  };
}
