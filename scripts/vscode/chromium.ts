// Finds a Chromium to drive the browser build with; installs Debian's where we are root, else says the one command that does.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Report } from './install.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The path of an executable Chromium: CHROMIUM, else the first on PATH; installed by apt-get when root on Debian. Throws with the next step. */
export function findChromium(report: Report = () => {}): string {
  const given = process.env.CHROMIUM;
  if (given) {
    if (executable(given)) return given;
    throw new Error(`CHROMIUM names ${given}, which is not an executable file. Correct it or unset it.`);
  }
  const found = onPath() ?? macApplications.find(executable);
  if (found) return found;
  const debian = existsSync('/usr/bin/apt-get');
  const root = process.getuid?.() === 0;
  if (debian && root) {
    report('Installing Chromium (apt-get install chromium); once, about half a minute …');
    const installed = aptInstall();
    const after = onPath();
    if (after) return after;
    throw new Error(
      `Chromium could not be installed: ${installed}\nRun: apt-get update && apt-get install -y chromium`,
    );
  }
  const command = debian ? 'sudo apt-get update && sudo apt-get install -y chromium' : 'set CHROMIUM=/path/to/chromium';
  throw new Error(`The tests in VS Code need Chromium, and none is on PATH. Run: ${command}`);
}

function onPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const folder = folders.find((candidate) => executable(join(candidate, name)));
    if (folder) return join(folder, name);
  }
  return undefined;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What went wrong, or an empty text. */
function aptInstall(): string {
  const options = { encoding: 'utf8' as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  const result = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options);
  return result.status === 0
    ? ''
    : (result.stderr || String(result.error ?? '')).trim().split('\n').slice(-5).join('\n');
}
