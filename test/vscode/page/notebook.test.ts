// A notebook as a person sees it: the mouse rests on a name in a cell, and the hover tells of the table.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let workspace: Workspace;

before(async () => {
  sample = await freshSample();
  workspace = await openWorkspace({ folder: sample.folder, theme: 'Default Dark Modern' });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
});

test('hover in a notebook cell: the table that its SQL reads', async () => {
  await workspace.openFile('notebooks/explore.ipynb');
  const lines = workspace.page.locator('.view-line').filter({ visible: true, hasText: 'CHURN_FEATURES' });
  const line = await workspace.shown(lines.first(), 'the cell with the SQL');
  const box = await placeOf(line);
  const { mouse } = workspace.page;
  const hover = workspace.page.locator('.monaco-hover', { hasText: /one row for each customer/i }).first();
  // Asked again until then, since servers start late.
  for (let tries = 0; tries < 20 && !(await hover.isVisible()); tries++) {
    await mouse.move(box.x + 150, box.y + 200);
    await sleep(500);
    await mouse.move(box.x + 150, box.y + box.height / 2, { steps: 5 });
    await hover.waitFor({ state: 'visible', timeout: 3000 }).catch(() => undefined);
  }
  assert.match((await hover.textContent()) ?? '', /customer_id/);
  await workspace.screenshot('notebook');
});

/** Where it is on the page; asked until it stands still, since lines are drawn anew while colours come in. */
async function placeOf(line: Locator): Promise<{ readonly x: number; readonly y: number; readonly height: number }> {
  for (let before = await line.boundingBox(), tries = 0; tries < 100; tries++) {
    await sleep(200);
    const now = await line.boundingBox();
    if (now && before && now.x === before.x && now.y === before.y) return now;
    before = now;
  }
  throw new Error('the line does not stand still');
}
