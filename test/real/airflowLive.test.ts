// Real Airflow 3 and 2, filled by runs of every kind, read live; changed; their tokens run out; killed and started again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { environment } from '../../scripts/python/environments.mjs';
import type { CatalogChange } from '../../server/catalog/change.ts';
import type { Content } from '../../server/catalog/content.ts';
import { parseRemoteLog, type Run } from '../../server/catalog/run.ts';
import { airflow } from '../../server/connectors/airflow/index.ts';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { HttpError } from '../../server/connectors/httpError.ts';
import { logText } from '../../server/incidents/logText.ts';
import { createExec } from '../../server/world/exec.ts';
import { openRepository } from '../../server/world/git.ts';
import { createHttp } from '../../server/world/http/client.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';
import { testRepository } from '../support/repository.ts';
import { type Scanned, scanned } from '../support/scan.ts';
import { AirflowProcess, admin, type Generation } from './airflowProcess.ts';

const signal = new AbortController().signal;

interface Connected {
  readonly connector: LiveConnector;
  /** `POST /auth/token`. */
  readonly asked: string[];
}

function connect(server: AirflowProcess): Connected {
  const connection = { name: 'flow', tool: 'airflow', url: server.url, instance: 'acme' } as const;
  const http = createHttp({ connection, env: {} });
  const asked: string[] = [];
  const connector = airflow.connect?.(connection, {
    fetch: (request, ...rest) => {
      asked.push(`${request.method ?? 'GET'} ${request.path}`);
      return http(request, ...rest);
    },
    secret: async () => ({ kind: 'basic', ...admin }),
    skewMs: 0,
    log: memoryLog(),
    now: () => Date.now(),
  });
  if (!connector) throw new Error('Airflow cannot be connected');
  return { connector, asked };
}

/** Scans on from the cursor until all DAGs have come as far as they can. */
async function settled(connector: LiveConnector, server: AirflowProcess): Promise<Scanned> {
  const end = Date.now() + 240_000;
  for (;;) {
    const scan = await scanned(connector);
    const states = Object.entries(expected).map(([dag, state]) => [state, ofDag(scan, dag)?.status]);
    const waits = scan.runs.some(({ message }) => /labels waits for its condition/.test(message ?? ''));
    if (waits && states.every(([wanted, state]) => wanted === state)) return scan;
    if (Date.now() > end)
      throw new Error(`Airflow has not run its DAGs: ${JSON.stringify(states)}\n${server.output()}`);
    await pause(2_000);
  }
}

const expected = {
  churn_train: 'success',
  churn_score: 'success',
  churn_fan: 'success',
  churn_validate: 'failed',
  churn_wait: 'running',
  churn_pool: 'running',
} as const;

function ofDag({ runs }: Pick<Scanned, 'runs'>, dag: string): Run | undefined {
  return runs.find(({ of, parent }) => parent === undefined && of[0] === `job:airflow://acme/${dag}`);
}

async function described(connector: LiveConnector, id: string): Promise<CatalogChange> {
  for await (const page of connector.describe([id], signal)) return page;
  throw new Error(`nothing is told of ${id}`);
}

async function readAll(context: TestContext, generation: Generation, lock: string): Promise<void> {
  const python = await environment(lock, (line) => context.diagnostic(line));
  const server = await AirflowProcess.make(generation, python, testFolder(context));
  context.after(() => server.stop());
  await server.startServer();
  server.startScheduler();
  const { connector, asked } = connect(server);
  assert.match(await connector.greet(signal), generation === 'v2' ? /^Airflow 3\.3\.\d/ : /^Airflow 2\.10\.5/);
  await dagsKnown(connector, server);
  for (const dag of ['churn_train', 'churn_validate', 'churn_fan', 'churn_wait', 'churn_pool']) {
    await server.change('POST', `/dags/${dag}/dagRuns`, generation === 'v2' ? { logical_date: null } : {});
  }
  const first = await settled(connector, server);
  definitions(first);
  executions(first);
  await looks(connector, first);
  await sources(context, connector, first);
  await changes(connector, server, first, asked);
  await restarts(connector, server, asked);
}

async function dagsKnown(connector: LiveConnector, server: AirflowProcess): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await connector.greet(signal)).endsWith(', 7 DAGs')) {
    if (Date.now() > end) throw new Error(`Airflow has not read its DAGs.\n${server.output()}`);
    await pause(1_000);
  }
}

function definitions(scan: Scanned): void {
  const facts = (dag: string) => scan.entities.find(({ id }) => id === `job:airflow://acme/${dag}`)?.facts;
  const { schedule, periodMs, paused, owner } = facts('churn_weekly') ?? {};
  assert.deepEqual([schedule, periodMs, paused, owner], ['0 5 * * 1', 7 * 86_400_000, true, 'growth-ml']);
  assert.equal(facts('churn_score')?.schedule, 'on s3://acme-models/churn/model.pkl');
  assert.ok(scan.entities.some(({ facts: own }) => /broken\.py:2: ModuleNotFoundError/.test(own?.broken ?? '')));
  const lineage = scan.edges.map(({ from, relation, to }) => `${from} ${relation} ${to}`);
  assert.ok(lineage.includes('task:airflow://acme/churn_train/fit writes path:s3://acme-models/churn/model.pkl'));
  assert.ok(lineage.includes('path:s3://acme-models/churn/model.pkl reads job:airflow://acme/churn_score'));
  assert.deepEqual([scan.covered, scan.problems], [[{ kind: 'job', scope: 'airflow://acme' }], []]);
}

