// Content hashes: bytes of a tool become the ids git may know them by, and texts of git are held against the hash of a tool. Pure.
import { createHash } from 'node:crypto';
import type { Aside, Content, ContentHash } from '../catalog/content.ts';
import { said } from './json.ts';

/** Larger files are not asked for and not hashed. */
export const mostContentBytes = 1024 * 1024;

/** Undefined for nothing but white space, which is everywhere, and above `mostContentBytes`. */
export function gitContent(bytes: string | Uint8Array, { file, ...more }: Omit<Content, 'hash'>): Content | undefined {
  const given = Buffer.from(bytes);
  if (given.length === 0 || given.length > mostContentBytes) return undefined;
  const text = given.toString('utf8');
  if (text.trim() === '') return undefined;
  const isText = !text.includes('\0') && Buffer.from(text).equals(given);
  const forms = isText ? [given, ...otherForms(text)] : [given];
  const ids = new Set(['sha1', 'sha256'].flatMap((algorithm) => forms.map((form) => blobId(form, algorithm))));
  const hash = { kind: 'git' as const, ids: [...ids] };
  return said<Content>({ file: file.replaceAll('\\', '/'), hash, ...more });
}

/** What says the same to whoever runs it: tools hand texts out with line ends of their own, and some drop the last one. */
function otherForms(text: string): readonly Buffer[] {
  const lines = text.replace(/\r\n?/g, '\n');
  const bare = lines.endsWith('\n') ? lines.slice(0, -1) : lines;
  return [lines, bare, `${bare}\n`].flatMap((form) => [Buffer.from(form), Buffer.from(form.replaceAll('\n', '\r\n'))]);
}

/** As git names a file's bytes: in repositories of the usual kind by SHA-1, in others by SHA-256. */
function blobId(bytes: Buffer, algorithm: string): string {
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Undefined for what is no SHA-256, and for that of an empty file. */
export function dbtContent(sha256: string | undefined, file: string): Content | undefined {
  return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) && sha256 !== digest('')
    ? { file: file.replaceAll('\\', '/'), hash: { kind: 'dbt', sha256 } }
    : undefined;
}

/** How a text has a hash: as it is, or but for what does not count. Undefined when it has another. */
export function textMatch(text: string, hash: ContentHash): { readonly aside?: Aside } | undefined {
  if (hash.kind === 'git') return idMatch(blobId(Buffer.from(text), 'sha1'), hash);
  return dbtForms(text).some((form) => digest(form) === hash.sha256) ? { aside: 'white space' } : undefined;
}

/** The same of a blob by its id; undefined always for dbt, which hashes otherwise. */
export function idMatch(id: string, hash: ContentHash): { readonly aside?: Aside } | undefined {
  if (hash.kind !== 'git' || !hash.ids.includes(id)) return undefined;
  return hash.ids.find(({ length }) => length === id.length) === id ? {} : { aside: 'line ends' };
}

// What Python takes for white space, which is not quite what JavaScript does: str.isspace, docs.python.org, 2026-11-24.
const space = '\\t\\n\\v\\f\\r\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaces = new RegExp(`[${space}]+`, 'g');
const isSpace = new RegExp(`[${space}]`);

/**
 * What dbt hashes of a file: 1.12.6 every run of white space as one blank (`normalize_file_contents` of
 * parser/read_files.py), 1.8.9 the file without white space at its ends, and both of them seeds (1.12.6 with the line ends
 * of Unix). Read in these versions and tried with the former, 2026-11-24. A file of git may have other line ends than it had there.
 */
function dbtForms(text: string): readonly string[] {
  const lines = text.replace(/\r\n?/g, '\n');
  const bare = stripped(lines);
  return [stripped(text.replace(spaces, ' ')), bare, stripped(text), bare.replaceAll('\n', '\r\n')];
}

function stripped(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isSpace.test(text.charAt(from))) from += 1;
  while (to > from && isSpace.test(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
