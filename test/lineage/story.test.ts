// The story over live tools, without code and without declared joins: from the monitor in Datadog to the trial of Ray.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Catalog } from '../../server/catalog/catalog.ts';
import { parseEntityId } from '../../server/catalog/entity.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { Connector, LiveConnector } from '../../server/connectors/connector.ts';
import { mlflow } from '../../server/connectors/mlflow/index.ts';
import { ray } from '../../server/connectors/ray/index.ts';
import { indexEdges } from '../../server/lineage/edgeIndex.ts';
import { wayBetween } from '../../server/lineage/way.ts';
import { identityOf } from '../../server/sync/pass.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { connected as airflowOver, recorded, recordedAirflow } from '../connectors/airflowServer.ts';
import { databricksOver } from '../connectors/databricks/connected.ts';
import { datadogOver } from '../connectors/datadog/connected.ts';
import { fakeServer as fakeMlflow } from '../connectors/mlflowRest/server.ts';
import { snowflakeOver, usualSecret } from '../connectors/snowflake/connected.ts';
import { fakeDatabricks } from '../fakes/databricks/server.ts';
import { fakeDatadog } from '../fakes/datadog/server.ts';
import { fakeSnowflake } from '../fakes/snowflake/server.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';
import { hostAt } from '../support/scan.ts';

const now = Date.parse('2026-11-23T14:10:00Z');
const signal = new AbortController().signal;
/** Of the DAGs in the recorded answers. */
const runs = {
  train: 'manual__2026-11-23T13:35:11.352038+00:00',
  score: 'asset_triggered__2026-11-23T13:35:18.355272+00:00_433ZtrPk',
  validate: 'manual__2026-11-23T13:35:11.587940+00:00',
};
type Connect = (catalog: Catalog) => LiveConnector | Connector | Promise<Connector>;

/** Its metric is emitted by the DAG that its tag names. */
async function datadog(t: TestContext): Promise<Connect> {
  const fake = await fakeDatadog(now);
  t.after(() => fake.close());
  fake.state.metrics.push({ name: 'churn.validated', type: 'gauge', tags: ['dag_id:churn_validate'] });
  const groups = [{ name: '*', status: 'Alert' as const, triggered: Math.floor(now / 1000) - 600 }];
  const query = 'avg(last_1h):avg:churn.validated{*} < 0.8';
  const usual = { type: 'query alert', message: '', tags: [], notifyNoData: false, downtimes: [] };
  fake.state.monitors.push({ ...usual, id: 77, name: 'Predictions got worse', query, groups });
  return (catalog) => datadogOver(fake, { name: 'watching', catalog, now: () => now });
}

/** A person wrote into the note of the run which run of Databricks it started. */
async function airflow(t: TestContext): Promise<Connect> {
  const server = await recordedAirflow(t, 'v2');
  const { dag_runs: all } = recorded('v2').get('/dags/~/dagRuns') as { dag_runs: readonly { dag_run_id: string }[] };
  const note = 'https://dbc-1.cloud.databricks.com/?o=4167890123456789#job/11/run/77';
  const noted = all.map((one) => (one.dag_run_id === runs.score ? { ...one, note } : one));
  server.letIn = () => 'yes';
  server.instead = ({ path }) =>
    path === '/dags/~/dagRuns' ? { body: { dag_runs: noted, total_entries: noted.length } } : undefined;
  return (catalog) => airflowOver(server, { catalog, now: () => now }).connector;
}

