// Client: the main thread's end of the sync worker: starts it, starts it again if it dies, asks and listens.
import { Worker } from 'node:worker_threads';
import type { Log } from '../connectors/connector.ts';
import type {
  AttentionParams,
  ConnectionConfig,
  ConnectionStatus,
  ProxySettings,
  Secret,
} from '../protocol/connection.ts';
import { usualBackoff, waitAfter } from './health.ts';
import { type LiveDoor, within } from './live/door.ts';
import type { LogAnswer, LogQuestion } from './live/logQuestions.ts';
import type { SeriesAnswer, SeriesQuestion } from './live/seriesQuestions.ts';
import type { FromSync, SyncStart, ToSync } from './messages.ts';

export type SyncStatus = Omit<Extract<FromSync, { type: 'status' }>, 'type'>;
type Done = Extract<FromSync, { type: 'done' }>;

export interface SyncEvents {
  readonly onChanged: (revision: number) => void;
  readonly onStatus: (status: SyncStatus) => void;
  /** What happened to the store, for the user, once. */
  readonly onNotice: (notice: string) => void;
  /** The secret of a connection for an origin; undefined: there is none. Absent: there are none at all. */
  readonly secretOf?: (name: string, origin: string) => Promise<Secret | undefined>;
  readonly log: Log;
}

/** From source the worker is a .ts file beside this one; from a bundle it is dist/syncWorker.mjs. */
function workerFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './syncWorker.mjs', import.meta.url);
}

const ended = 'The sync was started again meanwhile; try once more.';

/**
 * What flows through while a long log is searched is dropped at once: a small young heap is cleared of it all the time,
 * where a usual one lets 100 MB of it come together (1 GB from S3: 120 MB more and 2.4 s of CPU, so 50 MB and 1.5 s).
 */
const maxYoungGenerationSizeMb = 3;

export class SyncClient implements LiveDoor {
  readonly #events: SyncEvents;
  readonly #waiting = new Map<number, (done: Done | undefined) => void>();
  /** As it is now, for a worker that has to be started again. */
  #start: SyncStart;
  #connections: Extract<ToSync, { type: 'connections' }> | undefined;
  #attention: AttentionParams | undefined;
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

  /** Absolute; what was found in other folders alone is forgotten. */
  openFolders(folders: readonly string[]): void {
    this.#start = { ...this.#start, folders };
    this.#send({ type: 'folders', folders });
  }

  /** Resolves when everything has been looked at anew (also when the worker ended meanwhile). */
  async rescan(): Promise<void> {
    await this.#ask((request) => ({ type: 'rescan', request }));
  }

  freshen(ids: readonly string[], deadlineMs: number): Promise<void> {
    return within(
      deadlineMs,
      this.#ask((request) => ({ type: 'freshen', request, ids })),
    );
  }

  setConnections(connections: readonly ConnectionConfig[], isWhole = true): void {
    this.#connections = { type: 'connections', connections, isWhole };
    this.#send(this.#connections);
  }

  setProxy(proxy: ProxySettings | undefined): void {
    const { proxy: _, ...start } = this.#start;
    this.#start = { ...start, ...(proxy && { proxy }) };
    this.#send({ type: 'proxy', proxy });
  }

  attention(attention: AttentionParams): void {
    this.#attention = attention;
    this.#send({ type: 'attention', attention });
  }

  secretChanged(name: string): void {
    this.#send({ type: 'secretChanged', name });
  }

  async connectionStatuses(): Promise<readonly ConnectionStatus[]> {
    return (await this.#ask((request) => ({ type: 'statuses', request })))?.statuses ?? [];
  }

  async syncNow(name?: string): Promise<void> {
    await this.#ask((request) => ({ type: 'syncNow', request, name }));
  }

  async askLog(question: LogQuestion): Promise<LogAnswer> {
    const done = await this.#ask((request) => ({ type: 'askLog', request, question }));
    if (!done?.log) throw new Error(done?.problem ?? ended);
    return done.log;
  }

  async askSeries(question: SeriesQuestion): Promise<readonly SeriesAnswer[]> {
    const done = await this.#ask((request) => ({ type: 'askSeries', request, question }));
    if (!done?.series) throw new Error(done?.problem ?? ended);
    return done.series;
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
    const worker = new Worker(workerFile(), { name: 'plumbline sync', resourceLimits: { maxYoungGenerationSizeMb } });
    this.#worker = worker;
    worker.on('message', (message: FromSync) => this.#receive(message));
    worker.on('error', (error) => this.#events.log.error('the sync worker failed', { error: String(error) }));
    worker.once('exit', (code) => this.#ended(worker, code));
    worker.postMessage({ type: 'start', start: this.#start } satisfies ToSync);
    if (this.#connections) this.#send(this.#connections);
    if (this.#attention) this.#send({ type: 'attention', attention: this.#attention });
  }

  #ended(worker: Worker, code: number): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve(undefined);
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
    else if (message.type === 'done') this.#done(message);
    else if (message.type === 'secret') void this.#answerSecret(message);
    else {
      const { type: _, ...status } = message;
      onStatus(status);
    }
  }

  /** Undefined when the worker ended meanwhile. */
  #ask(make: (request: number) => ToSync): Promise<Done | undefined> {
    if (!this.#worker) return Promise.resolve(undefined);
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve);
      this.#send(make(request));
    });
  }

  #done(done: Done): void {
    const { log } = this.#events;
    if (done.problem !== undefined && !done.log && !done.series)
      log.debug('the sync could not answer', { problem: done.problem });
    this.#waiting.get(done.request)?.(done);
    this.#waiting.delete(done.request);
  }

  async #answerSecret({ request, name, origin }: Extract<FromSync, { type: 'secret' }>): Promise<void> {
    try {
      const secret = await this.#events.secretOf?.(name, origin);
      this.#send({ type: 'secret', request, ...(secret && { secret }) });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.#send({ type: 'secret', request, problem: `The secret of ${name} could not be asked for (${said}).` });
    }
  }

  #send(message: ToSync): void {
    this.#worker?.postMessage(message);
  }
}
