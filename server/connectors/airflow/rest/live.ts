// Live: an Airflow server, either generation, as a connector: who it is, its scans, what is on screen, its logs.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { CatalogChange } from '../../../catalog/change.ts';
import { type EntityId, type EntityKind, entityId } from '../../../catalog/entity.ts';
import { knownInstances } from '../../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { FetchedLog, LiveConnector, LiveHost, SourceName } from '../../connector.ts';
import { number, record, said } from '../../json.ts';
import { Api } from './api.ts';
import { describe } from './describe.ts';
import { readLog } from './logs.ts';
import { pagesOf } from './pages.ts';
import { parseLogKey, type RunContext } from './runs.ts';
import { type Memory, scan } from './scan.ts';
import { DagSources } from './sources.ts';

export class AirflowServer implements LiveConnector {
  readonly source: SourceName;
  readonly scope: string;
  readonly kinds: readonly EntityKind[] = ['job', 'task', 'run'];
  readonly mines = true;
  readonly #connection: ConnectionConfig;
  readonly #host: LiveHost;
  readonly #catalog: Catalog | undefined;
  readonly #api: Api;
  readonly #instance: string;
  readonly #memory: Memory = {};
  readonly #sources = new DagSources();

  constructor(connection: ConnectionConfig, host: LiveHost, catalog: Catalog | undefined) {
    const { name, environment } = connection;
    this.#connection = connection;
    this.#host = host;
    this.#catalog = catalog;
    this.#api = new Api(connection, host);
    this.#instance = connection.instance ?? addressOf(connection.url);
    this.source = said<SourceName>({ name, tool: 'airflow', environment });
    // As it stands in ids, where a prefix behind the host is encoded.
    this.scope = entityId('job', 'airflow', this.#instance).replace(/^job:/, '').replace(/\/$/, '');
  }

  async *scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
    const asking = { api: this.#api, host: this.#host, context: () => this.#context(signal), memory: this.#memory };
    yield* scan(asking, signal, since);
  }

  async *describe(ids: readonly EntityId[], signal: AbortSignal): AsyncIterable<CatalogChange> {
    yield* describe(ids, { api: this.#api, host: this.#host, context: await this.#context(signal) }, signal);
  }

  async readLog(key: string, signal: AbortSignal): Promise<FetchedLog> {
    const place = parseLogKey(key);
    if (!place) throw new Error(`${this.source.name} has no log ${JSON.stringify(key)}. Open it from its run again.`);
    return readLog(place, this.#api, signal);
  }

  async greet(signal: AbortSignal): Promise<string> {
    // A server may have been upgraded since it was asked last.
    this.#api.forget();
    const { version } = await this.#api.server(signal);
    const answer = record(await this.#api.get('/dags', [['limit', '1']], signal));
    const count = number(answer.total_entries) ?? 0;
    return `Airflow ${version}, ${count} ${count === 1 ? 'DAG' : 'DAGs'}`;
  }

  async #context(signal: AbortSignal): Promise<RunContext> {
    const { generation } = await this.#api.server(signal);
    const ids = (kind: 'job' | 'experiment') => this.#catalog?.list(kind, 1000).map(({ id }) => id) ?? [];
    return said<RunContext>({
      instance: this.#instance,
      source: this.source.name,
      environment: this.#connection.environment,
      pages: pagesOf(this.#connection.url, generation),
      instances: knownInstances(this.#catalog?.sources() ?? [], ids('job'), ids('experiment')),
      sources: this.#sources,
      dags: new Map(),
      pools: new Map(),
      known: (id) => this.#catalog?.run(id),
      facts: (id) => this.#catalog?.factsBySource(id).find(({ source }) => source === this.source.name)?.facts,
    });
  }
}
