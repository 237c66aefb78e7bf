// Git as the world asks it: commits, old texts, mapped lines; and nothing of the repository's own is ever run.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { createExec, type Exec } from '../../server/world/exec.ts';
import { openRepository } from '../../server/world/git.ts';
import { testFolder } from '../support/folder.ts';
import { type TestRepository, testRepository } from '../support/repository.ts';

const exec: Exec = createExec(true);

async function opened(repository: TestRepository) {
  const git = await openRepository(repository.path, exec);
  assert.ok(git);
  return git;
}

const evaluate = ['import pandas', '', 'def evaluate(frame):', "    return frame['churned']", ''].join('\n');

test('a folder without a repository is none, and so is one below a repository outside of it', async (t) => {
  assert.equal(await openRepository(testFolder(t).path, exec), undefined);
});

test('head, a commit, and what is not there', async (t) => {
  const repository = testRepository(t);
  const git = await opened(repository);
  assert.equal(await git.headCommit(), undefined);
  const first = repository.commit('start', { 'a.py': '1\n' });
  const second = repository.commit('rename churned: to "has_churned"', { 'a.py': '2\n' }, 'Müller, Bo');
  assert.equal(await git.headCommit(), second);
  assert.equal(git.root, repository.path);
  assert.deepEqual(await git.commit(second.slice(0, 9)), {
    hash: second,
    author: 'Müller, Bo',
    at: Date.UTC(2026, 9, 3),
    subject: 'rename churned: to "has_churned"',
  });
  assert.equal(await git.commit('0'.repeat(40)), undefined);
  assert.equal(await git.isAncestor(first, second), true);
  assert.equal(await git.isAncestor(second, first), false);
  assert.equal(await git.isAncestor('0'.repeat(40), first), undefined);
});

test('a commit that is no hash never reaches git as an option or a name', async (t) => {
  const repository = testRepository(t);
  repository.commit('start', { 'a.py': '1\n' });
  const git = await opened(repository);
  const file = repository.at('a.py');
  for (const hostile of ['--output=stolen', 'HEAD', '-c', '', 'main', '--upload-pack=touch stolen']) {
    assert.equal(await git.commit(hostile), undefined);
    assert.equal(await git.fileAt(hostile, file), undefined);
    assert.equal(await git.isAncestor(hostile, hostile), undefined);
    assert.deepEqual(await git.log(hostile), []);
  }
  assert.equal(existsSync(repository.at('stolen')), false);
});

test('the text of a commit, and whether the file of today differs from it', async (t) => {
  const repository = testRepository(t);
  const then = repository.commit('start', { 'dags/validate.py': evaluate });
  const git = await opened(repository);
  const file = repository.at('dags/validate.py');
  assert.equal(await git.fileAt(then, file), evaluate);
  assert.equal(await git.changedSince(then, file), false);
  repository.write('dags/validate.py', evaluate.replaceAll('\n', '\r\n'));
  assert.equal(await git.changedSince(then, file), false, 'line endings are no change');
  repository.write('dags/validate.py', evaluate.replace('churned', 'has_churned'));
  assert.equal(await git.changedSince(then, file), true);
  assert.equal(await git.changedSince(then, repository.at('dags/new.py')), undefined);
  assert.equal(await git.changedSince(then, path.join(testFolder(t).path, 'elsewhere.py')), undefined);
});

test('a line of a run is found again after lines were put above it, saved but not committed', async (t) => {
  const repository = testRepository(t);
  const then = repository.commit('start', { 'validate.py': evaluate });
  repository.commit('log', { 'validate.py': `import logging\n${evaluate}` });
  const git = await opened(repository);
  const file = repository.at('validate.py');
  assert.deepEqual(await git.mapLine(then, file, 4), { found: 'moved', path: file, line: 5 });
  repository.write('validate.py', `# one\n# two\nimport logging\n${evaluate}`);
  assert.deepEqual(await git.mapLine(then, file, 4), { found: 'moved', path: file, line: 7 });
  repository.write('validate.py', evaluate.replace('churned', 'has_churned'));
  assert.deepEqual(await git.mapLine(then, file, 4), { found: 'changed', path: file, line: 4 });
  assert.deepEqual(await git.mapLine(then, file, 3), { found: 'same', path: file, line: 3 });
});

test('a file that was renamed twice is followed, from its name of today and from its name then', async (t) => {
  const repository = testRepository(t);
  const then = repository.commit('start', { 'a/validate.py': evaluate });
  repository.commit('move', { 'a/validate.py': undefined, 'b/check me.py': evaluate });
  repository.commit('move again', { 'b/check me.py': undefined, 'c/évaluer.py': `# moved\n${evaluate}` });
  const git = await opened(repository);
  const today = repository.at('c/évaluer.py');
  assert.equal(await git.fileAt(then, today), evaluate);
  assert.deepEqual(await git.mapLine(then, today, 4), { found: 'moved', path: today, line: 5 });
  assert.deepEqual(await git.mapLine(then, repository.at('a/validate.py'), 4), {
    found: 'moved',
    path: today,
    line: 5,
  });
});

