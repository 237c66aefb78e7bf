// Connections in real VS Code, by keys, to a real MLflow server: added, hovered, killed while hovering, back; no secret written anywhere.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { type Mlflow, password, startMlflow, user } from '../support/mlflow.ts';

let folder: string;
let config: string;
let mlflow: Mlflow;
let workspace: Workspace;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plumbline-live-'));
  config = await mkdtemp(path.join(tmpdir(), 'plumbline-config-'));
  await writeFile(
    path.join(folder, 'score.py'),
    'import mlflow\n\nmodel = mlflow.pyfunc.load_model("models:/live_churn@champion")\n',
  );
  mlflow = await startMlflow();
  await mlflow.train('live_churn', 'first-training', 0.81);
  workspace = await openWorkspace({
    folder,
    theme: 'Default Dark Modern',
    environment: { PLUMBLINE_CONFIG_DIR: config },
  });
});

after(async () => {
  await workspace?.close();
  await mlflow?.remove();
  for (const one of [folder, config]) if (one) await rm(one, { recursive: true, force: true, maxRetries: 5 });
});

const pane = () => workspace.page.locator('.pane', { hasText: 'Connections' });
const row = (text: string | RegExp) => pane().locator('.monaco-list-row', { hasText: text }).first();
const widget = (text: string | RegExp) => workspace.page.locator('.quick-input-widget:visible', { hasText: text });

/** Waits for the question, types into it, and goes on. */
async function answer(question: string | RegExp, text: string): Promise<void> {
  await workspace.shown(widget(question), `the question ${question}`);
  if (text) await widget(question).locator('input.input').fill(text);
  await workspace.page.keyboard.press('Enter');
}

test('an address with a password in it is refused as it is typed; Back leads to the question before', async () => {
  await workspace.openFile('score.py');
  await workspace.run('Plumbline: Focus on Connections View');
  await workspace.text('Nothing is asked over the network yet');
  await workspace.run('Plumbline: Add Connection');
  await answer(/Add Connection \(1\/\d\)/, 'MLflow');
  await workspace.shown(widget('Address of MLflow'), 'the question for the address');
  await widget('Address of MLflow').locator('input.input').fill('http://me:secret@127.0.0.1:1');
  await workspace.shown(widget('Without user and password'), 'what is wrong with the address');
  await workspace.page.locator('.quick-input-widget:visible .codicon-quick-input-back').click();
  await answer(/Add Connection \(1\/\d\)/, 'MLflow');
  await answer('Address of MLflow', `${mlflow.url}/`);
});

test('the wrong password is said, the right one connects, and the view says fresh', async () => {
  await answer('Name of the connection', 'tracking');
  await answer(/Add Connection \(4\/\d\)/, 'qa');
  await answer(/Add Connection \(5\/\d\)/, 'User name');
  await answer('User name at', user);
  await workspace.shown(widget(`bound to ${mlflow.url}`), 'where the secret will live');
  assert.equal(await widget('bound to').locator('input.input').getAttribute('type'), 'password');
  await answer('bound to', 'not-the-password');
  const dialog = workspace.page.locator('.monaco-dialog-box', { hasText: 'could not be read' });
  await workspace.shown(dialog, 'that it was refused');
  await workspace.screenshot('connection-refused');
  await dialog.getByRole('button', { name: 'Change Credential' }).click();
  await answer(/Add Connection \(5\/\d\)/, 'User name');
  await answer('User name at', user);
  await answer('bound to', password);
  await workspace.text(/tracking is connected: MLflow 3/);
  await workspace.shown(row(/tracking.*qa · fresh/), 'the connection as fresh');
  const written = await readFile(path.join(config, 'connections.json'), 'utf8');
  assert.deepEqual(JSON.parse(written), [
    { name: 'tracking', tool: 'mlflow', url: mlflow.url, environment: 'qa', credential: 'stored' },
  ]);
});

