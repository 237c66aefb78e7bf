// Hover bench: after a keystroke and unchanged, quiet and busy, against the bare protocol and against pyright on the same file.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type PageParams,
  type PageResult,
  pageRequest,
  type StatusParams,
  statusNotification,
} from '../../server/protocol/lsp.ts';
import { serverFlags } from '../../server/protocol/serverProcess.ts';
import { type Client, spawnClient } from '../support/client.ts';
import { type Activation, measureActivation } from './activation.ts';
import { source } from './longFile.ts';

const lines = 10_000;
const entities = 100_000;
const busyFiles = 3_000;
const rounds = 150;
/** A slow peer is asked less often: fewer rounds after so many milliseconds, but never below the fewest. */
const patienceMs = 30_000;
const fewestRounds = 15;
const root = path.join(import.meta.dirname, '../..');
const node = process.execPath;
const require = createRequire(import.meta.url);

interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}
interface Measured {
  /** From starting the process to its answer to `initialize`; the smallest of a few starts. */
  readonly readyMs: number;
  /** The first hover after opening the file, with whatever it waited for. */
  readonly firstHoverMs: number;
  readonly unchanged: Spread;
  readonly afterKeystroke: Spread;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

/** OpenLineage events that name 100,000 tables and jobs. */
function events(): string {
  const text: string[] = [];
  for (let index = 0; index < entities / 2; index++) {
    text.push(
      JSON.stringify({
        eventType: 'COMPLETE',
        eventTime: new Date(1_764_000_000_000 + index * 1000).toISOString(),
        producer: 'bench',
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
        run: { runId: `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}` },
        job: { namespace: 'bench', name: `job_${index}` },
        inputs: [],
        outputs: [{ namespace: 'snowflake://acme-bench', name: `ANALYTICS.ML.TABLE_${index}` }],
      }),
    );
  }
  return `${text.join('\n')}\n`;
}

async function measure(
  client: Client,
  uri: string,
  text: string,
  pause: () => Promise<unknown>,
): Promise<Omit<Measured, 'readyMs' | 'firstHoverMs'>> {
  const rows = text.split('\n');
  const spots = rows.flatMap((row, line) =>
    row.includes('models:/') ? [{ line, character: row.indexOf('models:/') + 3 }] : [],
  );
  const spot = (round: number) => spots[(round * 37) % spots.length] ?? { line: 0, character: 0 };
  const hover = async (position: { line: number; character: number }): Promise<number> => {
    const started = performance.now();
    await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position });
    return performance.now() - started;
  };
  for (let round = 0; round < 10; round++) await hover(spot(round));
  const unchanged: number[] = [];
  for (let round = 0; round < rounds; round++) unchanged.push(await hover(spot(round)));
  const afterKeystroke: number[] = [];
  let version = 1;
  const begun = performance.now();
  for (let round = 0; round < rounds; round++) {
    if (round >= fewestRounds && performance.now() - begun > patienceMs) break;
    const at = spot(round);
    const line = at.line + 2;
    const character = (rows[line] ?? '').length;
    const insert = round % 2 === 0;
    const previous = spot(round - 1).line + 2;
    const range = insert
      ? { start: { line, character }, end: { line, character } }
      : {
          start: { line: previous, character: (rows[previous] ?? '').length },
          end: { line: previous, character: (rows[previous] ?? '').length + 1 },
        };
    const started = performance.now();
    void client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: ++version },
      contentChanges: [{ range, text: insert ? '#' : '' }],
    });
    await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: at });
    afterKeystroke.push(performance.now() - started);
    await pause();
  }
  return { unchanged: spread(unchanged), afterKeystroke: spread(afterKeystroke) };
}

const breathe = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 20));

interface Subject {
  readonly args: readonly string[];
  readonly folder: string;
  readonly text: string;
  readonly options?: object;
  /** Called when the file is open; what it waits for is not measured. */
  readonly settled?: (client: Client) => Promise<unknown>;
  /** Called when the last hover was answered. */
  readonly measured?: (client: Client) => Promise<void>;
}

async function run({ args, folder, text, options = {}, settled, measured }: Subject): Promise<Measured> {
  const readyMs = Math.min(...(await repeat(2, () => started(args))), await started(args));
  const client = spawnClient(node, args);
  await client.initialize([folder], options);
  const uri = pathToFileURL(path.join(folder, 'big.py')).href;
  await client.open(uri, 'python', text);
  await settled?.(client);
  const opened = performance.now();
  await client.connection.sendRequest('textDocument/hover', {
    textDocument: { uri },
    position: { line: 6, character: 50 },
  });
  const firstHoverMs = Math.round(performance.now() - opened);
  const times = await measure(client, uri, text, breathe);
  await measured?.(client);
  await client.close();
  return { readyMs, firstHoverMs, ...times };
}

/** An empty window: nothing but the start itself. */
async function started(args: readonly string[]): Promise<number> {
  const begun = performance.now();
  const client = spawnClient(node, args);
  await client.initialize([], { storeFolder: ':memory:', trusted: false, extensionVersion: 'bench' });
  const took = Math.round(performance.now() - begun);
  await client.close();
  return took;
}

async function repeat<Result>(times: number, work: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let time = 0; time < times; time++) results.push(await work());
  return results;
}

/** Every status with its time, and whoever waits for one. */
function watch(client: Client): {
  until(wanted: (status: StatusParams) => boolean): Promise<StatusParams>;
  last(): StatusParams | undefined;
} {
  let last: StatusParams | undefined;
  const waiting = new Set<() => void>();
  client.connection.onNotification(statusNotification, (params: StatusParams) => {
    last = params;
    for (const look of waiting) look();
  });
  return {
    last: () => last,
    until: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!last || !wanted(last)) return;
          waiting.delete(look);
          resolve(last);
        };
        waiting.add(look);
        look();
      }),
  };
}

