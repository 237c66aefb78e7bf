// Databricks' user: DATABRICKS_* variables, the profiles of ~/.databrickscfg, and the tokens that its CLI keeps in a file.
import path from 'node:path';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import { parseIni } from './ini.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 1_000_000;
/** A token that ends within this is not begun with, as the SDK holds it. */
const spareMs = 60_000;

/** As they stand in a profile, and as `DATABRICKS_` variables in upper case. */
const fields = ['host', 'token', 'client_id', 'client_secret', 'auth_type', 'azure_client_id'] as const;
type Field = (typeof fields)[number];
type Profile = Partial<Readonly<Record<Field, string>>>;

/**
 * Variables go before profiles, the active profile before the others; values of several are never mixed, and DEFAULT
 * gives nothing to the others. Source: config.py of databricks-sdk 0.156 (Python), read 2026-11-23. `workspace`:
 * absolute folders whose files are nobody's own. Asks no server.
 */
export async function databricksUsers(
  user: User,
  workspace: readonly string[],
  now: () => number = Date.now,
): Promise<readonly ToolUser[]> {
  const cache = await tokenCache(user);
  const told = (named: string, from: string, key: string, profile: Profile) =>
    toolUser({ named, from, key, profile, cache, now: now() });
  const variables = ofVariables(user);
  const found = variables ? [told('DATABRICKS_HOST', 'DATABRICKS_TOKEN', '', variables)] : [];
  for (const [name, profile] of await profilesOf(user, workspace)) {
    found.push(told(`~/.databrickscfg [${name}]`, `~/.databrickscfg [${name}]`, name, profile));
  }
  return found.filter((one) => one !== undefined);
}

function ofVariables(user: User): Profile | undefined {
  const read = fields.flatMap((field) => {
    const value = user.variable(`DATABRICKS_${field.toUpperCase()}`);
    return value ? [[field, value] as const] : [];
  });
  return read.length === 0 ? undefined : Object.fromEntries(read);
}

/** The active one first: DATABRICKS_CONFIG_PROFILE, else `default_profile` of `[__settings__]`, else DEFAULT. */
async function profilesOf(user: User, workspace: readonly string[]): Promise<readonly (readonly [string, Profile])[]> {
  const named = user.variable('DATABRICKS_CONFIG_FILE');
  const file = named !== undefined && path.isAbsolute(named) ? named : path.join(user.home, '.databrickscfg');
  if (!(await stat(file)) || (await isOfWorkspace(file, user, workspace))) return [];
  const ini = parseIni(await readText(file, maxBytes));
  const active =
    user.variable('DATABRICKS_CONFIG_PROFILE') ?? ini.get('__settings__')?.get('default_profile') ?? 'DEFAULT';
  const profiles = [...ini].filter(([name]) => name !== '__settings__');
  const read = profiles.map(([name, values]): readonly [string, Profile] => {
    const pairs = fields.flatMap((field) => {
      const value = values.get(field);
      return value ? [[field, value] as const] : [];
    });
    return [name, Object.fromEntries(pairs)];
  });
  return read.sort(([a], [b]) => Number(b === active) - Number(a === active));
}

interface Told {
  readonly named: string;
  readonly from: string;
  /** Of the profile; empty: the variables. */
  readonly key: string;
  readonly profile: Profile;
  readonly cache: TokenCache;
  readonly now: number;
}

function toolUser(told: Told): ToolUser | undefined {
  const { named, profile } = told;
  const url = profile.host === undefined ? undefined : hostUrl(profile.host);
  const origin = url === undefined ? undefined : originOf(url);
  if (profile.host !== undefined && (url === undefined || origin === undefined))
    return { named, elsewhere: true, unusable: `${named}: its host is no http or https address.` };
  if (origin !== undefined && /^https:\/\/accounts\./.test(origin))
    return { named, elsewhere: true, unusable: `${named} is an account, not a workspace.` };
  const way = secretOf(told, origin);
  if (url === undefined || origin === undefined) return way.secret ? { named, ...way } : undefined;
  const config = { tool: 'databricks', url } as const;
  return { named, origin, config, ...way };
}

/** The SDK takes hosts without a scheme and with `?o=`. */
function hostUrl(host: string): string | undefined {
  const written = /^https?:\/\//i.test(host) ? host : `https://${host}`;
  return URL.canParse(written) ? new URL(written).origin : undefined;
}

type Way = Pick<ToolUser, 'secret' | 'from' | 'unusable'>;

/** A client id with its secret is handed on as user name and password: what they are, the connector knows. */
function secretOf({ named, from, key, profile, cache, now }: Told, origin: string | undefined): Way {
  const { token, client_id: id, client_secret: secret, auth_type: type } = profile;
  if (token && (type === undefined || type === 'pat')) return { secret: { kind: 'token', token }, from };
  if (id && secret && (type === undefined || type === 'oauth-m2m')) {
    const basic: Secret = { kind: 'basic', username: id, password: secret };
    return { secret: basic, from: from.replace('_TOKEN', '_CLIENT_SECRET') };
  }
  if (type !== undefined && type !== 'databricks-cli')
    return { unusable: `${named} signs in by ${type}, which Plumbline cannot. Store a token for this connection.` };
  const kept = cache.get(key) ?? (origin === undefined ? undefined : cache.get(origin));
  const login = `Run: databricks auth login${key ? ` --profile ${key}` : ` --host ${origin}`}.`;
  if (kept && kept.expiry - now > spareMs)
    return { secret: { kind: 'token', token: kept.token }, from: '~/.databricks/token-cache.json' };
  if (kept) return { unusable: `${named}: the token that the Databricks CLI keeps has run out. ${login}` };
  if (type === undefined) return {};
  return {
    unusable:
      `${named}: the Databricks CLI keeps its tokens elsewhere than in ~/.databricks/token-cache.json. ` +
      `Set auth_storage = plaintext in [__settings__] of ~/.databrickscfg, or store a token for this connection. ${login}`,
  };
}

type TokenCache = ReadonlyMap<string, { readonly token: string; readonly expiry: number }>;

/**
 * By profile or host. Only read: the CLI renews its tokens itself, and a refresh token that we used up would log the
 * user out of it. Since 2026-05 the CLI keeps tokens in the system's key ring unless told otherwise (databricks/cli
 * pull request 5272).
 */
async function tokenCache({ home }: User): Promise<TokenCache> {
  const file = path.join(home, '.databricks', 'token-cache.json');
  const found = new Map<string, { token: string; expiry: number }>();
  if (!(await stat(file))) return found;
  let read: unknown;
  try {
    read = JSON.parse(await readText(file, maxBytes));
  } catch {
    return found;
  }
  for (const [key, value] of Object.entries(Object((Object(read) as { tokens?: unknown }).tokens))) {
    const { access_token: token, expiry } = Object(value) as { access_token?: unknown; expiry?: unknown };
    if (typeof token !== 'string' || token === '') continue;
    const until = typeof expiry === 'string' ? Date.parse(expiry) : Number.NaN;
    found.set(key.replace(/\/+$/, ''), { token, expiry: Number.isNaN(until) ? 0 : until });
  }
  return found;
}
