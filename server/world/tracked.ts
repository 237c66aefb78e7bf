// Tracked: the files that git knows of a repository, out of its index; git ignores none of them, whatever a .gitignore says.
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Longer indexes are not read: what they hold is ignored as written. */
const largest = 64_000_000;
const deepest = 30;
const entryHead = 62;

/** Paths with `/`, from the folder that holds `.git`; each folder above a file is among them, with a `/` at its end. */
export interface Tracked {
  readonly root: string;
  readonly names: ReadonlySet<string>;
}

/** Undefined where no repository is, and where its index cannot be read. */
export async function trackedAround(folder: string): Promise<Tracked | undefined> {
  let root = folder;
  for (let hops = 0; hops < deepest; hops++) {
    const index = path.join(root, '.git', 'index');
    const found = await lstat(index).catch(() => undefined);
    if (found?.isFile()) {
      const bytes = found.size > largest ? undefined : await readFile(index).catch(() => undefined);
      return bytes && { root, names: withFolders(namesIn(bytes)) };
    }
    const above = path.dirname(root);
    if (above === root) return undefined;
    root = above;
  }
  return undefined;
}

/** Versions 2 to 4 with SHA-1, tried with those of git 2.39 (2026-11-24). Ends where the bytes are not as they should be. */
export function namesIn(bytes: Buffer): readonly string[] {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return [];
  const version = bytes.readUInt32BE(4);
  const count = bytes.readUInt32BE(8);
  if (version < 2 || version > 4) return [];
  const names: string[] = [];
  let before = '';
  for (let at = 12; names.length < count && at + entryHead < bytes.length; ) {
    const extended = (bytes.readUInt16BE(at + 60) & 0x4000) !== 0;
    let start = at + entryHead + (extended ? 2 : 0);
    let kept = '';
    if (version === 4) {
      const { value, next } = varintAt(bytes, start);
      kept = before.slice(0, Math.max(0, before.length - value));
      start = next;
    }
    const end = bytes.indexOf(0, start);
    if (end < 0) break;
    // Offsets count bytes, and so does what version 4 takes off: the name stays in bytes until the end.
    before = kept + bytes.toString('latin1', start, end);
    names.push(Buffer.from(before, 'latin1').toString('utf8'));
    at = version === 4 ? end + 1 : at + Math.ceil((end + 1 - at) / 8) * 8;
  }
  return names;
}

/** As git writes offsets: seven bits each, one added for every byte that follows. */
function varintAt(bytes: Buffer, from: number): { value: number; next: number } {
  let at = from;
  let byte = bytes[at++] ?? 0;
  let value = byte & 0x7f;
  for (let turns = 0; (byte & 0x80) !== 0 && turns < 5; turns++) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, next: at };
}

function withFolders(names: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>(names);
  for (const name of names) {
    for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
      const folder = name.slice(0, slash + 1);
      if (all.has(folder)) break;
      all.add(folder);
    }
  }
  return all;
}
