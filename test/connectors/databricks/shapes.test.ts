// Any answer is read without a crash; statuses, schedules and lineage mean what Databricks means by them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { noInstances } from '../../../server/catalog/mine.ts';
import { quartzPeriod } from '../../../server/connectors/databricks/jobs/entities.ts';
import { runsOf, statusOf } from '../../../server/connectors/databricks/jobs/runs.ts';
import { readJob, readRun } from '../../../server/connectors/databricks/jobs/shapes.ts';
import { readStatement } from '../../../server/connectors/databricks/jobs/statements.ts';
import { readEndpoint } from '../../../server/connectors/databricks/serving.ts';
import { columnSources, tableLineage } from '../../../server/connectors/databricks/unity/lineage.ts';
import { readModel, readSummary, readTable, readVersion } from '../../../server/connectors/databricks/unity/shapes.ts';
import { edgesOf, pathsOf, tableOf } from '../../../server/connectors/databricks/unity/tables.ts';
import { trackedRun } from '../../../server/connectors/databricks/unity/tracked.ts';

const place = { workspace: '1', metastore: 'm', url: 'https://dbc-1.cloud.databricks.com', source: 'live' };

/** Names that Databricks uses, with anything behind them. */
const fields =
  `job_id run_id settings name tags tasks task_key status state termination_details code type git_source git_snapshot
  used_commit full_name catalog_name schema_name columns view_dependencies dependencies table table_full_name storage_location
  table_type upstreams downstreams tableInfo fileInfo jobInfos path version aliases alias_name version_num query_id query_source
  job_info job_task_run_id config served_entities entity_name run info data metrics key value new_cluster cluster_log_conf dbfs
  destination job_clusters job_cluster_key schedule quartz_cron_expression trigger periodic interval unit`.split(/\s+/);
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.constant('a.b.c'),
  fc.constant('s3://b/%/k'),
);
const { node: anything } = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 6 },
    leaf,
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...fields), tie('node'), { maxKeys: 8 }),
  ),
}));

test('whatever is answered is read or left out, and never breaks', () => {
  const context = {
    place,
    instances: noInstances,
    ...{ submitters: () => [], stores: [], data: () => ({ inputs: [], outputs: [] }) },
  };
  const check = (value: unknown): void => {
    for (const read of [readJob, readModel, readSummary, readVersion, readEndpoint, readStatement]) read(value);
    const run = readRun(value);
    if (run) runsOf([run], context);
    const table = readTable(value);
    if (table) {
      tableOf(table, place);
      pathsOf(edgesOf(table, place));
    }
    tableLineage(value, ['a', 'b', 'c'], place);
    columnSources(value);
    trackedRun(value, 'version:mlflow://m/a.b.c/1', place);
  };
  fc.assert(fc.property(anything, check), { numRuns: 1_000 });
  fc.assert(fc.property(fc.jsonValue(), check), { numRuns: 300 });
});

test('how a run ended, by the new status and by the old state', () => {
  const told = (status: object, state: object = {}) => {
    const run = readRun({ run_id: 1, status, state });
    return run && statusOf(run.outcome);
  };
  const ended = (code: string, type = 'CLIENT_ERROR') => ({ state: 'TERMINATED', termination_details: { code, type } });
  assert.equal(told(ended('SUCCESS', 'SUCCESS')), 'success');
  assert.equal(told(ended('SUCCESS_WITH_FAILURES', 'SUCCESS')), 'success');
  for (const code of ['RUN_EXECUTION_ERROR', 'CLUSTER_ERROR', 'USER_CANCELED', 'REPOSITORY_CHECKOUT_FAILED'])
    assert.equal(told(ended(code)), 'failed', code);
  for (const code of ['UPSTREAM_FAILED', 'EXCLUDED', 'MAX_CONCURRENT_RUNS_EXCEEDED', 'SKIPPED'])
    assert.equal(told(ended(code)), 'skipped', code);
  for (const state of ['PENDING', 'QUEUED', 'BLOCKED', 'WAITING']) assert.equal(told({ state }), 'queued', state);
  assert.equal(told({ state: 'TERMINATING' }), 'running');
  const old = (life_cycle_state: string, result_state?: string) => told({}, { life_cycle_state, result_state });
  assert.deepEqual(
    [old('TERMINATED', 'SUCCESS'), old('TERMINATED', 'TIMEDOUT'), old('INTERNAL_ERROR', 'FAILED')],
    ['success', 'failed', 'failed'],
  );
  assert.deepEqual([old('SKIPPED'), old('RUNNING'), told({})], ['skipped', 'running', 'unknown']);
});

test('how often a job should run, off its Quartz schedule', () => {
  const [hour, day] = [3_600_000, 86_400_000];
  assert.equal(quartzPeriod('0 0 5 * * ?'), day);
  assert.equal(quartzPeriod('0 0/15 * * * ?'), hour / 4);
  assert.equal(quartzPeriod('0 0 6 ? * MON'), 7 * day);
  assert.equal(quartzPeriod('0 0 6 ? * 2-6'), 3 * day, 'from Friday to Monday');
  for (const none of ['', 'daily', '0 0 5 * * ? 2026', '0 0 5 L * ? x', '* * *'])
    assert.equal(quartzPeriod(none), undefined);
});

test('lineage leaves out what may not be seen, and jobs of other workspaces', () => {
  const { edges, entities } = tableLineage(
    {
      upstreams: [
        { tableInfo: { has_permission: false }, jobInfos: [{ workspace_id: 2, job_id: 7 }] },
        { fileInfo: [{ path: 's3://b/k', has_permission: true }, { has_permission: false }] },
      ],
      downstreams: [{ modelVersionInfos: [{ catalog_name: 'c', schema_name: 's', name: 'm', version: 3 }] }],
    },
    ['c', 's', 't'],
    place,
  );
  assert.deepEqual(
    edges.map(({ from, to, relation }) => [from, relation, to]),
    [
      ['path:s3://b/k', 'reads', 'table:databricks://m/c/s/t'],
      ['table:databricks://m/c/s/t', 'reads', 'version:mlflow://m/c.s.m/3'],
    ],
  );
  assert.deepEqual(
    entities.map(({ id }) => id),
    ['path:s3://b/k'],
  );
});
