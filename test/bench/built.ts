// Built: the bundles as users run them, in a folder of their own, and beside them a program of a bench.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');
/** Packages in CommonJS call `require` inside of an ES module. */
const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };

/** Into `folder`, which is made; `programs`: files of this folder, each becomes `<name>.mjs`. */
export async function buildInto(folder: string, programs: readonly string[] = []): Promise<void> {
  execFileSync(process.execPath, [path.join(root, 'esbuild.mjs'), `--out=${folder}`], { cwd: root });
  await build({
    entryPoints: programs.map((name) => path.join(import.meta.dirname, `${name}.ts`)),
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    banner,
    logLevel: 'warning',
  });
}