test('a file that is gone and a commit that is not here say so', async (t) => {
  const repository = testRepository(t);
  const then = repository.commit('start', { 'validate.py': evaluate, 'other.py': 'x\n' });
  repository.commit('drop', { 'validate.py': undefined });
  const git = await opened(repository);
  const gone = await git.mapLine(then, repository.at('validate.py'), 4);
  assert.ok(gone.found === 'unknown');
  assert.match(gone.reason, /validate\.py is not there any more; see it at commit/);
  const unknown = await git.mapLine('1'.repeat(40), repository.at('other.py'), 1);
  assert.ok(unknown.found === 'unknown');
  assert.match(unknown.reason, /commit 111111111 or other\.py in it is not in this repository; fetch it/);
});

test('the log since a commit, of all files and of one that was renamed', async (t) => {
  const repository = testRepository(t);
  const then = repository.commit('start', { 'a.py': evaluate, 'b.py': '1\n' });
  repository.commit('b', { 'b.py': '2\n' });
  repository.commit('move a', { 'a.py': undefined, 'c.py': evaluate });
  const last = repository.commit('c', { 'c.py': `# x\n${evaluate}` });
  const git = await opened(repository);
  const subjects = async (...[since, options]: Parameters<typeof git.log>) =>
    (await git.log(since, options)).map(({ subject }) => subject);
  assert.deepEqual(await subjects(then), ['c', 'move a', 'b']);
  assert.deepEqual(await subjects(then, { limit: 1 }), ['c']);
  assert.deepEqual(await subjects(then, { path: repository.at('c.py') }), ['c', 'move a']);
  assert.deepEqual(await subjects(then, { until: last, path: repository.at('b.py') }), ['b']);
  assert.deepEqual(await subjects(last), []);
});

test('programs that the repository configures are not run, and nothing is written', async (t) => {
  const repository = testRepository(t);
  const then = repository.commit('start', { 'a.py': evaluate, '.gitattributes': '*.py diff=evil filter=evil\n' });
  repository.commit('more', { 'a.py': `# x\n${evaluate}` });
  const marker = repository.at('ran');
  const program = repository.at('evil.sh');
  repository.write('evil.sh', `#!/bin/sh\necho "$0 $@" >> '${marker}'\ncat\n`);
  repository.git('update-index', '--chmod=+x', '--add', 'evil.sh');
  const { chmodSync } = await import('node:fs');
  chmodSync(program, 0o755);
  for (const name of ['post-checkout', 'reference-transaction', 'post-index-change', 'fsmonitor-watchman']) {
    repository.write(`.git/hooks/${name}`, `#!/bin/sh\necho ${name} >> '${marker}'\n`);
    chmodSync(repository.at(`.git/hooks/${name}`), 0o755);
  }
  for (const option of [
    ...['core.fsmonitor', 'diff.external', 'diff.evil.textconv', 'diff.evil.command', 'core.pager', 'gpg.program'],
    ...['filter.evil.clean', 'filter.evil.smudge', 'filter.evil.process', 'core.sshCommand', 'core.askPass'],
  ]) {
    repository.git('config', option, program);
  }
  repository.git('config', 'log.showSignature', 'true');
  repository.git('config', 'extensions.partialClone', 'origin');
  repository.git('config', 'remote.origin.url', testFolder(t).path);
  repository.git('config', 'remote.origin.uploadpack', program);
  repository.git('config', 'remote.origin.promisor', 'true');
  repository.write('a.py', `# y\n${evaluate}`);
  const before = snapshotOf(repository.at('.git'));

  const git = await opened(repository);
  const file = repository.at('a.py');
  assert.equal(await git.changedSince(then, file), true);
  assert.deepEqual(await git.mapLine(then, file, 4), { found: 'moved', path: file, line: 5 });
  assert.equal((await git.log(then, { path: file })).length, 1);
  assert.equal(await git.commit('1'.repeat(40)), undefined);
  assert.equal(await git.fileAt('1'.repeat(40), file), undefined);
  assert.equal(await git.isAncestor(then, '1'.repeat(40)), undefined);

  assert.equal(existsSync(marker) ? readFileSync(marker, 'utf8') : 'nothing ran', 'nothing ran');
  assert.deepEqual(snapshotOf(repository.at('.git')), before);
});

/** Every file below a folder with its text. */
function snapshotOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => `${file} ${readFileSync(file).toString('base64')}`)
    .sort();
}
