// The fixture language: files, labels, catalog and cursor in one string; labels are compared one to one with what is found.
import assert from 'node:assert/strict';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import type { Reference } from '../../server/references/reference.ts';
import { allRules } from '../../server/references/rules/index.ts';
import type { RuleSet } from '../../server/references/rules/rule.ts';
import { type ParsedDocument, parseDocument } from '../../server/syntax/document.ts';
import { languageIdOf } from '../../server/syntax/languages.ts';
import type { Position } from '../../server/syntax/text.ts';

/*
 *   //- catalog
 *   experiment churn                        handed to `catalog.ts`
 *   //- churn/train.py
 *   mlflow.set_experiment("churn")
 *   #                      ^^^^^ writes experiment
 *   mlflow.log_metric(KEY, 1)
 *   #                 ^^^ writes metric [auc] constant container=churn
 *
 * Carets stand in a comment of their own under what they label: role, kind, `[name]` where it is not the text above
 * the carets, then, only where they matter, the confidence, fields of the detail, `within.…`, `via=…` and `tool=…`.
 * Lines of labels are no part of the file. `$0` is the cursor. A text without `//-` is one file, `main.py`.
 * In an `.ipynb` a line `# %%` begins a cell, `# %% [markdown]` one that is no code, `# %% [sql]` one of that language.
 */
export interface Label {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly words: string;
}

export interface FixtureFile {
  readonly name: string;
  readonly uri: string;
  /** Of a notebook, that of its code cells; `source` is its file. */
  readonly text: string;
  readonly labels: readonly Label[];
  readonly source?: string;
}

export interface Fixture {
  readonly files: readonly FixtureFile[];
  readonly catalog: string;
  readonly cursor?: { readonly uri: string; readonly position: Position };
}

