// Files: what a host says of its log files, taken only where it can be trusted to name one; rotated parts stand with their log.
import { isCovered, unrotated } from './patterns.ts';

export interface RemoteFile {
  readonly path: string;
  readonly size: number;
  /** Epoch ms, to the second. */
  readonly modifiedAt: number;
  /** Its inode: another one, another file. */
  readonly identity: string;
}

/** A log with what rotation made of it, the oldest part first. */
export interface LogFamily {
  /** Name while it is written. */
  readonly log: string;
  readonly files: readonly RemoteFile[];
}

/** Lines of `mode size mtime inode name`; what is no plain file, and what no pattern covers, is left out and counted. */
export function readListing(
  text: string,
  patterns: readonly string[],
  home: string,
): { readonly files: readonly RemoteFile[]; readonly leftOut: number } {
  const files = new Map<string, RemoteFile>();
  let leftOut = 0;
  for (const line of text.split('\n')) {
    const match = /^([0-9a-fA-F]{1,8}) (\d{1,16}) (\d{1,12}) (\d{1,20}) (.+)$/.exec(line);
    if (!match) continue;
    const [, mode = '', size, seconds, identity = '', path = ''] = match;
    if ((Number.parseInt(mode, 16) & 0xf000) !== 0x8000) continue;
    if (isCovered(path, patterns, home))
      files.set(path, { path, size: Number(size), modifiedAt: Number(seconds) * 1000, identity });
    else leftOut += 1;
  }
  return { files: [...files.values()], leftOut };
}

/** By name of the log. */
export function families(files: readonly RemoteFile[]): readonly LogFamily[] {
  const groups = Map.groupBy(files, ({ path }) => unrotated(path));
  return [...groups]
    .map(([log, parts]) => ({ log, files: parts.toSorted((a, b) => a.modifiedAt - b.modifiedAt || sooner(a, b)) }))
    .sort((a, b) => (a.log < b.log ? -1 : 1));
}

/** Of parts written in the same second, the one with the plain name is the newest. */
function sooner(a: RemoteFile, b: RemoteFile): number {
  return b.path.length - a.path.length;
}

/** The part that was being written at a time: the first one that was written to then or later. */
export function partAt({ files }: LogFamily, at: number): RemoteFile | undefined {
  return files.find(({ modifiedAt }) => modifiedAt + 999 >= at) ?? files.at(-1);
}
