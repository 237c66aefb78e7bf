// The crew: every batch is done once, whichever threads there are and whatever becomes of them.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Crew } from '../../../../server/references/indexing/reading/crew.ts';

interface Done {
  readonly number: number;
  readonly by: 'helper' | 'here';
}

/** A helper that answers a list of numbers by itself; it dies of the number in its data. */
const program = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads';
    parentPort.on('message', (batch) => {
      if (batch.includes(workerData.diesOf)) throw new Error('out of luck');
      parentPort.postMessage(batch.map((number) => ({ number, by: 'helper' })));
    });
  `)}`,
);

const batches = Array.from({ length: 50 }, (_, index) => [2 * index, 2 * index + 1]);
const all = batches.flat();

async function* here(batch: readonly number[]): AsyncGenerator<Done> {
  for (const number of batch) {
    await turn();
    yield { number, by: 'here' };
  }
}

async function done(context: TestContext, workerData: object): Promise<readonly Done[]> {
  const crew = new Crew<readonly number[], Done>(program, workerData);
  context.after(() => crew.close());
  const results: Done[] = [];
  for await (const one of crew.share(batches, here)) results.push(one);
  return results;
}

const numbers = (results: readonly Done[]) => results.map(({ number }) => number).sort((one, other) => one - other);

test('each batch is done by one thread, this one among them', async (context) => {
  const results = await done(context, {});
  assert.deepEqual(numbers(results), all);
  assert.ok(results.some(({ by }) => by === 'here'));
});

test('what a thread that dies had to do is done by another', async (context) => {
  for (const diesOf of [0, 31, 99]) {
    const results = await done(context, { diesOf });
    assert.deepEqual(numbers(results), all);
    // Unless there is one core only, or this thread took it first, a helper died of it.
    const last = results.find(({ number }) => number === diesOf);
    assert.equal(last?.by, 'here', `${diesOf} on ${availableParallelism()} cores`);
  }
});
