// Requests bench: what a real MLflow server is asked, counted outside of our process, at two sizes; hours pass on a simulated clock.
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, serve } from '../../scripts/live/programs.mjs';
import { environment } from '../../scripts/python/environments.mjs';
import { entityId } from '../../server/catalog/entity.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { connectors } from '../../server/connectors/registry.ts';
import { LiveSide } from '../../server/sync/live/liveSide.ts';
import { memoryLog } from '../support/log.ts';
import { quiet } from '../support/outgoing.ts';
import { SimulatedClock } from '../support/simulatedClock.ts';

const minute = 60_000;
const hour = 60 * minute;
const sizes = [
  { models: 50, runs: 2_000 },
  { models: 500, runs: 50_000 },
] as const;
const fill = path.join(import.meta.dirname, 'fill_mlflow.py');
const proxyProgram = path.join(import.meta.dirname, 'countingProxy.ts');

interface Counts {
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

export async function bench(): Promise<{ readonly words: string; readonly json: object }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-requests-'));
  try {
    const counted: Counts[] = [];
    for (const size of sizes) counted.push(await measure(folder, size));
    const windows = await withServer(folder, sizes[0], async (counter) => ({
      one: await watched(folder, counter, 1),
      five: await watched(folder, counter, 5),
    }));
    return report(counted, windows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function progress(text: string): void {
  process.stderr.write(`${Math.round(process.uptime())} s  ${text}\n`);
}

class Counter {
  readonly #process: ChildProcess;
  readonly url: string;

  constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  static async to(target: string): Promise<Counter> {
    const child = fork(proxyProgram, [target]);
    const [{ url }] = (await once(child, 'message')) as [{ readonly url: string }];
    return new Counter(child, url);
  }

  /** Since the last time it was asked. */
  async count(): Promise<number> {
    this.#process.send('count');
    const [{ count }] = (await once(this.#process, 'message')) as [{ readonly count: number }];
    this.#process.send('clear');
    return count;
  }

  close(): void {
    this.#process.disconnect();
  }
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

/** One window over a store, as the editor's sync worker has it. */
class Window {
  readonly side: LiveSide;
  readonly #store: CatalogStore;
  readonly #clock: SimulatedClock;

  constructor(file: string, clock: SimulatedClock, url: string) {
    this.#clock = clock;
    this.#store = CatalogStore.open(file, { now: () => clock.now() }).store;
    this.side = new LiveSide({
      store: this.#store,
      connectors,
      clock,
      random: () => 0.5,
      log: memoryLog(),
      secretOf: async () => undefined,
      onChanged: () => undefined,
    });
    this.side.setConnections([{ name: 'mlflow', tool: 'mlflow', url, instance: 'bench', credential: 'none' }]);
  }

  pass(ms: number): Promise<void> {
    return this.#clock.pass(ms, quiet);
  }

  /** Until the first scan has ended. */
  async synced(): Promise<void> {
    while (this.side.statuses()[0]?.health === 'never') await this.pass(1_000);
  }

  /** Lets the clock pass until it is done: it may wait for its turn within the budget. */
  async during(work: Promise<void>): Promise<void> {
    let isDone = false;
    void work.finally(() => {
      isDone = true;
    });
    while (!isDone) await this.pass(100);
  }

  async close(): Promise<void> {
    await this.side.stop();
    this.#store.close();
  }
}

const shown = entityId('model', 'mlflow', 'bench', 'model-7');

async function measure(folder: string, size: Pick<Counts, 'models' | 'runs'>): Promise<Counts> {
  return withServer(folder, size, async (counter) => {
    const clock = new SimulatedClock(Date.now());
    const window = new Window(path.join(folder, `live-${size.runs}.db`), clock, counter.url);
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
  const all = Array.from({ length: windows }, () => new Window(file, clock, counter.url));
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

function report(counted: readonly Counts[], windows: { readonly one: number; readonly five: number }) {
  const [small, big] = counted;
  const ratio = Number((windows.five / windows.one).toFixed(2));
  // One more page of 1,000 models or experiments would be one more request; at these sizes there is none.
  const limits = {
    secondSyncGrowsWithPagesOnly: (big?.secondSync ?? 0) <= (small?.secondSync ?? 0),
    idleHourGrowsWithPagesOnly: (big?.idleHour ?? 0) <= (small?.idleHour ?? 0),
    warmHoverAsksNothing: counted.every(({ hoverWarm }) => hoverWarm === 0),
    fiveWindowsAskAsOne: ratio <= 1.2,
  };
  const head = 'models   runs  first (s)      second  hover cold  warm  idle hour  watched hour';
  const rows = counted.map((one) =>
    [
      String(one.models).padStart(6),
      String(one.runs).padStart(6),
      `${one.firstSync} (${(one.firstSyncMs / 1000).toFixed(1)})`.padStart(10),
      String(one.secondSync).padStart(11),
      String(one.hoverCold).padStart(11),
      String(one.hoverWarm).padStart(5),
      String(one.idleHour).padStart(10),
      String(one.watchedHour).padStart(13),
    ].join(' '),
  );
  const held = Object.entries(limits).map(([name, isHeld]) => `${isHeld ? 'held' : 'NOT HELD'}: ${name}`);
  const words = [
    'Requests to a real MLflow server, counted at a proxy in a process of its own',
    head,
    ...rows,
    `five windows: ${windows.five} requests, one: ${windows.one}; ${ratio} times as many`,
    ...held,
  ].join('\n');
  return { words, json: { sizes: counted, windows: { ...windows, ratio }, limits } };
}
