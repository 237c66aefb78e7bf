// Unified diff: the lines that differ between two texts, with three around them, as everybody reads them. Pure.
import { type Hunk, lineHunks } from '../lineDiff.ts';

const around = 3;
const most = 2_000;

export interface TextDifference {
  readonly added: number;
  readonly removed: number;
  /** Empty when the texts have the same lines; at most 2,000 lines, the last one then says how many are left out. */
  readonly text: string;
}

export function differenceOf(before: string, after: string, names: readonly [string, string]): TextDifference {
  const hunks = lineHunks(before, after);
  const added = hunks.reduce((sum, { newCount }) => sum + newCount, 0);
  const removed = hunks.reduce((sum, { count }) => sum + count, 0);
  if (hunks.length === 0) return { added, removed, text: '' };
  const [a, b] = [before, after].map((text) => text.split(/\r\n|\n|\r/)) as [string[], string[]];
  const lines = [`--- ${names[0]}`, `+++ ${names[1]}`, ...groups(hunks).flatMap((group) => written(group, a, b))];
  const left = lines.length - most;
  const shown = left > 0 ? [...lines.slice(0, most), `… ${left} more lines differ`] : lines;
  return { added, removed, text: `${shown.join('\n')}\n` };
}

/** Hunks whose surroundings touch stand together. */
function groups(hunks: readonly Hunk[]): readonly (readonly Hunk[])[] {
  const found: Hunk[][] = [];
  for (const hunk of hunks) {
    const last = found.at(-1)?.at(-1);
    if (last && hunk.start - (last.start + last.count) <= 2 * around) found.at(-1)?.push(hunk);
    else found.push([hunk]);
  }
  return found;
}

function written(group: readonly Hunk[], a: readonly string[], b: readonly string[]): readonly string[] {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return [];
  const from = Math.max(0, first.start - around);
  const to = Math.min(a.length, last.start + last.count + around);
  const lines: string[] = [];
  let at = from;
  for (const { start, count, newStart, newCount } of group) {
    lines.push(...a.slice(at, start).map((line) => ` ${line}`));
    lines.push(...a.slice(start, start + count).map((line) => `-${line}`));
    lines.push(...b.slice(newStart, newStart + newCount).map((line) => `+${line}`));
    at = start + count;
  }
  lines.push(...a.slice(at, to).map((line) => ` ${line}`));
  const newFrom = first.newStart - (first.start - from);
  const added = lines.filter((line) => !line.startsWith('-')).length;
  return [`@@ -${from + 1},${to - from} +${newFrom + 1},${added} @@`, ...lines];
}
