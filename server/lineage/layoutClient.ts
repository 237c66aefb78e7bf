// Layout client: the layout worker, started when needed and ended when idle.
import { Worker } from 'node:worker_threads';
import { coarseLayout } from './coarseLayout.ts';
import type { Layout, LayoutInput } from './layout.ts';

const idleMs = 30_000;
/** Graphviz cannot be interrupted: after this the coarse layout is shown and the worker begins anew. */
const patienceMs = 5_000;

/** From source the worker is a .ts file beside this one; from a bundle it is dist/layoutWorker.mjs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './layoutWorker.ts' : './layoutWorker.mjs', import.meta.url);
}

export class LayoutClient {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;
  readonly #waiting = new Map<number, (layout: Layout | undefined) => void>();

  async layout(input: LayoutInput): Promise<Layout> {
    const number = ++this.#last;
    const done = await new Promise<Layout | undefined>((resolve) => {
      const patience = setTimeout(() => this.#end(), patienceMs);
      this.#waiting.set(number, (result) => {
        clearTimeout(patience);
        resolve(result);
      });
      this.#start().postMessage({ number, input });
    });
    return done ?? coarseLayout(input);
  }

  dispose(): void {
    this.#end();
  }

  #start(): Worker {
    clearTimeout(this.#idle);
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile());
    // The patience of a question keeps the process up; an idle worker must not.
    worker.unref();
    worker.on('message', ({ number, layout }: { number: number; layout: Layout }) => this.#answer(number, layout));
    worker.on('error', () => {
      if (this.#worker === worker) this.#end();
    });
    this.#worker = worker;
    return worker;
  }

  #answer(number: number, layout: Layout): void {
    this.#waiting.get(number)?.(layout);
    this.#waiting.delete(number);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), idleMs);
    this.#idle.unref();
  }

  #end(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    this.#waiting.clear();
  }
}
