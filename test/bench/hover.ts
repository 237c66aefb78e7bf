// Hover bench: after a keystroke and unchanged, quiet and busy, against the bare protocol and against pyright on the same file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type StatusParams, statusNotification } from '../../server/protocol/lsp.ts';
import { type Client, spawnClient } from '../support/client.ts';

const lines = 10_000;
const entities = 100_000;
const busyFiles = 3_000;
const rounds = 150;
const root = path.join(import.meta.dirname, '../..');
const node = process.execPath;
const require = createRequire(import.meta.url);

interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}
interface Measured {
  readonly readyMs: number;
  readonly unchanged: Spread;
  readonly afterKeystroke: Spread;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2));
  return { median: at(0.5), p95: at(0.95), max: at(1) };
}

/** About ten lines a function; each tenth line names a model, a table or a metric. */
function source(): string {
  const text = ['import mlflow', 'import pandas as pd', 'PREFIX = "churn"', ''];
  for (let index = 0; text.length < lines; index++) {
    text.push(
      `def step_${index}(frame, limit=${index}):`,
      `    """Step ${index} of the pipeline."""`,
      `    model = mlflow.pyfunc.load_model(f"models:/{PREFIX}_${index}@champion")`,
      `    rows = pd.read_sql("SELECT * FROM analytics.ml.table_${index} WHERE day = 1", frame)`,
      `    total = sum(value for value in rows if value > limit)`,
      `    if total > ${index}:`,
      `        mlflow.log_metric("auc_${index}", total / ${index + 1})`,
      `    return {"model": model, "rows": rows, "total": total}`,
      '',
      '',
    );
  }
  return `${text.join('\n')}\n`;
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
): Promise<Omit<Measured, 'readyMs'>> {
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
  for (let round = 0; round < rounds; round++) {
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

async function run(
  args: readonly string[],
  folder: string,
  text: string,
  options: object,
  settled?: (client: Client) => Promise<unknown>,
): Promise<Measured> {
  const started = performance.now();
  const client = spawnClient(node, args);
  await client.initialize([folder], options);
  const readyMs = Math.round(performance.now() - started);
  const uri = pathToFileURL(path.join(folder, 'big.py')).href;
  await client.open(uri, 'python', text);
  await settled?.(client);
  const measured = await measure(client, uri, text, breathe);
  await client.close();
  return { readyMs, ...measured };
}

/** Resolves at the first status that says so; also counts the entities known by then. */
function status(client: Client, wanted: (status: StatusParams) => boolean): Promise<StatusParams> {
  return new Promise((resolve) => {
    client.connection.onNotification(statusNotification, (params: StatusParams) => {
      if (wanted(params)) resolve(params);
    });
  });
}

export async function bench(): Promise<{ words: string; json: object }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-bench-'));
  const quietFolder = path.join(folder, 'quiet');
  const busyFolder = path.join(folder, 'busy');
  const text = source();
  for (const one of [quietFolder, busyFolder]) {
    mkdirSync(one);
    writeFileSync(path.join(one, 'big.py'), text);
    writeFileSync(path.join(one, 'events.ndjson'), events());
  }
  const small = source().split('\n').slice(0, 300).join('\n');
  for (let index = 0; index < busyFiles; index++) writeFileSync(path.join(busyFolder, `module_${index}.py`), small);
  const server = ['--disable-warning=ExperimentalWarning', path.join(root, 'dist/server.mjs'), '--stdio'];
  const options = (name: string) => ({
    storeFolder: path.join(folder, name),
    trusted: true,
    extensionVersion: 'bench',
  });
  try {
    const floor = await run([path.join(import.meta.dirname, 'floorServer.ts'), '--stdio'], quietFolder, text, {});
    let known = 0;
    const quiet = await run(server, quietFolder, text, options('store-quiet'), async (client) => {
      const ready = await status(client, ({ state, entities: count }) => state === 'ready' && count >= entities);
      known = ready.entities;
    });
    const busy = await run(server, busyFolder, text, options('store-busy'), (client) =>
      status(client, ({ state }) => state === 'syncing'),
    );
    const pyright = await run([require.resolve('pyright/langserver.index.js'), '--stdio'], quietFolder, text, {});
    const json = {
      lines,
      entities: known,
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
      },
    };
    return { words: table(json.milliseconds, json.limits), json };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ratio(one: number, other: number): number {
  return Number((one / Math.max(other, 0.01)).toFixed(1));
}

function table(measured: Readonly<Record<string, Measured>>, limits: Readonly<Record<string, boolean>>): string {
  const show = ({ median, p95, max }: Spread): string => `${median} / ${p95} / ${max}`;
  const rows = Object.entries(measured).map(
    ([name, { readyMs, unchanged, afterKeystroke }]) =>
      `${name.padEnd(8)}  ready ${String(readyMs).padStart(5)}   unchanged ${show(unchanged).padEnd(22)} after a keystroke ${show(afterKeystroke)}`,
  );
  const verdicts = Object.entries(limits).map(([limit, held]) => `${held ? 'holds' : 'FAILS'}  ${limit}`);
  return [`milliseconds, median / 95th percentile / maximum, ${lines} lines`, ...rows, '', ...verdicts].join('\n');
}
