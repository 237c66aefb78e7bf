// A server that is told to end right after it began: nothing of it touches the stores it has closed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { testFolder } from '../support/folder.ts';
import { memoryServer } from '../support/server.ts';

test('ending right after the beginning leaves nothing behind that fails', async (context) => {
  const failures: unknown[] = [];
  const failed = (error: unknown): unknown => failures.push(error);
  process.on('uncaughtException', failed);
  process.on('unhandledRejection', failed);
  context.after(() => {
    process.off('uncaughtException', failed);
    process.off('unhandledRejection', failed);
  });
  const folder = testFolder(context, { 'w/a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/churn/1")\n' });
  for (let wait = 0; wait < 200; wait += 40) {
    const served = memoryServer();
    await served.start([folder.at('w')], { storeFolder: folder.at(`store${wait}`), trusted: true });
    await pause(wait);
    await served.client.connection.sendRequest('shutdown');
  }
  await pause(600);
  assert.deepEqual(failures, []);
});
