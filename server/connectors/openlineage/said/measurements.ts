// Measurements: what the data-quality facets say of data, as metrics with a point for each run that measured it.
import { isRecord, list, number, oneLine, record, text } from '../../json.ts';
import type { DatasetMention } from './events.ts';
import { type Latest, later, type When } from './facets.ts';

export interface Measurement {
  /** Key of the dataset. */
  readonly dataset: string;
  /** `rowCount`, `AGE.nullCount`, `not_null AGE`. */
  readonly name: string;
  /** What an assertion expects, in words; absent: a number that was measured. */
  asserts?: Latest<string>;
  /** By the run that measured it; empty text: none did. */
  readonly points: Map<string, Latest<number>>;
}

const most = { metrics: 20_000, ofDataset: 300, points: 500 };

export class Measurements {
  readonly all = new Map<string, Measurement>();
  readonly #ofDataset = new Map<string, number>();

  /** The same event again changes nothing. What is beyond the caps is left out. */
  add(mention: DatasetMention, dataset: string, run: string | undefined, when: When): void {
    for (const { name, value, asserts } of told(mention)) {
      const key = `${dataset}\n${name}`;
      const known = this.all.get(key) ?? this.#new(key, dataset, name);
      if (!known) continue;
      if (asserts !== undefined) known.asserts = later(known.asserts, when, asserts);
      const owner = run ?? '';
      known.points.set(owner, later(known.points.get(owner), when, value));
      if (known.points.size > most.points) known.points.delete(oldest(known.points));
    }
  }

  #new(key: string, dataset: string, name: string): Measurement | undefined {
    const count = this.#ofDataset.get(dataset) ?? 0;
    if (this.all.size >= most.metrics || count >= most.ofDataset) return undefined;
    this.#ofDataset.set(dataset, count + 1);
    const made: Measurement = { dataset, name, points: new Map() };
    this.all.set(key, made);
    return made;
  }
}

function oldest(points: ReadonlyMap<string, Latest<number>>): string {
  let found: readonly [string, number] = ['', Number.POSITIVE_INFINITY];
  for (const [run, { when }] of points) if (when.at < found[1]) found = [run, when.at];
  return found[0];
}

interface Told {
  readonly name: string;
  readonly value: number;
  readonly asserts?: string;
}

/** Of the facets of the dataset and those of this use of it; the two have the same shapes (spec, 2026-08). */
function told({ facets, useFacets }: DatasetMention): readonly Told[] {
  return [facets, useFacets].flatMap((some) => [
    ...numbersOf(record(some.dataQualityMetrics)),
    ...assertionsOf(some.dataQualityAssertions),
  ]);
}

function numbersOf(facet: Readonly<Record<string, unknown>>): readonly Told[] {
  const whole = ['rowCount', 'bytes', 'fileCount'].flatMap((name) => one(name, facet[name]));
  const columns = Object.entries(record(facet.columnMetrics)).slice(0, most.ofDataset);
  return [...whole, ...columns.flatMap(([column, said]) => ofColumn(column, record(said)))];
}

function ofColumn(column: string, said: Readonly<Record<string, unknown>>): readonly Told[] {
  const name = oneLine(column, 200);
  if (name === undefined) return [];
  return Object.entries(said).flatMap(([what, value]) => {
    if (!isRecord(value)) return one(`${name}.${what}`, value);
    return what === 'quantiles'
      ? Object.entries(value).flatMap(([at, each]) => one(`${name}.quantile ${at}`, each))
      : [];
  });
}

function one(name: string, value: unknown): readonly Told[] {
  const read = number(value);
  return read === undefined ? [] : [{ name: name.slice(0, 300), value: read }];
}

/** A test that passed is 1, one that did not is 0. */
function assertionsOf(facet: unknown): readonly Told[] {
  return list(record(facet).assertions).flatMap((value): readonly Told[] => {
    const { assertion, success, column, name, severity, expected, actual } = record(value);
    const kind = oneLine(assertion, 200);
    if (kind === undefined || typeof success !== 'boolean') return [];
    const called = oneLine(name, 200) ?? (text(column) === undefined ? kind : `${kind} ${oneLine(column, 200)}`);
    const words = [
      'An assertion: 1 when it holds, 0 when it does not.',
      ...(text(expected) === undefined ? [] : [`It expects ${oneLine(expected, 200)}.`]),
      ...(text(actual) === undefined ? [] : [`It was ${oneLine(actual, 200)} last.`]),
      ...(severity === 'warn' ? ['When it fails it only warns.'] : []),
    ];
    return [{ name: called, value: success ? 1 : 0, asserts: words.join(' ') }];
  });
}
