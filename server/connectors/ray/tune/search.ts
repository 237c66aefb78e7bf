// Search: what a folder of Tune's results says: its trials with their settings and results, and what was sought; shapes of 2.60.0, read 2026-11.
import path from 'node:path';
import { eachOf } from '../../atOnce.ts';
import type { FileStat } from '../../connector.ts';
import { isRecord, list, number, oneLine, record, text } from '../../json.ts';
import type { SearchFiles } from '../../storedSearches.ts';
import { rootOf } from '../rest/told/errors.ts';
import { pythonJson } from './pythonJson.ts';

export interface Trial {
  readonly id: string;
  readonly name: string;
  /** PENDING, RUNNING, PAUSED, TERMINATED or ERROR; anything else is unknown to us. */
  readonly status: string;
  /** Nested settings as `layers/units`. */
  readonly settings: readonly (readonly [string, string])[];
  /** Epoch ms. */
  readonly startedAt?: number;
  readonly reportedAt?: number;
  /** Of the last report. */
  readonly results: readonly (readonly [string, number])[];
  /** Absolute; absent when nothing was written about it. */
  readonly folder?: string;
  readonly error?: string;
  readonly errorFile?: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly name: string;
  readonly value: number;
  /** Epoch ms. */
  readonly at: number;
  readonly step: number;
}

export interface Search {
  /** Name of the experiment: its folder's. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** Epoch ms. */
  readonly startedAt?: number;
  /** What was to become best, where Tune was told. */
  readonly metric?: string;
  readonly mode?: 'max' | 'min';
  readonly trials: readonly Trial[];
}

const mostBytes = { state: 64_000_000, results: 2_000_000, error: 20_000, tuner: 64_000 };
const most = { trials: 10_000, withPoints: 200, settings: 100, results: 50, points: 500 };
/** What Tune adds to each report. */
const bookkeeping =
  /^(?:timestamp|done|pid|date|hostname|node_ip|trial_id|experiment_tag|checkpoint_dir_name|should_checkpoint|training_iteration|iterations_since_restore|time_\w{1,40}|config)$/;

export const stateFile = /^experiment_state-.{1,60}\.json$/;

/** Of the newest trials the reports are read, of the first that failed the errors. */
const mostRead = { points: most.withPoints, errors: most.trials };

/** Paths may be addresses: `s3://bucket/results/search`. Rejects when the file is no state of Tune's. */
export async function readSearch(
  state: FileStat,
  host: SearchFiles,
  signal: AbortSignal,
  { points, errors } = mostRead,
): Promise<Search> {
  const folder = state.path.includes('://') ? path.posix.dirname(state.path) : path.dirname(state.path);
  const from = record(pythonJson(await host.readText(state.path, mostBytes.state)));
  const told = list(from.trial_data);
  if (!Array.isArray(from.trial_data)) throw new Error('it holds no trial_data (Ray 2.7 and newer write it).');
  const runner = record(from.runner_data);
  const files = new Set((await host.list(folder)).map((each) => path.basename(each.path)));
  const trials = told.slice(0, most.trials).flatMap((pair) => readTrial(pair, folder, files) ?? []);
  const withPoints = new Set(trials.slice(-points).map(({ id }) => id));
  const failed = trials.filter(({ errorFile }) => errorFile !== undefined).slice(0, errors);
  const withError = new Set(failed.map(({ id }) => id));
  const whole = await eachOf(trials, 8, async (trial) => {
    signal.throwIfAborted();
    return {
      ...trial,
      error:
        trial.errorFile === undefined || !withError.has(trial.id) ? undefined : await errorOf(trial.errorFile, host),
      points: trial.folder !== undefined && withPoints.has(trial.id) ? await pointsOf(trial.folder, host) : [],
    };
  });
  return {
    name: path.basename(folder),
    folder,
    startedAt: seconds(record(from.stats).start_time) ?? seconds(runner._start_time),
    metric: text(runner._metric)?.slice(0, 200),
    mode: files.has('tuner.pkl') ? await modeOf(below(folder, 'tuner.pkl'), host) : undefined,
    trials: whole,
  };
}

