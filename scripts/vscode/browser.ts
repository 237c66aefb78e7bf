// Opens pages of a VS Code server in Chromium without a window, and keeps what the page said for when something fails.
import { chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import type { Report } from './install.ts';

const viewport = { width: 1400, height: 900 };

export interface OpenPage {
  readonly page: Page;
  /** The last of its console. */
  said(): string;
}

export interface RunningBrowser {
  newPage(): Promise<OpenPage>;
  close(): Promise<void>;
}

/** A running Chromium. The caller closes it. */
export async function startBrowser(report: Report = () => {}): Promise<RunningBrowser> {
  const browser = await chromium.launch({
    executablePath: findChromium(report),
    // In a container Chromium's own sandbox needs rights that root there lacks; only our own server is visited.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    handleSIGINT: false,
    handleSIGTERM: false,
  });
  const newPage = async (): Promise<OpenPage> => {
    const context = await browser.newContext({ viewport, permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    const said: string[] = [];
    page.on('console', (message) => keep(said, `${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => keep(said, `page error: ${error.message}`));
    return { page, said: () => said.slice(-20).join('\n') };
  };
  return { newPage, close: () => browser.close() };
}

/** Native modules that an installation without compiler lacks, and servers that a machine without network cannot reach: always there, never the cause. */
const noise =
  /bindings file|build\/Release|spdlog|open-vsx|Failed to load resource|[sS]ervice ?[wW]orker|A bad HTTP response code|workbench contribution|same-origin|^log: %c INFO/;

/** Remembers the first line of what was said, unless it is noise. */
export function keep(said: string[], text: string): void {
  const [first = ''] = text.split('\n');
  if (!noise.test(text)) said.push(first.slice(0, 300));
}
