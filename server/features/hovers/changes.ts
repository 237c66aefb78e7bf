// Changes: what of a thing was different not long ago, and until when, as far as was seen.
import type { FieldChange } from '../../catalog/asOf.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { FeatureContext } from '../context.ts';
import { code, text } from '../markdown.ts';
import { clock } from '../words.ts';

const recentMs = 30 * 24 * 3_600_000;
const mostLines = 2;
const mostThings = 3;
/** Looks no further apart than this say when, near enough. */
const exactMs = 2 * 60_000;
const shownColumns = 6;

/**
 * The last change of each field of the last 30 days, newest first, two at most: `` `champion` was 6 until 02:07 UTC ``.
 * Of what moved from one of the things to another at one time, the first of `ids` tells.
 * `isShown` says which fields: `alias champion`, `owner`, `schedule`, `paused`, `stage`, `columns` …
 */
export function changeLines(
  { catalog, now }: FeatureContext,
  ids: readonly EntityId[],
  isShown: (field: string) => boolean,
): readonly string[] {
  const last = new Map<string, FieldChange>();
  for (const id of ids.slice(0, mostThings)) {
    for (const change of catalog.changes(id)) {
      const known = last.get(change.field);
      if (!isShown(change.field) || change.to < now - recentMs || (known && known.to >= change.to)) continue;
      last.set(change.field, change);
    }
  }
  const newest = [...last.values()].sort((a, b) => b.to - a.to);
  return newest.flatMap((change) => changeWords(change, now) ?? []).slice(0, mostLines);
}

function changeWords(change: FieldChange, now: number): string | undefined {
  const { field, before, after } = change;
  const [until, since] = [whenWords(change, now, 'until'), whenWords(change, now, 'since')];
  if (field === 'columns') return columnWords(before, after, whenWords(change, now, ''));
  if (field === 'paused') {
    if (after === 'true') return `**Paused** ${since}`;
    return before === 'true' ? `Was paused ${until}` : undefined;
  }
  const name = field.startsWith('alias ') ? code(field.slice('alias '.length)) : text(capital(field));
  if (before === undefined) return `${name} is new ${since}`;
  return `${name} was ${text(before)} ${until}${after === undefined ? ', and is none now' : ''}`;
}

/** `until 02:07 UTC`, or `; it changed between 01:40 UTC and 03:05 UTC` where that was not seen. */
function whenWords({ from, to }: FieldChange, now: number, word: 'until' | 'since' | ''): string {
  if (to - from <= exactMs) return `${word} ${clock(to, now)}`.trim();
  const between = `between ${clock(from, now)} and ${clock(to, now)}`;
  return word === 'until' ? `until some time ${between}` : word === 'since' ? `since some time ${between}` : between;
}

const capital = (field: string): string => field.charAt(0).toUpperCase() + field.slice(1);

/** `**Columns changed** 02:07 UTC: churned → has_churned`. Undefined when only their order did. */
function columnWords(before: string | undefined, after: string | undefined, when: string): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  const [old, now] = [before.split('\n'), after.split('\n')];
  const removed = old.filter((column) => !now.includes(column));
  const added = now.filter((column) => !old.includes(column));
  if (removed.length + added.length === 0) return undefined;
  const names = (columns: readonly string[]): string => {
    const more = columns.length > shownColumns ? ` and ${columns.length - shownColumns} more` : '';
    return `${columns.slice(0, shownColumns).map(code).join(', ')}${more}`;
  };
  const said =
    removed.length === 0
      ? `${names(added)} added`
      : added.length === 0
        ? `${names(removed)} removed`
        : `${names(removed)} → ${names(added)}`;
  return `**Columns changed** ${when}: ${said}`;
}
