// Bundles: one file per thread or process, the webview, and the WebAssembly they load.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

/** `--out=FOLDER` builds elsewhere, for who must not disturb `dist`. */
const out = process.argv.find((argument) => argument.startsWith('--out='))?.slice('--out='.length) ?? 'dist';
/** `--program=FILE`: one more program that is bundled as the server is, for a bench. */
const programs = process.argv.filter((argument) => argument.startsWith('--program='));
const production = process.argv.includes('--production');
const common = {
  bundle: true,
  outdir: out,
  logLevel: 'warning',
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  metafile: true,
};
/** Its main file is UMD, whose own `require` no bundler sees through. */
const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };
const node = { ...common, platform: 'node', target: 'node22.19', alias };
/** Bundles written as ES modules still hold CommonJS packages that call `require`. */
const requireForEsm = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const results = await Promise.all([
  build({
    ...node,
    entryPoints: { extension: 'extension/extension.ts' },
    format: 'cjs',
    external: ['vscode'],
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...node,
    entryPoints: {
      server: 'server/main.ts',
      cli: 'server/cli.ts',
      syncWorker: 'server/sync/worker.ts',
      layoutWorker: 'server/lineage/layoutWorker.ts',
      columnWorker: 'server/lineage/columns/columnWorker.ts',
      indexWorker: 'server/references/indexing/reading/indexWorker.ts',
      sample: 'extension/sample/main.ts',
      ...Object.fromEntries(programs.map((program) => [basename(program, '.ts'), program.slice('--program='.length)])),
    },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: requireForEsm },
  }),
  build({
    ...common,
    entryPoints: { webview: 'webview/main.ts' },
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    loader: { '.css': 'css' },
  }),
]);
// The SQL library looks for it beside the bundle that holds it.
await cp('node_modules/@polyglot-sql/sdk/dist/polyglot_sql.wasm', `${out}/polyglot_sql.wasm`);
await cp('extension/sample/churn.tar.gz', `${out}/churn.tar.gz`).catch(() => {});
await writeFile(`${out}/meta.json`, JSON.stringify(results.map((result) => result.metafile)));
