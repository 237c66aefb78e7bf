// Connections in the extension host: a workspace cannot define one, nor a proxy that their requests would go through.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hostTest, until } from '../support/host.ts';

hostTest('what a workspace says of connections does not count', async () => {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'settings.json');
  const settings = {
    'plumbline.connections': [{ name: 'mine', tool: 'mlflow', url: 'http://127.0.0.1:9' }],
    // Tells that the file was read.
    'plumbline.codeLens.enabled': false,
  };
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(settings)));
  try {
    const plumbline = () => vscode.workspace.getConfiguration('plumbline', folder.uri);
    await until('the settings of the workspace are read', () => plumbline().get('codeLens.enabled') === false);
    assert.deepEqual(plumbline().get('connections'), []);
    assert.equal(plumbline().inspect('connections')?.globalValue, undefined);
  } finally {
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder.uri, '.vscode'), { recursive: true });
  }
});

hostTest('a secret in an address is marked where connections are written by hand', async () => {
  const manifest = vscode.extensions.getExtension('plumbline.plumbline')?.packageJSON;
  const { items, scope } = manifest.contributes.configuration.properties['plumbline.connections'];
  assert.equal(scope, 'machine');
  const url = new RegExp(items.properties.url.pattern);
  assert.ok(url.test('https://mlflow.acme.com/prefix'));
  for (const bad of ['https://me:x@mlflow.acme.com', 'file:///etc', 'https://h/?token=x'])
    assert.ok(!url.test(bad), bad);
});
