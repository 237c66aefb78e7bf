// The Snowflake connector: accounts by SQL over REST; nothing of Snowflake is found in files.
import type { ConnectorFactory } from '../connector.ts';
import type { OriginOfQuery } from '../queryOrigin.ts';
import { SnowflakeAccount } from './connector.ts';

/** `originOf` reads the marks that other tools leave in their queries. */
export const snowflake = (originOf: OriginOfQuery): ConnectorFactory => ({
  tool: 'snowflake',
  discover: () => [],
  create: (source) => {
    throw new Error(`${source.name}: Snowflake is asked over the network only. Add a connection to its account.`);
  },
  connect: (connection, host, catalog) => new SnowflakeAccount(connection, host, catalog, originOf),
});
