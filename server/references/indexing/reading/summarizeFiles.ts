// Summaries of closed files: found, read and summarised one at a time, in batches.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { parseDocument } from '../../../syntax/document.ts';
import { isSource, languageIdOf } from '../../../syntax/languages.ts';
import { readText, stat } from '../../../world/files.ts';
import { walk } from '../../../world/walk.ts';
import { allRules } from '../../rules/index.ts';
import type { RuleSet } from '../../rules/rule.ts';
import { summarize } from '../../summarize.ts';
import { type PackedFile, pack } from '../packed.ts';
import type { FileStamp } from './keptFiles.ts';

/** Larger files are cut by the parser's own rules; beyond this they are not even read. */
const mostBytes = 16_000_000;
/** Most of a notebook are outputs, which are passed over. */
const mostBytesOfNotebook = 100_000_000;

/** The source files in these folders, as globs of the editor's `files.exclude` leave them. */
export async function* sourceFiles(
  folders: readonly string[],
  excluded: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<string> {
  const isExcluded = excluded.length === 0 ? undefined : picomatch([...excluded], { dot: true });
  // A folder inside of another is looked into twice, since the outer one may leave it out; its files count once.
  const isNested = folders.some((one) => folders.some((other) => one.startsWith(other + path.sep)));
  const seen = isNested ? new Set<string>() : undefined;
  for (const folder of new Set(folders)) {
    const skips = isExcluded && ((file: string) => isExcluded(path.relative(folder, file).split(path.sep).join('/')));
    for await (const file of walk(folder, { accepts: isSource, ...(skips ? { skips } : {}), signal })) {
      if (seen?.has(file)) continue;
      seen?.add(file);
      yield file;
    }
  }
}

export interface ReadFile {
  readonly packed: PackedFile;
  readonly stamp: FileStamp;
}

/** A file's text, with what tells it from other versions of itself. */
interface LoadedFile {
  readonly file: string;
  readonly text: string;
  readonly stamp: FileStamp;
}

/** `same`: what is known of it from before still is true; undefined when it is not there, or cannot be read. */
async function load(file: string, known?: FileStamp): Promise<LoadedFile | 'same' | undefined> {
  const found = await stat(file).catch(() => undefined);
  const most = languageIdOf(file) === 'ipynb' ? mostBytesOfNotebook : mostBytes;
  if (found?.kind !== 'file' || found.size > most) return undefined;
  const { size, modifiedAt: changedAt } = found;
  if (known?.size === size && known.changedAt === changedAt) return 'same';
  const text = await readText(file, most).catch(() => undefined);
  if (text === undefined) return undefined;
  const hash = createHash('sha1').update(text).digest('base64');
  return known?.hash === hash ? 'same' : { file, text, stamp: { size, changedAt, hash } };
}

function packed({ file, text, stamp }: LoadedFile, rules: RuleSet): ReadFile {
  const uri = pathToFileURL(file).href;
  const document = parseDocument({ uri, languageId: languageIdOf(file), version: 0, text });
  return { packed: pack(summarize(document, rules, true)), stamp };
}

/** While one file is summarised the disk is asked for the next ones. */
const readAhead = 8;

export interface ReadAs {
  readonly file: string;
  readonly read: ReadFile | 'same' | undefined;
}

/** In their order; `known` says what a file was when it was read last. */
export async function* readFiles(
  files: Iterable<string> | AsyncIterable<string>,
  rules: RuleSet,
  known: (file: string) => FileStamp | undefined = () => undefined,
): AsyncGenerator<ReadAs> {
  const loading: { readonly file: string; readonly loaded: ReturnType<typeof load> }[] = [];
  async function* next(most: number): AsyncGenerator<ReadAs> {
    while (loading.length > most) {
      const first = loading.shift();
      const loaded = await first?.loaded;
      if (first) yield { file: first.file, read: typeof loaded === 'object' ? packed(loaded, rules) : loaded };
    }
  }
  for await (const file of files) {
    loading.push({ file, loaded: load(file, known(file)) });
    yield* next(readAhead);
  }
  yield* next(0);
}

/** For whoever has nothing else to do in the meantime. */
export async function* packedFiles(
  files: Iterable<string> | AsyncIterable<string>,
  rules: RuleSet = allRules,
): AsyncGenerator<PackedFile> {
  for await (const { read } of readFiles(files, rules)) if (typeof read === 'object') yield read.packed;
}
