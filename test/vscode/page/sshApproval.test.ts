// Hosts that only the workspace names, in real VS Code with a real sshd: asked about once, read when allowed, never when refused.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { type SshWorld, sshWorld } from '../../support/sshd.ts';

let folder: string;
let config: string;
let ssh: SshWorld;
let workspace: Workspace;
const logs = (): string => path.join(ssh.folder, 'logs');
const own = (): string => path.join(ssh.folder, 'own');

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plumbline-ssh-workspace-'));
  config = await mkdtemp(path.join(tmpdir(), 'plumbline-config-'));
  ssh = sshWorld();
  const worker = await ssh.start('worker');
  ssh.knownHosts(`worker ${ssh.publicKey('host_worker')}`);
  ssh.configure(`Host worker\n  HostName 127.0.0.1\n  Port ${worker.port}\n  HostKeyAlias worker\n`);
  for (const one of [logs(), own()]) mkdirSync(one);
  const lines = ['2026-11-23 02:00:00 INFO churn: begins', '2026-11-23 02:00:09 ERROR churn: out of disk'];
  writeFileSync(path.join(logs(), 'train.log'), `${lines.join('\n')}\n`);
  writeFileSync(path.join(own(), 'own.log'), `${lines[0]}\n`);
  // What the user connected himself, with a configuration of the test's own; the workspace asks for more of it.
  const known = {
    name: 'worker',
    tool: 'ssh',
    url: 'ssh://worker',
    sshConfigFile: ssh.configFile,
    logs: [`${own()}/*.log`],
  };
  writeFileSync(path.join(config, 'connections.json'), JSON.stringify([known]));
  const named = [
    `  - ssh: worker\n    path: ${logs()}/*.log`,
    '  - ssh: elsewhere.invalid\n    path: /var/log/churn/*.log',
  ];
  writeFileSync(path.join(folder, 'plumbline.yaml'), `version: 1\nlogs:\n${named.join('\n')}\n`);
  workspace = await openWorkspace({
    folder,
    theme: 'Default Dark Modern',
    environment: { PLUMBLINE_CONFIG_DIR: config },
  });
});

after(async () => {
  await workspace?.close();
  ssh?.stop();
  for (const one of [folder, config]) if (one) await rm(one, { recursive: true, force: true, maxRetries: 5 });
});

const question = (host: string) =>
  workspace.page.locator('.notification-list-item', { hasText: `names log files on the host ${host}` }).first();
/** A question that nobody answered for some seconds moves behind the bell: it is looked for there until it is shown. */
async function asked(host: string): Promise<Locator> {
  const endMs = Date.now() + 120_000;
  while (Date.now() < endMs) {
    await workspace.run('Notifications: Show Notifications');
    const isShown = await question(host)
      .waitFor({ timeout: 3_000 })
      .then(() => true)
      .catch(() => false);
    if (isShown) break;
  }
  return workspace.shown(question(host), `the question about ${host}`);
}
const row = (text: string | RegExp) =>
  workspace.page.locator('.pane', { hasText: 'Connections' }).locator('.monaco-list-row', { hasText: text }).first();
const saved = async (): Promise<readonly { url: string; logs: readonly string[] }[]> =>
  JSON.parse(await readFile(path.join(config, 'connections.json'), 'utf8'));

test('the question names host and pattern; Read Them adds exactly that, and the logs are read', async () => {
  await workspace.run('Plumbline: Focus on Connections View');
  await workspace.shown(row(/worker.*fresh/), 'the connection of the user');
  assert.match(String(await (await asked('worker')).textContent()), new RegExp(`${logs()}/\\*\\.log`));
  assert.deepEqual(
    (await saved()).map((one) => one.logs),
    [[`${own()}/*.log`]],
    'nothing is read before the answer',
  );
  await workspace.screenshot('ssh-question');
  await question('worker').getByRole('button', { name: 'Read Them' }).click();
  await asked('elsewhere.invalid');
  assert.deepEqual(
    (await saved()).map(({ url, logs }) => [url, logs]),
    [['ssh://worker', [`${own()}/*.log`, `${logs()}/*.log`]]],
  );
  await workspace.shown(row(/worker.*fresh/), 'the connection after it was changed');
});

test('Never is remembered, and what was answered is not asked again in another window', async () => {
  await question('elsewhere.invalid').getByRole('button', { name: 'Never' }).click();
  await question('elsewhere.invalid').waitFor({ state: 'hidden' });
  await workspace.run('Developer: Reload Window');
  await workspace.run('Plumbline: Focus on Connections View');
  await workspace.shown(row(/worker.*fresh/), 'the connection after the reload');
  // A third host is asked about: by then the others would have been.
  const all = await readFile(path.join(folder, 'plumbline.yaml'), 'utf8');
  writeFileSync(path.join(folder, 'plumbline.yaml'), `${all}  - ssh: third.invalid\n    path: /srv/logs/*.log\n`);
  await asked('third.invalid');
  assert.equal(await question('worker').count(), 0);
  assert.equal(await question('elsewhere.invalid').count(), 0);
  assert.equal((await saved()).length, 1);
});
