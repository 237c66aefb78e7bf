// Keystrokes bench: what one costs, parse and references updated, beside the bare incremental parse of the grammar on the same edit.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { TreeFragment } from '@lezer/common';
import { parser } from '@lezer/python';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { editDocument, parseDocument } from '../../server/syntax/document.ts';
import { source } from './longFile.ts';
import { ratio, spread } from './spread.ts';

const edits = 2000;
const typed = ['x', '"', '(', ')', '\n', ' ', 'a = 1\n', '#', 'f"{a}"', '.'];
const uri = 'file:///w/long.py';
/** 5,168 lines, of which one class has 4,952; a package of the corpus. */
const giantClass = 'feast-0.67.0/sdk/python/feast/feature_store.py';

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** The same numbers in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** One text that is edited, by us and by the grammar alone. */
class Typing {
  readonly #index = new ReferenceIndex();
  #document;
  #fragments: readonly TreeFragment[];

  constructor(text: string) {
    this.#document = parseDocument({ uri, languageId: 'python', version: 1, text });
    this.#index.upsert(summarize(this.#document, this.#index.rules));
    this.#index.references(uri);
    this.#fragments = TreeFragment.addTree(parser.parse(text));
  }

  get text(): string {
    return this.#document.text;
  }

  /** Milliseconds. */
  type({ at, removed, inserted }: Edit): { readonly ours: number; readonly bare: number } {
    const { lines, version } = this.#document;
    const range = { start: lines.positionAt(at), end: lines.positionAt(at + removed) };
    const began = performance.now();
    this.#document = editDocument(this.#document, [{ range, text: inserted }], version + 1);
    this.#index.upsert(summarize(this.#document, this.#index.rules));
    this.#index.references(uri);
    const between = performance.now();
    const change = { fromA: at, toA: at + removed, fromB: at, toB: at + inserted.length };
    const fragments = TreeFragment.applyChanges(this.#fragments, [change]);
    this.#fragments = TreeFragment.addTree(parser.parse(this.text, fragments), fragments);
    return { ours: between - began, bare: performance.now() - between };
  }
}

/** `isTakenBack`: every edit is made in the text as it was, and only that is measured; else they pile up. */
function keystrokes(text: string, isTakenBack: boolean) {
  const typing = new Typing(text);
  const [ours, bare]: [number[], number[]] = [[], []];
  const next = random(7);
  for (let turn = 0; turn < edits; turn++) {
    const at = Math.floor(next() * typing.text.length);
    const removed = next() < 0.3 ? 1 : 0;
    const inserted = removed > 0 ? '' : (typed[Math.floor(next() * typed.length)] ?? 'x');
    const gone = typing.text.slice(at, at + removed);
    const took = typing.type({ at, removed, inserted });
    ours.push(took.ours);
    bare.push(took.bare);
    if (isTakenBack) typing.type({ at, removed: inserted.length, inserted: gone });
  }
  const [a, b] = [spread(ours), spread(bare)];
  return { ours: a, bareParse: b, ratioOfMedians: ratio(a.median, b.median), ratioOfP99: ratio(a.p99, b.p99) };
}

/** In 10,000 lines of functions, and in a class of 5,000 lines that people wrote. */
export async function measureKeystrokes(corpus: string) {
  const text = await readFile(path.join(corpus, giantClass), 'utf8');
  const functions = keystrokes(source(10_000, 1), false);
  const giant = keystrokes(text, true);
  const piledUp = keystrokes(text, false);
  const limits = {
    'keystroke, median ≤ 2 × bare incremental parse': functions.ratioOfMedians <= 2,
    'keystroke, 99th percentile ≤ 20 ms': functions.ours.p99 <= 20,
    'keystroke in a giant class, median ≤ 2 × bare incremental parse': giant.ratioOfMedians <= 2,
    'keystroke in a giant class, 99th percentile ≤ 20 ms': giant.ours.p99 <= 20,
    'edits that pile up in a giant class, median ≤ 2 × bare incremental parse': piledUp.ratioOfMedians <= 2,
    'edits that pile up in a giant class, 99th percentile ≤ 20 ms': piledUp.ours.p99 <= 20,
  };
  return { keystroke: functions, giantClass: giant, giantClassPiledUp: piledUp, limits };
}
