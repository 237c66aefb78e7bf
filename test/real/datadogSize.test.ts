// An organisation of a hundred thousand monitors and metrics: what the first scan asks and keeps, and that later ones ask no more for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { datadogOver } from '../connectors/datadog/connected.ts';
import { fakeDatadog } from '../fakes/datadog/server.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;

test('a hundred thousand things are some hundred questions once, and two a poll', async (t) => {
  const fake = await fakeDatadog(start, { monitors: 50_000, metrics: 50_000 });
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  let at = start;
  const connector = datadogOver(fake, { now: () => at, catalog: store.snapshot() });
  const identity = { name: 'live', tool: 'datadog', scope: connector.scope, kinds: connector.kinds };

  const sync = async (): Promise<readonly string[]> => {
    fake.asked.length = 0;
    const scan = store.writer().startScan(identity, at, { coveredDecides: true });
    for await (const page of connector.scan(signal, scan.before.cursor)) {
      assert.deepEqual(page.problems ?? [], []);
      scan.apply(page);
    }
    scan.finish();
    return [...fake.asked];
  };
  const first = await sync();
  const catalog = store.snapshot();
  assert.ok(catalog.size() > 100_000, `${catalog.size()} entities`);
  // Fifty pages of monitors, five of metrics, the tags of twenty that are watched, and what does not grow.
  assert.ok(first.length <= 51 + 6 + 8 + 20, `${first.length} questions`);
  for (const kind of ['monitor', 'metric'] as const) assert.equal(catalog.covers(kind, 'datadog').covered, true, kind);
  const unwell = catalog.alertingMonitors(1000).length;
  assert.ok(unwell > 100);

  at += 60_000;
  const recovered = fake.state.monitors.find(({ name }) => name === 'made 500')?.groups[0];
  const broken = fake.state.monitors.find(({ name }) => name === 'made 7')?.groups[0];
  assert.ok(recovered && broken);
  recovered.status = 'OK';
  broken.status = 'Alert';
  broken.triggered = Math.floor(at / 1000);
  const poll = await sync();
  assert.deepEqual(
    poll.filter((asked) => /\/monitor\/\d|\/metrics\/./.test(asked)),
    [],
  );
  assert.ok(poll.length <= 4, poll.join('\n'));
  const later = store.snapshot();
  const stateOf = (name: string) => later.find('monitor', name).map(({ id }) => later.facts(id).state);
  assert.deepEqual([stateOf('made 500'), stateOf('made 7'), stateOf('made 1000')], [['ok'], ['firing'], ['firing']]);
  const [seven] = later.find('monitor', 'made 7');
  assert.equal(
    later.facts(seven?.id ?? '').query,
    'avg(last_5m):avg:made.metric_7{env:prod} > 7',
    'the rest of it stays',
  );
  assert.equal(later.alertingMonitors(1000).length, unwell);
  for (const kind of ['monitor', 'metric'] as const) assert.equal(later.covers(kind, 'datadog').covered, true, kind);

  at += 16 * 60_000;
  const listed = await sync();
  assert.ok(listed.length <= 51 + 6 + 4, `${listed.length} questions`);
  assert.ok(store.snapshot().size() > 100_000);
});
