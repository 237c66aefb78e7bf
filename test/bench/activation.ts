// Activation bench: what loading the built extension and its activate() cost, and whether they touch the world, each time in a fresh process.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Activation {
  /** Reading and running the bundle; the editor does it before it calls activate(). */
  readonly loadMs: number;
  readonly activateMs: number;
  /** Files listed or written, programs and connections begun while activate() ran. */
  readonly touched: readonly string[];
}

/** Stands in for the editor: every member is there, can be called, and gives more of the same. */
const editor = `
const known = { version: '1.105.0' };
const more = () => {
  const members = new Map();
  return new Proxy(function () {}, {
    get(target, key) {
      if (key === 'prototype') return target.prototype;
      if (key === Symbol.toPrimitive) return () => 0;
      if (key === Symbol.iterator) return [][Symbol.iterator].bind([]);
      if (key === 'then' || typeof key === 'symbol') return undefined;
      if (!members.has(key)) members.set(key, more());
      return members.get(key);
    },
    has: () => true,
    set: (_, key, value) => members.set(key, value) !== undefined,
    apply: () => more(),
    construct: () => more(),
  });
};
const all = more();
// The bundle copies what a module holds itself, and keeps what it inherits.
module.exports = Object.create(new Proxy({}, { get: (_, key) => known[key] ?? all[key] }));
`;

const runner = `
const touched = [];
const watched = {
  'node:fs': ['readdir', 'readdirSync', 'opendir', 'opendirSync', 'writeFile', 'writeFileSync', 'mkdir', 'mkdirSync'],
  'node:fs/promises': ['readdir', 'opendir', 'writeFile', 'mkdir'],
  'node:child_process': ['spawn', 'spawnSync', 'fork', 'exec', 'execFile'],
  'node:net': ['connect', 'createConnection', 'createServer'],
  'node:http': ['request', 'get'],
  'node:https': ['request', 'get'],
};
const started = performance.now();
const { activate } = require(process.argv[2]);
const loadMs = performance.now() - started;
for (const [module, names] of Object.entries(watched)) {
  const functions = require(module);
  for (const name of names) {
    const own = functions[name];
    functions[name] = (...args) => (touched.push(module + ' ' + name), own(...args));
  }
}
const uri = { fsPath: process.argv[3], toString: () => 'file://' + process.argv[3] };
const context = {
  subscriptions: [],
  extensionPath: process.argv[3],
  extensionUri: uri,
  globalStorageUri: uri,
  storageUri: uri,
  logUri: uri,
  extension: { packageJSON: { version: 'bench' } },
  asAbsolutePath: (file) => require('node:path').join(process.argv[3], file),
  globalState: { get: () => undefined, update: async () => undefined, keys: () => [] },
  workspaceState: { get: () => undefined, update: async () => undefined, keys: () => [] },
  secrets: { get: async () => undefined, store: async () => undefined, onDidChange: () => ({ dispose() {} }) },
};
const began = performance.now();
activate(context);
const activateMs = performance.now() - began;
process.stdout.write(JSON.stringify({ loadMs, activateMs, touched }), () => process.exit(0));
`;

/** The middle one of five; \`bundle\` is a built extension.cjs in a folder that may be written to. */
export function measureActivation(bundle: string): Activation {
  const folder = path.dirname(bundle);
  mkdirSync(path.join(folder, 'node_modules/vscode'), { recursive: true });
  writeFileSync(path.join(folder, 'node_modules/vscode/index.js'), editor);
  const file = path.join(folder, 'activate.cjs');
  writeFileSync(file, runner);
  const runs = Array.from(
    { length: 5 },
    (): Activation => JSON.parse(execFileSync(process.execPath, [file, bundle, folder], { encoding: 'utf8' })),
  );
  runs.sort((one, other) => one.activateMs - other.activateMs);
  const [, , middle] = runs;
  const round = (time = Number.NaN): number => Number(time.toFixed(1));
  return {
    loadMs: round(middle?.loadMs),
    activateMs: round(middle?.activateMs),
    touched: [...new Set(runs.flatMap(({ touched }) => touched))],
  };
}
