// Programs run for connectors: exact argument lists, no shell, a clean environment, bounded time and output.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { codeOf, messageOf, printable, WorldError } from './failure.ts';

export interface ExecOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal;
  /** Ms; default 15,000. */
  readonly timeout?: number;
  /** Default 16 MB. */
  readonly maxBytes?: number;
  /** What it reads on its stdin; default: nothing. */
  readonly input?: string;
  /** Added to the clean environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a program and gives its stdout; rejects with a WorldError or an ExecFailure. */
export type Exec = (command: readonly string[], options: ExecOptions) => Promise<string>;

/** The program ran and ended with another code than 0. */
export class ExecFailure extends WorldError {
  readonly exitCode: number;
  readonly stderr: string;

  constructor(message: string, exitCode: number, stderr: string) {
    super('other', message);
    this.name = 'ExecFailure';
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/** What a program needs to find itself and the user's own settings; tokens and tool settings stay out. */
const passedOn = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'XDG_CONFIG_HOME',
  'SystemRoot',
  'SystemDrive',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
  'PATHEXT',
];

/** In Restricted Mode every call rejects. */
export function createExec(trusted: boolean): Exec {
  return async (command, options) => {
    const [program, ...rest] = command;
    if (!program) throw new WorldError('broken', 'No program was named.');
    if (!trusted) {
      throw new WorldError(
        'forbidden',
        `${printable(program)} is not run in Restricted Mode. Trust the workspace to let Plumbline ask it.`,
      );
    }
    return run(program, rest, options);
  };
}

function run(program: string, rest: readonly string[], options: ExecOptions): Promise<string> {
  const timeout = options.timeout ?? 15_000;
  const settings = {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.environment },
    timeout,
    maxBuffer: options.maxBytes ?? 16 * 1024 * 1024,
    killSignal: 'SIGKILL' as const,
    signal: options.signal,
    shell: false,
    windowsHide: true,
  };
  return new Promise((resolve, reject) => {
    try {
      const child = execFile(program, rest, settings, (error, stdout, stderr) => {
        if (error) reject(execError(program, error, stderr, timeout, options));
        else resolve(stdout);
      });
      // It may end before it has read all; its exit code says why.
      child.stdin?.on('error', () => {});
      // A program that waits for input would wait until the timeout.
      child.stdin?.end(options.input);
    } catch (error) {
      reject(new WorldError('broken', `${printable(program)} could not be started (${messageOf(error)}).`, error));
    }
  });
}

/** `passedOn` and nothing else. */
export function cleanEnvironment(): Record<string, string> {
  const clean: Record<string, string> = { LC_ALL: 'C.UTF-8' };
  for (const name of passedOn) {
    const value = process.env[name];
    if (value !== undefined) clean[name] = value;
  }
  return clean;
}

function execError(program: string, error: Error, stderr: string, timeout: number, options: ExecOptions): Error {
  const name = printable(path.basename(program));
  const code: unknown = 'code' in error ? error.code : undefined;
  if (options.signal?.aborted) return new WorldError('busy', `${name} was stopped before it answered.`, error);
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    return new WorldError('tooBig', `${name} answered more than is read at once. Ask for less.`, error);
  }
  if (typeof code === 'number') {
    const said = printable(stderr.trim().slice(0, 500));
    return new ExecFailure(`${name} ended with code ${code}: ${said || 'it said nothing'}.`, code, stderr);
  }
  if (codeOf(error) === 'ENOENT') {
    return new WorldError(
      'missing',
      `${name} was not found. Install it or put it on PATH (asked for in ${options.cwd}).`,
      error,
    );
  }
  if ('killed' in error && error.killed === true) {
    return new WorldError(
      'busy',
      `${name} did not answer within ${timeout / 1000} s in ${options.cwd}. It is asked again later.`,
      error,
    );
  }
  return new WorldError('other', `${name} could not be run (${messageOf(error)}). Check that it is installed.`, error);
}
