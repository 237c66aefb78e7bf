// Folders: what several plumbline.yaml files say together.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Folders } from '../../server/workspace/folders.ts';

const rule = (below: number): string =>
  `version: 1\nmetrics:\n  - name: good enough\n    model: churn\n    metric: auc\n    below: ${below}\n`;

test('the same rule in two folders is one; another of the same name keeps a name of its own', async () => {
  const texts = new Map([
    ['/a/plumbline.yaml', rule(0.8)],
    ['/b/plumbline.yaml', rule(0.8)],
    ['/c/plumbline.yaml', rule(0.9)],
  ]);
  const folders = new Folders(['/a', '/b', '/c', '/d'], async (file) => texts.get(file));
  await folders.load();
  assert.deepEqual(
    folders.config().metrics.map(({ name, conditions }) => [name, conditions[0]?.value]),
    [
      ['good enough', 0.8],
      ['good enough (2)', 0.9],
    ],
  );
});

test('the revision grows when a file changed, and only then', async () => {
  let text = rule(0.8);
  const folders = new Folders(['/a'], async () => text);
  await folders.load();
  await folders.load();
  assert.equal(folders.revision, 1);
  text = rule(0.7);
  await folders.load();
  assert.equal(folders.revision, 2);
});
