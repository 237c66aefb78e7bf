// Greet: asks a server once who it is, with manners of its own that are thrown away.
import type { ConnectorFactory, Log } from '../../connectors/connector.ts';
import type { ConnectionConfig, ProxySettings, Secret } from '../../protocol/connection.ts';
import { realClock } from './clock.ts';
import { connect } from './connected.ts';

export interface GreetParts {
  readonly connectors: readonly ConnectorFactory[];
  readonly log: Log;
  readonly proxy?: ProxySettings;
}

/** `MLflow 3.17.2, 12 models`. Rejects with an error, mostly an HttpError, in words for the user; and when aborted. */
export async function greet(
  config: ConnectionConfig,
  secret: Secret | undefined,
  parts: GreetParts,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const once = { ...parts, clock: realClock, random: Math.random, secretOf: async () => secret };
  const { connector } = connect(config, once);
  try {
    return await connector.greet(signal);
  } finally {
    connector.dispose?.();
  }
}
