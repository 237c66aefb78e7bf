// Live: what one connection to dbt Cloud keeps in mind between scans, and which accounts its token may see.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ScanProblem } from '../../../catalog/change.ts';
import { type KnownInstances, knownInstances } from '../../../catalog/mine.ts';
import type { ConnectionConfig } from '../../../protocol/connection.ts';
import type { LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import { list } from '../../json.ts';
import type { Manifest } from '../artifacts.ts';
import type { Api } from './api.ts';
import type { Account } from './entities.ts';
import { idText, type Named, readNamed, type StoredJob } from './shapes.ts';

export interface KeptManifest {
  readonly commit?: string;
  readonly dbtVersion?: string;
  readonly manifest: Manifest;
}

export interface KeptJobs {
  /** Epoch ms. */
  readonly at: number;
  readonly isWhole: boolean;
  readonly byId: ReadonlyMap<string, StoredJob>;
}

export interface Live {
  readonly api: Api;
  readonly host: LiveHost;
  readonly connection: ConnectionConfig;
  /** `dbt://<what the connection is called by>`: absence is asked of it. */
  readonly scope: string;
  readonly catalog: Catalog | undefined;
  /** Those that the token may see, and when that was asked, epoch ms. */
  accounts: { readonly at: number; readonly found: readonly Found[] };
  /** What changes seldom, by account. */
  readonly names: Map<string, Names>;
  readonly jobs: Map<string, KeptJobs>;
  /** By project and environment; the last few. */
  readonly manifests: Map<string, KeptManifest>;
  /** Accounts that were seen. */
  readonly seen: Set<string>;
}

interface Names {
  /** Epoch ms. */
  readonly at: number;
  readonly projects: ReadonlyMap<string, string>;
  readonly environments: ReadonlyMap<string, string>;
}

/** Names of projects and environments change with somebody's decision, not with every run. */
const namesEveryMs = 30 * 60_000;
const mostAccounts = 5;
const mostPages = 20;

/** With what it is called in ids. */
export interface Found extends Named {
  readonly key: string;
}

/** The one that the connection names by its number, else those that the token may see, of which mostly is one. */
export async function accountsOf(live: Live, signal: AbortSignal): Promise<readonly Found[]> {
  const { api, connection, host } = live;
  const own = idText(connection.instance);
  if (own !== undefined) return [{ id: own, name: own, key: own }];
  const { accounts } = live;
  if (accounts.found.length > 0 && host.now() - accounts.at < namesEveryMs) return accounts.found;
  const told = list(await api.data('/api/v2/accounts/', [], signal));
  const found = told.flatMap((one) => readNamed(one) ?? []).slice(0, mostAccounts);
  if (told.length === 0)
    throw new HttpError(
      'forbidden',
      `${api.place} shows this token no account. Write the number of the account as "instance" of the connection, or take a token that may read one.`,
    );
  if (found.length === 0) throw new HttpError('broken', `${api.place} told of accounts in a shape that is not known.`);
  // One name cannot be that of several.
  const declared = found.length === 1 ? connection.instance : undefined;
  live.accounts = { at: host.now(), found: found.map((one) => ({ ...one, key: declared ?? one.id })) };
  return live.accounts.found;
}

/** What cannot be had for a reason of its own is a problem and `undefined`; what says that nothing can be had rejects. */
export async function partly<T>(
  problems: ScanProblem[],
  advice: string,
  ask: () => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof HttpError) || !/^(forbidden|missing|refused|broken|tooBig|redirect)$/.test(error.kind))
      throw error;
    problems.push({ message: error.message, advice });
    return undefined;
  }
}

/** How things of an account are called; without the names their numbers stand in. */
export async function accountOf(
  { id, name, key }: Found,
  live: Live,
  problems: ScanProblem[],
  signal: AbortSignal,
): Promise<Account> {
  live.seen.add(key);
  const { connection, host } = live;
  let names = live.names.get(id);
  if (names === undefined || host.now() - names.at >= namesEveryMs) {
    const projects = await namesOf('projects', id, live, problems, signal);
    const environments = await namesOf('environments', id, live, problems, signal);
    names = {
      at: projects && environments ? host.now() : 0,
      projects: projects ?? names?.projects ?? new Map(),
      environments: environments ?? names?.environments ?? new Map(),
    };
    live.names.set(id, names);
  }
  const { projects, environments } = names;
  const url = connection.url.replace(/\/+$/, '');
  return {
    ...{ id, key, name, url, source: connection.name, projects, environments },
    jobs: live.jobs.get(id)?.byId ?? new Map(),
  };
}

async function namesOf(
  what: 'projects' | 'environments',
  account: string,
  { api, host }: Live,
  problems: ScanProblem[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const path = `/api/v3/accounts/${account}/${what}/`;
  const ask = () => api.list({ what, path, mostPages, read: readNamed }, signal);
  const listing = await partly(problems, `Without it, ${what} are called by their numbers.`, ask, signal);
  if (listing?.gap) host.log.info(`${api.place}: ${listing.gap}`);
  return listing && new Map(listing.items.map(({ id, name }) => [id, name]));
}

export function instancesOf({ catalog }: Pick<Live, 'catalog'>): KnownInstances {
  const jobs = catalog?.list('job', 1000).map(({ id }) => id) ?? [];
  return knownInstances(catalog?.sources() ?? [], jobs);
}
