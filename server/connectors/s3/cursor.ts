// Cursor: what each place looked like at the last look, and whose turn it is next.
import { isRecord, number, record, text } from '../json.ts';
import type { StoredObject } from '../objectStore.ts';
import type { Sample } from './sample.ts';

export interface Cursor {
  /** Address of the place that was looked at last; they are taken in turn. */
  readonly after: string;
  /** By address, without the objects that were kept. */
  readonly samples: ReadonlyMap<string, Sample>;
}

export function writeCursor({ after, samples }: Cursor): string {
  const places = [...samples].map(([uri, { kept: _, ...sample }]) => [uri, sample]);
  return JSON.stringify({ v: 1, after, places });
}

/** Undefined for what is no cursor of ours: then all places are looked at. */
export function readCursor(written: string): Cursor | undefined {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.v !== 1 || !Array.isArray(value.places)) return undefined;
  const places: readonly unknown[] = value.places;
  const samples = new Map<string, Sample>();
  for (const pair of places) {
    const [uri, sample] = Array.isArray(pair) ? pair : [];
    const read = sampleOf(sample);
    if (typeof uri === 'string' && read) samples.set(uri, read);
  }
  return { after: typeof value.after === 'string' ? value.after : '', samples };
}

function sampleOf(value: unknown): Sample | undefined {
  const { object, objects, bytes, atLeast, newest, last } = record(value);
  const count = number(objects);
  if (count === undefined) return undefined;
  const [one, latest, end] = [objectOf(object), objectOf(newest), text(last)];
  return {
    objects: count,
    bytes: number(bytes) ?? 0,
    atLeast: atLeast === true,
    kept: [],
    ...(one ? { object: one } : {}),
    ...(latest ? { newest: latest } : {}),
    ...(end === undefined ? {} : { last: end }),
  };
}

function objectOf(value: unknown): StoredObject | undefined {
  const { key, size, modifiedAt, etag } = record(value);
  if (typeof key !== 'string') return undefined;
  const tag = text(etag);
  return {
    key,
    size: number(size) ?? 0,
    modifiedAt: number(modifiedAt) ?? 0,
    ...(tag === undefined ? {} : { etag: tag }),
  };
}
