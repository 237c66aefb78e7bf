// References bench: keystrokes, the cold and the warm index, memory, invalidation and completion, against bare parsing in the same run.
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parser } from '@lezer/python';
import { parse as parseYaml } from 'yaml';
import { completion } from '../../server/features/editing/completion.ts';
import { type PageParams, type PageResult, pageRequest } from '../../server/protocol/lsp.ts';
import { serverFlags } from '../../server/protocol/serverProcess.ts';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { sourceFiles } from '../../server/references/indexing/reading/summarizeFiles.ts';
import { parseDocument } from '../../server/syntax/document.ts';
import { languageIdOf, languageOf } from '../../server/syntax/languages.ts';
import { spawnClient } from '../support/client.ts';
import { codeWorld } from '../support/code.ts';
import { corpusFolder } from './corpus.ts';
import type { IndexedFolder } from './indexedFolder.ts';
import { measureKeystrokes } from './keystrokes.ts';
import { ratio, spread } from './spread.ts';

const importers = 500;
const entities = 100_000;
const root = path.join(import.meta.dirname, '../..');
/** A machine on which it takes longer has other troubles. */
const longestReadS = 600;

async function bareParse(
  folder: string,
): Promise<{ readonly files: number; readonly bytes: number; readonly lines: number; readonly ms: number }> {
  const began = performance.now();
  let [files, bytes, lines] = [0, 0, 0];
  for await (const file of sourceFiles([folder], [], new AbortController().signal)) {
    const text = readFileSync(file, 'utf8');
    files++;
    bytes += text.length;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
    try {
      const language = languageOf(languageIdOf(file));
      if (language === 'python') parser.parse(text);
      else if (language === 'yaml') parseYaml(text, { logLevel: 'silent' });
      else if (language === 'json' || language === 'notebook') JSON.parse(text);
    } catch {
      // What is broken was looked at, too.
    }
  }
  return { files, bytes, lines, ms: Math.round(performance.now() - began) };
}

/** By the bundles in `dist`, in a process that is started as the server is, where nothing was measured before. */
function indexed(dist: string, folder: string, keptIn: string): Promise<IndexedFolder> {
  const { promise, resolve, reject } = Promise.withResolvers<IndexedFolder>();
  const child = fork(path.join(dist, 'indexedFolder.mjs'), [folder, keptIn], {
    execArgv: [...serverFlags],
  });
  child.on('message', (result: IndexedFolder) => resolve(result));
  child.on('exit', (code) => reject(new Error(`the index's process ended with ${code}`)));
  return promise;
}

interface Lines {
  readonly files: number;
  readonly lines: number;
}

/** The built server, after it has read the folder and is idle: what the kernel counts as resident. */
async function memory(dist: string, folder: string, { files, lines }: Lines) {
  const place = mkdtempSync(path.join(os.tmpdir(), 'plumbline-references-'));
  const client = spawnClient(process.execPath, [...serverFlags, path.join(dist, 'server.mjs'), '--stdio']);
  try {
    await client.initialize([folder], {
      storeFolder: path.join(place, 'store'),
      trusted: true,
      extensionVersion: 'bench',
    });
    let [known, quiet] = [-1, 0];
    for (let second = 0; second < longestReadS && quiet < 15; second++) {
      await pause(1000);
      const page = await client.connection.sendRequest<PageResult>(pageRequest, {
        page: 'diagnostics',
      } satisfies PageParams);
      const now = Number(/references: (\d+) files/.exec(page.text)?.[1] ?? 0);
      quiet = now === known && now > files / 2 ? quiet + 1 : 0;
      known = now;
    }
    const status = readFileSync(`/proc/${client.process.pid}/status`, 'utf8');
    const residentMb = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000);
    const perMillion = residentMb / Math.max(1, lines / 1e6);
    return {
      residentMb,
      files: known,
      millionLines: Number((lines / 1e6).toFixed(2)),
      perMillionLinesMb: Math.round(perMillion),
    };
  } finally {
    await client.close();
    rmSync(place, { recursive: true, force: true });
  }
}

