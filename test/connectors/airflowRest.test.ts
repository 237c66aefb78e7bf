// Airflow servers of both generations, by answers recorded from the real ones: what a scan, a look and a log give.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { parseRemoteLog, type Run } from '../../server/catalog/run.ts';
import type { RestDag, RestRun, RestTry } from '../../server/connectors/airflow/rest/shapes.ts';
import { type Surroundings, whyRunWaits } from '../../server/connectors/airflow/rest/waiting.ts';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { logText } from '../../server/incidents/logText.ts';
import { type Scanned, scanned } from '../support/scan.ts';
import { connected, type Generation, recordedAirflow } from './airflowServer.ts';

const signal = new AbortController().signal;
const generations: readonly Generation[] = ['v1', 'v2'];

async function described(connector: LiveConnector, id: string): Promise<CatalogChange[]> {
  const pages: CatalogChange[] = [];
  for await (const page of connector.describe([id], signal)) pages.push(page);
  return pages;
}

function runOf(scan: Pick<Scanned, 'runs'>, dag: string, name: string | RegExp): Run {
  const found = scan.runs.find(({ id, name: own }) => id.includes(`/${dag}/`) && own.match(name));
  assert.ok(found, `${dag} ${name}`);
  return found;
}

const key = (run: Run) => parseRemoteLog(run.logs[0]?.file ?? '')?.key ?? '';

for (const generation of generations) {
  describe(`Airflow ${generation === 'v2' ? '3' : '2'}`, () => {
    test('says who it is', async (context) => {
      const server = await recordedAirflow(context, generation);
      const { connector } = connected(server);
      const version = generation === 'v2' ? '3.3.2' : '2.10.5';
      assert.equal(await connector.greet(signal), `Airflow ${version}, 7 DAGs`);
      assert.equal(connector.scope, 'airflow://acme');
    });

    test('DAGs with their schedules, owners and troubles', async (context) => {
      const { connector } = connected(await recordedAirflow(context, generation));
      const scan = await scanned(connector);
      const facts = (id: string) => scan.entities.find((entity) => entity.id === id)?.facts;
      const weekly = facts('job:airflow://acme/churn_weekly');
      assert.deepEqual(
        [weekly?.schedule, weekly?.periodMs, weekly?.paused, weekly?.owner],
        ['0 5 * * 1', 7 * 86_400_000, true, 'growth-ml'],
      );
      const train = facts('job:airflow://acme/churn_train');
      assert.deepEqual([train?.tags, train?.description], [['churn'], 'Trains the churn model']);
      assert.equal(facts('job:airflow://acme/churn_score')?.schedule, 'on s3://acme-models/churn/model.pkl');
      const broken = scan.entities.find(({ facts: own }) => own?.broken !== undefined);
      assert.match(broken?.facts?.broken ?? '', /broken\.py:2: ModuleNotFoundError: No module named/);
      assert.deepEqual(scan.covered, [{ kind: 'job', scope: 'airflow://acme' }]);
      assert.deepEqual(scan.problems, []);
    });

    test('a broken file is told of its DAGs, where Airflow knows any', async (context) => {
      const server = await recordedAirflow(context, generation);
      const file = generation === 'v2' ? 'live.py' : '/opt/airflow/dags/live.py';
      const error = { filename: file, bundle_name: 'dags-folder', stack_trace: 'SyntaxError: invalid syntax\n' };
      server.instead = ({ path }) =>
        path === '/importErrors' ? { body: { import_errors: [error], total_entries: 1 } } : undefined;
      const scan = await scanned(connected(server).connector);
      const weekly = scan.entities.find(({ id }) => id.endsWith('/churn_weekly'));
      assert.equal(weekly?.facts?.broken, `${file}: SyntaxError: invalid syntax`);
      assert.equal(
        scan.entities.some(({ name }) => name === file),
        false,
      );
    });

    test('runs and tries, mapped ones too, and why some do not go on', async (context) => {
      const { connector } = connected(await recordedAirflow(context, generation));
      const scan = await scanned(connector);
      const failed = runOf(scan, 'churn_validate', /__/);
      assert.deepEqual([failed.status, failed.message], ['failed', 'check failed on try 2']);
      const tries = scan.runs
        .filter(({ parent }) => parent === failed.id)
        .map(({ name, status }) => `${name} ${status}`);
      assert.deepEqual(tries.sort(), ['check, try 1 failed', 'check, try 2 failed', 'load, try 1 success']);
      const parts = scan.runs
        .filter(({ of }) => of[0] === 'task:airflow://acme/churn_fan/part')
        .map(({ name }) => name);
      assert.deepEqual(parts.sort(), ['part[0], try 1', 'part[1], try 1', 'part[2], try 1']);
      assert.match(runOf(scan, 'churn_pool', /__/).message ?? '', /slot of the pool tight: none of its 0 is free/);
      assert.match(runOf(scan, 'churn_wait', /__/).message ?? '', /labels waits for its condition/);
      assert.equal(runOf(scan, 'churn_wait', 'labels').status, 'running');
      for (const one of scan.runs) assert.ok(!one.endedAt || (one.startedAt ?? 0) <= one.endedAt, one.id);
    });

    test('what tasks write, and what starts DAGs', async (context) => {
      const scan = await scanned(connected(await recordedAirflow(context, generation)).connector);
      const edges = scan.edges.filter(({ evidence }) => evidence === 'Airflow assets');
      assert.deepEqual(
        edges.map(({ from, relation, to, origin }) => `${from} ${relation} ${to} ${origin}`),
        [
          'job:airflow://acme/churn_train contains task:airflow://acme/churn_train/fit reported',
          'task:airflow://acme/churn_train/fit writes path:s3://acme-models/churn/model.pkl reported',
          'path:s3://acme-models/churn/model.pkl reads job:airflow://acme/churn_score reported',
        ],
      );
    });

    test('the page of a try in the web interface', async (context) => {
      const server = await recordedAirflow(context, generation);
      const scan = await scanned(connected(server).connector);
      const run = runOf(scan, 'churn_validate', 'check, try 2');
      const id = encodeURIComponent(runOf(scan, 'churn_validate', /__/).name);
      const page =
        generation === 'v2'
          ? `/dags/churn_validate/runs/${id}/tasks/check?try_number=2`
          : `/dags/churn_validate/grid?dag_run_id=${id}&task_id=check&map_index=-1&tab=logs`;
      assert.equal(run.url, `${server.url}${page}`);
    });

    test('a second scan asks for lists alone', async (context) => {
      const server = await recordedAirflow(context, generation);
      const { connector } = connected(server);
      const first = await scanned(connector);
      server.asked.length = 0;
      const second = await scanned(connector, signal, first.cursor);
      assert.equal(second.incremental, true);
      const lists = [
        '/dags',
        '/importErrors',
        '/dags/~/dagRuns',
        '/dags/~/dagRuns/~/taskInstances',
        '/pools',
        '/eventLogs',
      ];
      for (const asked of server.asked) {
        const path = asked.replace('GET ', '');
        assert.ok(lists.includes(path) || /^\/(assets|datasets)$/.test(path), asked);
      }
      assert.ok(server.asked.length <= 9, String(server.asked.length));
    });

    test('a run on screen says why it failed, with the ids its logs name', async (context) => {
      const { connector } = connected(await recordedAirflow(context, generation));
      const failed = runOf(await scanned(connector), 'churn_validate', /__/);
      const [page] = await described(connector, failed.id);
      assert.equal(page?.runs?.[0]?.message, "check: KeyError: 'churned'");
      const first = page?.runs?.find(({ name }) => name === 'check, try 1');
      assert.ok(first?.startedAt !== undefined && first.status === 'failed');
      assert.equal(page?.covered, undefined);
    });

    test('a job on screen says why its newest run failed', async (context) => {
      const { connector } = connected(await recordedAirflow(context, generation));
      const job = (await scanned(connector)).entities.find(({ id }) => /^job:.*\/churn_validate$/.test(id));
      const pages = await described(connector, job?.id ?? '');
      assert.equal(pages[1]?.runs?.[0]?.message, "check: KeyError: 'churned'");
    });

    test('the log of a try reads as a log with one Python traceback chain', async (context) => {
      const { connector } = connected(await recordedAirflow(context, generation));
      const run = runOf(await scanned(connector), 'churn_validate', 'check, try 2');
      const log = await connector.readLog?.(key(run), signal);
      assert.equal(log?.complete, true);
      const bytes = new TextEncoder().encode(log?.text ?? '');
      const lines = logText(bytes, 0, bytes.length).lines.map(({ text }) => text);
      const at = (words: string) => lines.findIndex((line) => line.includes(words));
      assert.ok(at("KeyError: 'churned'") > 0, lines.join('\n'));
      assert.ok(at("KeyError: 'churned'") < at('The above exception was the direct cause'));
      assert.ok(at('The above exception was the direct cause') < at('ValueError: labels are not usable'));
      assert.ok(lines.some((line) => /File "\/opt\/airflow\/dags\/live\.py", line \d+, in bad/.test(line)));
      assert.equal(at('Log message source details'), -1);
    });
  });
}

