// The parts of the tests that run inside VS Code's extension host, with the packaged extension installed as a user has it.
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests, runVSCodeCommand } from '@vscode/test-electron';
import { build } from 'esbuild';
import { unpackSample } from '../../extension/sample/unpack.ts';
import { packaged, root } from './programs.ts';
import type { Part, Tally } from './tally.ts';

const scratch = join(root, '.vscode-test');
const runner = join(root, 'test', 'vscode', 'runner');

/** Desktop VS Code where there is a desktop; PLUMBLINE_VSCODE=browser|desktop decides otherwise. */
function desktop(): boolean {
  const asked = process.env.PLUMBLINE_VSCODE;
  if (asked) return asked === 'desktop';
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** All suites in one CommonJS module with the `run` that VS Code calls. */
async function bundle(files: readonly string[], name: string): Promise<string> {
  const outfile = join(scratch, `${name}.cjs`);
  const lines = [...files, 'test/vscode/support/host.ts'].map((file) => `import ${JSON.stringify(`./${file}`)};`);
  await build({
    stdin: {
      contents: `${lines.join('\n')}\nexport { run } from './test/vscode/support/host.ts';`,
      resolveDir: root,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22.19',
    format: 'cjs',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'silent',
  });
  return outfile;
}

interface Result {
  readonly name: string;
  readonly error?: string;
}

/** One line of JSON per test, written by the harness as each ends; empty when it never began. */
async function results(file: string): Promise<readonly Result[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line): Result => JSON.parse(line));
}

async function runInHost(files: readonly string[], release: 'current' | 'floor', tally: Tally): Promise<void> {
  if (!packaged) throw new Error('There is no package to test, since the part "package" failed or was not run.');
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-host-'));
  try {
    const sample = await unpackSample(join(root, 'extension/sample/churn.tar.gz'), join(folder, 'churn'), new Date());
    const resultFile = join(folder, 'results.jsonl');
    const onDesktop = desktop() && release === 'current';
    if (onDesktop) await runVSCodeCommand(['--install-extension', packaged, '--force']);
    const failure = await runTests({
      ...(onDesktop ? {} : { vscodeExecutablePath: join(root, 'scripts', 'vscode', 'launcher.ts') }),
      extensionDevelopmentPath: runner,
      extensionTestsPath: await bundle(files, `host-${release}`),
      launchArgs: [sample.folder],
      extensionTestsEnv: { PLUMBLINE_RESULTS: resultFile, PLUMBLINE_VSIX: packaged, PLUMBLINE_RELEASE: release },
    }).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    const all = await results(resultFile);
    for (const { name, error } of all) {
      if (error === undefined) tally.pass();
      else tally.fail(name, error);
    }
    if (failure && all.every(({ error }) => error === undefined))
      tally.fail('VS Code', `${failure}; the lines above say why.`);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function hostPart(name: string, about: string, include: string, release: 'current' | 'floor'): Part {
  return {
    name,
    about,
    next: 'read the lines above and the screenshots in .vscode-test/screenshots',
    async run(tally, patterns) {
      const found = globSync(include, { cwd: root }).sort();
      const wanted = found.filter(
        (file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)),
      );
      if (wanted.length > 0) await runInHost(wanted, release, tally);
    },
  };
}

export const host = hostPart('host', 'suites inside VS Code', 'test/vscode/host/*.test.ts', 'current');
export const floor = hostPart('floor', 'the oldest supported VS Code', 'test/vscode/host/activates.test.ts', 'floor');
