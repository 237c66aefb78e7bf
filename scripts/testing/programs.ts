// The parts of the tests that are one program each: types, lint, and the package.
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './tally.ts';

export const root = join(import.meta.dirname, '..', '..');
const maxPackageBytes = 25 * 1024 * 1024;

/** Runs a program in the root; its output, both streams, and its exit code. */
export async function program(command: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
  const code = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('close', (status) => resolve(status ?? 1));
  });
  return { code, output };
}

function one(name: string, about: string, next: string, command: readonly [string, ...string[]]): Part {
  return {
    name,
    about,
    next,
    async run(tally) {
      const [first, ...args] = command;
      const { code, output } = await program(join(root, 'node_modules', '.bin', first), args);
      if (code === 0) tally.pass();
      else tally.fail(name, output.split('\n').slice(0, 60).join('\n'));
    },
  };
}

export const types = one('types', 'the TypeScript compiler agrees', 'correct the lines above (npx tsc --noEmit)', [
  'tsc',
  ...['-p', 'tsconfig.json', '--noEmit'],
]);

export const lint = one(
  'lint',
  'the linter and formatter agree',
  'npx biome check --write, then correct what remains',
  ['biome', ...['check', '--error-on-warnings', '--max-diagnostics=30']],
);

/** The .vsix that the last run of this part made; undefined before. */
export let packaged: string | undefined;

export const pack: Part = {
  name: 'package',
  about: 'the .vsix is made',
  next: 'correct what the build says (npm run package)',
  async run(tally) {
    const { code, output } = await program(process.execPath, ['scripts/package.mjs']);
    const file = /^(.*\.vsix) \(/m.exec(output.trim().split('\n').at(-1) ?? '')?.[1];
    if (code !== 0 || !file) return tally.fail('package', output);
    const { size } = statSync(file);
    if (size > maxPackageBytes)
      return tally.fail('package', `${file} has ${size} bytes; something that does not run is in it`);
    packaged = file;
    console.log(`  ${file}, ${(size / 1024 / 1024).toFixed(2)} MB`);
    tally.pass();
  },
};
