// Index files: reads the workspace and the paths of a command into the session's index, in this thread.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packedFiles, sourceFiles } from '../references/indexing/reading/summarizeFiles.ts';
import type { Session } from '../session.ts';
import { plumblineFileName } from '../workspace/plumblineFile.ts';

const never = new AbortController().signal;

export async function indexWorkspace({ index }: Session, folder: string): Promise<void> {
  for await (const packed of packedFiles(sourceFiles([folder], [], never), index.rules)) index.take(packed);
}

/** What the paths of a command mean, as sorted uris. */
export interface Asked {
  readonly uris: readonly string[];
  /** Each plumbline.yaml that was named or stands in a folder that was. */
  readonly rulesFiles: readonly string[];
}

/** Rejects for a path where nothing is. */
export async function indexFiles(
  { index, host }: Session,
  subjects: readonly string[],
  folder: string,
): Promise<Asked> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const subject of subjects) {
    const absolute = path.resolve(folder, subject);
    const found = await host.stat(absolute);
    if (!found) throw new Error(`there is no file or folder ${subject}`);
    (found.kind === 'folder' ? folders : files).push(absolute);
  }
  const isRules = (file: string): boolean => path.basename(file) === plumblineFileName;
  const rules = new Set(files.filter(isRules));
  for (const inFolder of folders.map((one) => path.join(one, plumblineFileName)))
    if (await host.stat(inFolder)) rules.add(inFolder);
  const uris = new Set(files.filter((file) => !isRules(file)).map(toUri));
  for await (const packed of packedFiles(files, index.rules)) index.take(packed);
  for await (const packed of packedFiles(sourceFiles(folders, [], never), index.rules)) {
    index.take(packed);
    uris.add(packed.uri);
  }
  return { uris: [...uris].sort(), rulesFiles: [...rules].map(toUri).sort() };
}

const toUri = (file: string): string => pathToFileURL(file).href;
