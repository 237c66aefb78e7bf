// Which repository a file is in: git is asked once per workspace folder, and again after a while where there was none.
import path from 'node:path';
import type { ConnectorHost } from '../connector.ts';
import type { GitRepository } from '../repository.ts';

/** A folder without a repository may become one (`git init`): asked again after this, in ms. */
const retryAfter = 60_000;

/** Takes the absolute path of a file or folder. */
export type RepositoryOf = (file: string) => Promise<GitRepository | undefined>;

/**
 * The repository of the innermost of `folders` that holds a path; undefined outside of them, in Restricted Mode, and
 * where there is none. A repository below a workspace folder (a submodule) counts as part of it.
 */
export function repositories(folders: readonly string[], host: ConnectorHost): RepositoryOf {
  const asked = new Map<string, { readonly at: number; readonly answer: Promise<GitRepository | undefined> }>();
  const innermostFirst = [...folders].sort((a, b) => b.length - a.length);
  return async (file) => {
    const folder = innermostFirst.find((candidate) => file === candidate || file.startsWith(candidate + path.sep));
    if (folder === undefined) return undefined;
    const known = asked.get(folder);
    const found = await known?.answer.catch(() => undefined);
    if (found || (known && host.now() - known.at < retryAfter)) return known?.answer;
    const answer = host.repository(folder);
    asked.set(folder, { at: host.now(), answer });
    return answer;
  };
}
