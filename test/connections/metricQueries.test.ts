// Metric queries: what a workspace names is asked about once for each exact text, and kept in the user's own connection.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Connections } from '../../server/connections/connections.ts';
import { Declined } from '../../server/connections/declined.ts';
import type { HostAnswer } from '../../server/connections/hostLogs.ts';
import { MetricQueries } from '../../server/connections/metricQueries.ts';
import { parseConnections } from '../../server/connections/parse.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const url = 'https://acme-prod.snowflakecomputing.com';

async function setUp(folder: string, answers: readonly HostAnswer[], names: readonly string[] = ['wh']) {
  const file = path.join(folder, 'connections.json');
  const connections = new Connections({ file, log: memoryLog(), onChanged: () => {}, onProblems: () => {} });
  await connections.load();
  for (const name of names) await connections.save({ name, tool: 'snowflake', url });
  const asked: string[] = [];
  const left = [...answers];
  const open = (): MetricQueries =>
    new MetricQueries({
      connections,
      declined: new Declined(file),
      ask: async (name, { metric, query }) => {
        asked.push(`${name}: ${metric}: ${query}`);
        return left.shift() ?? 'later';
      },
    });
  return { connections, asked, open };
}

const rate = { metric: 'null_rate', query: 'SELECT COUNT(*) FROM PROD.ML.CHURN' };

test('allowed once, it is in the connection and never asked about again; another text is', async (t) => {
  const { connections, asked, open } = await setUp(testFolder(t).path, ['allow', 'allow']);
  t.after(() => connections.dispose());
  await open().declared([rate]);
  await open().declared([{ ...rate, query: `${rate.query}\n` }]);
  assert.deepEqual(connections.all()[0]?.queries, [rate]);
  const other = { ...rate, query: 'SELECT 1' };
  await open().declared([other]);
  assert.deepEqual(connections.all()[0]?.queries, [other]);
  assert.deepEqual(asked, [`wh: null_rate: ${rate.query}`, 'wh: null_rate: SELECT 1']);
});

test('never is remembered, later is not; nothing is kept of either', async (t) => {
  const folder = testFolder(t).path;
  const { connections, asked, open } = await setUp(folder, ['never', 'later', 'later']);
  t.after(() => connections.dispose());
  const window = open();
  await window.declared([rate]);
  await window.declared([rate]);
  await open().declared([rate]);
  assert.equal(asked.length, 1);
  assert.equal(connections.all()[0]?.queries, undefined);
  assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'declined.json'), 'utf8')), [
    `query wh null_rate ${rate.query}`,
  ]);
});

test('of several connections it must be said which; one that the user does not have is not asked about', async (t) => {
  const { connections, asked, open } = await setUp(testFolder(t).path, ['allow'], ['a', 'b']);
  t.after(() => connections.dispose());
  await open().declared([rate, { ...rate, connection: 'nobody' }, { ...rate, connection: 'b' }]);
  assert.deepEqual(asked, [`b: null_rate: ${rate.query}`]);
  assert.deepEqual(connections.named('b')?.queries, [rate]);
});

test('in plumbline.yaml: with a condition it is a rule, too; what can write is no metric', () => {
  const { config, problems } = parsePlumblineFile(`version: 1
metrics:
  - metric: null_rate
    query: SELECT 1
    connection: wh
    above: 0.1
  - metric: rows
    query: with a as (select 1) select * from a;
  - metric: bad
    query: DELETE FROM t
  - metric: two
    query: SELECT 1; DROP TABLE t
  - query: SELECT 1
`);
  assert.deepEqual(config.metricQueries, [
    { metric: 'null_rate', query: 'SELECT 1', connection: 'wh' },
    { metric: 'rows', query: 'with a as (select 1) select * from a;' },
  ]);
  assert.deepEqual(
    config.metrics.map(({ name, subject }) => [name, subject]),
    [['null_rate: above 0.1', { by: 'query', metric: 'null_rate' }]],
  );
  assert.deepEqual(
    problems.map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    [
      '9: metrics, query 3: "query" must begin with SELECT or WITH; it only reads, and a comment stands behind it.',
      '11: metrics, query 4: "query" must be one statement, without ";" in it.',
      '13: metrics, query 5: "metric", "query" and "connection" must be texts; the first two are needed.',
    ],
  );
});

test('in connections.json each is checked', () => {
  const entry = (queries: unknown, tool = 'snowflake') =>
    parseConnections([{ name: 'a', tool, url, queries }], 'here').problems.join();
  assert.equal(entry([rate]), '');
  assert.match(entry([{ metric: 'x', query: 'DROP TABLE t' }]), /must begin with SELECT/);
  assert.match(entry('SELECT 1'), /must be a list/);
  assert.match(entry([rate], 'mlflow'), /a thing of Snowflake/);
});
