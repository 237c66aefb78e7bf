// The Datadog connector: monitors with their groups and history, metrics with their values and tags, logs, owners, downtimes.
import type { ConnectorFactory } from '../connector.ts';
import { connect } from './connector.ts';

export const datadog: ConnectorFactory = {
  tool: 'datadog',
  discover: () => [],
  create: () => {
    throw new Error('Datadog is asked over the network; it is read from no files.');
  },
  connect,
};
