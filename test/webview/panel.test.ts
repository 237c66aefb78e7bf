// The panel in a real browser, under its real content security policy, with graphs that lineage/ makes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
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

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly following?: boolean;
}

interface Panel {
  readonly page: Page;
  readonly frame: Frame;
  /** What the panel sent of this type since it was opened, once there is something. */
  sent(type: string): Promise<Message[]>;
  names(): Promise<string[]>;
  close(): Promise<void>;
}

interface Look {
  readonly theme?: string;
  readonly focus?: string;
  readonly width?: number;
  readonly height?: number;
}

async function open(world: string, { theme = 'dark', focus, width = 1300, height = 800 }: Look = {}): Promise<Panel> {
  const page = await browser.newPage({ viewport: { width, height } });
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const query = new URLSearchParams({ world, theme, ...(focus ? { focus } : {}) });
  await page.goto(`${gallery.url}?${query}`);
  const frame = await (await page.waitForSelector('#panel')).contentFrame();
  if (!frame) throw new Error('The gallery has no panel.');
  await frame.waitForSelector('g.node, .notice h2');
  return {
    page,
    frame,
    async sent(type) {
      const found = await page.waitForFunction((wanted) => {
        const { messages } = globalThis as unknown as { messages: { type: string; id?: string }[] };
        const all = messages.filter((message) => message.type === wanted);
        return all.length > 0 && all;
      }, type);
      return found.jsonValue() as Promise<Message[]>;
    },
    names: async () => (await frame.locator('g.node text.name').allTextContents()).sort(),
    async close() {
      const violations = await frame.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);
      await page.close();
      assert.deepEqual({ violations, errors }, { violations: [], errors: [] });
    },
  };
}

const nextTo = [
  'analytics.ml.churn_labels',
  'analytics.ml.churn_predictions',
  'auc',
  'churn',
  'churn-live',
  'churn_auc_low',
  's3://acme-lake/churn/features/',
  'score_churn',
  'train_churn',
];

test('nodes and lines of the story, two levels each way', async () => {
  const panel = await open('churn');
  assert.deepEqual(await panel.names(), nextTo);
  const lines = await panel.frame
    .locator('g.edge path.edge')
    .evaluateAll((paths) => paths.map((path) => path.getAttribute('class')?.replace(' near', '').split('-').at(-1)));
  assert.deepEqual(lines.sort(), ['code', 'declared', 'matched', ...Array(5).fill('reported')]);
  const titles = await panel.frame.locator('g.edge title').allTextContents();
  assert.ok(titles.includes('churn → score_churn: reads it (in code)\nread off the code\ndags/score_churn.py:31'));
  await panel.close();
});

test('a line ends where its node begins', async () => {
  const panel = await open('churn');
  const ends = await panel.frame.locator('g.edge').evaluateAll((edges) =>
    edges.map((edge) => {
      const path = edge.querySelector<SVGPathElement>('path.edge');
      const end = path?.getPointAtLength(path.getTotalLength());
      const nodes = [...document.querySelectorAll<SVGGElement>('g.node')].map((node) => {
        const { e: x, f: y } = (node.transform.baseVal.consolidate() as SVGTransform).matrix;
        return { x, y: y + Number(node.querySelector('rect.box')?.getAttribute('height')) / 2 };
      });
      return Math.min(...nodes.map(({ x, y }) => Math.hypot(x - (end?.x ?? 0), y - (end?.y ?? 0))));
    }),
  );
  assert.ok(Math.max(...ends) < 2, `ends are off by ${ends.map(Math.round).join(', ')}`);
  await panel.close();
});

test('no text leaves its node', async () => {
  for (const world of ['churn', 'hostile', 'fan']) {
    const panel = await open(world);
    const leaving = await panel.frame.locator('g.node').evaluateAll((nodes) =>
      nodes.flatMap((node) => {
        const box = node.querySelector('rect.box')?.getBoundingClientRect();
        return [...node.querySelectorAll('text.name, text.below')].flatMap((text) => {
          const { left, right } = text.getBoundingClientRect();
          return box && (right > box.right - 2 || left < box.left) ? [text.textContent] : [];
        });
      }),
    );
    assert.deepEqual(leaving, [], world);
    await panel.close();
  }
});

test('a handle shows what is hidden, and hides it again', async () => {
  const panel = await open('churn');
  const labels = panel.frame.locator('g.node', { hasText: 'churn_labels' });
  await labels.locator('g.handle.upstream.expand').click();
  await panel.frame.waitForSelector('g.node:has-text("raw.crm.customers")');
  assert.deepEqual(await panel.names(), [...nextTo, 'raw.crm.customers'].sort());
  await labels.hover();
  await labels.locator('g.handle.upstream.collapse').click();
  await panel.frame.waitForFunction(() => !document.body.textContent?.includes('raw.crm.customers'));
  assert.deepEqual(await panel.names(), nextTo);
  await panel.close();
});

