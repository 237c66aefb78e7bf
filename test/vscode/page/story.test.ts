// The three uses as a person does them in real VS Code, by keys and clicks: hover, lineage, from the incident to the log.
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

test('hover a model by keyboard: versions and the last runs', async () => {
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  const hover = await workspace.hover('champion');
  assert.match(hover, /auc/i);
  await workspace.screenshot('hover');
});

test('an incident leads to the line of the log that explains it, with the chain of evidence', async () => {
  await workspace.run('Plumbline: Focus on Incidents View');
  const incidents = workspace.page.locator('.pane', { hasText: 'Incidents' }).locator('.monaco-list-row');
  const failed = incidents.filter({ hasText: 'validate_churn' }).first();
  await (await workspace.shown(failed, 'the incident of validate_churn')).click();
  const line = workspace.page.locator('.view-line', { hasText: /KeyError:\s'churned/ }).first();
  await workspace.shown(line, 'the line with the KeyError');
  const hops = workspace.page.locator('.pane', { hasText: 'Evidence' }).locator('.monaco-list-row');
  await workspace.shown(hops.first(), 'the chain of evidence');
  assert.ok((await hops.count()) >= 2, 'the chain has fewer than two hops');
  await workspace.screenshot('logs');
});
