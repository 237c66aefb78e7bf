// Addresses and names of connections as they are typed: what is wrong with them, and what to propose.
import { addressOf, type LiveTool, originOf } from '../../../server/protocol/connection.ts';

export const toolTitles: Readonly<Record<LiveTool, string>> = {
  mlflow: 'MLflow',
  airflow: 'Airflow',
  databricks: 'Databricks',
  datadog: 'Datadog',
  snowflake: 'Snowflake',
  dbt: 'dbt Cloud',
  ray: 'Ray',
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  marquez: 'Marquez',
  openlineage: 'OpenLineage events in S3',
  s3: 'S3',
  cloudwatch: 'CloudWatch Logs',
  ssh: 'SSH host',
};

/** As an example, where a new one listens. */
export const usualAddress: Readonly<Record<LiveTool, string>> = {
  mlflow: 'http://localhost:5000',
  airflow: 'http://localhost:8080',
  databricks: 'https://adb-1234567890123456.7.azuredatabricks.net',
  datadog: 'https://api.datadoghq.com',
  snowflake: 'https://myorg-myaccount.snowflakecomputing.com',
  dbt: 'https://ab123.us1.dbt.com',
  ray: 'http://localhost:8265',
  prometheus: 'http://localhost:9090',
  alertmanager: 'http://localhost:9093',
  marquez: 'http://localhost:5000',
  openlineage: 'https://s3.eu-west-1.amazonaws.com',
  s3: 'https://s3.eu-west-1.amazonaws.com',
  cloudwatch: 'https://logs.eu-west-1.amazonaws.com',
  ssh: 'ssh://worker-1',
};

/** Undefined: fine. */
export function urlProblem(text: string): string | undefined {
  const typed = text.trim();
  if (typed === '') return 'The address of the server, for example https://mlflow.example.com or http://localhost:5000';
  if (!/^https?:\/\//i.test(typed)) return 'It begins with http:// or https://';
  if (!URL.canParse(typed) || !originOf(typed)) return 'This is no address: check the host and the port.';
  const { username, password, search, hash } = new URL(typed);
  if (username || password)
    return 'Without user and password: they are asked for later and kept in the secret storage.';
  if (search || hash) return 'Without what begins with ? or #: only the host, the port and the prefix.';
  return undefined;
}

/** The prefix stays; slashes at the end go. Only for what `urlProblem` has nothing against. */
export function cleanUrl(text: string): string {
  const { protocol } = new URL(text.trim());
  return `${protocol}//${addressOf(text.trim())}`;
}

/** Undefined: fine. `taken` in any case of letters. */
export function nameProblem(text: string, taken: readonly string[]): string | undefined {
  const typed = text.trim();
  if (typed === '') return 'A short name, as it is to be shown';
  if (typed.length > 60) return 'At most 60 characters';
  if (taken.some((name) => name.toLowerCase() === typed.toLowerCase()))
    return `There is a connection named ${typed} already.`;
  return undefined;
}

/** `mlflow`, or with the host when that is taken, or with a number when that is too. */
export function proposedName(tool: LiveTool, url: string, taken: readonly string[]): string {
  const host = URL.canParse(url) ? new URL(url).hostname.split('.')[0] : undefined;
  const wishes = [tool, ...(host ? [`${tool}-${host}`] : [])];
  const free = wishes.find((wish) => !nameProblem(wish, taken));
  if (free) return free;
  let count = 2;
  while (nameProblem(`${tool}-${count}`, taken)) count += 1;
  return `${tool}-${count}`;
}

/** Whether whoever is between here and the server can read what is sent. */
export function isReadableOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !/^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname);
}

/** Whether the message of a failed test speaks of certificates, so that these are offered to be set. */
export function isAboutCertificates(message: string): boolean {
  return /certificate|self.?signed|\bTLS\b|\bSSL\b|issuer/i.test(message);
}