test('who paused a DAG, and when', async (context) => {
  const scan = await scanned(connected(await recordedAirflow(context, 'v2')).connector);
  const [told] = scan.events;
  assert.deepEqual(
    [told?.entity, told?.field, told?.value, told?.evidence],
    ['job:airflow://acme/churn_fan', 'paused', 'true', 'Airflow event log 32: admin paused it'],
  );
});

describe('why a run does not begin or go on', () => {
  const run: RestRun = { dag: 'd', run: 'r', state: 'queued', type: 'scheduled', words: '' };
  const dag: RestDag = { dag: 'd', owners: [], tags: [], maxActiveRuns: 1 };
  const one: RestTry = { dag: 'd', run: 'r', task: 't', map: -1, state: 'deferred', attempt: 1, words: '', pool: 'p' };
  const pools = new Map([['p', { pool: 'p', slots: 2, open: 0 }]]);
  const running = { ...run, state: 'running' };
  const cases: readonly (readonly [RestRun, readonly RestTry[], Surroundings, RegExp | undefined])[] = [
    [run, [], { dag: { ...dag, paused: true }, running: 0, pools }, /the DAG is paused/],
    [run, [], { dag, running: 1, pools }, /1 of at most 1 runs/],
    [run, [], { dag, running: 0, pools }, /scheduler has not started it/],
    [running, [one], { dag, running: 1, pools }, /deferred: it waits for an event/],
    [running, [{ ...one, state: 'scheduled' }], { dag, running: 1, pools }, /pool p: none of its 2 is free/],
    [running, [{ ...one, state: 'scheduled' }], { dag, running: 1, pools: new Map() }, /scheduler to start it/],
    [running, [{ ...one, state: 'up_for_retry' }, one], { dag, running: 1, pools }, /next try, and 1 more/],
    [running, [one, { ...one, state: 'running' }], { dag, running: 1, pools }, undefined],
    [{ ...run, state: 'success' }, [one], { dag, running: 0, pools }, undefined],
  ];
  for (const [at, tries, around, expected] of cases) {
    test(String(expected), () => {
      const why = whyRunWaits(at, tries, around);
      if (expected) assert.match(why ?? '', expected);
      else assert.equal(why, undefined);
    });
  }
});
