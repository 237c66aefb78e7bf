// Which commits hold what a tool runs: in real repositories, with merges, renames, shallow clones, line ends of two kinds.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { dbtContent, gitContent } from '../../server/connectors/contentHash.ts';
import type { Content } from '../../server/connectors/repository.ts';
import { createExec, type Exec } from '../../server/world/exec.ts';
import { openRepository } from '../../server/world/git.ts';
import { testFolder } from '../support/folder.ts';
import { type TestRepository, testRepository } from '../support/repository.ts';

const exec: Exec = createExec(true);
const at = 1;

async function opened(folder: string, run: Exec = exec) {
  const git = await openRepository(folder, run);
  assert.ok(git);
  return git;
}

function given(text: string | Uint8Array, file = 'train.py'): Content {
  const content = gitContent(text, { file, at });
  assert.ok(content);
  return content;
}

const compact = (text: string): string => text.split(/\s+/).filter(Boolean).join(' ');
const byDbt = (hashed: string, file = 'models/labels.sql'): Content => {
  const content = dbtContent(createHash('sha256').update(hashed).digest('hex'), file);
  assert.ok(content);
  return content;
};

const old = 'def train():\n    return 1\n';
const newer = 'def train():\n    return 2\n';

/** `brought` and `kept` have the old text, the checkout has the newer one for two commits. */
function aged(t: Parameters<typeof testRepository>[0]) {
  const repository = testRepository(t);
  repository.commit('begin', { 'dags/train.py': 'begun\n' });
  const brought = repository.commit('old', { 'dags/train.py': old });
  const kept = repository.commit('other', { 'other.py': '1\n' });
  const changed = repository.commit('newer', { 'dags/train.py': newer });
  const head = repository.commit('last', { 'other.py': '2\n' });
  return { repository, brought, kept, changed, head };
}

test('the ids of bytes are those of git', (t) => {
  const repository = testRepository(t);
  for (const text of [old, 'ü', 'a\r\nb', 'x\n\n']) {
    repository.write('file', text);
    const content = given(text);
    assert.equal(content.hash.kind === 'git' && content.hash.ids[0], repository.git('hash-object', 'file').trim());
  }
  assert.equal(gitContent('', { file: 'a', at }), undefined);
  assert.equal(gitContent(' \r\n', { file: 'a', at }), undefined, 'what is everywhere tells nothing');
  assert.equal(gitContent(new Uint8Array(1024 * 1024 + 1).fill(65), { file: 'a', at }), undefined);
});

test('what is checked out, what was, and for how long', async (t) => {
  const { repository, brought, kept, changed } = aged(t);
  const git = await opened(repository.path);
  const checkedOut = { is: 'checkedOut', path: 'dags/train.py', first: changed, edited: false, branch: 'main' };
  assert.deepEqual(await git.holding(given(newer), []), checkedOut);
  const committed = {
    is: 'committed',
    path: 'dags/train.py',
    first: brought,
    last: kept,
    branch: 'main',
    behind: 2,
  };
  assert.deepEqual(await git.holding(given(old), []), committed);
  assert.deepEqual(await git.holding(given(old, '/opt/airflow/dags/train.py'), []), committed);
  assert.deepEqual(await git.holding(given(old, 'C:\\dags\\called_otherwise.py'), []), committed, 'by its hash alone');
  assert.deepEqual(await git.holding(given('changed by hand\n'), []), { is: 'nowhere' });
  repository.write('dags/train.py', 'not committed\n');
  assert.deepEqual(await git.holding(given(newer), []), { ...checkedOut, edited: true });
  assert.deepEqual(await git.holding(given('not committed\n'), []), { is: 'saved', path: 'dags/train.py' });
});

test('line ends, and the last of them, do not count, and that is said', async (t) => {
  const { repository, brought, changed } = aged(t);
  repository.write('.gitattributes', 'dos.py -text\n');
  const dos = repository.commit('dos', { 'dos.py': 'one\r\ntwo\r\n' });
  const git = await opened(repository.path);
  const first = async (content: Content) => {
    const found = await git.holding(content, []);
    assert.ok(found.is === 'checkedOut' || found.is === 'committed');
    return [found.first, found.aside];
  };
  assert.deepEqual(await first(given(newer.replaceAll('\n', '\r\n'))), [changed, 'line ends']);
  assert.deepEqual(await first(given(old.trimEnd())), [brought, 'line ends']);
  assert.deepEqual(await first(given('one\ntwo\n', 'dos.py')), [dos, 'line ends']);
  assert.deepEqual(await first(given('one\r\ntwo\r\n', 'dos.py')), [dos, undefined]);
  // A checkout on Windows: git has Unix line ends, the file as saved has others.
  repository.git('config', 'core.autocrlf', 'true');
  repository.write('dags/train.py', newer.replaceAll('\n', '\r\n'));
  const windows = await git.holding(given(newer), []);
  assert.equal(windows.is === 'checkedOut' && windows.edited, false);
});

