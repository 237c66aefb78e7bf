// The MLflow connector: local stores (`mlflow.db`, `mlruns/`) and servers, as models, versions, experiments, metrics and runs.
import path from 'node:path';
import type { Catalog } from '../../catalog/catalog.ts';
import { localInstance } from '../../catalog/instance.ts';
import type { Connector, ConnectorFactory, ConnectorHost, SourceConfig, WorkspaceFolderListing } from '../connector.ts';
import { coveredBy, kinds } from './coverage.ts';
import { idsOf, registryOf } from './entities.ts';
import { instancesIn } from './linked.ts';
import { logFinder } from './logs.ts';
import { connect } from './rest/connector.ts';
import { runMapper } from './runs.ts';
import type { MlflowStore, StoreProblem } from './shape.ts';
import { databaseStore } from './store/database.ts';
import { folderStore } from './store/folder.ts';

export const mlflow: ConnectorFactory = {
  tool: 'mlflow',
  discover,
  create: async (source, host, catalog) => {
    const found = await host.stat(source.path);
    const store = found?.kind === 'folder' ? folderStore(source.path, host) : databaseStore(source.path, host);
    const instance = localInstance(await host.realPath(source.path));
    return createConnector(source, host, store, instance, catalog);
  },
  connect,
};

/** Every `mlflow.db`, every `mlruns` folder that holds records (one with only artifacts is no store), and what is declared. */
function discover({ root, files, folders, declared }: WorkspaceFolderListing): readonly SourceConfig[] {
  const records = new Set(
    files.flatMap((file) => {
      const holder = /^((?:.*\/)?mlruns)\/(?:[^/]+|models\/[^/]+)\/meta\.yaml$/.exec(file)?.[1];
      return holder === undefined ? [] : [holder];
    }),
  );
  const found = [
    ...files.filter((file) => path.posix.basename(file) === 'mlflow.db'),
    ...folders.filter((folder) => records.has(folder)),
    ...declared.filter(({ tool }) => tool === 'mlflow').map((each) => each.path.replace(/\/+$/, '')),
  ];
  return [...new Set(found)].map((place) => ({
    name: `mlflow ${place}`,
    tool: 'mlflow',
    path: path.resolve(root, place),
    workspaceFolder: root,
  }));
}

function createConnector(
  source: SourceConfig,
  host: ConnectorHost,
  store: MlflowStore,
  instance: string,
  catalog: Catalog | undefined,
): Connector {
  const scope = `mlflow://${instance}`;
  const instances = () => instancesIn(catalog);
  return {
    source,
    scope,
    kinds,
    fingerprint: async () => `${await store.fingerprint()} ${JSON.stringify(instances())}`,
    scan: async function* (signal) {
      const opened = await store.read(signal);
      try {
        const registry = registryOf(opened.listing, idsOf(instance));
        const problems: StoreProblem[] = [...opened.listing.problems, ...refusals(registry.refused, source.path)];
        yield { entities: registry.entities, edges: registry.edges, problems: [...problems] };
        const mapper = runMapper({
          ids: idsOf(instance),
          registry,
          instances: instances(),
          environment: source.environment,
        });
        const finder = logFinder(host, store.folder, [store.folder, source.workspaceFolder]);
        for await (const page of opened.pages(signal)) {
          const logs = await Promise.all(page.runs.map((run) => finder.logs(run)));
          problems.push(...page.problems);
          yield { ...mapper.page(page.runs, logs), problems: page.problems };
        }
        yield { ...mapper.last(), covered: coveredBy(scope, problems) };
      } finally {
        opened.close();
      }
    },
  };
}

function refusals(count: number, store: string): readonly StoreProblem[] {
  if (count === 0) return [];
  const message = `${count} ${count === 1 ? 'name' : 'names'} in ${store} ${count === 1 ? 'is' : 'are'} empty or over 1,000 characters and left out.`;
  return [{ part: 'details', message, advice: 'Rename them in MLflow.' }];
}
