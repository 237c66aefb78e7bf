// Accuracy bench: `plumbline refs --json` on real public code against labels made by reading it.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { unpackInto } from './accuracy/archives.ts';
import { type LabelledFile, type LabelledPackage, readLabels } from './accuracy/labels.ts';
import { type Found, type Score, score, type Tally } from './accuracy/score.ts';

const root = path.join(import.meta.dirname, '../..');
const folder = path.join(import.meta.dirname, 'accuracy/labels');

/** `verbose` lists what was missed and what was wrong; `only` takes the packages whose name holds it. */
export async function bench(options: { readonly verbose?: boolean; readonly only?: string } = {}) {
  const packages = (await readPackages()).filter((one) => one.package.includes(options.only ?? ''));
  const files: LabelledFile[] = [];
  const found: Found[] = [];
  for (const labelled of packages) {
    // Two packages may hold the same path, so the package stands before it.
    const prefix = `${labelled.package} ${labelled.version} `;
    files.push(...labelled.files.map((file) => ({ ...file, path: prefix + file.path })));
    found.push(...(await findIn(labelled)).map((one) => ({ ...one, path: prefix + one.path })));
  }
  const result = score(files, found);
  const { misses, wrong, ...tallies } = result;
  return {
    words: inWords(packages, result, options.verbose ?? false),
    json: { packages: packages.length, ...tallies, ...(options.verbose ? { misses, wrong } : {}) },
  };
}

async function readPackages(): Promise<readonly LabelledPackage[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.labels')).sort();
  return await Promise.all(
    names.map(async (name) => readLabels(await readFile(path.join(folder, name), 'utf8'), name)),
  );
}

/** Each package is read alone, in a folder of its own. */
async function findIn(labelled: LabelledPackage): Promise<readonly Found[]> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'plumbline-accuracy-'));
  try {
    await unpackInto(place, labelled);
    return (JSON.parse(await refs(place)) as readonly Found[]).map(({ path, line, cell, kind, role, name }) => ({
      path: path.replace(/^\.\//, ''),
      line,
      ...(cell === undefined ? {} : { cell }),
      kind,
      role,
      name,
    }));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

function refs(place: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'server/cli.ts'), 'refs', '.', '--json'], {
      cwd: place,
      env: { ...process.env, PLUMBLINE_CWD: place },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(`plumbline refs ended with ${code}: ${said.slice(-2000)}`));
    });
  });
}

function inWords(packages: readonly LabelledPackage[], result: Score, verbose: boolean): string {
  const row = (name: string, of: Tally): string => {
    const cells = [of.files, of.labels, of.hits, of.misses, of.wrong, of.open].map((value) =>
      String(value).padStart(7),
    );
    const ratios = [of.precision, of.recall].map((value) => value.toFixed(3).padStart(10));
    return `${name.padEnd(12)}${cells.join('')}${ratios.join('')}`;
  };
  const heads = ['files', 'labels', 'hits', 'misses', 'wrong', 'open'].map((head) => head.padStart(7)).join('');
  const list = (head: string, of: readonly Found[]): readonly string[] => [
    '',
    `${head} (${of.length})`,
    ...of.map(
      ({ path, cell, line, kind, role, name }) =>
        `  ${path}:${cell === undefined ? '' : `cell ${cell}:`}${line} ${kind} ${role} ${JSON.stringify(name)}`,
    ),
  ];
  return [
    `${packages.length} packages`,
    `${''.padEnd(12)}${heads}${'precision'.padStart(10)}${'recall'.padStart(10)}`,
    row('overall', result.overall),
    '',
    ...result.kinds.map((one) => row(one.kind, one)),
    '',
    ...result.languages.map((one) => row(one.language, one)),
    ...(verbose ? [...list('missed', result.misses), ...list('wrong', result.wrong)] : []),
  ].join('\n');
}
