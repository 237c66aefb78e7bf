// As of: what held at an earlier time, from what was seen, when we watched, and what the tool itself recorded. Pure.

/** Times in epoch ms, both ends included. */
export interface Interval {
  readonly from: number;
  readonly until: number;
}

/** A value that was the same at every look between two times. Without a value: we looked, and there was none. */
export interface Held extends Interval {
  readonly value?: string;
}

/** What a tool's own record (audit log, event log) says: from `at` on the value was this, or there was none. */
export interface Told {
  readonly value?: string;
  /** Epoch ms, exact. */
  readonly at: number;
  readonly evidence: string;
}

/** One field of one entity as one source gave it. */
export interface Past {
  readonly source: string;
  /** In order of time, apart from each other. */
  readonly held: readonly Held[];
  /** When we looked again and again: between two looks of one interval, what was the same held all the time. */
  readonly watched: readonly Interval[];
  /** In order of time. */
  readonly told: readonly Told[];
}

/**
 * `known`: without a value there was none at that time. `since`: first seen, or exactly when, if there is `evidence`;
 * `until`: last seen, or exactly; absent while it still holds, as far as we know. Without `since`: as far back as is known.
 * `between`: it was `before` at `from` and `after` at `to`; when it changed was not seen.
 * `notWatched`: nobody looked. What was seen before and after it, where anything was.
 */
export type AsOf =
  | {
      readonly answer: 'known';
      readonly value?: string;
      readonly since?: number;
      readonly until?: number;
      readonly source: string;
      readonly evidence?: string;
    }
  | {
      readonly answer: 'between';
      readonly from: number;
      readonly to: number;
      readonly before?: string;
      readonly after?: string;
      readonly source: string;
    }
  | { readonly answer: 'notWatched'; readonly seenBefore?: Sighting; readonly seenAfter?: Sighting };

export interface Sighting {
  readonly value?: string;
  readonly at: number;
}

/** A change of a field. `from` and `to` are equal when the tool's own record says exactly when. */
export interface FieldChange {
  readonly field: string;
  readonly before?: string;
  readonly after?: string;
  readonly from: number;
  readonly to: number;
  readonly source: string;
  readonly evidence?: string;
}

const valued = (value: string | undefined) => (value === undefined ? {} : { value });
const isIn = (time: number, { from, until }: Interval): boolean => from <= time && time <= until;

export function asOf(past: Past, time: number): AsOf {
  const { held, watched, source } = past;
  const inside = held.find((one) => isIn(time, one));
  const passing = inside && past.told.findLast(({ at }) => at > inside.from && at <= time);
  // Changed and changed back between two looks.
  if (inside && passing && passing.value !== inside.value) return ownRecord(past, time) ?? known(past, inside);
  if (inside && (time === inside.from || time === inside.until || watched.some((one) => isIn(time, one))))
    return known(past, inside);
  const before = inside ? lookBefore(past, inside, time) : lastLook(held.findLast(({ until }) => until < time));
  const after = inside ? lookAfter(past, inside, time) : firstLook(held.find(({ from }) => from > time));
  const own = ownRecord(past, time, before, after);
  if (own) return own;
  if (before && after && before.value !== after.value) {
    const values = {
      ...(before.value === undefined ? {} : { before: before.value }),
      ...(after.value === undefined ? {} : { after: after.value }),
    };
    return { answer: 'between', from: before.at, to: after.at, ...values, source };
  }
  return { answer: 'notWatched', ...(before ? { seenBefore: before } : {}), ...(after ? { seenAfter: after } : {}) };
}