test('a file that was only moved since is still checked out; one that was changed on the way is not', async (t) => {
  const repository = testRepository(t);
  const brought = repository.commit('begin', { 'train.py': old });
  const kept = repository.commit('other', { 'other.py': '1\n' });
  repository.commit('move', { 'train.py': undefined, 'jobs/train churn.py': old });
  const git = await opened(repository.path);
  const moved = await git.holding(given(old), []);
  assert.deepEqual([moved.is, 'path' in moved && moved.path], ['checkedOut', 'jobs/train churn.py']);
  repository.commit('change', { 'jobs/train churn.py': newer });
  const found = await git.holding(given(old), []);
  assert.ok(found.is === 'committed');
  assert.deepEqual([found.first, found.path, found.behind], [brought, 'jobs/train churn.py', 1]);
  const dbt = await git.holding(byDbt(compact(old), 'train.py'), []);
  assert.deepEqual(dbt, { ...found, aside: 'white space' });
  assert.ok(kept);
});

test('merges: what only a side branch had, what the merge itself made, what was merged', async (t) => {
  const repository = testRepository(t);
  repository.commit('begin', { 'train.py': 'begun\n' });
  repository.git('checkout', '-q', '-b', 'side');
  const tried = repository.commit('try', { 'train.py': 'tried\n' });
  repository.commit('back', { 'train.py': 'begun\n' });
  repository.git('checkout', '-q', 'main');
  repository.commit('main', { 'train.py': 'main\n' });
  repository.git('merge', '-q', '--no-commit', '-s', 'ours', 'side');
  const merge = repository.commit('merge', { 'train.py': 'made by the merge\n' });
  repository.commit('after', { 'train.py': 'after\n' });
  repository.git('checkout', '-q', '-b', 'feature/x', tried);
  const unmerged = repository.commit('not merged', { 'train.py': 'not merged\n' });
  repository.git('checkout', '-q', 'main');
  const git = await opened(repository.path);
  const found = async (text: string) => {
    const match = await git.holding(given(text), []);
    return match.is === 'committed' ? [match.first, match.last, match.branch, match.behind] : [match.is];
  };
  assert.deepEqual((await found('tried\n')).slice(0, 3), [tried, tried, 'main']);
  assert.deepEqual(await found('made by the merge\n'), [merge, merge, 'main', 1]);
  assert.deepEqual(await found('not merged\n'), [unmerged, unmerged, 'feature/x', undefined]);
});

test('where a filter changes files on their way into git, nothing is said to be nowhere', async (t) => {
  const { repository, changed } = aged(t);
  repository.commit('filter', { '.gitattributes': '*.ipynb filter=nbstripout\n', 'a.ipynb': '{}\n' });
  repository.git('config', 'log.follow', 'true');
  const git = await opened(repository.path);
  assert.deepEqual(await git.holding(given('{"outputs": [1]}\n', 'a.ipynb'), []), {
    is: 'unknown',
    reason: 'its attribute filter (nbstripout) changes the file on its way into git',
  });
  assert.deepEqual(await git.holding(given('by hand\n'), []), { is: 'nowhere' });
  const here = await git.holding(given(newer), []);
  assert.equal(here.is === 'checkedOut' && here.first, changed);
});

test('the source of a notebook that the repository has as .ipynb is not said to be nowhere', async (t) => {
  const { repository } = aged(t);
  repository.commit('notebook', { 'notebooks/check.ipynb': '{}\n' });
  const git = await opened(repository.path);
  const source = gitContent('# Databricks notebook source\n', { file: '/Repos/bob/check.py', isNotebook: true });
  assert.deepEqual(source && (await git.holding(source, [])), {
    is: 'unknown',
    reason: 'notebooks/check.ipynb may be it, in another form than it was exported in',
  });
  assert.deepEqual(source && (await git.holding({ ...source, file: '/Repos/bob/other.py' }, [])), { is: 'nowhere' });
});

test('a shallow clone does not say that a content is nowhere', async (t) => {
  const { repository, changed } = aged(t);
  const folder = testFolder(t);
  const clone = folder.at('clone');
  repository.git('clone', '-q', '--depth', '2', `file://${repository.path}`, clone);
  const git = await opened(clone);
  const here = await git.holding(given(newer), []);
  assert.equal(here.is === 'checkedOut' && here.first, changed);
  assert.deepEqual(await git.holding(given(old), []), {
    is: 'unknown',
    reason: 'this clone is shallow, and what it holds is another; git fetch --unshallow',
  });
});

