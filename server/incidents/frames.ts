// Frames: from a file and line in a log to the file of the workspace and the line that it is today.
import type { GitRepository } from '../connectors/repository.ts';
import type { LinePlace, LogFrame } from '../protocol/incident.ts';
import { libraryPath, type TraceFrame } from './log/pythonTraces.ts';

/** What frames are mapped with. */
export interface FrameWorld {
  /** Absolute paths of the workspace's files. */
  readonly files: readonly string[];
  /** The repository that a file is in; undefined in Restricted Mode and for files in none. */
  repositoryOf(file: string): Promise<GitRepository | undefined>;
}

/** The commit that ran, as far as anybody knows. */
export interface FrameCommit {
  readonly hash: string;
  /** Told by another run, not by this one. */
  readonly guess: boolean;
}

export interface MappedFrame {
  readonly local: LinePlace;
  readonly moved?: string;
}

/** `/app/train.py`: in a path this short the name alone may say which file is meant. */
const shortPath = 3;
/** Above this many the rest stay unmapped; git is asked once for each. */
const mostFrames = 200;

/** `log` is the file the frames were read from: of two files that fit, the one nearest to it is meant. */
export async function localFrames(
  frames: readonly TraceFrame[],
  log: string,
  commit: FrameCommit | undefined,
  world: FrameWorld,
): Promise<readonly LogFrame[]> {
  const finder = new FileFinder(world.files, log);
  const mapped = new Map<string, Promise<MappedFrame | undefined>>();
  const map = (frame: TraceFrame): Promise<MappedFrame | undefined> => {
    const key = `${frame.line} ${frame.file}`;
    const known = mapped.get(key);
    if (known) return known;
    const asked = mapped.size >= mostFrames ? Promise.resolve(undefined) : localFrame(frame, commit, finder, world);
    mapped.set(key, asked);
    return asked;
  };
  return Promise.all(
    frames.map(async (frame) => {
      const { index, file, line, function: name } = frame;
      return {
        logLine: index + 1,
        file,
        line,
        ...(name === undefined ? {} : { function: name }),
        ...(await map(frame)),
      };
    }),
  );
}

async function localFrame(
  frame: TraceFrame,
  commit: FrameCommit | undefined,
  finder: FileFinder,
  world: FrameWorld,
): Promise<MappedFrame | undefined> {
  const file = finder.find(frame.file);
  if (file === undefined) return undefined;
  const asWritten = { file, line: frame.line };
  const repository = await world.repositoryOf(file).catch(() => undefined);
  if (!repository) return { local: asWritten };
  if (!commit) return { local: asWritten, moved: `line ${frame.line} as logged; the run does not say its commit` };
  const by = `commit ${commit.hash.slice(0, 9)}${commit.guess ? ', a guess' : ''}`;
  const found = await repository.mapLine(commit.hash, file, frame.line).catch(() => undefined);
  if (!found || found.found === 'unknown') {
    const why = found?.reason ?? 'git did not answer';
    return { local: asWritten, moved: `line ${frame.line} as logged: ${why}` };
  }
  const local = { file: found.path, line: found.line };
  if (found.found === 'same') return { local };
  const changed = found.found === 'changed' ? 'changed since: ' : '';
  return { local, moved: `${changed}line ${frame.line} then, line ${found.line} now (${by})` };
}

/** Finds the workspace's file for a path of another machine, by the longest end that both share. */
export class FileFinder {
  readonly #byName = new Map<string, (readonly string[])[]>();
  readonly #near: readonly string[];

  /** `near`: a path that decides between two files that fit equally well, such as two workspace folders of one layout. */
  constructor(files: readonly string[], near = '') {
    this.#near = partsOf(near);
    for (const file of new Set(files)) {
      const parts = partsOf(file);
      const name = parts.at(-1) ?? '';
      const same = this.#byName.get(name);
      if (same) same.push(parts);
      else this.#byName.set(name, [parts]);
    }
  }

  /** Undefined when no file fits, two fit equally well and are equally near, or the path is a library's that only shares its name. */
  find(path: string): string | undefined {
    const wanted = partsOf(path);
    let best: readonly (readonly string[])[] = [];
    let longest = 0;
    for (const parts of this.#byName.get(wanted.at(-1) ?? '') ?? []) {
      const shared = sharedEnd(parts, wanted);
      if (shared > longest) {
        longest = shared;
        best = [parts];
      } else if (shared === longest) best = [...best, parts];
    }
    const only = this.#nearest(best);
    const tooShort = longest < 2 && wanted.length > shortPath;
    if (!only || tooShort || (libraryPath.test(path) && longest < wanted.length)) return undefined;
    return only.join('/');
  }

  #nearest(all: readonly (readonly string[])[]): readonly string[] | undefined {
    if (all.length < 2) return all[0];
    const most = Math.max(...all.map((parts) => sharedStart(parts, this.#near)));
    const nearest = all.filter((parts) => sharedStart(parts, this.#near) === most);
    return nearest.length === 1 ? nearest[0] : undefined;
  }
}

function partsOf(path: string): readonly string[] {
  return path
    .replace(/\\/g, '/')
    .split('/')
    .filter((part, index) => part !== '.' && (part !== '' || index === 0));
}

function sharedStart(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return shared;
}

function sharedEnd(a: readonly string[], b: readonly string[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a.at(-1 - shared) === b.at(-1 - shared)) shared++;
  return shared;
}
