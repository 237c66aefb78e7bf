// Contents: which commits hold what a run ran, for runs that do not say their commit.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Content, ContentMatch } from '../../catalog/content.ts';
import type { Run } from '../../catalog/run.ts';
import type { GitRepository } from '../../connectors/repository.ts';
import { whole } from '../trouble/runs.ts';
import { groupOf } from './executions.ts';

export interface RanContent {
  readonly content: Content;
  readonly run: Run;
  /** Of no run, but of what its job or table runs by now. */
  readonly guess: boolean;
}

/** A match that names commits. */
export type HeldContent = Extract<ContentMatch, { readonly is: 'checkedOut' | 'committed' }>;

/** What one of the records ran, or another record of the same execution, else what it is a run of. */
export function contentOf(catalog: Catalog, records: readonly Run[]): RanContent | undefined {
  for (const record of records) {
    const all = [record, whole(catalog, record)];
    const found = [...all, ...groupOf(catalog, whole(catalog, record))].find(({ content }) => content !== undefined);
    if (found?.content) return { content: found.content, run: found, guess: false };
  }
  for (const record of records) {
    for (const id of [...record.of, ...whole(catalog, record).of]) {
      const { content } = catalog.facts(id);
      if (content) return { content, run: record, guess: true };
    }
  }
  return undefined;
}

/** The first and the last commit that hold it, by their hashes; of one that is checked out the last is not told. */
export function commitsOfContent(held: HeldContent): { readonly first: string; readonly last: string } {
  return { first: held.first, last: held.is === 'committed' ? held.last : held.first };
}

/** `content equals commits a1b2c3d…c3d4e5f, since` the first of them, as git sums it up. */
export function heldWords(held: HeldContent, summary: string): string {
  const { first, last } = commitsOfContent(held);
  if (held.is === 'checkedOut') return `content is what is checked out, since ${summary}`;
  if (first === last) return `content equals ${summary.startsWith('commit ') ? '' : 'commit '}${summary}`;
  return `content equals commits ${first.slice(0, 7)}…${last.slice(0, 7)}, since ${summary}`;
}

/** What git says of contents; undefined where no repository was asked. */
export type Holding = (content: Content) => ContentMatch | undefined;

/** Undefined when no commit has it, as far as is known. */
export function isHeld(match: ContentMatch | undefined): match is HeldContent {
  return match?.is === 'checkedOut' || match?.is === 'committed';
}

/** Never rejects: what git cannot say is not known. */
export async function holdingOf(
  contents: readonly Content[],
  repositories: () => Promise<readonly GitRepository[]>,
): Promise<Holding> {
  const found = new Map<string, ContentMatch>();
  const all = contents.length > 0 ? await repositories().catch(() => []) : [];
  for (const content of contents) {
    for (const repository of all) {
      const match = await repository.holding(content, []).catch(() => undefined);
      const before = found.get(keyOf(content));
      // That one could not be asked counts for more than that another does not hold it.
      if (match && (before?.is !== 'unknown' || isHeld(match))) found.set(keyOf(content), match);
      if (isHeld(match)) break;
    }
  }
  return (content) => found.get(keyOf(content));
}

function keyOf({ file, hash }: Content): string {
  return JSON.stringify([file, hash]);
}
