// Greet: asks a server once who it is, with manners of its own that are thrown away.
import type { ConnectorFactory, Log } from '../../connectors/connector.ts';
import { HttpError } from '../../connectors/httpError.ts';
import type { ConnectionConfig, ProxySettings, Secret, TestConnectionResult } from '../../protocol/connection.ts';
import { realClock } from './clock.ts';
import { connect } from './connected.ts';

export interface GreetParts {
  readonly connectors: readonly ConnectorFactory[];
  readonly log: Log;
  readonly proxy?: ProxySettings;
}

/** Never rejects for what is wrong with the server or the configuration; rejects when aborted. */
export async function greetConnection(
  config: ConnectionConfig,
  secret: Secret | undefined,
  parts: GreetParts,
  signal: AbortSignal = new AbortController().signal,
): Promise<TestConnectionResult> {
  try {
    return { ok: true, message: await greet(config, secret, parts, signal), wantsSecret: false };
  } catch (error) {
    signal.throwIfAborted();
    const kind = error instanceof HttpError ? error.kind : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, wantsSecret: kind === 'unauthorized' || (kind === 'forbidden' && !secret) };
  }
}

async function greet(
  config: ConnectionConfig,
  secret: Secret | undefined,
  parts: GreetParts,
  signal: AbortSignal,
): Promise<string> {
  const once = { ...parts, clock: realClock, random: Math.random, secretOf: async () => secret };
  const { connector } = connect(config, once);
  try {
    return await connector.greet(signal);
  } finally {
    connector.dispose?.();
  }
}
