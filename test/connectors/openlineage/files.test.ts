// OpenLineage connector: names of data, merging of events, growing and broken files, models that live only in a store.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Catalog } from '../../../server/catalog/catalog.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { storeModel } from '../../../server/catalog/storeModels.ts';
import { dataOf } from '../../../server/connectors/openlineage/datasets.ts';
import { openlineage } from '../../../server/connectors/openlineage/index.ts';
import { testFolder } from '../../support/folder.ts';
import { hostAt, scanned } from '../../support/scan.ts';

const now = '2026-11-20T12:00:00Z';
const firstRun = '0195f1c2-0000-7000-8000-000000000001';
const parentRun = '0195f1c2-0000-7000-8000-0000000000ff';
const job = { namespace: 'acme', name: 'train_churn.fit' };
const jobId = 'job:openlineage://acme/train_churn.fit';

interface EventParts {
  readonly at?: string;
  readonly run?: string;
  readonly runFacets?: object;
  readonly jobFacets?: object;
  readonly inputs?: readonly object[];
  readonly outputs?: readonly object[];
}

function event(type: string, parts: EventParts = {}): string {
  const { at = '10:00:00', run = firstRun, runFacets = {}, jobFacets = {}, inputs = [], outputs = [] } = parts;
  return JSON.stringify({
    eventType: type,
    eventTime: `2026-11-20T${at}Z`,
    run: { runId: run, facets: runFacets },
    job: { ...job, facets: jobFacets },
    inputs,
    outputs,
  });
}

const users = { namespace: 'snowflake://acme-prod', name: 'RAW.CRM.CUSTOMERS' };
const usersId = 'table:snowflake://acme-prod/raw/crm/customers';

async function connect(root: string, file = 'events.ndjson', catalog?: Catalog) {
  const source = { name: 'openlineage', tool: 'openlineage', path: `${root}/${file}`, workspaceFolder: root };
  return openlineage.create(source, hostAt(now), catalog);
}

async function read(context: Parameters<typeof testFolder>[0], lines: readonly string[]) {
  const folder = testFolder(context, { 'events.ndjson': lines.map((line) => `${line}\n`).join('') });
  return scanned(await connect(folder.path));
}

describe('names of data', () => {
  const names: readonly [string, string, string, string][] = [
    ['s3://acme-lake', 'churn/features/', 'path:s3://acme-lake/churn/features/', 's3://acme-lake/churn/features/'],
    ['s3a://acme-lake', '/churn/features', 'path:s3://acme-lake/churn/features', 's3://acme-lake/churn/features'],
    ['file', '/data/a.csv', 'path:file:///data/a.csv', 'file:///data/a.csv'],
    [
      'snowflake://acme-prod',
      'ANALYTICS.ML."My Table"',
      'table:snowflake://acme-prod/analytics/ml/my%20table',
      'ANALYTICS.ML.My Table',
    ],
    [
      'unitycatalog://dbc-1.cloud.databricks.com',
      'main.ml.scores',
      'table:databricks://dbc-1.cloud.databricks.com/main/ml/scores',
      'main.ml.scores',
    ],
    ['bigquery', 'proj.set.t', 'table:bigquery://proj/set/t', 'proj.set.t'],
    ['postgres://db:5432', 'app.public.users', 'table:postgres://db:5432/app/public/users', 'app.public.users'],
    ['kafka://k:9092', 'clicks', 'table:openlineage://kafka:%2F%2Fk:9092/clicks', 'clicks'],
    ['my-space', 'a.b', 'table:openlineage://my-space/a/b', 'a.b'],
  ];
  for (const [namespace, name, id, shown] of names) {
    test(`${namespace} ${name}`, () => {
      const data = dataOf({ namespace, name });
      assert.deepEqual([data.id, data.name], [id, shown]);
    });
  }

  const daily: readonly [string, string][] = [
    ['churn/features/2026-11-20/part-0.parquet', 's3://b/churn/features/'],
    ['churn/features/dt=2026-11-20/hour=05/a.parquet', 's3://b/churn/features/'],
    ['churn/features/2026-11-20.parquet', 's3://b/churn/features/'],
    ['churn/features/features.parquet', 's3://b/churn/features/features.parquet'],
    ['2026-11-20/a.parquet', 's3://b/2026-11-20/a.parquet'],
    ['churn/facade/a.parquet', 's3://b/churn/facade/a.parquet'],
  ];
  for (const [key, name] of daily) {
    test(`${key} is of ${name}`, () => {
      const data = dataOf({ namespace: 's3://b', name: key });
      assert.deepEqual([data.name, data.exact], [name, `s3://b/${key}`]);
    });
  }

  test('a folder is known with and without its slash', () => {
    assert.ok(dataOf({ namespace: 's3://b', name: 'a/' }).aliases.includes('s3://b/a'));
    assert.ok(dataOf({ namespace: 's3://b', name: 'a' }).aliases.includes('s3://b/a/'));
  });
});

