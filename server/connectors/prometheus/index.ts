// The Prometheus connector: rules as monitors with their alerts, metrics with their values; and Alertmanager, which knows who is paged.
import type { ConnectorFactory } from '../connector.ts';
import { connect as connectAlertmanager } from './alertmanager/connector.ts';
import { connect } from './rest/connector.ts';

const nothingHere = {
  discover: () => [],
  create: () => {
    throw new Error('Prometheus and Alertmanager are asked over the network; they are read from no files.');
  },
};

export const prometheus: ConnectorFactory = { tool: 'prometheus', ...nothingHere, connect };
export const alertmanager: ConnectorFactory = { tool: 'alertmanager', ...nothingHere, connect: connectAlertmanager };
