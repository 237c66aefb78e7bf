// What git and CODEOWNERS say, from memory: first nothing, then the answer, never a wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Authors } from '../../server/connectors/git/authors.ts';
import { Codeowners, parseCodeowners } from '../../server/connectors/git/codeowners.ts';
import { GitFacts } from '../../server/connectors/git/gitFacts.ts';
import { createHost } from '../../server/world/host.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';
import { testRepository } from '../support/repository.ts';

function facts(folder: string, options: { trusted?: boolean; now?: () => number } = {}) {
  const log = memoryLog();
  const host = createHost({ log, trusted: options.trusted ?? true, now: options.now });
  const git = new GitFacts({ folders: [folder], host });
  const changed = () => new Promise<void>((resolve) => git.onChanged(resolve));
  return { git, changed, log };
}

test('a file against the commit of a run: unknown at first, then unchanged, then changed after a save', async (t) => {
  const repository = testRepository(t);
  const commit = repository.commit('add evaluation', { 'a.py': '1\n' }, 'ana');
  const { git, changed } = facts(repository.path);
  const file = repository.at('a.py');
  const answered = changed();
  assert.deepEqual(git.fileChange(file, commit), { commit });
  await answered;
  const summary = `${commit.slice(0, 7)} add evaluation (ana, 2026-10-02)`;
  const same = { commit, summary, relation: { is: 'same' as const } };
  const unchanged = { ...same, changed: false, lines: { added: 0, removed: 0 } };
  assert.deepEqual(git.fileChange(file, commit), unchanged);

  repository.write('a.py', '2\n');
  git.forget(file);
  const again = changed();
  assert.deepEqual(git.fileChange(file, commit), unchanged, 'the old answer until the new one');
  await again;
  assert.deepEqual(git.fileChange(file, commit), { ...same, changed: true, lines: { added: 1, removed: 1 } });
  git.dispose();
});

test('an answer is asked again after half a minute, without being told', async (t) => {
  const repository = testRepository(t);
  const commit = repository.commit('start', { 'a.py': '1\n' });
  let now = 1_000_000;
  const { git, changed } = facts(repository.path, { now: () => now });
  const first = changed();
  git.fileChange(repository.at('a.py'), commit);
  await first;
  repository.write('a.py', '2\n');
  now += 31_000;
  const second = changed();
  assert.equal(git.fileChange(repository.at('a.py'), commit).changed, false);
  await second;
  assert.equal(git.fileChange(repository.at('a.py'), commit).changed, true);
  git.dispose();
});

test('a commit of another repository is said to be that', async (t) => {
  const repository = testRepository(t);
  repository.commit('start', { 'a.py': '1\n' });
  const { git, changed } = facts(repository.path);
  const answered = changed();
  git.fileChange(repository.at('a.py'), 'a'.repeat(40));
  await answered;
  assert.deepEqual(git.fileChange(repository.at('a.py'), 'a'.repeat(40)), {
    commit: 'a'.repeat(40),
    summary: 'aaaaaaa is not in this repository; fetch it: git fetch --all',
  });
  git.dispose();
});

test('in Restricted Mode and outside of a repository nothing is known, and nobody is called', async (t) => {
  const repository = testRepository(t);
  const commit = repository.commit('start', { 'a.py': '1\n' });
  for (const [folder, trusted] of [
    [repository.path, false],
    [testFolder(t, { 'a.py': '1\n' }).path, true],
  ] as const) {
    const { git, log } = facts(folder, { trusted });
    let called = 0;
    git.onChanged(() => called++);
    assert.deepEqual(git.fileChange(`${folder}/a.py`, commit), { commit });
    assert.equal(await git.repositoryOf(`${folder}/a.py`), undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(git.fileChange(`${folder}/a.py`, commit), { commit });
    assert.equal(called, 0);
    assert.deepEqual(log.lines, []);
    git.dispose();
  }
});

const rules = `# who owns what
*                 @acme/platform
/dags/            @acme/orchestration
*.sql             @acme/analytics   # warehouse
docs/*            docs@acme.example
/dbt/models/**/churn_*.sql  @acme/growth-ml @ana
notebooks/my\\ notes/ @ben
/vendored/
!/dags/secret.py  @nobody
`;

const owned: readonly (readonly [file: string, owners: readonly string[]])[] = [
  ['README.md', ['@acme/platform']],
  ['dags/train_churn.py', ['@acme/orchestration']],
  ['dags/secret.py', ['@acme/orchestration']],
  ['src/dags/x.py', ['@acme/platform']],
  ['sql/load.sql', ['@acme/analytics']],
  ['docs/index.md', ['docs@acme.example']],
  ['docs/guides/start.md', ['@acme/platform']],
  ['dbt/models/marts/churn_labels.sql', ['@acme/growth-ml', '@ana']],
  ['dbt/models/churn_labels.sql', ['@acme/growth-ml', '@ana']],
  ['notebooks/my notes/a.ipynb', ['@ben']],
  ['vendored/lib/x.py', []],
];
for (const [file, owners] of owned) {
  test(`CODEOWNERS: ${file} belongs to ${owners.join(' and ') || 'nobody'}`, () => {
    assert.deepEqual(parseCodeowners(rules).owners(file), owners);
  });
}

test('CODEOWNERS of GitLab: sections give their owners to lines without any', () => {
  const parsed = parseCodeowners('* @all\n[Models][2] @acme/ml\nmodels/\n^[Docs]\ndocs/ @writers\n');
  assert.deepEqual(parsed.owners('models/a.py'), ['@acme/ml']);
  assert.deepEqual(parsed.owners('docs/a.md'), ['@writers']);
});

test('CODEOWNERS: paths that are none have no owner', () => {
  for (const file of ['', '/etc/passwd', '../x', './a']) assert.deepEqual(parseCodeowners('* @all').owners(file), []);
});

test('the file in .github counts before the one in the root; each workspace folder has its own', async (t) => {
  const one = testFolder(t, { '.github/CODEOWNERS': '* @github', CODEOWNERS: '* @root' });
  const two = testFolder(t, { CODEOWNERS: '*.py @two @more' });
  const host = createHost({ log: memoryLog(), trusted: false });
  const codeowners = new Codeowners([one.path, two.path], host);
  assert.equal(codeowners.ownerOf(one.at('a.py')), undefined, 'not read yet');
  await codeowners.load();
  assert.equal(codeowners.ownerOf(one.at('a.py')), '@github');
  assert.equal(codeowners.ownerOf(two.at('x/a.py')), '@two, @more');
  assert.equal(codeowners.ownerOf(two.at('x/a.sql')), undefined);
  assert.equal(codeowners.ownerOf('/elsewhere/a.py'), undefined);
});

test('who wrote most of a file is said once git has answered; of no file nobody', async (t) => {
  const repository = testRepository(t);
  repository.commit('start', { 'a.py': 'a\nb\nc\n' }, 'ana');
  repository.commit('more', { 'a.py': 'a\nb\nC\n' }, 'bo');
  const { git } = facts(repository.path);
  const host = createHost({ log: memoryLog(), trusted: true });
  const authors = new Authors((file) => git.repositoryOf(file), host);
  assert.equal(authors.of(repository.at('a.py')), undefined);
  authors.of(repository.at('none.py'));
  await authors.settled();
  assert.equal(authors.of(repository.at('a.py')), 'ana, who wrote 2 of its 3 lines');
  assert.equal(authors.of(repository.at('none.py')), undefined);
  git.dispose();
});
