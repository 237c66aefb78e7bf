// The jobs, runs and outputs of the fake workspace.
import type { FakeState, Json } from './state.ts';
import { commit, ended, hour } from './stateWords.ts';

const bundleFile = '/Workspace/Users/ana@example.com/.bundle/churn/prod/state/metadata.json';

export function addJobs(state: FakeState, now: number): void {
  state.jobs.push(
    {
      job_id: 11,
      creator_user_name: 'ana@example.com',
      run_as_user_name: 'ana@example.com',
      created_time: now - 900 * hour,
      settings: {
        name: 'score_churn',
        description: 'Scores all customers',
        tags: { team: 'ml' },
        format: 'MULTI_TASK',
        max_concurrent_runs: 1,
        timeout_seconds: 0,
        schedule: { quartz_cron_expression: '0 0 5 * * ?', timezone_id: 'UTC', pause_status: 'UNPAUSED' },
        git_source: { git_url: 'https://github.com/acme/ml', git_provider: 'gitHub', git_branch: 'main' },
        run_as: { user_name: 'svc@example.com' },
        deployment: { kind: 'BUNDLE', metadata_file_path: bundleFile },
        edit_mode: 'UI_LOCKED',
        tasks: [
          {
            task_key: 'prep',
            notebook_task: { notebook_path: 'notebooks/prep', source: 'GIT' },
            job_cluster_key: 'main',
          },
          {
            task_key: 'score',
            depends_on: [{ task_key: 'prep' }],
            spark_python_task: { python_file: 'jobs/score.py', source: 'GIT' },
            job_cluster_key: 'main',
          },
          { task_key: 'validate', depends_on: [{ task_key: 'score' }], run_job_task: { job_id: 12 } },
        ],
      },
    },
    {
      // More than JavaScript counts exactly.
      job_id: 12,
      creator_user_name: 'bob@example.com',
      created_time: now - 800 * hour,
      settings: {
        name: '[dev bob] validate',
        format: 'MULTI_TASK',
        trigger: { pause_status: 'PAUSED', periodic: { interval: 1, unit: 'DAYS' } },
        tasks: [{ task_key: 'check', notebook_task: { notebook_path: '/Repos/bob/check', source: 'WORKSPACE' } }],
      },
    },
  );
  state.files.set(
    bundleFile,
    JSON.stringify({
      version: 1,
      config: {
        // Name and target stand in no field: bundle/metadata/metadata.go of databricks/cli, read 2026-11-24.
        bundle: { git: { commit, branch: 'main', origin_url: 'https://github.com/acme/ml' } },
        workspace: { file_path: '/Workspace/Users/ana@example.com/.bundle/churn/prod/files' },
        resources: { jobs: { score_job: { id: '11', relative_path: 'resources/score.yml' } } },
      },
    }),
  );
  // bundle/direct/dstate/state.go of databricks/cli, read 2026-11-24.
  state.files.set(
    bundleFile.replace('metadata.json', 'resources.json'),
    JSON.stringify({
      ...{ state_version: 2, cli_version: '0.280.0', lineage: '1f0c', serial: 7 },
      state: {
        'resources.jobs.score_job': { __id__: '11', state: {} },
        'resources.jobs.score_job.permissions': { __id__: '/jobs/11', state: {} },
        'resources.model_serving_endpoints.live': { __id__: 'churn-live', state: {} },
        'resources.registered_models.churn': { __id__: 'main.ml.churn', state: {} },
      },
    }),
  );
  state.files.set('/Repos/bob/check', '# Databricks notebook source\ncheck(1)\n');
  state.files.set('/Workspace/Users/bob/jobs/score.py', 'score()\n');
  state.files.set('/Volumes/main/ml/logs/driver.txt', 'from a volume\n');
  state.runs.push(failedRun(now), goodRun(now), submitted(now), running(now));
  state.outputs.set(7702, {
    metadata: taskAsRun(state, 77, 7702),
    logs: 'reading features\nscoring\n',
    logs_truncated: false,
    error: "KeyError: 'tenure'",
    error_trace:
      'Traceback (most recent call last):\n  File "jobs/score.py", line 14, in <module>\nKeyError: \'tenure\'\n',
  });
  state.outputs.set(7601, {
    metadata: taskAsRun(state, 76, 7601),
    notebook_output: { result: '42 rows', truncated: false },
  });
  for (const [file, words] of [
    ['stdout', 'reading features\n'],
    ['stderr', "KeyError: 'tenure'\n"],
  ] as const) {
    state.files.set(`/cluster-logs/1120-081500-abcd/driver/${file}`, words);
  }
}

const logConf = { cluster_log_conf: { dbfs: { destination: 'dbfs:/cluster-logs' } } };
const gitOfRun = {
  git_url: 'https://github.com/acme/ml',
  git_provider: 'gitHub',
  git_branch: 'main',
  git_snapshot: { used_commit: commit },
};

