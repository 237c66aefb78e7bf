// The Databricks connector: workspaces over REST; nothing of Databricks is found in files.
import type { ConnectorFactory } from '../connector.ts';
import { DatabricksWorkspace } from './connector.ts';

export const databricks: ConnectorFactory = {
  tool: 'databricks',
  discover: () => [],
  create: (source) => {
    throw new Error(`${source.name}: Databricks is asked over the network only. Add a connection to its workspace.`);
  },
  connect: (connection, host, catalog) => new DatabricksWorkspace(connection, host, catalog),
};
