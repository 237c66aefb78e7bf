// The mouse over a text of the editor: where its letters are on the page, and the hover that opens there.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Workspace } from '../../../scripts/vscode/page.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Rests the mouse on the place `$0` of a text in the active editor until a hover says `words`. Asked again until then, since servers start late. Fails when it says it twice.
 */
export async function mouseHover({ page }: Workspace, marked: string, words: RegExp): Promise<void> {
  const parts = page.locator('.monaco-hover:visible .hover-row').filter({ hasText: words });
  for (let tries = 0; tries < 25 && (await parts.count()) === 0; tries++) {
    const { x, y } = await pointOf(page, marked);
    await page.mouse.move(x + 300, y + 200);
    await sleep(300);
    await page.mouse.move(x, y, { steps: 5 });
    await parts
      .first()
      .waitFor({ state: 'visible', timeout: 2_500 })
      .catch(() => undefined);
  }
  assert.equal(await parts.count(), 1, `hovers at ${marked} that say ${words}`);
}

/** The middle of the letter behind `$0`, asked until it stands still: lines are drawn anew while colours and hints come in. */
export async function pointOf(page: Page, marked: string): Promise<Point> {
  let before: Point | undefined;
  for (let tries = 0; tries < 60; tries++) {
    const now = await letterAt(page, marked);
    if (now && before && now.x === before.x && now.y === before.y) return now;
    before = now;
    await sleep(150);
  }
  throw new Error(`no line that is shown holds ${marked}`);
}

async function letterAt(page: Page, marked: string): Promise<Point | undefined> {
  const text = marked.replace('$0', '');
  const lines = page.locator('.view-line').filter({ visible: true, hasText: text });
  if ((await lines.count()) === 0) return undefined;
  return lines.first().evaluate(
    (line, { wanted, offset }) => {
      const nodes = line.ownerDocument.createTreeWalker(line, 4);
      const letters: { readonly node: Node; readonly at: number }[] = [];
      let whole = '';
      for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
        const said = node.textContent ?? '';
        for (let at = 0; at < said.length; at++) letters.push({ node, at });
        whole += said.replaceAll('\u00a0', ' ');
      }
      const letter = letters[whole.indexOf(wanted) + offset];
      if (!letter || whole.indexOf(wanted) < 0) return undefined;
      const range = line.ownerDocument.createRange();
      range.setStart(letter.node, letter.at);
      range.setEnd(letter.node, letter.at + 1);
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    },
    { wanted: text, offset: marked.indexOf('$0') },
  );
}