function failedRun(now: number): Json {
  const start = now - 2 * hour;
  return {
    ...{ job_id: 11, run_id: 77, number_in_job: 77, creator_user_name: 'ana@example.com', run_name: 'score_churn' },
    ...{ run_type: 'JOB_RUN', trigger: 'PERIODIC', start_time: start, end_time: start + hour, run_duration: hour },
    ...ended('RUN_EXECUTION_ERROR', 'CLIENT_ERROR', 'Task score failed with message: KeyError'),
    git_source: gitOfRun,
    job_parameters: [{ name: 'day', default: '2026-11-22', value: '2026-11-23' }],
    job_clusters: [{ job_cluster_key: 'main', new_cluster: { spark_version: '16.4.x-scala2.12', ...logConf } }],
    run_page_url: `https://example.cloud.databricks.com/?o=4167890123456789#job/11/run/77`,
    tasks: [
      {
        ...{ run_id: 7701, task_key: 'prep', attempt_number: 0, start_time: start, end_time: start + 600_000 },
        ...{ notebook_task: { notebook_path: 'notebooks/prep', source: 'GIT' }, job_cluster_key: 'main' },
        ...{ cluster_instance: { cluster_id: '1120-081500-abcd', spark_context_id: '1' }, git_source: gitOfRun },
        ...ended('SUCCESS', 'SUCCESS'),
      },
      {
        ...{ run_id: 7702, task_key: 'score', attempt_number: 1, start_time: start + 600_000, end_time: start + hour },
        ...{ spark_python_task: { python_file: 'jobs/score.py', source: 'GIT' }, depends_on: [{ task_key: 'prep' }] },
        ...{ job_cluster_key: 'main', cluster_instance: { cluster_id: '1120-081500-abcd', spark_context_id: '1' } },
        ...ended('RUN_EXECUTION_ERROR', 'CLIENT_ERROR', "KeyError: 'tenure'"),
        git_source: gitOfRun,
      },
      {
        ...{ run_id: 7703, task_key: 'validate', attempt_number: 0, start_time: 0, end_time: start + hour },
        ...{ depends_on: [{ task_key: 'score' }], run_job_task: { job_id: 12 } },
        status: {
          state: 'TERMINATED',
          termination_details: { code: 'UPSTREAM_FAILED', type: 'CLIENT_ERROR', message: '' },
        },
        state: { life_cycle_state: 'TERMINATED', result_state: 'UPSTREAM_FAILED', state_message: '' },
      },
    ],
  };
}

function goodRun(now: number): Json {
  const start = now - 26 * hour;
  return {
    ...{
      job_id: 12,
      run_id: 76,
      number_in_job: 76,
      creator_user_name: 'bob@example.com',
      run_name: '[dev bob] validate',
    },
    ...{
      run_type: 'JOB_RUN',
      trigger: 'RUN_JOB_TASK',
      trigger_info: { run_id: 7503 },
      start_time: start,
      end_time: start + 60_000,
    },
    ...ended('SUCCESS', 'SUCCESS'),
    tasks: [
      {
        ...{ run_id: 7601, task_key: 'check', attempt_number: 0, start_time: start, end_time: start + 60_000 },
        ...{ notebook_task: { notebook_path: '/Repos/bob/check', source: 'WORKSPACE' } },
        ...{
          new_cluster: {
            spark_version: '16.4.x',
            cluster_log_conf: { s3: { destination: 's3://acme-logs/clusters', region: 'eu-west-1' } },
          },
        },
        ...{ cluster_instance: { cluster_id: '1121-070000-efgh' }, ...ended('SUCCESS', 'SUCCESS') },
      },
    ],
  };
}

/** What Airflow's DatabricksSubmitRunOperator leaves behind. */
function submitted(now: number): Json {
  const start = now - 3 * hour;
  return {
    ...{ job_id: 905, run_id: 9051, number_in_job: 9051, creator_user_name: 'airflow@example.com', run_name: 'score' },
    ...{ run_type: 'SUBMIT_RUN', trigger: 'ONE_TIME', start_time: start, end_time: start + 120_000 },
    ...ended('SUCCESS', 'SUCCESS'),
    tasks: [
      {
        ...{ run_id: 9052, task_key: 'score', attempt_number: 0, start_time: start, end_time: start + 120_000 },
        ...{ spark_python_task: { python_file: 'dbfs:/jobs/score.py' }, ...ended('SUCCESS', 'SUCCESS') },
      },
    ],
  };
}

function running(now: number): Json {
  const start = now - 600_000;
  const going = { status: { state: 'RUNNING' }, state: { life_cycle_state: 'RUNNING', state_message: 'In run' } };
  return {
    ...{
      job_id: 12,
      run_id: 78,
      number_in_job: 78,
      creator_user_name: 'bob@example.com',
      run_name: '[dev bob] validate',
    },
    ...{ run_type: 'JOB_RUN', trigger: 'PERIODIC', start_time: start, end_time: 0, ...going },
    tasks: [
      {
        run_id: 7801,
        task_key: 'check',
        attempt_number: 0,
        start_time: start,
        end_time: 0,
        ...going,
        notebook_task: { notebook_path: '/Repos/bob/check' },
      },
    ],
  };
}

/** `metadata` of an output: the run of the one task. */
function taskAsRun(state: FakeState, run: number, task: number): Json {
  const parent = state.runs.find((one) => one.run_id === run) ?? {};
  const tasks = (parent.tasks ?? []) as Json[];
  return {
    ...parent,
    tasks: tasks.filter((one) => one.run_id === task),
    ...tasks.find((one) => one.run_id === task),
    job_run_id: run,
  };
}
