// The real MLflow server of the requests bench: what it is asked at two sizes, by hovers, by several windows.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { freePort, serve } from '../../../scripts/live/programs.mjs';
import { environment } from '../../../scripts/python/environments.mjs';
import { entityId } from '../../../server/catalog/entity.ts';
import type { ConnectionConfig } from '../../../server/protocol/connection.ts';
import { LiveWindow } from '../../support/liveWindow.ts';
import { SimulatedClock } from '../../support/simulatedClock.ts';
import { Counter, progress } from './counter.ts';

const minute = 60_000;
const hour = 60 * minute;
const sizes = [
  { models: 50, runs: 2_000 },
  { models: 500, runs: 20_000 },
] as const;
const fill = path.join(import.meta.dirname, 'fill_mlflow.py');

export interface Counts {
  readonly models: number;
  readonly runs: number;
  readonly firstSync: number;
  readonly firstSyncMs: number;
  readonly secondSync: number;
  readonly hoverCold: number;
  readonly hoverWarm: number;
  /** Nobody looks. */
  readonly idleHour: number;
  /** A focused window shows a model. */
  readonly watchedHour: number;
}

export interface MlflowCounted {
  readonly sizes: readonly Counts[];
  readonly windows: { readonly one: number; readonly five: number };
}

export async function mlflowCounted(folder: string): Promise<MlflowCounted> {
  const counted: Counts[] = [];
  for (const size of sizes) counted.push(await measure(folder, size));
  const windows = await withServer(folder, sizes[0], async (counter) => ({
    one: await watched(folder, counter, 1),
    five: await watched(folder, counter, 5),
  }));
  return { sizes: counted, windows };
}

async function withServer<Result>(
  folder: string,
  { models, runs }: Pick<Counts, 'models' | 'runs'>,
  work: (counter: Counter) => Promise<Result>,
): Promise<Result> {
  progress(`an MLflow server with ${models} models and ${runs} runs`);
  const { python, bin } = await environment('mlflow3', progress);
  const database = path.join(folder, `${models}-${runs}-${process.hrtime.bigint()}.db`);
  execFileSync(python, [fill, database, String(models), String(runs)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const stops: (() => Promise<void>)[] = [];
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  args.push('--backend-store-uri', `sqlite:///${database}`);
  const quiet = { MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' };
  await serve(bin('mlflow'), args, { env: { ...process.env, ...quiet }, cwd: folder, url: `${url}/health`, stops });
  const counter = await Counter.to(url);
  try {
    return await work(counter);
  } finally {
    counter.close();
    await Promise.all(stops.map((stop) => stop()));
  }
}

function configOf(url: string): ConnectionConfig {
  return { name: 'mlflow', tool: 'mlflow', url, instance: 'bench', credential: 'none' };
}

const shown = entityId('model', 'mlflow', 'bench', 'model-7');

async function measure(folder: string, size: Pick<Counts, 'models' | 'runs'>): Promise<Counts> {
  return withServer(folder, size, async (counter) => {
    const clock = new SimulatedClock(Date.now());
    const window = new LiveWindow({
      file: path.join(folder, `live-${size.runs}.db`),
      clock,
      config: configOf(counter.url),
    });
    const began = performance.now();
    await window.synced();
    const firstSyncMs = Math.round(performance.now() - began);
    const firstSync = await counter.count();
    progress(`read in ${firstSync} requests and ${Math.round(firstSyncMs / 1000)} s; now the hours pass`);
    await window.pass(10 * minute);
    await counter.count();
    await window.during(window.side.syncNow('mlflow'));
    const secondSync = await counter.count();
    await window.during(window.side.freshen([shown]));
    const hoverCold = await counter.count();
    await window.during(window.side.freshen([shown]));
    const hoverWarm = await counter.count();
    await window.pass(hour);
    const idleHour = await counter.count();
    window.side.attend({ focused: true, ids: [shown] });
    await window.pass(hour);
    const watchedHour = await counter.count();
    await window.close();
    return { ...size, firstSync, firstSyncMs, secondSync, hoverCold, hoverWarm, idleHour, watchedHour };
  });
}

/** A first sync and half an hour in which every window has the focus in turn. */
async function watched(folder: string, counter: Counter, windows: number): Promise<number> {
  progress(`${windows} windows, half an hour`);
  const clock = new SimulatedClock(Date.now());
  const file = path.join(folder, `windows-${windows}.db`);
  const all = Array.from({ length: windows }, () => new LiveWindow({ file, clock, config: configOf(counter.url) }));
  const [first] = all;
  await first?.synced();
  for (let turn = 0; turn < 10; turn += 1) {
    for (const [index, window] of all.entries())
      window.side.attend({ focused: index === turn % windows, ids: [shown] });
    for (let second = 0; second < 180; second += 2) await first?.pass(2_000);
  }
  for (const window of all) await window.close();
  return counter.count();
}
