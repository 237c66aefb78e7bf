// The packaged extension in real VS Code: it activates, its commands are there, its server is ready.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PlumblineApi } from '../../../extension/extension.ts';
import { hostTest, until } from '../support/host.ts';

function plumbline(): vscode.Extension<PlumblineApi> {
  const extension = vscode.extensions.getExtension<PlumblineApi>('plumbline.plumbline');
  assert.ok(extension, 'VS Code does not list plumbline.plumbline');
  return extension;
}

hostTest('the extension is the installed package, not the source', async () => {
  assert.match(plumbline().extensionPath, /extensions[\\/]plumbline\.plumbline-\d+\.\d+\.\d+/);
});

hostTest('it activates by itself in a workspace with a dbt project', async () => {
  await until('the extension is active', () => plumbline().isActive);
});

hostTest('every command of the manifest is registered', async () => {
  await plumbline().activate();
  const registered = new Set(await vscode.commands.getCommands(true));
  const commands: readonly { command: string }[] = plumbline().packageJSON.contributes.commands;
  assert.ok(commands.length > 5);
  assert.deepEqual(
    commands.map(({ command }) => command).filter((command) => !registered.has(command)),
    [],
  );
});

hostTest('the server becomes ready', async () => {
  const api = await plumbline().activate();
  await until(`the state is "ready" (it is "${api.state()}")`, () => api.state() === 'ready');
});