describe('events of a run', () => {
  test('add up from START to COMPLETE', async (context) => {
    const parent = { run: { runId: parentRun }, job: { namespace: 'acme', name: 'train_churn' } };
    const seen = await read(context, [
      event('START', {
        runFacets: { nominalTime: { nominalStartTime: '2026-11-20T05:00:00Z' }, parent },
        jobFacets: { ownership: { owners: [{ name: 'team:growth' }, { name: 'ana' }] } },
        inputs: [{ ...users, facets: { schema: { fields: [{ name: 'AGE', type: 'NUMBER' }] } } }],
      }),
      event('COMPLETE', {
        at: '10:03:00',
        jobFacets: {
          sourceCodeLocation: {
            type: 'git',
            url: 'https://git.acme.example/dags',
            path: 'dags/train.py',
            version: '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f',
          },
        },
        outputs: [
          {
            namespace: 's3://acme-lake',
            name: 'churn/features/',
            outputFacets: { outputStatistics: { rowCount: 997, size: 12_345 } },
          },
        ],
      }),
    ]);
    const [run] = seen.runs;
    assert.deepEqual(run, {
      id: `run:openlineage://acme/${firstRun}`,
      of: [jobId],
      name: 'train_churn.fit',
      status: 'success',
      startedAt: Date.parse('2026-11-20T10:00:00Z'),
      endedAt: Date.parse('2026-11-20T10:03:00Z'),
      scheduledFor: Date.parse('2026-11-20T05:00:00Z'),
      parent: `run:openlineage://acme/${parentRun}`,
      commit: '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f',
      entryPoint: 'dags/train.py',
      metrics: [],
      params: [],
      inputs: [{ id: usersId, name: 'RAW.CRM.CUSTOMERS' }],
      outputs: [{ id: 'path:s3://acme-lake/churn/features/', name: 's3://acme-lake/churn/features/', rows: 997 }],
      logs: [],
      linked: [],
    });
    assert.deepEqual(
      seen.edges.map(({ from, relation, to }) => `${from} ${relation} ${to}`),
      [
        `${usersId} reads ${jobId}`,
        `${jobId} writes path:s3://acme-lake/churn/features/`,
        `job:openlineage://acme/train_churn contains ${jobId}`,
      ],
    );
    assert.ok(seen.edges.every(({ origin }) => origin === 'reported'));
    const table = seen.entities.find(({ id }) => id === usersId);
    assert.deepEqual(table?.facts?.columns, [{ name: 'AGE', type: 'NUMBER' }]);
    assert.equal(seen.entities.find(({ id }) => id === jobId)?.facts?.owner, 'team:growth, ana');
    assert.deepEqual(seen.covered, [], 'events never list all there is');
  });

  const states: readonly [string, readonly string[], string][] = [
    ['a failure', [event('START'), event('FAIL', { at: '10:01:00' })], 'failed'],
    ['an abort', [event('START'), event('ABORT', { at: '10:01:00' })], 'failed'],
    ['a start only, two hours ago', [event('START')], 'running'],
    ['a start only, long ago', [event('START').replace('2026-11-20', '2026-11-01')], 'unknown'],
    ['a late RUNNING', [event('COMPLETE', { at: '10:01:00' }), event('RUNNING', { at: '10:02:00' })], 'success'],
    ['an early START that arrives last', [event('COMPLETE', { at: '10:01:00' }), event('START')], 'success'],
    [
      'a failure that was run again under the same id',
      [event('FAIL'), event('COMPLETE', { at: '10:05:00' })],
      'success',
    ],
  ];
  for (const [title, lines, status] of states) {
    test(`${title} is ${status}`, async (context) => {
      const { runs } = await read(context, lines);
      assert.deepEqual(
        runs.map((run) => run.status),
        [status],
      );
    });
  }

  test('the message is the root of the stack trace, else the message', async (context) => {
    const stackTrace = [
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in f',
      "KeyError: 'churned'",
      '',
      'The above exception was the direct cause of the following exception:',
      '',
      'Traceback (most recent call last):',
      'ValueError: no',
    ].join('\n');
    const both = await read(context, [event('FAIL', { runFacets: { errorMessage: { message: 'no', stackTrace } } })]);
    assert.equal(both.runs[0]?.message, "KeyError: 'churned'");
    const bare = await read(context, [event('FAIL', { runFacets: { errorMessage: { message: 'no\nmore' } } })]);
    assert.equal(bare.runs[0]?.message, 'no more');
  });

  test('the Airflow try it speaks of is linked in every Airflow there is', async (context) => {
    const { store } = CatalogStore.open(':memory:');
    store.writer().register({ name: 'airflow logs', tool: 'airflow', scope: 'airflow://1a2b3c4d', kinds: ['run'] });
    const airflow = {
      dag: { dag_id: 'train_churn' },
      dagRun: { run_id: 'scheduled__2026-11-20T05:00:00+00:00' },
      task: { task_id: 'fit' },
      taskInstance: { try_number: 2, pool: 'small' },
    };
    const folder = testFolder(context, { 'events.ndjson': `${event('START', { runFacets: { airflow } })}\n` });
    const { runs } = await scanned(await connect(folder.path, 'events.ndjson', store.snapshot()));
    assert.deepEqual(runs[0]?.linked, [
      'run:airflow://1a2b3c4d/train_churn/scheduled__2026-11-20T05:00:00+00:00/fit/-1/2',
    ]);
    assert.deepEqual([runs[0]?.attempt, runs[0]?.where], [2, 'pool small']);
  });
});

