// Doctor on every tool: what is asked, how each group of endpoints answers, and nothing of a secret or of the user's names.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Examination, examine } from '../../server/connections/examine.ts';
import { connectors } from '../../server/connectors/registry.ts';
import type { ConnectionConfig, LiveTool, Secret } from '../../server/protocol/connection.ts';
import { fakeDatabricks, personalToken } from '../fakes/databricks/server.ts';
import { fakeDatadog, keys } from '../fakes/datadog/server.ts';
import { fakeDbtCloud, serviceToken } from '../fakes/dbtCloud/server.ts';
import { largeAirflow } from '../fakes/large/airflow.ts';
import { largeMlflow } from '../fakes/large/mlflow.ts';
import { largeAlertmanager, largePrometheus } from '../fakes/large/prometheus.ts';
import { largeRay } from '../fakes/large/ray.ts';
import { largeS3 } from '../fakes/large/s3.ts';
import { fakeMarquez } from '../fakes/marquez/server.ts';
import { fakeSnowflake, personalToken as snowflakeToken } from '../fakes/snowflake/server.ts';
import { memoryLog } from '../support/log.ts';
import { served } from '../support/web.ts';

const now = Date.now();
const basic: Secret = { kind: 'basic', username: 'AKIDEXAMPLE', password: 'secret-of-the-test' };

interface Row {
  readonly tool: LiveTool;
  readonly start: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly secret?: Secret;
  readonly more?: Partial<ConnectionConfig>;
  readonly says: RegExp;
  /** Some of what is asked. */
  readonly asks: readonly RegExp[];
}

const rows: readonly Row[] = [
  { tool: 'mlflow', start: () => largeMlflow(200, now), says: /^MLflow 3\.17\.2/, asks: [/registered-models\/search/] },
  {
    ...{ tool: 'airflow', start: () => largeAirflow(100, now), says: /^Airflow 3\.3\.2, 50 DAGs/ },
    ...{ secret: { kind: 'token', token: 'token-of-the-test' }, asks: [/^GET \/api\/v2\/dags$/, /dagRuns/] },
  },
  { tool: 'ray', start: () => largeRay(20, now), says: /^Ray 2\.60\.0, 20 jobs/, asks: [/^GET \/api\/jobs\/$/] },
  { tool: 'prometheus', start: () => largePrometheus(400), says: /^Prometheus 2\.42/, asks: [/\/api\/v1\/rules$/] },
  { tool: 'alertmanager', start: () => largeAlertmanager(3, now), says: /3 alerts/, asks: [/\/api\/v2\/alerts$/] },
  {
    ...{ tool: 's3', start: () => largeS3(300, now, 3), secret: basic, says: /^S3, 1 place/ },
    ...{ more: { region: 'eu-west-1', watch: ['acme-lake/place-000/'] }, asks: [/s3:ListBucket|list/i] },
  },
  {
    ...{ tool: 'databricks', start: () => fakeDatabricks(now), says: /./, asks: [/\/api\/2\.[12]\/jobs\/list$/] },
    secret: { kind: 'token', token: personalToken },
  },
  {
    ...{ tool: 'datadog', start: () => fakeDatadog(now), says: /./, asks: [/\/monitor/] },
    secret: { kind: 'basic', username: keys.api, password: keys.application },
  },
  {
    ...{ tool: 'dbt', start: () => fakeDbtCloud(now), says: /./, asks: [/\/accounts\//] },
    secret: { kind: 'token', token: serviceToken },
  },
  { tool: 'marquez', start: () => fakeMarquez(), says: /./, asks: [/\/namespaces|\/jobs/] },
  {
    ...{ tool: 'snowflake', start: () => fakeSnowflake(now), says: /./, asks: [/SHOW WAREHOUSES/] },
    secret: { kind: 'token', token: snowflakeToken },
  },
];

function examined(row: Row, url: string, context: TestContext): Promise<Examination> {
  const config: ConnectionConfig = { name: 'mine', tool: row.tool, url, credential: 'stored', ...row.more };
  return examine(config, {
    ...{ factory: connectors.find(({ tool }) => tool === row.tool), log: memoryLog(), now: Date.now },
    ...{ signal: context.signal, credential: 'the test', ...(row.secret ? { secret: row.secret } : {}) },
  });
}

function secretsOf({ secret }: Row): readonly string[] {
  if (!secret) return [];
  return secret.kind === 'token' ? [secret.token] : [secret.password];
}

for (const row of rows) {
  test(`${row.tool}: it says what it asks, what it got, and no secret`, async (context) => {
    const server = await row.start();
    context.after(() => server.close());
    const seen = await examined(row, server.url, context);
    assert.deepEqual([seen.reachable, seen.allowed], [true, true], seen.message);
    assert.match(seen.message, row.says);
    const groups = seen.endpoints.map(({ group }) => group);
    for (const pattern of row.asks)
      assert.ok(
        groups.some((group) => pattern.test(group)),
        groups.join('\n'),
      );
    assert.ok(seen.endpoints.every(({ requests }) => requests > 0));
    for (const secret of secretsOf(row)) assert.ok(!JSON.stringify(seen).includes(secret));
  });

  test(`${row.tool}: something else at its address is said, with the next step`, async (context) => {
    const page = '<html><head><title>Sign in</title></head><body>Please sign in</body></html>';
    const { port } = await served(context, (_request, answer) => {
      answer.writeHead(200, { 'content-type': 'text/html' }).end(page);
    });
    const seen = await examined(row, `http://127.0.0.1:${port}`, context);
    assert.equal(seen.allowed && seen.problems.length === 0, false, 'it is not taken for one');
    const words = [seen.message, ...seen.problems].join('\n');
    assert.match(words, /^mine: /m);
    for (const secret of secretsOf(row)) assert.ok(!JSON.stringify(seen).includes(secret));
  });
}
