// The live sync of a window: how often it asks, what it does when a server is away, and how windows share the work.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { HttpError } from '../../../server/connectors/httpError.ts';
import type { Secret } from '../../../server/protocol/connection.ts';
import { until } from '../../support/clock.ts';
import { testFolder } from '../../support/folder.ts';
import type { MemoryLog } from '../../support/log.ts';
import { begins, connection, hour, minute, modelOf, openWindow, Server, TestClock, type Window } from './world.ts';

const unreachable = () => Promise.reject(new HttpError('unreachable', 'a: nothing listens at a:5000. Start it.'));
const never = () => new Promise<void>(() => {});

function begin(context: TestContext, names: readonly string[], more: Parameters<typeof openWindow>[2] = {}) {
  const clock = new TestClock();
  const servers = Object.fromEntries(names.map((name) => [name, new Server()]));
  const window = openWindow(clock, servers, more);
  context.after(() => window.side.stop());
  window.side.setConnections(names.map((name) => connection(name)));
  const server = (name: string): Server => servers[name] as Server;
  return { clock, window, server };
}

const isAsking = ({ lines }: MemoryLog) => lines.some((line) => line.includes('this window asks'));
const statusOf = ({ side }: Window, name: string) => side.statuses().find((status) => status.name === name);
const modelsCovered = ({ store }: Window) => store.snapshot().covers('model', 'mlflow', 'mlflow://a:5000').covered;

test('an idle hour is quiet: one full scan, then what changed every five minutes, and nothing looked at', async (context) => {
  const { clock, server, window } = begin(context, ['a']);
  await clock.pass(hour);
  assert.equal(server('a').scans[0], 'full');
  assert.ok(server('a').scans.length <= 13, `${server('a').scans.length} scans`);
  assert.ok(server('a').scans.length >= 11);
  assert.deepEqual(server('a').scans.slice(1, 3), ['c1', 'c2'], 'each goes on from the one before');
  assert.equal(server('a').described.length, 0);
  assert.equal(statusOf(window, 'a')?.health, 'fresh');
  assert.equal(statusOf(window, 'a')?.entities, 1);
  await clock.pass(6 * hour);
  assert.equal(server('a').scans.filter((since) => since === 'full').length, 2, 'all there is every six hours');
});

test('what a focused window shows is a minute old at most, and costs one look for each 40 seconds', async (context) => {
  const { clock, server, window } = begin(context, ['a', 'b']);
  await clock.pass(minute);
  window.side.attend({ focused: true, ids: [modelOf('a')] });
  await clock.pass(2_000);
  let oldest = 0;
  for (let second = 0; second < 1_800; second++) {
    await clock.pass(1_000);
    const [facts] = window.store.snapshot().factsBySource(modelOf('a'));
    oldest = Math.max(oldest, clock.now() - (facts?.asOf ?? 0));
  }
  assert.ok(oldest <= minute, `${oldest} ms`);
  assert.ok(server('a').described.length <= 46, `${server('a').described.length} looks in half an hour`);
  assert.ok(server('a').scans.length <= 34, `${server('a').scans.length} scans`);
  assert.equal(server('b').described.length, 0, 'nobody looks at the other one');
  assert.ok(server('b').scans.length <= 8);
  const looks = server('a').described.length;
  window.side.attend({ focused: false, ids: [modelOf('a')] });
  await clock.pass(10 * minute);
  assert.equal(server('a').described.length, looks, 'without focus nothing is looked at');
});

test('a server that never answers delays no other one, and is not asked twice', async (context) => {
  const { clock, server, window } = begin(context, ['a', 'b']);
  server('a').trouble = never;
  await clock.pass(30 * minute);
  assert.equal(server('a').scans.length, 1);
  assert.equal(statusOf(window, 'a')?.health, 'never');
  assert.equal(statusOf(window, 'b')?.health, 'fresh');
  assert.ok(server('b').scans.length >= 6);
});

