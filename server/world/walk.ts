// Walk: the source files of a folder, as git would see them: ignored files that it does not track, dot folders and dependencies left out.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { type Tracked, trackedAround } from './tracked.ts';

export interface WalkOptions {
  /** Whether a file of this name is wanted. */
  readonly accepts: (name: string) => boolean;
  /** Whether a file, or a folder with all that is in it, is left out; absolute path. */
  readonly skips?: (path: string) => boolean;
  readonly signal: AbortSignal;
}

/** A .gitignore and the folder whose names it is about. */
interface IgnoreFile {
  readonly folder: string;
  readonly rules: Ignore;
}

const skipped: ReadonlySet<string> = new Set([
  'node_modules',
  '__pycache__',
  'site-packages',
  'venv',
  'target',
  'dbt_packages',
]);
/** Of the folders with a dot, those in which CI keeps what it runs. */
const dotted: ReadonlySet<string> = new Set([
  '.github',
  '.circleci',
  '.buildkite',
  '.gitlab',
  '.azuredevops',
  '.prow',
  '.ci',
]);
const deepest = 30;

/** Absolute paths, folder by folder in the order of their names; links are not followed; what cannot be read is left out. */
export async function* walk(root: string, options: WalkOptions): AsyncGenerator<string> {
  yield* walkFolder(root, [], 0, { ...options, repository: new Repository(root) });
}

/** Asked only for what a .gitignore leaves out. */
class Repository {
  readonly #folder: string;
  #tracked: Promise<Tracked | undefined> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async holds(file: string): Promise<boolean> {
    this.#tracked ??= trackedAround(this.#folder);
    const tracked = await this.#tracked;
    if (!tracked) return false;
    const name = path.relative(tracked.root, file).split(path.sep).join('/');
    return tracked.names.has(file.endsWith('/') ? `${name}/` : name);
  }
}

async function* walkFolder(
  folder: string,
  above: readonly IgnoreFile[],
  depth: number,
  options: WalkOptions & { readonly repository: Repository },
): AsyncGenerator<string> {
  if (depth > deepest || options.signal.aborted) return;
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own = entries.some(({ name }) => name === '.gitignore') ? await readIgnore(folder) : undefined;
  const ignores = own ? [...above, own] : above;
  const leftOut = async (file: string): Promise<boolean> =>
    isIgnored(file, ignores) && !(await options.repository.holds(file));
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    if (options.signal.aborted) return;
    const file = path.join(folder, entry.name);
    if (options.skips?.(file)) continue;
    if (entry.isDirectory()) {
      if (
        (entry.name.startsWith('.') && !dotted.has(entry.name)) ||
        skipped.has(entry.name) ||
        (await leftOut(`${file}/`))
      )
        continue;
      yield* walkFolder(file, ignores, depth + 1, options);
    } else if (entry.isFile() && options.accepts(entry.name) && !(await leftOut(file))) {
      yield file;
    }
  }
}

async function readIgnore(folder: string): Promise<IgnoreFile | undefined> {
  const text = await readFile(path.join(folder, '.gitignore'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : { folder, rules: ignore().add(text) };
}

/** The nearest .gitignore that says something decides. */
function isIgnored(file: string, ignores: readonly IgnoreFile[]): boolean {
  const isFolder = file.endsWith('/');
  for (const { folder, rules } of ignores.toReversed()) {
    const name = path.relative(folder, file).split(path.sep).join('/');
    const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name);
    if (ignored || unignored) return ignored;
  }
  return false;
}
