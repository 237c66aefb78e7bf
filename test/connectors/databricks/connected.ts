// Our connector over the fake workspace, through the real HTTP module, without the manners around it.
import type { Catalog } from '../../../server/catalog/catalog.ts';
import type { LiveConnector, LiveHost } from '../../../server/connectors/connector.ts';
import { databricks } from '../../../server/connectors/databricks/index.ts';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { type FakeDatabricks, personalToken } from '../../fakes/databricks/server.ts';
import { memoryLog } from '../../support/log.ts';

export const usualSecret: Secret = { kind: 'token', token: personalToken };

export interface Over {
  readonly connector: LiveConnector & { readonly warehouseSeconds?: number };
  /** What the next question is asked with. */
  secret: Secret | undefined;
}

export function databricksOver(
  { url }: Pick<FakeDatabricks, 'url'>,
  secret: Secret | undefined = usualSecret,
  more: Partial<ConnectionConfig> & { readonly catalog?: Catalog; readonly now?: () => number } = {},
): Over {
  const { catalog, now = Date.now, ...config } = more;
  const connection: ConnectionConfig = { name: 'live', tool: 'databricks', url, ...config };
  const http = createHttp({ connection });
  const over = { secret } as { secret: Secret | undefined; connector: LiveConnector };
  const host: LiveHost = { fetch: http, secret: async () => over.secret, skewMs: 0, log: memoryLog(), now };
  if (!databricks.connect) throw new Error('Databricks has no live connector');
  over.connector = databricks.connect(connection, host, catalog);
  return over;
}

/** A value deep inside of what somebody else wrote. */
export function readAt(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (Object(at) as Readonly<Record<string, unknown>>)[key], value);
}
