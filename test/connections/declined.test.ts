// Declined: answers given at the same moment are all kept; a file that nobody understands declines nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Declined } from '../../server/connections/declined.ts';
import { testFolder } from '../support/folder.ts';

test('what is declined at once by several is all kept, each once', async (context) => {
  const folder = testFolder(context, {});
  const declined = new Declined(folder.at('connections.json'));
  await Promise.all([declined.add(['ssh a /x']), declined.add(['query b']), declined.add(['ssh a /x', 'query c'])]);
  assert.deepEqual([...(await declined.texts())].sort(), ['query b', 'query c', 'ssh a /x']);
  assert.deepEqual(JSON.parse(readFileSync(folder.at('declined.json'), 'utf8')).length, 3);
});

test('no file, or one that is none of ours, declines nothing', async (context) => {
  assert.equal((await new Declined(testFolder(context, {}).at('c.json')).texts()).size, 0);
  const broken = testFolder(context, { 'declined.json': '{"half' });
  assert.equal((await new Declined(broken.at('c.json')).texts()).size, 0);
});
