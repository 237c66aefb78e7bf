// Which artifacts of a run are logs, and where a store that was moved keeps them now.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LogPlace } from '../../catalog/run.ts';
import type { ConnectorHost } from '../connector.ts';
import type { StoredRun } from './shape.ts';

const atRoot = /\.(?:log|out|err)(?:\.\d+)?$/i;
const inLogFolder = /\.(?:log|out|err|txt)(?:\.\d+)?$/i;
const logFolder = /^(?:logs?)$/i;
/** Of one run. */
export const mostLogs = 20;

export interface LogFinder {
  /** Log files among the run's artifacts, `title` relative to them; empty for artifacts that are not on this machine. */
  logs(run: StoredRun): Promise<readonly LogPlace[]>;
}

/**
 * Only folders inside of `roots` are looked into: the artifact address is text from a store that anyone may have
 * written, and must not make us list other parts of this machine or of a network share.
 */
export function logFinder(host: ConnectorHost, storeFolder: string, roots: readonly string[]): LogFinder {
  const folderExists = new Map<string, Promise<boolean>>();
  const exists = (folder: string): Promise<boolean> => {
    const known = folderExists.get(folder);
    if (known) return known;
    const asked = host.stat(folder).then(
      (stat) => stat?.kind === 'folder',
      () => false,
    );
    folderExists.set(folder, asked);
    return asked;
  };
  return {
    logs: async (run) => {
      for (const folder of candidates(run, storeFolder)) {
        if (!roots.some((root) => isInside(root, folder))) continue;
        // The experiment's folder answers for all of its runs: one question for a thousand of them.
        if (!(await exists(path.dirname(path.dirname(folder)))) || !(await exists(folder))) continue;
        return logsIn(host, folder);
      }
      return [];
    },
  };
}

/** Where the address says, then where the same store keeps it if it was moved with its artifacts. */
function candidates(run: StoredRun, storeFolder: string): readonly string[] {
  const local = localPath(run.artifactUri ?? '');
  const tail = [run.experimentId, run.id, 'artifacts'];
  // A run id is a file name here: `..` in it must not lead anywhere.
  if (tail.some((part) => !/^[\w-]+$/.test(part))) return local === undefined ? [] : [local];
  const moved = ['mlruns', 'artifacts', 'mlartifacts', '.'].map((folder) => path.join(storeFolder, folder, ...tail));
  return local === undefined ? moved : [local, ...moved.filter((folder) => folder !== local)];
}

function localPath(uri: string): string | undefined {
  if (uri.includes('\0')) return undefined;
  if (path.isAbsolute(uri)) return path.normalize(uri);
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

function isInside(root: string, folder: string): boolean {
  const relative = path.relative(root, folder);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

export function isLogFolder(name: string): boolean {
  return logFolder.test(name);
}

/** `path` is relative to the run's artifacts, with `/`: a log beside them, or any text in a folder of logs. */
export function isLog(path: string): boolean {
  const [folder, inside] = path.split('/');
  return inside === undefined ? atRoot.test(path) : isLogFolder(folder ?? '') && inLogFolder.test(path);
}

async function logsIn(host: ConnectorHost, folder: string): Promise<readonly LogPlace[]> {
  const found: LogPlace[] = [];
  for (const child of await host.list(folder)) {
    const name = path.basename(child.path);
    if (child.kind === 'file' && isLog(name)) found.push({ file: child.path, title: name });
    if (child.kind !== 'folder' || !isLogFolder(name)) continue;
    for (const log of await host.list(child.path)) {
      const title = `${name}/${path.basename(log.path)}`;
      if (log.kind === 'file' && isLog(title)) found.push({ file: log.path, title });
    }
  }
  return found.slice(0, mostLogs);
}
