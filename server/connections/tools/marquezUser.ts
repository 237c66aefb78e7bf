// Marquez's user: MARQUEZ_URL of its own client, else where OpenLineage's client sends events to over HTTP: its variables, its user-level file.
import path from 'node:path';
import { parse } from 'yaml';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 100_000;

/**
 * Names of marquez-python 0.50 and openlineage-python 1.54 (openlineage.io/docs/client/python, 2026-08). What listens at the
 * latter need not be a Marquez: adding the connection asks it once. `workspace`: absolute folders, nothing of which is read.
 */
export async function marquezUser(user: User, workspace: readonly string[]): Promise<ToolUser> {
  const own = user.variable('MARQUEZ_URL');
  if (own !== undefined) return named('MARQUEZ_URL', own, user.variable('MARQUEZ_API_KEY'), 'MARQUEZ_API_KEY');
  const transport = 'OPENLINEAGE__TRANSPORT__URL';
  const variable = user.variable(transport) === undefined ? 'OPENLINEAGE_URL' : transport;
  const url = user.variable(variable);
  const isTransport = variable === transport;
  const keyName = isTransport ? 'OPENLINEAGE__TRANSPORT__AUTH__API_KEY' : 'OPENLINEAGE_API_KEY';
  if (url !== undefined) return named(variable, url, user.variable(keyName), keyName);
  const { place, transport: written } = await configured(user, workspace);
  const { type, url: said, auth } = written;
  if (type !== 'http' || typeof said !== 'string') return { named: 'MARQUEZ_URL', ...secretOf(user) };
  const { apiKey, api_key } = fieldsOf(auth);
  const key = apiKey ?? api_key;
  return named(place, said, typeof key === 'string' ? key : undefined, place);
}

/** A key without an address is for the connection. */
function secretOf(user: User): { readonly secret: Secret; readonly from: string } | undefined {
  const token = user.variable('MARQUEZ_API_KEY');
  return token === undefined ? undefined : { secret: { kind: 'token', token }, from: 'MARQUEZ_API_KEY' };
}

function named(place: string, url: string, key: string | undefined, from: string): ToolUser {
  const origin = originOf(url);
  const secret = key ? { secret: { kind: 'token', token: key } as const, from } : {};
  if (origin === undefined)
    return { named: place, elsewhere: true, unusable: `${place}: it must begin with http:// or https://.`, ...secret };
  const prefix = new URL(url).pathname.replace(/\/+$/, '').replace(/\/api\/v1(\/lineage)?$/, '');
  return { named: place, origin, config: { tool: 'marquez', url: `${origin}${prefix}` }, ...secret };
}

interface Transport {
  readonly type?: unknown;
  readonly url?: unknown;
  readonly auth?: unknown;
}

/** The file that OPENLINEAGE_CONFIG names, if it is none of the workspace, else the one in the home folder. */
async function configured(
  user: User,
  workspace: readonly string[],
): Promise<{ readonly place: string; readonly transport: Transport }> {
  const own = user.variable('OPENLINEAGE_CONFIG');
  const isOwn = own !== undefined && path.isAbsolute(own) && !(await isOfWorkspace(own, user, workspace));
  const file = isOwn ? own : path.join(user.home, '.openlineage', 'openlineage.yml');
  const place = isOwn ? 'OPENLINEAGE_CONFIG' : '~/.openlineage/openlineage.yml';
  if (!(await stat(file).catch(() => undefined))) return { place, transport: {} };
  try {
    return {
      place,
      transport: fieldsOf(fieldsOf(parse(await readText(file, maxBytes), { maxAliasCount: 0 })).transport),
    };
  } catch {
    return { place, transport: {} };
  }
}

function fieldsOf(value: unknown): {
  readonly [Key in 'transport' | 'type' | 'url' | 'auth' | 'apiKey' | 'api_key']?: unknown;
} {
  return typeof value === 'object' && value !== null ? value : {};
}
