// Which commits hold what runs, from memory: first nothing, then the answer; asked anew once commits came; of several folders.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitContent } from '../../server/connectors/contentHash.ts';
import { ContentFacts } from '../../server/connectors/git/contentFacts.ts';
import { repositories } from '../../server/connectors/git/repositories.ts';
import type { Content } from '../../server/connectors/repository.ts';
import { createHost } from '../../server/world/host.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';
import { testRepository } from '../support/repository.ts';

const given = (text: string): Content => gitContent(text, { file: 'a.py', at: 1 }) ?? assert.fail('no content');

function facts(folders: readonly string[], { trusted = true, now = Date.now } = {}) {
  let changes = 0;
  const host = createHost({ log: memoryLog(), trusted, now });
  const changed = () => {
    changes += 1;
  };
  const all = new ContentFacts({ folders: () => folders, repositoryOf: repositories(folders, host), host, changed });
  return { all, changes: () => changes };
}

test('unknown at first, then known, then asked again after half a minute', async (t) => {
  const repository = testRepository(t);
  repository.commit('begin', { 'a.py': 'one\n' });
  let now = 1_000_000;
  const { all, changes } = facts([repository.path], { now: () => now });
  const two = given('two\n');
  assert.equal(all.known(two, []), undefined);
  assert.equal(all.known(two, []), undefined);
  await all.settled();
  assert.deepEqual([all.known(two, []), changes()], [{ is: 'nowhere' }, 1]);
  repository.commit('two', { 'a.py': 'two\n' });
  now += 29_000;
  assert.deepEqual(all.known(two, []), { is: 'nowhere' });
  await all.settled();
  assert.equal(changes(), 1);
  now += 2_000;
  assert.deepEqual(all.known(two, []), { is: 'nowhere' }, 'the old answer until the new one');
  await all.settled();
  assert.deepEqual([all.known(two, [])?.is, changes()], ['checkedOut', 2]);
});

test('of several folders the one that holds it; without git, and in Restricted Mode, nothing is said', async (t) => {
  const [one, other, plain] = [testRepository(t), testRepository(t), testFolder(t)];
  one.commit('begin', { 'a.py': 'one\n' });
  other.commit('begin', { 'a.py': 'other\n' });
  const { all } = facts([plain.path, one.path, other.path]);
  const found = await all.find(given('other\n'), []);
  assert.deepEqual([found?.match.is, found?.repository.root], ['checkedOut', other.path]);
  assert.deepEqual((await all.find(given('neither\n'), []))?.match, { is: 'nowhere' });
  assert.equal(await facts([plain.path]).all.find(given('one\n'), []), undefined);
  assert.equal(await facts([one.path], { trusted: false }).all.find(given('one\n'), []), undefined);
});

test('one that could not be asked is not passed over', async (t) => {
  const [one, origin, clone] = [testRepository(t), testRepository(t), testFolder(t)];
  one.commit('begin', { 'a.py': 'one\n' });
  origin.commit('begin', { 'a.py': 'old\n' });
  origin.commit('next', { 'a.py': 'new\n' });
  origin.git('clone', '-q', '--depth', '1', `file://${origin.path}`, clone.at('clone'));
  for (const folders of [
    [one.path, clone.at('clone')],
    [clone.at('clone'), one.path],
  ])
    assert.equal((await facts(folders).all.find(given('old\n'), []))?.match.is, 'unknown');
});

test('after the end nothing is asked', async (t) => {
  const repository = testRepository(t);
  repository.commit('begin', { 'a.py': 'one\n' });
  const { all, changes } = facts([repository.path]);
  all.known(given('one\n'), []);
  all.dispose();
  await all.settled();
  assert.deepEqual([all.known(given('one\n'), []), changes()], [undefined, 0]);
});
