// Our connector over the fake account, through the real HTTP module, without the manners around it.
import type { Catalog } from '../../../server/catalog/catalog.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { dbtQueryOrigin } from '../../../server/connectors/dbt/queryComment.ts';
import { snowflake } from '../../../server/connectors/snowflake/index.ts';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { personalToken } from '../../fakes/snowflake/server.ts';
import { memoryLog } from '../../support/log.ts';

export const usualSecret: Secret = { kind: 'token', token: personalToken };

export interface Over {
  readonly connector: LiveConnector & { readonly warehouseSeconds?: number };
  readonly log: ReturnType<typeof memoryLog>;
}

export function snowflakeOver(
  { url }: { readonly url: string },
  secret: Secret | undefined = usualSecret,
  more: Partial<ConnectionConfig> & { readonly catalog?: Catalog; readonly now?: () => number } = {},
): Over {
  const { catalog, now = Date.now, ...config } = more;
  const connection: ConnectionConfig = { name: 'live', tool: 'snowflake', url, ...config };
  const log = memoryLog();
  const host: LiveHost = { fetch: createHttp({ connection }), secret: async () => secret, skewMs: 0, log, now };
  const factory = snowflake(dbtQueryOrigin);
  if (!factory.connect) throw new Error('Snowflake has no live connector');
  return { connector: factory.connect(connection, host, catalog), log };
}
