// Searched logs: a jump to logs ends in Datadog's logs of the time where the tool itself kept none, and at those that a monitor counts.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Catalog } from '../../server/catalog/catalog.ts';
import { parseRemoteLog, type Run } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { parseLogKey } from '../../server/connectors/datadog/logs/key.ts';
import { type Ask, explainWithLogs, type JumpWorld, logWindow } from '../../server/incidents/jump.ts';
import { incidents } from '../../server/incidents/list.ts';
import { withSearchedLogs } from '../../server/incidents/searchedLogs.ts';
import { answerLog } from '../../server/sync/live/logQuestions.ts';
import { remoteLogs } from '../../server/sync/live/remoteLogs.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { createHost } from '../../server/world/host.ts';
import { datadogOver } from '../connectors/datadog/connected.ts';
import { fakeDatadog } from '../fakes/datadog/server.ts';
import { memoryLog } from '../support/log.ts';

const minute = 60_000;
const now = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;
const { config } = parsePlumblineFile('version: 1');
const job = 'job:airflow://a/train_churn';
const task = 'task:airflow://a/train_churn/fit';

const run = (id: string, of: string, more: Partial<Run> = {}): Run => ({
  ...{ id, of: [of], name: id.split('/').at(-1) ?? id, status: 'failed', startedAt: now - 46 * minute },
  ...{ endedAt: now - 44 * minute, metrics: [], params: [], inputs: [], outputs: [], logs: [], linked: [], ...more },
});
const whole = run('run:airflow://a/train_churn/r7', job);
const part = run('run:airflow://a/train_churn/r7/fit/-1/1', task, { parent: whole.id });

/** An Airflow whose logs are gone, and what the fake Datadog tells. */
async function world(t: TestContext, environments: { readonly airflow?: string; readonly datadog?: string } = {}) {
  const fake = await fakeDatadog(now);
  const { store } = CatalogStore.open(':memory:', { now: () => now });
  t.after(async () => {
    store.close();
    await fake.close();
  });
  const airflow = store.writer().startScan(source('airflow', 'airflow://a', environments.airflow), now);
  airflow.apply({
    entities: [
      { id: job, kind: 'job', name: 'train_churn', facts: {} },
      { id: task, kind: 'task', name: 'train_churn.fit' },
    ],
    runs: [whole, part],
  });
  airflow.finish();
  const connector = datadogOver(fake, { name: 'dd', now: () => now, catalog: store.snapshot() });
  const scan = store.writer().startScan(source('dd', connector.scope, environments.datadog, 'datadog'), now);
  for await (const page of connector.scan(signal)) scan.apply(page);
  scan.finish();
  const ask: Ask = (work) =>
    store.read((catalog) => {
      const list = incidents(catalog, config, now);
      return work({ catalog, config, now, incidents: list, ownerOf: () => undefined });
    });
  return { fake, store, ask, jump: jumpWorld(connector) };
}

function source(name: string, scope: string, environment: string | undefined, tool = name) {
  const kinds = ['job', 'task', 'monitor', 'metric', 'run'] as const;
  return { name, tool, scope, kinds, ...(environment === undefined ? {} : { environment }) };
}

/** Logs are asked of this connection, as the worker does. */
function jumpWorld(connector: LiveConnector): JumpWorld {
  const local = createHost({ log: memoryLog(), trusted: false });
  const reader = remoteLogs({ local, now: () => now, ask: (question) => answerLog(connector, question, signal) });
  return { reader, files: [], repositoryOf: async () => undefined, repositories: async () => [] };
}

test('a failed run without a log of its own is explained by what Datadog has of its task in that time', async (t) => {
  const { ask, jump } = await world(t);
  const chain = await explainWithLogs(`incident:failedRun:${job}`, ask, jump);
  assert.match(chain.log?.root?.text ?? '', /ValueError: Input contains NaN/);
  assert.equal(parseRemoteLog(chain.log?.file ?? '')?.source, 'dd');
  const window = await logWindow({ run: part.id }, ask, jump);
  assert.ok(!('problem' in window), JSON.stringify(window));
  assert.match(window.text, /T11:15:00\.000Z INFO train@worker-1: begins to fit\n/);
  assert.doesNotMatch(window.text, /somewhere else/, 'of other services nothing is shown');
});

test('a monitor that counts logs leads to those that it counts', async (t) => {
  const { ask, jump } = await world(t);
  const alert = ask(({ incidents: list }) => list.find(({ title }) => title === 'Errors while training'));
  assert.ok(alert);
  const chain = await explainWithLogs(alert.id, ask, jump);
  assert.match(chain.log?.root?.text ?? '', /ValueError: Input contains NaN/);
  assert.ok(!chain.evidence.some(({ title }) => /read is not known/.test(title)));
});

test('what is asked: the tags of the run, from a minute before to five after it', async (t) => {
  const { store } = await world(t);
  const keyOf = (one: Run, catalog: Catalog = store.snapshot()) => {
    const [first] = withSearchedLogs(catalog, one).logs;
    return parseLogKey(parseRemoteLog(first?.file ?? '')?.key ?? '');
  };
  assert.deepEqual(keyOf(part), {
    query: '(dag_id:"train_churn" OR @dag_id:"train_churn" OR service:"train_churn") (task_id:"fit" OR @task_id:"fit")',
    ...{ from: now - 47 * minute, to: now - 39 * minute },
  });
  const { endedAt: _, ...running } = part;
  assert.equal(keyOf(running)?.to, undefined);
  const { startedAt: _none, ...never } = part;
  assert.equal(keyOf(never), undefined);
  const hostile = run('run:airflow://a/x', 'job:airflow://a/a") OR (*', { status: 'failed' });
  assert.match(keyOf(hostile)?.query ?? '', /^\(dag_id:"a\\"\) OR \(\*" OR /);
  const ray = run('run:ray://r/raysubmit_0123456789abcdef', 'job:ray://r/tune');
  assert.equal(keyOf(ray)?.query, '(service:"tune" OR job_name:"tune" OR "raysubmit_0123456789abcdef")');
});

test('a Datadog of another environment is not asked', async (t) => {
  const { store } = await world(t, { airflow: 'prod', datadog: 'staging' });
  assert.deepEqual(withSearchedLogs(store.snapshot(), whole).logs, []);
  const same = await world(t, { airflow: 'prod', datadog: 'prod' });
  assert.equal(withSearchedLogs(same.store.snapshot(), whole).logs.length, 1);
});
