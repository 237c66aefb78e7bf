// Drives VS Code from outside, as a person does: opens folders and files, types, hovers, runs commands, reads what is shown.
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { type RunningBrowser, startBrowser } from './browser.ts';
import type { Release } from './install.ts';
import { type Settings, startServer, type VscodeServer } from './server.ts';

/** Long, since a busy machine with two cores needs 40 s to come back from a reload; it costs nothing where all is well. */
const deadlineMs = Number(process.env.PLUMBLINE_PAGE_DEADLINE_MS ?? 90_000);

export interface WorkspaceOptions {
  /** A folder, or a .code-workspace file. */
  readonly folder: string;
  /** The .vsix files to install. Undefined: PLUMBLINE_VSIX, separated by `:`. */
  readonly extensions?: readonly string[];
  /** A theme's settings id, for example `Default Dark Modern`. */
  readonly theme?: string;
  /** `asked`: opens in Restricted Mode, without the dialog that asks. */
  readonly trust?: 'given' | 'asked';
  readonly settings?: Settings;
  readonly release?: Release;
  readonly environment?: Readonly<Record<string, string>>;
}

/** An open window of VS Code in the browser build. Close it, or its server stays. */
export class Workspace {
  readonly page: Page;
  readonly #server: VscodeServer;
  readonly #browser: RunningBrowser;
  readonly #said: () => string;

  constructor(page: Page, said: () => string, server: VscodeServer, browser: RunningBrowser) {
    this.page = page;
    this.#said = said;
    this.#server = server;
    this.#browser = browser;
  }

