// Log span: when it went wrong, as far as a run and the incident say; and which part of a long log was written then.
import type { Run } from '../catalog/run.ts';
import { endsOf, firstAt } from '../connectors/timeWindow.ts';
import type { Incident } from '../protocol/incident.ts';
import { toolOf } from './trouble/runs.ts';

/** Epoch ms, both included. */
export interface LogSpan {
  readonly since: number;
  readonly until: number;
}

export interface SpannedLog {
  readonly size: number;
  /** At most `length` bytes from `offset`. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Epoch ms of its last write. */
  readonly modifiedAt: number;
  /** Of the machine that wrote it, ahead of UTC, for lines that name no zone; absent: they are taken for UTC. */
  readonly zoneMinutes?: number;
}

/** Logs say when a step began, and a run's own times are a little off. */
const beforeMs = 5_000;
const afterMs = 60_000;
/** An alert begins when its rule has held for some minutes. */
const leadMs = 15 * 60_000;
const trailMs = 5 * 60_000;
/** Their runs are files: when they say that they began is when they were written last. */
const files = new Set(['ssh', 'cloudwatch', 'datadog']);

/**
 * From start to end of a run that failed or has ended; of one that was at work when an alert began, the minutes before
 * that. Undefined when nobody knows.
 */
export function logSpan({ id, startedAt, endedAt, status }: Run, incident?: Incident): LogSpan | undefined {
  const isFile = files.has(toolOf(id));
  const own =
    startedAt === undefined || endedAt === undefined || isFile
      ? undefined
      : { since: startedAt - beforeMs, until: endedAt + afterMs };
  if (incident?.kind !== 'alert' || status === 'failed') return own;
  const { since: began } = incident;
  if (isFile) return { since: began - leadMs, until: began + trailMs };
  const [from, to] = [startedAt ?? began, endedAt ?? began];
  if (from > began + trailMs || to < began - leadMs) return own;
  return {
    since: Math.max(began - leadMs, from - beforeMs),
    until: Math.min(began + trailMs, endedAt === undefined ? began + trailMs : endedAt + afterMs),
  };
}

/**
 * The bytes that were written then: from the start of a line to the start of another, or the end. Undefined when that is
 * all of it or nothing, and when its lines tell no time.
 */
export async function partWrittenIn(
  log: SpannedLog,
  { since, until }: LogSpan,
): Promise<{ readonly from: number; readonly to: number } | undefined> {
  const { size, modifiedAt: near, zoneMinutes = 0 } = log;
  const looked = { size, read: log.read.bind(log), local: { zoneMinutes, near } };
  const ends = await endsOf(looked);
  if (!ends) return undefined;
  const { first, last } = ends;
  if (first.time >= since && last !== undefined && last.time <= until) return undefined;
  const [from, to] = await Promise.all([firstAt(looked, since, ends), firstAt(looked, until + 1, ends)]);
  if (from === undefined || to === undefined || to <= from) return undefined;
  const isAll = from <= first.begins && to >= size;
  return isAll ? undefined : { from, to };
}
