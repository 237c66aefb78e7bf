// Indexer: keeps the index true to the open texts and to the files on disk; the reading is done by a worker that ends when idle.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ParsedDocument } from '../../syntax/document.ts';
import { isSource } from '../../syntax/languages.ts';
import { OwnProcess } from '../../world/ownProcess.ts';
import type { ReferenceIndex } from '../index.ts';
import { ruleSetWith } from '../rules/index.ts';
import { summarize } from '../summarize.ts';
import { HeldFile } from './held.ts';
import type { PackedFile } from './packed.ts';
import type { FromIndexWorker, ReadingPlan, ToIndexWorker } from './reading/indexMessages.ts';

const sliceMs = 4;
/** After a keystroke the request that follows it goes first: it takes several turns of the loop, each behind a slice. */
const giveWayMs = 12;
const resultsInOne = 100;

export interface IndexingProgress {
  readonly read: number;
  readonly of: number;
}

export interface IndexerOptions {
  readonly index: ReferenceIndex;
  readonly plan: ReadingPlan;
  readonly onChanged: () => void;
  readonly onTrouble: (message: string) => void;
  /** Nothing is kept for the next session, and why; said once. */
  readonly onNotKept: (message: string) => void;
  /** Undefined when all is read. */
  readonly onProgress?: (progress: IndexingProgress | undefined) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** From source the worker is a .ts file beside this one; from a bundle it is dist/indexWorker.mjs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './reading/indexWorker.ts' : './indexWorker.mjs', import.meta.url);
}

export class Indexer {
  readonly #options: IndexerOptions;
  #plan: ReadingPlan;
  /** Documents whose text in the editor counts, not the one on disk. */
  readonly #open = new Map<string, ParsedDocument>();
  /** What an earlier session knew of the files that are open now. */
  readonly #keptOfOpen = new Map<string, PackedFile>();
  readonly #waiting: (() => void)[] = [];
  #worker: OwnProcess<ToIndexWorker, FromIndexWorker> | undefined;
  #asked = 0;
  /** Answers of the worker that are not taken in yet. */
  #answers = 0;
  #lastAnswer = 0;
  #paused = false;
  /** What was read is on its way to be kept. */
  #keeping = false;
  #notKept: string | undefined;
  #news = false;
  #unkept = false;
  #slice: Disposable | undefined;
  #quietUntil = 0;
  #stopped = false;

  constructor(options: IndexerOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#begin();
  }

  /** Whether files are still being read. */
  get busy(): boolean {
    return this.#asked > 0 || (this.#waiting.length > 0 && !this.#keeping);
  }

  /** Whether what was read and evaluated is still to be kept for the next session. */
  get keeping(): boolean {
    return this.#keeping;
  }

