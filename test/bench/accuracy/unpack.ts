// Owns the reading of .tar.gz, .tgz, .whl and .zip archives: the content of the files asked for, nothing written.
import { gunzipSync, inflateRawSync } from 'node:zlib';

/**
 * The files of `paths` that the archive holds. Paths of tar archives are without their one top folder.
 * @param name the archive's, for its kind
 * @throws {Error} when it is not an archive of that kind
 */
export function unpack(archive: Buffer, name: string, paths: ReadonlySet<string>): ReadonlyMap<string, Buffer> {
  return unpackAll(archive, name, (path) => paths.has(path));
}

/** The files whose path is wanted. */
export function unpackAll(
  archive: Buffer,
  name: string,
  wanted: (path: string) => boolean,
): ReadonlyMap<string, Buffer> {
  const entries = /\.(whl|zip)$/.test(name) ? zipEntries(archive) : tarEntries(gunzipSync(archive));
  const contents = new Map<string, Buffer>();
  for (const entry of entries) if (wanted(entry.path)) contents.set(entry.path, entry.content());
  return contents;
}

interface Entry {
  readonly path: string;
  content(): Buffer;
}

const text = (bytes: Buffer): string => bytes.toString('utf8').replace(/\0.*$/s, '');

function* tarEntries(tar: Buffer): Generator<Entry> {
  let long = '';
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + 512);
    const size = Number.parseInt(text(header.subarray(124, 136)).trim() || '0', 8);
    if (!(size >= 0)) throw new Error('not a tar archive');
    const body = tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'L') long = text(body);
    else if (type === 'x') long = /^\d+ path=(.*)$/m.exec(body.toString('utf8'))?.[1] ?? '';
    else {
      const prefix = text(header.subarray(345, 500));
      const full = long || (prefix ? `${prefix}/` : '') + text(header.subarray(0, 100));
      long = '';
      if (type === '0' || type === '\0') yield { path: full.slice(full.indexOf('/') + 1), content: () => body };
    }
  }
}

function* zipEntries(zip: Buffer): Generator<Entry> {
  const end = zip.lastIndexOf('PK\u0005\u0006');
  if (end < 0) throw new Error('not a zip archive');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error('not a zip archive');
    const method = zip.readUInt16LE(at + 10);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const start = zip.readUInt32LE(at + 42);
    const path = zip.toString('utf8', at + 46, at + 46 + nameLength);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    const content = (): Buffer => {
      const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28);
      const packed = zip.subarray(from, from + size);
      return method === 0 ? packed : inflateRawSync(packed);
    };
    yield { path, content };
  }
}
