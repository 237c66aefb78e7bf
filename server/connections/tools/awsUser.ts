// AWS's user: what AWS's own variables and user-level files say of regions, endpoints and profiles, as its command line reads them.
import path from 'node:path';
import { type ConnectionConfig, originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import { type Ini, parseIni } from './ini.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 1_000_000;
const mostProfiles = 8;

/**
 * One offer for each profile and service. Credentials stay where they are: AWS's own client reads them each time. Source:
 * docs.aws.amazon.com, "Configuration and credential file settings", read 2026-11.
 */
export async function awsUsers(
  user: User,
  workspace: readonly string[],
  tool: 's3' | 'cloudwatch',
): Promise<readonly ToolUser[]> {
  const config = await iniOf('AWS_CONFIG_FILE', 'config', user, workspace);
  const credentials = await iniOf('AWS_SHARED_CREDENTIALS_FILE', 'credentials', user, workspace);
  const profiles = profilesOf(config, credentials);
  const ofVariables = variables.find((name) => user.variable(name));
  const chosen = user.variable('AWS_PROFILE');
  const found: ToolUser[] = [];
  if (ofVariables !== undefined) found.push(offer({ user, tool, config, named: ofVariables }));
  const first = chosen ?? 'default';
  const names = [...profiles].sort((a, b) => Number(b === first) - Number(a === first));
  for (const profile of names.slice(0, mostProfiles)) {
    const named = profile === chosen ? 'AWS_PROFILE' : `~/.aws (profile ${profile})`;
    found.push(offer({ user, tool, config, named, profile }));
  }
  // A store of one's own, which everybody may ask.
  if (found.length === 0 && endpointOf(user, tool) !== undefined) {
    found.push(offer({ user, tool, config, named: endpointNames(tool)[0] ?? '' }));
  }
  return found;
}

const variables = ['AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];

interface Offer {
  readonly user: User;
  readonly tool: 's3' | 'cloudwatch';
  readonly config: Ini | undefined;
  readonly named: string;
  readonly profile?: string;
}

function offer({ user, tool, config, named, profile }: Offer): ToolUser {
  const section = profile === undefined ? undefined : sectionOf(config, profile);
  const region =
    user.variable('AWS_REGION') ?? user.variable('AWS_DEFAULT_REGION') ?? section?.get('region') ?? 'us-east-1';
  const endpoint = endpointOf(user, tool) ?? plain(section?.get('endpoint_url'));
  const service = tool === 's3' ? 's3' : 'logs';
  const china = region.startsWith('cn-') ? '.cn' : '';
  const url = endpoint ?? `https://${service}.${region}.amazonaws.com${china}`;
  const secret = profile === undefined ? ofKeys(user) : undefined;
  const isChain = profile !== undefined || named !== endpointNames(tool)[0];
  return {
    named,
    ...(originOf(url) === undefined ? {} : { origin: originOf(url) }),
    config: {
      tool,
      url,
      region,
      ...(profile === undefined || profile === 'default' ? {} : { profile }),
      credential: isChain ? 'environment' : 'none',
    },
    ...(secret && { secret, from: 'AWS_SECRET_ACCESS_KEY' }),
  };
}

/** For the command line, where no secret storage is; a session's keys are not taken, they end by themselves. */
function ofKeys(user: User): Secret | undefined {
  const username = user.variable('AWS_ACCESS_KEY_ID');
  const password = user.variable('AWS_SECRET_ACCESS_KEY');
  if (!username || !password || user.variable('AWS_SESSION_TOKEN')) return undefined;
  return { kind: 'basic', username, password };
}

function endpointNames(tool: 's3' | 'cloudwatch'): readonly string[] {
  return tool === 's3'
    ? ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL', 'MLFLOW_S3_ENDPOINT_URL']
    : ['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS', 'AWS_ENDPOINT_URL'];
}

function endpointOf(user: User, tool: 's3' | 'cloudwatch'): string | undefined {
  if (/^true$/i.test(user.variable('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS') ?? '')) return undefined;
  for (const name of endpointNames(tool)) {
    const url = plain(user.variable(name));
    if (url !== undefined) return url;
  }
  return undefined;
}

/** Without user, query and slash at the end; undefined when it is no address. */
function plain(url: string | undefined): ConnectionConfig['url'] | undefined {
  if (url === undefined || originOf(url) === undefined) return undefined;
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function profilesOf(config: Ini | undefined, credentials: Ini | undefined): ReadonlySet<string> {
  const named = [...(config?.keys() ?? [])].flatMap((section) =>
    section === 'default' ? ['default'] : (/^profile\s+"?([^"]+?)"?\s*$/.exec(section)?.[1] ?? []),
  );
  return new Set([...(credentials?.keys() ?? []), ...named]);
}

function sectionOf(config: Ini | undefined, profile: string): ReadonlyMap<string, string> | undefined {
  return config?.get(profile === 'default' ? 'default' : `profile ${profile}`);
}

/** Undefined when there is none, or it lies inside a workspace folder. */
async function iniOf(
  variable: string,
  name: string,
  user: User,
  workspace: readonly string[],
): Promise<Ini | undefined> {
  const file = user.variable(variable) ?? path.join(user.home, '.aws', name);
  if (!path.isAbsolute(file) || (await isOfWorkspace(file, user, workspace))) return undefined;
  return (await stat(file)) ? parseIni(await readText(file, maxBytes)) : undefined;
}
