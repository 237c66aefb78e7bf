// Ray's user: where RAY_API_SERVER_ADDRESS or RAY_ADDRESS says the head is, and the token that Ray's own client would send.
import path from 'node:path';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import type { ToolUser } from './toolUser.ts';

const dashboardPort = 8265;
const maxBytes = 10_000;

/**
 * The address of the dashboard goes before that of the cluster, as in Ray's own commands; of a cluster's address the
 * host is taken, with the port that dashboards have. Source: dashboard_sdk.py and _private/authentication of Ray 2.60.0,
 * read 2026-11. `workspace`: absolute folders whose files are nobody's own.
 */
export async function rayUser(user: User, workspace: readonly string[]): Promise<ToolUser> {
  const named = user.variable('RAY_API_SERVER_ADDRESS') ? 'RAY_API_SERVER_ADDRESS' : 'RAY_ADDRESS';
  const written = user.variable(named);
  const found = await tokenOf(user, workspace);
  const secret = found && { secret: found.secret, from: found.from };
  if (written === undefined) return { named, ...secret };
  const url = dashboardOf(written);
  const origin = url === undefined ? undefined : originOf(url);
  if (url === undefined || origin === undefined) {
    const example = 'write the address of its dashboard there, for example "http://head:8265"';
    return { named, elsewhere: true, unusable: `${named}: this is no address of a Ray head; ${example}.` };
  }
  return { named, origin, config: { tool: 'ray', url }, ...secret };
}

/** `http://head:8265`, `ray://head:10001`, `head:6379`, `auto`; undefined for anything else. */
function dashboardOf(written: string): string | undefined {
  const address = written.trim();
  if (/^https?:\/\//i.test(address)) {
    if (originOf(address) === undefined) return undefined;
    const { origin, pathname } = new URL(address);
    return `${origin}${pathname.replace(/\/+$/, '')}`;
  }
  if (/^(auto|local)$/i.test(address)) return `http://127.0.0.1:${dashboardPort}`;
  const [, host] = /^(?:ray:\/\/)?([A-Za-z0-9.-]{1,250}|\[[0-9a-fA-F:]{2,45}\]):\d{1,5}\/?$/.exec(address) ?? [];
  return host === undefined ? undefined : `http://${host.toLowerCase()}:${dashboardPort}`;
}

/** In Ray's order; none where RAY_AUTH_MODE says that none is sent. */
async function tokenOf(
  user: User,
  workspace: readonly string[],
): Promise<{ readonly secret: Secret; readonly from: string } | undefined> {
  if (/^disabled$/i.test(user.variable('RAY_AUTH_MODE') ?? '')) return undefined;
  const set = user.variable('RAY_AUTH_TOKEN')?.trim();
  if (set) return { secret: { kind: 'token', token: set }, from: 'RAY_AUTH_TOKEN' };
  const elsewhere = user.variable('RAY_AUTH_TOKEN_PATH');
  const file = elsewhere ?? path.join(user.home, '.ray', 'auth_token');
  if (!path.isAbsolute(file) || (await isOfWorkspace(file, user, workspace))) return undefined;
  if ((await stat(file))?.kind !== 'file') return undefined;
  const token = (await readText(file, maxBytes)).trim();
  // A header holds printable characters only; anything else is no token.
  if (!/^[\x21-\x7e]{1,4000}$/.test(token)) return undefined;
  return { secret: { kind: 'token', token }, from: elsewhere ? 'RAY_AUTH_TOKEN_PATH' : '~/.ray/auth_token' };
}
