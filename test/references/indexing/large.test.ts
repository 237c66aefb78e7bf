// Large: a folder of a hundred thousand files is walked and read in bounded memory, in slices, without what git ignores, and can be left off.
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ReferenceIndex } from '../../../server/references/index.ts';
import { Indexer } from '../../../server/references/indexing/indexer.ts';
import { sourceFiles } from '../../../server/references/indexing/reading/summarizeFiles.ts';
import { noUserRules } from '../../../server/references/rules/userRules.ts';
import { until } from '../../support/clock.ts';
import { testFolder } from '../../support/folder.ts';

/** Most of such a folder is data, and what a build or a package manager put there; a tenth of it is source. */
const flat = 40_000;
const ignored = 50_000;
const folders = 100;
const sources = 10_000;

/** Links to one file in each folder, since making a hundred thousand takes long; no file has more than 65,000 of them. */
function spread(folder: string, count: number, ending: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  const first = path.join(folder, `f0${ending}`);
  writeFileSync(first, text);
  for (let at = 1; at < count; at++) linkSync(first, path.join(folder, `f${at}${ending}`));
}

function fill(root: string): void {
  const text = (name: string): string => `import mlflow\nmlflow.set_experiment("${name}")\n`;
  writeFileSync(path.join(root, '.gitignore'), 'build/\n*.skip.py\n');
  spread(path.join(root, 'flat'), flat, '.parquet', 'data');
  spread(path.join(root, 'build/lib'), ignored - 1000, '.py', text('built'));
  spread(path.join(root, 'flat'), 1000, '.skip.py', text('skipped'));
  for (let at = 0; at < folders; at++) spread(path.join(root, `src/p${at}`), sources / folders, '.py', text(`e${at}`));
}

test('a hundred thousand files', { timeout: 200_000 }, async (context) => {
  const folder = testFolder(context);
  fill(folder.path);
  const filled = performance.now();

  const { signal } = new AbortController();
  let found = 0;
  for await (const file of sourceFiles([folder.path], [], signal)) found += file.endsWith('.py') ? 1 : 0;
  assert.equal(found, sources, 'what git ignores is left out');
  const walked = performance.now();
  assert.ok(walked - filled < 20_000, `walked in ${Math.round(walked - filled)} ms`);

  const leaving = new AbortController();
  let before = 0;
  for await (const _ of sourceFiles([folder.path], [], leaving.signal)) if (++before === 100) leaving.abort();
  assert.equal(before, 100, 'a walk that is left off gives no more');

  globalThis.gc?.();
  const memory = process.memoryUsage.rss();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const index = new ReferenceIndex();
  let most = 0;
  const indexer = new Indexer({
    index,
    plan: { folders: [folder.path], excluded: [], rules: noUserRules },
    onChanged: () => {},
    onTrouble: (message) => assert.fail(message),
    onNotKept: (message) => assert.fail(message),
    onProgress: (progress) => {
      most = Math.max(most, progress?.of ?? 0);
    },
    now: () => performance.now(),
  });
  context.after(() => indexer.stop());
  delay.enable();
  await until('all is read', () => !indexer.busy, 120_000);
  delay.disable();
  assert.equal(index.files().length, sources);
  assert.equal(index.named('experiment', 'e7').length, sources / folders);
  assert.equal(most, sources, 'it says how many there are');
  const grown = (process.memoryUsage.rss() - memory) / 1e6;
  // Mostly the heaps of the threads that read; of the index itself bytes per reference are measured elsewhere.
  assert.ok(grown < 600, `${Math.round(grown)} MB more`);
  assert.ok(delay.percentile(99) < 50e6, `99 of 100 stalls are below ${delay.percentile(99) / 1e6} ms`);

  indexer.planned({ excluded: ['**/nothing'] });
  await pause(200);
  indexer.planned({ folders: [] });
  await until('it was left off', () => !indexer.busy && index.files().length === 0, 20_000);
});
