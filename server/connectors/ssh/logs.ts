// Logs: remote files read by ranges, and what a log held around a time, as a log of its own.
import type { LogSought, LogStat, RangedLogs } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import { endsOf, firstAt } from '../timeWindow.ts';
import { families, partAt, type RemoteFile, readListing } from './files.ts';
import { Hunt, partStarts } from './hunt.ts';
import { type LogKey, parseLogKey } from './logKey.ts';
import { fixedFolder, isCovered } from './patterns.ts';
import { mostParts } from './script.ts';
import type { RemoteAnswer, RemoteSession } from './session.ts';

export interface LogsParts {
  readonly name: string;
  readonly host: string;
  readonly session: RemoteSession;
  /** Of the user; nothing else is read. */
  readonly patterns: readonly string[];
  /** Epoch ms. */
  readonly now: () => number;
}

interface Place {
  readonly file: RemoteFile;
  /** Bytes of plain text before it and where it ends; absent: the end of the file, wherever that is. */
  readonly from: number;
  readonly to?: number;
  readonly size: number;
  readonly atLeast: boolean;
}

/** Logs say when a step began, and a run's own times are a little off. */
const beforeMs = 5_000;
const afterMs = 60_000;
/** A packed part is counted up to here, since that means to unpack it. */
const countedBytes = 64_000_000;
/** Searched beyond what was asked for. */
const freeBytes = 64_000_000;
const mostKept = 50;

export class SshLogs implements RangedLogs {
  readonly #parts: LogsParts;
  readonly #places = new Map<string, Place>();
  readonly #counted = new Map<string, number>();

  constructor(parts: LogsParts) {
    this.#parts = parts;
  }

  async stat(key: string, signal: AbortSignal): Promise<LogStat | undefined> {
    const asked = this.#read(key);
    const place = await this.#place(asked, signal);
    if (!place) return undefined;
    this.#places.delete(key);
    this.#places.set(key, place);
    for (const oldest of this.#places.keys()) if (this.#places.size > mostKept) this.#places.delete(oldest);
    const { file, from, to, size, atLeast } = place;
    return {
      size,
      ...(atLeast && { atLeast }),
      modifiedAt: file.modifiedAt,
      zoneMinutes: (await this.#parts.session.self(signal)).zoneMinutes,
      complete: to !== undefined || file.path.endsWith('.gz'),
      identity: `${file.identity} ${from}`,
    };
  }

  async readRange(key: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const { file, from, to } = await this.#known(key, signal);
    const most = to === undefined ? length : Math.min(length, to - from - offset);
    if (most <= 0) return new Uint8Array();
    return this.#range(file.path, from + offset, most, signal);
  }

  async search(
    key: string,
    { from: begin, to: end, words }: LogSought,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { file, from, to, size } = await this.#known(key, signal);
    const stop = Math.min(end ?? Number.POSITIVE_INFINITY, to === undefined ? Number.POSITIVE_INFINITY : to - from);
    const { processors } = await this.#parts.session.self(signal);
    const isLong = stop - begin > freeBytes && size - begin > freeBytes;
    if (processors > 0 && isLong && !file.path.endsWith('.gz')) {
      const found = await this.#hunt(file, { from: from + begin, to: from + Math.min(stop, size), words }, signal);
      return found === undefined ? undefined : found - from;
    }
    // To count the bytes of a pipe takes as long as to search them; a little that is too much does no harm.
    const isNearEnd = to === undefined && stop >= size - freeBytes;
    const limited = isNearEnd || stop === Number.POSITIVE_INFINITY ? {} : { length: Math.max(0, stop - begin) };
    const answer = await this.#parts.session.ask(
      { ask: 'find', path: file.path, from: from + begin, words, ...limited },
      signal,
    );
    this.#refuse(answer, file.path);
    const found = /^(\d{1,16}):/.exec(answer.bytes.toString('latin1'))?.[1];
    const at = begin + Number(found);
    return found === undefined || at >= stop ? undefined : at;
  }

  /** In as many parts as the host has processors; bytes of the file. */
  async #hunt(
    { path, size }: RemoteFile,
    { from, to = size, words }: LogSought,
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const { session } = this.#parts;
    const { processors } = await session.self(signal);
    const starts = partStarts(from, to, Math.min(processors, mostParts));
    const hunt = new Hunt(starts, to);
    const answer = await session.converse(
      { ask: 'hunt', path, size, starts, words },
      (line) => hunt.hear(line),
      signal,
    );
    this.#refuse(answer, path);
    return hunt.found;
  }

