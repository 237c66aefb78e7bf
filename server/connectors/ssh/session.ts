// Session: one ssh connection to a host, kept while it is used: questions one after the other, each with its whole answer.
import { randomBytes } from 'node:crypto';
import type { SshTarget } from '../../protocol/sshHost.ts';
import type { Talk } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import { questionLines, type RemoteQuestion, remoteCommand } from './script.ts';
import { sshTrouble, stalled } from './trouble.ts';

export interface SessionParts {
  /** Of the connection, for messages. */
  readonly name: string;
  readonly target: SshTarget;
  readonly start: (command: string) => Talk;
  /** Without a byte of an answer that should come at once; default 30 s. */
  readonly silentMs?: number;
  /** Without a question; default 60 s. */
  readonly idleMs?: number;
}

export interface RemoteAnswer {
  /** 0 done, 2 not there, 3 may not be read, 4 not able to, 5 too many. */
  readonly code: number;
  readonly bytes: Buffer;
}

/** What a host said of itself when it was greeted. */
export interface RemoteSelf {
  /** `Linux` … */
  readonly system: string;
  /** Its own name for itself. */
  readonly hostname: string;
  /** Minutes of its local time before UTC. */
  readonly zoneMinutes: number;
  readonly home: string;
  readonly canSearch: boolean;
  readonly canUnpack: boolean;
  /** Processors that can search parts of a log at the same time; 0: it cannot be searched in parts. */
  readonly processors: number;
}

/** An answer that is longer is none of the script's. */
const mostBytes = 8_000_000;
/** How often a search is asked how far it has come. */
const whereMs = 100;
/** What a login shell may print before the script begins. */
const mostBefore = 256_000;

/** Opens with the first question, closes when nobody asks, opens again with the next one. */
export class RemoteSession {
  readonly #parts: SessionParts;
  #open: Open | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #asking = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Rejects with an HttpError in words for the user, or with the reason of `signal`; then the connection is closed. */
  async ask(question: RemoteQuestion, signal: AbortSignal): Promise<RemoteAnswer> {
    return this.#inTurn((open) => open.ask(questionLines(question), question.ask !== 'find'), signal);
  }

  /** A question on which the host talks on: `heard` is told each whole line, and says true when it is enough. */
  async converse(
    question: RemoteQuestion,
    heard: (line: string) => boolean,
    signal: AbortSignal,
  ): Promise<RemoteAnswer> {
    return this.#inTurn((open) => open.converse(questionLines(question), heard), signal);
  }

  async self(signal: AbortSignal): Promise<RemoteSelf> {
    return this.#inTurn((open) => open.self, signal);
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#open?.talk.end();
    this.#open = undefined;
  }

  async #inTurn<Value>(work: (open: Open) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const before = this.#last;
    this.#asking += 1;
    clearTimeout(this.#idle);
    const turn = before.catch(() => {}).then(() => this.#work(work, signal));
    this.#last = turn;
    try {
      return await turn;
    } finally {
      this.#asking -= 1;
      if (this.#asking === 0) this.#idle = setTimeout(() => this.close(), this.#parts.idleMs ?? 60_000).unref();
    }
  }

  async #work<Value>(work: (open: Open) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    signal.throwIfAborted();
    const stop = (): void => this.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      this.#open ??= new Open(this.#parts);
      await this.#open.self;
      return await work(this.#open);
    } catch (error) {
      this.close();
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

class Open {
  readonly talk: Talk;
  readonly self: Promise<RemoteSelf>;
  readonly #parts: SessionParts;
  readonly #nonce = randomBytes(16).toString('hex');
  readonly #output: AsyncIterator<Uint8Array>;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.talk = parts.start(remoteCommand);
    this.#output = this.talk.output[Symbol.asyncIterator]();
    this.self = this.#greet();
    this.self.catch(() => {});
  }

  async ask(lines: string, isQuick: boolean): Promise<RemoteAnswer> {
    this.talk.write(lines);
    return this.#answer(isQuick);
  }

  async converse(lines: string, heard: (line: string) => boolean): Promise<RemoteAnswer> {
    this.talk.write(lines);
    const asking = setInterval(() => this.talk.write('where\n'), whereMs);
    let isEnough = false;
    let rest = '';
    const hear = (piece: Buffer): void => {
      const said = (rest + piece.toString('latin1')).split('\n');
      rest = said.pop() ?? '';
      if (isEnough || !said.some((line) => heard(line))) return;
      isEnough = true;
      clearInterval(asking);
      this.talk.write('\n');
    };
    try {
      return await this.#answer(true, mostBytes, hear);
    } finally {
      clearInterval(asking);
    }
  }

  async #greet(): Promise<RemoteSelf> {
    this.talk.write(`${this.#nonce}\n`);
    const { bytes } = await this.#answer(true, mostBefore);
    const mark = `\n${this.#nonce} hello\n`;
    const text = bytes.toString('utf8');
    const [names = '', zone = '', home = '', abilities = ''] = text.slice(text.indexOf(mark) + mark.length).split('\n');
    const [system = '', hostname = ''] = names.split(' ');
    const [searches, unpacks, processors = ''] = abilities.split(' ');
    const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
    return {
      system,
      hostname,
      zoneMinutes: (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)),
      home: home.startsWith('/') ? home : '/',
      canSearch: searches === '1',
      canUnpack: unpacks === '1',
      processors: /^\d{1,4}$/.test(processors) ? Number(processors) : 0,
    };
  }

  /** The nonce is the last thing of an answer, and nothing of a log can hold it. */
  async #answer(isQuick: boolean, most = mostBytes, hear?: (piece: Buffer) => void): Promise<RemoteAnswer> {
    const pieces: Buffer[] = [];
    let length = 0;
    let tail = '';
    for (;;) {
      const piece = Buffer.from(await this.#next(isQuick));
      pieces.push(piece);
      hear?.(piece);
      length += piece.length;
      tail = (tail + piece.toString('latin1')).slice(-this.#nonce.length - 16);
      const mark = new RegExp(`\\n${this.#nonce} (\\d{1,3})\\n$`).exec(tail);
      if (mark) return { code: Number(mark[1]), bytes: Buffer.concat(pieces).subarray(0, length - mark[0].length) };
      if (length > most + 4_000_000 || (most === mostBefore && length > most)) throw this.#tooMuch();
    }
  }

  async #next(isQuick: boolean): Promise<Uint8Array> {
    const { name, target, silentMs = 30_000 } = this.#parts;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<'silent'>((resolve) => {
      if (isQuick) timer = setTimeout(() => resolve('silent'), silentMs);
    });
    try {
      const next = await Promise.race([this.#output.next(), silence]);
      if (next === 'silent') throw stalled(name, target, Math.round(silentMs / 1000));
      if (next.done !== true) return next.value;
    } finally {
      clearTimeout(timer);
    }
    throw sshTrouble(name, target, await this.talk.ended);
  }

  #tooMuch(): HttpError {
    const { name, target } = this.#parts;
    return new HttpError(
      'broken',
      `${name}: ${target.host} answers what was not asked for. Does its login shell print without end? Run "ssh ${target.host} true" in a terminal: it must print nothing.`,
    );
  }
}