describe('facets', () => {
  const schema = (name: string): object => ({ schema: { fields: [{ name }] } });
  const columnsAfter = async (context: Parameters<typeof testFolder>[0], lines: readonly string[]) =>
    (await read(context, lines)).entities.find(({ id }) => id === usersId)?.facts?.columns?.map(({ name }) => name);

  test('a later one replaces, a late one does not, a deleted one goes', async (context) => {
    const first = event('START', { inputs: [{ ...users, facets: schema('churned') }] });
    const second = event('COMPLETE', { at: '10:01:00', inputs: [{ ...users, facets: schema('has_churned') }] });
    const deleted = event('OTHER', { at: '10:02:00', inputs: [{ ...users, facets: { schema: { _deleted: true } } }] });
    assert.deepEqual(await columnsAfter(context, [first, second]), ['has_churned']);
    assert.deepEqual(await columnsAfter(context, [second, first]), ['has_churned']);
    assert.deepEqual(await columnsAfter(context, [first, second, deleted]), undefined);
  });

  test('symlinks are other names of the same data', async (context) => {
    const symlinks = { identifiers: [{ namespace: 'hive://m', name: 'ml.scores', type: 'TABLE' }] };
    const output = { namespace: 's3://lake', name: 'scores', facets: { symlinks } };
    const { entities } = await read(context, [event('COMPLETE', { outputs: [output] })]);
    assert.ok(entities.find(({ id }) => id === 'path:s3://lake/scores')?.aliases?.includes('ml.scores'));
  });

  test('what columns are computed from is read, even if no input says so', async (context) => {
    const columnLineage = { fields: { age: { inputFields: [{ ...users, field: 'AGE' }] } } };
    const output = { namespace: 's3://lake', name: 'features', facets: { columnLineage } };
    const { edges } = await read(context, [event('COMPLETE', { outputs: [output] })]);
    assert.ok(edges.some(({ from, to }) => from === usersId && to === jobId));
  });

  test('job and dataset events without a run are read', async (context) => {
    const jobEvent = JSON.stringify({ eventTime: '2026-11-20T10:00:00Z', job, inputs: [users], outputs: [] });
    const dataset = { ...users, facets: { documentation: { description: 'All of them.' } } };
    const datasetEvent = JSON.stringify({ eventTime: '2026-11-20T10:00:00Z', dataset });
    const seen = await read(context, [jobEvent, datasetEvent]);
    assert.deepEqual(seen.runs, []);
    assert.equal(seen.edges.length, 1);
    assert.equal(seen.entities.find(({ id }) => id === usersId)?.facts?.description, 'All of them.');
  });
});

