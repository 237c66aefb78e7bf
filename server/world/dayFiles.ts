// Day files: lines that are kept in a folder of ours, a file a day, for this user's eyes only; the oldest go when there is too much.
import { appendFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../connectors/connector.ts';

export interface DayFilesOptions {
  /** Absolute; made when the first line comes. */
  readonly folder: string;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
  /** Of all files together, bytes; the file of today stays. */
  readonly most?: number;
  /** Of one file. */
  readonly mostOfFile?: number;
}

const usual = { most: 1024 * 1024 * 1024, mostOfFile: 128 * 1024 * 1024 };
const ours = /^received-\d{4}-\d{2}-\d{2}(-\d{1,4})?\.ndjson$/;

/** Two programs may write the same folder: a line is appended in one piece. */
export class DayFiles {
  readonly #options: DayFilesOptions;
  #part = 1;
  #day = '';

  constructor(options: DayFilesOptions) {
    this.#options = options;
  }

  /** Resolves when the system has taken them. Rejects when they cannot be written. */
  async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await this.#file();
    await appendFile(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
  }

  /** Of today, and with room. */
  async #file(): Promise<string> {
    const { folder, now, mostOfFile = usual.mostOfFile } = this.#options;
    const day = new Date(now()).toISOString().slice(0, 10);
    if (day !== this.#day) this.#part = 1;
    const isNew = day !== this.#day;
    this.#day = day;
    for (;;) {
      const file = path.join(folder, `received-${day}${this.#part === 1 ? '' : `-${this.#part}`}.ndjson`);
      const size = (await stat(file).catch(() => undefined))?.size ?? 0;
      if (size < mostOfFile || this.#part >= 9_999) {
        if (isNew || size === 0) await this.#prune(path.basename(file));
        return file;
      }
      this.#part += 1;
    }
  }

  async #prune(current: string): Promise<void> {
    const { folder, most = usual.most, log } = this.#options;
    const names = (await readdir(folder)).filter((name) => ours.test(name) && name !== current);
    const files = await Promise.all(
      names.map(async (name) => ({
        name,
        ...(await stat(path.join(folder, name)).catch(() => ({ size: 0, mtimeMs: 0 }))),
      })),
    );
    let total = files.reduce((sum, { size }) => sum + size, 0);
    for (const { name, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (total <= most) return;
      await rm(path.join(folder, name), { force: true });
      total -= size;
      log.info('the oldest received events were removed, to keep the folder small', { file: name });
    }
  }
}
