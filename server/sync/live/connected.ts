// Connected: a connector over its own HTTP client, manners and secret; what the configuration of one connection comes to.
import type { Catalog } from '../../catalog/catalog.ts';
import { mergeCatalogs } from '../../catalog/merged.ts';
import type { CatalogStore } from '../../catalog/store.ts';
import type { ConnectorFactory, LiveConnector, LiveHost, Log } from '../../connectors/connector.ts';
import { HttpError } from '../../connectors/httpError.ts';
import { type ConnectionConfig, isOfAws, type ProxySettings, type Secret } from '../../protocol/connection.ts';
import { createLogGroups } from '../../world/aws/logGroups.ts';
import { createObjects } from '../../world/aws/objects.ts';
import { createHttp, type Timeouts } from '../../world/http/client.ts';
import { noHttp, remoteOf } from '../../world/remote.ts';
import { awsLimits } from '../manners/limits.ts';
import { createManners, type Manners } from '../manners/manners.ts';
import { type Clock, sleepOf } from './clock.ts';
import { SecretKeeper } from './secretKeeper.ts';

export interface ConnectParts {
  readonly connectors: readonly ConnectorFactory[];
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: Log;
  /** Undefined: there is none. May be asked again after the server refused what it gave. */
  readonly secretOf: (name: string, origin: string) => Promise<Secret | undefined>;
  readonly proxy?: ProxySettings;
  /** Default: the usual ones. */
  readonly timeouts?: Partial<Timeouts>;
  /** For the ids of one tool in the text of another. */
  readonly known?: readonly CatalogStore[];
}

export interface Connected {
  readonly connector: LiveConnector;
  readonly manners: Manners;
  readonly secrets: SecretKeeper;
  /** What it knows of all others. */
  readonly known?: Catalog;
}

/** Asks nothing yet. Throws in words for the user when the configuration cannot be used. */
export function connect(config: ConnectionConfig, parts: ConnectParts): Connected {
  const { connectors, clock, random, log, secretOf, proxy, timeouts, known = [] } = parts;
  const factory = connectors.find((one) => one.tool === config.tool && one.connect);
  if (!factory?.connect)
    throw new Error(`${config.name}: this version of Plumbline cannot ask ${config.tool} servers.`);
  const now = (): number => clock.now();
  const http =
    config.tool === 'ssh'
      ? noHttp
      : createHttp({ connection: config, now, ...(proxy && { proxy }), ...(timeouts && { timeouts }) });
  const secrets = new SecretKeeper(config, secretOf);
  const manners = createManners({
    name: config.name,
    place: new URL(config.url).host,
    http,
    now,
    sleep: sleepOf(clock),
    random,
    ...(isOfAws(config.tool) && { limits: awsLimits }),
    // AWS's own client finds its credentials by itself; only those that we keep can be missing here.
    onOutcome: (error) => {
      if (isOfAws(config.tool) && config.credential !== 'stored') return;
      secrets.heard(error instanceof HttpError ? error.kind : undefined);
    },
  });
  const aws = {
    connection: config,
    secret: () => secrets.get(),
    turn: manners.turn,
    now,
    ...(proxy && { proxy }),
    ...(timeouts && { timeouts }),
  };
  const host: LiveHost = {
    fetch: manners.fetch,
    ...(config.tool === 's3' || config.tool === 'openlineage' ? { objects: createObjects(aws) } : {}),
    ...(config.tool === 'cloudwatch' ? { logGroups: createLogGroups(aws) } : {}),
    secret: () => secrets.get(),
    get skewMs() {
      return manners.skewMs();
    },
    ...remoteOf(config),
    log,
    now,
  };
  const [one, other] = known.map((store) => store.snapshot());
  const catalog = one && other ? mergeCatalogs(one, other) : one;
  return { connector: factory.connect(config, host, catalog), manners, secrets, ...(catalog && { known: catalog }) };
}
