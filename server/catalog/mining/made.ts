// Made: the ids that a page may mean, by the rules of its tool: whose address it is, and what the address leaves unsaid.
import { type EntityId, type EntityKind, entityId, entityKinds, pathId } from '../entity.ts';
import type { Address } from './addresses.ts';
import { type KnownInstances, workspaceInHost } from './instances.ts';
import { promMetrics } from './promMetrics.ts';
import type { Fit, Page, Parts } from './shape.ts';

/** A page that fits an address. */
export interface Found extends Fit {
  readonly page: Page;
  readonly address: Address;
}

type Make = (found: Found, known: KnownInstances) => readonly EntityId[];

/** Empty when the page is of nobody who is known, or what it names has no id of its own. */
export function madeOf(tool: string, found: Found, known: KnownInstances): readonly EntityId[] {
  return makers[tool]?.(found, known) ?? [];
}

interface Said {
  readonly kind: EntityKind;
  /** Absent: that of the page. */
  readonly tool?: string;
  readonly segments: readonly string[];
}

function said({ page, parts }: Found): Said | undefined {
  const [what = '', ...names] = page.id.split(' ');
  const [written, tool] = what.split('@');
  const kind = entityKinds.find((one) => one === written);
  const segments = names.map((name) => (name.startsWith('=') ? name.slice(1) : (parts.get(name) ?? '')));
  return kind && { kind, segments, ...(tool === undefined ? {} : { tool }) };
}

/** An instance is called by its address or by a name of its own: where no address fits, each of them may be meant. */
function narrowed(base: string, instances: readonly string[]): readonly string[] {
  const own = instances.filter((instance) => instance === base);
  return own.length > 0 ? own : instances;
}

const plain =
  (tool: 'airflow' | 'mlflow' | 'ray'): Make =>
  (found, known) => {
    const what = said(found);
    return what ? narrowed(found.base, known[tool]).map((one) => entityId(what.kind, tool, one, ...what.segments)) : [];
  };

const isDatabricks = (host: string): boolean =>
  /\.(?:(?:gcp\.|dev\.)?databricks\.com|azuredatabricks\.(?:net|cn|us)|databricks\.(?:us|mil))$/.test(host);

const databricks: Make = (found, known) => {
  const { address, parts, base } = found;
  const what = said(found);
  if (!what || !(isDatabricks(address.host) || known.databricks.includes(base))) return [];
  const { kind, segments, tool = 'databricks' } = what;
  if (parts.has('catalog')) {
    const name = ['catalog', 'schema', kind === 'table' ? 'table' : 'model'].map((part) => parts.get(part)).join('.');
    return known.named?.(kind, tool, kind === 'version' ? `${name}/${parts.get('version')}` : name) ?? [];
  }
  const own = address.query.get('o') ?? address.hashQuery.get('o') ?? workspaceInHost(address.host);
  const isNamed = own !== undefined && /^\d{1,20}$/.test(own) && own !== '0';
  const workspaces = isNamed ? [own] : [...new Set([...known.databricks, address.host])];
  return workspaces.map((workspace) => entityId(kind, tool, workspace, ...segments));
};

const snowflake: Make = (found, known) => {
  const { address, parts } = found;
  const what = said(found);
  const [organisation, account] = address.path.filter((segment) => segment !== '');
  if (!what || !/(?:^|\.)snowflake(?:computing)?\.com$/.test(address.host) || !organisation || !account) return [];
  const own = `${organisation}-${account}`.toLowerCase();
  // One that has a name of its own is not called by its address.
  const accounts = known.snowflake.includes(own) ? [own] : [own, ...known.snowflake];
  const segments = what.kind === 'run' ? what.segments : what.segments.map(folded);
  const ids = accounts.map((one) => entityId(what.kind, 'snowflake', one, ...segments));
  const task = parts.get('task');
  return task === undefined ? ids : [...ids, ...(known.named?.('task', 'snowflake', task) ?? [])];
};

/** As ids write it: in lower case what needs no quotes, in quotes what does. */
function folded(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name.toLowerCase() : `"${name}"`;
}

const dbt: Make = (found, known) => {
  const what = said(found);
  const account = found.parts.get('account') ?? '';
  if (!what) return [];
  return [account, ...known.dbt.filter((one) => one !== account && !/^\d+$/.test(one))]
    .slice(0, known.dbt.includes(account) ? 1 : 10)
    .map((one) => entityId(what.kind, 'dbt', one, ...what.segments));
};

const prometheus: Make = (found, known) => {
  const instances = narrowed(found.base, known.prometheus);
  const alert = found.parts.get('alert');
  if (alert !== undefined && instances.length > 0) return known.named?.('monitor', 'prometheus', alert) ?? [];
  const names = promMetrics(found.parts.get('query') ?? '');
  return instances.flatMap((one) => names.map((name) => entityId('metric', 'prometheus', one, name)));
};

const alertmanager: Make = ({ base, parts }, known) => {
  const quoted = /\balertname\s{0,5}=\s{0,5}("(?:[^"\\]|\\.){1,500}")/.exec(parts.get('filter') ?? '')?.[1];
  const name = quoted === undefined ? undefined : unquoted(quoted);
  if (name === undefined) return [];
  return narrowed(base, known.alertmanager).map((one) => entityId('monitor', 'alertmanager', one, name));
};

function unquoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

const openlineage: Make = (found, known) => {
  const { parts } = found;
  const [namespace, dataset, run, job] = ['namespace', 'dataset', 'run', 'job'].map((name) => parts.get(name));
  if (run !== undefined) return known.openlineage.map((one) => entityId('run', 'openlineage', one, run));
  if (namespace === undefined) return [];
  if (job !== undefined) return [entityId('job', 'openlineage', namespace, job)];
  if (dataset === undefined) return [];
  if (/^(?:s3|gs|abfss?|wasbs?|dbfs|hdfs):\/\//.test(namespace)) return [pathId(`${namespace}/${dataset}`)];
  return known.named?.('table', undefined, `${namespace}/${dataset}`) ?? [];
};

/** A company may have a subdomain of its own. */
const datadogSite = /(?:^|\.)((?:(?:us3|us5|ap1|ap2|uk1)\.)?datadoghq\.com|datadoghq\.eu|(?:us2\.)?ddog-gov\.com)$/;

const datadog: Make = (found, known) => {
  const { address, base, page } = found;
  const what = said(found);
  const site = datadogSite.exec(address.host)?.[1];
  if (page.shape.startsWith('#') && !address.path.includes('monitors')) return [];
  const at = known.datadog.filter(([instance]) => instance === (site ?? base));
  // A connection may be called otherwise than by its site.
  const meant =
    at.length > 0 || site === undefined ? at : known.datadog.filter(([instance]) => !instance.includes('.'));
  return what
    ? meant.map(([one, organisation]) => entityId(what.kind, 'datadog', one, organisation, ...what.segments))
    : [];
};

const s3: Make = ({ address, parts }) =>
  /(?:^|\.)console\.(?:aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn)$/.test(address.host)
    ? [pathId(`s3://${parts.get('bucket') ?? ''}/${keyIn(parts)}`)]
    : [];

function keyIn(parts: Parts): string {
  return (parts.get('key') ?? '').replace(/^\/{1,20}/, '');
}

const makers: Readonly<Record<string, Make>> = {
  ...{ airflow: plain('airflow'), mlflow: plain('mlflow'), ray: plain('ray') },
  ...{ databricks, snowflake, dbt, prometheus, alertmanager, openlineage, datadog, s3 },
};
