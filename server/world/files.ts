// Files as connectors may read them: stat, list, whole texts under a cap, byte ranges. Nothing here writes.
import { closeSync, type Dirent, fstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs';
import { open, readdir, realpath, stat as statFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileStat, SmallFile } from '../connectors/connector.ts';
import { codeOf, fileError, printable, WorldError } from './failure.ts';

/** A text above this is not read whole unless the caller says so. */
export const defaultMaxBytes = 64 * 1024 * 1024;
const statsAtOnce = 32;

/** Undefined when nothing is there. */
export async function stat(file: string): Promise<FileStat | undefined> {
  try {
    return toFileStat(file, await statFile(file));
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw fileError(file, error);
  }
}

/** Direct children by name, links followed, dead links left out; empty when the folder is not there. */
export async function list(folder: string): Promise<readonly FileStat[]> {
  let names: readonly Dirent[];
  try {
    names = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw fileError(folder, error);
  }
  const found: (FileStat | undefined)[] = new Array(names.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < names.length) {
      const index = next++;
      const entry = names[index];
      if (entry) found[index] = await childStat(path.join(folder, entry.name));
    }
  };
  await Promise.all(Array.from({ length: Math.min(statsAtOnce, names.length) }, worker));
  return found.filter((child) => child !== undefined).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** UTF-8; invalid bytes become U+FFFD, a byte order mark is dropped. Rejects above `maxBytes`. */
export async function readText(file: string, maxBytes: number = defaultMaxBytes): Promise<string> {
  const handle = await openFile(file);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooBig(file, size, maxBytes);
    const bytes = await handle.readFile();
    // It may have grown between the two calls.
    if (bytes.length > maxBytes) throw tooBig(file, bytes.length, maxBytes);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    throw fileError(file, error);
  } finally {
    await handle.close();
  }
}

/** At most `length` bytes from `offset`; shorter at the end of the file. */
export async function readRange(file: string, offset: number, length: number): Promise<Uint8Array> {
  const handle = await openFile(file);
  try {
    const buffer = new Uint8Array(Math.max(0, Math.min(length, (await handle.stat()).size - offset)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } catch (error) {
    throw fileError(file, error);
  } finally {
    await handle.close();
  }
}

const deepest = 6;
const mostFiles = 20_000;

/**
 * Every file below a folder, each with its first `maxBytes`; empty when the folder is not there. `skip` names
 * folders directly below it that are left out; links to folders are not followed. The reads block the thread, which
 * makes thousands of tiny files ten times faster: for stores made of them, in the sync worker.
 */
export async function smallFiles(
  folder: string,
  maxBytes: number,
  skip: readonly string[] = [],
): Promise<readonly SmallFile[]> {
  // Between two folders everybody else has a turn.
  await new Promise((resolve) => setImmediate(resolve));
  const found: SmallFile[] = [];
  const buffer = Buffer.allocUnsafe(maxBytes);
  const visit = (at: string, prefix: string, depth: number): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const name = prefix + entry.name;
      const file = path.join(at, entry.name);
      if (entry.isDirectory()) {
        if (depth < deepest && !(depth === 0 && skip.includes(name))) visit(file, `${name}/`, depth + 1);
        continue;
      }
      const read = readStart(file, buffer);
      if (read) found.push({ name, ...read });
      if (found.length > mostFiles) {
        throw new WorldError('tooBig', `${printable(folder)} holds more than ${mostFiles} files. Remove what is old.`);
      }
    }
  };
  try {
    visit(folder, '', 0);
  } catch (error) {
    if (isAbsent(error)) return found;
    throw fileError(folder, error);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Undefined for what is no file, or vanished since the listing. */
function readStart(file: string, buffer: Buffer): { readonly text: string; readonly size: number } | undefined {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw fileError(file, error);
  }
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) return undefined;
    const length = readSync(handle, buffer, 0, buffer.length, 0);
    return { text: new TextDecoder().decode(buffer.subarray(0, length)), size: stats.size };
  } catch (error) {
    throw fileError(file, error);
  } finally {
    closeSync(handle);
  }
}

/** The path with symbolic links resolved; the path itself (absolute) when nothing is there. */
export async function realPath(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (isAbsent(error)) return path.resolve(file);
    throw fileError(file, error);
  }
}

async function openFile(file: string) {
  try {
    return await open(file, 'r');
  } catch (error) {
    throw fileError(file, error);
  }
}

/** A child that vanished since the listing, or may not be looked at, is no child. */
async function childStat(file: string): Promise<FileStat | undefined> {
  try {
    return toFileStat(file, await statFile(file));
  } catch {
    return undefined;
  }
}

function toFileStat(file: string, stats: Stats): FileStat {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
  return { path: file, kind, size: stats.size, modifiedAt: stats.mtimeMs };
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function tooBig(file: string, size: number, maxBytes: number): WorldError {
  const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return new WorldError(
    'tooBig',
    `${printable(file)} has ${megabytes(size)}; at most ${megabytes(maxBytes)} are read. Split it or remove what is old.`,
  );
}