  /** The text of an open document, on every change; at once, so that the next request sees it. */
  opened(document: ParsedDocument): void {
    const { index, now } = this.#options;
    this.#open.set(document.uri, document);
    index.upsert(summarize(document, index.rules));
    this.#quietUntil = now() + giveWayMs;
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

  /** Other folders, other rules, other files left out: everything is read again, as far as it is not known. */
  planned(change: Partial<ReadingPlan>): void {
    const plan = { ...this.#plan, ...change };
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
    const { index } = this.#options;
    this.#ended();
    this.#plan = plan;
    this.#waiting.length = 0;
    index.setRules(ruleSetWith({ ...plan.rules, mistakes: [] }));
    for (const document of this.#open.values()) index.upsert(summarize(document, index.rules));
    this.#begin();
  }

  /** What is known stays; open documents are read as ever. */
  pause(paused: boolean): void {
    this.#paused = paused;
    this.#worker?.post({ type: 'pause', paused } satisfies ToIndexWorker);
  }

  get paused(): boolean {
    return this.#paused;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#slice?.[Symbol.dispose]();
    await this.#worker?.stop();
  }

  #begin(): void {
    if (this.#plan.folders.length > 0) this.#ask({ type: 'folders' });
  }

  #ask(message: ToIndexWorker): void {
    if (this.#stopped) return;
    this.#asked++;
    this.#worker ??= this.#start();
    this.#worker.post(message);
  }

  #start(): OwnProcess<ToIndexWorker, FromIndexWorker> {
    const worker = new OwnProcess<ToIndexWorker, FromIndexWorker>(workerFile(), {
      onMessage: (message) => {
        if (worker === this.#worker) this.#receive(message);
      },
      onFailed: (message) => {
        this.#options.onTrouble(`reading the workspace's source failed: ${message}`);
        if (worker === this.#worker) this.#ended();
      },
    });
    worker.post({ type: 'plan', plan: this.#plan } satisfies ToIndexWorker);
    if (this.#paused) worker.post({ type: 'pause', paused: true } satisfies ToIndexWorker);
    return worker;
  }

  #receive({ answer, files, removed, restored, progress, done, kept, trouble }: FromIndexWorker): void {
    const { index, onNotKept, onProgress } = this.#options;
    if (trouble !== undefined && trouble !== this.#notKept) onNotKept(trouble);
    this.#notKept = trouble ?? this.#notKept;
    for (const { packed, result } of files) {
      this.#waiting.push(() => {
        if (!this.#open.has(packed.uri)) index.take(new HeldFile(packed), result);
        else if (result) this.#keptOfOpen.set(packed.uri, packed);
      });
    }
    for (const uri of removed) {
      this.#waiting.push(() => {
        if (!this.#open.has(uri)) index.remove(uri);
      });
    }
    if (restored) {
      this.#waiting.push(() => {
        // What came of other files was true for these as they were on disk then.
        for (const uri of this.#open.keys()) index.differsFrom(uri, this.#keptOfOpen.get(uri));
        this.#keptOfOpen.clear();
      });
    }
    this.#answers++;
    this.#lastAnswer = answer;
    const isNews = files.length + removed.length > 0;
    // That all is read is news, too.
    this.#news ||= isNews || done;
    this.#unkept ||= isNews;
    if (done) this.#asked--;
    if (kept) this.#keeping = false;
    if (progress) onProgress?.(progress.read < progress.of ? progress : undefined);
    this.#slice ??= setImmediate(() => this.#take());
  }

  /** Takes files in and evaluates them for a few milliseconds, then lets requests through. */
  #take(): void {
    const { index, now, onChanged } = this.#options;
    const wait = this.#quietUntil - now();
    if (wait > 0) {
      this.#slice = setTimeout(() => this.#take(), Math.ceil(wait));
      return;
    }
    const until = now() + sliceMs;
    while (this.#waiting.length > 0 && now() < until) this.#waiting.shift()?.();
    const emptied = this.#waiting.length === 0;
    // As long as files come in, what was made of some would be made of others again.
    const settled = !emptied || this.#asked > 0 || index.settle(Math.max(1, until - now()));
    if (emptied && this.#answers > 0) {
      this.#worker?.post({ type: 'taken', answers: this.#answers } satisfies ToIndexWorker);
      this.#answers = 0;
    }
    this.#slice = settled && emptied ? undefined : setImmediate(() => this.#take());
    if (this.#slice) return;
    if (this.#asked === 0 && !this.#keeping) this.#rest();
    if (!this.#news) return;
    this.#news = false;
    onChanged();
  }

  /** Everything is read and evaluated: it is kept for the next session, and the worker may go. */
  #rest(): void {
    if (!this.#worker) return;
    const { keptIn } = this.#plan;
    if (!this.#unkept || keptIn === undefined) {
      this.#ended();
      return;
    }
    this.#unkept = false;
    this.#keeping = true;
    const results = this.#options.index
      .evaluatedSince()
      .map(({ uri, result }) => ({ uri, result }))
      .filter(({ uri }) => !this.#open.has(uri));
    for (let at = 0; at < results.length; at += resultsInOne) {
      const some = results.slice(at, at + resultsInOne);
      this.#waiting.push(() => this.#worker?.post({ type: 'results', results: some } satisfies ToIndexWorker));
    }
    const answer = this.#lastAnswer;
    const open = [...this.#open.keys()];
    this.#waiting.push(() => this.#worker?.post({ type: 'keep', answer, open } satisfies ToIndexWorker));
    this.#slice ??= setImmediate(() => this.#take());
  }

  #ended(): void {
    void this.#worker?.stop();
    this.#worker = undefined;
    this.#keeping = false;
    this.#asked = 0;
    this.#answers = 0;
    this.#options.onProgress?.(undefined);
  }
}

/** The uri of a file as the index knows it. */
export function indexedUri(file: string): string {
  return pathToFileURL(file).href;
}