/** What the server tells of itself: source files it knows, and its memory. */
async function inside(client: Client): Promise<{ files: number; megabytes: number }> {
  const params: PageParams = { page: 'diagnostics' };
  const { text } = await client.connection.sendRequest<PageResult>(pageRequest, params);
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return { files: number(/references: (\d+) files/), megabytes: number(/, (\d+) MB/) };
}

export async function bench(): Promise<{ words: string; json: object }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-bench-'));
  const quietFolder = path.join(folder, 'quiet');
  const busyFolder = path.join(folder, 'busy');
  const text = source(lines, 1);
  for (const one of [quietFolder, busyFolder]) {
    mkdirSync(one);
    writeFileSync(path.join(one, 'big.py'), text);
    writeFileSync(path.join(one, 'events.ndjson'), events());
  }
  const small = source(300, 10);
  for (let index = 0; index < busyFiles; index++) writeFileSync(path.join(busyFolder, `module_${index}.py`), small);
  execFileSync(node, [path.join(root, 'esbuild.mjs'), `--out=${path.join(folder, 'dist')}`], { cwd: root });
  const server = [...serverFlags, path.join(folder, 'dist/server.mjs'), '--stdio'];
  const options = (name: string) => ({
    storeFolder: path.join(folder, name),
    trusted: true,
    extensionVersion: 'bench',
  });
  try {
    const loadBefore = loadavg()[0];
    const here = { folder: quietFolder, text };
    const floor = await run({ ...here, args: [path.join(import.meta.dirname, 'floorServer.ts'), '--stdio'] });
    let known = 0;
    const quiet = await run({
      ...here,
      args: server,
      options: options('store-quiet'),
      settled: async (client) => {
        const ready = await watch(client).until(({ state, entities: count }) => state === 'ready' && count >= entities);
        known = ready.entities;
      },
    });
    let busyState: object = {};
    let progress: (() => StatusParams | undefined) | undefined;
    const busy = await run({
      folder: busyFolder,
      text,
      args: server,
      options: options('store-busy'),
      settled: async (client) => {
        const status = watch(client);
        progress = status.last;
        await status.until(({ state, sources }) => state === 'syncing' && sources.length > 0);
      },
      measured: async (client) => {
        const last = progress?.();
        const { files, megabytes } = await inside(client);
        busyState = {
          syncStillRunning: last?.state === 'syncing',
          entitiesCounted: last?.entities,
          indexStillRunning: files <= busyFiles,
          filesByThen: files,
          megabytes,
        };
      },
    });
    const pyright = await run({ ...here, args: [require.resolve('pyright/langserver.index.js'), '--stdio'] });
    const activation = measureActivation(path.join(folder, 'dist/extension.cjs'));
    const json = {
      lines,
      entities: known,
      busyFiles,
      busy: busyState,
      machine: { processors: availableParallelism(), loadBefore },
      activation,
      milliseconds: { floor, quiet, busy, pyright },
      ratios: {
        afterKeystrokeToFloor: ratio(quiet.afterKeystroke.median, floor.afterKeystroke.median),
        pyrightToAfterKeystroke: ratio(pyright.afterKeystroke.median, quiet.afterKeystroke.median),
        unchangedToFloor: ratio(quiet.unchanged.median, floor.unchanged.median),
      },
      limits: {
        'after a keystroke, quiet, p95 ≤ 15 ms': quiet.afterKeystroke.p95 <= 15,
        'after a keystroke, busy, p95 ≤ 30 ms': busy.afterKeystroke.p95 <= 30,
        "after a keystroke, median ≥ 20 times below pyright's":
          pyright.afterKeystroke.median >= 20 * quiet.afterKeystroke.median,
        'unchanged, p95 ≤ 5 ms': quiet.unchanged.p95 <= 5,
        'server ready ≤ 350 ms': quiet.readyMs <= 350,
        'activate() ≤ 50 ms': activation.activateMs <= 50,
        'activate() lists and writes no file, starts no program, opens no connection': activation.touched.length === 0,
      },
    };
    return { words: table(json.milliseconds, activation, json.limits), json };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ratio(one: number, other: number): number {
  return Number((one / Math.max(other, 0.01)).toFixed(1));
}

function table(
  measured: Readonly<Record<string, Measured>>,
  { loadMs, activateMs }: Activation,
  limits: Readonly<Record<string, boolean>>,
): string {
  const show = ({ median, p95, max }: Spread): string => `${median} / ${p95} / ${max}`;
  const row = (...cells: readonly string[]): string =>
    cells.map((cell, at) => cell.padEnd(at === 0 ? 36 : 24)).join('');
  const rows = Object.entries(measured).map(([name, { readyMs, unchanged, afterKeystroke }]) =>
    row(names[name] ?? name, show(unchanged), show(afterKeystroke), String(readyMs)),
  );
  const verdicts = Object.entries(limits).map(([limit, held]) => `${held ? 'holds' : 'FAILS'}  ${limit}`);
  return [
    `hover in ${lines} lines of Python, ${entities} entities; milliseconds: median / 95th percentile / maximum`,
    row('', 'unchanged', 'after a keystroke', 'ready'),
    ...rows,
    `the extension's activate(): ${activateMs} ms, after ${loadMs} ms of loading its bundle`,
    '',
    ...verdicts,
  ].join('\n');
}

const names: Readonly<Record<string, string>> = {
  floor: 'bare protocol',
  quiet: 'plumbline, quiet',
  busy: 'plumbline, while it indexes and syncs',
  pyright: 'pyright, same file',
};
