// Owns the archives that the accuracy bench reads: downloads each once, checks it, and unpacks the files asked for.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { LabelledPackage } from './labels.ts';
import { unpack } from './unpack.ts';

/**
 * Writes the labelled files of one package and its context into `folder`, under their names.
 * @throws {Error} when the archive cannot be had, is another one, or lacks a file; the message says the next step
 */
export async function unpackInto(folder: string, labelled: LabelledPackage): Promise<void> {
  const archive = await archiveOf(labelled);
  const paths = [...labelled.context, ...labelled.files.map((file) => file.path)];
  const contents = unpack(archive, labelled.archive, new Set(paths));
  for (const wanted of paths) {
    const content = contents.get(wanted);
    if (!content) throw new Error(`${labelled.archive} has no ${wanted}`);
    const target = path.join(folder, wanted);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
  }
}

/** The bytes of the archive: from the cache, which PLUMBLINE_CACHE moves, else from the registry. */
export async function archiveOf(labelled: LabelledPackage): Promise<Buffer> {
  const cache = path.join(cacheFolder(), 'archives');
  const kept = path.join(cache, `${labelled.sha256.slice(0, 12)}-${labelled.archive}`);
  const cached = await readFile(kept).catch(() => undefined);
  if (cached && sha256(cached) === labelled.sha256) return cached;
  await mkdir(cache, { recursive: true });
  process.stderr.write(`Downloading ${labelled.archive} (once; it is kept in ${cache})\n`);
  const bytes = await download(labelled).catch((error: unknown) => {
    throw new Error(
      `${labelled.archive} could not be downloaded: ${words(error)}\n` +
        'The accuracy bench needs the network (PyPI and npm) once; check the connection and run it again.',
    );
  });
  const got = sha256(bytes);
  if (got !== labelled.sha256) {
    throw new Error(`${labelled.archive} is not the labelled one: its sha256 is ${got}, not ${labelled.sha256}.`);
  }
  await writeFile(`${kept}.${process.pid}`, bytes);
  await rename(`${kept}.${process.pid}`, kept);
  return bytes;
}

/** Where downloads are kept: PLUMBLINE_CACHE moves it. */
export function cacheFolder(): string {
  return path.resolve(process.env.PLUMBLINE_CACHE || path.join(os.homedir(), '.cache', 'plumbline'));
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The message and what was below it: fetch hides the reason in `cause`. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function download(labelled: LabelledPackage): Promise<Buffer> {
  return labelled.registry === 'npm' ? fromNpm(labelled) : fromPyPI(labelled);
}

/** By npm itself, so that its own settings hold. */
async function fromNpm({ package: name, version }: LabelledPackage): Promise<Buffer> {
  const draft = path.join(os.tmpdir(), `plumbline-npm-${process.pid}-${Date.now()}`);
  await mkdir(draft);
  try {
    await run('npm', ['pack', `${name}@${version}`, '--ignore-scripts', '--silent', '--pack-destination', draft]);
    const [packed] = await readdir(draft);
    if (!packed) throw new Error('npm pack gave nothing');
    return await readFile(path.join(draft, packed));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * By the JSON of the simple index, since `pip download` would run the set-up code of source archives.
 * The index is the one that pip is set to, else pip's own.
 */
async function fromPyPI({ package: name, archive }: LabelledPackage): Promise<Buffer> {
  const program = process.env.PLUMBLINE_PYTHON || 'python3';
  const ask = 'from pip._internal.models.index import PyPI; print(PyPI.simple_url)';
  const set =
    process.env.PIP_INDEX_URL ||
    (await run(program, ['-m', 'pip', 'config', 'get', 'global.index-url']).catch(() => ''));
  const index = (set.trim() || (await run(program, ['-c', ask])).trim()).replace(/\/$/, '');
  const page = `${index}/${name.toLowerCase().replace(/[-_.]+/g, '-')}/`;
  const listing = await fetch(page, { headers: { accept: 'application/vnd.pypi.simple.v1+json' } });
  if (!listing.ok) throw new Error(`the index answered ${listing.status}`);
  const { files } = (await listing.json()) as { files: readonly { filename: string; url: string }[] };
  const file = files.find((one) => one.filename === archive);
  if (!file) throw new Error('the index does not list it');
  const response = await fetch(new URL(file.url, page));
  if (!response.ok) throw new Error(`the index answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(out);
      else reject(new Error(`${program} ended with ${code}: ${said.trim().slice(-500)}`));
    });
  });
}