function known({ held, told, source }: Past, inside: Held): Extract<AsOf, { readonly answer: 'known' }> {
  const place = held.indexOf(inside);
  const [previous, next] = [held[place - 1], held[place + 1]];
  const began = told.findLast(
    ({ at, value }) => at <= inside.from && at >= (previous?.until ?? at) && value === inside.value,
  );
  const ended = next && told.find(({ at }) => at >= inside.until && at <= next.from);
  return {
    answer: 'known',
    ...valued(inside.value),
    since: began?.at ?? inside.from,
    ...(next ? { until: ended?.at ?? inside.until } : {}),
    source,
    ...(began ? { evidence: began.evidence } : {}),
  };
}

/** The tool's own record fills in what we did not see, between the looks around the time. */
function ownRecord(past: Past, time: number, before?: Sighting, after?: Sighting): AsOf | undefined {
  const told = past.told.filter(({ at }) => at > (before?.at ?? -Infinity) && at <= (after?.at ?? Infinity));
  const last = told.findLast(({ at }) => at <= time);
  const next = told.find(({ at }) => at > time);
  const { source } = past;
  if (last) {
    const until = next ? { until: next.at } : {};
    return { answer: 'known', ...valued(last.value), since: last.at, ...until, source, evidence: last.evidence };
  }
  const held = before && past.held.find((one) => isIn(before.at, one));
  if (!next || !held) return undefined;
  const { since } = known(past, held);
  return {
    answer: 'known',
    ...valued(held.value),
    ...(since === undefined ? {} : { since }),
    until: next.at,
    source,
    evidence: next.evidence,
  };
}

const lastLook = (held: Held | undefined): Sighting | undefined => held && { ...valued(held.value), at: held.until };
const firstLook = (held: Held | undefined): Sighting | undefined => held && { ...valued(held.value), at: held.from };

/** In a value that held on both sides of a time nobody watched: the last look before it. */
function lookBefore({ watched }: Past, inside: Held, time: number): Sighting {
  const ends = watched.map(({ until }) => until).filter((until) => until < time && until > inside.from);
  return { ...valued(inside.value), at: Math.max(inside.from, ...ends) };
}

function lookAfter({ watched }: Past, inside: Held, time: number): Sighting {
  const starts = watched.map(({ from }) => from).filter((from) => from > time && from < inside.until);
  return { ...valued(inside.value), at: Math.min(inside.until, ...starts) };
}

interface Point {
  readonly at: number;
  readonly value?: string;
  /** Of a tool's own record, which is exact. */
  readonly evidence?: string;
}

/** Every change that was seen or told, in order of time. That something was seen for the first time is none. */
export function changesOf(field: string, past: Past): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  let last: Point | undefined;
  for (const point of pointsOf(past)) {
    if (last && last.value !== point.value) {
      const isExact = point.evidence !== undefined;
      changes.push({
        field,
        ...(last.value === undefined ? {} : { before: last.value }),
        ...(point.value === undefined ? {} : { after: point.value }),
        from: isExact ? point.at : last.at,
        to: point.at,
        source: past.source,
        ...(isExact ? { evidence: point.evidence } : {}),
      });
    }
    last = point;
  }
  return changes;
}

/** At one and the same time: the last look at a value, what the tool recorded, the first look at the next value. */
function pointsOf({ held, told }: Past): readonly Point[] {
  const lasts = held.map(({ value, until }) => ({ ...valued(value), at: until, order: 0 }));
  const records = told.map((one) => ({ ...one, order: 1 }));
  const firsts = held.map(({ value, from }) => ({ ...valued(value), at: from, order: 2 }));
  return [...lasts, ...records, ...firsts].sort((a, b) => a.at - b.at || a.order - b.order);
}

/** Of the answers of several sources the one that says most: a value, that there was none, a change, nothing. */
export function surest(answers: readonly AsOf[]): AsOf {
  const rank = (one: AsOf): number => {
    if (one.answer === 'known') return one.value === undefined ? 1 : 0;
    return one.answer === 'between' ? 2 : one.seenBefore || one.seenAfter ? 3 : 4;
  };
  return answers.reduce((best, one) => (rank(one) < rank(best) ? one : best), { answer: 'notWatched' } as AsOf);
}
