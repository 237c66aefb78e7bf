// An Airflow of a thousand DAGs: they are not listed at every poll, and soon enough where something happened to them.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { largeAirflow } from '../fakes/large/airflow.ts';
import { scanned } from '../support/scan.ts';
import { connected, recorded } from './airflowServer.ts';

const minute = 60_000;
const start = Date.parse('2026-11-23T14:10:00Z');
const everyJob = [{ kind: 'job', scope: 'airflow://acme' }];

async function arranged(context: TestContext, size: number) {
  const beside = { errors: [] as object[], events: [] as object[] };
  const server = await largeAirflow(size, start, beside);
  context.after(() => server.close());
  const clock = { at: start };
  const { connector } = connected(server, { secret: { kind: 'token', token: 'any' }, now: () => clock.at });
  let cursor: string | undefined;
  const poll = async (after: number) => {
    clock.at += after;
    server.asked.length = 0;
    const scan = await scanned(connector, undefined, cursor);
    ({ cursor } = scan);
    assert.deepEqual(scan.problems, []);
    const lists = server.asked.filter((one) => /\/(dags|assets)\?/.test(one)).length;
    return { scan, lists, asked: server.asked.length };
  };
  return { poll, beside };
}

function answer(path: string, field: string): object {
  const said = recorded('v2').get(path) as Readonly<Record<string, readonly object[]>>;
  return said[field]?.[0] ?? {};
}

test('many DAGs are listed once, and again after a quarter of an hour', async (context) => {
  const { poll } = await arranged(context, 2_000);
  const first = await poll(0);
  assert.equal(first.lists, 12);
  assert.deepEqual(first.scan.covered, everyJob);
  const second = await poll(5 * minute);
  assert.deepEqual([second.lists, second.scan.covered, second.scan.continued], [0, [], everyJob]);
  assert.equal(second.scan.incremental, true);
  assert.ok(second.asked <= 8, `${second.asked} requests`);
  const third = await poll(11 * minute);
  assert.deepEqual([third.lists, third.scan.covered], [12, everyJob]);
});

test('a new import error has them listed at once', async (context) => {
  const { poll, beside } = await arranged(context, 2_000);
  await poll(0);
  beside.errors.push(answer('/importErrors', 'import_errors'));
  const { lists, scan } = await poll(minute);
  assert.equal(lists, 12);
  assert.ok(scan.entities.some(({ facts }) => facts?.broken !== undefined));
  assert.equal((await poll(minute)).lists, 0);
});

test('where somebody paused a DAG they are listed with the next poll', async (context) => {
  const { poll, beside } = await arranged(context, 2_000);
  await poll(0);
  beside.events.push(answer('/eventLogs', 'event_logs'));
  assert.equal((await poll(minute)).lists, 0);
  beside.events.length = 0;
  assert.equal((await poll(minute)).lists, 12);
});

test('few DAGs are listed each time', async (context) => {
  const { poll } = await arranged(context, 200);
  await poll(0);
  assert.equal((await poll(minute)).lists, 2);
});
