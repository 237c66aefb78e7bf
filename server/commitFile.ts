// Commit file: the file of today against the commit that a run came from, with git's own words where there is none.
import path from 'node:path';
import { pathOf } from './context.ts';
import { commitOfContent, plainContentWords } from './features/contentWords.ts';
import { visible } from './features/markdown.ts';
import { committedRun, type RanContent, ranContent } from './features/runCommit.ts';
import type { FileAtParams, FileAtResult, RunCommitParams, RunCommitResult } from './protocol/commit.ts';
import type { Session } from './session.ts';

const isHash = (commit: string): boolean => /^[0-9a-f]{7,64}$/i.test(commit);

/** `membersOf` and `definedIn` as the other answers have them: all ids of one thing, and the files that define it, best first. */
export interface SubjectParts {
  readonly members: readonly string[];
  readonly definedIn: readonly string[];
  readonly name: string;
}

/** Never rejects for what git does not know; it is said instead. */
export async function runCommit(
  session: Session,
  { uri }: RunCommitParams,
  { members, definedIn, name }: SubjectParts,
): Promise<RunCommitResult> {
  const run = session.readCatalog((catalog) => committedRun(catalog, members));
  const ran = run ? undefined : session.readCatalog((catalog) => ranContent(catalog, members));
  const shown = visible(name);
  if (ran) return contentCommit(session, ran, definedIn, shown);
  if (!run) {
    return {
      problem: `No run of ${shown} says the commit it came from. Tools record it when the run starts inside a git checkout: MLflow as its source version, Airflow as the version of a DAG bundle from git. Nor does any hand out the code that ran, so that git could be asked for it.`,
    };
  }
  const { commit } = run;
  const short = commit.slice(0, 7);
  const file = (uri === undefined ? undefined : pathOf(uri)) ?? definedIn[0];
  if (file === undefined) {
    return {
      problem: `No file of this workspace defines ${shown}. Open the file to compare with ${short}, then try again.`,
    };
  }
  const fileName = visible(path.basename(file));
  const repository = await session.git.repositoryOf(file);
  if (!repository) {
    return {
      problem: session.options.trusted
        ? `${fileName} is in no git repository of this workspace, so it cannot be compared with commit ${short}.`
        : `git is not run in Restricted Mode. Trust this workspace to compare ${fileName} with commit ${short}.`,
    };
  }
  const relation = await repository.relation(commit);
  if ((await repository.commit(commit)) === undefined) {
    const reason = relation.is === 'unknown' ? relation.reason : `${short} is not in this repository`;
    return { problem: `The run ${visible(run.name)} came from another commit than is known here: ${reason}.` };
  }
  const difference = await repository.differenceSince(commit, file);
  if (!difference) {
    return { problem: `${fileName} was not there at commit ${short}, which the run ${visible(run.name)} came from.` };
  }
  const { added, removed } = difference;
  return { commit, run: visible(run.name), file, unchanged: added + removed === 0 };
}

/** By what ran, where no run says its commit: the file that holds it, at the commit that brought it. */
async function contentCommit(
  session: Session,
  ran: RanContent,
  near: readonly string[],
  shown: string,
): Promise<RunCommitResult> {
  const found = await session.contents.find(ran.content, near);
  const name = visible(ran.run?.name ?? shown);
  if (!found) {
    const where = session.options.trusted
      ? 'this workspace has no git repository to compare it with'
      : 'git is not run in Restricted Mode; trust this workspace to compare it';
    return { problem: `No run of ${shown} says the commit it came from. The code that ran is known, but ${where}.` };
  }
  const { match, repository } = found;
  const commit = commitOfContent(match);
  if (commit === undefined || !('path' in match)) {
    return {
      problem: `No run of ${shown} says the commit it came from, and of ${name} git says: ${visible(plainContentWords(match))}.`,
    };
  }
  const file = path.join(repository.root, match.path);
  const difference = await repository.differenceSince(commit, file);
  if (!difference)
    return { problem: `${visible(match.path)}, which ${name} ran, cannot be read at commit ${commit.slice(0, 7)}.` };
  return { commit, run: name, file, unchanged: difference.added + difference.removed === 0 };
}

/** Only of files inside the repositories of the workspace folders, and only from their history. */
export async function fileAt(session: Session, { commit, file }: FileAtParams): Promise<FileAtResult> {
  const problem = `${visible(path.basename(file))} at commit ${visible(commit.slice(0, 7))} is not in the repositories of this workspace.`;
  if (!isHash(commit) || !path.isAbsolute(file)) return { problem };
  const repository = await session.git.repositoryOf(path.normalize(file));
  const text = await repository?.fileAt(commit, path.normalize(file));
  return text === undefined ? { problem } : { text };
}
