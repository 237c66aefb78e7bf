// Prefixes bench: source files, those of the sample or of the paths given, typed from left to right; how long the server's own work takes after each character.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { unpackSample } from '../../extension/sample/unpack.ts';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { sourceFiles } from '../../server/references/indexing/reading/summarizeFiles.ts';
import { editDocument, parseDocument } from '../../server/syntax/document.ts';
import { languageIdOf } from '../../server/syntax/languages.ts';

const limitMs = 250;
const mostPrefixes = 5000;
const root = path.join(import.meta.dirname, '../..');

export async function bench(_options: object = {}, paths: readonly string[] = []) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-prefixes-'));
  const files: { file: string; characters: number; medianMs: number; p99Ms: number; maxMs: number }[] = [];
  try {
    if (paths.length === 0) await unpackSample(path.join(root, 'extension/sample/churn.tar.gz'), folder, new Date());
    for await (const file of filesIn(paths.length === 0 ? [folder] : paths.map((one) => path.resolve(one)))) {
      const times = typedOut(file, readFileSync(file, 'utf8')).sort((one, other) => one - other);
      const at = (share: number): number => Number((times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2));
      const name = path
        .relative(paths.length === 0 ? folder : '.', file)
        .split(path.sep)
        .join('/');
      files.push({ file: name, characters: times.length, medianMs: at(0.5), p99Ms: at(0.99), maxMs: at(1) });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const slowest = Math.max(...files.map(({ maxMs }) => maxMs));
  const limits = { [`no prefix takes over ${limitMs} ms`]: slowest <= limitMs };
  const words = files
    .toSorted((one, other) => other.maxMs - one.maxMs)
    .map(
      ({ file, characters, medianMs, p99Ms, maxMs }) =>
        `${file.padEnd(50)} ${characters} characters, ms ${medianMs} / ${p99Ms} / ${maxMs}`,
    );
  for (const [limit, holds] of Object.entries(limits)) words.push(`${holds ? 'holds' : 'BROKEN'}  ${limit}`);
  return { words: words.join('\n'), json: { files, slowestMs: slowest, limits } };
}

async function* filesIn(subjects: readonly string[]): AsyncGenerator<string> {
  for (const subject of subjects) {
    if (statSync(subject).isFile()) yield subject;
    else yield* sourceFiles([subject], [], new AbortController().signal);
  }
}

/** Character by character; of a long file several at a time. */
function typedOut(file: string, text: string): number[] {
  const uri = pathToFileURL(file).href;
  const index = new ReferenceIndex();
  const isNotebook = languageIdOf(file) === 'ipynb';
  let document = parseDocument({ uri, languageId: languageIdOf(file), version: 0, text: '' });
  const times: number[] = [];
  const step = Math.ceil(text.length / mostPrefixes);
  for (let at = 0; at < text.length; at += step) {
    const end = document.lines.positionAt(document.text.length);
    const began = performance.now();
    document = isNotebook
      ? parseDocument({ uri, languageId: 'ipynb', version: at, text: text.slice(0, at + step) })
      : editDocument(document, [{ range: { start: end, end }, text: text.slice(at, at + step) }], at + 1);
    index.upsert(summarize(document, index.rules));
    index.references(uri);
    times.push(performance.now() - began);
  }
  return times;
}