test('a partial clone asks nobody for what it does not have', async (t) => {
  const { repository, brought } = aged(t);
  repository.git('config', 'uploadpack.allowFilter', 'true');
  const folder = testFolder(t);
  const clone = folder.at('clone');
  repository.git('clone', '-q', '--filter=blob:none', `file://${repository.path}`, clone);
  const git = await opened(clone);
  const found = await git.holding(given(old), []);
  assert.equal(found.is === 'committed' && found.first, brought, 'its commits say what it was');
  const elsewhere = await git.holding(given('by hand\n', 'unknown.py'), []);
  assert.match(elsewhere.is === 'unknown' ? elsewhere.reason : '', /this clone is partial/);
});

test('dbt: every form that its versions hash, under its name then, and what its history does not know', async (t) => {
  const repository = testRepository(t);
  const sql = '\n  select id,\n\tchurned\nfrom x \u00a0\n\n';
  const brought = repository.commit('begin', { 'dbt/models/labels.sql': sql });
  repository.commit('change', { 'dbt/models/labels.sql': 'select 2\n' });
  repository.commit('move', { 'dbt/models/labels.sql': undefined, 'dbt/models/marts/labels.sql': 'select 2\n' });
  const git = await opened(repository.path);
  const near = [repository.at('dbt/models/labels.sql')];
  for (const hashed of ['select id, churned from x', sql.trim(), sql.trim().replaceAll('\n', '\r\n')]) {
    const found = await git.holding(byDbt(hashed), near);
    assert.ok(found.is === 'committed', hashed);
    assert.deepEqual([found.first, found.last, found.behind, found.aside], [brought, brought, 2, 'white space']);
  }
  const now = await git.holding(byDbt('select 2', 'models/marts/labels.sql'), []);
  assert.equal(now.is, 'checkedOut');
  assert.deepEqual(await git.holding(byDbt('select 3'), near), { is: 'nowhere' });
  repository.write('dbt/models/marts/labels.sql', 'select\n3');
  const saved = await git.holding(byDbt('select 3', 'models/marts/labels.sql'), []);
  assert.deepEqual(saved, { is: 'saved', path: 'dbt/models/marts/labels.sql', aside: 'white space' });
  assert.deepEqual(await git.holding(byDbt('select 3', 'models/never.sql'), []), {
    is: 'unknown',
    reason: 'models/never.sql is not in the history of this repository',
  });
  assert.equal(dbtContent(createHash('sha256').digest('hex'), 'empty.sql'), undefined);
  assert.equal(dbtContent('--output=x', 'a.sql'), undefined);
});

test('history is asked once while the refs are the same; a stash is no commit', async (t) => {
  const { repository } = aged(t);
  repository.write('dags/train.py', 'stashed\n');
  repository.git('stash', '-q');
  let logs = 0;
  const git = await opened(repository.path, (command, options) => {
    if (command.includes('log')) logs += 1;
    return exec(command, options);
  });
  assert.deepEqual(await git.holding(given('stashed\n'), []), { is: 'nowhere' });
  const asked = logs;
  assert.ok(asked > 0);
  assert.deepEqual(await git.holding(given('stashed\n'), []), { is: 'nowhere' });
  assert.equal(logs, asked);
  repository.git('stash', 'pop', '-q');
  repository.commit('now it is one', { 'dags/train.py': 'stashed\n' });
  assert.equal((await git.holding(given('stashed\n'), [])).is, 'checkedOut');
});

test('names of tools that look like options, patterns or other folders find nothing and do nothing', async (t) => {
  const { repository } = aged(t);
  const git = await opened(repository.path);
  for (const file of ['--output=stolen', '../../etc/passwd', ':(exclude)*', '*', '', '/', 'a\\b', '[', ':/', '\u0001'])
    assert.deepEqual(await git.holding({ ...given('by hand\n'), file }, ['/etc/passwd']), { is: 'nowhere' }, file);
  assert.equal(repository.git('status', '--porcelain'), '');
});

test('before the first commit, and when the asker has gone', async (t) => {
  const repository: TestRepository = testRepository(t);
  const git = await opened(repository.path);
  const nothing = { is: 'unknown', reason: 'nothing is committed here yet' };
  assert.deepEqual(await git.holding(given(old), []), nothing);
  repository.write('train.py', old);
  assert.deepEqual(await git.holding(given(old), [repository.at('train.py')]), { is: 'saved', path: 'train.py' });
  repository.commit('begin', { 'train.py': newer });
  await assert.rejects(git.holding(given(old), [], AbortSignal.abort()));
});