const folder = 'file:///acme/churn/';
const labelLine = /^(\s*(?:#|--|\/\/)\s*)(\^+)\s+(\w+ \w+.*)$/;

export function readFixture(source: string): Fixture {
  const parts: { name: string; lines: string[] }[] = [];
  for (const line of source.replace(/^\n/, '').split('\n')) {
    const name = /^\s*\/\/- (.+)$/.exec(line)?.[1]?.trim();
    if (name !== undefined) parts.push({ name, lines: [] });
    else {
      if (parts.length === 0) parts.push({ name: 'main.py', lines: [] });
      parts.at(-1)?.lines.push(line);
    }
  }
  let cursor: Fixture['cursor'];
  const files: FixtureFile[] = [];
  for (const { name, lines } of parts.filter((part) => part.name !== 'catalog')) {
    const uri = `${folder}${name}`;
    const { kept, labels, at, cells } = readLines(lines, name.endsWith('.ipynb'));
    if (at) cursor = { uri, position: at };
    const file = { name, uri, text: kept.join('\n'), labels };
    files.push(cells.length === 0 ? file : { ...file, source: notebookFile(cells, kept) });
  }
  const catalog = parts.find(({ name }) => name === 'catalog')?.lines.join('\n') ?? '';
  return { files, catalog, cursor };
}

interface FixtureCell {
  /** `markdown`, the language of a code cell, or empty. */
  readonly sort: string;
  /** Its first line among those that are kept. */
  readonly line: number;
}

interface ReadLines {
  readonly kept: string[];
  readonly labels: Label[];
  readonly at: Position | undefined;
  readonly cells: readonly FixtureCell[];
}

function readLines(lines: readonly string[], isNotebook: boolean): ReadLines {
  const kept: string[] = [];
  const cells: FixtureCell[] = isNotebook ? [{ sort: '', line: 0 }] : [];
  const labels: Label[] = [];
  let at: Position | undefined;
  for (const line of lines) {
    const cell = isNotebook ? /^# %%(?: \[(\w+)\])?/.exec(line) : undefined;
    if (cell) {
      if (kept.length === 0 && cells.at(-1)?.sort === '') cells.pop();
      cells.push({ sort: cell[1] ?? '', line: kept.length });
      continue;
    }
    if (cells.at(-1)?.sort === 'markdown') continue;
    const [, before, carets, words] = labelLine.exec(line) ?? [];
    if (before !== undefined && carets !== undefined && words !== undefined) {
      labels.push({
        line: kept.length - 1,
        from: before.length,
        to: before.length + carets.length,
        words: words.trim(),
      });
      continue;
    }
    const column = line.indexOf('$0');
    if (column >= 0) at = { line: kept.length, character: column };
    kept.push(line.replace('$0', ''));
  }
  return { kept, labels, at, cells };
}

/** As editors write it, with outputs that name things too. */
function notebookFile(cells: readonly FixtureCell[], lines: readonly string[]): string {
  const outputs = [{ output_type: 'stream', name: 'stdout', text: ['models:/output/1 s3://output/x'] }];
  const json = cells.map(({ sort, line }, index) => {
    if (sort === 'markdown') return { cell_type: 'markdown', metadata: {}, source: 'see s3://markdown/x' };
    const source = lines.slice(line, cells[index + 1]?.line ?? lines.length).map((one) => `${one}\n`);
    const last = source.pop()?.slice(0, -1);
    const metadata = sort === '' ? {} : { vscode: { languageId: sort } };
    return { cell_type: 'code', metadata, outputs, source: last === undefined ? source : [...source, last] };
  });
  const metadata = { language_info: { name: 'python' } };
  return JSON.stringify({ cells: json, metadata, nbformat: 4, nbformat_minor: 5 });
}

export function documentOf({ uri, name, text, source = text }: FixtureFile): ParsedDocument {
  return parseDocument({ uri, languageId: languageIdOf(name), version: 1, text: source });
}

export function indexOf({ files }: Fixture, rules: RuleSet = allRules): ReferenceIndex {
  const index = new ReferenceIndex(rules);
  for (const file of files) index.upsert(summarize(documentOf(file), rules));
  return index;
}

/** Fails with both lists side by side: what is labelled, and what was found. */
export function checkReferences(source: string, rules: RuleSet = allRules): void {
  const fixture = readFixture(source);
  const index = indexOf(fixture, rules);
  for (const file of fixture.files) {
    const found = index.references(file.uri);
    const rows = file.text.split('\n');
    const described = found.map((reference) => describe(reference, labelAt(file.labels, reference)));
    const wanted = file.labels
      .map((label) => ({ label, text: rows[label.line]?.slice(label.from, label.to) ?? '' }))
      .map(({ label, text }) => `${place(label.line, label.from, label.to)} ${spelled(label.words, text)}`);
    assert.deepEqual(described.sort(), wanted.sort(), file.name);
    for (const { range, text } of found) {
      const there = rows[range.start.line]?.slice(range.start.character, range.end.character) ?? '';
      // Without its source at hand a reference knows the text of one name or literal, not of all that is put together.
      if (/^[\w.@:/-]+$/.test(there)) assert.equal(text, there, 'the text of a reference is what stands in its range');
    }
  }
}

const place = (line: number, from: number, to: number): string => `${String(line + 1).padStart(4)}:${from}-${to}`;

/** Puts the name in where the label leaves it to the text. */
function spelled(words: string, text: string): string {
  const [, role, kind, name, rest = ''] = /^(\w+) (\w+)(?: \[([^\]]*)\])?(.*)$/.exec(words) ?? [];
  return `${role} ${kind} [${name ?? text}]${rest}`;
}

function labelAt(labels: readonly Label[], { range, kind }: Reference): Label | undefined {
  const here = labels.filter(({ line, from }) => line === range.start.line && from === range.start.character);
  return here.find(({ words }) => words.split(' ')[1] === kind) ?? here[0];
}

/** As the label would have to be; only with the details that the label asks about. */
function describe(reference: Reference, label: Label | undefined): string {
  const { range, role, kind, name } = reference;
  const to =
    range.end.line === range.start.line ? `${range.end.character}` : `${range.end.line + 1}:${range.end.character}`;
  const asked = (label?.words ?? '').replace(/^\w+ \w+( \[[^\]]*\])?/, '').trim();
  const extras = asked === '' ? [] : asked.split(/\s+/).map((word) => extra(reference, word));
  const start = `${String(range.start.line + 1).padStart(4)}:${range.start.character}-${to}`;
  return [`${start} ${role} ${kind} [${name}]`, ...extras].join(' ');
}

function extra({ confidence, detail, within, via, tool }: Reference, word: string): string {
  const key = word.split('=')[0] ?? word;
  if (!word.includes('=')) return confidence;
  if (key === 'via') return `via=${via}`;
  if (key === 'tool') return `tool=${tool}`;
  const from: Readonly<Record<string, string | undefined>> = key.startsWith('within.') ? { ...within } : { ...detail };
  return `${key}=${from[key.replace('within.', '')]}`;
}
