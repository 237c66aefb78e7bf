// Json: careful reading of values whose shape others decide; a wrong shape reads as "not said", never as a crash.

export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value as an object, or an empty one. */
export function record(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list, or an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Non-empty text, else undefined. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number (also one written as text), else undefined. */
export function number(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
}

/**
 * Epoch ms of an ISO 8601 time, else undefined. Offsets without a colon (`+0000`), a blank instead of `T` and
 * microseconds are read too; a time without an offset is UTC, as the tools we read write it.
 */
export function time(value: unknown): number | undefined {
  const written = text(value)?.trim();
  const match =
    written && /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?\s*(Z|[+-]\d\d:?\d\d)?$/i.exec(written);
  if (!match) return undefined;
  const [, day, clock, fraction = '0', offset = 'Z'] = match;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset.toUpperCase();
  const full = clock?.length === 5 ? `${clock}:00` : clock;
  const at = Date.parse(`${day}T${full}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}

/** One line, no control characters, at most `length` characters. Undefined when nothing is left. */
export function oneLine(value: unknown, length = 500): string | undefined {
  const written = text(value)
    ?.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim();
  return written ? written.slice(0, length) : undefined;
}

/** Copies without the fields that are undefined, so that "not said" is absent. */
export function said<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
