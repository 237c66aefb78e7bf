// An MLflow file store (`mlruns/`): experiments and their runs, one folder each.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { eachOf } from '../../atOnce.ts';
import type { ConnectorHost, FileStat } from '../../connector.ts';
import type {
  MlflowStore,
  StoredExperiment,
  StoredListing,
  StoredLoggedModel,
  StoredRun,
  StoreProblem,
} from '../shape.ts';
import { runsPerPage } from '../shape.ts';
import { hasMeta, numberIn, readMeta, textIn } from './folderMeta.ts';
import { readRegistry } from './folderRegistry.ts';
import { datasetsOf, readRun } from './folderRun.ts';

/** Folders of a store, or of an experiment, that hold no experiment or run. */
const otherFolders = new Set(['.trash', 'models', 'datasets', 'traces', 'tags', 'workspaces']);
const filesAtOnce = 16;
/** Runs whose own files the fingerprint looks at; of the others only the folder's time. */
const freshRuns = 100;

export function folderStore(root: string, host: ConnectorHost): MlflowStore {
  return {
    folder: root,
    fingerprint: () => fingerprint(root, host),
    read: async (signal) => {
      const { experiments, problems } = await readExperiments(root, host);
      const registry = await readRegistry(path.join(root, 'models'), host);
      const loggedModels = await eachOf(experiments, filesAtOnce, ({ folder }) => readLoggedModels(folder, host));
      signal.throwIfAborted();
      const listing: StoredListing = {
        ...registry,
        experiments: experiments.map(({ experiment }) => experiment),
        loggedModels: loggedModels.flat(),
        problems: [...problems, ...registry.problems],
      };
      return {
        listing,
        close: () => {},
        pages: async function* (signal) {
          const folders = (
            await eachOf(experiments, filesAtOnce, async ({ folder, experiment }) => {
              const runs = await childFolders(folder, host);
              const dataset = datasetsOf(folder, host);
              return runs.map((run) => ({ run, experiment: experiment.id, dataset }));
            })
          ).flat();
          folders.sort((a, b) => b.run.modifiedAt - a.run.modifiedAt);
          for (let start = 0; start < folders.length; start += runsPerPage) {
            signal.throwIfAborted();
            const some = folders.slice(start, start + runsPerPage);
            const read = await eachOf(some, filesAtOnce, ({ run, experiment, dataset }) =>
              readRun(run.path, experiment, dataset, host),
            );
            const runs: StoredRun[] = [];
            const problems: StoreProblem[] = [];
            for (const { run, problem } of read) {
              if (run) runs.push(run);
              if (problem) problems.push(problem);
            }
            yield { runs, problems };
          }
        },
      };
    },
  };
}

interface FoundExperiment {
  readonly folder: string;
  readonly experiment: StoredExperiment;
}

async function readExperiments(
  root: string,
  host: ConnectorHost,
): Promise<{ readonly experiments: readonly FoundExperiment[]; readonly problems: readonly StoreProblem[] }> {
  const experiments: FoundExperiment[] = [];
  const problems: StoreProblem[] = [];
  await eachOf(await childFolders(root, host), filesAtOnce, async ({ path: folder }) => {
    if (!(await hasMeta(folder, host))) {
      // A store in a database keeps its artifacts in folders of the same names, without records.
      const runs = await childFolders(folder, host);
      const orphan = (await eachOf(runs.slice(0, 20), filesAtOnce, (run) => hasMeta(run.path, host))).includes(true);
      if (orphan) {
        const message = `${folder} holds runs but no meta.yaml, so its experiment has no name.`;
        problems.push({ part: 'experiments', message, advice: 'Restore the file, or move the folder away.' });
      }
      return;
    }
    const { meta, problem } = await readMeta(folder, host, 'experiments');
    if (problem) problems.push(problem);
    if (!meta || textIn(meta, 'lifecycle_stage') === 'deleted') return;
    experiments.push({
      folder,
      experiment: {
        id: textIn(meta, 'experiment_id') ?? path.basename(folder),
        name: textIn(meta, 'name') ?? '',
        artifactUri: textIn(meta, 'artifact_location'),
        createdAt: numberIn(meta, 'creation_time'),
        updatedAt: numberIn(meta, 'last_update_time'),
        tags: [],
      },
    });
  });
  experiments.sort((a, b) => (a.folder < b.folder ? -1 : 1));
  return { experiments, problems };
}

/** MLflow 3 keeps logged models beside the runs of their experiment. */
async function readLoggedModels(experimentFolder: string, host: ConnectorHost): Promise<readonly StoredLoggedModel[]> {
  const models = await host.list(path.join(experimentFolder, 'models'));
  const read = await eachOf(models, filesAtOnce, async ({ path: folder, kind }) => {
    if (kind !== 'folder' || !(await hasMeta(folder, host))) return undefined;
    const { meta } = await readMeta(folder, host, 'details');
    const id = meta && textIn(meta, 'model_id');
    if (!meta || id === undefined) return undefined;
    return { id, runId: textIn(meta, 'source_run_id'), artifactUri: textIn(meta, 'artifact_location') };
  });
  return read.filter((model) => model !== undefined);
}

async function childFolders(folder: string, host: ConnectorHost): Promise<readonly FileStat[]> {
  const children = await host.list(folder);
  return children.filter((child) => child.kind === 'folder' && !otherFolders.has(path.basename(child.path)));
}

async function fingerprint(root: string, host: ConnectorHost): Promise<string> {
  const hash = createHash('sha256');
  const add = (stats: readonly FileStat[]): void => {
    for (const { path: file, size, modifiedAt } of stats) hash.update(`${file} ${size} ${modifiedAt}\n`);
  };
  const experiments = await childFolders(root, host);
  add(experiments);
  const runs = (await eachOf(experiments, filesAtOnce, ({ path: folder }) => host.list(folder))).flat();
  add(runs);
  const fresh = runs.filter(({ kind }) => kind === 'folder').sort((a, b) => b.modifiedAt - a.modifiedAt);
  const inside = await eachOf(fresh.slice(0, freshRuns), filesAtOnce, async ({ path: run }) => [
    ...(await host.list(run)),
    ...(await host.list(path.join(run, 'metrics'))),
  ]);
  add(inside.flat());
  const models = await host.list(path.join(root, 'models'));
  add(models);
  const versions = await eachOf(models, filesAtOnce, async ({ path: model, kind }) => {
    if (kind !== 'folder') return [];
    const children = await host.list(model);
    const deeper = await eachOf(children, filesAtOnce, (child) =>
      child.kind === 'folder' ? host.list(child.path) : [],
    );
    return [...children, ...deeper.flat()];
  });
  add(versions.flat());
  return hash.digest('hex');
}
