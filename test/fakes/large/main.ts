// A process of its own that serves many things of one tool and counts what it is asked: node main.ts TOOL SIZE
import http from 'node:http';
import { fakeDatabricks } from '../databricks/server.ts';
import { fakeDatadog } from '../datadog/server.ts';
import { fakeMarquez } from '../marquez/server.ts';
import { fakeSnowflake } from '../snowflake/server.ts';
import { table } from '../snowflake/world.ts';
import { largeAirflow } from './airflow.ts';
import { largeDbtCloud } from './dbtCloud.ts';
import { largeMlflow } from './mlflow.ts';
import { largeAlertmanager, largePrometheus } from './prometheus.ts';
import { largeRay } from './ray.ts';
import { largeS3 } from './s3.ts';
import type { LargeServer } from './serve.ts';

const now = Date.now();

// Hours pass on the clock of whoever asks: a `Date` of ours would tell it that none has passed.
const { emit } = http.Server.prototype;
http.Server.prototype.emit = function (event: string, ...args: unknown[]): boolean {
  const [, response] = args;
  if (event === 'request' && response instanceof http.ServerResponse) response.sendDate = false;
  return Reflect.apply(emit, this, [event, ...args]);
};

/** Of a hundred: six jobs with five runs, five models, the rest tables. */
function largeDatabricks(size: number): Promise<LargeServer> {
  const [jobs, runs, models] = [0.06, 0.05, 0.05].map((part) => Math.ceil(size * part)) as [number, number, number];
  return fakeDatabricks(now, { jobs, runs, models, tables: size - jobs - runs - models });
}

type Server = Pick<LargeServer, 'url' | 'asked'>;

/** Jobs with a run each, in a chain of data that ended a day ago. */
async function largeMarquez(size: number): Promise<Server> {
  const fake = await fakeMarquez();
  const namespace = 'large';
  const data = (at: number) => ({ namespace: 'snowflake://large', name: `DB.PUBLIC.T${at}`, facets: {} });
  for (let n = 0; n < size / 2; n += 1) {
    const run = { runId: `01941f29-7c00-7000-8000-${String(n).padStart(12, '0')}`, facets: {} };
    const whole = { run, job: { namespace, name: `job-${n}`, facets: {} }, inputs: [data(n)], outputs: [data(n + 1)] };
    const at = now - 86_400_000 - n * 60_000;
    fake.post({ ...whole, eventType: 'START', eventTime: new Date(at).toISOString() });
    fake.post({ ...whole, eventType: 'COMPLETE', eventTime: new Date(at + 30_000).toISOString() });
  }
  return fake;
}

/** Tables of one schema; every warehouse sleeps. A statement that a warehouse would run is said as one. */
async function largeSnowflake(size: number): Promise<Server> {
  const fake = await fakeSnowflake(now);
  for (let n = 0; n < size; n += 1) fake.world.tables.push(table('PROD', 'ML', `T${n}`));
  for (const warehouse of fake.world.warehouses) Object.assign(warehouse, { state: 'SUSPENDED', running: 0 });
  const asked = {
    splice: () => [
      ...fake.asked
        .splice(0)
        .map(({ statement }) =>
          /^SELECT\b[\s\S]*\bFROM\b/.test(statement) ? 'POST /warehouse/statements' : `POST ${statement}`,
        ),
      ...fake.others.splice(0),
    ],
  };
  return { url: fake.url, asked: Object.assign([], asked) };
}

const makers: Readonly<Record<string, (size: number) => Promise<Server>>> = {
  airflow: (size) => largeAirflow(size, now),
  alertmanager: (size) => largeAlertmanager(size, now),
  databricks: largeDatabricks,
  marquez: largeMarquez,
  snowflake: largeSnowflake,
  datadog: (size) => fakeDatadog(now, { monitors: Math.floor(size / 2), metrics: Math.ceil(size / 2) }),
  dbt: (size) => largeDbtCloud(size, now),
  mlflow: (size) => largeMlflow(size, now),
  prometheus: largePrometheus,
  ray: (size) => largeRay(size, now),
  s3: (size) => largeS3(size, now, Math.min(200, Math.max(1, Math.ceil(size / 100)))),
};

const [, , tool = '', size = '0'] = process.argv;
const maker = makers[tool];
if (!maker) throw new Error(`There is no server of many things for ${tool}.`);
const server = await maker(Number(size));
process.on('message', () => {
  process.send?.({ asked: server.asked.splice(0) });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: server.url });
