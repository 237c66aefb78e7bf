// The language server is killed again and again in real VS Code: it comes back, then says that it stopped, and restarts on demand.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let workspace: Workspace;

before(async () => {
  sample = await freshSample();
  workspace = await openWorkspace({ folder: sample.folder });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
});

/** Process ids of this window's language server: its program stands in a folder that only this test has. */
function servers(): readonly number[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return all
    .filter((line) => line.includes(workspace.dataFolder) && line.includes('dist/server.mjs'))
    .map((line) => Number.parseInt(line, 10));
}

async function nextServer(than: number | undefined): Promise<number> {
  for (let waited = 0; waited < 300; waited++) {
    const found = servers().find((pid) => pid !== than);
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`No language server came after ${than}`);
}

const item = (text: string) => workspace.page.locator('.statusbar-item', { hasText: text });

test('killed once, it answers again by itself', async () => {
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  await workspace.hover('champion');
  const first = await nextServer(undefined);
  process.kill(first, 'SIGKILL');
  assert.notEqual(await nextServer(first), first);
  assert.match(await workspace.hover('champion'), /auc/i);
});

test('killed five times in three minutes, it is not started again, and the status item says so', async () => {
  let last: number | undefined;
  for (let count = 0; count < 4; count++) {
    last = await nextServer(last);
    process.kill(last, 'SIGKILL');
  }
  await workspace.shown(item('Plumbline stopped').first(), 'the status item says that it stopped');
  await sleep(1_000);
  assert.deepEqual(servers(), []);
});

test('a click on the status item starts it again', async () => {
  await item('Plumbline stopped').first().click();
  await nextServer(undefined);
  assert.match(await workspace.hover('champion'), /auc/i);
  await item('Plumbline stopped').first().waitFor({ state: 'detached', timeout: 60_000 });
});
