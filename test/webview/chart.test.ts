// The chart in a real browser: its lines, its words where there is nothing to draw, its table, and that all can read it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/vscode/chromium.ts';
import { fixtureId } from '../support/catalog.ts';
import { contrasts } from './contrasts.ts';
import { type Gallery, openGallery } from './gallery/serve.ts';
import { themes } from './gallery/themes.ts';

let gallery: Gallery;
let browser: Browser;

before(async () => {
  gallery = await openGallery();
  browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  gallery?.close();
});

interface Panel {
  readonly page: Page;
  readonly frame: Frame;
  close(): Promise<void>;
}

async function open(focus: string, { theme = 'dark', width = 1300, height = 900 } = {}): Promise<Panel> {
  const page = await browser.newPage({ viewport: { width, height }, timezoneId: 'UTC' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${gallery.url}?${new URLSearchParams({ world: 'values', theme, focus })}`);
  const frame = await (await page.waitForSelector('#panel')).contentFrame();
  if (!frame) throw new Error('The gallery has no panel.');
  await frame.waitForSelector('g.node');
  return {
    page,
    frame,
    async close() {
      const violations = await frame.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);
      await page.close();
      assert.deepEqual({ violations, errors }, { violations: [], errors: [] });
    },
  };
}

const metric = (name: string, tool = 'prometheus'): string => fixtureId('metric', name, tool);
const asked = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const { messages } = globalThis as unknown as { messages: { type: string; params?: { hours: number } }[] };
    return messages.flatMap(({ type, params }) => (type === 'chart' && params ? [params.hours] : []));
  });

test('a metric is drawn line by line, and a gap in it stays one', async () => {
  const { page, frame, close } = await open(metric('churn_score'));
  await frame.waitForSelector('.plot .series-5');
  const pieces = await frame
    .locator('.plot g.series')
    .evaluateAll((groups) => groups.map((group) => group.querySelectorAll('path').length));
  assert.deepEqual(pieces, [2, 1, 1, 1, 1, 1], 'six lines, the first with a gap');
  assert.match(String(await frame.locator('.chart .said').textContent()), /2 more groups are in the table only/);
  const spoken = String(await frame.getByRole('img', { name: /^Line chart/ }).getAttribute('aria-label'));
  assert.match(spoken, /^Line chart of 8 groups, 22 Nov 2026, 12:00 to 23 Nov 2026, 12:00\. churn_score, \{model/);
  const dashes = await frame
    .locator('.plot g.series path:last-child')
    .evaluateAll((paths) => paths.map((path) => getComputedStyle(path).strokeDasharray));
  assert.equal(new Set(dashes).size, 6, 'told apart without colour');
  assert.deepEqual(await asked(page), [24]);
  await close();
});

test('the same values are a table that a keyboard opens', async () => {
  const { page, frame, close } = await open(metric('churn_score'));
  await frame.locator('.chart summary').focus();
  await page.keyboard.press('Enter');
  const table = frame.locator('.chart table');
  await table.waitFor({ state: 'visible' });
  assert.equal(await table.locator('thead th[scope=col]').count(), 9);
  assert.equal(await table.locator('tbody tr').count(), 24);
  const newest = await table.locator('tbody tr').first().locator('th, td').allTextContents();
  assert.equal(newest[0], '23 Nov 2026, 12:00');
  assert.equal(newest.length, 9);
  const inGap = await table.locator('tbody tr').nth(12).locator('td').first().textContent();
  assert.equal(inGap, 'no value');
  await close();
});

test('another time is asked for, and only then', async () => {
  const { page, frame, close } = await open(metric('churn_score'));
  await frame.waitForSelector('.plot');
  await frame.getByRole('button', { name: 'the last 7 days' }).click();
  await frame.waitForSelector('.plot[aria-label*="16 Nov 2026"]');
  assert.equal(await frame.getByRole('button', { name: 'the last 7 days' }).getAttribute('aria-pressed'), 'true');
  await frame.getByRole('button', { name: 'Ask again' }).click();
  await page.waitForFunction(
    () =>
      (globalThis as unknown as { messages: { type: string }[] }).messages.filter(({ type }) => type === 'chart')
        .length === 3,
  );
  assert.deepEqual(await asked(page), [24, 168, 168]);
  await close();
});

test('a monitor shows what it watches; a model shows no values', async () => {
  const { frame, close } = await open(fixtureId('monitor', 'churn_low', 'prometheus'));
  await frame.waitForSelector('.plot .series-0');
  await frame.locator('aside.details').getByRole('button', { name: 'churn_score' }).click();
  await frame.waitForSelector('.plot .series-0');
  await frame.locator('aside.details .neighbours').getByRole('button', { name: 'churn', exact: true }).click();
  await frame.waitForSelector('aside.details h2:has-text("churn")');
  await frame.locator('.chart').waitFor({ state: 'hidden' });
  await close();
});

test('a model that is the first to be shown has no place for values', async () => {
  const { frame, close } = await open(fixtureId('model', 'churn'));
  await frame.waitForSelector('aside.details h2:has-text("churn")');
  assert.equal(await frame.locator('.chart').isVisible(), false);
  await close();
});

test('what runs recorded is drawn whole, and no time is offered for it', async () => {
  const { frame, close } = await open(fixtureId('metric', 'churn/auc'));
  await frame.waitForSelector('.plot .series-0');
  assert.equal(await frame.locator('.chart .ranges').isVisible(), false);
  assert.match(String(await frame.locator('.chart .below').textContent()), /all runs/);
  await frame.locator('.plot').hover({ position: { x: 60, y: 40 } });
  assert.match(String(await frame.locator('.chart .readout').textContent()), /2026, .+: auc, last of each run 0\.\d/);
  await close();
});

const silent: readonly (readonly [string, RegExp])[] = [
  [metric('slow'), /^Asking for its values…$/],
  [metric('silent'), /^prometheus \(prod\) has no value of it in the last 24 hours\.$/],
  [metric('unreachable'), /^Could not ask\. prometheus \(prod\) cannot be reached at .+ then ask again\.$/],
  [metric('unasked', 'statsd'), /no connection gives values of it\. Plumbline: Add Connection adds one\.$/],
];

for (const [id, expected] of silent) {
  test(`nothing to draw of ${id.split('/').at(-1)} is said in words`, async () => {
    const { frame, close } = await open(id);
    const words = frame.locator('.chart .said[role=status]');
    await words.filter({ hasText: expected }).waitFor();
    assert.equal(await frame.locator('.plot').count(), 0);
    assert.equal(await frame.getByRole('button', { name: 'Ask again' }).isVisible(), !id.endsWith('slow'));
    await close();
  });
}

for (const theme of Object.keys(themes)) {
  test(`${theme}: axes, words and lines of the chart can be read`, async () => {
    const { frame, close } = await open(metric('churn_score'), { theme });
    await frame.waitForSelector('.plot .series-5');
    await frame.locator('.chart summary').click();
    const text = '.chart :is(h3, p, th, td, li span, summary, .range), .plot .axis text';
    const faint = (await contrasts(frame, text)).filter(({ ratio }) => ratio < 4.5);
    assert.deepEqual(faint, []);
    // Drawings need three to one (WCAG 2.2, 1.4.11).
    const lines = await contrasts(frame, '.plot g.series', 'color');
    assert.equal(lines.length, 6);
    assert.deepEqual(
      lines.filter(({ ratio }) => ratio < 3),
      [],
    );
    await close();
  });
}

test('a narrow panel cuts nothing of it off', async () => {
  const { frame, close } = await open(metric('churn_score'), { width: 300 });
  await frame.waitForSelector('.plot .series-5');
  await frame.locator('.chart summary').click();
  assert.ok((await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
  assert.ok(await frame.locator('.details').evaluate((pane) => pane.scrollWidth <= pane.clientWidth));
  await close();
});
