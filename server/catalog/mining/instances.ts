// Instances: which servers, accounts and organisations a text could mean, out of what the catalog knows.
import type { Catalog } from '../catalog.ts';
import { type EntityId, type EntityKind, parseEntityId } from '../entity.ts';

/** Instances of each tool that a bare id could belong to. */
export interface KnownInstances {
  readonly mlflow: readonly string[];
  readonly airflow: readonly string[];
  readonly dbt: readonly string[];
  /** Job namespaces of OpenLineage. */
  readonly openlineage: readonly string[];
  readonly ray: readonly string[];
  /** Searches of Tune: their instance, and their name there. */
  readonly raySearches: readonly (readonly [instance: string, search: string])[];
  /** Workspaces, by what they are called in ids, and the addresses of those that have one of their own. */
  readonly databricks: readonly string[];
  /** Accounts, as `myorg-prod`. */
  readonly snowflake: readonly string[];
  readonly prometheus: readonly string[];
  readonly alertmanager: readonly string[];
  /** Their instance (mostly the site), and the key of the organisation. */
  readonly datadog: readonly (readonly [instance: string, organisation: string])[];
  /** Addresses of stores that are none of AWS's. */
  readonly s3: readonly string[];
  /** Names of hosts, as ids have them. */
  readonly hosts: readonly string[];
  /** Of what an address names without saying all of its id; what is gone and names of many are not among them. */
  readonly named?: (kind: EntityKind, tool: string | undefined, name: string) => readonly EntityId[];
}

export const noInstances: KnownInstances = {
  ...{ mlflow: [], airflow: [], dbt: [], openlineage: [], ray: [], raySearches: [], databricks: [], snowflake: [] },
  ...{ prometheus: [], alertmanager: [], datadog: [], s3: [], hosts: [] },
};

const mostSearches = 20;
const mostOrganisations = 20;
const mostHosts = 500;
const mostOfAName = 3;

/**
 * Instances of the catalog's sources; OpenLineage namespaces are those of its jobs, searches of Ray its experiments,
 * organisations of Datadog those of its monitors and metrics.
 */
export function knownInstances(
  scopes: readonly { readonly tool: string; readonly scope: string }[],
  jobs: readonly EntityId[],
  experiments: readonly EntityId[] = [],
  others: readonly EntityId[] = [],
): KnownInstances {
  const of = (tool: string): readonly string[] => [
    ...new Set(
      scopes
        .filter((source) => source.tool === tool)
        .map(({ scope }) => decodeSegment(scope.replace(/^[^:]*:\/\//, ''))),
    ),
  ];
  const namespaces = jobs.flatMap((id) => {
    const match = /^job:openlineage:\/\/([^/]*)\//.exec(id);
    return match ? [decodeSegment(match[1] ?? '')] : [];
  });
  const accounts = jobs.flatMap((id) => /^job:snowflake:\/\/([^/]+)\//.exec(id)?.[1] ?? []);
  // Of dbt Cloud; the jobs of a project are its exposures, which have names.
  const cloudAccounts = jobs.flatMap((id) => /^job:dbt:\/\/(\d{1,19})\/\d{1,19}$/.exec(id)?.[1] ?? []);
  // A connection is called by its address; its jobs, by what the workspace calls itself. `%2Fsubmit` is no workspace.
  const workspaces = jobs.flatMap((id) => /^job:databricks:\/\/([^/%]+)\//.exec(id)?.[1] ?? []);
  return {
    mlflow: of('mlflow'),
    airflow: of('airflow'),
    dbt: [...new Set([...of('dbt'), ...cloudAccounts])],
    openlineage: [...new Set(namespaces)],
    ray: of('ray'),
    raySearches: experiments.flatMap(searchIn).slice(0, mostSearches),
    snowflake: [...new Set([...of('snowflake').map((host) => accountInHost(host) ?? host), ...accounts])],
    databricks: [...new Set([...of('databricks').map((host) => workspaceInHost(host) ?? host), ...workspaces])],
    ...{ prometheus: of('prometheus'), alertmanager: of('alertmanager'), s3: of('s3') },
    datadog: organisations(others),
    hosts: [...new Set(others.flatMap(hostIn))].slice(0, mostHosts),
  };
}

const remembered = new WeakMap<Catalog, { readonly revision: number; readonly known: KnownInstances }>();

/** All that a catalog knows, looked up once for each of its states. */
export function instancesIn(catalog: Catalog | undefined): KnownInstances {
  if (!catalog) return noInstances;
  const before = remembered.get(catalog);
  if (before?.revision === catalog.revision) return before.known;
  const ids = (kind: EntityKind, limit: number) => catalog.list(kind, limit).map(({ id }) => id);
  const others = [...ids('monitor', 200), ...ids('metric', 200), ...ids('host', mostHosts)];
  const known: KnownInstances = {
    ...knownInstances(catalog.sources(), ids('job', 1000), ids('experiment', 1000), others),
    named: (kind, tool, name) => {
      const found = catalog.find(kind, name, tool).filter(({ goneAt }) => goneAt === undefined);
      return found.length > mostOfAName ? [] : found.map(({ id }) => id);
    },
  };
  remembered.set(catalog, { revision: catalog.revision, known });
  return known;
}

function organisations(ids: readonly EntityId[]): readonly (readonly [string, string])[] {
  const found = new Map<string, readonly [string, string]>();
  for (const id of ids) {
    const { tool, instance = '', segments = [] } = parseEntityId(id) ?? {};
    const [organisation] = segments;
    if (tool === 'datadog' && organisation !== undefined)
      found.set(`${instance} ${organisation}`, [instance, organisation]);
  }
  return [...found.values()].slice(0, mostOrganisations);
}

function hostIn(id: EntityId): readonly string[] {
  const { kind, instance } = parseEntityId(id) ?? {};
  return kind === 'host' && instance !== undefined && instance !== '' ? [instance] : [];
}

function searchIn(experiment: EntityId): readonly (readonly [string, string])[] {
  const { tool, instance = '', segments = [] } = parseEntityId(experiment) ?? {};
  const [search] = segments;
  return tool === 'ray' && search !== undefined ? [[instance, search]] : [];
}

function decodeSegment(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The id that stands in a host name: `adb-416.7.azuredatabricks.net`, `416.3.gcp.databricks.com`; AWS names none. */
export function workspaceInHost(host: string): string | undefined {
  return /^(?:adb-)?(\d{5,20})\.\d{1,3}\.(?:azuredatabricks\.net|gcp\.databricks\.com)$/i.exec(host)?.[1];
}

/** `myorg-prod` of `myorg-prod.snowflakecomputing.com`, also of a private link; undefined for other hosts. */
export function accountInHost(host: string): string | undefined {
  const found = /^([a-z0-9_.-]{1,200}?)(?:\.privatelink)?\.snowflakecomputing\.(?:com|cn)$/i.exec(host)?.[1];
  return found?.toLowerCase();
}
