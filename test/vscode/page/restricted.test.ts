// Restricted Mode in real VS Code: local files are read, nothing is run, not even git, and no server is asked.
import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let traps: string;
let workspace: Workspace;
/** How often somebody came to the address of the user's connection. */
let visits = 0;
const listener = createServer((socket) => {
  visits += 1;
  socket.destroy();
});

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
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const connections = [{ name: 'tracking', tool: 'mlflow', url: `http://127.0.0.1:${port}`, credential: 'none' }];
  await writeFile(path.join(traps, 'connections.json'), JSON.stringify(connections));
  workspace = await openWorkspace({
    folder: sample.folder,
    trust: 'asked',
    // VS Code's own git extension would look for git, trusted or not.
    settings: { 'git.enabled': false },
    environment: { PATH: `${path.join(traps, 'bin')}:${process.env.PATH}`, PLUMBLINE_CONFIG_DIR: traps },
  });
});

after(async () => {
  await workspace?.close();
  listener.close();
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

test('the connection of the user is shown as paused, with the reason, and was not asked', async () => {
  await workspace.run('Plumbline: Focus on Connections View');
  const row = workspace.page.locator('.pane', { hasText: 'Connections' }).locator('.monaco-list-row');
  await workspace.shown(row.filter({ hasText: /tracking.*paused/ }).first(), 'the connection as paused');
  await workspace.opened(row.filter({ hasText: 'tracking' }).first());
  await workspace.shown(row.filter({ hasText: /not trusted/ }).first(), 'why it is paused');
  await workspace.screenshot('connections-restricted');
  assert.equal(visits, 0);
});
