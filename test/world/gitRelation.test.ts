// The commit that ran against the checkout, on real repositories: merges, branches, renames, shallow clones; the diff, and who wrote the lines.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createExec } from '../../server/world/exec.ts';
import { authorsIn } from '../../server/world/git/blame.ts';
import { differenceOf } from '../../server/world/git/unified.ts';
import { openRepository } from '../../server/world/git.ts';
import { testFolder } from '../support/folder.ts';
import { type TestRepository, testRepository } from '../support/repository.ts';

async function opened(folder: string) {
  const git = await openRepository(folder, createExec(true));
  assert.ok(git);
  return git;
}

const relation = async (folder: string, hash: string) => (await opened(folder)).relation(hash);

/** start, then a branch of two commits that was merged, then one more. */
function merged(t: TestContext) {
  const repository = testRepository(t);
  const start = repository.commit('start', { 'a.py': '1\n' });
  repository.git('checkout', '--quiet', '-b', 'work');
  const inside = repository.commit('on the branch', { 'b.py': '1\n' });
  const tip = repository.commit('more', { 'b.py': '2\n' });
  repository.git('checkout', '--quiet', 'main');
  const beside = repository.commit('beside', { 'a.py': '2\n' });
  repository.git('merge', '--quiet', '--no-ff', '--no-edit', 'work');
  const head = repository.commit('last', { 'a.py': '3\n' });
  return { repository, start, inside, tip, beside, head };
}

test('same, behind over a merge, ahead, diverged', async (t) => {
  const { repository, start, inside, tip, beside, head } = merged(t);
  const { path } = repository;
  assert.deepEqual(await relation(path, head), { is: 'same' });
  assert.deepEqual(await relation(path, head.slice(0, 9)), { is: 'same' });
  assert.deepEqual(await relation(path, start), { is: 'behind', by: 5 });
  assert.deepEqual(await relation(path, inside), { is: 'behind', by: 4 });
  assert.deepEqual(await relation(path, beside), { is: 'behind', by: 4 });
  repository.git('checkout', '--quiet', beside);
  assert.deepEqual(await relation(path, head), { is: 'ahead', by: 4 }, 'the merge, the two it brought, the last');
  assert.deepEqual(await relation(path, tip), { is: 'diverged', ahead: 2, behind: 1 });
});

test('what nobody can say names the reason and the next step', async (t) => {
  const repository = testRepository(t);
  const unknown = async (hash: string) => {
    const said = await relation(repository.path, hash);
    assert.equal(said.is, 'unknown');
    return said.is === 'unknown' ? said.reason : '';
  };
  assert.match(await unknown('0'.repeat(40)), /is not in this repository; fetch it/);
  const start = repository.commit('start', { 'a.py': '1\n' });
  for (const hostile of ['--output=x', 'HEAD', 'main', '', '-h', '; touch x'])
    assert.match(await unknown(hostile), /is no commit hash$/);
  repository.git('checkout', '--quiet', '--orphan', 'other');
  assert.match(await unknown(start), /nothing is committed here yet/);
  repository.commit('another root', { 'c.py': '1\n' });
  assert.match(await unknown(start), /no commit in common/);
});

test('a shallow clone says what its edge hides', async (t) => {
  const { repository, start, tip, beside, head } = merged(t);
  const clone = cloned(t, repository, '--depth', '2', '--no-single-branch');
  assert.deepEqual(await relation(clone, head), { is: 'same' });
  const lost = await relation(clone, start);
  assert.match(lost.is === 'unknown' ? lost.reason : '', /this clone is shallow: git fetch --unshallow/);
  // Its history is cut right behind it, so that it has nothing in common with the checkout any more.
  const before = execFileSync('git', ['rev-parse', 'HEAD~1'], { cwd: clone, encoding: 'utf8' }).trim();
  assert.deepEqual(await relation(clone, before), { is: 'behind', by: 1, atLeast: true });
  const parted = await relation(clone, tip);
  assert.ok(parted.is === 'unknown' || ('atLeast' in parted && parted.atLeast), JSON.stringify(parted));
  execFileSync('git', ['fetch', '--quiet', '--unshallow'], { cwd: clone, stdio: 'ignore' });
  assert.deepEqual(await relation(clone, beside), { is: 'behind', by: 4 });
});

