// dbt's user: dbt Cloud's accounts, as DBT_CLOUD_* variables and the file ~/.dbt/dbt_cloud.yml of its command line name them.
import path from 'node:path';
import { parse } from 'yaml';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 1_000_000;
const mostAccounts = 8;
/** Where dbt's clients ask when nobody says where: accounts of before there were addresses of their own. */
const usualHost = 'cloud.getdbt.com';
/** In the order of dbt-cloud-cli 0.9.1, dbtc 0.11.7 and the Terraform provider. */
const tokens = ['DBT_CLOUD_API_TOKEN', 'DBT_CLOUD_SERVICE_TOKEN', 'DBT_CLOUD_API_KEY', 'DBT_CLOUD_TOKEN'] as const;

/**
 * Variables go before the file, of which the active project goes first; each account is offered once, by its number.
 * The file's keys: docs.getdbt.com/docs/cloud/configure-cloud-cli, read 2026-11-23. `workspace`: absolute folders whose
 * files are nobody's own.
 */
export async function dbtUsers(user: User, workspace: readonly string[]): Promise<readonly ToolUser[]> {
  return [ofVariables(user), ...(await ofFile(user, workspace))].filter((one) => one !== undefined);
}

function ofVariables(user: User): ToolUser | undefined {
  const named = user.variable('DBT_CLOUD_HOST') ? 'DBT_CLOUD_HOST' : 'DBT_CLOUD_HOST_URL';
  const written = user.variable(named);
  const from = tokens.find((name) => user.variable(name));
  const secret = secretOf(from === undefined ? undefined : user.variable(from));
  if (written === undefined && secret === undefined) return undefined;
  const url = urlOf(written ?? usualHost);
  const shown = written === undefined ? (from ?? named) : named;
  if (url === undefined) {
    const example = 'write the host there, for example "ab123.us1.dbt.com"';
    return { named: shown, elsewhere: true, unusable: `${named}: this is no address of dbt Cloud; ${example}.` };
  }
  return told(shown, url, user.variable('DBT_CLOUD_ACCOUNT_ID'), secret, from);
}

async function ofFile(user: User, workspace: readonly string[]): Promise<readonly ToolUser[]> {
  const file = path.join(user.home, '.dbt', 'dbt_cloud.yml');
  if ((await stat(file))?.kind !== 'file' || (await isOfWorkspace(file, user, workspace))) return [];
  const whole = parsed(await readText(file, maxBytes));
  const active = text(field(field(whole, 'context'), 'active-project'));
  const projects = field(whole, 'projects');
  const entries = Array.isArray(projects) ? projects : [];
  const sorted = entries.toSorted((a, b) => Number(isActive(b, active)) - Number(isActive(a, active)));
  const found = new Map<string, ToolUser>();
  for (const entry of sorted) {
    const url = urlOf(text(field(entry, 'account-host')) ?? '');
    if (url === undefined) continue;
    const account = text(field(entry, 'account-id'));
    const name = text(field(entry, 'account-name')) ?? account ?? '';
    const shown = `~/.dbt/dbt_cloud.yml${name === '' ? '' : ` (${name.slice(0, 60)})`}`;
    const secret = secretOf(text(field(entry, 'token-value')) ?? text(field(entry, 'api-key')));
    const key = `${url} ${account ?? ''}`;
    if (!found.has(key) && found.size < mostAccounts) found.set(key, told(shown, url, account, secret, shown));
  }
  return [...found.values()];
}

function isActive(entry: unknown, active: string | undefined): boolean {
  return active !== undefined && text(field(entry, 'project-id')) === active;
}

function told(
  named: string,
  url: string,
  account: string | undefined,
  secret: Secret | undefined,
  from: string | undefined,
): ToolUser {
  const instance = account !== undefined && /^[1-9]\d{0,18}$/.test(account) ? { instance: account } : {};
  const origin = originOf(url);
  return {
    named,
    ...(origin === undefined ? {} : { origin }),
    config: { tool: 'dbt', url, ...instance },
    ...(secret && from !== undefined ? { secret, from } : {}),
  };
}

/** A host, or an address, also one that ends in `/api`; undefined for anything else. */
function urlOf(written: string): string | undefined {
  const address = /^https?:\/\//i.test(written.trim()) ? written.trim() : `https://${written.trim()}`;
  if (!/^https?:\/\/[^/?#]*[^/:?#]/i.test(address) || /:\/\/.*:\/\//.test(address) || originOf(address) === undefined)
    return undefined;
  const { origin, username, search } = new URL(address);
  return username === '' && search === '' ? origin : undefined;
}

/** A header holds printable characters only; anything else is no token. */
function secretOf(token: string | undefined): Secret | undefined {
  const plain = token?.trim() ?? '';
  return /^[\x21-\x7e]{1,4000}$/.test(plain) ? { kind: 'token', token: plain } : undefined;
}

function parsed(written: string): unknown {
  try {
    return parse(written, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Numbers stand there with quotes or without. */
function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
