// Detect: connections that the tools' own variables and user-level files name; nothing of the workspace, and no secret.
import { addressOf, type ConnectionConfig, type DetectedConnection } from '../protocol/connection.ts';
import type { User } from '../world/user.ts';
import { airflowUsers } from './tools/airflowUser.ts';
import { awsUsers } from './tools/awsUser.ts';
import { databricksUsers } from './tools/databricksUser.ts';
import { datadogUsers } from './tools/datadogUser.ts';
import { dbtUsers } from './tools/dbtUser.ts';
import { marquezUser } from './tools/marquezUser.ts';
import { mlflowUser } from './tools/mlflowUser.ts';
import { alertmanagerUser, prometheusUser } from './tools/prometheusUser.ts';
import { rayUser } from './tools/rayUser.ts';
import { snowflakeUsers } from './tools/snowflakeUser.ts';

export interface Detected {
  readonly connections: readonly DetectedConnection[];
  /** What is named but cannot be offered, and why. */
  readonly unusable: readonly string[];
}

/** Those that are known already (same tool, same address) are not offered again. `workspace`: absolute folders. */
export async function detectConnections(
  user: User,
  workspace: readonly string[],
  known: readonly ConnectionConfig[],
): Promise<Detected> {
  const told = [
    await mlflowUser(user),
    ...(await airflowUsers(user, workspace)),
    ...(await databricksUsers(user, workspace)),
    ...(await snowflakeUsers(user, workspace)),
    ...(await datadogUsers(user, workspace)),
    ...(await dbtUsers(user, workspace)),
    await rayUser(user, workspace),
    prometheusUser(user),
    await alertmanagerUser(user),
    await marquezUser(user, workspace),
    ...(await awsUsers(user, workspace, 's3')),
    ...(await awsUsers(user, workspace, 'cloudwatch')),
  ];
  const taken = new Set(known.map(({ name }) => name));
  const places = new Set(known.map(placeOf));
  const connections = told.flatMap((one): DetectedConnection[] => {
    if (!one.config || places.has(placeOf(one.config))) return [];
    places.add(placeOf(one.config));
    const name = freeName(one.config, taken);
    // Some are signed in elsewhere, with what nobody copies.
    const credential = one.config.credential ?? (one.secret ? 'environment' : 'none');
    const hasSecret = one.secret !== undefined || one.config.credential === 'environment';
    return [{ config: { name, ...one.config, credential }, from: one.named, hasSecret }];
  });
  return { connections, unusable: told.flatMap(({ unusable }) => unusable ?? []) };
}

function placeOf({ tool, url, profile = '' }: Omit<ConnectionConfig, 'name'>): string {
  return `${tool} ${addressOf(url)} ${profile}`;
}

function freeName({ tool, url, profile }: Omit<ConnectionConfig, 'name'>, taken: Set<string>): string {
  const plain = `${tool} ${profile ?? addressOf(url)}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? plain : `${plain} (${number})`;
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
  }
}
