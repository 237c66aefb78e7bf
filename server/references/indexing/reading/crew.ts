// Crew: threads that share out the batches of a long task, this one among them.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

const mostHelpers = 3;
/** Most of what a thread makes is gone with the next file; its memory goes back when the work is done. */
const maxYoungGenerationSizeMb = 96;
/** A thread has its next batch before it ends one. */
const batchesAtOnce = 2;

interface Helper<Batch> {
  readonly worker: Worker;
  /** What it has to answer, in this order. */
  readonly batches: Batch[];
}

/** `Batch` and `Result` are plain data. A helper answers each batch by a list of results. */
export class Crew<Batch, Result> {
  readonly #helpers = new Set<Helper<Batch>>();
  #received: (results: readonly Result[], unanswered: readonly Batch[]) => void = () => {};

  /** `program`: what a helper runs, started with `workerData`. */
  constructor(program: URL, workerData: object) {
    for (let count = Math.min(mostHelpers, availableParallelism() - 1); count > 0; count--) {
      const helper: Helper<Batch> = {
        worker: new Worker(program, { workerData, resourceLimits: { maxYoungGenerationSizeMb } }),
        batches: [],
      };
      this.#helpers.add(helper);
      helper.worker.on('message', (results: readonly Result[]) => {
        helper.batches.shift();
        this.#received(results, []);
      });
      helper.worker.on('error', () => {
        this.#helpers.delete(helper);
        this.#received([], helper.batches);
      });
    }
  }

  /** A batch for every helper, whose answer counts for nothing. */
  tell(batch: Batch): void {
    for (const { worker } of this.#helpers) worker.postMessage(batch);
  }

  /** In no order. A batch is lost with no thread; `here` is what this one does with its own. */
  async *share(batches: readonly Batch[], here: (batch: Batch) => AsyncIterable<Result>): AsyncGenerator<Result> {
    const left = batches.toReversed();
    const ready: Result[] = [];
    let wake: () => void = () => {};
    this.#received = (results, unanswered) => {
      ready.push(...results);
      left.push(...unanswered);
      wake();
    };
    while (true) {
      this.#give(left);
      yield* ready.splice(0);
      const batch = left.pop();
      if (batch !== undefined) yield* here(batch);
      else if (ready.length > 0) continue;
      else if ([...this.#helpers].every((helper) => helper.batches.length === 0)) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }

  #give(left: Batch[]): void {
    for (const { worker, batches } of this.#helpers) {
      while (batches.length < batchesAtOnce) {
        const batch = left.pop();
        if (batch === undefined) return;
        batches.push(batch);
        worker.postMessage(batch);
      }
    }
  }

  close(): void {
    for (const { worker } of this.#helpers) void worker.terminate();
    this.#helpers.clear();
  }
}
