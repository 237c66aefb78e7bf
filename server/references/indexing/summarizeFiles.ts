// Summaries of closed files: read, parsed and summarised in batches, one file at a time in memory.
import { pathToFileURL } from 'node:url';
import { parseDocument } from '../../syntax/document.ts';
import { isSource, languageIdOf } from '../../syntax/languages.ts';
import { readText, stat } from '../../world/files.ts';
import { walk } from '../../world/walk.ts';
import { allRules } from '../rules/index.ts';
import { summarize } from '../summarize.ts';
import type { FileSummary } from '../summary.ts';
import type { FromIndexWorker } from './indexMessages.ts';

const batchSize = 50;
/** A message is unpacked in one go by the thread that answers requests. */
const mostBlocks = 200;
/** Larger files are cut by the parser's own rules; beyond this they are not even read. */
const mostBytes = 16_000_000;

export async function* summarizeFolders(
  folders: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<FromIndexWorker> {
  async function* files(): AsyncGenerator<string> {
    for (const folder of folders) yield* walk(folder, { accepts: isSource, signal });
  }
  yield* summarizeFiles(files(), signal);
}

export async function* summarizeFiles(
  files: Iterable<string> | AsyncIterable<string>,
  signal: AbortSignal,
): AsyncGenerator<FromIndexWorker> {
  let summaries: FileSummary[] = [];
  let removed: string[] = [];
  let blocks = 0;
  for await (const file of files) {
    if (signal.aborted) return;
    const summary = await summarizeFile(file);
    if (summary) summaries.push(summary);
    else removed.push(pathToFileURL(file).href);
    blocks += summary?.blocks.length ?? 0;
    if (summaries.length + removed.length < batchSize && blocks < mostBlocks) continue;
    yield { summaries, removed, done: false };
    summaries = [];
    removed = [];
    blocks = 0;
  }
  yield { summaries, removed, done: true };
}

/** Undefined when there is no such file, or it cannot be read. */
async function summarizeFile(file: string): Promise<FileSummary | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (found?.kind !== 'file' || found.size > mostBytes) return undefined;
  const text = await readText(file, mostBytes).catch(() => undefined);
  if (text === undefined) return undefined;
  const uri = pathToFileURL(file).href;
  return summarize(parseDocument({ uri, languageId: languageIdOf(file), version: 0, text }), allRules);
}
