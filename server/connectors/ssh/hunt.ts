// Hunt: a search that a host makes in several parts of a log at once: what its parts say, and when that is enough.

/** What a part reads on behind its end until it is sure that a line from before that holds nothing: lines in hand, and a long one. */
const sureBytes = 4_000_000;
/** The script's first open file. */
const firstHand = 4;

export class Hunt {
  readonly #starts: readonly number[];
  readonly #to: number;
  /** By part: where its first hit begins, `none` once it is at the end of the log. */
  readonly #hits: (number | 'none' | undefined)[] = [];
  readonly #places: number[] = [];
  #isRefused = false;

  /** `starts`: bytes at which its parts begin, in order. `to`: what begins there or later does not count. */
  constructor(starts: readonly number[], to: number) {
    this.#starts = starts;
    this.#to = to;
  }

  /** A line of the host; true once it is known what the first hit is, or that there is none. */
  hear(line: string): boolean {
    const [, what, hand = '', byte = ''] = /^([hp]) (\d) (\d{0,16})$/.exec(line) ?? [];
    const part = Number(hand) - firstHand;
    const start = this.#starts[part];
    if (line === 'x') this.#isRefused = true;
    else if (what === 'h' && start !== undefined) this.#hits[part] = byte === '' ? 'none' : start + Number(byte);
    else if (what === 'p' && byte !== '') this.#places[part] = Number(byte);
    return this.#isRefused || this.#known() !== 'unknown';
  }

  /** Where the first line that was sought begins; undefined when there is none, or nobody searched to the end. */
  get found(): number | undefined {
    const known = this.#known();
    return typeof known === 'number' && known < this.#to ? known : undefined;
  }

  /** Only what all parts before it have passed is the first one. */
  #known(): number | 'none' | 'unknown' {
    for (const [part] of this.#starts.entries()) {
      const hit = this.#hits[part];
      if (hit !== undefined) return hit;
      const end = this.#starts[part + 1] ?? this.#to;
      if ((this.#places[part] ?? 0) < end + sureBytes) return 'unknown';
    }
    return 'none';
  }
}

/** Even parts of at least 64 MB. */
export function partStarts(from: number, to: number, most: number): readonly number[] {
  const parts = Math.max(1, Math.min(most, Math.ceil((to - from) / 64_000_000)));
  return Array.from({ length: parts }, (_, part) => from + Math.floor(((to - from) / parts) * part));
}
