// Makes the .vsix: production bundles, the notices of the packages in them, and nothing else; prints its size.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createVSIX } from '@vscode/vsce';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const aimBytes = 10 * 1024 * 1024;
const run = promisify(execFile);

/** Builds and packages; returns { file, bytes }. Throws with what the build said. */
export async function packageExtension(report = () => {}) {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const file = join(root, `${manifest.name}-${manifest.version}.vsix`);
  report('Building …');
  await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: root }).catch((error) => {
    throw new Error(`${error.stderr || error.message}\nBuilding failed. Correct the lines above, then run it again.`);
  });
  await writeFile(join(root, 'dist', 'THIRD-PARTY-NOTICES.txt'), await notices());
  report('Packaging …');
  await rm(file, { force: true });
  await createVSIX({
    cwd: root,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    baseContentUrl: '.',
    rewriteRelativeLinks: false,
  });
  return { file, bytes: (await stat(file)).size };
}

/** The licence of every package whose code is in a bundle, or whose files were copied beside them. */
async function notices() {
  const metafiles = JSON.parse(await readFile(join(root, 'dist', 'meta.json'), 'utf8'));
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = new Set([...inputs.map(packageFolder), ...(await copied())].filter((folder) => folder !== undefined));
  const entries = await Promise.all([...folders].map(notice));
  const sorted = entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    'Plumbline contains the packages below, each under its own licence.',
    ...sorted.map(({ name, text }) => `${'='.repeat(80)}\n${name}\n${'='.repeat(80)}\n${text}`),
  ].join('\n\n');
}

/** `node_modules/a/node_modules/@b/c` of a bundled file, or undefined for one of ours. */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input.replace(/^\w+:/, ''))?.[0];
}

/** Packages whose WebAssembly lies in dist as a file: the build copies it, so no metafile speaks of it. */
async function copied() {
  const wasm = (await readdir(join(root, 'dist'))).filter((name) => name.endsWith('.wasm'));
  if (wasm.length === 0) return [];
  const text = await readFile(join(root, 'esbuild.mjs'), 'utf8');
  const named = [...text.matchAll(/node_modules\/(?:@[\w.-]+\/)?[\w.-]+/g)].map((match) => match[0]);
  const owners = await Promise.all(wasm.map((name) => ownerOf(name, named)));
  return owners.flat();
}

async function ownerOf(name, folders) {
  const content = await readFile(join(root, 'dist', name));
  for (const folder of folders) {
    const files = await readdir(join(root, folder), { recursive: true });
    for (const file of files.filter((path) => path.endsWith('.wasm'))) {
      if (content.equals(await readFile(join(root, folder, file)))) return [folder];
    }
  }
  throw new Error(`dist/${name} comes from no package named in esbuild.mjs, so its licence cannot be given.`);
}

async function notice(folder) {
  const manifest = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  const names = await readdir(join(root, folder));
  const licences = names.filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = await Promise.all(licences.map((name) => readFile(posix.join(root, folder, name), 'utf8')));
  const author = typeof manifest.author === 'string' ? manifest.author : (manifest.author?.name ?? '');
  const text = texts.length > 0 ? texts.join('\n\n') : `Licence: ${manifest.license}. ${author}`;
  return { name: `${manifest.name} ${manifest.version} (${manifest.license})`, text: text.trim() };
}

async function main() {
  const { file, bytes } = await packageExtension((text) => process.stderr.write(`${text}\n`));
  const size = `${(bytes / 1024 / 1024).toFixed(2)} MB`;
  console.log(`${file} (${size}${bytes > aimBytes ? '; the aim is under 10 MB' : ''})`);
}

if (process.argv[1] && existsSync(process.argv[1]) && import.meta.filename === process.argv[1]) {
  await main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
