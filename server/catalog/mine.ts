// Mine: ids of other tools' runs in free text (logs, tags, notes), read against the instances we know.
import { type EntityId, entityId, parseEntityId } from './entity.ts';

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
  /** Workspaces, by what they are called in ids. */
  readonly databricks: readonly string[];
  /** Accounts, as `myorg-prod`. */
  readonly snowflake: readonly string[];
}

export const noInstances: KnownInstances = {
  mlflow: [],
  airflow: [],
  dbt: [],
  openlineage: [],
  ray: [],
  raySearches: [],
  databricks: [],
  snowflake: [],
};

const most = 50;
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

interface Rule {
  readonly pattern: RegExp;
  readonly ids: (match: RegExpMatchArray, instances: KnownInstances) => readonly EntityId[];
}

const rules: readonly Rule[] = [
  // MLflow: `runs:/<id>`, `…/runs/<id>` of its UI, `run_id=<id>`, `'run_id': '<id>'`, `MLflow run <id>`.
  {
    pattern: /(?:runs:?\/|\bmlflow[ ._-]?run(?:[ ._-]?id)?\W{1,4}|\brun[ _-]?id\W{1,5})([0-9a-f]{32})\b/gi,
    ids: ([, run = ''], { mlflow }) => mlflow.map((instance) => entityId('run', 'mlflow', instance, run.toLowerCase())),
  },
  // Databricks: the run page in its UI, `https://host/?o=1#job/2/run/3` and `https://host/jobs/2/runs/3`.
  {
    pattern:
      /https:\/\/([a-z0-9.-]+\.(?:databricks\.com|azuredatabricks\.net))\/(\S{0,80}?)job[s]?\/\d{1,20}\/runs?\/(\d{1,20})/gi,
    ids: ([, host = '', between = '', run = ''], { databricks }) =>
      workspacesAt(host, between, databricks).map((workspace) => entityId('run', 'databricks', workspace, run)),
  },
  // Databricks: what Airflow's operators log when they have started one (providers-databricks, from memory).
  {
    pattern: /\b(?:submitted|started|triggered) with run_id:? {0,2}(\d{1,20})\b/gi,
    ids: ([, run = ''], { databricks }) => databricks.map((workspace) => entityId('run', 'databricks', workspace, run)),
  },
  // Snowflake: a query's page in Snowsight, `https://app.snowflake.com/myorg/prod/#/compute/history/queries/01b2…/detail`.
  {
    pattern: new RegExp(
      `https://app\\.snowflake\\.com/([\\w-]{1,100})/([\\w-]{1,100})/#/compute/history/queries/(${uuid})`,
      'gi',
    ),
    ids: ([, organization = '', account = '', query = '']) => [
      entityId('run', 'snowflake', `${organization}-${account}`.toLowerCase(), query.toLowerCase()),
    ],
  },
  // Snowflake: ids of queries begin with the time, now 01; Airflow logs `Snowflake query id: 01b2…`, the drivers `sfqid: …`.
  {
    pattern: new RegExp(`(?:query[ _-]?ids?|sfqid|queryId)\\W{1,6}(?=01)(${uuid})\\b`, 'gi'),
    ids: ([, query = ''], { snowflake }) =>
      snowflake.map((account) => entityId('run', 'snowflake', account, query.toLowerCase())),
  },
  // OpenLineage: what Airflow's provider writes after each event.
  {
    pattern: new RegExp(`OpenLineage[^\\n]{0,60}?\\b(${uuid})\\b`, 'gi'),
    ids: ([, run = ''], { openlineage }) =>
      openlineage.map((namespace) => entityId('run', 'openlineage', namespace, run.toLowerCase())),
  },
  // dbt: the id of a whole invocation.
  {
    pattern: new RegExp(`invocation[ _-]?id\\W{1,5}(${uuid})\\b`, 'gi'),
    ids: ([, run = ''], { dbt }) => dbt.map((project) => entityId('run', 'dbt', project, run.toLowerCase())),
  },
  // dbt Cloud: the page of a run, now and as it was before 2022; Airflow's operator leaves it in XCom (`job_run_url`).
  {
    pattern: /https?:\/\/[\w.:-]{1,250}\/(?:deploy|#\/accounts)\/(\d{1,19})\/projects\/\d{1,19}\/runs\/(\d{1,19})\b/gi,
    ids: ([, account = '', run = '']) => [entityId('run', 'dbt', account, run)],
  },
  // Ray: an id that it made itself; one that its command line says it submitted; the job's page in the dashboard.
  {
    pattern:
      /\b(raysubmit_[A-Za-z0-9]{16})\b|\bJob '([\w.:-]{1,200})' submitted successfully|\/#\/jobs\/([\w.:-]{1,200})/g,
    ids: ([, made, submitted, shown], { ray }) => {
      const run = made ?? submitted ?? shown ?? '';
      // A driver's number means another one after each start of the cluster.
      return /^[0-9a-f]{8}$/.test(run) ? [] : ray.map((instance) => entityId('run', 'ray', instance, run));
    },
  },
  // Tune: `objective_3fa1c_00001`, a trial as it prints it and hands it to MLflow (2.60.0, seen 2026-11-23).
  {
    pattern: /\b[A-Za-z]\w{0,80}_([0-9a-f]{5,8}_\d{5})\b/g,
    ids: ([, trial = ''], { raySearches }) =>
      raySearches.map(([instance, search]) => entityId('run', 'ray', instance, search, trial)),
  },
];

/**
 * Ids of runs that a text names, in order of rules, without doubles, at most 50. A bare id is read once per instance
 * that could hold it; ids that no catalog knows are harmless. `run:dbt://<project>/<invocation>` is a prefix.
 */
export function mine(text: string, instances: KnownInstances): readonly EntityId[] {
  const found = new Set<EntityId>();
  for (const { pattern, ids } of rules) {
    for (const match of text.matchAll(pattern)) {
      for (const id of ids(match, instances)) {
        if (found.size >= most) return [...found];
        found.add(id);
      }
    }
  }
  return [...found];
}

/** The workspace whose id stands in the address; where none does, every one that is known, and the host for itself. */
function workspacesAt(host: string, between: string, known: readonly string[]): readonly string[] {
  const name = host.toLowerCase();
  const own = /[?&]o=(\d{1,20})\b/.exec(between)?.[1] ?? workspaceInHost(name);
  return own === undefined || own === '0' ? [...known, name] : [own];
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

const mostSearches = 20;

/** Instances of the catalog's sources; OpenLineage namespaces are those of its jobs, searches of Ray its experiments. */
export function knownInstances(
  scopes: readonly { readonly tool: string; readonly scope: string }[],
  jobs: readonly EntityId[],
  experiments: readonly EntityId[] = [],
): KnownInstances {
  const of = (tool: string): readonly string[] => [
    ...new Set(scopes.filter((source) => source.tool === tool).map(({ scope }) => scope.replace(/^[^:]*:\/\//, ''))),
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
  };
}

function searchIn(experiment: EntityId): readonly (readonly [string, string])[] {
  const { tool, instance = '', segments = [] } = parseEntityId(experiment) ?? {};
  const [search] = segments;
  return tool === 'ray' && search !== undefined ? [[instance, search]] : [];
}

function decodeSegment(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
