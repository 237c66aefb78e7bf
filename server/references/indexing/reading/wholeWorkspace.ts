// Whole workspace: files of which nothing is known yet are all read and then evaluated, by several threads.
import { setImmediate as turn } from 'node:timers/promises';
import { ReferenceIndex } from '../../index.ts';
import { ruleSetWith } from '../../rules/index.ts';
import type { RuleSet } from '../../rules/rule.ts';
import type { FileResult } from '../closedFile.ts';
import type { PackedFile } from '../packed.ts';
import { Crew } from './crew.ts';
import type { ReadingPlan } from './indexMessages.ts';
import { type ReadFile, readFiles } from './summarizeFiles.ts';

const filesInBatch = 25;
/** Files of a folder import the same ones, which are unpacked once for all of them. */
const evaluatedInBatch = 100;
/** Fewer are read before another thread has started. */
const fewestShared = 200;
/** This index lives as long as it takes, so it may unpack more at a time than one that stays. */
const mostUnpacked = 16_000_000;

type Batch =
  | { readonly read: readonly string[] }
  /** What all threads have read. */
  | { readonly taken: readonly PackedFile[] }
  | { readonly evaluate: readonly string[] };

interface Result {
  /** Undefined for a file that is not there, or cannot be read. */
  readonly read?: ReadFile | undefined;
  readonly evaluated?: { readonly uri: string; readonly result: FileResult };
}

/** What a helping thread is started with. */
export interface HelperTask {
  readonly rules: ReadingPlan['rules'];
}

export interface EvaluatedRead {
  readonly read: ReadFile;
  readonly result: FileResult;
}

/** Does what it is told, file by file. */
class Hand {
  readonly #rules: RuleSet;
  readonly #index: ReferenceIndex;

  constructor({ rules }: HelperTask) {
    this.#rules = ruleSetWith({ ...rules, mistakes: [] });
    this.#index = new ReferenceIndex(this.#rules, mostUnpacked);
  }

  async *do(batch: Batch): AsyncGenerator<Result> {
    if ('read' in batch) {
      for await (const { read } of readFiles(batch.read, this.#rules))
        yield { read: read === 'same' ? undefined : read };
      return;
    }
    if ('taken' in batch) {
      for (const packed of batch.taken) this.#index.take(packed);
      return;
    }
    for (const uri of batch.evaluate) {
      this.#index.references(uri);
      yield { evaluated: { uri, result: this.#index.result(uri) } };
      await turn();
    }
  }
}

/** For the program of a helper: what it does with the messages that it gets, and what it posts. */
export function helping(task: HelperTask, post: (results: readonly Result[]) => void): (batch: Batch) => Promise<void> {
  const hand = new Hand(task);
  return async (batch) => {
    const results: Result[] = [];
    for await (const result of hand.do(batch)) results.push(result);
    if (!('taken' in batch)) post(results);
  };
}

export interface WholeReading {
  /** Absolute. */
  readonly files: readonly string[];
  readonly rules: ReadingPlan['rules'];
  /** The program of helpers, which calls `helping`. */
  readonly program: URL;
  /** How many files were looked at so far; nothing goes on until it has answered. */
  readonly onRead: (count: number) => Promise<void>;
}

/** Evaluated once all of them are read: each would be again and again otherwise. What cannot be read is left out. */
export async function* evaluateAll({ files, rules, program, onRead }: WholeReading): AsyncGenerator<EvaluatedRead> {
  const task: HelperTask = { rules };
  const crew = files.length < fewestShared ? undefined : new Crew<Batch, Result>(program, task);
  const hand = new Hand(task);
  const share = (batches: readonly Batch[]): AsyncIterable<Result> =>
    crew?.share(batches, (batch) => hand.do(batch)) ?? inTurn(batches, hand);
  try {
    const known = new Map<string, ReadFile>();
    let count = 0;
    for await (const { read } of share(batchesOf(files, filesInBatch).map((some) => ({ read: some })))) {
      if (read) known.set(read.packed.uri, read);
      await onRead(++count);
    }
    const taken: Batch = { taken: [...known.values()].map(({ packed }) => packed) };
    crew?.tell(taken);
    for await (const _nothing of hand.do(taken));
    const uris = [...known.keys()].sort();
    for await (const { evaluated } of share(batchesOf(uris, evaluatedInBatch).map((some) => ({ evaluate: some })))) {
      const read = evaluated && known.get(evaluated.uri);
      if (!read) continue;
      known.delete(evaluated.uri);
      yield { read, result: evaluated.result };
    }
  } finally {
    crew?.close();
  }
}

async function* inTurn(batches: readonly Batch[], hand: Hand): AsyncGenerator<Result> {
  for (const batch of batches) yield* hand.do(batch);
}

function batchesOf(all: readonly string[], size: number): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let at = 0; at < all.length; at += size) batches.push(all.slice(at, at + size));
  return batches;
}
