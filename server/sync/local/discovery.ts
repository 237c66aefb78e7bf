// Discovery: what of a workspace folder the connectors can read, found by walking names, not by opening files.
import path from 'node:path';
import type {
  ConnectorFactory,
  ConnectorHost,
  SourceConfig,
  WorkspaceFolderListing,
} from '../../connectors/connector.ts';
import { parsePlumblineFile, plumblineFileName } from '../../workspace/plumblineFile.ts';

const maxDepth = 5;
/** A folder of a hundred thousand images says nothing that its first thousands do not. */
const maxChildren = 5_000;
const maxPaths = 50_000;
const skipped = /^(\.|node_modules$|__pycache__$|site-packages$|venv$)/;
/** Known without looking inside: the folder above is what counts, and these may hold a hundred thousand files. */
const closed = /(^|\/)(dag_id=[^/]*|mlruns\/(?!models\/)[^/]+\/[^/]+|mlruns\/models\/[^/]+\/[^/]+|mlartifacts\/[^/]+)$/;

export interface Discovered {
  readonly factory: ConnectorFactory;
  readonly source: SourceConfig;
}

/**
 * `received`: absolute folder of the events that were posted to us.
 * In the order of the factories, then of the folders. Names are unique: where there are several folders, each name says which,
 * whether another has the same now or not, because a name that changes later would be another source.
 */
export async function discover(
  roots: readonly string[],
  factories: readonly ConnectorFactory[],
  host: ConnectorHost,
  signal: AbortSignal,
  received?: string,
): Promise<readonly Discovered[]> {
  const listings: WorkspaceFolderListing[] = [];
  for (const root of roots) listings.push(await listFolder(root, host, signal));
  const found: Discovered[] = [];
  const places = new Set<string>();
  for (const factory of factories) {
    for (const listing of listings) {
      for (const source of await factory.discover(listing)) {
        signal.throwIfAborted();
        // Two workspace folders, one inside the other, see the same store: once is enough.
        const place = `${source.tool} ${source.path}`;
        if (places.has(place) || !(await isReally(factory, source, host))) continue;
        places.add(place);
        found.push({ factory, source });
      }
    }
  }
  return [...uniquelyNamed(found, roots.length > 1), ...(await receivedIn(received, roots[0], factories, host))];
}

/** What programs posted to us; nothing until they did. */
async function receivedIn(
  folder: string | undefined,
  root: string | undefined,
  factories: readonly ConnectorFactory[],
  host: ConnectorHost,
): Promise<readonly Discovered[]> {
  if (folder === undefined || root === undefined || (await host.list(folder).catch(() => [])).length === 0) return [];
  return factories.flatMap((factory) => {
    const source = factory.received?.(folder, root);
    return source ? [{ factory, source }] : [];
  });
}

/** What cannot be looked into stays: its scan will say why it cannot be read. */
async function isReally(factory: ConnectorFactory, source: SourceConfig, host: ConnectorHost): Promise<boolean> {
  if (!factory.sniff) return true;
  try {
    return await factory.sniff(source, host);
  } catch (error) {
    host.log.warn('could not look into a file', { file: source.path, error: String(error) });
    return true;
  }
}

function uniquelyNamed(found: readonly Discovered[], saysFolder: boolean): readonly Discovered[] {
  const taken = new Set<string>();
  return found.map(({ factory, source }) => {
    let name = saysFolder ? `${source.name} (${path.basename(source.workspaceFolder)})` : source.name;
    if (taken.has(name)) name = `${source.tool} ${source.path}`;
    taken.add(name);
    return { factory, source: { ...source, name } };
  });
}

interface Place {
  /** From the root on; empty for the root itself. */
  readonly relative: string;
  readonly real: string;
  readonly depth: number;
}

/**
 * Breadth first, so that a cap cuts what is deepest. Links are followed after everything else, and only to where nothing
 * was looked into yet: no ring of them is walked, and nothing is found twice.
 */
export async function listFolder(
  root: string,
  host: ConnectorHost,
  signal: AbortSignal,
): Promise<WorkspaceFolderListing> {
  const files: string[] = [];
  const folders: string[] = [];
  const seen = new Set<string>();
  const links: Place[] = [];
  const visit = async (place: Place): Promise<readonly Place[]> => {
    signal.throwIfAborted();
    if (seen.has(place.real)) return [];
    seen.add(place.real);
    if (place.relative !== '') folders.push(place.relative);
    if (place.depth >= maxDepth || closed.test(place.relative)) return [];
    const inside: Place[] = [];
    for (const child of (await childrenOf(root, place.relative, host)).slice(0, maxChildren)) {
      const name = path.basename(child.path);
      if (skipped.test(name) || files.length + folders.length >= maxPaths) continue;
      const relative = place.relative === '' ? name : `${place.relative}/${name}`;
      if (child.kind === 'file') files.push(relative);
      if (child.kind !== 'folder') continue;
      const here = path.join(place.real, name);
      const real = closed.test(relative) ? here : await host.realPath(child.path);
      (real === here ? inside : links).push({ relative, real, depth: place.depth + 1 });
    }
    return inside;
  };
  let level: readonly Place[] = [{ relative: '', real: await host.realPath(root), depth: 0 }];
  while (level.length > 0) {
    const next: Place[] = [];
    for (const place of level) next.push(...(await visit(place)));
    level = next.length > 0 ? next : links.splice(0, 1);
  }
  return { root, files, folders, declared: await declaredIn(root, host) };
}

async function childrenOf(root: string, folder: string, host: ConnectorHost): ReturnType<ConnectorHost['list']> {
  try {
    return await host.list(path.join(root, folder));
  } catch (error) {
    host.log.warn('a folder could not be listed', { folder, error: String(error) });
    return [];
  }
}

/** Mistakes in the file are diagnostics in the editor; here what is usable counts. */
async function declaredIn(root: string, host: ConnectorHost): Promise<WorkspaceFolderListing['declared']> {
  const file = path.join(root, plumblineFileName);
  try {
    if (!(await host.stat(file))) return [];
    return parsePlumblineFile(await host.readText(file, 1024 * 1024)).config.logs;
  } catch (error) {
    host.log.warn('plumbline.yaml could not be read', { file, error: String(error) });
    return [];
  }
}
