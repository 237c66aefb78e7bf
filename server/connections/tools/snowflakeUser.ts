// Snowflake's user: SNOWFLAKE_* variables, and the connections of connections.toml and config.toml, with the keys and tokens that they name.
import { createPrivateKey } from 'node:crypto';
import path from 'node:path';
import { parse } from 'smol-toml';
import { originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { isOfWorkspace } from '../workspace.ts';
import type { ToolUser } from './toolUser.ts';

const maxBytes = 1_000_000;
const mostConnections = 50;

/** As they stand in a connection, and as `SNOWFLAKE_` variables in upper case. */
const fields = [
  ...(['account', 'user', 'password', 'role', 'warehouse', 'authenticator', 'host', 'port', 'protocol'] as const),
  ...(['token', 'token_file_path', 'private_key_file', 'private_key_path', 'private_key_raw'] as const),
  ...(['private_key_file_pwd', 'private_key_passphrase'] as const),
];
type Field = (typeof fields)[number];
type Named = Partial<Readonly<Record<Field, string>>>;

/**
 * The default connection first. Of one connection `SNOWFLAKE_CONNECTIONS_<NAME>_<KEY>` goes before its file; plain
 * SNOWFLAKE_* variables come last (docs.snowflake.com/developer-guide/snowflake-cli/connecting/configure-connections,
 * 2026-11). `workspace`: absolute folders whose files are nobody's own. Asks no server.
 */
export async function snowflakeUsers(user: User, workspace: readonly string[]): Promise<readonly ToolUser[]> {
  const found: ToolUser[] = [];
  for (const { place, named } of await connectionsOf(user, workspace)) found.push(await toolUser(place, named, user));
  const plain = ofVariables(user, 'SNOWFLAKE_');
  if (Object.keys(plain).length > 0 && (plain.account ?? plain.host) !== undefined)
    found.push(await toolUser('SNOWFLAKE_ACCOUNT', plain, user));
  return found;
}

interface Placed {
  readonly place: string;
  readonly named: Named;
}

/** `connections.toml` alone where it is there, as the connector for Python and the CLI have it. */
async function connectionsOf(user: User, workspace: readonly string[]): Promise<readonly Placed[]> {
  const folder = await homeOf(user);
  const config = await tomlIn(path.join(folder, 'config.toml'), user, workspace);
  const own = await tomlIn(path.join(folder, 'connections.toml'), user, workspace);
  const name = own ? 'connections.toml' : 'config.toml';
  const listed = own ?? entriesIn(config?.connections);
  const usual =
    user.variable('SNOWFLAKE_DEFAULT_CONNECTION_NAME') ?? textIn(config?.default_connection_name) ?? 'default';
  return Object.entries(listed)
    .slice(0, mostConnections)
    .map(([key, value]) => {
      const overlay = ofVariables(user, `SNOWFLAKE_CONNECTIONS_${key.toUpperCase()}_`);
      return { key, place: `${name} [${key}]`, named: { ...fieldsIn(value), ...overlay } };
    })
    .sort((a, b) => Number(b.key === usual) - Number(a.key === usual));
}

/** SNOWFLAKE_HOME, else `~/.snowflake` where it is there, else the folder of the operating system. */
async function homeOf(user: User): Promise<string> {
  const named = user.variable('SNOWFLAKE_HOME');
  if (named !== undefined && path.isAbsolute(named)) return named;
  const usual = path.join(user.home, '.snowflake');
  if (await stat(usual)) return usual;
  const xdg = user.variable('XDG_CONFIG_HOME');
  if (user.platform === 'darwin') return path.join(user.home, 'Library', 'Application Support', 'snowflake');
  if (user.platform === 'win32')
    return path.join(user.variable('LOCALAPPDATA') ?? path.join(user.home, 'AppData', 'Local'), 'snowflake');
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(user.home, '.config'), 'snowflake');
}

type Entries = Readonly<Record<string, unknown>>;

/** Undefined for a file that is not there, is of the workspace, or is no TOML. */
async function tomlIn(file: string, user: User, workspace: readonly string[]): Promise<Entries | undefined> {
  if (!(await stat(file)) || (await isOfWorkspace(file, user, workspace))) return undefined;
  try {
    return parse(await readText(file, maxBytes));
  } catch {
    return undefined;
  }
}