test('a failed node leads to its logs, and a click there is no selection', async () => {
  const panel = await open('churn', { focus: 'table:dbt://local/analytics/ml/churn_metrics' });
  const failed = panel.frame.locator('g.node.status-failed');
  assert.equal(
    await failed.locator('text.status-text').textContent(),
    'failed 2 h ago'.replace('2 h', await hoursAgo()),
  );
  await failed.locator('g.logs').click();
  assert.deepEqual(await panel.sent('showLogs'), [{ type: 'showLogs', id: 'job:airflow://local/validate_churn' }]);
  assert.equal(await panel.frame.locator('g.node.selected text.name').textContent(), 'analytics.ml.churn_metrics');
  assert.equal(await panel.frame.locator('g.node:not(.status-failed) g.logs:visible').count(), 0);
  await panel.close();
});

/** The fixtures play at a fixed time; the panel says ages by the clock. */
async function hoursAgo(): Promise<string> {
  const { fixtureNow } = await import('../support/catalog.ts');
  const { age } = await import('../../webview/words.ts');
  return age(fixtureNow - 2 * 3_600_000, Date.now()).replace(' ago', '');
}

test('by keyboard alone: walk, open, centre, logs, the source', async () => {
  const panel = await open('churn');
  const { page, frame } = panel;
  const selected = () => frame.locator('g.node.selected text.name').textContent();
  await frame.locator('g.node.selected').focus();
  await page.keyboard.press('ArrowLeft');
  assert.equal(await selected(), 'train_churn');
  assert.ok(await frame.locator('g.node.selected').evaluate((node) => node === document.activeElement));
  await page.keyboard.press('Enter');
  assert.deepEqual(await panel.sent('openSource'), [{ type: 'openSource', id: 'job:airflow://local/train_churn' }]);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowDown');
  assert.equal(await selected(), 'analytics.ml.churn_labels');
  await page.keyboard.press('[');
  await frame.waitForSelector('g.node:has-text("raw.crm.customers")');
  await page.keyboard.press('Control+c');
  assert.equal(await frame.locator('g.node.focus text.name').textContent(), 'churn');
  await page.keyboard.press('c');
  await frame.waitForSelector('g.node.focus:has-text("churn_labels")');
  await page.keyboard.press('l');
  assert.equal((await panel.sent('showLogs')).length, 1);
  await panel.close();
});

test('the selected node is brought into view', async () => {
  const panel = await open('churn', { width: 420, height: 600 });
  const { page, frame } = panel;
  await frame.locator('g.node.selected').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft']) {
    await page.keyboard.press(key);
    const inside = await frame.locator('g.node.selected rect.box').evaluate((box) => {
      const [{ left, right }, around] = [box.getBoundingClientRect(), document.querySelector('svg.graph')];
      const { left: from = 0, right: to = 0 } = around?.getBoundingClientRect() ?? {};
      return left >= from && right <= to;
    });
    assert.ok(inside, `after ${key}`);
  }
  await panel.close();
});

test('the list says the same as the graph, and is walked as a tree', async () => {
  const panel = await open('churn');
  const { page, frame } = panel;
  await frame.getByRole('button', { name: 'Show as a list' }).click();
  const rows = frame.getByRole('treeitem');
  const listed = await frame.locator('.list li.entry > .line .name').allTextContents();
  assert.deepEqual([...new Set(listed)].sort(), nextTo);
  await rows.first().focus();
  const here = () =>
    frame.evaluate(
      () =>
        document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.firstElementChild?.textContent,
    );
  await page.keyboard.press('ArrowDown');
  assert.match(String(await here()), /Made from/);
  await page.keyboard.press('ArrowRight');
  assert.match(String(await here()), /^job train_churn, airflow, last run succeeded .+, made it \(reported\)$/);
  await page.keyboard.press('ArrowLeft');
  assert.equal(await frame.locator('li.selected').getAttribute('aria-expanded'), 'false');
  assert.match(String(await here()), /^job train_churn/);
  await page.keyboard.press('ArrowLeft');
  assert.match(String(await here()), /Made from/);
  await page.keyboard.press('End');
  assert.match(String(await here()), /^monitor churn_auc_low/);
  await page.keyboard.press('Enter');
  assert.equal((await panel.sent('openSource')).length, 1);
  await frame.locator('li.more', { hasText: 'downstream' }).click();
  await frame.waitForSelector('li.entry:has-text("validate_churn")');
  assert.equal(await frame.locator('.list [tabindex="0"]').count(), 1);
  await panel.close();
});

test('details say who says what, and lead to the neighbours', async () => {
  const panel = await open('churn');
  const { frame } = panel;
  await frame.waitForSelector('aside.details dt:has-text("Owner")');
  const text = String(await frame.locator('aside.details').textContent());
  for (const part of ['ana', 'challenger → 7', 'train_churn', 'made it (reported)', 'MLflow run train-11-21']) {
    assert.ok(text.includes(part), `${part} is not among: ${text}`);
  }
  await frame.locator('aside.details').getByRole('button', { name: 'train_churn' }).click();
  await frame.waitForSelector('aside.details h2:has-text("train_churn")');
  await frame.locator('aside.details').getByRole('button', { name: 'Centre here' }).click();
  await frame.waitForSelector('g.node.focus:has-text("train_churn")');
  await panel.close();
});