function cloned(t: TestContext, from: TestRepository, ...options: readonly string[]): string {
  const folder = testFolder(t);
  const args = ['clone', '--quiet', ...options, `file://${from.path}`, folder.at('clone')];
  execFileSync('git', args, { stdio: 'ignore', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
  return folder.at('clone');
}

test('the diff of a file since the commit, also of one that was renamed, as saved', async (t) => {
  const repository = testRepository(t);
  const lines = (more: string) => `import a\n${'x = 1\n'.repeat(20)}${more}`;
  const start = repository.commit('start', { 'old.py': lines('y = 2\n') });
  repository.commit('rename', { 'old.py': undefined, 'new.py': lines('y = 2\n') });
  repository.write('new.py', lines('y = 3\nz = 4\n'));
  const git = await opened(repository.path);
  const found = await git.differenceSince(start, repository.at('new.py'));
  assert.deepEqual([found?.added, found?.removed], [2, 1]);
  const short = start.slice(0, 7);
  const expected = [
    ...[`--- new.py at ${short}`, '+++ new.py as saved', '@@ -19,5 +19,6 @@'],
    ...[' x = 1', ' x = 1', ' x = 1', '-y = 2', '+y = 3', '+z = 4', ' ', ''],
  ];
  assert.equal(found?.text, expected.join('\n'));
  assert.equal(await git.differenceSince(start, repository.at('none.py')), undefined);
  assert.equal(await git.differenceSince('f'.repeat(40), repository.at('new.py')), undefined);
});

test('who wrote the lines that are there now, most lines first', async (t) => {
  const repository = testRepository(t);
  repository.commit('start', { 'a.py': 'a\nb\nc\nd\n' }, 'ana');
  repository.commit('more', { 'a.py': 'a\nb\nc\nD\n', 'b.py': '1\n' }, 'Müller, Bo');
  const git = await opened(repository.path);
  const authors = await git.authors(repository.at('a.py'));
  assert.deepEqual(
    authors.map(({ author, lines }) => [author, lines]),
    [
      ['ana', 3],
      ['Müller, Bo', 1],
    ],
  );
  assert.equal(authors[1]?.at, Date.UTC(2026, 9, 3));
  assert.deepEqual(await git.authors(repository.at('none.py')), []);
});

test('a diff put on the old text gives the new one', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { text: diff, added, removed } = differenceOf(before, after, ['a', 'b']);
      assert.equal(patched(before, diff), after);
      const signs = diff.split('\n').slice(2);
      assert.equal(signs.filter((line) => line.startsWith('+')).length, added);
      assert.equal(signs.filter((line) => line.startsWith('-')).length, removed);
    }),
  );
});

function patched(before: string, diff: string): string {
  const old = before.split('\n');
  const lines: string[] = [];
  let at = 0;
  for (const line of diff === '' ? [] : diff.slice(0, -1).split('\n').slice(2)) {
    const [, from, , to] = /^@@ -(\d+),(\d+) \+(\d+),\d+ @@$/.exec(line) ?? [];
    if (from !== undefined) {
      lines.push(...old.slice(at, Number(from) - 1));
      at = Number(from) - 1;
      assert.equal(lines.length, Number(to) - 1);
    } else if (line.startsWith('+')) lines.push(line.slice(1));
    else {
      assert.equal(line.slice(1), old[at]);
      if (line.startsWith(' ')) lines.push(line.slice(1));
      at++;
    }
  }
  return [...lines, ...old.slice(at)].join('\n');
}

test('any text is read as blame', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => authorsIn(text).length >= 0));
});
