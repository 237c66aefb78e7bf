// One run of an MLflow file store: its record, metric files, parameters, tags and inputs.
import path from 'node:path';
import type { ConnectorHost, FileStat } from '../../connector.ts';
import { type Meta, numberIn, readMeta, textIn } from './folderMeta.ts';
import {
  type StoredDataset,
  type StoredPoint,
  type StoredRun,
  type StoreProblem,
  seriesPoints,
  type Tag,
} from './shape.ts';

export interface ReadRun {
  readonly run?: StoredRun;
  readonly problem?: StoreProblem;
}

/** MLflow writes the number of its RunStatus (run_status.py, read 2026-11-23). */
const statuses = ['', 'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
/** Parameters, tags and aliases are one file each; more than this of one is not read. */
const maxValueBytes = 64 * 1024;
const maxMetricBytes = 8 * 1024 * 1024;
const metricTail = 512 * 1024;
const deepest = 6;

/** Neither a run nor a problem for a deleted run and for a folder that only keeps artifacts. */
export async function readRun(folder: string, experimentId: string, host: ConnectorHost): Promise<ReadRun> {
  const names = new Set((await host.list(folder)).map((child) => path.basename(child.path)));
  if (!names.has('meta.yaml')) {
    if (!['metrics', 'params', 'tags'].some((name) => names.has(name))) return {};
    const message = `${folder} is a run without meta.yaml.`;
    return {
      problem: {
        part: 'runs',
        message,
        advice: 'MLflow cannot read it either: restore the file, or remove the folder.',
      },
    };
  }
  const { meta, problem } = await readMeta(folder, host, 'runs');
  if (!meta) return { problem };
  if (textIn(meta, 'lifecycle_stage') === 'deleted') return {};
  const inside = async <T>(name: string, read: (folder: string) => Promise<readonly T[]>): Promise<readonly T[]> =>
    names.has(name) ? read(path.join(folder, name)) : [];
  const history = await inside('metrics', (metrics) => readMetrics(metrics, host));
  return {
    run: {
      ...fromMeta(meta, folder, experimentId),
      metrics: history.map(({ last }) => last).filter((last) => last !== undefined),
      history: history.flatMap(({ points }) => points),
      params: await inside('params', (params) => readTags(params, host)),
      tags: await inside('tags', (tags) => readTags(tags, host)),
      inputs: await inside('inputs', (inputs) => readInputs(inputs, path.join(folder, '..', 'datasets'), host)),
      loggedModels: await inside('outputs', async (outputs) =>
        (await host.list(outputs)).map((output) => path.basename(output.path)),
      ),
    },
  };
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

/** Small files as keys and values; a key with slashes is a path of folders. In order of keys. */
export async function readTags(folder: string, host: ConnectorHost): Promise<readonly Tag[]> {
  const tags: Tag[] = [];
  for (const { key, file } of await keyFiles(folder, host)) {
    const bytes = await host.readRange(file.path, 0, maxValueBytes);
    tags.push({ key, value: new TextDecoder().decode(bytes) });
  }
  return tags;
}

interface MetricFile {
  readonly last?: StoredPoint;
  readonly points: readonly StoredPoint[];
}

async function readMetrics(folder: string, host: ConnectorHost): Promise<readonly MetricFile[]> {
  const metrics: MetricFile[] = [];
  for (const { key, file } of await keyFiles(folder, host)) {
    // Of a very long series only the end is read: the last values are what everybody asks for.
    const start = file.size > maxMetricBytes ? file.size - metricTail : 0;
    const text = new TextDecoder().decode(await host.readRange(file.path, start, maxMetricBytes));
    metrics.push(metricFile(key, start === 0 ? text : text.slice(text.indexOf('\n') + 1)));
  }
  return metrics;
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

function thinned(points: readonly StoredPoint[]): readonly StoredPoint[] {
  const every = Math.floor((points.length - 1) / seriesPoints) + 1;
  return every <= 1 ? points : points.filter((_, index) => index % every === 0 || index === points.length - 1);
}

/** As Python's `repr` writes it: `0.5`, `1e-05`, `nan`, `inf`, `-inf`. Undefined when it is none. */
function pythonFloat(text: string): number | undefined {
  const special = /^([+-]?)(nan|inf(?:inity)?)$/i.exec(text);
  if (special) return special[2]?.toLowerCase() === 'nan' ? Number.NaN : special[1] === '-' ? -Infinity : Infinity;
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

async function readInputs(folder: string, datasets: string, host: ConnectorHost): Promise<readonly StoredDataset[]> {
  const found: StoredDataset[] = [];
  for (const { path: input } of await host.list(folder)) {
    const { meta } = await readMeta(input, host, 'details');
    const dataset = meta && textIn(meta, 'source_type') === 'DATASET' ? textIn(meta, 'source_id') : undefined;
    // The id is a folder name from a file: it must stay one.
    if (dataset === undefined || !/^[\w-]+$/.test(dataset)) continue;
    const { meta: said } = await readMeta(path.join(datasets, dataset), host, 'details');
    if (!said) continue;
    found.push({
      name: textIn(said, 'name') ?? '',
      digest: textIn(said, 'digest'),
      sourceType: textIn(said, 'source_type') ?? '',
      source: textIn(said, 'source') ?? '',
      profile: textIn(said, 'profile'),
    });
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

async function keyFiles(
  folder: string,
  host: ConnectorHost,
): Promise<readonly { readonly key: string; readonly file: FileStat }[]> {
  const found: { readonly key: string; readonly file: FileStat }[] = [];
  const visit = async (at: string, depth: number): Promise<void> => {
    for (const file of await host.list(at)) {
      if (file.kind === 'folder' && depth < deepest) await visit(file.path, depth + 1);
      else if (file.kind === 'file')
        found.push({ key: path.relative(folder, file.path).split(path.sep).join('/'), file });
    }
  };
  await visit(folder, 0);
  return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
