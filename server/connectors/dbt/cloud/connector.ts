// A live connection to dbt Cloud: the accounts, jobs and runs that its token may see, and the artifacts of their runs.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import { type EntityId, type EntityKind, parseEntityId } from '../../../catalog/entity.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { FetchedLog, LiveConnector, LiveHost, SourceName } from '../../connector.ts';
import { Api } from './api.ts';
import { runsOf } from './entities.ts';
import { accountOf, accountsOf, instancesOf, type Live, partly } from './live.ts';
import { parseLogKey, readLog } from './logs.ts';
import { oneRun, scan } from './scan.ts';
import { readJob, readNamed, readRun } from './shapes.ts';

const most = { runs: 10, jobs: 5, runsOfJob: '20' };

/** `instance`, when it is a number, is that of the account; else the accounts are those that the token sees. */
export class DbtCloud implements LiveConnector {
  readonly source: SourceName;
  readonly scope: string;
  /**
   * What absence can be asked of. Tables and metrics are told, too, but a manifest of one job never says that there are no
   * others: the artifacts of a folder do, and dbt Cloud must not take their word away.
   */
  readonly kinds: readonly EntityKind[] = ['job', 'task', 'run'];
  readonly mines = true;
  readonly #live: Live;

  constructor(connection: ConnectionConfig, host: LiveHost, catalog: Catalog | undefined) {
    const { name, environment, instance, url } = connection;
    this.source = { name, tool: 'dbt', ...(environment === undefined ? {} : { environment }) };
    this.scope = `dbt://${(instance ?? addressOf(url)).replace(/\//g, '%2F')}`;
    const api = new Api(connection, host);
    const [names, jobs, manifests, seen] = [new Map(), new Map(), new Map(), new Set<string>()];
    this.#live = {
      api,
      host,
      connection,
      scope: this.scope,
      catalog,
      names,
      jobs,
      manifests,
      seen,
      accounts: { at: 0, found: [] },
    };
  }

  /** Accounts are called by their numbers, where nothing is declared. Tables are of projects, which local artifacts may tell of, too. */
  get alsoScopes(): readonly string[] {
    return [...this.#live.seen].map((account) => `dbt://${account}`);
  }

  scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
    return scan(this.#live, signal, since);
  }

  async *describe(ids: readonly EntityId[], signal: AbortSignal): AsyncIterable<CatalogChange> {
    const problems: ScanProblem[] = [];
    const live = this.#live;
    const wanted = ids.flatMap((id) => {
      const parts = parseEntityId(id);
      const [name] = parts?.segments ?? [];
      return parts?.tool === 'dbt' && /^\d{1,19}$/.test(name ?? '')
        ? [{ kind: parts.kind, account: parts.instance, name: name ?? '' }]
        : [];
    });
    if (wanted.length === 0) return;
    for (const named of await accountsOf(live, signal)) {
      const own = wanted.filter(({ account }) => account === named.key);
      if (own.length === 0) continue;
      const account = await accountOf(named, live, problems, signal);
      const names = (...kinds: readonly EntityKind[]) => [
        ...new Set(own.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name)),
      ];
      for (const id of names('run').slice(0, most.runs)) {
        const run = await oneRun(id, account, live, problems, signal);
        if (run) yield { incremental: true, runs: runsOf(run, account, instancesOf(live)) };
      }
      for (const job of names('job', 'task').slice(0, most.jobs)) {
        const query = [['job_definition_id', job] as const, ['order_by', '-id'] as const];
        const path = `/api/v2/accounts/${account.id}/runs/`;
        const ask = () => live.api.data(path, [...query, ['limit', most.runsOfJob]], signal);
        const data = await partly(problems, 'Its runs stay as they were.', ask, signal);
        const found = (Array.isArray(data) ? data : []).flatMap((run: unknown) => readRun(run) ?? []);
        const runs = found.filter((run) => run.job === job).flatMap((run) => runsOf(run, account, instancesOf(live)));
        // A list has no steps: of those that failed, more is known already.
        yield { incremental: true, runs: runs.filter(({ id }) => live.catalog?.run(id)?.status !== 'failed') };
      }
    }
    yield { incremental: true, problems };
  }

  async readLog(key: string, signal: AbortSignal): Promise<FetchedLog> {
    const place = parseLogKey(key);
    if (!place) throw new Error(`${this.source.name} has no log ${JSON.stringify(key)}. Open it from its run again.`);
    return readLog(place, this.#live.api, signal);
  }

  async greet(signal: AbortSignal): Promise<string> {
    const { api } = this.#live;
    this.#live.accounts = { at: 0, found: [] };
    const [first, ...others] = await accountsOf(this.#live, signal);
    if (first === undefined) return 'dbt Cloud, no account';
    const account = readNamed(await api.data(`/api/v2/accounts/${first.id}/`, [], signal)) ?? first;
    const path = `/api/v2/accounts/${first.id}/jobs/`;
    const jobs = await api.list({ what: 'jobs', path, mostPages: 1, read: readJob }, signal);
    const more = others.length === 0 ? '' : `, and ${others.length} more accounts`;
    return `dbt Cloud account ${account.name} (${first.id}), ${jobs.items.length}${jobs.gap ? ' or more' : ''} jobs${more}`;
  }
}
