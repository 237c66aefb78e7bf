// Indexer: keeps the index true to the open texts and to the files on disk; the reading is done by a worker that ends when idle.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ParsedDocument } from '../../syntax/document.ts';
import { isSource } from '../../syntax/languages.ts';
import type { ReferenceIndex } from '../index.ts';
import { allRules } from '../rules/index.ts';
import { summarize } from '../summarize.ts';
import type { FileSummary } from '../summary.ts';
import type { FromIndexWorker, ToIndexWorker } from './indexMessages.ts';

const sliceMs = 4;
/** After a keystroke the request that follows it goes first: it takes several turns of the loop, each behind a slice. */
const giveWayMs = 12;

export interface IndexerOptions {
  readonly index: ReferenceIndex;
  /** Absolute workspace folders. */
  readonly folders: readonly string[];
  readonly onChanged: () => void;
  readonly onTrouble: (message: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** From source the worker is a .ts file beside this one; from a bundle it is dist/indexWorker.mjs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './indexWorker.ts' : './indexWorker.mjs', import.meta.url);
}

export class Indexer {
  readonly #options: IndexerOptions;
  /** Uris whose text in the editor counts, not the one on disk. */
  readonly #open = new Set<string>();
  readonly #waiting: FileSummary[] = [];
  #worker: Worker | undefined;
  #asked = 0;
  /** Answers of the worker that are not taken in yet. */
  #answers = 0;
  #news = false;
  #slice: Disposable | undefined;
  #quietUntil = 0;
  #stopped = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
    if (options.folders.length > 0) this.#ask({ type: 'folders', folders: options.folders });
  }

  /** Whether files are still being read. */
  get busy(): boolean {
    return this.#asked > 0 || this.#waiting.length > 0;
  }

  /** The text of an open document, on every change; at once, so that the next request sees it. */
  opened(document: ParsedDocument): void {
    this.#open.add(document.uri);
    this.#options.index.upsert(summarize(document, allRules));
    this.#quietUntil = this.#options.now() + giveWayMs;
    this.#slice ??= setImmediate(() => this.#take());
  }

  /** From now on the file on disk counts again. */
  closed(uri: string): void {
    this.#open.delete(uri);
    if (uri.startsWith('file:')) this.#ask({ type: 'files', files: [fileURLToPath(uri)] });
    else this.#options.index.remove(uri);
  }

  /** Absolute paths that were written, made or deleted. */
  changedOnDisk(files: readonly string[]): void {
    const sources = files.filter((file) => isSource(path.basename(file)));
    if (sources.length > 0) this.#ask({ type: 'files', files: sources });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#slice?.[Symbol.dispose]();
    await this.#worker?.terminate();
  }

  #ask(message: ToIndexWorker): void {
    if (this.#stopped) return;
    this.#asked++;
    this.#worker ??= this.#start();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(workerFile());
    worker.on('message', (message: FromIndexWorker) => this.#receive(message));
    worker.on('error', (error) => {
      this.#options.onTrouble(`reading the workspace's source failed: ${error.message}`);
      this.#ended();
    });
    return worker;
  }

  #receive({ summaries, removed, done }: FromIndexWorker): void {
    this.#waiting.push(...summaries);
    this.#answers++;
    this.#news = true;
    for (const uri of removed) if (!this.#open.has(uri)) this.#options.index.remove(uri);
    if (done) this.#asked--;
    this.#slice ??= setImmediate(() => this.#take());
    if (this.#asked === 0) this.#ended();
  }

  /** Takes summaries in and evaluates them for a few milliseconds, then lets requests through. */
  #take(): void {
    const { index, now, onChanged } = this.#options;
    const wait = this.#quietUntil - now();
    if (wait > 0) {
      this.#slice = setTimeout(() => this.#take(), Math.ceil(wait));
      return;
    }
    const until = now() + sliceMs;
    let settled = index.settle(sliceMs);
    while (settled && this.#waiting.length > 0 && now() < until) {
      const summary = this.#waiting.shift();
      if (summary && !this.#open.has(summary.uri)) index.upsert(summary);
      settled = index.settle(Math.max(0, until - now()));
    }
    if (this.#waiting.length === 0 && this.#answers > 0) {
      this.#worker?.postMessage({ type: 'taken', answers: this.#answers } satisfies ToIndexWorker);
      this.#answers = 0;
    }
    this.#slice = !settled || this.#waiting.length > 0 ? setImmediate(() => this.#take()) : undefined;
    if (this.#slice || !this.#news) return;
    this.#news = false;
    onChanged();
  }

  #ended(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
    this.#asked = 0;
    this.#answers = 0;
  }
}

/** The uri of a file as the index knows it. */
export function indexedUri(file: string): string {
  return pathToFileURL(file).href;
}
