// An earlier time in the panel, in a real browser: chosen by keyboard, said in words, marked where nobody looked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../../scripts/vscode/chromium.ts';
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

async function open(theme = 'dark', width = 1300) {
  const page = await browser.newPage({ viewport: { width, height: 800 } });
  await page.goto(`${gallery.url}?${new URLSearchParams({ world: 'past', theme })}`);
  const frame = await (await page.waitForSelector('#panel')).contentFrame();
  if (!frame) throw new Error('The gallery has no panel.');
  await frame.waitForSelector('g.node');
  return { page, frame };
}

test('an earlier time is asked for, told, and left again', async () => {
  const { page, frame } = await open();
  assert.equal(await frame.locator('.past').isVisible(), false);
  await frame.getByLabel('As of').selectOption('1 week ago');
  await frame.waitForSelector('.past .when');
  const said = String(await frame.locator('.past').textContent());
  assert.match(said, /^As of \d+ \w+ \d{4}, \d\d:\d\d\./);
  assert.match(said, /alias champion: not watched then; 5 on .+ 2026, .+; 5 on .+ 2026,/);
  assert.match(said, /Dotted boxes and pale lines were not seen then/);
  const train = frame.locator('g.node', { hasText: 'train' });
  assert.match(String(await train.getAttribute('class')), /\bunsure\b/);
  assert.match(String(await train.getAttribute('aria-label')), /not watched then/);
  await frame.getByLabel('As of').selectOption('now');
  await frame.locator('.past').waitFor({ state: 'hidden' });
  assert.equal(await frame.locator('.unsure').count(), 0);
  const asked = await page.evaluate(() =>
    (globalThis as unknown as { messages: { type: string; params: { asOf?: number } }[] }).messages
      .filter(({ type }) => type === 'ask')
      .map(({ params }) => params.asOf !== undefined),
  );
  assert.deepEqual(asked, [false, true, false]);
  const violations = await frame.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);
  assert.deepEqual(violations, []);
  await page.close();
});

for (const theme of Object.keys(themes)) {
  test(`${theme}: the choice and what is said of that time can be read`, async () => {
    const { page, frame } = await open(theme, 420);
    await frame.getByLabel('As of').selectOption('1 day ago');
    await frame.waitForSelector('.past .when');
    const faint = (await contrasts(frame, '.past :is(p, li), .as-of, .as-of select, g.node text.name')).filter(
      ({ ratio }) => ratio < 4.5,
    );
    assert.deepEqual(faint, []);
    assert.ok((await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0);
    await page.close();
  });
}
