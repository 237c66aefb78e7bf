// A live Datadog connection: one organisation at one site, asked with an API key and an application key, or a bearer token.
import type { Catalog } from '../../catalog/catalog.ts';
import { entityId } from '../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../protocol/connection.ts';
import { datadogApi, datadogSiteOf } from '../../protocol/datadogSites.ts';
import type { LiveConnector, LiveHost } from '../connector.ts';
import { createApi } from './ask/api.ts';
import type { Live } from './ask/live.ts';
import { greet } from './ask/who.ts';
import { describe } from './describe.ts';
import { linksOf } from './links.ts';
import { searchedLogs } from './logs/logs.ts';
import { seriesOf } from './metrics/series.ts';
import { scan } from './scan.ts';

/** Asks nothing yet. Throws when the address is that of Datadog's pages. */
export function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment } = connection;
  const site = datadogSiteOf(url);
  if (site !== undefined && new URL(url).hostname !== new URL(datadogApi(site)).hostname)
    throw new Error(`${name}: Datadog is asked at ${datadogApi(site)}, not at ${url}. Correct the url.`);
  const instance = connection.instance ?? site ?? addressOf(url);
  const scope = entityId('metric', 'datadog', instance).slice('metric:'.length, -1);
  const memory = {
    problems: new Map(),
    failed: new Map(),
    shownBy: new Map(),
    types: new Map(),
    watched: new Set<string>(),
  };
  const api = createApi(connection, host);
  const live: Live = { api, instance, scope, links: linksOf(url), memory, ...(catalog ? { catalog } : {}) };
  return {
    source: { name, tool: 'datadog', ...(environment === undefined ? {} : { environment }) },
    scope,
    kinds: ['monitor', 'metric', 'run'],
    mines: true,
    scan: (signal, since) => scan(live, signal, since),
    describe: (ids, signal) => describe(ids, live, signal),
    series: async (metric, range, signal) =>
      (await seriesOf(metric, range, live, signal)).map(({ labels: _, ...one }) => one),
    logs: searchedLogs(name, api),
    greet: (signal) => greet(live, signal),
  };
}
