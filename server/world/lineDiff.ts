// Which lines of an older text are where in a newer one. Pure; line endings do not count.

/** `count` lines from `start` (0-based) of the older text became `newCount` lines from `newStart` of the newer one. */
export interface Hunk {
  readonly start: number;
  readonly count: number;
  readonly newStart: number;
  readonly newCount: number;
}

/** Beyond this many changed lines the rest counts as one change: two texts that differ so much share little. */
const maxEdits = 1500;

/** The changes from `before` to `after`, in order; empty when the texts have the same lines. */
export function lineHunks(before: string, after: string): readonly Hunk[] {
  const numbers = new Map<string, number>();
  const a = intern(before, numbers);
  const b = intern(after, numbers);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) {
    tail++;
  }
  const matches = matchedLines(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return hunksBetween(matches, head, a.length - tail, b.length - tail);
}

/** Where line `line` (1-based) of the older text is now; for a changed line, where it stood. */
export function mapThrough(hunks: readonly Hunk[], line: number): { readonly changed: boolean; readonly line: number } {
  const index = line - 1;
  let shift = 0;
  for (const hunk of hunks) {
    if (index < hunk.start) break;
    if (index < hunk.start + hunk.count) {
      const offset = Math.min(index - hunk.start, Math.max(0, hunk.newCount - 1));
      return { changed: true, line: hunk.newStart + offset + 1 };
    }
    shift = hunk.newStart + hunk.newCount - (hunk.start + hunk.count);
  }
  return { changed: false, line: line + shift };
}

function intern(text: string, numbers: Map<string, number>): Int32Array {
  const lines = text.split(/\r\n|\n|\r/);
  const ids = new Int32Array(lines.length);
  for (const [index, line] of lines.entries()) {
    let id = numbers.get(line);
    if (id === undefined) {
      id = numbers.size;
      numbers.set(line, id);
    }
    ids[index] = id;
  }
  return ids;
}

type Match = readonly [oldIndex: number, newIndex: number];

/** Pairs of equal lines on a shortest edit path (E. Myers, "An O(ND) difference algorithm", 1986). */
function matchedLines(a: Int32Array, b: Int32Array): readonly Match[] {
  const limit = Math.min(a.length + b.length, maxEdits);
  const furthest = new Int32Array(2 * limit + 3);
  const middle = limit + 1;
  const trail: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits++) {
    trail.push(furthest.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const above = furthest[middle + diagonal + 1] ?? 0;
      const left = furthest[middle + diagonal - 1] ?? 0;
      let x = diagonal === -edits || (diagonal !== edits && left < above) ? above : left + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      furthest[middle + diagonal] = x;
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trail, a.length, b.length);
    }
  }
  return [];
}

/** `trail[d]` holds the diagonals -d-1 … d+1 as they were before step d. */
function walkBack(trail: readonly Int32Array[], oldLength: number, newLength: number): readonly Match[] {
  const matches: Match[] = [];
  let x = oldLength;
  let y = newLength;
  for (let edits = trail.length - 1; edits >= 0 && (x > 0 || y > 0); edits--) {
    const diagonal = x - y;
    const at = (other: number): number => trail[edits]?.[other + edits + 1] ?? 0;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const previous = edits === 0 ? 0 : down ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : at(previous);
    const fromY = edits === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) matches.push([--x, --y]);
    x = fromX;
    y = fromY;
  }
  return matches.reverse();
}

function hunksBetween(matches: readonly Match[], head: number, oldEnd: number, newEnd: number): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let oldAt = head;
  let newAt = head;
  const close = (oldIndex: number, newIndex: number): void => {
    if (oldIndex > oldAt || newIndex > newAt) {
      hunks.push({ start: oldAt, count: oldIndex - oldAt, newStart: newAt, newCount: newIndex - newAt });
    }
  };
  for (const [oldIndex, newIndex] of matches) {
    close(oldIndex + head, newIndex + head);
    oldAt = oldIndex + head + 1;
    newAt = newIndex + head + 1;
  }
  close(oldEnd, newEnd);
  return hunks;
}
