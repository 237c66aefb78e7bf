// Owns how found references are scored against labels: precision and recall, per kind and per language.
import type { Label, LabelledFile } from './labels.ts';

/** What is compared of one entry of `refs --json`; `cell` in notebooks only. */
export interface Found {
  readonly path: string;
  readonly line: number;
  readonly cell?: number | undefined;
  readonly kind: string;
  readonly role: string;
  readonly name: string;
}

export interface Tally {
  readonly files: number;
  /** Labels that count. */
  readonly labels: number;
  /** Labels that were found with line (and cell), kind, role and name right. */
  readonly hits: number;
  readonly misses: number;
  /** Found, and neither a label nor an unsure one. */
  readonly wrong: number;
  /** Found on a `?` line: counts neither for nor against, and says how much the labels leave open. */
  readonly open: number;
  /** hits / (hits + wrong); 1 where nothing was found. */
  readonly precision: number;
  /** hits / labels; 1 where there is no label. */
  readonly recall: number;
}

export interface Score {
  readonly overall: Tally;
  readonly kinds: readonly (Tally & { readonly kind: string })[];
  readonly languages: readonly (Tally & { readonly language: string })[];
  readonly misses: readonly Found[];
  readonly wrong: readonly Found[];
}

interface Outcome {
  readonly is: 'hit' | 'miss' | 'wrong' | 'open';
  readonly what: Found;
}

/** The language of a labelled file, by its name alone. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.')).toLowerCase() : '';
  const known: ReadonlyMap<string, string> = new Map([
    ['.py', 'python'],
    ['.ipynb', 'notebook'],
    ['.sql', 'sql'],
    ['.yml', 'yaml'],
    ['.yaml', 'yaml'],
    ['.json', 'json'],
    ['.tf', 'terraform'],
    ['.hcl', 'terraform'],
  ]);
  return known.get(ending) ?? (name === 'MLproject' ? 'yaml' : 'shell');
}

/** Scores what was found in these files; what was found elsewhere does not count. */
export function score(files: readonly LabelledFile[], found: readonly Found[]): Score {
  const byPath = Map.groupBy(found, (one) => one.path);
  const outcomes = files.flatMap((file) => compare(file, byPath.get(file.path) ?? []));
  const tally = (of: readonly Outcome[], paths: Iterable<string>): Tally => count(of, new Set(paths).size);
  const kinds = Map.groupBy(outcomes, (one) => one.what.kind);
  const languages = Map.groupBy(files, (file) => languageOf(file.path));
  return {
    overall: tally(
      outcomes,
      files.map((file) => file.path),
    ),
    kinds: [...kinds]
      .map(([kind, of]) => ({ kind, ...tally(of, pathsOf(of)) }))
      .sort((one, other) => (one.kind < other.kind ? -1 : 1)),
    languages: [...languages]
      .map(([language, of]) => ({
        language,
        ...tally(
          outcomes.filter((one) => languageOf(one.what.path) === language),
          of.map((file) => file.path),
        ),
      }))
      .sort((one, other) => (one.language < other.language ? -1 : 1)),
    misses: outcomes.filter((one) => one.is === 'miss').map((one) => one.what),
    wrong: outcomes.filter((one) => one.is === 'wrong').map((one) => one.what),
  };
}

function pathsOf(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((one) => one.what.path);
}

function compare(file: LabelledFile, found: readonly Found[]): readonly Outcome[] {
  const left = new Map(found.map((one) => [keyOf(one), one]));
  const outcomes = new Map<string, Outcome>();
  for (const label of file.labels.filter((one) => !one.unsure)) {
    const { lines, cell, kind, roles, name } = label;
    const places = lines.flatMap((line) =>
      roles.map((role): Found => ({ path: file.path, line, cell, kind, role, name })),
    );
    const [first] = places;
    if (!first) continue;
    const hits = places.filter((place) => left.has(keyOf(place)));
    outcomes.set(keyOf(first), { is: hits.length > 0 ? 'hit' : 'miss', what: first });
    for (const hit of hits) left.delete(keyOf(hit));
  }
  const unsure = file.labels.filter((label) => label.unsure);
  const others = [...left.values()].map((what): Outcome => {
    return { is: unsure.some((label) => covers(label, what)) ? 'open' : 'wrong', what };
  });
  return [...outcomes.values(), ...others].sort(
    (one, other) => (one.what.cell ?? 0) - (other.what.cell ?? 0) || one.what.line - other.what.line,
  );
}

function covers(label: Label, one: Found): boolean {
  const matches = (wanted: string, got: string): boolean => wanted === '*' || wanted === got;
  return (
    label.lines.includes(one.line) &&
    label.cell === one.cell &&
    matches(label.kind, one.kind) &&
    label.roles.some((role) => matches(role, one.role)) &&
    matches(label.name, one.name)
  );
}

const keyOf = (one: Found): string => JSON.stringify([one.cell ?? null, one.line, one.kind, one.role, one.name]);

function count(outcomes: readonly Outcome[], files: number): Tally {
  const of = (is: Outcome['is']): number => outcomes.filter((one) => one.is === is).length;
  const hits = of('hit');
  const misses = of('miss');
  const wrong = of('wrong');
  const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : Math.round((part / whole) * 1e4) / 1e4);
  return {
    files,
    labels: hits + misses,
    hits,
    misses,
    wrong,
    open: of('open'),
    precision: ratio(hits, hits + wrong),
    recall: ratio(hits, hits + misses),
  };
}