test('a reload finds the same focus, opened branches, view and zoom', async () => {
  const panel = await open('churn');
  const { page, frame } = panel;
  await frame.locator('g.node', { hasText: 'churn_labels' }).locator('g.handle.upstream.expand').click();
  await frame.waitForSelector('g.node:has-text("raw.crm.customers")');
  await frame.getByRole('button', { name: 'Zoom in' }).click();
  const look = () => frame.locator('svg.graph > g').getAttribute('transform');
  const [names, before] = [await panel.names(), await look()];
  await page.evaluate(() => (document.querySelector('iframe') as HTMLIFrameElement).contentWindow?.location.reload());
  await frame.waitForSelector('g.node:has-text("raw.crm.customers")');
  assert.deepEqual(await panel.names(), names);
  assert.equal(await look(), before);
  await panel.close();
});

test('following is told to the extension, and said as it is', async () => {
  const panel = await open('churn');
  await panel.frame.getByRole('checkbox', { name: 'Follow cursor' }).click();
  assert.deepEqual(await panel.sent('follow'), [{ type: 'follow', following: false }]);
  await panel.frame.evaluate(() => location.reload());
  await panel.frame.waitForSelector('g.node');
  assert.equal(await panel.frame.getByRole('checkbox', { name: 'Follow cursor' }).isChecked(), false);
  await panel.close();
});

test('names from tools are text, whatever they hold', async () => {
  const panel = await open('hostile');
  assert.equal(await panel.frame.evaluate(() => 'broken' in globalThis), false);
  assert.ok((await panel.names()).some((name) => name.endsWith('<script>window.broken=1</script>')));
  assert.equal(await panel.frame.locator('body *:is(img, b, script:not([nonce]))').count(), 0);
  assert.doesNotMatch(String(await panel.frame.locator('body').textContent()), /\u202e/);
  await panel.close();
});

test('a name that nobody knows is said, with what to do', async () => {
  const panel = await open('unknown');
  assert.equal(await panel.frame.locator('.notice h2').textContent(), 'Nothing is known of this name');
  assert.equal(await panel.frame.locator('svg.graph').isVisible(), false);
  assert.equal(await panel.frame.locator('aside.details').isVisible(), false);
  await panel.close();
});

test('a thing without neighbours says so; more than the limit is counted', async () => {
  const alone = await open('alone');
  assert.match(String(await alone.frame.locator('aside.details').textContent()), /Nothing reads or writes it/);
  await alone.close();
  const fan = await open('fan');
  assert.equal((await fan.names()).length, 150);
  assert.match(String(await fan.frame.locator('p.left-out').textContent()), /^71 more are not drawn/);
  await fan.frame.locator('g.handle.upstream.expand').click();
  await fan.frame.waitForFunction(() => document.querySelectorAll('g.node').length === 221);
  await fan.close();
});

test('paths that meet again and again do not make the list explode', async () => {
  const panel = await open('diamonds');
  for (let times = 0; times < 6; times++) {
    const handles = panel.frame.locator('g.handle.expand');
    const count = await panel.frame.locator('g.node').count();
    if ((await handles.count()) === 0) break;
    await handles.first().dispatchEvent('click');
    await panel.frame.waitForFunction((before) => document.querySelectorAll('g.node').length > before, count);
  }
  await panel.frame.getByRole('button', { name: 'Show as a list' }).click();
  assert.ok((await panel.frame.locator('.list li').count()) < 80);
  await panel.close();
});

for (const theme of Object.keys(themes)) {
  test(`${theme}: everything can be read, kinds and marks differ without colour`, async () => {
    const panel = await open('churn', { theme, focus: 'job:airflow://local/validate_churn' });
    await panel.frame.waitForSelector('aside.details dt');
    const read = await contrasts(
      panel.frame,
      'g.node text.name, g.node text.below, g.handle.expand text, g.logs text, aside.details :is(dt, dd, h3, .below, .evidence, .link span), vscode-checkbox',
    );
    assert.ok(read.length > 10);
    const faint = read.filter(({ ratio }) => ratio < 4.5).map(({ text, ratio }) => `${text} ${ratio.toFixed(1)}`);
    assert.deepEqual(faint, []);
    const signs = await panel.frame
      .locator('g.node')
      .evaluateAll((nodes) =>
        nodes.map((node) => [
          node.getAttribute('class')?.match(/kind-\w+/)?.[0],
          node.querySelector('path.kind')?.getAttribute('d'),
        ]),
      );
    assert.equal(new Set(signs.map(([kind]) => kind)).size, new Set(signs.map(([, sign]) => sign)).size);
    await panel.close();
  });
}

test('a narrow panel cuts nothing off at its side', async () => {
  const panel = await open('churn', { width: 300 });
  await panel.frame.getByText('Legend').click();
  for (const view of ['graph', 'list']) {
    const overflow = await panel.frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `the ${view} is ${overflow} too wide`);
    const legend = await panel.frame.locator('.legend-box').boundingBox();
    assert.ok(legend && legend.x >= 0);
    await panel.frame.locator('vscode-button').first().click();
    await panel.frame.getByText('Legend').click();
  }
  await panel.close();
});
