// Discovery: what of a folder is seen, what is left out, and that names of sources are unique.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectorFactory } from '../../../server/connectors/connector.ts';
import { connectors } from '../../../server/connectors/registry.ts';
import { discover, listFolder } from '../../../server/sync/local/discovery.ts';
import { testFolder } from '../../support/folder.ts';
import { hostAt } from '../../support/scan.ts';

const host = hostAt('2026-11-20T12:00:00Z');
const signal = new AbortController().signal;
const event = '{"eventTime": "2026-11-20T10:00:00Z", "job": {"namespace": "n", "name": "j"}}\n';

test('names down to five levels, without node_modules, dot folders and the inside of log folders', async (context) => {
  const folder = testFolder(context, {
    'a.txt': '',
    '1/2/3/4/five.txt': '',
    '1/2/3/4/5/six.txt': '',
    'node_modules/x/dbt_project.yml': '',
    '.venv/mlflow.db': '',
    'logs/dag_id=a/run_id=r/task_id=t/attempt=1.log': '',
  });
  const { files, folders, declared } = await listFolder(folder.path, host, signal);
  assert.deepEqual(files, ['a.txt', '1/2/3/4/five.txt']);
  assert.deepEqual(folders, ['1', 'logs', '1/2', 'logs/dag_id=a', '1/2/3', '1/2/3/4', '1/2/3/4/5']);
  assert.deepEqual(declared, []);
});

test('every kind of source in one workspace', async (context) => {
  const folder = testFolder(context, {
    'plumbline.yaml': 'version: 1\nlogs:\n  - airflow: old/logs\n',
    'metadata/mlflow/mlflow.db': 'x',
    'dbt/dbt_project.yml': 'name: churn_dbt',
    'metadata/openlineage/events.ndjson': event,
    'metadata/openlineage/other.ndjson': '{"not": "lineage"}\n',
    'metadata/airflow/logs/dag_id=a/run_id=r/task_id=t/attempt=1.log': '',
  });
  const found = await discover([folder.path], connectors, host, signal);
  assert.deepEqual(
    found.filter(({ source }) => source.tool !== 'mlflow').map(({ source }) => source.name),
    ['dbt dbt', 'openlineage metadata/openlineage/events.ndjson', 'airflow old/logs', 'airflow metadata/airflow/logs'],
  );
  assert.ok(found.some(({ source }) => source.path === folder.at('metadata/mlflow/mlflow.db')));
});

test('with several folders each source says its own; a folder in a folder is read once', async (context) => {
  const folder = testFolder(context, {
    'one/events.ndjson': event,
    'one/alone.ndjson': event,
    'two/events.ndjson': event,
    'deep/one/events.ndjson': event,
  });
  const roots = [folder.at('one'), folder.at('two'), folder.at('deep/one'), folder.at('deep')];
  const found = await discover(roots, connectors, host, signal);
  assert.deepEqual(
    found.map(({ source }) => source.name),
    [
      'openlineage alone.ndjson (one)',
      'openlineage events.ndjson (one)',
      'openlineage events.ndjson (two)',
      `openlineage ${folder.at('deep/one/events.ndjson')}`,
    ],
  );
});

test('mistakes in plumbline.yaml do not hide the rest', async (context) => {
  const folder = testFolder(context, { 'plumbline.yaml': 'version: 1\nlogs: [[[\n', 'events.ndjson': event });
  const found = await discover([folder.path], connectors, host, signal);
  assert.deepEqual(
    found.map(({ source }) => source.name),
    ['openlineage events.ndjson'],
  );
});

test('what cannot be looked into stays, so that its scan can say why', async () => {
  const factory: ConnectorFactory = {
    tool: 'x',
    discover: ({ root }) => [{ name: 'x', tool: 'x', path: `${root}/x`, workspaceFolder: root }],
    sniff: () => Promise.reject(new Error('may not be read')),
    create: () => assert.fail('not here'),
  };
  assert.equal((await discover(['/nowhere'], [factory], host, signal)).length, 1);
});

test('stops when told to', async (context) => {
  const folder = testFolder(context, { 'a/b/c.txt': '' });
  await assert.rejects(listFolder(folder.path, host, AbortSignal.abort(new Error('enough'))), /enough/);
});

test('a store of many runs is not walked through', async (context) => {
  const folder = testFolder(context, {
    'mlruns/0/meta.yaml': '',
    'mlruns/0/5be1f0a5be1f0a5be1f0a5be1f0a5be1/metrics/auc': '',
    'mlruns/models/churn/meta.yaml': '',
    'mlruns/models/churn/version-1/meta.yaml': '',
    'mlartifacts/0/5be1f0a5/model.pkl': '',
  });
  const { files, folders } = await listFolder(folder.path, host, signal);
  assert.deepEqual(files, ['mlruns/0/meta.yaml', 'mlruns/models/churn/meta.yaml']);
  assert.ok(folders.includes('mlruns/models/churn') && folders.includes('mlartifacts/0'));
});
