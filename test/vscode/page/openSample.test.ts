// Open Sample Workspace in real VS Code, by keys: a folder is chosen, the sample is put there and opens, and its names are known.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';

/** Lies in `parent` alone, so its row tells that the dialog has turned to that folder. */
const landmark = 'landmark';
let parent: string;
let empty: string;
let workspace: Workspace;

before(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'plumbline-parent-'));
  await mkdir(path.join(parent, landmark));
  empty = await mkdtemp(path.join(tmpdir(), 'plumbline-empty-'));
  workspace = await openWorkspace({ folder: empty });
});

after(async () => {
  await workspace?.close();
  for (const folder of [parent, empty]) if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test('the command puts the sample into the chosen folder and opens it', async () => {
  await workspace.run('Plumbline: Open Sample Workspace');
  const dialog = workspace.page.locator('.quick-input-widget:visible');
  await workspace.shown(
    dialog.locator('.quick-input-title', { hasText: 'Folder for the Plumbline sample' }),
    'the dialog',
  );
  const input = dialog.locator('input.input');
  await input.fill(`${parent}/`);
  await workspace.shown(dialog.locator('.monaco-list-row', { hasText: landmark }), 'the listing of the folder');
  const page = await newWindow(dialog.getByRole('button', { name: 'Put the Sample Here' }));
  await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
  const [folder] = (await readdir(parent)).filter((name) => name !== landmark);
  assert.match(folder ?? 'nothing', /^plumbline-sample-[0-9a-f]{4}$/);
  assert.ok((await readdir(path.join(parent, folder ?? ''))).includes('churn'));
  const incidents = page.locator('.statusbar-item', { hasText: /Plumbline/ }).first();
  await incidents.waitFor({ timeout: 60_000 });
});

/**
 * Presses until the window is there: a press while the dialog still lists the folder is lost, and a browser that takes the
 * window for a pop-up, because unpacking took longer than five seconds, makes VS Code ask again.
 */
async function newWindow(button: Locator): Promise<Page> {
  const retry = workspace.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Retry' });
  let opened: Page | undefined;
  workspace.page.context().once('page', (page) => {
    opened = page;
  });
  for (const end = Date.now() + 60_000; !opened && Date.now() < end; await pause(500)) {
    for (const one of [retry, button]) if (await one.isVisible()) await one.click({ timeout: 2_000 }).catch(() => {});
  }
  assert.ok(opened, 'no window opened within a minute');
  return opened;
}
