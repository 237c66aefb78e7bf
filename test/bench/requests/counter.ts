// Counter: a proxy in a process of its own that counts what goes through it to a server.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const program = path.join(import.meta.dirname, 'countingProxy.ts');

export class Counter {
  readonly #process: ChildProcess;
  readonly url: string;

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  static async to(target: string): Promise<Counter> {
    const child = fork(program, [target]);
    const [{ url }] = (await once(child, 'message')) as [{ readonly url: string }];
    return new Counter(child, url);
  }

  /** Since the last time it was asked. */
  async count(): Promise<number> {
    this.#process.send('count');
    const [{ count }] = (await once(this.#process, 'message')) as [{ readonly count: number }];
    this.#process.send('clear');
    return count;
  }

  close(): void {
    this.#process.disconnect();
  }
}

export function progress(text: string): void {
  process.stderr.write(`${Math.round(process.uptime())} s  ${text}\n`);
}
