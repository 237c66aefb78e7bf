// A git repository made for one test: commits with fixed people and dates, and whatever configuration the test wants.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { type TestFolder, testFolder } from './folder.ts';

export interface TestRepository extends TestFolder {
  git(...command: readonly string[]): string;
  /** Writes the files (undefined removes one), commits, and gives the full hash. */
  commit(subject: string, files: Readonly<Record<string, string | undefined>>, author?: string): string;
}

export function testRepository(context: TestContext): TestRepository {
  const folder = testFolder(context);
  let seconds = Date.UTC(2026, 9, 1) / 1000;
  let who = 'ana';
  const git = (...command: readonly string[]): string => {
    const date = `${seconds} +0000`;
    const person = { GIT_AUTHOR_NAME: who, GIT_AUTHOR_EMAIL: `${who}@acme.example`, GIT_AUTHOR_DATE: date };
    const committer = { GIT_COMMITTER_NAME: who, GIT_COMMITTER_EMAIL: `${who}@acme.example`, GIT_COMMITTER_DATE: date };
    const env = { ...process.env, ...person, ...committer, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
    return execFileSync('git', command, { cwd: folder.path, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  git('init', '--quiet', '--initial-branch=main');
  return {
    ...folder,
    git,
    commit: (subject, files, author = 'ana') => {
      who = author;
      seconds += 86_400;
      for (const [name, text] of Object.entries(files)) {
        if (text === undefined) rmSync(folder.at(name));
        else folder.write(name, text);
      }
      git('add', '--all');
      git('commit', '--quiet', '--allow-empty', '--message', subject);
      return git('rev-parse', 'HEAD').trim();
    },
  };
}
