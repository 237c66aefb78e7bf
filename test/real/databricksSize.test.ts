// A workspace of a hundred thousand things: what the first scan asks and keeps, and that later ones ask no more for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../server/catalog/store.ts';
import { databricksOver, usualSecret } from '../connectors/databricks/connected.ts';
import { fakeDatabricks } from '../fakes/databricks/server.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;

test('a hundred thousand entities are some hundred questions once, and five a poll', async (t) => {
  const fake = await fakeDatabricks(start, { jobs: 6_000, tables: 84_000, models: 5_000, runs: 5_000 });
  t.after(() => fake.close());
  const { store } = CatalogStore.open(':memory:');
  let at = start;
  const over = databricksOver(fake, usualSecret, { now: () => at, catalog: store.snapshot() });
  const { connector } = over;
  const identity = { name: 'live', tool: 'databricks', scope: connector.scope, kinds: connector.kinds };

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
  assert.ok(first.length < 800, `${first.length} questions`);
  for (const kind of ['job', 'table', 'model'] as const)
    assert.equal(catalog.covers(kind, kind === 'model' ? 'mlflow' : 'databricks').covered, true, kind);
  at += 60_000;
  // Of more than 500 jobs the first five pages.
  assert.equal((await sync()).length, 9);
  assert.equal(store.snapshot().covers('job', 'databricks').covered, true);
  at += 16 * 60_000;
  const listed = await sync();
  assert.ok(listed.length <= 9 + 1 + 10 + 6, listed.join('\n'));
  assert.ok(!listed.some((asked) => /\/(tables|models)\/./.test(asked)), 'nothing is asked for one of them');
  assert.ok(store.snapshot().size() > 100_000);
});
