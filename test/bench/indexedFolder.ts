// Indexed folder: the program in which the references bench has a folder read into an index, and watches the thread that would answer requests.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { ReferenceIndex } from '../../server/references/index.ts';
import { Indexer } from '../../server/references/indexing/indexer.ts';
import { noUserRules } from '../../server/references/rules/userRules.ts';

export interface IndexedFolder {
  /** Until everything was read and evaluated. */
  readonly ms: number;
  readonly longestStallMs: number;
  readonly stallP99Ms: number;
  readonly references: number;
}

async function indexed(folder: string, keptIn: string): Promise<IndexedFolder> {
  const index = new ReferenceIndex();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const indexer = new Indexer({
    index,
    plan: { folders: [folder], excluded: [], rules: noUserRules, keptIn },
    onChanged: () => {},
    onTrouble: (message) => process.stderr.write(`${message}\n`),
    onNotKept: (message) => process.stderr.write(`${message}\n`),
    now: () => performance.now(),
  });
  while (indexer.busy) await pause(5);
  const ms = performance.now() - began;
  while (indexer.keeping) await pause(20);
  delay.disable();
  await indexer.stop();
  return {
    ms: Math.round(ms),
    longestStallMs: Number((delay.max / 1e6).toFixed(1)),
    stallP99Ms: Number((delay.percentile(99) / 1e6).toFixed(1)),
    references: index.all().length,
  };
}

const [folder = '', keptIn = ''] = process.argv.slice(2);
const result = await indexed(folder, keptIn);
process.send?.(result, () => process.disconnect());
