// A live Prometheus connection, or what speaks its API (Thanos, Mimir, VictoriaMetrics): over REST, with basic, bearer or no credential.
import type { Catalog } from '../../../catalog/catalog.ts';
import { entityId } from '../../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { LiveConnector, LiveHost } from '../../connector.ts';
import { linksOf } from '../links.ts';
import { createApi } from './api.ts';
import { describe } from './describe.ts';
import type { Live } from './live.ts';
import { scan } from './scan.ts';
import { seriesOf } from './series.ts';
import { greet } from './who.ts';

/** Asks nothing yet. */
export function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment } = connection;
  const instance = connection.instance ?? addressOf(url);
  const scope = entityId('metric', 'prometheus', instance)
    .replace(/^metric:/, '')
    .replace(/\/$/, '');
  const live: Live = {
    ...{ api: createApi(connection, host), instance, scope, links: linksOf(url), memory: { queries: new Map() } },
    ...(catalog === undefined ? {} : { catalog }),
  };
  return {
    source: { name, tool: 'prometheus', ...(environment === undefined ? {} : { environment }) },
    scope,
    kinds: ['monitor', 'metric'],
    scan: (signal, since) => scan(live, signal, since),
    describe: (ids, signal) => describe(ids, live, signal),
    series: (metric, range, signal) => seriesOf(metric, range, live, signal),
    greet: (signal) => greet(live, signal),
  };
}
