// Restricted Mode in real VS Code: local files are read, nothing is run, not even git.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let traps: string;
let workspace: Workspace;

/** A folder for PATH whose programs write down that they were run. */
async function trapFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plumbline-traps-'));
  await mkdir(path.join(folder, 'bin'));
  for (const program of ['git', 'ssh', 'python', 'python3', 'dbt', 'airflow', 'mlflow', 'databricks', 'aws']) {
    const file = path.join(folder, 'bin', program);
    await writeFile(file, `#!/bin/sh\necho "$0 $@" >> '${folder}/run'\nexit 1\n`);
    await chmod(file, 0o755);
  }
  return folder;
}

before(async () => {
  sample = await freshSample();
  traps = await trapFolder();
  workspace = await openWorkspace({
    folder: sample.folder,
    trust: 'asked',
    // VS Code's own git extension would look for git, trusted or not.
    settings: { 'git.enabled': false },
    environment: { PATH: `${path.join(traps, 'bin')}:${process.env.PATH}` },
  });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
  if (traps) await rm(traps, { recursive: true, force: true });
});

test('the hover answers from local files, and no program was run', async () => {
  await workspace.text('Restricted Mode');
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  const hover = await workspace.hover('champion');
  assert.match(hover, /auc/i);
  const run = await readFile(path.join(traps, 'run'), 'utf8').catch(() => '');
  assert.equal(run, '');
});
