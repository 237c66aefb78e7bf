// Run: one command of the command line over a session of its own; prints, and answers with the exit code.
import { Session } from '../session.ts';
import { runSync } from '../sync/run.ts';
import { type CommandLine, parseCommandLine, usage } from './arguments.ts';
import { check } from './check.ts';
import { incidents } from './incidents.ts';
import { type Asked, indexFiles, indexWorkspace } from './indexFiles.ts';
import { lineage } from './lineage.ts';
import { logs } from './logs.ts';
import { refs } from './refs.ts';
import { resolveNames } from './resolve.ts';
import { plain } from './shown.ts';

/** 0 fine, 1 findings, 2 usage, 3 could not ask. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface CommandWorld {
  readonly out: (text: string) => unknown;
  readonly error: (text: string) => unknown;
  /** The current folder, absolute. */
  readonly folder: string;
  /** Epoch ms. */
  readonly now: () => number;
}

/** What a command prints: as data, or in words. */
export interface Answer {
  readonly json: unknown;
  readonly words: string;
  readonly exit: ExitCode;
}

/** Everything a command may need. */
export interface CommandContext extends Asked {
  readonly session: Session;
  readonly line: CommandLine;
  readonly folder: string;
}

const commands: Readonly<Record<CommandLine['command'], (context: CommandContext) => Answer | Promise<Answer>>> = {
  refs,
  resolve: resolveNames,
  lineage,
  check,
  incidents,
  logs,
};

export async function runCommand(args: readonly string[], world: CommandWorld): Promise<ExitCode> {
  const line = parseCommandLine(args, world.folder);
  if (typeof line === 'string') {
    world.error(line === '' ? usage : `plumbline: ${line}\n\n${usage}`);
    return line === '' ? 0 : 2;
  }
  const session = openSession(line, world);
  try {
    const asked = await prepare(session, line, world);
    const answer = await commands[line.command]({ session, line, folder: world.folder, ...asked });
    world.out(line.json ? `${JSON.stringify(answer.json, null, 2)}\n` : plain(answer.words));
    return answer.exit;
  } catch (error) {
    world.error(plain(`plumbline: ${error instanceof Error ? error.message : String(error)}\n`));
    return 3;
  } finally {
    session.close();
  }
}

function openSession(line: CommandLine, world: CommandWorld): Session {
  const say = (message: string, fields?: object): unknown =>
    world.error(plain(`plumbline: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`));
  return new Session({
    storeFolder: line.store,
    folders: [line.workspace],
    trusted: true,
    log: { error: say, warn: say, info: () => undefined, debug: () => undefined },
    now: world.now,
    onNotice: say,
  });
}

/** Reads what the command needs: files always, the workspace's metadata for all but `refs`. */
async function prepare(session: Session, line: CommandLine, world: CommandWorld): Promise<Asked> {
  const { command, subjects, workspace } = line;
  const takesPaths = command === 'refs' || command === 'resolve' || command === 'check';
  await indexWorkspace(session, workspace);
  const asked = await indexFiles(session, takesPaths ? subjects : [], world.folder);
  if (command === 'refs') return asked;
  const { store, options } = session;
  await session.loadFolders();
  await runSync({ folders: options.folders, store, trusted: true, log: options.log, now: options.now });
  return asked;
}
