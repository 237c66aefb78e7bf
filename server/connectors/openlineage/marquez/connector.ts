// The Marquez connector: jobs, their runs and facets, data with its versions, columns and tags, from a Marquez server or what speaks its API.
import type { Catalog } from '../../../catalog/catalog.ts';
import { entityId } from '../../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { ConnectorFactory, LiveConnector, LiveHost } from '../../connector.ts';
import { number } from '../../json.ts';
import { Api } from './api.ts';
import { describe } from './describe.ts';
import type { Live } from './live.ts';
import { scan } from './scan.ts';

export const marquez: ConnectorFactory = {
  tool: 'marquez',
  discover: () => [],
  create: () => {
    throw new Error('Marquez is asked over the network; it is read from no files.');
  },
  connect,
};

/** Jobs and runs have the ids that events of files give them, so that both are one. Asks nothing yet. */
function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment, instance = addressOf(url) } = connection;
  const scope = entityId('job', 'marquez', instance).replace(/^job:|\/$/g, '');
  const live: Live = {
    ...{ api: new Api(connection, host), host, scope, names: new Map(), dataScopes: new Set<string>() },
    ...(catalog === undefined ? {} : { catalog }),
  };
  return {
    source: { name, tool: 'marquez', ...(environment === undefined ? {} : { environment }) },
    scope,
    get alsoScopes() {
      return ['openlineage:/', ...live.dataScopes];
    },
    kinds: ['job', 'run', 'table', 'path', 'metric', 'model', 'version'],
    mines: true,
    scan: (signal, since) => scan(live, signal, since),
    describe: (ids, signal) => describe(ids, live, signal),
    greet: (signal) => greet(live, signal),
  };
}

/** `Marquez, 5 namespaces, 12 jobs`; it does not say its version. */
async function greet({ api }: Live, signal: AbortSignal): Promise<string> {
  const spaces = api.items(
    await api.get('/namespaces', [['limit', '1000']], signal),
    'namespaces',
    '/namespaces',
  ).length;
  const answer = await api.get('/jobs', [['limit', '1']], signal);
  const jobs = number(answer.totalCount) ?? api.items(answer, 'jobs', '/jobs').length;
  const words = (count: number, what: string): string =>
    `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
  return `Marquez, ${words(spaces, 'namespace')}, ${words(jobs, 'job')}`;
}
