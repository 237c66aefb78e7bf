// Event log: what a task's procedure logged, read on demand through a warehouse that is awake anyway.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRemoteLog } from '../../../server/catalog/run.ts';
import { parseEventLogKey } from '../../../server/connectors/snowflake/eventLog.ts';
import { fakeSnowflake } from '../../fakes/snowflake/server.ts';
import { notThere } from '../../fakes/snowflake/world.ts';
import { scanned } from '../../support/scan.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const minute = 60_000;
const signal = new AbortController().signal;
const query = '01b2c3d4-0000-1111-0000-000000000009';
const key = `events/${query}/${now - 60 * minute}`;

async function connected(t: { after(run: () => unknown): void }) {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  let at = now;
  const over = snowflakeOver(fake, usualSecret, { now: () => at });
  const read = async (one = key) => over.connector.readLog?.(one, signal);
  return { fake, ...over, read, pass: (ms: number) => (at += ms) };
}

test('a task that calls a procedure has its log, one of plain SQL has none; nothing is read of it in a scan', async (t) => {
  const { fake, connector } = await connected(t);
  const { runs } = await scanned(connector);
  const logs = (task: string) =>
    runs.find(({ of, parent }) => parent !== undefined && of[0]?.endsWith(`/${task}`))?.logs ?? [];
  assert.deepEqual(
    logs('nightly').map(({ file, title }) => [parseRemoteLog(file), title]),
    [[{ source: 'live', key }, 'event table']],
  );
  assert.deepEqual(logs('validate'), []);
  assert.ok(!fake.asked.some(({ statement }) => statement.includes('TELEMETRY')));
});

test('lines come in order with severity and logger, an exception with its stack trace; the seconds are counted', async (t) => {
  const { fake, connector, read } = await connected(t);
  const log = await read();
  assert.equal(
    log?.text,
    [
      '2026-11-23T11:00:00.000Z INFO score: scoring 4711 rows',
      "2026-11-23T11:01:00.000Z FATAL: KeyError: 'tenure'",
      'Traceback (most recent call last):',
      '  File "score.py", line 7, in main',
      '    row["tenure"]',
      "KeyError: 'tenure'",
      '',
    ].join('\n'),
  );
  assert.equal(log?.complete, true);
  assert.equal(connector.warehouseSeconds, 1);
  const asked = fake.asked.filter(({ warehouse }) => warehouse !== undefined);
  assert.deepEqual(
    asked.map(({ warehouse }) => warehouse),
    ['LOAD_WH'],
  );
  await read();
  assert.equal(fake.asked.filter(({ warehouse }) => warehouse !== undefined).length, 1, 'it was read a moment ago');
});

test('a query that logged nothing is said, by the table that was asked', async (t) => {
  const { fake, read } = await connected(t);
  fake.world.answers.unshift([
    /^SHOW PARAMETERS/,
    { columns: ['key', 'value'], rows: [['EVENT_TABLE', 'ops."Tele metry".events']] },
  ]);
  const log = await read('events/01b2c3d4-0000-1111-0000-000000000008/1000');
  assert.match(
    log?.text ?? '',
    /^\[Plumbline: the event table "OPS"\."Tele metry"\."EVENTS" has nothing that query 01b2c3d4/,
  );
});

test('no warehouse is woken for it; an idle one is asked a few times for each time that somebody woke it', async (t) => {
  const { fake, read, pass } = await connected(t);
  for (const one of fake.world.warehouses) one.state = 'SUSPENDED';
  await assert.rejects(read(), /live: 127.*none is awake.*ALTER WAREHOUSE … RESUME.*open the log again/);
  const [load] = fake.world.warehouses;
  assert.ok(load);
  Object.assign(load, { state: 'STARTED', running: 0 });
  for (const _ of [1, 2, 3, 4, 5]) {
    assert.match((await read())?.text ?? '', /scoring 4711 rows/);
    pass(2 * minute);
  }
  await assert.rejects(read(), /none is awake that may be asked/);
  load.resumedOn = String((now + 5_000_000) / 1000);
  assert.match((await read())?.text ?? '', /scoring/);
  assert.deepEqual(fake.woken, []);
});

test('a role that may only see the view reads that', async (t) => {
  const { fake, read } = await connected(t);
  fake.world.answers.unshift([/FROM SNOWFLAKE\.TELEMETRY\.EVENTS WHERE/, notThere("Table 'EVENTS'")]);
  assert.match((await read())?.text ?? '', /EVENTS_VIEW has nothing/);
  assert.ok(fake.asked.at(-1)?.statement.includes('FROM SNOWFLAKE.TELEMETRY.EVENTS_VIEW WHERE'));
});

test('what is no key of ours is refused in words', async (t) => {
  const { read } = await connected(t);
  for (const other of ['', 'events/', "events/01'--/5", `events/${query}/x`, `events/${query}/1/2`]) {
    assert.equal(parseEventLogKey(other), undefined);
    await assert.rejects(read(other), /Open it from its run again/);
  }
});
