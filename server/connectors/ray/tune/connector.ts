// Tune: a folder of results on this machine (Tune's storage path), read as experiments, trials and their metrics.
import path from 'node:path';
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import type { EntityKind } from '../../../catalog/entity.ts';
import { localInstance } from '../../../catalog/instance.ts';
import type { Connector, ConnectorHost, FileStat, SourceConfig, WorkspaceFolderListing } from '../../connector.ts';
import { idsOf } from '../ids.ts';
import { changeOf } from './entities.ts';
import { readSearch, stateFile } from './search.ts';

const kinds: readonly EntityKind[] = ['experiment', 'metric', 'run'];

/** What holds folders with an `experiment_state-<time>.json`. `~/ray_results`, where Tune writes unless told otherwise, is of no workspace. */
export function discoverTune({ root, files }: WorkspaceFolderListing): readonly SourceConfig[] {
  const holders = files
    .filter((file) => stateFile.test(path.posix.basename(file)))
    .map((file) => path.posix.dirname(path.posix.dirname(file)));
  return [...new Set(holders)].map((place) => ({
    name: `ray ${place === '.' ? path.basename(root) : place}`,
    tool: 'ray',
    path: path.resolve(root, place),
    workspaceFolder: root,
  }));
}

export async function createTune(source: SourceConfig, host: ConnectorHost): Promise<Connector> {
  const instance = localInstance(await host.realPath(source.path));
  const ids = idsOf(instance);
  return {
    source,
    scope: ids.scope,
    kinds,
    fingerprint: async () => {
      const states = await searches(source.path, host);
      return states.map(({ path: file, modifiedAt, size }) => `${file} ${modifiedAt} ${size}`).join('\n');
    },
    scan: (signal) => scan(source, instance, host, signal),
  };
}

/** The newest state of each experiment; one that was restored has several. */
async function searches(root: string, host: ConnectorHost): Promise<readonly FileStat[]> {
  const found: FileStat[] = [];
  for (const folder of await host.list(root)) {
    if (folder.kind !== 'folder') continue;
    const states = (await host.list(folder.path)).filter((file) => stateFile.test(path.basename(file.path)));
    const newest = states.sort((a, b) => (a.path < b.path ? -1 : 1)).at(-1);
    if (newest) found.push(newest);
  }
  return found;
}

async function* scan(
  source: SourceConfig,
  instance: string,
  host: ConnectorHost,
  signal: AbortSignal,
): AsyncIterable<CatalogChange> {
  const problems: ScanProblem[] = [];
  for (const state of await searches(source.path, host)) {
    signal.throwIfAborted();
    try {
      yield changeOf(await readSearch(state, host, signal), instance, source.environment);
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      problems.push({
        message: `${state.path} could not be read: ${why}`,
        advice: 'Tune writes it anew while it runs.',
      });
    }
  }
  const { scope } = idsOf(instance);
  yield { problems, covered: problems.length > 0 ? [] : kinds.map((kind) => ({ kind, scope })) };
}