test('a run made seconds ago is in the hover', async () => {
  await workspace.openFile('score.py');
  await workspace.goto(3, 45);
  assert.match(await workspace.hover('first-training'), /0\.81/);
  await mlflow.train('live_churn', 'second-training', 0.9);
  const startedMs = Date.now();
  assert.match(await workspace.hover('second-training'), /champion/);
  assert.ok(Date.now() - startedMs < 75_000, `it took ${Date.now() - startedMs} ms`);
  await workspace.screenshot('connection-hover');
});

test('killed, the server is said to be failing, and the hover still answers, with an age', async () => {
  await mlflow.kill();
  await workspace.run('Plumbline: Sync Connection Now');
  await answer('Which connection', 'tracking');
  await workspace.shown(row(/tracking.*(failing|stale)/), 'the connection as failing');
  await workspace.shown(
    workspace.page.locator('.statusbar-item', { hasText: 'Plumbline' }).locator('.codicon-warning').first(),
    'the warning in the status bar',
  );
  assert.match(await workspace.hover('second-training'), /ago|just now/);
});

const themes = [
  ['Light Modern', 'vs'],
  ['Dark High Contrast', 'hc-black'],
  ['Dark Modern', 'vs-dark'],
] as const;

test('the view says why, in every theme', async () => {
  await workspace.opened(row(/tracking/));
  await workspace.shown(row(new RegExp(`127\\.0\\.0\\.1:${new URL(mlflow.url).port}`)), 'what is known of it');
  for (const [label, base] of themes) {
    await workspace.theme(label, base);
    await workspace.screenshot(`connections-${base}`);
  }
});

test('back again, it is noticed', async () => {
  await mlflow.start();
  await mlflow.train('live_churn', 'third-training', 0.95);
  await workspace.shown(row(/tracking.*fresh/), 'the connection as fresh again');
  await workspace.goto(3, 45);
  await workspace.hover('third-training');
});

test('an environment can be chosen, and is shown', async () => {
  await workspace.run('Plumbline: Switch Environment');
  await answer('All environments', 'qa');
  await workspace.shown(workspace.page.locator('.statusbar-item', { hasText: 'qa' }).first(), 'the environment');
});

test('signed out, the view asks to sign in; signed in again, it is fresh', async () => {
  await workspace.run('Plumbline: Sign Out of Connection');
  await answer('Which connection', 'tracking');
  await workspace.shown(row(/tracking.*sign in needed/), 'that a sign-in is needed');
  await workspace.run('Plumbline: Sign In to Connection');
  await answer('Which connection', 'tracking');
  await answer(/Sign In to tracking \(1\/\d\)/, 'User name');
  await answer('User name at', user);
  await answer('bound to', password);
  await workspace.text(/Signed in to tracking: MLflow 3/);
  await workspace.shown(row(/tracking.*qa · fresh/), 'the connection as fresh');
});

test('no file of the editor, of Plumbline or of the workspace holds the secret', async () => {
  assert.match(await grep('tracking', config), /connections\.json/, 'nothing is found, so the test proves nothing');
  const encoded = Buffer.from(`${user}:${password}`).toString('base64');
  for (const word of [password, user, encoded, 'not-the-password'])
    assert.equal(await grep(word, workspace.dataFolder, folder, config), '', word);
});

/** Files below these folders that hold the text, binary ones too. */
async function grep(text: string, ...folders: readonly string[]): Promise<string> {
  const found = await promisify(execFile)('grep', ['-rlaF', '--', text, ...folders]).catch((error: unknown) => error);
  return found && typeof found === 'object' && 'stdout' in found ? String(found.stdout).trim() : '';
}

test('removed, it is asked no more and what it told is gone', async () => {
  await workspace.run('Plumbline: Remove Connection');
  await answer('Which connection', 'tracking');
  const dialog = workspace.page.locator('.monaco-dialog-box', { hasText: 'Remove tracking?' });
  await workspace.shown(dialog, 'the question whether to remove it');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await workspace.text('Nothing is asked over the network yet');
  assert.deepEqual(JSON.parse(await readFile(path.join(config, 'connections.json'), 'utf8')), []);
});
