// One whole pass over a workspace: every source's outcome, and links between tools in the first pass already.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localInstance } from '../../../server/catalog/instance.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { runSync } from '../../../server/sync/local/run.ts';
import { testFolder } from '../../support/folder.ts';
import { memoryLog } from '../../support/log.ts';

const olRun = '0195f1c2-0000-7000-8000-000000000001';
const airflowRun = 'scheduled__2026-11-20T05:00:00+00:00';
const log = [
  ['05:00:01', '::group::Pre Execute'],
  ['05:00:02', `Successfully emitted OpenLineage \`START\` event of id \`${olRun}\``],
  ['05:00:03', '::group::Post Execute'],
  ['05:00:04', '::endgroup::'],
].map(([at, event]) => JSON.stringify({ timestamp: `2026-11-20T${at}Z`, event }));
const event = JSON.stringify({
  eventType: 'COMPLETE',
  eventTime: '2026-11-20T05:00:04Z',
  run: {
    runId: olRun,
    facets: {
      airflow: {
        dag: { dag_id: 'train' },
        dagRun: { run_id: airflowRun },
        task: { task_id: 'fit' },
        taskInstance: { try_number: 1 },
      },
    },
  },
  job: { namespace: 'acme', name: 'train.fit' },
});

const files = {
  'logs/dag_id=train/run_id=scheduled__2026-11-20T05:00:00+00:00/task_id=fit/attempt=1.log': log.join('\n'),
  'events.ndjson': `${event}\n`,
  'dbt/dbt_project.yml': 'name: churn_dbt',
};

function options(root: string, store: CatalogStore) {
  return { folders: [root], store, trusted: false, log: memoryLog(), now: () => Date.parse('2026-11-20T12:00:00Z') };
}

test('each source has its outcome; ids in logs and events meet in the first pass', async (context) => {
  const folder = testFolder(context, files);
  const { store } = CatalogStore.open(':memory:');
  const summary = await runSync(options(folder.path, store));
  assert.deepEqual(
    summary.sources.map(({ name, health }) => [name, health]),
    [
      ['dbt dbt', 'failing'],
      ['openlineage events.ndjson', 'fresh'],
      ['airflow logs', 'fresh'],
    ],
  );
  assert.match(summary.sources[0]?.reason ?? '', /manifest\.json is not there\. Run "dbt parse"/);
  const tryId = `run:airflow://${localInstance(folder.at('logs'))}/train/${airflowRun}/fit/-1/1`;
  const lineageId = `run:openlineage://acme/${olRun}`;
  const catalog = store.snapshot();
  assert.deepEqual(catalog.run(lineageId)?.linked, [tryId]);
  assert.deepEqual(catalog.run(tryId)?.linked, [lineageId]);
  const again = await runSync(options(folder.path, store));
  assert.deepEqual(
    again.sources.filter(({ health }) => health === 'fresh').map(({ changed }) => changed),
    [false, false],
  );
});

test('a source that is gone is said to be, and after a week it is forgotten', async (context) => {
  const folder = testFolder(context, files);
  const { store } = CatalogStore.open(':memory:');
  await runSync(options(folder.path, store));
  const empty = testFolder(context);
  const health = () =>
    store
      .snapshot()
      .sources()
      .map((source) => `${source.name} ${source.health}`);
  await runSync(options(empty.path, store));
  assert.ok(health().includes('airflow logs failing'));
  assert.equal(store.snapshot().find('job', 'train', 'airflow').length, 1, 'what was known stays');
  await runSync({ ...options(empty.path, store), now: () => Date.parse('2026-11-30T12:00:00Z') });
  assert.deepEqual(health(), []);
});

test('stops when told to', async (context) => {
  const folder = testFolder(context, files);
  const { store } = CatalogStore.open(':memory:');
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(runSync({ ...options(folder.path, store), signal }), /enough/);
});

test('files name the runs of a server that a connection asks', async (context) => {
  const { 'events.ndjson': events } = files;
  const folder = testFolder(context, { 'events.ndjson': events });
  const { store } = CatalogStore.open(':memory:');
  const { store: live } = CatalogStore.open(':memory:');
  live.writer().register({ name: 'prod', tool: 'airflow', scope: 'airflow://air.acme:8080', kinds: ['run'] });
  await runSync({ ...options(folder.path, store), live });
  assert.deepEqual(store.snapshot().run(`run:openlineage://acme/${olRun}`)?.linked, [
    `run:airflow://air.acme:8080/train/${airflowRun}/fit/-1/1`,
  ]);
});
