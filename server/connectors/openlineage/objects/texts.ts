// Texts: the events in one stored object, as clients write them: a line each, one written over many lines, a list; packed or not.
import { gunzipSync } from 'node:zlib';
import { type LineageEvent, readEvent } from '../said/events.ts';

export interface EventsIn {
  readonly events: readonly LineageEvent[];
  /** What is in it and no event, counted. */
  readonly broken: number;
}

const mostUnpacked = 256 * 1024 * 1024;

/** Undefined: it says that it is gzip, and cannot be unpacked, or holds more than 256 MB then. */
export function textOf(bytes: Uint8Array): string | undefined {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return new TextDecoder().decode(isPacked ? gunzipSync(bytes, { maxOutputLength: mostUnpacked }) : bytes);
  } catch {
    return undefined;
  }
}

export function eventsIn(text: string): EventsIn {
  const whole = parsed(text);
  const values =
    whole === nothing
      ? text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map(parsed)
      : listed(whole);
  const read = values.map((value) => (value === nothing ? undefined : readEvent(value)));
  const events = read.filter((event) => event !== undefined);
  return { events, broken: read.length - events.length };
}

const nothing = Symbol('no JSON');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return nothing;
  }
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
