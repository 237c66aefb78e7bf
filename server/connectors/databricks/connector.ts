// A live Databricks connection: one workspace, with the metastore it is attached to.
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange } from '../../catalog/change.ts';
import type { EntityId, EntityKind } from '../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../protocol/connection.ts';
import type { FetchedLog, LiveConnector, LiveHost, SourceName } from '../connector.ts';
import { list } from '../json.ts';
import { Api } from './ask/api.ts';
import { Warehouses } from './ask/warehouse.ts';
import { Who } from './ask/who.ts';
import { describe } from './describe.ts';
import { scopeOf } from './ids.ts';
import { parseLogKey } from './logKey.ts';
import { readLog } from './logs.ts';
import { Memory } from './memory.ts';
import type { Asking } from './poll.ts';
import { scan } from './scan.ts';

export class DatabricksWorkspace implements LiveConnector {
  readonly source: SourceName;
  readonly scope: string;
  readonly kinds: readonly EntityKind[] = ['job', 'task', 'run', 'table', 'model', 'version', 'endpoint'];
  readonly mines = true;
  readonly #host: LiveHost;
  readonly #catalog: Catalog | undefined;
  readonly #api: Api;
  readonly #who: Who;
  readonly #warehouses: Warehouses;
  readonly #memory = new Memory();

  constructor(connection: ConnectionConfig, host: LiveHost, catalog: Catalog | undefined) {
    const { name, environment, instance, url } = connection;
    this.#host = host;
    this.#catalog = catalog;
    this.#api = new Api(connection, host);
    this.#who = new Who(connection, this.#api, host);
    this.#warehouses = new Warehouses(this.#api, host);
    this.source = { name, tool: 'databricks', ...(environment === undefined ? {} : { environment }) };
    this.scope = scopeOf('databricks', instance ?? addressOf(url));
  }

  /** Workspace and metastore are others than the address by which the connection is called. */
  get alsoScopes(): readonly string[] {
    return this.#who.known.flatMap((known) => [scopeOf('databricks', known), scopeOf('mlflow', known)]);
  }

  /** Upper bound of the seconds that SQL warehouses worked for us. */
  get warehouseSeconds(): number {
    return this.#warehouses.seconds;
  }

  async *scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
    yield* scan(await this.#asking(signal), since);
  }

  async *describe(ids: readonly EntityId[], signal: AbortSignal): AsyncIterable<CatalogChange> {
    yield* describe(ids, await this.#asking(signal));
  }

  async readLog(key: string, signal: AbortSignal): Promise<FetchedLog> {
    const place = parseLogKey(key);
    if (!place) throw new Error(`${this.source.name} has no log ${JSON.stringify(key)}. Open it from its run again.`);
    return readLog(place, this.#api, signal);
  }

  async greet(signal: AbortSignal): Promise<string> {
    // A workspace may have been attached to another metastore since it was asked last.
    this.#who.forget();
    const user = await this.#who.user(signal);
    const { workspace } = await this.#who.place(signal);
    const jobs = await this.#api.get('/api/2.2/jobs/list', [['limit', '1']], signal);
    const any = list(jobs.jobs).length > 0 ? 'with jobs' : 'no jobs that we may see';
    return `Databricks workspace ${workspace}${user === undefined ? '' : `, as ${user}`}, ${any}`;
  }

  async #asking(signal: AbortSignal): Promise<Asking> {
    const place = await this.#who.place(signal);
    const now = this.#host.now() + this.#host.skewMs;
    return {
      ...{ api: this.#api, host: this.#host, warehouses: this.#warehouses, place, scope: this.scope },
      ...{ catalog: this.#catalog, memory: this.#memory, signal, now },
    };
  }
}
