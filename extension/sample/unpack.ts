// Unpacks the recorded sample into a folder of its own: a git checkout with its tools' metadata, as if of today.
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar/fs';
import { type Shift, shiftText, shiftTo } from './shift.ts';
import { shiftStore } from './store.ts';

/** Where the metadata stood when it was recorded; the MLflow store names its artifacts by it. */
const recordedAt = '/opt/acme/churn/metadata';
const gitHere = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.autocrlf=false'];
const texts = /\.(log|json|ndjson|yaml|yml|txt)$|^MLmodel$/;

/**
 * Unpacks the sample into `targetFolder`, with every recorded time (not git's) moved so that the newest event is two
 * hours before `now`. The folder appears complete or not at all.
 * @param report is told what is going on, one line at a time
 * @throws {Error} whose message says the next step: folder not empty, no git, no space, archive unreadable
 */
export async function unpackSample(
  archivePath: string,
  targetFolder: string,
  now: Date,
  report: (message: string) => void = () => {},
): Promise<{ folder: string }> {
  const folder = path.resolve(targetFolder);
  await refuseFull(folder);
  await needGit();
  const draft = `${folder}.unpacking-${process.pid}`;
  try {
    await mkdir(draft, { recursive: true });
    report('Unpacking the sample');
    await extract(archivePath, draft);
    const shift = shiftTo(await newestEvent(draft), now);
    const workspace = path.join(draft, 'workspace');
    report('Making the git checkout');
    await clone(path.join(draft, 'repository.bundle'), workspace);
    report('Moving the recorded times to today');
    await shiftFiles(path.join(draft, 'metadata'), shift, folder);
    await shiftFiles(path.join(draft, 'dbt', 'target'), shift, folder);
    const store = path.join(draft, 'metadata', 'mlflow', 'mlflow.db');
    shiftStore(store, shift, recordedAt, unpackedTo(folder));
    await rename(path.join(draft, 'metadata'), path.join(workspace, 'metadata'));
    await rename(path.join(draft, 'dbt', 'target'), path.join(workspace, 'dbt', 'target'));
    await rmdir(folder).catch(() => {});
    await rename(workspace, folder);
  } catch (error) {
    throw explained(error, folder, archivePath);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { folder };
}

async function refuseFull(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new Error(`The sample cannot be unpacked to ${folder} (${error.code}); choose another folder.`);
  });
  if (entries.length > 0) {
    throw new Error(
      `The folder ${folder} is not empty, and nothing in it is overwritten; choose a new or empty folder.`,
    );
  }
}

async function needGit(): Promise<void> {
  try {
    await git(['--version']);
  } catch {
    throw new Error(
      'The sample is a git repository, and git was not found. Install git (https://git-scm.com) and try again.',
    );
  }
}

async function extract(archivePath: string, draft: string): Promise<void> {
  await stat(archivePath);
  await pipeline(createReadStream(archivePath), createGunzip(), unpackTar(draft, { dmode: 0o755, fmode: 0o644 }));
}

async function newestEvent(draft: string): Promise<Date> {
  const recorded = JSON.parse(await readFile(path.join(draft, 'recorded.json'), 'utf8')) as { newestEventAt?: string };
  const newest = new Date(recorded.newestEventAt ?? '');
  if (Number.isNaN(newest.getTime())) throw new Error('The archive does not say when its newest event was.');
  return newest;
}

/** No hooks, no templates and no remote: the checkout stands for itself. */
async function clone(bundle: string, workspace: string): Promise<void> {
  await git([...gitHere, 'clone', '--quiet', '--template=', '--branch', 'main', bundle, workspace]);
  await git([...gitHere, '-C', workspace, 'remote', 'remove', 'origin']);
}

async function git(args: readonly string[]): Promise<void> {
  await promisify(execFile)('git', [...args], { env: { ...process.env, GIT_TERMINAL_PROMPT: '0' } });
}

/** Rewrites the times in all text files below, and in the names of files and folders. */
async function shiftFiles(parent: string, shift: Shift, folder: string): Promise<void> {
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    const place = path.join(parent, entry.name);
    if (entry.isDirectory()) await shiftFiles(place, shift, folder);
    else if (texts.test(entry.name)) await shiftFile(place, shift, folder);
    const name = shiftText(entry.name, shift);
    if (name !== entry.name) await rename(place, path.join(parent, name));
  }
}

/** The new place of the metadata, as MLflow writes paths. */
function unpackedTo(folder: string): string {
  return `${folder.replaceAll('\\', '/')}/metadata`;
}

async function shiftFile(file: string, shift: Shift, folder: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const moved = shiftText(text, shift);
  // MLflow's own description of a model names the place of its files, which is here now; logs keep what they said.
  const placed = path.basename(file) === 'MLmodel' ? moved.replaceAll(recordedAt, unpackedTo(folder)) : moved;
  if (placed !== text) await writeFile(file, placed);
}

function explained(error: unknown, folder: string, archivePath: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new Error(`No space is left for the sample at ${folder}; it needs about 30 MB.`);
  if (code === 'ENOENT' && message.includes(archivePath)) {
    return new Error(`The sample archive ${archivePath} is missing; install the extension again, or build it anew.`);
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new Error(`The sample cannot be written to ${folder} (${code}); choose a folder of your own.`);
  }
  return new Error(`The sample could not be unpacked to ${folder}: ${message}`);
}
