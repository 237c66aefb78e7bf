// The ConnectorHost of the real world: what a connector may touch, and nothing else.
import type { ConnectorHost, Log } from '../connectors/connector.ts';
import { now } from './clock.ts';
import { openDatabase } from './database.ts';
import { createExec } from './exec.ts';
import { list, readRange, readText, realPath, smallFiles, stat } from './files.ts';
import { openRepository } from './git.ts';
import { thisUser } from './user.ts';

export interface HostOptions {
  readonly log: Log;
  /** False in Restricted Mode: files are read, no program is run. */
  readonly trusted: boolean;
  /** Whose environment variables count; this process' unless a test says otherwise. */
  readonly variable?: (name: string) => string | undefined;
  /** Epoch ms; the real clock unless a test says otherwise. */
  readonly now?: () => number;
}

export function createHost(options: HostOptions): ConnectorHost {
  const exec = createExec(options.trusted);
  return {
    stat,
    list,
    realPath,
    readText,
    readRange,
    smallFiles,
    openSqlite: async (path) => openDatabase(path),
    exec: (command, { cwd, signal }) => exec(command, { cwd, signal }),
    repository: async (folder) => (options.trusted ? openRepository(folder, exec) : undefined),
    variable: options.variable ?? thisUser().variable,
    log: options.log,
    now: options.now ?? now,
  };
}