test('a server that goes away: old facts stay with their age, nothing is proved, no storm; its return is noticed', async (context) => {
  const { clock, server, window } = begin(context, ['a']);
  await clock.pass(minute);
  assert.equal(modelsCovered(window), true);
  server('a').trouble = unreachable;
  await clock.pass(10 * minute);
  const down = statusOf(window, 'a');
  assert.equal(down?.health, 'failing');
  assert.match(down?.reason ?? '', /nothing listens at a:5000\. Start it\./);
  assert.equal(window.store.snapshot().facts(modelOf('a')).owner, 'ana');
  assert.equal(modelsCovered(window), false);
  const before = server('a').scans.length;
  await clock.pass(hour);
  assert.ok(server('a').scans.length - before <= 14, `${server('a').scans.length - before} tries in an hour`);
  window.side.attend({ focused: true, ids: [modelOf('a')] });
  await clock.pass(10 * minute);
  server('a').trouble = undefined;
  server('a').models.set('churn', 'bo');
  await clock.pass(80_000);
  assert.equal(statusOf(window, 'a')?.health, 'fresh');
  assert.equal(window.store.snapshot().facts(modelOf('a')).owner, 'bo');
  assert.equal(modelsCovered(window), true, 'what was covered still is, since it was gone on from there');
  assert.equal(server('a').scans.filter((since) => since === 'full').length, 1);
});

test('every server down at start: yesterday is shown at once, called old, and then why', async (context) => {
  const { clock, server, window } = begin(context, ['a']);
  await clock.pass(minute);
  await window.side.stop();
  await clock.pass(24 * hour);
  server('a').trouble = unreachable;
  const again = openWindow(clock, { a: server('a') }, { store: window.store });
  context.after(() => again.side.stop());
  again.side.setConnections([connection('a')]);
  assert.equal(statusOf(again, 'a')?.health, 'stale');
  assert.equal(again.store.snapshot().factsBySource(modelOf('a'))[0]?.asOf, begins);
  await clock.pass(1_000);
  assert.equal(statusOf(again, 'a')?.health, 'failing');
  assert.equal(again.store.snapshot().facts(modelOf('a')).owner, 'ana');
});

test('a refused secret: said, not tried again and again, and asked for anew once it changed', async (context) => {
  let secret: Secret | undefined;
  const asked: string[] = [];
  const { clock, server, window } = begin(context, ['a'], {
    secretOf: async (name, origin) => {
      asked.push(`${name} ${origin}`);
      return secret;
    },
  });
  server('a').trouble = async () => {
    if (server('a').secrets.at(-1)?.kind !== 'token') throw new HttpError('unauthorized', 'a: sign in.');
  };
  await clock.pass(hour);
  const status = statusOf(window, 'a');
  assert.equal(status?.health, 'forbidden');
  assert.equal(status?.reason, 'a: sign in.');
  assert.ok(server('a').scans.length <= 13, `${server('a').scans.length} tries`);
  assert.equal(asked[0], 'a http://a:5000');
  const tries = server('a').scans.length;
  for (let turn = 0; turn < 20; turn++) {
    window.side.attend({ focused: turn % 2 === 0, ids: [modelOf('a')] });
    await clock.pass(10_000);
  }
  assert.ok(server('a').scans.length <= tries + 1, 'who comes and goes makes no more of it');
  secret = { kind: 'token', token: 'once-only-secret' };
  window.side.secretChanged('a');
  await clock.pass(1_000);
  assert.equal(statusOf(window, 'a')?.health, 'fresh');
  assert.equal(
    window.log.lines.some((line) => line.includes('once-only-secret')),
    false,
  );
});

