// Run: one command of the command line over a session of its own; prints, and answers with the exit code.

import type { EntityId } from '../catalog/entity.ts';
import { connectionsPlace } from '../connections/place.ts';
import { receivedFolder } from '../eventReceiver.ts';
import { ruleSetWith } from '../references/rules/index.ts';
import { Session } from '../session.ts';
import { runSync } from '../sync/local/run.ts';
import { thisUser } from '../world/user.ts';
import { type CommandLine, parseCommandLine, usage } from './arguments.ts';
import { askConnections } from './askConnections.ts';
import { check } from './check.ts';
import { columns } from './columns.ts';
import { doctor } from './doctor.ts';
import { incidents } from './incidents.ts';
import { type Asked, indexFiles, indexWorkspace } from './indexFiles.ts';
import { lineage } from './lineage.ts';
import { type Listening, listenForEvents } from './listen.ts';
import { logs } from './logs.ts';
import { refs } from './refs.ts';
import { resolveNames } from './resolve.ts';
import { plain } from './shown.ts';
import { type SyncJson, sync } from './sync.ts';

/** 0 fine, 1 findings, 2 usage, 3 could not ask. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface CommandWorld {
  readonly out: (text: string) => unknown;
  readonly error: (text: string) => unknown;
  /** The current folder, absolute. */
  readonly folder: string;
  /** Epoch ms. */
  readonly now: () => number;
  /** Resolves when the user ends it; for what goes on until then. */
  readonly ended?: () => Promise<void>;
}

/** What a command prints: as data, or in words. */
export interface Answer {
  readonly json: unknown;
  readonly words: string;
  readonly exit: ExitCode;
}

/** Everything a command may need. */
export interface CommandContext extends Prepared {
  readonly session: Session;
  readonly line: CommandLine;
  readonly folder: string;
}

interface Prepared extends Asked {
  /** Absent for commands that read no metadata. */
  readonly synced?: Omit<SyncJson, 'entities'>;
  /** Lets go of the connections that were asked. */
  readonly close?: () => void;
  /** Asks the connections, if they were asked, for what there is to be said of these things now. */
  readonly look?: (ids: readonly EntityId[]) => Promise<void>;
}

const commands: Readonly<Record<CommandLine['command'], (context: CommandContext) => Answer | Promise<Answer>>> = {
  refs,
  resolve: resolveNames,
  lineage,
  columns,
  check,
  incidents,
  logs,
  sync,
  doctor,
};

export async function runCommand(args: readonly string[], world: CommandWorld): Promise<ExitCode> {
  const line = parseCommandLine(args, world.folder);
  if (typeof line === 'string') {
    world.error(line === '' ? usage : `plumbline: ${line}\n\n${usage}`);
    return line === '' ? 0 : 2;
  }
  const session = openSession(line, world);
  let prepared: Prepared | undefined;
  let listening: Listening | undefined;
  try {
    // First, so that nothing that comes meanwhile is missed.
    if (line.listen !== undefined) listening = await listenForEvents(line.listen, line, world);
    prepared = await prepare(session, line, world);
    const answer = await commands[line.command]({ session, line, folder: world.folder, ...prepared });
    world.out(line.json ? `${JSON.stringify(answer.json, null, 2)}\n` : plain(answer.words));
    await listening?.untilEnded();
    return answer.exit;
  } catch (error) {
    world.error(plain(`plumbline: ${error instanceof Error ? error.message : String(error)}\n`));
    return 3;
  } finally {
    await listening?.close();
    prepared?.close?.();
    session.close();
  }
}

function openSession(line: CommandLine, world: CommandWorld): Session {
  const say = (message: string, fields?: object): unknown =>
    world.error(plain(`plumbline: ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`));
  return new Session({
    storeFolder: line.store,
    ...(line.store === ':memory:' ? {} : { liveFolder: line.store }),
    folders: [line.workspace],
    trusted: true,
    log: { error: say, warn: say, info: () => undefined, debug: () => undefined },
    now: world.now,
    onNotice: say,
  });
}

const nothingAsked: Prepared = { uris: [], rulesFiles: [] };

/** Reads what the command needs: files always, the workspace's metadata for all but `refs`; `doctor` needs none. */
async function prepare(session: Session, line: CommandLine, world: CommandWorld): Promise<Prepared> {
  const { command, subjects, workspace } = line;
  if (command === 'doctor') return nothingAsked;
  const takesPaths = command === 'refs' || command === 'columns' || command === 'resolve' || command === 'check';
  await session.loadFolders();
  session.index.setRules(ruleSetWith(session.folders.config().references));
  await indexWorkspace(session, workspace);
  const asked = await indexFiles(session, takesPaths ? subjects : [], world.folder);
  if (command === 'refs' || command === 'columns') return asked;
  return { ...asked, ...(await readAll(session, line)) };
}

/** All local sources, and the connections if they are to be asked. */
async function readAll(session: Session, line: CommandLine): Promise<Pick<Prepared, 'synced' | 'close' | 'look'>> {
  const { store, options } = session;
  const { folders, log, now } = options;
  const received = receivedFolder(line.connections ?? connectionsPlace(thisUser()));
  const files = { folders, store, live: session.live, received, trusted: true, log, now };
  const [first, live] = await Promise.all([runSync(files), line.sync ? askConnections(session, line) : undefined]);
  // What files say names runs of servers, and is understood now that these are known.
  const { sources } = live && live.sources.length > 0 ? await runSync(files) : first;
  const read = sources.map(({ name, tool, health, reason, problems, tookMs }) => ({
    name,
    tool,
    health,
    ...(reason === undefined ? {} : { reason }),
    problems,
    tookMs,
  }));
  if (!live) return { synced: { sources: read, mistakes: [] } };
  session.askRemoteLog = live.askLog;
  for (const mistake of live.mistakes) if (line.command !== 'sync') log.warn(mistake);
  return {
    synced: { sources: [...read, ...live.sources], mistakes: live.mistakes },
    close: live.close,
    look: live.look,
  };
}
