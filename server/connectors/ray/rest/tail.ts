// Tail: what is new at the end of a log that can only be asked for by its last lines; pure.

/**
 * The lines of `tail` that come behind `known`; undefined when they do not meet, so that more must be asked for. `known`
 * and `tail` are whole lines. They meet where as many lines as possible are the same: a log that writes one line
 * for ever cannot be told from one that stands still, for as many lines as were asked for.
 */
export function newLines(known: readonly string[], tail: readonly string[]): readonly string[] | undefined {
  if (known.length === 0 || tail.length === 0) return tail;
  // How much of the beginning of `tail` the end of `known` is: the failure function of Knuth, Morris and Pratt.
  const failure = failureOf(tail);
  let met = 0;
  for (const line of known.slice(-tail.length)) {
    while (met > 0 && (met === tail.length || line !== tail[met])) met = failure[met - 1] ?? 0;
    if (line === tail[met]) met += 1;
  }
  return met === 0 ? undefined : tail.slice(met);
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
