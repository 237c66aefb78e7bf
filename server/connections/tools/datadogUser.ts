// Datadog's user: DD_* and DATADOG_* variables, and ~/.dogrc of Datadog's own command line.
import path from 'node:path';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { datadogApi, datadogSiteOf } from '../../protocol/datadogSites.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import { parseIni } from './ini.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 100_000;

/**
 * `DD_SITE` is a site; `DATADOG_HOST`, and `api_host` of the file, are whole addresses; without any of them the clients
 * ask US1, and the keys are for whichever site the connection names. Values of several places are never mixed. Source:
 * configuration.ts of @datadog/datadog-api-client 1.64.0, dogshell of datadog 0.52 (Python), read 2026-11-23.
 * `workspace`: absolute folders whose files are nobody's own.
 */
export async function datadogUsers(user: User, workspace: readonly string[]): Promise<readonly ToolUser[]> {
  const variables = ofVariables(user);
  const file = await ofFile(user, workspace);
  return [variables, file].filter((one) => one !== undefined);
}

interface Told {
  readonly named: string;
  readonly from: string;
  readonly address?: string;
  readonly apiKey?: string;
  readonly appKey?: string;
  readonly token?: string;
}

function ofVariables(user: User): ToolUser | undefined {
  const [site, host] = [user.variable('DD_SITE'), user.variable('DATADOG_HOST')];
  const apiKey = user.variable('DD_API_KEY') ?? user.variable('DATADOG_API_KEY');
  const appKey = user.variable('DD_APP_KEY') ?? user.variable('DATADOG_APP_KEY');
  const token = user.variable('DD_BEARER_TOKEN');
  const from = token ? 'DD_BEARER_TOKEN' : user.variable('DD_API_KEY') ? 'DD_API_KEY' : 'DATADOG_API_KEY';
  const address = site === undefined ? host : siteAddress(site);
  const named = site === undefined ? (host === undefined ? from : 'DATADOG_HOST') : 'DD_SITE';
  if (!apiKey && !token && address === undefined) return undefined;
  return toolUser({
    ...{ named, from },
    ...(address === undefined ? {} : { address }),
    ...(apiKey && { apiKey }),
    ...(appKey && { appKey }),
    ...(token && { token }),
  });
}

/** What is no name of a host is left as it is, and found to be no address. */
function siteAddress(site: string): string {
  return /^[a-z0-9.-]{1,200}$/i.test(site) ? datadogApi(site.toLowerCase()) : site;
}

async function ofFile(user: User, workspace: readonly string[]): Promise<ToolUser | undefined> {
  const file = path.join(user.home, '.dogrc');
  if (!(await stat(file)) || (await isOfWorkspace(file, user, workspace))) return undefined;
  const values = parseIni(await readText(file, maxBytes)).get('Connection');
  const [apiKey, appKey, address] = ['apikey', 'appkey', 'api_host'].map((key) => values?.get(key));
  if (!apiKey) return undefined;
  const named = '~/.dogrc';
  return toolUser({ named, from: named, apiKey, ...(appKey && { appKey }), ...(address && { address }) });
}

function toolUser({ named, from, address, apiKey, appKey, token }: Told): ToolUser {
  const secret: Secret | undefined = token
    ? { kind: 'token', token }
    : apiKey && appKey
      ? { kind: 'basic', username: apiKey, password: appKey }
      : undefined;
  const own = secret ? { secret, from } : {};
  const lacks = apiKey && !secret ? `${from} has an API key, but no application key stands beside it.` : undefined;
  const unusable = lacks === undefined ? {} : { unusable: `${lacks} Reading needs both.` };
  if (address === undefined)
    return { named, ...own, ...unusable, config: { tool: 'datadog', url: datadogApi('datadoghq.com') } };
  const site = datadogSiteOf(address);
  const url = site === undefined ? address.replace(/\/+$/, '') : datadogApi(site);
  const origin = originOf(url);
  if (origin === undefined || new URL(url).username !== '')
    return { named, elsewhere: true, unusable: `${named}: it names no site of Datadog and no http or https address.` };
  return { named, origin, config: { tool: 'datadog', url: new URL(url).origin }, ...own, ...unusable };
}
