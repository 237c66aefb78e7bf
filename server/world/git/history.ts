// History of a content: which commits brought it to a path, how long it stayed, and where it went from there.

import { idMatch, textMatch } from '../../connectors/contentHash.ts';
import type { Content } from '../../connectors/repository.ts';
import { ExecFailure } from '../exec.ts';
import { WorldError } from '../failure.ts';

export interface AskOptions {
  readonly input?: string;
  /** Paths are patterns of git, not names. */
  readonly patterns?: true;
}

/** Rejects with an ExecFailure when git says no. */
export type Ask = (command: readonly string[], options?: AskOptions) => Promise<string>;

/** A commit that gave a path this blob. */
export interface Brought {
  readonly commit: string;
  readonly path: string;
  readonly blob: string;
}

/** Changes of a file that are looked through, and texts of it that are read. */
export const most = { changes: 3000, texts: 400, moves: 20 };
// A stash is a commit to git alone.
const everywhere = ['--exclude=refs/stash', '--all'];
const told = [
  '--raw',
  '--no-abbrev',
  '--no-renames',
  '-z',
  '--format=%H',
  '--no-ext-diff',
  '--no-textconv',
  '--no-notes',
];
// Merges: what differs from every parent. Side branches that came to nothing hold commits all the same.
const changes = ['log', ...told, '-c', '--full-history'];

/** Undefined when git says no. */
export async function answered(asked: Promise<string>): Promise<string | undefined> {
  try {
    return (await asked).trim();
  } catch (error) {
    if (error instanceof ExecFailure) return undefined;
    throw error;
  }
}

export interface Looked {
  /** Newest first. */
  readonly brought: readonly Brought[];
  /** Whether git knows any of the paths. */
  readonly known: boolean;
  /** There is more than was looked through. */
  readonly more: boolean;
}

/** By the paths that it may have had. */
export async function byPath(ask: Ask, content: Content, names: readonly string[]): Promise<Looked> {
  if (names.length === 0) return { brought: [], known: false, more: false };
  const text = await ask([...changes, `--max-count=${most.changes}`, ...everywhere, '--', ...names]);
  const all = broughtIn(text);
  const wanted = new Set(names);
  const ours = all.filter(({ path }) => wanted.has(path));
  const more = new Set(all.map(({ commit }) => commit)).size >= most.changes;
  if (content.hash.kind === 'git')
    return { brought: ours.filter(({ blob }) => idMatch(blob, content.hash)), known: ours.length > 0, more };
  const blobs = [...new Set(ours.map(({ blob }) => blob))];
  const found = await firstText(ask, content, blobs.slice(0, most.texts));
  const brought = ours.filter(({ blob }) => blob === found);
  return { brought, known: ours.length > 0, more: more || blobs.length > most.texts };
}

async function firstText(ask: Ask, { hash }: Content, blobs: readonly string[]): Promise<string | undefined> {
  for (const blob of blobs) if (textMatch((await blobText(ask, blob)) ?? '', hash)) return blob;
  return undefined;
}

/** Undefined for what is too big or not there. */
export async function blobText(ask: Ask, name: string): Promise<string | undefined> {
  try {
    return await ask(['cat-file', 'blob', name]);
  } catch (error) {
    if (error instanceof ExecFailure || (error instanceof WorldError && error.kind === 'tooBig')) return undefined;
    throw error;
  }
}

/** Of the ids those that git holds, in whatever commit, or in none. Takes no time in any repository. */
export async function heldOf(ask: Ask, ids: readonly string[]): Promise<readonly string[]> {
  const known = await ask(['cat-file', '--batch-check'], { input: ids.map((id) => `${id}\n`).join('') });
  return ids.filter((id) => known.includes(`${id} blob `));
}

/** Whatever its path was. Looks at all of the history. */
export async function byId(ask: Ask, held: readonly string[]): Promise<readonly Brought[]> {
  for (const id of held) {
    const text = await ask([...changes, '--max-count=20', `--find-object=${id}`, ...everywhere]);
    const brought = broughtIn(text).filter(({ blob }) => blob === id);
    if (brought.length > 0) return brought;
  }
  return [];
}

/** Of `log --raw -z --format=%H`: a hash, then for each path `:modes ids status` and the path; all ended by a NUL. */
export function broughtIn(text: string): readonly Brought[] {
  const found: Brought[] = [];
  let commit = '';
  const fields = text.split('\0');
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]?.replace(/^\n+/, '') ?? '';
    if (/^[0-9a-f]{40,64}$/.test(field)) commit = field;
    if (!field.startsWith(':')) continue;
    const blob = field.split(' ').at(-2) ?? '';
    const path = fields[index + 1];
    index += 1;
    if (path !== undefined && /[1-9a-f]/.test(blob)) found.push({ commit, path, blob });
  }
  return found;
}

/** Where a content that a commit brought is last, on the way to `tip`, as far as it was only moved. */
export async function lastOf(
  ask: Ask,
  from: Brought,
  tip: string,
): Promise<{ readonly last: string; readonly path: string }> {
  let at = from;
  for (let moves = 0; moves < most.moves; moves += 1) {
    const range = ['rev-list', '--reverse', '--ancestry-path', `${at.commit}..${tip}`, '--', at.path];
    const next = (await ask(range)).split('\n')[0];
    if (!next) return { last: tip, path: at.path };
    const moved = await movedTo(ask, next, at.blob);
    if (moved === undefined) return { last: await parentWith(ask, next, at), path: at.path };
    at = { commit: next, path: moved, blob: at.blob };
  }
  return { last: at.commit, path: at.path };
}

/** The path that a commit gave to the same blob. */
async function movedTo(ask: Ask, commit: string, blob: string): Promise<string | undefined> {
  const raw = ['diff-tree', '--root', '-r', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '-z', commit];
  return broughtIn(await ask(raw)).find((one) => one.blob === blob)?.path;
}

async function parentWith(ask: Ask, commit: string, { path, blob, commit: from }: Brought): Promise<string> {
  for (const parent of (await ask(['rev-parse', `${commit}^@`])).split('\n').filter(Boolean)) {
    if ((await answered(ask(['rev-parse', '--verify', '--quiet', `${parent}:${path}`]))) === blob) return parent;
  }
  return from;
}
