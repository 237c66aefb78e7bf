// Ran commits: which commit stands behind an entity or a run, told by its tool or found by what ran, for what commands print.
import type { EntityId } from '../catalog/entity.ts';
import { plainContentWords } from '../features/contentWords.ts';
import { committedRun, ranContent } from '../features/runCommit.ts';
import type { Session } from '../session.ts';

export interface RanCommitJson {
  /** Full hash: of the newest run that says its commit, else of the commit that brought what runs. */
  readonly commit?: string;
  /** Which commits hold what runs, in words, where no run says its commit. */
  readonly content?: string;
}

/** git is asked about so many different contents at most. */
const mostContents = 200;

/** In the order of `subjects`, of which each is all ids of one thing; empty where no tool tells either. */
export async function ranCommits(
  session: Session,
  subjects: readonly (readonly EntityId[])[],
): Promise<readonly RanCommitJson[]> {
  const asked = new Map<string, Promise<RanCommitJson>>();
  const found: RanCommitJson[] = [];
  for (const ids of subjects) {
    const key = ids.join('\n');
    const known = asked.get(key) ?? (asked.size < mostContents ? ranCommit(session, ids) : Promise.resolve({}));
    asked.set(key, known);
    found.push(await known);
  }
  return found;
}

async function ranCommit(session: Session, ids: readonly EntityId[]): Promise<RanCommitJson> {
  const told = session.readCatalog((catalog) => committedRun(catalog, ids)?.commit);
  if (told !== undefined) return { commit: told };
  const ran = session.readCatalog((catalog) => {
    const one = ranContent(catalog, ids);
    const about = one && [one.of, ...(one.run?.of ?? [])];
    return one && { content: one.content, near: about?.flatMap((id) => catalog.facts(id).definedAt?.path ?? []) ?? [] };
  });
  const match = ran && (await session.contents.find(ran.content, ran.near))?.match;
  if (!match) return {};
  const commit = match.is === 'checkedOut' || match.is === 'committed' ? { commit: match.first } : {};
  return { ...commit, content: plainContentWords(match) };
}

/** `commit 5be1f0a`, or what is known of the content; empty when neither is. */
export function ranWords({ commit, content }: RanCommitJson): string {
  return content ?? (commit === undefined ? '' : `commit ${commit.slice(0, 7)}`);
}
