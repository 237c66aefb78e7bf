// What the fake dbt Cloud account holds: two projects, jobs that succeed, fail, run and try changes, and what dbt left in them.
export type Json = Readonly<Record<string, unknown>>;

export interface FakeStep {
  readonly index: number;
  readonly name: string;
  status: number;
  logs: string;
  debug: string;
  /** By file name. */
  readonly artifacts: Readonly<Record<string, unknown>>;
}

export interface FakeRun {
  readonly id: number;
  readonly job: number;
  status: number;
  /** Epoch ms. */
  readonly createdAt: number;
  finishedAt?: number;
  message?: string;
  readonly steps: FakeStep[];
  readonly commit: string;
  readonly cause: string;
}

export interface FakeState {
  readonly account: number;
  readonly projects: Json[];
  readonly environments: Json[];
  readonly jobs: Json[];
  readonly runs: FakeRun[];
}

export const account = 4242;
export const commit = '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f';
const minute = 60_000;

/** As dbt Cloud writes times: `2026-11-20 16:48:41.431000+00:00`. */
export function cloudTime(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '000+00:00');
}

export function manifest(project: string, tables: readonly string[]): Json {
  const nodes: [string, Json][] = tables.map((name) => [
    `model.${project}.${name}`,
    {
      ...{ resource_type: 'model', name, package_name: project, database: 'prod', schema: 'marts', alias: name },
      ...{ original_file_path: `models/${name}.sql`, config: { materialized: 'table' }, group: 'sales' },
    },
  ]);
  nodes.push([
    `test.${project}.unique_orders_id.1`,
    {
      ...{ resource_type: 'test', name: 'unique_orders_id', package_name: project, config: { severity: 'ERROR' } },
      ...{ attached_node: `model.${project}.orders`, depends_on: { nodes: [`model.${project}.orders`] } },
    },
  ]);
  return {
    metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json', project_name: project },
    nodes: Object.fromEntries(nodes),
    groups: { [`group.${project}.sales`]: { name: 'sales', owner: { name: 'sales-data' } } },
  };
}

export function runResults(invocation: string, which: string, at: number, results: readonly Json[]): Json {
  const iso = new Date(at).toISOString();
  return {
    metadata: { invocation_id: invocation, generated_at: iso, dbt_version: '2026.11.1', env: {} },
    args: { which, target: 'default' },
    results: results.map((result) => ({
      ...{ timing: [{ name: 'execute', started_at: iso, completed_at: iso }], status: 'success' },
      ...result,
    })),
  };
}

const prepare = (): FakeStep[] =>
  ['Clone git repository', 'Create profile from connection Snowflake', 'Invoke dbt with `dbt deps`'].map(
    (name, index) => ({ index: index + 1, name, status: 10, logs: `${name}\ndone\n`, debug: '', artifacts: {} }),
  );

/** A run of `dbt build` that has ended; its test failed where `isFailed`. */
export function buildRun(id: number, job: number, at: number, isFailed: boolean): FakeRun {
  const project = 'shop';
  const results = runResults(`c6db4b67-95fd-4704-82bc-${String(id).padStart(12, '0')}`, 'build', at, [
    {
      unique_id: `model.${project}.orders`,
      ...{ adapter_response: { query_id: `01b2c3d4-0000-0000-0000-${id}`, rows_affected: 42 } },
      compiled_code: 'select 1 as id',
    },
    isFailed
      ? { unique_id: `test.${project}.unique_orders_id.1`, status: 'fail', failures: 3, message: 'Got 3 results' }
      : { unique_id: `test.${project}.unique_orders_id.1`, status: 'pass', failures: 0 },
  ]);
  const files = { 'manifest.json': manifest(project, ['orders', 'customers']), 'run_results.json': results };
  const build: FakeStep = {
    ...{ index: 4, name: 'Invoke dbt with `dbt build`', status: isFailed ? 20 : 10, artifacts: files },
    logs: isFailed
      ? '02:00:01  Running with dbt=2026.11.1\n\u001b[31mFailure in test unique_orders_id\u001b[0m\n  Got 3 results, configured to fail if != 0\n'
      : '02:00:01  Running with dbt=2026.11.1\nCompleted successfully\n',
    debug: `02:00:01 On test.${project}.unique_orders_id.1: /* {"app": "dbt"} */ select count(*) from prod.marts.orders\n`,
  };
  return {
    ...{ id, job, status: isFailed ? 20 : 10, createdAt: at, finishedAt: at + 2 * minute, commit, cause: 'scheduled' },
    ...(isFailed ? { message: 'Errored on dbt build' } : {}),
    steps: [...prepare(), build],
  };
}

/** `now`: epoch ms. `jobs`: of how many jobs the account consists beside the usual ones. */
export function fakeState(now: number, more: { readonly jobs?: number } = {}): FakeState {
  const job = (id: number, name: string, rest: Json): Json => ({
    ...{ id, account_id: account, project_id: 10, environment_id: 100, name, state: 1, job_type: 'scheduled' },
    ...{ created_at: cloudTime(now - 90 * 24 * 60 * minute), updated_at: cloudTime(now - 24 * 60 * minute) },
    ...{ execute_steps: ['dbt build'], triggers: { schedule: true }, schedule: { cron: '0 2 * * *' }, ...rest },
  });
  const waiting: FakeRun = {
    ...{ id: 905, job: 12, status: 3, createdAt: now - minute, commit, cause: 'Kicked off by ana' },
    steps: prepare(),
  };
  return {
    account,
    projects: [
      { id: 10, account_id: account, name: 'Shop', state: 1 },
      { id: 11, account_id: account, name: 'Billing', state: 1 },
    ],
    environments: [
      { id: 100, account_id: account, project_id: 10, name: 'Production', type: 'deployment' },
      { id: 101, account_id: account, project_id: 11, name: 'Staging', type: 'deployment' },
    ],
    jobs: [
      job(11, 'nightly', { description: 'Builds the marts.' }),
      job(12, 'hourly', { triggers: { schedule: false }, execute_steps: ['dbt run', 'dbt test --select tag:fast'] }),
      job(13, 'try a change', { job_type: 'ci', triggers: { schedule: false }, schedule: null }),
      ...Array.from({ length: more.jobs ?? 0 }, (_, index) =>
        job(1000 + index, `job ${index}`, { project_id: 11, environment_id: 101 }),
      ),
    ],
    runs: [
      buildRun(901, 11, now - 48 * 60 * minute, false),
      buildRun(902, 13, now - 40 * 60 * minute, true),
      buildRun(903, 12, now - 30 * 60 * minute, false),
      buildRun(904, 11, now - 24 * 60 * minute, true),
      waiting,
    ],
  };
}
