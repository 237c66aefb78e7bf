// A process of its own that serves many things of one tool and counts what it is asked: node main.ts TOOL SIZE
import { fakeDatabricks } from '../databricks/server.ts';
import { fakeDatadog } from '../datadog/server.ts';
import { largeAirflow } from './airflow.ts';
import { largeDbtCloud } from './dbtCloud.ts';
import { largeMlflow } from './mlflow.ts';
import { largeAlertmanager, largePrometheus } from './prometheus.ts';
import { largeRay } from './ray.ts';
import { largeS3 } from './s3.ts';
import type { LargeServer } from './serve.ts';

const now = Date.now();

/** Of a hundred: six jobs with five runs, five models, the rest tables. */
function largeDatabricks(size: number): Promise<LargeServer> {
  const [jobs, runs, models] = [0.06, 0.05, 0.05].map((part) => Math.ceil(size * part)) as [number, number, number];
  return fakeDatabricks(now, { jobs, runs, models, tables: size - jobs - runs - models });
}

const makers: Readonly<Record<string, (size: number) => Promise<LargeServer>>> = {
  airflow: (size) => largeAirflow(size, now),
  alertmanager: (size) => largeAlertmanager(size, now),
  databricks: largeDatabricks,
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
