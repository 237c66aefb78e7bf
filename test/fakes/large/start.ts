// Start: many things of one tool behind an address, in a process of their own; what is asked there is told.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export class LargeProcess {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#process = child;
    this.url = url;
  }

  static async start(tool: string, size: number): Promise<LargeProcess> {
    const child = fork(path.join(import.meta.dirname, 'main.ts'), [tool, String(size)]);
    const [said] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    const { url } = Object(said) as { readonly url?: string };
    if (url === undefined) throw new Error(`The server of ${size} things of ${tool} ended before it answered.`);
    return new LargeProcess(child, url);
  }

  /** `METHOD /path?query` of all that came since the last time. */
  async asked(): Promise<readonly string[]> {
    this.#process.send('asked');
    const [{ asked }] = (await once(this.#process, 'message')) as [{ readonly asked: readonly string[] }];
    return asked;
  }

  close(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