function entriesIn(value: unknown): Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}

function fieldsIn(value: unknown): Named {
  const entries = entriesIn(value);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const read = textIn(entries[field]);
      return read === undefined ? [] : [[field, read]];
    }),
  );
}

function ofVariables(user: User, prefix: string): Named {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = user.variable(`${prefix}${field.toUpperCase()}`);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

async function toolUser(place: string, named: Named, user: User): Promise<ToolUser> {
  const url = urlOf(named);
  const origin = url === undefined ? undefined : originOf(url);
  if (url === undefined || origin === undefined)
    return { named: place, elsewhere: true, unusable: `${place}: neither its account nor its host is an address.` };
  const { role, warehouse, account } = named;
  // Of an explicit host nothing says which account it is; and a host writes `-` where the account has `_`.
  const instance =
    account !== undefined && (named.host !== undefined || account.includes('_')) ? account.toLowerCase() : undefined;
  const config = {
    ...{ tool: 'snowflake' as const, url },
    ...(instance === undefined ? {} : { instance }),
    ...(role === undefined ? {} : { role }),
    ...(warehouse === undefined ? {} : { warehouse }),
  };
  return { named: place, origin, config, ...(await secretOf(place, named, user)) };
}

function urlOf({ account, host, port, protocol = 'https' }: Named): string | undefined {
  if (host === undefined && (account === undefined || !/^[\w.-]{1,200}$/.test(account))) return undefined;
  const name = host ?? `${account?.toLowerCase().replaceAll('_', '-')}.snowflakecomputing.com`;
  const url = `${protocol}://${name}${port === undefined ? '' : `:${port}`}`;
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

type Way = Pick<ToolUser, 'secret' | 'from' | 'unusable'>;

const keyless =
  'Make a programmatic access token (ALTER USER … ADD PROGRAMMATIC ACCESS TOKEN) or a key pair, and name it there, or store a token for this connection.';

async function secretOf(place: string, named: Named, user: User): Promise<Way> {
  const type = (named.authenticator ?? '').toUpperCase();
  const hasKey = (named.private_key_raw ?? named.private_key_file ?? named.private_key_path) !== undefined;
  if (type === 'SNOWFLAKE_JWT' || (type === '' && hasKey)) return keyOf(place, named, user);
  if (
    type === 'OAUTH' ||
    type === 'PROGRAMMATIC_ACCESS_TOKEN' ||
    (type === '' && (named.token ?? named.token_file_path))
  ) {
    // The connector for Python takes such a token in place of the password, too.
    const token =
      named.token ?? (await fileIn(named.token_file_path, user)) ?? (type === 'OAUTH' ? undefined : named.password);
    if (token) return { secret: { kind: 'token', token: token.trim() }, from: place };
    return { unusable: `${place} names no token that can be read. ${keyless}` };
  }
  const how = type === '' || type === 'SNOWFLAKE' ? 'a password' : type.toLowerCase();
  return { unusable: `${place} signs in by ${how}, which Snowflake's SQL API does not take. ${keyless}` };
}

async function keyOf(place: string, named: Named, user: User): Promise<Way> {
  const { user: username } = named;
  if (username === undefined) return { unusable: `${place} has a private key, but no user to sign in.` };
  const file = named.private_key_file ?? named.private_key_path;
  const text = named.private_key_raw ?? (await fileIn(file, user));
  if (text === undefined) return { unusable: `${place}: its private key ${file ?? ''} cannot be read.` };
  const passphrase =
    named.private_key_file_pwd ??
    named.private_key_passphrase ??
    user.variable('PRIVATE_KEY_PASSPHRASE') ??
    user.variable('SNOWFLAKE_PRIVATE_KEY_PASSPHRASE');
  try {
    const key = createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
    const secret: Secret = { kind: 'basic', username, password: String(key.export({ type: 'pkcs8', format: 'pem' })) };
    return { secret, from: place };
  } catch {
    return {
      unusable: `${place}: its private key cannot be used: it is no PEM file, or its passphrase is wrong or missing (SNOWFLAKE_PRIVATE_KEY_PASSPHRASE).`,
    };
  }
}

async function fileIn(file: string | undefined, { home }: User): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const whole = /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
  if (!path.isAbsolute(whole)) return undefined;
  return readText(whole, maxBytes).catch(() => undefined);
}
