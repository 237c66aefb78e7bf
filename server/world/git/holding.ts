// Holding: which commits hold what a tool runs; the checkout is looked at first, then history by its names, then by its hash.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { idMatch, textMatch } from '../../connectors/contentHash.ts';
import type { Content, ContentMatch } from '../../connectors/repository.ts';
import { printable } from '../failure.ts';
import { type Ask, answered, type Brought, blobText, byId, byPath, heldOf, type Looked, lastOf } from './history.ts';

export interface HoldingParts {
  readonly ask: Ask;
  readonly root: string;
  /** Relative to the root, with `/`; undefined outside of it. */
  nameOf(file: string): Promise<string | undefined>;
  /** As saved; undefined when it is not there. */
  textToday(file: string): Promise<string | undefined>;
  /** What history says, by what was asked and the refs it was asked of. */
  readonly remembered: Map<string, Promise<ContentMatch | undefined>>;
}

const mostNames = 8;
const mostRemembered = 500;
const nothing: Looked = { brought: [], known: false, more: false };

/** Rejects when git cannot be run or takes too long. */
export async function holdingOf(parts: HoldingParts, content: Content, near: readonly string[]): Promise<ContentMatch> {
  const { ask } = parts;
  const names = await namesOf(parts, content, near);
  const head = await answered(ask(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']));
  const here = head === undefined ? undefined : await checkedOut(parts, content, names);
  if (here) return here;
  const then = head === undefined ? undefined : await remembered(parts, content, names, head);
  // Moved, and nothing but moved: the file as saved is looked at anew.
  if (then?.is === 'checkedOut') return (await checkedOut(parts, content, [then.path])) ?? then;
  if (then?.is === 'committed') return then;
  for (const name of names) {
    const text = await parts.textToday(path.join(parts.root, name));
    const match = text === undefined ? undefined : textMatch(text, content.hash);
    if (match) return { is: 'saved', path: name, ...match };
  }
  return then ?? { is: 'unknown', reason: 'nothing is committed here yet' };
}

/** Names that the file may have had, best first: those that are known, the one its tool says, those that end like it. */
async function namesOf(
  { ask, nameOf }: Pick<HoldingParts, 'ask' | 'nameOf'>,
  { file }: Content,
  near: readonly string[],
): Promise<readonly string[]> {
  const known: string[] = [];
  for (const one of path.isAbsolute(file) ? [...near, file] : near) known.push((await nameOf(one)) ?? '');
  const parts = file.split('/').filter((part) => part !== '' && part !== '.');
  const isBelow = !file.startsWith('/') && !/^[a-z]:/i.test(file) && !parts.includes('..');
  const alike = (await namedAlike(ask, parts.at(-1))).map((name) => [inCommon(name.split('/'), parts), name] as const);
  const ranked = alike.sort(([a, one], [b, other]) => b - a || (one < other ? -1 : 1)).map(([, name]) => name);
  const all = [...known, ...(isBelow ? [parts.join('/')] : []), ...ranked];
  return [...new Set(all)].filter((name) => name !== '').slice(0, mostNames);
}

/** Files of the checkout, in whatever folder. */
async function namedAlike(ask: Ask, name: string | undefined): Promise<readonly string[]> {
  if (name === undefined) return [];
  const pattern = `:(top,glob)**/${name.replace(/[\\*?[\]]/g, '\\$&')}`;
  const listed = await ask(['ls-files', '--full-name', '-z', '--', pattern], { patterns: true });
  return [...new Set(listed.split('\0'))].filter((one) => one !== '');
}

/** How many of the last parts are the same. */
function inCommon(one: readonly string[], other: readonly string[]): number {
  let same = 0;
  while (same < one.length && one.at(-1 - same) === other.at(-1 - same)) same += 1;
  return same;
}

async function checkedOut(
  { ask, root, textToday }: HoldingParts,
  content: Content,
  names: readonly string[],
): Promise<ContentMatch | undefined> {
  for (const name of names) {
    const id = await answered(ask(['rev-parse', '--verify', '--quiet', `HEAD:${name}`]));
    if (id === undefined) continue;
    const match =
      content.hash.kind === 'git'
        ? idMatch(id, content.hash)
        : textMatch((await blobText(ask, id)) ?? '', content.hash);
    if (!match) continue;
    const first = await answered(ask(['log', '-1', '--no-show-signature', '--format=%H', 'HEAD', '--', name]));
    const saved = await textToday(path.join(root, name));
    const edited = saved === undefined || textMatch(saved, content.hash) === undefined;
    const branch = await branchOfHead(ask);
    return { is: 'checkedOut', path: name, first: first || 'HEAD', edited, ...branch, ...match };
  }
  return undefined;
}

async function branchOfHead(ask: Ask): Promise<{ readonly branch?: string }> {
  const branch = await answered(ask(['symbolic-ref', '--short', '--quiet', 'HEAD']));
  return branch ? { branch } : {};
}

/** History changes with the refs alone; while they are the same it is not asked twice. */
async function remembered(
  parts: HoldingParts,
  content: Content,
  names: readonly string[],
  head: string,
): Promise<ContentMatch | undefined> {
  const refs = await parts.ask(['rev-parse', '--exclude=refs/stash', '--all']);
  const key = JSON.stringify([content.hash, names, head, createHash('sha256').update(refs).digest('hex')]);
  const known = parts.remembered.get(key);
  if (known) return known;
  const asked = inHistory(parts, content, names);
  parts.remembered.set(key, asked);
  asked.catch(() => parts.remembered.delete(key));
  const oldest = parts.remembered.size > mostRemembered ? parts.remembered.keys().next().value : undefined;
  if (oldest !== undefined) parts.remembered.delete(oldest);
  return asked;
}

async function inHistory({ ask }: HoldingParts, content: Content, names: readonly string[]): Promise<ContentMatch> {
  const { hash } = content;
  const partial = await answered(
    ask(['config', '--get-regexp', '^(remote\\..*\\.promisor|extensions\\.partialclone)$']),
  );
  const isPartial = partial !== undefined;
  // To ask a partial clone for what it does not have would be to fetch it.
  const held = hash.kind === 'git' && !isPartial ? await heldOf(ask, hash.ids) : [];
  // A clone that has every blob has the one in question, or nobody committed it: then history need not be looked at.
  const isAbsent = hash.kind === 'git' && held.length === 0 && !isPartial;
  const looked = isAbsent ? nothing : await byPath(ask, content, names);
  const brought = looked.brought.length > 0 ? looked.brought : await byId(ask, held);
  if (brought.length > 0) return committed(ask, content, brought);
  const unknown = (reason: string): ContentMatch => ({ is: 'unknown', reason });
  if ((await answered(ask(['rev-parse', '--is-shallow-repository']))) === 'true')
    return unknown('this clone is shallow, and what it holds is another; git fetch --unshallow');
  if (isPartial && hash.kind === 'git' && !looked.known)
    return unknown('this clone is partial, so not every file of its history is here');
  const filter = await filterOf(ask, names);
  if (filter !== undefined) return unknown(`${filter} changes the file on its way into git`);
  const stem = content.isNotebook
    ? content.file
        .split('/')
        .at(-1)
        ?.replace(/\.\w+$/, '')
    : undefined;
  const [notebook] = await namedAlike(ask, stem && `${stem}.ipynb`);
  if (notebook !== undefined)
    return unknown(`${printable(notebook)} may be it, in another form than it was exported in`);
  if (looked.more) return unknown('only the newest part of its long history was looked through');
  const shown = printable(content.file).slice(-200);
  if (hash.kind === 'dbt' && !looked.known) return unknown(`${shown} is not in the history of this repository`);
  return { is: 'nowhere' };
}

/** Git LFS, nbstripout and the like: what is committed is not what runs. Attributes are read, no filter is run. */
async function filterOf(ask: Ask, names: readonly string[]): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  const told = await answered(ask(['check-attr', '-z', 'filter', 'working-tree-encoding', 'ident', '--', ...names]));
  const fields = told?.split('\0') ?? [];
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [, attribute = '', value = ''] = fields.slice(index, index + 3);
    if (value !== 'unspecified' && value !== 'unset')
      return `its attribute ${attribute} (${printable(value).slice(0, 50)})`;
  }
  return undefined;
}

