// Connection doors: the user's connections, joined to the editor's questions and to the sync that asks the servers.
import type { Connection } from 'vscode-languageserver/node';
import { Connections } from './connections/connections.ts';
import { Declined } from './connections/declined.ts';
import { HostLogs } from './connections/hostLogs.ts';
import { MetricQueries } from './connections/metricQueries.ts';
import { connectionsPlace } from './connections/place.ts';
import { type SecretPlaces, secretOf } from './connections/secrets.ts';
import { noLiveFolder, untrusted } from './connections/statuses.ts';
import { isOfWorkspace } from './connections/workspace.ts';
import { connectors } from './connectors/registry.ts';
import { askAboutHost } from './handlers/askAboutHost.ts';
import { askAboutQuery } from './handlers/askAboutQuery.ts';
import { routeConnections } from './handlers/connections.ts';
import type { Guard } from './handlers/guard.ts';
import type { Secrets } from './handlers/secrets.ts';
import {
  originOf,
  type ProxyParams,
  type ProxySettings,
  proxyNotification,
  type Secret,
} from './protocol/connection.ts';
import type { Session } from './session.ts';
import type { LiveDoor } from './sync/live/door.ts';
import { greet } from './sync/live/greet.ts';
import { thisUser } from './world/user.ts';

export interface ConnectionDoorsParts {
  readonly connection: Connection;
  readonly guard: Guard;
  readonly session: Session;
  readonly secrets: Secrets;
  /** The editor's, as it started. */
  readonly proxy: ProxySettings | undefined;
  readonly live: LiveDoor;
  /** What the editor shows may be different. */
  readonly changed: () => void;
  readonly onNotice: (notice: string) => void;
}

export interface ConnectionDoors {
  /** The value of the setting `plumbline.connections`; nothing is asked before it is known. */
  useSetting(value: unknown): Promise<void>;
  /** Other workspace folders than before: whether the user's file may be used is asked again. */
  foldersChanged(): Promise<void>;
  /** Asks the user about hosts and queries that the workspace names, once for each exact text; never rejects. */
  hostsDeclared(): Promise<void>;
  /** For the sync: undefined when there is none for this connection at this origin. */
  secretOf(name: string, origin: string): Promise<Secret | undefined>;
  dispose(): void;
}

export function openConnectionDoors(parts: ConnectionDoorsParts): ConnectionDoors {
  const { connection, guard, session, secrets, live, changed, onNotice } = parts;
  const { trusted, liveFolder, log } = session.options;
  const closed = trusted ? (liveFolder === undefined ? noLiveFolder : undefined) : untrusted;
  let { proxy } = parts;
  const user = thisUser();
  const file = connectionsPlace(user);
  const connections = new Connections({
    file,
    log,
    refused: async () => ((await isOfWorkspace(file, user, session.folders.roots)) ? ofWorkspace(file) : undefined),
    onChanged: (all) => {
      if (closed === undefined) live.setConnections(all, connections.isWhole);
      changed();
    },
    onProblems: ([first = '', ...more]) => onNotice(more.length > 0 ? `${first} ${moreProblems(more.length)}` : first),
  });
  const declined = new Declined(file);
  const hosts = new HostLogs({
    connections,
    declined,
    ask: (host, patterns) => askAboutHost(connection, host, patterns),
  });
  const queries = new MetricQueries({
    connections,
    declined,
    ask: (name, query) => askAboutQuery(connection, name, query),
  });
  const places: SecretPlaces = {
    user,
    get workspace() {
      return session.folders.roots;
    },
    stored: (name, origin) => secrets.ask(name, origin),
  };
  routeConnections({
    connection,
    guard,
    connections,
    live,
    secrets,
    places,
    log,
    closed,
    greet: (config, secret, signal) => greet(config, secret, { connectors, log, ...(proxy && { proxy }) }, signal),
    useEnvironment: (environment) => {
      session.environment = environment;
      changed();
    },
  });
  connection.onNotification(proxyNotification, (params: ProxyParams) => {
    proxy = secrets.proxySettings(params);
    live.setProxy(proxy);
  });
  return {
    useSetting: (value) => connections.useSetting(value),
    foldersChanged: () => connections.load(),
    async hostsDeclared() {
      if (closed !== undefined) return;
      const { hostLogs: named, metricQueries } = session.folders.config();
      if (named.length + metricQueries.length === 0) return;
      await connections.load();
      await hosts.declared(named).catch((error: unknown) => onNotice(String(error)));
      await queries.declared(metricQueries).catch((error: unknown) => onNotice(String(error)));
    },
    async secretOf(name, origin) {
      const config = connections.named(name);
      if (!config || originOf(config.url) !== origin) return undefined;
      const { secret, reason } = await secretOf(config, places);
      if (reason) log.warn(reason);
      return secret;
    },
    dispose: () => connections.dispose(),
  };
}

/** A container or a shell that a workspace configures could name such a folder. */
function ofWorkspace(file: string): string {
  return `${file} is inside the workspace, so it is not used: where servers are may only be said outside of it. Let PLUMBLINE_CONFIG_DIR (or XDG_CONFIG_HOME) name a folder of your own.`;
}

function moreProblems(count: number): string {
  return `(and ${count} more; the Plumbline output channel names ${count === 1 ? 'it' : 'them'})`;
}