  #read(key: string): LogKey {
    const asked = parseLogKey(key);
    const { name, host } = this.#parts;
    if (!asked) throw new Error(`${name} has no log ${JSON.stringify(key.slice(0, 200))}. Open it from its run again.`);
    const path = 'file' in asked ? asked.file : asked.log;
    if (this.#parts.patterns.some((pattern) => pattern.startsWith('~/'))) return asked;
    if (!isCovered(path, this.#parts.patterns, '/')) throw this.#uncovered(path, host);
    return asked;
  }

  #uncovered(path: string, host: string): Error {
    return new Error(
      `${this.#parts.name}: none of its path patterns covers ${path} on ${host}, so it is not read. Add it to "logs" of this connection.`,
    );
  }

  async #known(key: string, signal: AbortSignal): Promise<Place> {
    const known = this.#places.get(key);
    if (known) return known;
    await this.stat(key, signal);
    const place = this.#places.get(key);
    if (place) return place;
    throw new HttpError('missing', `${this.#parts.name}: this log is not on ${this.#parts.host} any more. Sync again.`);
  }

  async #place(asked: LogKey, signal: AbortSignal): Promise<Place | undefined> {
    if ('file' in asked) {
      const file = await this.#file(asked.file, signal);
      return file && { file, from: 0, ...(await this.#size(file, signal)) };
    }
    const { log, since, until } = asked;
    const family = families(await this.#family(log, signal))[0];
    const file = family && partAt(family, until ?? this.#parts.now());
    if (!file) return undefined;
    const whole = { file, from: 0, ...(await this.#size(file, signal)) };
    return file.path.endsWith('.gz')
      ? whole
      : this.#window(whole, { since, ...(until !== undefined && { until }) }, signal);
  }

  async #window(
    whole: Place,
    { since, until }: { since: number; until?: number },
    signal: AbortSignal,
  ): Promise<Place> {
    const { file, size } = whole;
    const { zoneMinutes } = await this.#parts.session.self(signal);
    const log = {
      size,
      read: (offset: number, length: number) => this.#range(file.path, offset, length, signal),
      local: { zoneMinutes, near: file.modifiedAt },
    };
    const ends = await endsOf(log);
    const from = ends && (await firstAt(log, since - beforeMs, ends));
    // Its lines tell no time, or none of them is so late: all of it is what there is.
    if (from === undefined || from >= size) return whole;
    const isOver = until !== undefined && until + afterMs < this.#parts.now();
    if (!isOver) return { ...whole, from, size: size - from };
    const to = (await firstAt(log, until + afterMs, ends)) ?? size;
    return { ...whole, from, to, size: Math.max(0, to - from) };
  }

  async #file(path: string, signal: AbortSignal): Promise<RemoteFile | undefined> {
    const { session, patterns, host } = this.#parts;
    const { home } = await session.self(signal);
    if (!isCovered(path, patterns, home)) throw this.#uncovered(path, host);
    const answer = await session.ask({ ask: 'stat', path }, signal);
    if (answer.code === 2) return undefined;
    this.#refuse(answer, path);
    return readListing(answer.bytes.toString('utf8'), patterns, home).files[0];
  }

  async #family(log: string, signal: AbortSignal): Promise<readonly RemoteFile[]> {
    const { session, patterns, host } = this.#parts;
    const { home } = await session.self(signal);
    if (!isCovered(log, patterns, home)) throw this.#uncovered(log, host);
    const answer = await session.ask({ ask: 'list', pattern: log, folder: fixedFolder(log) }, signal);
    if (answer.code !== 2) this.#refuse(answer, log);
    return readListing(answer.bytes.toString('utf8'), patterns, home).files;
  }

  async #size(file: RemoteFile, signal: AbortSignal): Promise<{ readonly size: number; readonly atLeast: boolean }> {
    if (!file.path.endsWith('.gz')) return { size: file.size, atLeast: false };
    if (file.size > countedBytes) return { size: 0, atLeast: true };
    const key = `${file.path} ${file.identity} ${file.size}`;
    const known = this.#counted.get(key);
    if (known !== undefined) return { size: known, atLeast: false };
    const answer = await this.#parts.session.ask({ ask: 'count', path: file.path }, signal);
    this.#refuse(answer, file.path);
    const size = Number(answer.bytes.toString('latin1').trim());
    this.#counted.set(key, size);
    return { size, atLeast: false };
  }

  async #range(path: string, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    const answer = await this.#parts.session.ask({ ask: 'range', path, offset, length }, signal);
    this.#refuse(answer, path);
    return answer.bytes;
  }

  #refuse({ code }: RemoteAnswer, path: string): void {
    const { name, host } = this.#parts;
    if (code === 2) throw new HttpError('missing', `${name}: ${path} is not on ${host} any more. Sync again.`);
    if (code === 3)
      throw new HttpError(
        'forbidden',
        `${name}: your user on ${host} may not read ${path}. Ask for read permission (often the group adm).`,
      );
    if (code !== 0)
      throw new HttpError(
        'broken',
        `${name}: ${host} lacks a program that is needed for this (grep -b or gzip). Install GNU grep and gzip there.`,
      );
  }
}