async function committed(ask: Ask, { hash }: Content, brought: readonly Brought[]): Promise<ContentMatch> {
  for (const one of brought.slice(0, 10)) {
    if ((await answered(ask(['merge-base', '--is-ancestor', one.commit, 'HEAD']))) === undefined) continue;
    const { last, path: name } = await lastOf(ask, one, 'HEAD');
    const branch = await branchOfHead(ask);
    const aside = idMatch(one.blob, hash) ?? { aside: 'white space' as const };
    if (last === 'HEAD') return { is: 'checkedOut', path: name, first: one.commit, edited: false, ...branch, ...aside };
    const behind = Number(await ask(['rev-list', '--count', `${last}..HEAD`]));
    return { is: 'committed', path: name, first: one.commit, last, behind, ...branch, ...aside };
  }
  const [one] = brought;
  if (!one) return { is: 'nowhere' };
  const refs = [
    'for-each-ref',
    '--count=1',
    '--sort=-committerdate',
    `--contains=${one.commit}`,
    '--format=%(refname)',
  ];
  const ref = (await answered(ask([...refs, 'refs/heads', 'refs/remotes', 'refs/tags']))) ?? '';
  const tip = ref === '' ? undefined : await answered(ask(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]));
  const { last, path: file } = await lastOf(ask, one, tip ?? one.commit);
  const aside = idMatch(one.blob, hash) ?? { aside: 'white space' as const };
  const branch = ref.replace(/^refs\/(heads|remotes|tags)\//, '');
  return { is: 'committed', path: file, first: one.commit, last, ...(branch ? { branch } : {}), ...aside };
}
