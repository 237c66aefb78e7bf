// How a commit stands to the checkout: the same, behind it by so many commits, ahead, diverged; or why nobody can say.
import type { CommitRelation } from '../../connectors/repository.ts';
import { ExecFailure } from '../exec.ts';

type Git = (...command: readonly string[]) => Promise<string>;

/** `hash` must be one. Counts are at least so many in a shallow clone, where what lies before its edge is not there. */
export async function relationOf(git: Git, hash: string): Promise<CommitRelation> {
  const short = hash.slice(0, 7);
  const full = await asked(git('rev-parse', '--verify', '--quiet', `${hash}^{commit}`));
  const isShallow = (await asked(git('rev-parse', '--is-shallow-repository'))) === 'true';
  if (full === undefined) {
    const next = isShallow ? 'this clone is shallow: git fetch --unshallow' : 'fetch it: git fetch --all';
    return { is: 'unknown', reason: `${short} is not in this repository; ${next}` };
  }
  const head = await asked(git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}'));
  if (head === undefined) return { is: 'unknown', reason: 'nothing is committed here yet' };
  if (head === full) return { is: 'same' };
  const base = await asked(git('merge-base', full, head));
  if (base === undefined) {
    const reason = isShallow
      ? `this clone is shallow, and where ${short} and the checkout part lies before its edge; git fetch --unshallow`
      : `${short} and the checkout have no commit in common`;
    return { is: 'unknown', reason };
  }
  const counts = (await asked(git('rev-list', '--left-right', '--count', `${full}...${head}`)))
    ?.split(/\s+/)
    .map(Number);
  const [ahead, behind] = counts ?? [];
  if (ahead === undefined || behind === undefined || !(ahead >= 0 && behind >= 0))
    return { is: 'unknown', reason: `git did not count the commits since ${short}` };
  const least = isShallow ? { atLeast: true as const } : {};
  if (ahead === 0) return { is: 'behind', by: behind, ...least };
  return behind === 0 ? { is: 'ahead', by: ahead, ...least } : { is: 'diverged', ahead, behind, ...least };
}

/** Undefined when git says no. */
async function asked(answer: Promise<string>): Promise<string | undefined> {
  try {
    return (await answer).trim();
  } catch (error) {
    if (error instanceof ExecFailure) return undefined;
    throw error;
  }
}
