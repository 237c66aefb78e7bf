// Connections: the questions of the editor about the servers that the user connected, and what it tells of the user's attention.
import type { CancellationToken, Connection } from 'vscode-languageserver/node';
import type { Connections } from '../connections/connections.ts';
import { detectConnections } from '../connections/detect.ts';
import { parseConnections } from '../connections/parse.ts';
import { type SecretPlaces, secretOf } from '../connections/secrets.ts';
import { unaskedStatus } from '../connections/statuses.ts';
import type { Log } from '../connectors/connector.ts';
import { HttpError } from '../connectors/httpError.ts';
import * as protocol from '../protocol/connection.ts';
import type { LiveDoor } from '../sync/live/door.ts';
import type { Guard } from './guard.ts';
import type { Secrets } from './secrets.ts';

export interface ConnectionsContext {
  readonly connection: Connection;
  readonly guard: Guard;
  readonly connections: Connections;
  readonly live: LiveDoor;
  readonly secrets: Secrets;
  readonly places: SecretPlaces;
  readonly log: Log;
  /** Why nothing may be asked over the network in this window; undefined when it may. */
  readonly closed: string | undefined;
  /** Asks a server once who it is. Rejects with an HttpError in words for the user. */
  greet(config: protocol.ConnectionConfig, secret: protocol.Secret | undefined, signal: AbortSignal): Promise<string>;
  /** Names resolve in this environment first from now on. */
  useEnvironment(environment: string | undefined): void;
}

export function routeConnections(context: ConnectionsContext): void {
  const { connection, guard, live } = context;
  const route = <Params, Result>(
    method: string,
    fallback: Result,
    answer: (params: Params, token: CancellationToken) => Result | Promise<Result>,
  ): void => {
    const guarded = guard<Params, Result>(method, fallback, answer);
    connection.onRequest<unknown, never>(method, guarded);
  };
  route<object, protocol.ConnectionsResult>(protocol.connectionsRequest, [], () => statuses(context));
  route<object, protocol.DetectResult>(protocol.detectRequest, [], () => detect(context));
  route<protocol.TestConnectionParams, protocol.TestConnectionResult>(
    protocol.testConnectionRequest,
    failedTest,
    (params, token) => {
      const ending = new AbortController();
      token.onCancellationRequested(() => ending.abort());
      return test(context, params, ending.signal);
    },
  );
  route<protocol.ChangeConnectionParams, protocol.ChangeConnectionResult>(
    protocol.changeConnectionRequest,
    failedChange,
    (params) => change(context, params),
  );
  route<protocol.EnvironmentParams, null>(protocol.environmentRequest, null, ({ environment }) => {
    context.useEnvironment(environment || undefined);
    return null;
  });
  connection.onNotification(protocol.attentionNotification, ({ focused, ids }: protocol.AttentionParams) =>
    live.attention({ focused, ids: ids.slice(0, mostOnScreen) }),
  );
}

const mostOnScreen = 100;

/** In the order of the configuration; what is configured goes before what the sync has heard of. */
async function statuses(context: ConnectionsContext): Promise<protocol.ConnectionsResult> {
  const { connections, live, closed } = context;
  const told = new Map((await live.connectionStatuses()).map((status) => [status.name, status]));
  return connections.all().map((config) => {
    const file = connections.fileOf(config.name);
    const known = told.get(config.name);
    // A status of another address is of before the change.
    const status = known && known.url === config.url ? known : unaskedStatus(config, closed);
    return {
      ...status,
      paused: closed !== undefined || config.paused === true,
      ...(closed === undefined ? {} : { reason: closed, nextAt: undefined }),
      config,
      ...(file === undefined ? {} : { file }),
    };
  });
}

async function detect({ connections, places, log }: ConnectionsContext): Promise<protocol.DetectResult> {
  const found = await detectConnections(places.user, places.workspace, connections.all());
  for (const words of found.unusable) log.info(words);
  return found.connections;
}

async function test(
  { closed, places, secrets, greet }: ConnectionsContext,
  { config, secret: sealed }: protocol.TestConnectionParams,
  signal: AbortSignal,
): Promise<protocol.TestConnectionResult> {
  const no = (message: string, wantsSecret = false) => ({ ok: false, message, wantsSecret });
  if (closed !== undefined) return no(`Not asked; ${closed}`);
  const { connections, problems } = parseConnections([config], 'This connection');
  const [usable] = connections;
  if (!usable) return no(problems.join(' '));
  const { secret, reason } = sealed ? { secret: secrets.open(sealed) } : await secretOf(usable, places);
  try {
    return { ok: true, message: await greet(usable, secret, signal), wantsSecret: false };
  } catch (error) {
    signal.throwIfAborted();
    const words = error instanceof Error ? error.message : String(error);
    const kind = error instanceof HttpError ? error.kind : undefined;
    // Who has another key may read it: some servers answer 403 to keys that they do not know.
    const wantsSecret = kind === 'unauthorized' || kind === 'forbidden';
    return no(wantsSecret && !secret && reason ? `${words} ${reason}` : words, wantsSecret);
  }
}

async function change(
  { connections, live }: ConnectionsContext,
  params: protocol.ChangeConnectionParams,
): Promise<protocol.ChangeConnectionResult> {
  try {
    switch (params.change) {
      case 'save':
        await connections.save(params.config);
        break;
      case 'remove':
        await connections.remove(params.name);
        break;
      case 'pause':
      case 'resume':
        await connections.pause(params.name, params.change === 'pause');
        break;
      case 'syncNow':
        await live.syncNow(params.name);
        break;
      case 'secret':
        live.secretChanged(params.name);
    }
    return {};
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

const seeOutput = 'The server failed to answer; the Plumbline output channel says why.';
const failedTest: protocol.TestConnectionResult = { ok: false, message: seeOutput, wantsSecret: false };
const failedChange: protocol.ChangeConnectionResult = { problem: seeOutput };
