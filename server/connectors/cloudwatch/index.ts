// The CloudWatch Logs connector: log groups and streams as logs of hosts, and as those of managed Airflow.
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange } from '../../catalog/change.ts';
import { type EntityId, type EntityKind, entityId } from '../../catalog/entity.ts';
import { knownInstances } from '../../catalog/mine.ts';
import { parseRemoteLog } from '../../catalog/run.ts';
import { addressOf, type ConnectionConfig } from '../../protocol/connection.ts';
import type { ConnectorFactory, LiveConnector, LiveHost, RangedLogs, SourceName } from '../connector.ts';
import { said } from '../json.ts';
import type { LogGroups } from '../logGroups.ts';
import type { LogRuns } from '../logRuns.ts';
import { streamLogs } from './logs.ts';
import { type Scanning, scan } from './scan.ts';

/** `logRuns`: what managed Airflow's logs say. */
export function cloudwatch(logRuns: LogRuns): ConnectorFactory {
  return {
    tool: 'cloudwatch',
    discover: () => [],
    create: () => {
      throw new Error('CloudWatch is asked over the network; add it as a connection.');
    },
    connect: (connection, host, catalog) => new CloudWatch(connection, host, catalog, logRuns),
  };
}

class CloudWatch implements LiveConnector {
  readonly source: SourceName;
  readonly scope: string;
  readonly kinds: readonly EntityKind[] = ['host', 'run'];
  readonly mines = true;
  readonly logs: RangedLogs;
  readonly #connection: ConnectionConfig;
  readonly #host: LiveHost;
  readonly #groups: LogGroups;
  readonly #catalog: Catalog | undefined;
  readonly #logRuns: LogRuns;

  constructor(connection: ConnectionConfig, host: LiveHost, catalog: Catalog | undefined, logRuns: LogRuns) {
    const { name, environment } = connection;
    if (!host.logGroups) throw new Error(`${name}: CloudWatch cannot be asked here. Restart the editor.`);
    this.#connection = connection;
    this.#host = host;
    this.#groups = host.logGroups;
    this.#catalog = catalog;
    this.#logRuns = logRuns;
    this.source = said<SourceName>({ name, tool: 'cloudwatch', environment });
    this.scope = entityId('host', 'cloudwatch', this.#instance).slice('host:'.length, -1);
    this.logs = streamLogs(name, host.logGroups, () => host.now());
  }

  async *scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
    yield* scan(this.#scanning(signal), since);
  }

  /** What a stream holds is read when its log is opened; nothing else of it changes. */
  async *describe(_ids: readonly EntityId[], _signal: AbortSignal): AsyncIterable<CatalogChange> {}

  async greet(signal: AbortSignal): Promise<string> {
    const { watch = [] } = this.#connection;
    const [first = ''] = watch;
    const { groups, next } = await this.#groups.groups(first, undefined, signal);
    const count = `${next === undefined ? '' : 'at least '}${groups.length} log ${groups.length === 1 ? 'group' : 'groups'}`;
    if (watch.length === 0) return `CloudWatch Logs, ${count}; name those to look at in "watch" of the connection`;
    return `CloudWatch Logs, ${count} named ${first}…`;
  }

  get #instance(): string {
    return this.#connection.instance ?? addressOf(this.#connection.url);
  }

  #scanning(signal: AbortSignal): Scanning {
    const { name, environment, watch = [] } = this.#connection;
    const jobs = this.#catalog?.list('job', 1000).map(({ id }) => id) ?? [];
    return {
      name,
      instance: this.#instance,
      watch,
      groups: this.#groups,
      logRuns: this.#logRuns,
      instances: knownInstances(this.#catalog?.sources() ?? [], jobs),
      now: this.#host.now(),
      signal,
      known: (id) => {
        const run = this.#catalog?.run(id);
        return run?.logs.some(({ file }) => parseRemoteLog(file)?.source === name) ? undefined : run;
      },
      ...(environment === undefined ? {} : { environment }),
    };
  }
}
