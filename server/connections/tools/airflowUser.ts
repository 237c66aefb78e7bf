// Airflow's user: our own AIRFLOW_API_* variables (Airflow has none for clients), and an Airflow that runs on this machine under AIRFLOW_HOME.
import path from 'node:path';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import { type Ini, parseIni } from './ini.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 2_000_000;

/** The first goes before the second. `workspace`: absolute folders whose files are nobody's own. */
export async function airflowUsers(user: User, workspace: readonly string[]): Promise<readonly ToolUser[]> {
  return [ourVariables(user), await ownAirflow(user, workspace)].filter((one) => one !== undefined);
}

function ourVariables(user: User): ToolUser | undefined {
  const url = user.variable('AIRFLOW_API_URL');
  const secret = secretOf(user);
  const named = 'AIRFLOW_API_URL';
  if (url === undefined) return secret && { named, ...secret };
  const origin = originOf(url);
  if (origin === undefined)
    return { named, elsewhere: true, unusable: `${named}: it must begin with http:// or https://.` };
  return { named, origin, config: { tool: 'airflow', url: plain(url) }, ...secret };
}

function secretOf(user: User): { readonly secret: Secret; readonly from: string } | undefined {
  const token = user.variable('AIRFLOW_API_TOKEN');
  if (token) return { secret: { kind: 'token', token }, from: 'AIRFLOW_API_TOKEN' };
  const username = user.variable('AIRFLOW_API_USERNAME');
  const password = user.variable('AIRFLOW_API_PASSWORD');
  if (!username || !password) return undefined;
  return { secret: { kind: 'basic', username, password }, from: 'AIRFLOW_API_PASSWORD' };
}

/** Its address: variables before airflow.cfg; `api` is 3.x, `webserver` 2.x. Nothing when none of them names one. */
async function ownAirflow(user: User, workspace: readonly string[]): Promise<ToolUser | undefined> {
  const home = await homeOf(user, workspace);
  const config = home === undefined ? undefined : await iniOf(path.join(home, 'airflow.cfg'));
  const places = [
    ['AIRFLOW__API__BASE_URL', user.variable('AIRFLOW__API__BASE_URL')],
    ['AIRFLOW__WEBSERVER__BASE_URL', user.variable('AIRFLOW__WEBSERVER__BASE_URL')],
    ['$AIRFLOW_HOME/airflow.cfg', config?.get('api')?.get('base_url') || config?.get('webserver')?.get('base_url')],
  ] as const;
  const [named, url] = places.find(([, value]) => value) ?? [];
  const origin = url === undefined ? undefined : originOf(url);
  if (named === undefined || url === undefined || origin === undefined) return undefined;
  const password = home === undefined ? undefined : await generatedPassword(home, user, config);
  return {
    named,
    origin,
    config: { tool: 'airflow', url: plain(url) },
    ...(password ? { secret: password, from: `$AIRFLOW_HOME/${passwordsName}` } : {}),
  };
}

/** Undefined when it is not set, not a whole path, or inside a workspace folder (unless that folder holds the user's home). */
async function homeOf(user: User, workspace: readonly string[]): Promise<string | undefined> {
  const named = user.variable('AIRFLOW_HOME');
  if (named === undefined || !path.isAbsolute(named)) return undefined;
  return (await isOfWorkspace(named, user, workspace)) ? undefined : named;
}

const passwordsName = 'simple_auth_manager_passwords.json.generated';

/** Of AIRFLOW_API_USERNAME, else of admin, else of the first. Source: simple_auth_manager.py of Airflow 3.3. */
async function generatedPassword(home: string, user: User, config: Ini | undefined): Promise<Secret | undefined> {
  const elsewhere =
    user.variable('AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE') ??
    config?.get('core')?.get('simple_auth_manager_passwords_file');
  // A file that is named somewhere else may be anybody's; it is not opened.
  if (elsewhere) return undefined;
  const file = path.join(home, passwordsName);
  if (!(await stat(file))) return undefined;
  const passwords = entries(await readText(file, maxBytes));
  const wanted = user.variable('AIRFLOW_API_USERNAME') ?? 'admin';
  const [username, password] = passwords.find(([name]) => name === wanted) ?? passwords[0] ?? [];
  return username !== undefined && password !== undefined ? { kind: 'basic', username, password } : undefined;
}

function entries(text: string): readonly (readonly [string, string])[] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, password]) =>
      typeof password === 'string' && password !== '' ? [[name, password] as const] : [],
    );
  } catch {
    return [];
  }
}

async function iniOf(file: string): Promise<Ini | undefined> {
  return (await stat(file)) ? parseIni(await readText(file, maxBytes)) : undefined;
}

function plain(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