test('one forbidden part is said, and the rest stays good', async (context) => {
  const { clock, server, window } = begin(context, ['a']);
  server('a').problem = 'No runs: 403 at /runs. Ask for the right to read them.';
  await clock.pass(11 * minute);
  assert.equal(statusOf(window, 'a')?.health, 'fresh');
  assert.match(statusOf(window, 'a')?.reason ?? '', /403 at \/runs/);
  assert.equal(modelsCovered(window), true);
  assert.equal(server('a').scans.filter((since) => since === 'full').length, 1);
  server('a').problem = undefined;
  await clock.pass(11 * minute);
  assert.equal(
    server('a').scans.filter((since) => since === 'full').length,
    2,
    'what was missing comes with all there is',
  );
});

test('what a part could not tell comes with a full scan, also when the server was down in between', async (context) => {
  const { clock, server } = begin(context, ['a']);
  await clock.pass(minute);
  server('a').problem = 'No runs: 403 at /runs. Ask for the right to read them.';
  await clock.pass(10 * minute);
  server('a').trouble = unreachable;
  await clock.pass(10 * minute);
  server('a').trouble = undefined;
  server('a').problem = undefined;
  const before = server('a').scans.length;
  await clock.pass(20 * minute);
  assert.equal(
    server('a')
      .scans.slice(before)
      .filter((since) => since === 'full').length,
    1,
  );
});

test('Retry-After is kept to', async (context) => {
  const { clock, server } = begin(context, ['a']);
  server('a').trouble = () =>
    Promise.reject(new HttpError('rateLimited', 'a: asked to wait.', { status: 429, retryAfterMs: 30 * minute }));
  await clock.pass(29 * minute);
  assert.equal(server('a').scans.length, 1);
  server('a').trouble = undefined;
  await clock.pass(2 * minute);
  assert.equal(server('a').scans.length, 2);
});

test('a hover past the lifetime of its facts asks once, and within it not at all', async (context) => {
  const { clock, server, window } = begin(context, ['a']);
  await clock.pass(minute);
  server('a').models.set('churn', 'bo');
  await Promise.all([window.side.freshen([modelOf('a')]), window.side.freshen([modelOf('a')])]);
  assert.equal(server('a').described.length, 1);
  assert.equal(window.store.snapshot().facts(modelOf('a')).owner, 'bo');
  await clock.pass(5_000);
  await window.side.freshen([modelOf('a')]);
  assert.equal(server('a').described.length, 1);
  await clock.pass(6_000);
  server('a').trouble = unreachable;
  await window.side.freshen([modelOf('a')]);
  assert.equal(server('a').described.length, 2);
  await clock.pass(1_000);
  assert.equal(statusOf(window, 'a')?.health, 'failing', 'that it is away is noticed by the way');
  await clock.pass(20_000);
  await window.side.freshen([modelOf('a')]);
  assert.equal(server('a').described.length, 2, 'a connection that is not healthy is not asked by hovers');
});

test('a look in the middle of a long scan is seen at once and survives it', async (context) => {
  const { clock, server, window } = begin(context, ['a']);
  await clock.pass(minute);
  let free = (): void => {};
  server('a').trouble = () =>
    new Promise<void>((resolve) => {
      free = resolve;
    });
  await clock.pass(5 * minute);
  server('a').trouble = undefined;
  server('a').models.set('churn', 'bo');
  await window.side.freshen([modelOf('a')]);
  const { facts, asOf } = window.store.snapshot().factsBySource(modelOf('a'))[0] ?? {};
  assert.deepEqual([facts?.owner, asOf], ['bo', clock.now()]);
  free();
  await clock.pass(1_000);
  const [change] = window.store.snapshot().changes(modelOf('a'), 'owner');
  assert.deepEqual([change?.before, change?.after], ['ana', 'bo']);
});

