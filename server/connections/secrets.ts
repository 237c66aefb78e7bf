// Secrets: of connections whose credential is "environment": from the tool's own variables and files, for the origin that these name, never written anywhere.
import { type ConnectionConfig, isOfAws, originOf, type Secret } from '../protocol/connection.ts';
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
import type { ToolUser } from './tools/toolUser.ts';

export type EnvironmentSecret =
  | { readonly secret: Secret; readonly from: string }
  /** Why there is none, and what to do. */
  | { readonly reason: string };

/**
 * Variables that name an address are for that origin (scheme, host and port) alone; those that name none are for the
 * connection, since only the user's own files name connections. `workspace`: absolute folders, nothing of which is read.
 */
export async function environmentSecret(
  { tool, name, url, instance }: ConnectionConfig,
  user: User,
  workspace: readonly string[],
): Promise<EnvironmentSecret> {
  const told = await toldOf(tool, user, workspace);
  const origin = originOf(url);
  const fitting = told.filter((one) => one.secret && !one.elsewhere && (one.origin ?? origin) === origin);
  // Several accounts may be behind one address.
  const mine = fitting.find((one) => instance !== undefined && one.config?.instance === instance) ?? fitting[0];
  if (mine?.secret) return { secret: mine.secret, from: mine.from ?? mine.named };
  const unusable = told.find((one) => one.origin === origin && one.unusable)?.unusable;
  if (unusable !== undefined) return { reason: `"${name}": ${unusable}` };
  const other = told.find((one) => one.secret || one.elsewhere);
  if (other) {
    const whose = other.origin ? `are for ${other.origin}` : 'are for something that is no server';
    return {
      reason: `"${name}" is at ${origin}, but the variables beside ${other.named} ${whose}, so nothing of them is sent. Write the same address in both, or store a secret for this connection.`,
    };
  }
  return { reason: `"${name}": ${nothing[tool]}` };
}

function toldOf(
  tool: ConnectionConfig['tool'],
  user: User,
  workspace: readonly string[],
): Promise<readonly ToolUser[]> {
  switch (tool) {
    case 'mlflow':
      return mlflowUser(user).then((one) => [one]);
    case 'airflow':
      return airflowUsers(user, workspace);
    case 'databricks':
      return databricksUsers(user, workspace);
    case 'snowflake':
      return snowflakeUsers(user, workspace);
    case 'datadog':
      return datadogUsers(user, workspace);
    case 'dbt':
      return dbtUsers(user, workspace);
    case 'prometheus':
      return Promise.resolve([prometheusUser(user)]);
    case 'alertmanager':
      return alertmanagerUser(user).then((one) => [one]);
    case 'marquez':
      return marquezUser(user, workspace).then((one) => [one]);
    case 'openlineage':
      return awsUsers(user, workspace, 's3');
    case 's3':
    case 'cloudwatch':
      return awsUsers(user, workspace, tool);
    case 'ray':
      return rayUser(user, workspace).then((one) => [one]);
    // Keys and agents are a matter of ssh itself.
    case 'ssh':
      return Promise.resolve([]);
  }
}

const noKey =
  'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set. Set them, store a key for this connection, or leave "credential" out: then profiles, SSO and roles of ~/.aws are used.';

const nothing: Readonly<Record<ConnectionConfig['tool'], string>> = {
  mlflow:
    'neither MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, nor MLFLOW_TRACKING_TOKEN, nor ~/.mlflow/credentials gives a secret. Set one of them and start the editor again, or store a secret for this connection.',
  airflow:
    'neither AIRFLOW_API_TOKEN, nor AIRFLOW_API_USERNAME and AIRFLOW_API_PASSWORD, nor an Airflow in AIRFLOW_HOME at this address gives a secret. Set one of them and start the editor again, or store a secret for this connection.',
  databricks:
    'neither DATABRICKS_TOKEN, nor DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, nor a profile of ~/.databrickscfg gives a secret. Set one of them and start the editor again, or store a token for this connection.',
  snowflake:
    'neither SNOWFLAKE_TOKEN, nor SNOWFLAKE_USER with SNOWFLAKE_PRIVATE_KEY_FILE, nor a connection of ~/.snowflake/connections.toml or config.toml gives a key or a token. Set one of them and start the editor again, or store a token for this connection.',
  datadog:
    'neither DD_API_KEY and DD_APP_KEY (or DATADOG_API_KEY and DATADOG_APP_KEY) nor ~/.dogrc gives both keys. Set them and start the editor again, or store both keys for this connection.',
  dbt: 'neither DBT_CLOUD_API_TOKEN, DBT_CLOUD_SERVICE_TOKEN nor DBT_CLOUD_API_KEY, nor ~/.dbt/dbt_cloud.yml gives a token. Set one of them and start the editor again, or store a token for this connection.',
  s3: noKey,
  openlineage: noKey,
  cloudwatch: noKey,
  ssh: 'a host is asked by your own ssh, with its keys and agent; leave "credential" out.',
  prometheus:
    'neither PROMETHEUS_TOKEN, nor PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD gives a secret. Set one of them and start the editor again, or store a secret for this connection.',
  alertmanager:
    'neither ALERTMANAGER_TOKEN, nor ALERTMANAGER_USERNAME and ALERTMANAGER_PASSWORD gives a secret. Set one of them and start the editor again, or store a secret for this connection.',
  marquez:
    'neither MARQUEZ_API_KEY, nor OPENLINEAGE_API_KEY beside OPENLINEAGE_URL, nor ~/.openlineage/openlineage.yml gives a key. Set one of them and start the editor again, or store a token for this connection.',
  ray: 'neither RAY_AUTH_TOKEN, nor the file that RAY_AUTH_TOKEN_PATH names, nor ~/.ray/auth_token gives a token. Make one (ray get-auth-token --generate, the same as on the head) and start the editor again, or store a token for this connection.',
};

export interface SecretPlaces {
  readonly user: User;
  /** Absolute workspace folders. */
  readonly workspace: readonly string[];
  /** The editor's secret storage; absent on the command line, where the tool's own variables stand in for it. */
  stored?(name: string, origin: string): Promise<Secret | undefined>;
}

/** What a connection is asked with. Neither: it is asked without, or none is stored yet. */
export async function secretOf(
  config: ConnectionConfig,
  { user, workspace, stored }: SecretPlaces,
): Promise<{ readonly secret?: Secret; readonly from?: string; readonly reason?: string }> {
  const { name, url, credential = 'stored' } = config;
  const origin = originOf(url);
  if (credential === 'none' || origin === undefined) return {};
  // AWS's own client finds them by itself, each time.
  if (isOfAws(config.tool) && config.credential !== 'stored') return { from: 'the AWS environment' };
  if (credential === 'environment' || !stored) return environmentSecret(config, user, workspace);
  const secret = await stored(name, origin);
  return secret ? { secret, from: 'stored' } : {};
}