/** A pair of JSON texts: how the trial was set, and how it went. */
function readTrial(pair: unknown, folder: string, files: ReadonlySet<string>): Trial | undefined {
  const [setAs, wentAs] = list(pair).map((each) => (typeof each === 'string' ? pythonJson(each) : each));
  const set = record(setAs);
  const went = record(wentAs);
  const id = text(set.trial_id)?.slice(0, 200);
  if (id === undefined) return undefined;
  // It is a name of a folder beside the state; anything else is not followed.
  const own = text(set.relative_logdir);
  const place = own !== undefined && files.has(own) ? below(folder, own) : undefined;
  const last = record(went.last_result);
  const error = text(went.error_filename);
  return {
    id,
    name: oneLine(set.custom_trial_name, 200) ?? `${oneLine(set.trainable_name, 200) ?? 'trial'}_${id}`,
    status: text(set.status) ?? '',
    settings: flat(set.config, '', 0).slice(0, most.settings),
    startedAt: seconds(went.start_time),
    reportedAt: seconds(went.last_result_time) ?? seconds(last.timestamp),
    results: measured(last),
    folder: place,
    errorFile: place !== undefined && error === 'error.txt' ? below(place, error) : undefined,
    points: [],
  };
}

/** What the user's own code reported, nested names as Tune writes them: `eval/loss`. */
function measured(report: unknown): readonly (readonly [string, number])[] {
  const own = Object.entries(record(report)).filter(([name]) => !bookkeeping.test(name));
  return flatNumbers(Object.fromEntries(own), '', 0).slice(0, most.results);
}

function flatNumbers(value: unknown, above: string, depth: number): readonly (readonly [string, number])[] {
  if (typeof value === 'number' && Number.isFinite(value)) return [[above, value]];
  if (!isRecord(value) || depth > 4) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    flatNumbers(inner, above === '' ? name.slice(0, 200) : `${above}/${name.slice(0, 200)}`, depth + 1),
  );
}

function flat(value: unknown, above: string, depth: number): readonly (readonly [string, string])[] {
  if (isRecord(value) && depth < 5) {
    return Object.entries(value).flatMap(([name, inner]) =>
      flat(inner, above === '' ? name.slice(0, 200) : `${above}/${name.slice(0, 200)}`, depth + 1),
    );
  }
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  return above === '' || shown === undefined ? [] : [[above, oneLine(shown) ?? '']];
}

async function errorOf(file: string, host: SearchFiles): Promise<string | undefined> {
  const size = (await host.stat(file))?.size;
  if (size === undefined) return undefined;
  const from = Math.max(0, size - mostBytes.error);
  return rootOf(new TextDecoder().decode(await host.readRange(file, from, mostBytes.error)));
}

/** `result.json`: a report a line; a long one is thinned, and of a very long one the beginning is read. */
async function pointsOf(folder: string, host: SearchFiles): Promise<readonly Point[]> {
  const file = below(folder, 'result.json');
  if (!(await host.stat(file))) return [];
  const lines = new TextDecoder().decode(await host.readRange(file, 0, mostBytes.results)).split('\n');
  const step = Math.ceil(lines.length / most.points);
  return lines.flatMap((line, index) => {
    if (line === '' || (index % step !== 0 && index < lines.length - 2)) return [];
    const report = record(pythonJson(line, true));
    const at = seconds(report.timestamp);
    if (at === undefined) return [];
    const iteration = number(report.training_iteration) ?? index + 1;
    return measured(report).map(([name, value]) => ({ name, value, at, step: iteration }));
  });
}

/** Tune keeps the direction in a pickle alone, which is never loaded: the words are looked for as they are written in it. */
async function modeOf(file: string, host: SearchFiles): Promise<'max' | 'min' | undefined> {
  const start = Buffer.from(await host.readRange(file, 0, mostBytes.tuner)).toString('latin1');
  const found = /\u008c\u0004mode\u0094?\u008c\u0003(max|min)/.exec(start)?.[1];
  return found === 'max' || found === 'min' ? found : undefined;
}

function below(folder: string, name: string): string {
  return folder.includes('://') ? `${folder}/${name}` : path.join(folder, name);
}

/** Epoch ms of epoch seconds. */
function seconds(value: unknown): number | undefined {
  const at = number(value);
  return at === undefined || at <= 0 ? undefined : Math.round(at * 1000);
}
