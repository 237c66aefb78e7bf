// Two folders in one window of real VS Code: each is answered from its own metadata.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let workspace: Workspace;

before(async () => {
  sample = await freshSample();
  const parent = path.dirname(sample.folder);
  const other = path.join(parent, 'reports');
  await mkdir(other);
  await writeFile(
    path.join(other, 'report.py'),
    'import mlflow\n\nmlflow.pyfunc.load_model("models:/churn@champion")\n',
  );
  const file = path.join(parent, 'both.code-workspace');
  await writeFile(file, JSON.stringify({ folders: [{ path: 'churn' }, { path: 'reports' }] }));
  workspace = await openWorkspace({ folder: file });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
});

test('both folders are open, and a name in the second is known from the metadata of the first', async () => {
  await workspace.text('both (Workspace)');
  await workspace.openFile('report.py');
  await workspace.goto(3, 37);
  assert.match(await workspace.hover('champion'), /auc/i);
});

test('the first folder is answered as ever', async () => {
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  await workspace.hover('champion');
});