/** Statements carry the tags that the DAGs give their sessions; the account's edition has ACCESS_HISTORY. */
async function snowflake(t: TestContext): Promise<Connect> {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  const at = String((now - 1_800_000) / 1000);
  const statement = (id: string, text: string, dag: string, run: string) => [
    ...[id, text, 'PROD', 'ML', 'INSERT', 'LOADER', 'ML', 'LOAD_WH', JSON.stringify({ dag_id: dag, run_id: run })],
    ...['SUCCESS', null, null, at, at, '10'],
  ];
  const isHistory = /^SELECT .* FROM TABLE\("PROD"\.INFORMATION_SCHEMA\.QUERY_HISTORY/;
  const usual = fake.world.answers.find(([begins]) => begins.source === isHistory.source)?.[1];
  assert.ok(usual && 'columns' in usual);
  const [scored, judged] = ['01b2c3d4-0000-1111-0000-000000000077', '01b2c3d4-0000-1111-0000-000000000078'];
  const rows = [
    statement(scored, 'insert into churn_predictions select * from stage', 'churn_score', runs.score),
    statement(judged, 'insert into churn_metrics select 1 from churn_predictions', 'churn_validate', runs.validate),
  ];
  const object = (name: string) => JSON.stringify([{ objectDomain: 'Table', objectName: `PROD.ML.${name}` }]);
  fake.world.answers.unshift(
    [isHistory, { columns: usual.columns, rows }],
    [
      /^SELECT QUERY_ID, BASE_OBJECTS_ACCESSED/,
      {
        columns: ['QUERY_ID', 'BASE_OBJECTS_ACCESSED:array', 'OBJECTS_MODIFIED:array'],
        rows: [[judged, object('CHURN_PREDICTIONS'), object('CHURN_METRICS')]],
      },
    ],
  );
  return (catalog) => snowflakeOver(fake, usualSecret, { name: 'warehouse', catalog, now: () => now }).connector;
}

async function databricks(t: TestContext): Promise<Connect> {
  const fake = await fakeDatabricks(now);
  t.after(() => fake.close());
  return (catalog) => databricksOver(fake, undefined, { name: 'lakehouse', catalog, now: () => now }).connector;
}

/** The run carries the tags that Airflow's variables and Ray's callback for MLflow give it. */
async function trained(t: TestContext): Promise<Connect> {
  const server = await fakeMlflow(t);
  const tags = [
    { key: 'airflow_dag_id', value: 'churn_train' },
    { key: 'airflow_run_id', value: runs.train },
    { key: 'trial_name', value: 'objective_3fa1c_00001' },
  ];
  const [running, made] = server.store.runs as readonly { readonly data: { readonly tags: (typeof tags)[number][] } }[];
  assert.ok(running && made);
  const others = made.data.tags.filter(({ key }) => !/airflow/i.test(key));
  server.store.runs = [running, { ...made, data: { ...made.data, tags: [...others, ...tags] } }];
  const connection = { name: 'tracking', tool: 'mlflow' as const, url: server.url, instance: 'main' };
  const fetch = createHttp({ connection, env: {} });
  const host = { fetch, secret: async () => undefined, skewMs: 0, log: memoryLog(), now: () => now };
  return (catalog) => {
    assert.ok(mlflow.connect);
    return mlflow.connect(connection, host, catalog);
  };
}

/** Tune's folder in the workspace. */
async function tuned(t: TestContext): Promise<Connect> {
  const set = { trial_id: '3fa1c_00001', trainable_name: 'objective', status: 'TERMINATED', config: { lr: 0.1 } };
  const got = {
    start_time: now / 1000 - 9_000,
    last_result: { auc: 0.9, training_iteration: 3 },
    error_filename: null,
  };
  const state = JSON.stringify({
    trial_data: [[JSON.stringify({ ...set, relative_logdir: 'one' }), JSON.stringify(got)]],
    runner_data: { _metric: 'auc', _start_time: now / 1000 - 9_000 },
    stats: { start_time: now / 1000 - 9_000 },
  });
  const folder = testFolder(t, { 'results/tune-churn/experiment_state-2026-11-23_10-00-00.json': state });
  const source = { name: 'ray results', tool: 'ray', path: folder.at('results'), workspaceFolder: folder.path };
  return () => ray.create(source, hostAt(new Date(now).toISOString()));
}

/** Twice, as the sync goes on: what names an instance is understood once that is known. */
async function synced(t: TestContext): Promise<CatalogStore> {
  const { store } = CatalogStore.open(':memory:');
  t.after(() => store.close());
  const tools = await Promise.all([datadog, airflow, snowflake, databricks, trained, tuned].map((make) => make(t)));
  let watching: Connector | LiveConnector | undefined;
  for (let round = 0; round < 2; round++) {
    for (const connect of tools) {
      const connector = await connect(store.snapshot());
      const scan = store.writer().startScan(identityOf(connector), now + round, { coveredDecides: true });
      for await (const page of connector.scan(signal, undefined)) scan.apply(page);
      scan.finish();
      if (connect === tools[0]) watching = connector;
    }
  }
  assert.ok(watching && 'describe' in watching);
  // What is on screen is asked for by itself.
  const look = store.writer().startScan(identityOf(watching), now + 9, { as: 'look' });
  for await (const page of watching.describe(['metric:datadog://acme/abc123de45f/churn.validated'], signal))
    look.apply(page);
  look.finish();
  return store;
}

test('from the monitor to the trial of Ray, each tool hands on to the next and says why', async (t) => {
  const store = await synced(t);
  const way = (from: string, to: string) => {
    const steps = store.read((catalog) => wayBetween(from, to, { catalog, codeEdges: indexEdges([]), joinRules: [] }));
    assert.ok(steps, `no way from ${from} to ${to}`);
    assert.ok(steps.every(({ edge }) => edge.evidence !== '' && edge.origin !== 'declared'));
    // A run of a job or a name of it is the same thing.
    const flow = steps.filter(({ edge }) => edge.relation !== 'contains' && edge.relation !== 'same');
    return flow.map(({ edge, against }) => {
      const [one, other] = against ? [edge.to, edge.from] : [edge.from, edge.to];
      return `${short(one)} ${against ? '←' : '→'} ${short(other)} ${edge.relation} ${edge.origin}`;
    });
  };
  const [search] = store.read((catalog) => catalog.find('experiment', 'tune-churn', 'ray'));
  const trial = search?.id.replace('experiment:', 'run:').concat('/3fa1c_00001') ?? '';
  assert.deepEqual(way('monitor:datadog://acme/abc123de45f/77', trial), [
    'monitor:datadog 77 ← metric:datadog churn.validated measures reported',
    'metric:datadog churn.validated ← job:airflow churn_validate measures matched',
    'run:airflow churn_validate → run:snowflake …78 runs matched',
    'table:snowflake churn_metrics ← table:snowflake churn_predictions reads reported',
    'run:snowflake …77 ← run:airflow churn_score runs matched',
    'job:airflow churn_score ← path:s3 model.pkl reads reported',
    'path:s3 model.pkl ← task:airflow churn_train writes reported',
    'job:airflow churn_train → model:mlflow churn made matched',
    'run:mlflow …ac ← run:ray 3fa1c_00001 runs matched',
  ]);
  const [scoring] = store.read((catalog) => catalog.find('job', 'score_churn', 'databricks'));
  assert.deepEqual(way('job:airflow://acme/churn_score', scoring?.id ?? ''), [
    'run:airflow churn_score → run:databricks 77 runs matched',
  ]);
});

/** Kind and tool; the DAG, or the last part of the id, of long ones the end. */
function short(id: string): string {
  const { kind, tool, segments = [] } = parseEntityId(id) ?? {};
  const last = segments.at(-1) ?? id.slice(id.lastIndexOf('/') + 1);
  const name = tool === 'airflow' ? segments[0] : last.length > 30 ? `…${last.slice(-2)}` : last;
  return `${kind}:${tool ?? 's3'} ${name}`;
}
