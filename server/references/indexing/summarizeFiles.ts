// Summaries of closed files: found, read and summarised one at a time, in batches.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import picomatch from 'picomatch';
import { parseDocument } from '../../syntax/document.ts';
import { isSource, languageIdOf } from '../../syntax/languages.ts';
import { readText, stat } from '../../world/files.ts';
import { walk } from '../../world/walk.ts';
import { allRules } from '../rules/index.ts';
import type { RuleSet } from '../rules/rule.ts';
import { summarize } from '../summarize.ts';
import type { FileStamp } from './keptFiles.ts';
import { type PackedFile, pack } from './packed.ts';

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
  for (const folder of folders) {
    const skips = isExcluded && ((file: string) => isExcluded(path.relative(folder, file).split(path.sep).join('/')));
    yield* walk(folder, { accepts: isSource, ...(skips ? { skips } : {}), signal });
  }
}

export interface ReadFile {
  readonly packed: PackedFile;
  readonly stamp: FileStamp;
}

/** What is known of it from before, when it still is the same; undefined when it is not there, or cannot be read. */
export async function readFile(
  file: string,
  rules: RuleSet,
  known?: FileStamp,
): Promise<ReadFile | 'same' | undefined> {
  const found = await stat(file).catch(() => undefined);
  const languageId = languageIdOf(file);
  const most = languageId === 'ipynb' ? mostBytesOfNotebook : mostBytes;
  if (found?.kind !== 'file' || found.size > most) return undefined;
  const { size, modifiedAt: changedAt } = found;
  if (known?.size === size && known.changedAt === changedAt) return 'same';
  const text = await readText(file, most).catch(() => undefined);
  if (text === undefined) return undefined;
  const hash = createHash('sha1').update(text).digest('base64');
  if (known?.hash === hash) return 'same';
  const uri = pathToFileURL(file).href;
  const document = parseDocument({ uri, languageId, version: 0, text });
  return { packed: pack(summarize(document, rules)), stamp: { size, changedAt, hash } };
}

/** One after the other, for whoever has nothing else to do in the meantime. */
export async function* packedFiles(
  files: Iterable<string> | AsyncIterable<string>,
  rules: RuleSet = allRules,
): AsyncGenerator<PackedFile> {
  for await (const file of files) {
    const read = await readFile(file, rules);
    if (read && read !== 'same') yield read.packed;
  }
}
