// MLflow's user: what MLflow's own environment variables and ~/.mlflow/credentials say, as its Python client reads them.
import path from 'node:path';
import { type ConnectionConfig, originOf, type Secret } from '../../protocol/connection.ts';
import { readText, stat } from '../../world/files.ts';
import type { User } from '../../world/user.ts';
import { otherStore } from '../address.ts';
import { parseIni } from './ini.ts';
import type { ToolUser } from './toolUser.ts';

/** mlflow/utils/credentials.py and rest_utils.py of 3.17: variables before the file, user and password before the token. */
export async function mlflowUser(user: User): Promise<ToolUser> {
  const uri = user.variable('MLFLOW_TRACKING_URI');
  const found = await credentials(user, uri);
  const secret = found && { secret: found.secret, from: found.from };
  if (uri === undefined) return { named: 'MLFLOW_TRACKING_URI', ...secret };
  const origin = originOf(uri);
  if (origin === undefined) {
    const why = otherStore(uri) ?? 'it is no http or https address';
    return { named: 'MLFLOW_TRACKING_URI', elsewhere: true, unusable: `MLFLOW_TRACKING_URI: ${why}.` };
  }
  return { named: 'MLFLOW_TRACKING_URI', origin, config: configOf(user, uri), ...secret };
}

function configOf(user: User, uri: string): Omit<ConnectionConfig, 'name'> {
  const { origin, pathname } = new URL(uri);
  const workspace = user.variable('MLFLOW_WORKSPACE');
  const caFile = absolute(user.variable('MLFLOW_TRACKING_SERVER_CERT_PATH'));
  const certificate = absolute(user.variable('MLFLOW_TRACKING_CLIENT_CERT_PATH'));
  const insecure = /^(true|1)$/i.test(user.variable('MLFLOW_TRACKING_INSECURE_TLS') ?? '');
  return {
    tool: 'mlflow',
    url: `${origin}${pathname.replace(/\/+$/, '')}`,
    ...(workspace ? { workspace } : {}),
    ...(insecure ? { allowSelfSigned: true } : {}),
    ...(caFile ? { caFile } : {}),
    // One file with certificate and key, as Python's requests takes it.
    ...(certificate ? { certificateFile: certificate, keyFile: certificate } : {}),
  };
}

async function credentials(
  user: User,
  uri: string | undefined,
): Promise<{ readonly secret: Secret; readonly from: string } | undefined> {
  const file = await credentialsFile(user);
  const ofFile = file?.ini.get('mlflow');
  const username = user.variable('MLFLOW_TRACKING_USERNAME') ?? ofFile?.get('mlflow_tracking_username');
  const password = user.variable('MLFLOW_TRACKING_PASSWORD') ?? ofFile?.get('mlflow_tracking_password');
  if (username && password) {
    const from = user.variable('MLFLOW_TRACKING_PASSWORD') ? 'MLFLOW_TRACKING_PASSWORD' : '~/.mlflow/credentials';
    return { secret: { kind: 'basic', username, password }, from };
  }
  const token = user.variable('MLFLOW_TRACKING_TOKEN');
  if (token) return { secret: { kind: 'token', token }, from: 'MLFLOW_TRACKING_TOKEN' };
  const inAddress = uri !== undefined && originOf(uri) !== undefined ? new URL(uri) : undefined;
  if (!inAddress?.username || !inAddress.password) return undefined;
  const basic = { username: decode(inAddress.username), password: decode(inAddress.password) };
  return { secret: { kind: 'basic', ...basic }, from: 'MLFLOW_TRACKING_URI' };
}

async function credentialsFile({ home }: User) {
  const file = path.join(home, '.mlflow', 'credentials');
  return (await stat(file)) ? { ini: parseIni(await readText(file, 100_000)) } : undefined;
}

function absolute(file: string | undefined): string | undefined {
  return file !== undefined && path.isAbsolute(file) ? file : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
