// The commit of a run against the file of today in real VS Code: by command at the cursor, and from the lineage panel.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let workspace: Workspace;

before(async () => {
  sample = await freshSample();
  workspace = await openWorkspace({ folder: sample.folder, theme: 'Default Dark Modern' });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
});

const tab = (file: string) =>
  workspace.page.locator('.tab', { hasText: new RegExp(`${file} \\([0-9a-f]{7}, run .+\\) ↔ ${file} \\(now\\)`) });

test('the command at a model opens the difference, its left side read-only', async () => {
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  assert.match(await workspace.hover('champion'), /Compare with its commit/);
  await workspace.run('Plumbline: Compare with the Commit of This Run');
  await workspace.shown(tab('settings.py').first(), 'the tab of the difference');
  const left = workspace.page.locator('.monaco-diff-editor .editor.original .view-line', { hasText: 'MODEL_NAME' });
  await workspace.shown(left.first(), 'the text at the commit');
  await workspace.screenshot('compare-commit');
});

test('the details of a job in the panel lead to its own file', async () => {
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  await workspace.run('Plumbline: Open Lineage');
  const panel = await workspace.webview('Lineage');
  await workspace.shown(panel.locator('aside.details dt', { hasText: 'Commit' }), 'the commit in the details');
  await panel.locator('aside.details').getByRole('button', { name: 'Compare with its commit' }).click();
  await workspace.shown(tab('publish.py').first(), 'the difference of the file that registers the model');
});
