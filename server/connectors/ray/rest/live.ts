// Live: a Ray head as a connector: its scans, what is on screen, its logs.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { CatalogChange } from '../../../catalog/change.ts';
import type { EntityId, EntityKind } from '../../../catalog/entity.ts';
import { knownInstances } from '../../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { FetchedLog, LiveConnector, LiveHost, SourceName } from '../../connector.ts';
import { said } from '../../json.ts';
import { idsOf, pagesOf } from '../ids.ts';
import { Api } from './api.ts';
import { describe } from './describe.ts';
import { jobs } from './listings.ts';
import { readKey } from './logs/logKey.ts';
import { Logs } from './logs/logs.ts';
import type { RunContext } from './runs.ts';
import { type Asking, scan } from './scan.ts';

const mostFailed = 500;
/** What failed earlier is no longer looked at again. */
const keptMs = 90 * 24 * 3_600_000;
const kinds: readonly EntityKind[] = ['job', 'run', 'endpoint'];

/** Asks nothing yet. What a scan asks is said in `scan.ts`. */
export function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment } = connection;
  const instance = connection.instance ?? addressOf(url);
  const api = new Api(connection, host);
  const ids = idsOf(instance);
  const pages = pagesOf(url);
  const logs = new Logs(api);
  const context = (session: string): RunContext => {
    const known = catalog?.list('job', 1000).map(({ id }) => id) ?? [];
    const instances = knownInstances(catalog?.sources() ?? [], known);
    const run = (id: EntityId) => catalog?.run(id);
    const failed = () =>
      (catalog?.failedRuns(host.now() - keptMs, mostFailed) ?? []).filter(
        ({ id, of }) => of.length > 0 && id.startsWith(`run:${ids.scope}/`),
      );
    const searches = (search: string) =>
      (catalog?.find('experiment', search, 'ray') ?? []).flatMap(
        ({ id: found }) => run(`run:${found.slice('experiment:'.length)}`) ?? [],
      );
    return said<RunContext>({
      ids,
      pages,
      source: name,
      environment,
      instances,
      session,
      known: run,
      failed,
      searches,
    });
  };
  const asking: Asking = { api, host, context, told: new Map(), ended: new Map() };
  return {
    source: said<SourceName>({ name, tool: 'ray', environment }),
    scope: ids.scope,
    kinds,
    mines: true,
    scan: (signal, since): AsyncIterable<CatalogChange> => scan(asking, signal, since),
    describe: (wanted, signal): AsyncIterable<CatalogChange> => describe(wanted, { ...asking, instance, logs }, signal),
    readLog: async (written, signal): Promise<FetchedLog> => {
      const key = readKey(written);
      if (!key) throw new Error(`${name} has no log ${JSON.stringify(written)}. Open it from its run again.`);
      return logs.read(key, signal);
    },
    greet: async (signal) => {
      const { version } = await api.version(signal);
      const { names } = await jobs(api, signal, () => false);
      return `Ray ${version}, ${names.length.toLocaleString('en')} ${names.length === 1 ? 'job' : 'jobs'}`;
    },
  };
}
