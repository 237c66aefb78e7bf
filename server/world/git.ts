// The user's own git, read-only: commits, old texts of files, and where an old line is today.
import { devNull } from 'node:os';
import path from 'node:path';
import type { Commit, GitRepository, LogOptions, MappedLine } from '../connectors/repository.ts';
import { type Exec, ExecFailure } from './exec.ts';
import { messageOf, printable, WorldError } from './failure.ts';
import { readText, realPath } from './files.ts';
import { authorsIn } from './git/blame.ts';
import type { Ask } from './git/history.ts';
import { holdingOf } from './git/holding.ts';
import { relationOf } from './git/relation.ts';
import { differenceOf } from './git/unified.ts';
import { lineHunks, mapThrough } from './lineDiff.ts';

// A repository's own configuration can name programs. Each of these takes one away: hooks, the file system monitor,
// external diffs, signature checks, fetching missing objects. The work tree is never diffed by git itself, because
// that runs clean filters: old texts are read as blobs and compared here. git-config(1), read 2026-11-23.
const guards = [
  '--no-pager',
  '--literal-pathspecs',
  ...[
    'core.fsmonitor=false',
    `core.hooksPath=${devNull}`,
    'diff.external=',
    'log.showSignature=false',
    'log.follow=false',
  ].flatMap(set),
  ...['protocol.allow=never', 'credential.helper=', 'safe.bareRepository=explicit'].flatMap(set),
];
const environment = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
};
const noPrograms = ['--no-ext-diff', '--no-textconv'];
/** Above this a file is not compared line by line. */
const maxFileBytes = 4 * 1024 * 1024;
/** For finding the commits of one content, in ms. */
const holdingMs = 30_000;

function set(option: string): readonly string[] {
  return ['-c', option];
}

/**
 * The repository `folder` is in. Undefined when it is in none or there is no git.
 * Rejects when git refuses the folder because another user owns it.
 */
export async function openRepository(folder: string, exec: Exec): Promise<GitRepository | undefined> {
  const git = (...command: readonly string[]): Promise<string> =>
    exec(['git', ...guards, ...command], { cwd: folder, environment, maxBytes: 2 * maxFileBytes });
  let root: string;
  try {
    root = (await git('rev-parse', '--show-toplevel')).replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof ExecFailure && error.stderr.includes('dubious ownership')) {
      throw new WorldError(
        'forbidden',
        `git does not read ${printable(folder)} because another user owns it. If you trust it: git config --global --add safe.directory <its path>`,
        error,
      );
    }
    if (error instanceof ExecFailure || (error instanceof WorldError && error.kind === 'missing')) return undefined;
    throw error;
  }
  const asking = (signal: AbortSignal): Ask => {
    const maxBytes = 4 * maxFileBytes;
    return (command, { input, patterns } = {}) => {
      const options = patterns ? guards.filter((guard) => guard !== '--literal-pathspecs') : guards;
      return exec(['git', ...options, ...command], {
        cwd: root,
        environment,
        maxBytes,
        signal,
        input,
        timeout: holdingMs,
      });
    };
  };
  return root ? createRepository(path.resolve(root), git, asking) : undefined;
}

type Git = (...command: readonly string[]) => Promise<string>;

function createRepository(root: string, git: Git, asking: (signal: AbortSignal) => Ask): GitRepository {
  const remembered: Parameters<typeof holdingOf>[0]['remembered'] = new Map();
  const fileAt = async (hash: string, file: string): Promise<string | undefined> => {
    const name = isHash(hash) ? await nameAt(git, root, hash, file) : undefined;
    return name === undefined ? undefined : answer(git('cat-file', 'blob', `${hash}:${name}`));
  };
  return {
    root,
    fileAt,
    headCommit: async () => (await answer(git('rev-parse', '--verify', '--quiet', 'HEAD^{commit}')))?.trim(),
    commit: async (hash) => (isHash(hash) ? (await readLog(git, [hash, '--max-count=1']))[0] : undefined),
    changedSince: async (hash, file) => {
      const before = await fileAt(hash, file);
      if (before === undefined) return undefined;
      const after = await textToday(file);
      return after === undefined || lineHunks(before, after).length > 0;
    },
    differenceSince: async (hash, file) => {
      const before = await fileAt(hash, file);
      if (before === undefined) return undefined;
      const shown = printable(path.relative(root, file).split(path.sep).join('/'));
      const after = (await textToday(file)) ?? '';
      return differenceOf(before, after, [`${shown} at ${hash.slice(0, 7)}`, `${shown} as saved`]);
    },
    relation: async (hash) =>
      isHash(hash)
        ? relationOf(git, hash)
        : { is: 'unknown', reason: `${printable(hash).slice(0, 40)} is no commit hash` },
    holding: async (content, near, signal) => {
      const late = AbortSignal.timeout(holdingMs);
      const ask = asking(signal ? AbortSignal.any([signal, late]) : late);
      const nameOf = (file: string) => nameInRoot(root, file);
      try {
        return await holdingOf({ ask, root, nameOf, textToday, remembered }, content, near);
      } catch (error) {
        signal?.throwIfAborted();
        return { is: 'unknown', reason: late.aborted ? `git took more than ${holdingMs / 1000} s` : messageOf(error) };
      }
    },
    authors: async (file) => {
      const name = await nameInRoot(root, file);
      const blame = ['blame', '--incremental', '--no-textconv', '-w', 'HEAD', '--'];
      const text = name === undefined ? undefined : await answer(git(...blame, name));
      return text === undefined ? [] : authorsIn(text);
    },
    mapLine: (hash, file, line) => mapLine(root, git, fileAt, hash, file, line),
    isAncestor: (older, newer) => isAncestor(git, older, newer),
    log: (since, options = {}) => logSince(root, git, since, options),
  };
}

