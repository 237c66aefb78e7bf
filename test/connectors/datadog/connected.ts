// Our connector over the fake Datadog, through the real HTTP module, without the manners around it.
import type { Catalog } from '../../../server/catalog/catalog.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { datadog } from '../../../server/connectors/datadog/index.ts';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { type FakeDatadog, keys } from '../../fakes/datadog/server.ts';
import { memoryLog } from '../../support/log.ts';

export const usualSecret: Secret = { kind: 'basic', username: keys.api, password: keys.application };

export function datadogOver(
  { url }: Pick<FakeDatadog, 'url'>,
  more: Partial<ConnectionConfig> & {
    readonly catalog?: Catalog;
    readonly now?: () => number;
    readonly secret?: Secret;
  } = {},
): LiveConnector {
  const { catalog, now = Date.now, secret = usualSecret, ...config } = more;
  const connection: ConnectionConfig = { name: 'live', tool: 'datadog', url, instance: 'acme', ...config };
  const http = createHttp({ connection });
  const host: LiveHost = { fetch: http, secret: async () => secret, skewMs: 0, log: memoryLog(), now };
  if (!datadog.connect) throw new Error('Datadog has no live connector');
  return datadog.connect(connection, host, catalog);
}