describe('event files', () => {
  test('half a last line waits for the next scan, the rest is read now', async (context) => {
    const second = event('START', { run: '0195f1c2-0000-7000-8000-000000000002' });
    const folder = testFolder(context, { 'events.ndjson': `${event('START')}\n${second.slice(0, 60)}` });
    const connector = await connect(folder.path);
    const before = await scanned(connector);
    assert.deepEqual([before.runs.length, before.problems], [1, []]);
    appendFileSync(folder.at('events.ndjson'), `${second.slice(60)}\n${event('COMPLETE', { at: '10:09:00' })}\n`);
    const after = await scanned(connector);
    assert.deepEqual(
      after.runs.map(({ status }) => status),
      ['success', 'running'],
    );
    assert.deepEqual(after.problems, []);
  });

  test('a last line without its newline counts when it is whole, and only once', async (context) => {
    const folder = testFolder(context, { 'events.ndjson': event('START') });
    const connector = await connect(folder.path);
    assert.equal((await scanned(connector)).runs.length, 1);
    appendFileSync(folder.at('events.ndjson'), `\n${event('COMPLETE', { at: '10:09:00' })}`);
    assert.deepEqual(
      (await scanned(connector)).runs.map(({ status }) => status),
      ['success'],
    );
  });

  test('a broken line in the middle is said with its number, the others are read', async (context) => {
    const seen = await read(context, [
      event('START'),
      '{"eventType": "COMP',
      '{"a": 1}',
      '',
      event('COMPLETE', { at: '10:09:00' }),
    ]);
    assert.deepEqual(
      seen.runs.map(({ status }) => status),
      ['success'],
    );
    assert.match(seen.problems[0]?.message ?? '', /events\.ndjson:2 is not JSON\.$/);
    assert.match(seen.problems[1]?.message ?? '', /events\.ndjson:3 is not an OpenLineage event\.$/);
    assert.equal(seen.problems.length, 2);
  });

  test('a file that was replaced is read anew', async (context) => {
    const folder = testFolder(context, { 'events.ndjson': `${event('START')}\n` });
    const connector = await connect(folder.path);
    await scanned(connector);
    const other = '0195f1c2-0000-7000-8000-0000000000aa';
    folder.write(
      'events.ndjson',
      `${event('COMPLETE', { run: other, at: '11:00:00' })}\n${event('OTHER', { run: other })}\n`,
    );
    assert.deepEqual(
      (await scanned(connector)).runs.map(({ id }) => id),
      [`run:openlineage://acme/${other}`],
    );
  });

  test('an event that is written over many lines counts once it is whole', async (context) => {
    const pretty = JSON.stringify(JSON.parse(event('COMPLETE')), null, 4);
    const folder = testFolder(context, { 'ol/ol-1.json': pretty.slice(0, 200) });
    const connector = await connect(folder.path, 'ol');
    assert.deepEqual((await scanned(connector)).runs, []);
    folder.write('ol/ol-1.json', pretty);
    folder.write('ol/ol-2.json', `[\n${pretty}]`);
    const { runs, problems } = await scanned(connector);
    assert.deepEqual([runs.map(({ status }) => status), problems], [['success'], []]);
  });

  test('a folder with one file an event is one source', async (context) => {
    const folder = testFolder(context, {
      'ol/event-1.json': event('START'),
      'ol/event-2.json': event('COMPLETE', { at: '10:09:00' }),
      'ol/readme.md': 'not an event',
    });
    const seen = await scanned(await connect(folder.path, 'ol'));
    assert.deepEqual([seen.runs.map(({ status }) => status), seen.problems], [['success'], []]);
  });

  test('100,000 events', async (context) => {
    const lines: string[] = [];
    for (let index = 0; index < 50_000; index += 1) {
      const run = `0195f1c2-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
      lines.push(event('START', { run, inputs: [users] }), event('COMPLETE', { run, at: '10:01:00' }));
    }
    const seen = await read(context, lines);
    assert.equal(seen.runs.length, 50_000);
  });

  test('files are found by name, and looked into', async (context) => {
    const folder = testFolder(context, {
      'events.ndjson': `${event('START')}\n`,
      'notes.ndjson': '{"title": "not lineage"}\n',
      'openlineage-2026.jsonl': `${event('START')}\n`,
      'big.ndjson': `{"eventTime": "2026-11-20T10:00:00Z", "run": {"runId": "${'x'.repeat(300_000)}"}}\n`,
    });
    const names = ['events.ndjson', 'notes.ndjson', 'openlineage-2026.jsonl', 'big.ndjson', 'other.jsonl'];
    const listing = { root: folder.path, files: names, folders: [], declared: [] };
    const found = await openlineage.discover(listing);
    const kept: string[] = [];
    for (const source of found) if (await openlineage.sniff?.(source, hostAt(now))) kept.push(source.name);
    assert.deepEqual(kept, [
      'openlineage events.ndjson',
      'openlineage openlineage-2026.jsonl',
      'openlineage big.ndjson',
    ]);
  });
});

describe('models that live only in a store', () => {
  const uris: readonly [string, string][] = [
    ['s3://acme-models/churn-lite/2026-11-20/model.joblib', 'model:s3://acme-models/churn-lite/ 2026-11-20'],
    ['s3://acme-models/team/churn/v7/model.pkl', 'model:s3://acme-models/team/churn/ v7'],
    ['s3://acme-models/churn/run=12/artifacts/model/MLmodel', 'model:s3://acme-models/churn/ run=12'],
    ['s3://acme-lake/churn/features/2026-11-20/part-0.parquet', 'none'],
    ['s3://acme-models/churn/model.joblib', 'none'],
    ['s3://acme-models/2026-11-20/model.joblib', 'none'],
  ];
  for (const [uri, expected] of uris) {
    test(uri, () => {
      const found = storeModel(uri);
      assert.equal(found ? `${found.model} ${found.versionName}` : 'none', expected);
    });
  }

  test('have the runs that wrote them', async (context) => {
    const output = (date: string) => ({ namespace: 's3://acme-models', name: `churn-lite/${date}/model.joblib` });
    const second = '0195f1c2-0000-7000-8000-000000000002';
    const seen = await read(context, [
      event('COMPLETE', { outputs: [output('2026-11-13')] }),
      event('COMPLETE', { run: second, at: '10:30:00', outputs: [output('2026-11-20')] }),
    ]);
    const model = 'model:s3://acme-models/churn-lite/';
    assert.ok(seen.runs.every((run) => run.of.includes(model)));
    assert.equal(seen.entities.find(({ id }) => id === model)?.facts?.latestVersion, '2026-11-20');
    const version = seen.entities.find(({ id }) => id === 'version:s3://acme-models/churn-lite/2026-11-20');
    assert.equal(version?.facts?.madeBy, `run:openlineage://acme/${second}`);
    assert.ok(seen.edges.some(({ from, to, relation }) => from === jobId && to === model && relation === 'made'));
    const path = 'path:s3://acme-models/churn-lite/';
    assert.ok(seen.edges.some(({ from, to, relation }) => from === path && to === model && relation === 'same'));
    assert.deepEqual(
      seen.entities.filter(({ kind }) => kind === 'path').map(({ id }) => id),
      [path],
      'one node, however many days',
    );
    assert.equal(seen.runs[0]?.outputs[0]?.name, 's3://acme-models/churn-lite/2026-11-13/model.joblib');
  });
});
