// Client: the main thread's end of the sync worker: starts it, starts it again if it dies, asks and listens.
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Log } from '../connectors/connector.ts';
import { usualBackoff, waitAfter } from './health.ts';
import type { FromSync, SyncStart, ToSync } from './messages.ts';

export type SyncStatus = Omit<Extract<FromSync, { type: 'status' }>, 'type'>;

export interface SyncEvents {
  readonly onChanged: (revision: number) => void;
  readonly onStatus: (status: SyncStatus) => void;
  /** What happened to the store, for the user, once. */
  readonly onNotice: (notice: string) => void;
  readonly log: Log;
}

/** From source the worker is a .ts file beside this one; from a bundle it is dist/syncWorker.mjs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './syncWorker.mjs', import.meta.url);
}

export class SyncClient {
  readonly #start: SyncStart;
  readonly #events: SyncEvents;
  readonly #waiting = new Map<number, () => void>();
  #worker: Worker | undefined;
  #requests = 0;
  #deaths = 0;
  #restart: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(start: SyncStart, events: SyncEvents) {
    this.#start = start;
    this.#events = events;
    this.#open();
  }

  /** Absolute paths of files that changed, as the editor's watchers tell. */
  poke(paths: readonly string[]): void {
    if (paths.length > 0) this.#send({ type: 'poke', paths });
  }

  /** Resolves when everything has been looked at anew (also when the worker ended meanwhile). */
  rescan(): Promise<void> {
    return this.#ask((request) => ({ type: 'rescan', request }));
  }

  /** Gives up after `deadlineMs` and never fails: what is not fresh by then is shown with its age. */
  async freshen(ids: readonly string[], deadlineMs: number): Promise<void> {
    const deadline = new AbortController();
    const late = pause(deadlineMs, undefined, { signal: deadline.signal }).catch(() => {});
    await Promise.race([this.#ask((request) => ({ type: 'freshen', request, ids })), late]);
    deadline.abort();
  }

  /** Ends the worker; what it was writing is finished page by page. Kills it after two seconds. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'stop' } satisfies ToSync);
    const timer = setTimeout(() => void worker.terminate(), 2_000);
    await ended;
    clearTimeout(timer);
  }

  #open(): void {
    const worker = new Worker(workerFile(), { name: 'plumbline sync' });
    this.#worker = worker;
    worker.on('message', (message: FromSync) => this.#receive(message));
    worker.on('error', (error) => this.#events.log.error('the sync worker failed', { error: String(error) }));
    worker.once('exit', (code) => this.#ended(worker, code));
    worker.postMessage({ type: 'start', start: this.#start } satisfies ToSync);
  }

  #ended(worker: Worker, code: number): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve();
    this.#waiting.clear();
    if (this.#stopped) return;
    this.#deaths += 1;
    const wait = waitAfter(this.#deaths, usualBackoff, Math.random());
    this.#events.log.warn('the sync worker ended and is started again', { code, wait });
    this.#restart = setTimeout(() => this.#open(), wait);
  }

  #receive(message: FromSync): void {
    const { onChanged, onStatus, onNotice, log } = this.#events;
    if (message.type === 'changed') onChanged(message.revision);
    else if (message.type === 'notice') onNotice(message.notice);
    else if (message.type === 'log') log[message.level](message.message, message.fields);
    else if (message.type === 'done') this.#done(message.request);
    else {
      const { type: _, ...status } = message;
      onStatus(status);
    }
  }

  #ask(make: (request: number) => ToSync): Promise<void> {
    if (!this.#worker) return Promise.resolve();
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#send(make(request));
    });
  }

  #done(request: number): void {
    this.#waiting.get(request)?.();
    this.#waiting.delete(request);
  }

  #send(message: ToSync): void {
    this.#worker?.postMessage(message);
  }
}