async function mapLine(
  root: string,
  git: Git,
  fileAt: GitRepository['fileAt'],
  hash: string,
  file: string,
  line: number,
): Promise<MappedLine> {
  const short = printable(hash.slice(0, 9));
  const before = await fileAt(hash, file);
  if (before === undefined) {
    const shown = printable(path.relative(root, file));
    return {
      found: 'unknown',
      reason: `commit ${short} or ${shown} in it is not in this repository; fetch it to map the line`,
    };
  }
  const today = (await textToday(file)) === undefined ? await nameToday(git, root, hash, file) : file;
  const after = today === undefined ? undefined : await textToday(today);
  if (today === undefined || after === undefined) {
    return {
      found: 'unknown',
      reason: `${printable(path.relative(root, file))} is not there any more; see it at commit ${short}`,
    };
  }
  const mapped = mapThrough(lineHunks(before, after), line);
  if (mapped.changed) return { found: 'changed', path: today, line: mapped.line };
  return { found: mapped.line === line && today === file ? 'same' : 'moved', path: today, line: mapped.line };
}

async function isAncestor(git: Git, older: string, newer: string): Promise<boolean | undefined> {
  if (!isHash(older) || !isHash(newer)) return undefined;
  try {
    await git('merge-base', '--is-ancestor', older, newer);
    return true;
  } catch (error) {
    if (!(error instanceof ExecFailure)) throw error;
    return error.exitCode === 1 ? false : undefined;
  }
}

async function logSince(root: string, git: Git, since: string, options: LogOptions): Promise<readonly Commit[]> {
  const until = options.until ?? 'HEAD';
  if (!isHash(since) || (until !== 'HEAD' && !isHash(until))) return [];
  const range = [`${since}..${until}`, `--max-count=${options.limit ?? 50}`];
  if (options.path === undefined) return readLog(git, range);
  const name = await nameInRoot(root, options.path);
  return name === undefined ? [] : readLog(git, [...range, '--follow', '--', name]);
}

/** Four lines a commit: names and subjects cannot hold a line feed. */
async function readLog(git: Git, selection: readonly string[]): Promise<readonly Commit[]> {
  const [first = '', ...rest] = selection;
  const text = await answer(git('log', ...noPrograms, '--format=%H%n%an%n%at%n%s', first, ...rest));
  const lines = text?.split('\n') ?? [];
  const commits: Commit[] = [];
  for (let index = 0; index + 3 < lines.length; index += 4) {
    const [hash = '', author = '', seconds = '', subject = ''] = lines.slice(index, index + 4);
    commits.push({ hash, author, at: Number(seconds) * 1000, subject });
  }
  return commits;
}

/** The name a file of today had at a commit: as it is if the commit has it, else back through the renames since. */
async function nameAt(git: Git, root: string, hash: string, file: string): Promise<string | undefined> {
  const today = await nameInRoot(root, file);
  if (today === undefined) return undefined;
  if ((await answer(git('cat-file', '-e', `${hash}:${today}`))) !== undefined) return today;
  const follow = ['--follow', '-M', '--diff-filter=R', '--name-status', '--format=', '-z'];
  const text = await answer(git('log', ...noPrograms, ...follow, `${hash}..HEAD`, '--', today));
  let name = today;
  for (const { from, to } of renamesIn(text ?? '')) if (to === name) name = from;
  return name === today ? undefined : name;
}

/** The path of today of a file that had this name at a commit, by the renames since. */
async function nameToday(git: Git, root: string, hash: string, file: string): Promise<string | undefined> {
  const then = await nameInRoot(root, file);
  const find = ['-M', '--diff-filter=R', '--name-status', '--format=', '-z', '--reverse'];
  const text = await answer(git('log', ...noPrograms, ...find, `${hash}..HEAD`));
  let name = then;
  for (const { from, to } of renamesIn(text ?? '')) if (from === name) name = to;
  return name === undefined || name === then ? undefined : path.join(root, name);
}

/** Of `--name-status -z`: `R097`, old name, new name, each ended by a NUL. */
function* renamesIn(text: string): Generator<{ readonly from: string; readonly to: string }> {
  const fields = text.split('\0').map((field) => field.replace(/^\n+/, ''));
  for (const [index, field] of fields.entries()) {
    const [from, to] = [fields[index + 1], fields[index + 2]];
    if (/^R\d+$/.test(field) && from !== undefined && to !== undefined) yield { from, to };
  }
}

/** Relative to the work tree, with `/`; undefined outside of it. */
async function nameInRoot(root: string, file: string): Promise<string | undefined> {
  const real = path.join(await realPath(path.dirname(file)), path.basename(file));
  const name = path.relative(root, real);
  if (name === '' || name.startsWith('..') || path.isAbsolute(name)) return undefined;
  return name.split(path.sep).join('/');
}

/** Undefined when git says there is no such commit, file or branch; other failures stay failures. */
async function answer(asked: Promise<string>): Promise<string | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ExecFailure) return undefined;
    throw error instanceof WorldError ? error : new WorldError('other', `git failed: ${messageOf(error)}`, error);
  }
}

async function textToday(file: string): Promise<string | undefined> {
  try {
    return await readText(file, maxFileBytes);
  } catch (error) {
    if (error instanceof WorldError && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** Commits come from tools: only a hash may reach git, so that none can be taken for an option. */
function isHash(text: string): boolean {
  return /^[0-9a-f]{7,64}$/i.test(text);
}
