// A live Snowflake connection: one account, asked by SQL over its REST API.
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange, MetricSeries } from '../../catalog/change.ts';
import type { EntityId, EntityKind } from '../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../protocol/connection.ts';
import type { MetricQuery } from '../../protocol/metricQuery.ts';
import type { FetchedLog, LiveConnector, LiveHost, SourceName } from '../connector.ts';
import type { OriginOfQuery } from '../queryOrigin.ts';
import { Api } from './ask/api.ts';
import { Warehouses } from './ask/warehouses.ts';
import { Who } from './ask/who.ts';
import { describe } from './describe.ts';
import { EventLogs, parseEventLogKey } from './eventLog.ts';
import { identifier, scopeOf } from './ids.ts';
import { Memory } from './memory.ts';
import { knownSeries } from './metrics/scan.ts';
import type { Asking } from './poll.ts';
import { scan } from './scan.ts';

export class SnowflakeAccount implements LiveConnector {
  readonly source: SourceName;
  readonly scope: string;
  readonly kinds: readonly EntityKind[] = ['table', 'job', 'task', 'run', 'metric', 'model', 'version'];
  readonly mines = true;
  readonly #host: LiveHost;
  readonly #catalog: Catalog | undefined;
  readonly #api: Api;
  readonly #who: Who;
  readonly #warehouses: Warehouses;
  readonly #memory = new Memory();
  readonly #eventLogs = new EventLogs();
  readonly #originOf: OriginOfQuery;
  readonly #preferred: string | undefined;
  readonly #queries: readonly MetricQuery[];

  constructor(connection: ConnectionConfig, host: LiveHost, catalog: Catalog | undefined, originOf: OriginOfQuery) {
    const { name, environment, instance, url, warehouse, queries = [] } = connection;
    this.#queries = queries;
    this.#host = host;
    this.#originOf = originOf;
    this.#catalog = catalog;
    this.#api = new Api(connection, host);
    this.#who = new Who(connection, this.#api);
    this.#warehouses = new Warehouses(this.#api, host);
    this.#preferred = warehouse === undefined ? undefined : identifier(warehouse);
    this.source = { name, tool: 'snowflake', ...(environment === undefined ? {} : { environment }) };
    this.scope = scopeOf(instance ?? addressOf(url));
  }

  /** The account is another than the address by which the connection is called. */
  get alsoScopes(): readonly string[] {
    const { known } = this.#who;
    return known === undefined ? [] : [scopeOf(known)];
  }

  /** Upper bound of the seconds that warehouses worked for us. */
  get warehouseSeconds(): number {
    return this.#warehouses.seconds;
  }

  async *scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
    yield* scan(await this.#asking(signal), { preferred: this.#preferred, queries: this.#queries }, since);
  }

  async *describe(ids: readonly EntityId[], signal: AbortSignal): AsyncIterable<CatalogChange> {
    yield* describe(ids, await this.#asking(signal), this.#preferred);
  }

  async series(
    metric: EntityId,
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<readonly MetricSeries[]> {
    return knownSeries(metric, range, await this.#asking(signal));
  }

  async readLog(key: string, signal: AbortSignal): Promise<FetchedLog> {
    const place = parseEventLogKey(key);
    if (!place) throw new Error(`${this.source.name} has no log ${JSON.stringify(key)}. Open it from its run again.`);
    return this.#eventLogs.read(place, await this.#asking(signal), this.#preferred);
  }

  async greet(signal: AbortSignal): Promise<string> {
    this.#who.forget();
    const { version, user, role } = await this.#who.said(signal);
    const { account } = await this.#who.place(signal);
    const { awake, all } = await this.#warehouses.listed(signal);
    const who = [user && `as ${user}`, role && `role ${role}`].filter((words) => words).join(', ');
    const refused = this.#memory.allRefused;
    const without = refused.length > 0 ? `; not here, or not for this role: ${refused.join(', ')}` : '';
    const seen = `${all} ${all === 1 ? 'warehouse' : 'warehouses'} seen, ${awake.length} awake`;
    return `Snowflake ${version ?? ''} ${account}${who && `, ${who}`}, ${seen}${without}`.replace('  ', ' ');
  }

  async #asking(signal: AbortSignal): Promise<Asking> {
    const place = await this.#who.place(signal);
    const now = this.#host.now() + this.#host.skewMs;
    return {
      ...{ api: this.#api, host: this.#host, warehouses: this.#warehouses, memory: this.#memory },
      ...{ place, scope: this.scope, catalog: this.#catalog, originOf: this.#originOf, signal, now },
    };
  }
}