function executions(scan: Scanned): void {
  const tries = (dag: string) => {
    const parent = ofDag(scan, dag)?.id;
    return scan.runs.filter((run) => run.parent === parent).map(({ name, status }) => `${name} ${status}`);
  };
  assert.deepEqual(tries('churn_validate').sort(), [
    'check, try 1 failed',
    'check, try 2 failed',
    'load, try 1 success',
  ]);
  assert.deepEqual(
    tries('churn_fan').sort(),
    [0, 1, 2].map((index) => `part[${index}], try 1 success`),
  );
  assert.match(ofDag(scan, 'churn_pool')?.message ?? '', /slot of the pool tight: none of its 0 is free/);
}

async function looks(connector: LiveConnector, scan: Scanned): Promise<void> {
  const failed = ofDag(scan, 'churn_validate');
  const page = await described(connector, failed?.id ?? '');
  assert.equal(page.runs?.[0]?.message, "check: KeyError: 'churned'");
  const first = page.runs?.find(({ name }) => name === 'check, try 1');
  assert.ok(first?.startedAt !== undefined && first.endedAt !== undefined);
  const tasks = await described(connector, 'job:airflow://acme/churn_validate');
  const check = tasks.entities?.find(({ name }) => name === 'churn_validate.check');
  assert.deepEqual([check?.facts?.owner, check?.facts?.operator], ['data-quality', 'PythonOperator']);

  const read = async (run: Run | undefined) =>
    connector.readLog?.(parseRemoteLog(run?.logs[0]?.file ?? '')?.key ?? '', signal);
  const log = await read(first);
  assert.equal(log?.complete, true);
  const bytes = new TextEncoder().encode(log?.text);
  const lines = logText(bytes, 0, bytes.length).lines.map(({ text }) => text);
  assert.ok(
    lines.some((line) => line.includes("KeyError: 'churned'")) &&
      lines.some((line) => /live\.py", line \d+, in bad/.test(line)),
  );
  const part = scan.runs.find(({ name }) => name === 'part[1], try 1');
  assert.match((await read(part))?.text ?? '', /part 2/);
  const waiting = scan.runs.find(({ name }) => name === 'labels, try 1');
  assert.equal((await read(waiting))?.complete, false);
}

/** What Airflow runs, against a repository that has it, and one that went on. */
async function sources(context: TestContext, connector: LiveConnector, scan: Scanned): Promise<void> {
  const text = readFileSync(path.join(import.meta.dirname, 'airflow_live_dags.py'), 'utf8');
  const repository = testRepository(context);
  const deployed = repository.commit('deployed', { 'jobs/dags/live.py': text });
  const git = await openRepository(repository.path, createExec(true));
  const held = async (content: Content | undefined) => {
    const match = await git?.holding(content ?? assert.fail('no content'), []);
    return [match?.is, match && 'first' in match && match.first];
  };
  const job = await described(connector, 'job:airflow://acme/churn_train');
  const { content } = job.entities?.find(({ id }) => id === 'job:airflow://acme/churn_train')?.facts ?? {};
  assert.deepEqual(await held(content), ['checkedOut', deployed]);
  repository.commit('not deployed', { 'jobs/dags/live.py': `${text}# more\n` });
  assert.deepEqual(await held(content), ['committed', deployed]);
  if (content?.version === undefined) return;
  const id = ofDag(scan, 'churn_train')?.id ?? '';
  const run = (await described(connector, id)).runs?.find((one) => one.id === id);
  assert.deepEqual([run?.content?.version, ...(await held(run?.content))], ['DAG version 1', 'committed', deployed]);
}

async function changes(
  connector: LiveConnector,
  server: AirflowProcess,
  first: Scanned,
  asked: string[],
): Promise<void> {
  const mask = server.generation === 'v1' ? '?update_mask=is_paused' : '';
  await server.change('PATCH', `/dags/churn_fan${mask}`, { is_paused: true });
  asked.length = 0;
  const next = await scanned(connector, signal, first.cursor);
  assert.equal(next.incremental, true);
  const fan = next.entities.find(({ id }) => id === 'job:airflow://acme/churn_fan');
  assert.equal(fan?.facts?.paused, true);
  const told = next.events.find(({ entity }) => entity === fan?.id);
  assert.deepEqual([told?.field, told?.value], ['paused', 'true']);
  const each = asked.filter((one) => /\/dags\/churn_/.test(one));
  assert.deepEqual(each, []);
}

async function restarts(connector: LiveConnector, server: AirflowProcess, asked: string[]): Promise<void> {
  const logins = () => asked.filter((one) => one === 'POST /auth/token').length;
  if (server.generation === 'v2') {
    // The life of a token is 15 seconds here.
    await pause(16_000);
    asked.length = 0;
    await scanned(connector);
    assert.equal(logins(), 1);
  }
  await server.killServer();
  await assert.rejects(scanned(connector), (error) => error instanceof HttpError && error.kind === 'unreachable');
  await server.startServer();
  asked.length = 0;
  assert.equal(ofDag(await scanned(connector), 'churn_validate')?.status, 'failed');
  assert.equal(logins(), server.generation === 'v2' ? 1 : 0);
}

test('Airflow 3', (context) => readAll(context, 'v2', 'airflow3'));
test('Airflow 2', (context) => readAll(context, 'v1', 'airflow2'));
