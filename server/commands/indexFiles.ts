// Index files: reads the workspace and the paths of a command into the session's index, in this thread.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { summarizeFiles, summarizeFolders } from '../references/summarizeFiles.ts';
import type { Session } from '../session.ts';

const never = new AbortController().signal;

export async function indexWorkspace({ index }: Session, folder: string): Promise<void> {
  for await (const { summaries } of summarizeFolders([folder], never))
    for (const summary of summaries) index.upsert(summary);
}

/** The files of the paths, absolute and sorted; rejects for a path where nothing is. */
export async function indexFiles(
  { index, host }: Session,
  subjects: readonly string[],
  folder: string,
): Promise<readonly string[]> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const subject of subjects) {
    const absolute = path.resolve(folder, subject);
    const found = await host.stat(absolute);
    if (!found) throw new Error(`there is no file or folder ${subject}`);
    (found.kind === 'folder' ? folders : files).push(absolute);
  }
  const uris = new Set(files.map((file) => pathToFileURL(file).href));
  for await (const { summaries } of summarizeFiles(files, never))
    for (const summary of summaries) index.upsert(summary);
  for await (const { summaries } of summarizeFolders(folders, never)) {
    for (const summary of summaries) {
      index.upsert(summary);
      uris.add(summary.uri);
    }
  }
  return [...uris].sort();
}