  /** Switches the colour theme by its label, in the list of themes, and waits until the workbench wears it. */
  async theme(label: string, baseClass: 'vs' | 'vs-dark' | 'hc-black' | 'hc-light'): Promise<void> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const row = rows.filter({ has: this.page.getByText(label, { exact: true }) });
    const ask = async () => {
      await this.run('Preferences: Color Theme');
      // Typed before the themes are listed, the text would filter an empty list.
      await rows.nth(3).waitFor({ timeout: 3_000 });
      await this.#input().fill(label);
    };
    await this.#untilShown(ask, row.first(), `the theme ${label} in the list`);
    await row.first().click();
    await this.shown(this.page.locator(`.monaco-workbench.${baseClass}`), `the theme ${label}`);
  }

  /** Absolute path of what the VS Code server keeps; no other server has it. */
  get dataFolder(): string {
    return this.#server.dataFolder;
  }

  /** What went wrong inside, as far as the page told. */
  said(): string {
    return this.#said();
  }

  /** Opens a file by a part of its path that names it alone, through quick open. */
  async openFile(path: string): Promise<void> {
    const name = basename(path);
    // The one that Enter takes: before the list is filtered, that is the last file one looked at.
    const row = this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name });
    await this.#untilShown(
      async () => {
        await this.page.keyboard.press('Escape');
        await this.page.keyboard.press('Control+P');
        await this.#input().fill(path, { timeout: 3_000 });
        await row.waitFor({ state: 'visible', timeout: 3_000 });
        await this.page.keyboard.press('Enter');
      },
      this.page.locator('.tab.active', { hasText: name }),
      `the tab of ${path}`,
    );
    // Those of cells lie over the editors, not in them.
    const lines = this.page.locator('.view-line').filter({ visible: true });
    await this.shown(lines.first(), `the text of ${name}`);
  }

  /** Puts the cursor at a line and column of the active editor, both from 1. */
  async goto(line: number, column = 1): Promise<void> {
    await this.page.keyboard.press('Control+G');
    await this.#input().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.shown(this.page.locator('.statusbar-item', { hasText: `Ln ${line}, Col ${column}` }), `line ${line}`);
  }

  /** The text of the hover at the cursor, opened by keyboard, once it holds `text`; asked again until then, since servers start late. */
  async hover(text: string | RegExp): Promise<string> {
    const hover = this.page.locator('.monaco-hover:visible .monaco-hover-content', { hasText: text }).first();
    const ask = async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+K');
      await this.page.keyboard.press('Control+I');
    };
    await this.#untilShown(ask, hover, `a hover with ${text}`);
    return (await hover.textContent()) ?? '';
  }

  /** Runs a command by its title in the command palette, category included. */
  async run(title: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
    const ask = async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
      await this.#input().fill(`>${title}`, { timeout: 3_000 });
    };
    const endMs = Date.now() + deadlineMs;
    for (;;) {
      await this.#untilShown(ask, row, `the command "${title}"`);
      // A view that takes the focus just then closes the palette.
      const missed = await row.click({ timeout: 5_000 }).catch((error: unknown) => ({ error }));
      if (missed === undefined) return;
      if (Date.now() > endMs) throw missed.error;
    }
  }

  /** The inside of the webview that a panel or view of this title shows. */
  async webview(title: string): Promise<FrameLocator> {
    const endMs = Date.now() + deadlineMs;
    for (;;) {
      const outer = this.page.locator('iframe.webview');
      for (let index = 0; index < (await outer.count()); index++) {
        const inner = outer.nth(index).contentFrame().locator('iframe#active-frame');
        const named = await inner.getAttribute('title', { timeout: 500 }).catch(() => null);
        if (named?.includes(title)) return inner.contentFrame();
      }
      if (Date.now() > endMs) throw await this.#failure(`the webview "${title}"`);
      await sleep(100);
    }
  }

  /** Opens a row of a tree by a click. */
  async opened(row: Locator): Promise<void> {
    const open = row.and(this.page.locator('[aria-expanded=true]'));
    await this.#untilShown(() => row.click({ timeout: 3_000 }), open, 'what is below the row');
  }

  /** Waits until it is on the screen; fails with a screenshot and with what the workbench said. */
  async shown(what: Locator, name: string): Promise<Locator> {
    await what.waitFor({ state: 'visible', timeout: deadlineMs }).catch(async () => {
      throw await this.#failure(name);
    });
    return what;
  }

  /** Waits until this text is somewhere on the screen. */
  async text(text: string | RegExp): Promise<Locator> {
    return this.shown(this.page.getByText(text).filter({ visible: true }).first(), `the text ${text}`);
  }

  /** Writes <name>.png to the folder of screenshots and returns its path. */
  async screenshot(name: string): Promise<string> {
    const folder = process.env.PLUMBLINE_SCREENSHOTS ?? join('.vscode-test', 'screenshots');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
  }

  #input(): Locator {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  /** Asks again every few seconds until it is shown. */
  async #untilShown(ask: () => Promise<void>, what: Locator, name: string): Promise<void> {
    const endMs = Date.now() + deadlineMs;
    while (Date.now() < endMs) {
      const shown = await ask()
        .then(() => what.waitFor({ state: 'visible', timeout: 3_000 }))
        .then(() => true)
        .catch(() => false);
      if (shown) return;
    }
    throw await this.#failure(name);
  }

  async #failure(name: string): Promise<Error> {
    const picture = await this.screenshot(`failed-${Date.now()}`).catch(() => 'no picture');
    return new Error(
      `Not shown within ${deadlineMs / 1000} s: ${name}. What was on the screen: ${picture}\n${this.said()}`,
    );
  }
}

/** Starts a server with the packaged extension and opens a window on the folder. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const settings: Settings = {
    'security.workspace.trust.startupPrompt': 'never',
    ...(options.theme ? { 'workbench.colorTheme': options.theme } : {}),
    ...options.settings,
  };
  const server = await startServer({
    release: options.release,
    token: '',
    tests: true,
    trust: options.trust,
    extensions: options.extensions ?? (process.env.PLUMBLINE_VSIX ?? '').split(':').filter((file) => file !== ''),
    settings,
    environment: options.environment,
    report: (text) => process.stderr.write(`${text}\n`),
  });
  const browser = await startBrowser().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  try {
    const { page, said } = await browser.newPage();
    const opening = options.folder.endsWith('.code-workspace') ? 'workspace' : 'folder';
    await page.goto(server.address({ [opening]: options.folder }));
    const workspace = new Workspace(page, said, server, browser);
    await workspace.shown(page.locator('.monaco-workbench .statusbar'), 'the workbench');
    return workspace;
  } catch (error) {
    await browser.close();
    await server.stop();
    throw error;
  }
}
