// Priority: a worker that steps back slows down itself alone.
import assert from 'node:assert/strict';
import { constants, getPriority } from 'node:os';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

const priorityModule = new URL('../../server/world/priority.ts', import.meta.url).href;

test('a worker steps back behind the thread that started it, where it can do so alone', async () => {
  const before = getPriority();
  const code = `import { stepBack } from ${JSON.stringify(priorityModule)};
    import { getPriority } from 'node:os'; import { parentPort } from 'node:worker_threads';
    stepBack(); parentPort.postMessage(getPriority());`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const inside = await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  assert.equal(inside, process.platform === 'linux' ? constants.priority.PRIORITY_BELOW_NORMAL : before);
  assert.equal(getPriority(), before);
});