function changedConstant() {
  const index = new ReferenceIndex();
  const put = (name: string, text: string): void =>
    index.upsert(
      summarize(parseDocument({ uri: `file:///w/${name}`, languageId: 'python', version: 1, text }), index.rules),
    );
  const settings = (name: string, comment: string): string => `# ${comment}\nNAME = "${name}"\nOTHER = "other"\n`;
  put('settings.py', settings('churn', 'one'));
  for (let at = 0; at < importers; at++) {
    const used = at % 5 === 0 ? 'NAME' : 'OTHER';
    put(`use_${at}.py`, `import mlflow\nfrom settings import ${used}\ndef f():\n    mlflow.set_experiment(${used})\n`);
  }
  index.settle(Number.POSITIVE_INFINITY);
  put('settings.py', settings('churn', 'another comment'));
  const afterComment = index.waiting;
  const began = performance.now();
  put('settings.py', settings('fraud', 'another comment'));
  // What was typed is read in any case.
  index.references('file:///w/settings.py');
  const afterValue = index.waiting;
  index.settle(Number.POSITIVE_INFINITY);
  return {
    importers,
    dependOnIt: importers / 5,
    evaluatedAfterComment: afterComment,
    evaluatedAfterValue: afterValue,
    ms: Number((performance.now() - began).toFixed(2)),
  };
}

function completions() {
  const world = ['source local covers=table age=5m'];
  for (let at = 0; at < entities; at++) world.push(`table db.schema_${at % 50}.table_${at}`);
  const { context, document, at } = codeWorld({ 'a.py': 'spark.table("table_$0")\n' }, world.join('\n'));
  const times: number[] = [];
  let items = 0;
  for (let turn = 0; turn < 200; turn++) {
    const began = performance.now();
    items = completion(context, document, at).items.length;
    times.push(performance.now() - began);
  }
  return { entities, items, ...spread(times) };
}

/** Minutes pass without a word otherwise. */
function say(step: string): void {
  process.stderr.write(`${step} …\n`);
}

/** What the bundles make of the folder, beside the time of reading and parsing it barely. */
async function measureIndex(folder: string, isWhole: boolean) {
  const place = mkdtempSync(path.join(os.tmpdir(), 'plumbline-index-'));
  const dist = path.join(place, 'dist');
  const keptIn = path.join(place, 'index.db');
  try {
    const program = '--program=test/bench/indexedFolder.ts';
    execFileSync(process.execPath, ['esbuild.mjs', `--out=${dist}`, program], { cwd: root });
    say('bare parse');
    const bare = await bareParse(folder);
    say('cold');
    const cold = await indexed(dist, folder, keptIn);
    say('warm');
    const warm = await indexed(dist, folder, keptIn);
    const json = {
      bareParse: bare,
      cold,
      warm,
      coldRatio: ratio(cold.ms, bare.ms),
      warmRatio: ratio(warm.ms, cold.ms),
    };
    const limits = {
      'cold index ≤ 2 × read and bare parse': cold.ms <= 2 * bare.ms,
      'warm start ≤ a tenth of cold': warm.ms <= cold.ms / 10,
      'no stall over 20 ms during a cold index': cold.longestStallMs <= 20,
    };
    if (!isWhole) return { ...json, limits };
    say('memory');
    const resident = await memory(dist, folder, bare);
    const held = { 'resident set ≤ 250 MB per million lines': resident.perMillionLinesMb <= 250 };
    return { ...json, memory: resident, limits: { ...limits, ...held } };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** `only`: `keystrokes` or `cold` (with the warm start) measures nothing else. */
export async function bench({ only }: { readonly only?: string | undefined } = {}) {
  const folder = await corpusFolder();
  if (only === 'cold') return told(await measureIndex(folder, false));
  say('keystrokes');
  const { limits: ofKeystrokes, ...keys } = await measureKeystrokes(folder);
  if (only === 'keystrokes') return told({ ...keys, limits: ofKeystrokes });
  say('constant');
  const constant = changedConstant();
  say('completion');
  const complete = completions();
  const { limits: ofIndex, ...index } = await measureIndex(folder, true);
  const limits = {
    ...ofKeystrokes,
    ...ofIndex,
    'a changed comment evaluates nothing': constant.evaluatedAfterComment === 0,
    'a changed constant evaluates only what depends on it': constant.evaluatedAfterValue === constant.dependOnIt,
    'completion, 99th percentile ≤ 10 ms': complete.p99 <= 10,
  };
  return told({ ...keys, ...index, constant, completion: complete, limits });
}

interface Measured {
  readonly limits: Readonly<Record<string, boolean>>;
}

function told<Json extends Measured>({ limits, ...measured }: Json) {
  const json = { ...measured, load: os.loadavg()[0], limits };
  return { words: inWords(json), json };
}

function inWords(
  json: Readonly<Record<string, unknown>> & { readonly limits: Readonly<Record<string, boolean>> },
): string {
  const { limits, ...measured } = json;
  const lines = Object.entries(measured).map(([name, value]) => `${name.padEnd(12)} ${JSON.stringify(value)}`);
  for (const [limit, holds] of Object.entries(limits)) lines.push(`${holds ? 'holds' : 'BROKEN'}  ${limit}`);
  return lines.join('\n');
}
