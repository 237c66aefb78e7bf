#!/usr/bin/env node
// Stands in for desktop VS Code where there is no desktop: accepts its arguments, runs the same tests in the browser build, exits with their code.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Arguments, readArguments } from './arguments.ts';
import { keep, type RunningBrowser, startBrowser } from './browser.ts';
import { current, floor } from './install.ts';
import { startServer, type VscodeServer } from './server.ts';

/*
 * Environment: PLUMBLINE_VSIX (files to install, separated by `:`), PLUMBLINE_TRUST=asked (Restricted Mode),
 * PLUMBLINE_RELEASE=floor (the oldest supported VS Code), PLUMBLINE_SETTINGS (JSON), PLUMBLINE_SCREENSHOTS (folder),
 * PLUMBLINE_TEST_TIMEOUT_MS, PLUMBLINE_VERBOSE (also what the workbench itself says).
 */
const timeoutMs = Number(process.env.PLUMBLINE_TEST_TIMEOUT_MS ?? 600_000);
const screenshots = process.env.PLUMBLINE_SCREENSHOTS ?? join('.vscode-test', 'screenshots');
const report = (text: string) => process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  const server = await startServer({
    release: process.env.PLUMBLINE_RELEASE === 'floor' ? floor : current,
    token: '',
    tests: true,
    trust: options.trust,
    extensions: (process.env.PLUMBLINE_VSIX ?? '').split(':').filter((file) => file !== ''),
    settings: {
      'security.workspace.trust.startupPrompt': 'never',
      ...JSON.parse(process.env.PLUMBLINE_SETTINGS ?? '{}'),
    },
    report,
  });
  const browser = await startBrowser(report).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const close = async () => {
    await browser.close();
    await server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => close().finally(() => process.exit(130)));
  try {
    return await run(server, browser, options);
  } finally {
    await close();
  }
}

/** Opens the workbench with the test module and waits for its exit code. */
async function run(server: VscodeServer, browser: RunningBrowser, options: Arguments): Promise<number> {
  const { page, said } = await browser.newPage();
  const ended = Promise.withResolvers<number | 'late'>();
  await page.exposeFunction('codeAutomationLog', print);
  await page.exposeFunction('codeAutomationExit', (code: number) => ended.resolve(code));
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload = [
    ...options.development.map((path) => ['extensionDevelopmentPath', remote(path)]),
    ['extensionTestsPath', remote(options.tests)],
    ['skipWelcome', 'true'],
  ];
  await page.goto(server.address({ ...opening(options.target), payload: JSON.stringify(payload) }));
  const timer = setTimeout(() => ended.resolve('late'), timeoutMs);
  const outcome = await Promise.race([ended.promise, server.ended.then(() => 'gone' as const)]);
  clearTimeout(timer);
  if (outcome === 0) return 0;
  await mkdir(screenshots, { recursive: true });
  const picture = join(screenshots, 'launcher-failed.png');
  await page.screenshot({ path: picture }).catch(() => {});
  if (outcome === 'late')
    report(`The tests in VS Code did not end within ${timeoutMs / 1000} s. The page said:\n${said()}`);
  if (outcome === 'gone')
    report(`The VS Code server ended before the tests did. Its output:\n${server.log().slice(-3000)}`);
  report(`The workbench said last:\n${workbench.slice(-15).join('\n')}\nWhat was on the screen: ${picture}`);
  return typeof outcome === 'number' ? outcome : 1;
}

/** The query that opens this folder or .code-workspace; without one, an empty window. */
function opening(target: string | undefined): Record<string, string> {
  if (!target) return { ew: 'true' };
  return target.endsWith('.code-workspace') ? { workspace: target } : { folder: target };
}

/** What the workbench said of itself; shown when a run fails, since it is long and mostly about missing native modules. */
const workbench: string[] = [];

/** The console, as the workbench hands it over; lines of the tests begin with one of the harness's marks. */
function print(type: string, args: unknown): void {
  const values: unknown[] = Array.isArray(args) ? args : [args];
  const text = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ');
  if (/^[✔✖ℹ] /.test(text) || process.env.PLUMBLINE_VERBOSE) process.stdout.write(`${text}\n`);
  else keep(workbench, `${type}: ${text}`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    report(error instanceof Error ? error.message : String(error));
    process.exit(1);
  },
);
