// Tail: what is new at the end of a log that can only be asked for by its last lines; pure.

const fewest = 50;

/**
 * The lines of `tail` that come behind `known`; undefined when the two do not surely meet, so that more must be asked
 * for. Both are whole lines. They meet where as many lines as possible are the same, and at least fifty: a few lines of a
 * log are like a few others of it.
 */
export function newLines(known: readonly string[], tail: readonly string[]): readonly string[] | undefined {
  if (known.length === 0) return tail;
  // How much of the beginning of `tail` the end of `known` is: the failure function of Knuth, Morris and Pratt.
  const failure = failureOf(tail);
  let met = 0;
  for (const line of known.slice(-tail.length)) {
    while (met > 0 && (met === tail.length || line !== tail[met])) met = failure[met - 1] ?? 0;
    if (line === tail[met]) met += 1;
  }
  return met < Math.min(fewest, known.length) ? undefined : tail.slice(met);
}

function failureOf(pattern: readonly string[]): readonly number[] {
  const failure = new Array<number>(pattern.length).fill(0);
  let length = 0;
  for (let at = 1; at < pattern.length; at++) {
    while (length > 0 && pattern[at] !== pattern[length]) length = failure[length - 1] ?? 0;
    if (pattern[at] === pattern[length]) length += 1;
    failure[at] = length;
  }
  return failure;
}
