// Prometheus' user: our own PROMETHEUS_* and ALERTMANAGER_* variables (Prometheus has none for clients), and amtool's user-level file.
import path from 'node:path';
import { parse } from 'yaml';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 100_000;

export function prometheusUser(user: User): ToolUser {
  return named(user, 'prometheus', 'PROMETHEUS', 'PROMETHEUS_URL', user.variable('PROMETHEUS_URL'));
}

/** The variable goes before `alertmanager.url` of amtool's file (amtool 0.25, `amtool --help`, 2026-11-23). */
export async function alertmanagerUser(user: User): Promise<ToolUser> {
  const url = user.variable('ALERTMANAGER_URL');
  if (url !== undefined) return named(user, 'alertmanager', 'ALERTMANAGER', 'ALERTMANAGER_URL', url);
  return named(user, 'alertmanager', 'ALERTMANAGER', '~/.config/amtool/config.yml', await amtoolUrl(user));
}

function named(
  user: User,
  tool: 'prometheus' | 'alertmanager',
  prefix: string,
  place: string,
  written: string | undefined,
): ToolUser {
  const secret = secretOf(user, prefix);
  if (written === undefined) return { named: place, ...secret };
  const origin = originOf(written);
  if (origin === undefined)
    return { named: place, elsewhere: true, unusable: `${place}: it must begin with http:// or https://.` };
  const { pathname } = new URL(written);
  return { named: place, origin, config: { tool, url: `${origin}${pathname.replace(/\/+$/, '')}` }, ...secret };
}

function secretOf(user: User, prefix: string): { readonly secret: Secret; readonly from: string } | undefined {
  const token = user.variable(`${prefix}_TOKEN`);
  if (token) return { secret: { kind: 'token', token }, from: `${prefix}_TOKEN` };
  const username = user.variable(`${prefix}_USERNAME`);
  const password = user.variable(`${prefix}_PASSWORD`);
  if (!username || !password) return undefined;
  return { secret: { kind: 'basic', username, password }, from: `${prefix}_PASSWORD` };
}

/** Undefined when there is no such file, or it names none; a user and password in it are not taken. */
async function amtoolUrl({ home }: User): Promise<string | undefined> {
  const file = path.join(home, '.config', 'amtool', 'config.yml');
  if (!(await stat(file))) return undefined;
  try {
    const value: unknown = parse(await readText(file, maxBytes), { maxAliasCount: 0 });
    const url = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const found: unknown = url.find(([key]) => key === 'alertmanager.url')?.[1];
    return typeof found === 'string' && found !== '' ? found : undefined;
  } catch {
    return undefined;
  }
}
