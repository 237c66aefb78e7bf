// As of: how the command line is told an earlier time, and how it writes what was so then.
import { instant } from '../features/words.ts';
import type {
  LineageAsOf,
  LineageFieldAsOf,
  LineageGraph,
  LineageSighting,
  LineageUnsure,
} from '../protocol/lineage.ts';
import { columns } from './shown.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Epoch ms of `90m`, `2h`, `3d` or `1w` ago, or of an ISO 8601 time (without a zone: the machine's; a date alone: its
 * beginning in UTC). Undefined for anything else.
 */
export function timeOf(text: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (units[unit] ?? 0);
  const time = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isFinite(time) ? time : undefined;
}

export const unsureWords: Readonly<Record<LineageUnsure, string>> = {
  absent: 'not there then',
  between: 'came or went about then',
  notWatched: 'not watched then',
};

/** What was so of the focus; and how much of the rest was seen. */
export function asOfWords({ focus, nodes }: LineageGraph, asOf: LineageAsOf): string {
  const itself = nodes.find(({ id }) => id === focus)?.unsure;
  const lines = [`As of ${instant(asOf.time)}${itself ? ` (${unsureWords[itself]})` : ''}:\n`];
  const { watchedFrom } = asOf;
  if (watchedFrom === undefined || asOf.time < watchedFrom) {
    const since = watchedFrom === undefined ? '' : ` before ${instant(watchedFrom)}`;
    lines.push(`Not watched${since}: what follows was seen later, unless a tool's own record says so.\n`);
  }
  lines.push(columns(asOf.fields.map((field) => ['', field.field, fieldWords(field)])));
  return lines.join('');
}

function fieldWords(field: LineageFieldAsOf): string {
  switch (field.answer) {
    case 'known': {
      const until = field.until === undefined ? '' : ` until ${instant(field.until)}`;
      const since = field.since === undefined ? '' : `, since ${instant(field.since)}`;
      return `${shown(field.value)}${since}${until}${field.evidence ? ` (${field.evidence})` : ''}`;
    }
    case 'between':
      return `${shown(field.before)}, then ${shown(field.after)}: changed between ${instant(field.from)} and ${instant(field.to)}`;
    case 'notWatched': {
      const looks = [sighting(field.seenBefore), sighting(field.seenAfter)].filter((look) => look !== undefined);
      return `not watched then${looks.length > 0 ? `; ${looks.join(', ')}` : ''}`;
    }
  }
}

const sighting = (look: LineageSighting | undefined): string | undefined =>
  look && `${shown(look.value)} at ${instant(look.at)}`;

function shown(value: string | undefined): string {
  if (value === undefined) return 'none';
  const line = value.replaceAll('\n', ', ');
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
