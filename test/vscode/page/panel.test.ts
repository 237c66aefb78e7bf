// The lineage panel in real VS Code: nodes and edges of the story, the same as a list, details, reload, four themes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { contrast } from '../support/contrast.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let workspace: Workspace;
let panel: FrameLocator;

before(async () => {
  sample = await freshSample();
  workspace = await openWorkspace({ folder: sample.folder, theme: 'Default Dark Modern' });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
});

const names = () => panel.locator('g.node text.name').allTextContents();

test('it opens beside the source, with what the model is made from and who made it', async () => {
  await workspace.openFile('churn/settings.py');
  await workspace.goto(9, 28);
  // The metadata is read by then; the panel would draw what the code alone says.
  await workspace.hover('champion');
  await workspace.run('Plumbline: Open Lineage');
  panel = await workspace.webview('Lineage');
  await workspace.shown(panel.locator('g.node.focus'), 'the model in the graph');
  const all = await names();
  assert.ok(all.includes('churn'), `no model churn among: ${all.join(', ')}`);
  assert.ok(
    all.some((name) => /^(train_churn|fit|publish)$/.test(name)),
    `nothing that trains it among: ${all.join(', ')}`,
  );
  const curves = await panel
    .locator('svg.graph path.edge')
    .evaluateAll((paths) => paths.map((path) => path.getAttribute('d') ?? ''));
  assert.ok(curves.length >= 2, `only ${curves.length} edges`);
  assert.deepEqual(
    curves.filter((curve) => !/^M[-\d.]+,[-\d.]+C/.test(curve)),
    [],
  );
});

test('the list says the same as the graph', async () => {
  const drawn = new Set(await names());
  await panel.getByRole('button', { name: 'Show as a list' }).click();
  await workspace.shown(panel.locator('.list li.entry').first(), 'the list');
  const listed = new Set(await panel.locator('.list .name').allTextContents());
  assert.deepEqual([...listed].sort(), [...drawn].sort());
  await panel.getByRole('button', { name: 'Show as a graph' }).click();
  await workspace.shown(panel.locator('g.node.focus'), 'the graph again');
});

test('a click on a node shows its details', async () => {
  const other = panel.locator('g.node:not(.focus)').first();
  const name = await other.locator('text.name').textContent();
  await other.locator('rect.box').click();
  await workspace.shown(panel.locator('g.node.selected:not(.focus)'), 'the node as selected');
  await workspace.shown(panel.locator('aside.details h2', { hasText: name ?? '' }), `the details of ${name}`);
});

const themes = [
  ['Dark Modern', 'vs-dark'],
  ['Light Modern', 'vs'],
  ['Dark High Contrast', 'hc-black'],
  ['Light High Contrast', 'hc-light'],
] as const;
for (const [label, base] of themes) {
  test(`${label}: names can be read`, async () => {
    await workspace.theme(label, base);
    await workspace.shown(panel.locator(`body[data-vscode-theme-kind]`), 'the panel');
    const [text, box] = await panel.locator('g.node.focus').evaluate((node) => {
      const of = (part: string) => getComputedStyle(node.querySelector(part) ?? node).fill;
      return [of('text.name'), of('rect.box')] as const;
    });
    assert.ok(contrast(text, box) >= 4.5, `${text} on ${box} has contrast ${contrast(text, box).toFixed(1)}`);
    await workspace.screenshot(`panel-${base}`);
  });
}

test('it is there again after a reload, on the same name', async () => {
  const before = (await names()).sort();
  await workspace.page.reload();
  panel = await workspace.webview('Lineage');
  await workspace.shown(panel.locator('g.node.focus'), 'the graph after the reload');
  assert.deepEqual((await names()).sort(), before);
});
