// The Ray connector: heads over their dashboard, and folders of Tune's results on this machine.
import type { ConnectorFactory } from '../connector.ts';
import { connect } from './rest/live.ts';
import { createTune, discoverTune } from './tune/connector.ts';

export const ray: ConnectorFactory = { tool: 'ray', discover: discoverTune, create: createTune, connect };
