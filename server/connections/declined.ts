// Declined: the questions that the user never wants to hear again, kept in one file for all who ask.
import path from 'node:path';
import { readText, stat } from '../world/files.ts';
import { writeOwnFile } from '../world/ownFile.ts';

const maxBytes = 1_000_000;

export class Declined {
  readonly #file: string;
  #last: Promise<void> = Promise.resolve();

  /** Beside the user's connections.json. */
  constructor(connectionsFile: string) {
    this.#file = path.join(path.dirname(connectionsFile), 'declined.json');
  }

  /** A file that cannot be understood declines nothing: one is asked again. */
  async texts(): Promise<ReadonlySet<string>> {
    try {
      if (!(await stat(this.#file))) return new Set();
      const value: unknown = JSON.parse(await readText(this.#file, maxBytes));
      return new Set(Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
    } catch {
      return new Set();
    }
  }

  /** One after the other, so that no answer is lost to another one. Rejects when it cannot be kept. */
  add(texts: readonly string[]): Promise<void> {
    const next = this.#last
      .catch(() => {})
      .then(async () => {
        const all = [...new Set([...(await this.texts()), ...texts])];
        await writeOwnFile(this.#file, `${JSON.stringify(all, null, 2)}\n`);
      });
    this.#last = next;
    return next;
  }
}
