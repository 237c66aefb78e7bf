// Before `initialized`: the server answers, and opens, reads and begins nothing.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { capabilities } from '../support/client.ts';
import { testFolder } from '../support/folder.ts';
import { memoryServer } from '../support/server.ts';

test('no store and no status before the editor says initialized', async (context) => {
  const server = memoryServer();
  context.after(() => server.client.close());
  const folder = testFolder(context, { 'work/train.py': 'import mlflow\n' });
  const store = folder.at('store');
  await server.ask('initialize', {
    processId: null,
    rootUri: null,
    capabilities,
    workspaceFolders: [{ uri: pathToFileURL(folder.at('work')).href, name: 'work' }],
    initializationOptions: { storeFolder: store, trusted: true, extensionVersion: 'test' },
  });
  // Answered after whatever the first answer may have begun.
  await server.ask('plumbline/unknown', {}).catch(() => undefined);
  assert.deepEqual([existsSync(store), server.statuses, server.lines], [false, [], []]);
  await server.client.connection.sendNotification('initialized', {});
  await server.ready();
  assert.ok(existsSync(store));
});
