// Cursor: where the next scan goes on: a time of the server, and a digest of every registered model.
import { createHash } from 'node:crypto';
import { isRecord, number } from '../../json.ts';
import type { StoredModel } from '../shape.ts';

export interface Cursor {
  /** Epoch ms: what changed before it has been seen. */
  readonly at: number;
  /** By name; a model that is not in it is new. */
  readonly models: ReadonlyMap<string, string>;
}

export function writeCursor({ at, models }: Cursor): string {
  return JSON.stringify({ v: 1, at, models: [...models] });
}

/** Undefined for what is no cursor of ours: then all there is must be read. */
export function readCursor(text: string): Cursor | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.v !== 1 || !Array.isArray(value.models)) return undefined;
  const at = number(value.at);
  const pairs: readonly unknown[] = value.models;
  if (at === undefined || !pairs.every(isPair)) return undefined;
  return { at, models: new Map(pairs.filter(isPair)) };
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((each) => typeof each === 'string');
}

/** Of all that a listing says of a model. A moved alias touches no timestamp (3.17 and 2.22, tried), so times are not enough. */
export function digestOf(model: StoredModel): string {
  return createHash('sha256').update(JSON.stringify(model)).digest('base64url').slice(0, 8);
}