test('paused connections are not asked; removed ones are forgotten; a name that moved begins anew', async (context) => {
  const { clock, server, window } = begin(context, ['a', 'b']);
  await clock.pass(minute);
  window.side.setConnections([connection('a', { paused: true }), connection('b')]);
  const before = server('a').scans.length;
  await clock.pass(hour);
  assert.equal(server('a').scans.length, before);
  assert.equal(statusOf(window, 'a')?.paused, true);
  assert.equal(statusOf(window, 'a')?.nextAt, undefined);
  assert.equal(window.store.snapshot().facts(modelOf('a')).owner, 'ana');
  window.side.setConnections([connection('b')], false);
  await clock.pass(10 * minute);
  assert.equal(window.store.snapshot().facts(modelOf('a')).owner, 'ana', 'a mistake in the file may hide it');
  window.side.setConnections([connection('b', { url: 'http://a:5000' })]);
  await clock.pass(2 * minute);
  assert.deepEqual(
    window.store
      .snapshot()
      .sources()
      .map(({ name, scope }) => [name, scope]),
    [['b', 'mlflow://a:5000']],
  );
  assert.equal(window.store.snapshot().get(modelOf('b')), undefined);
  assert.equal(window.store.snapshot().facts(modelOf('a')).owner, 'ana');
});

test('a configuration that cannot be used says so, and the others go on', async (context) => {
  const { clock, window } = begin(context, ['a']);
  window.side.setConnections([connection('a'), connection('x', { tool: 'airflow' })]);
  await clock.pass(minute);
  assert.equal(statusOf(window, 'x')?.health, 'failing');
  assert.match(statusOf(window, 'x')?.reason ?? '', /cannot ask airflow/);
  assert.equal(statusOf(window, 'a')?.health, 'fresh');
});

test('five windows ask as one; what is on their screens counts; the next one takes over', async (context) => {
  const clock = new TestClock();
  const file = testFolder(context).at('live.db');
  const server = new Server();
  const windows = Array.from({ length: 5 }, () => {
    const { store } = CatalogStore.open(file, { now: () => clock.now() });
    const window = openWindow(clock, { a: server }, { store, timing: { leaseBeatMs: 20 } });
    context.after(async () => {
      await window.side.stop();
      store.close();
    });
    window.side.setConnections([connection('a')]);
    return window;
  });
  const [first, second] = windows as [Window, Window];
  await clock.pass(2 * minute);
  assert.equal(server.scans.length, 1, 'one of the five asked');
  second.side.attend({ focused: true, ids: [modelOf('a')] });
  await clock.pass(10 * minute);
  assert.ok(server.scans.length >= 10 && server.scans.length <= 13, `${server.scans.length} scans`);
  assert.ok(server.described.length >= 10 && server.described.length <= 17, `${server.described.length} looks`);
  assert.equal(statusOf(second, 'a')?.health, 'fresh');
  assert.equal(statusOf(second, 'a')?.nextAt, undefined, 'another window asks');
  const before = server.scans.length;
  await second.side.syncNow('a');
  await clock.pass(5_000);
  assert.ok(server.scans.length > before, 'the one that asks was told');
  server.logs.set('1', { text: 'hello', complete: true });
  assert.equal((await second.side.askLog({ source: 'a', key: '1', ask: 'whole' })).whole?.text, 'hello');
  await assert.rejects(second.side.askLog({ source: 'a', key: '2', ask: 'whole' }), /a has no log 2/);
  await assert.rejects(second.side.askLog({ source: 'z', key: '2', ask: 'whole' }), /z, which is configured no more/);
  await first.side.stop();
  const left = server.scans.length;
  // The lease is looked at by the clock of the machine.
  await until('another window to go on', () => windows.some(({ log }) => log !== first.log && isAsking(log)));
  await clock.pass(10 * minute);
  assert.ok(server.scans.length >= left + 9, 'it asks as before');
});

test('it stops within two seconds, whatever hangs', async (context) => {
  const { clock, server, window } = begin(context, ['a', 'b']);
  server('a').trouble = never;
  await clock.pass(1_000);
  const began = performance.now();
  await window.side.stop();
  assert.ok(performance.now() - began < 2_000);
});
