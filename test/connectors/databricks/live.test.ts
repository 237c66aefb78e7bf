// What is on screen is asked for through the live sync, although its ids are not called by the connection's address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { connectors } from '../../../server/connectors/registry.ts';
import { LiveSync } from '../../../server/sync/live/liveSync.ts';
import { usualTiming } from '../../../server/sync/live/timing.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { memoryLog } from '../../support/log.ts';
import { quiet } from '../../support/outgoing.ts';
import { SimulatedClock } from '../../support/simulatedClock.ts';
import { usualSecret } from './connected.ts';

test('a hover on a job, a table or a model of the workspace asks for it anew', async (t) => {
  const fake = await fakeDatabricks(Date.now());
  const { store } = CatalogStore.open(':memory:');
  const clock = new SimulatedClock(Date.now());
  const sync = new LiveSync({
    ...{ connectors, clock, random: () => 0.5, log: memoryLog(), secretOf: async () => usualSecret, store },
    ...{ timing: usualTiming, known: [store], onChanged: () => undefined, onStatus: () => undefined },
  });
  t.after(async () => {
    await sync.stop();
    await fake.close();
  });
  sync.setConnections([{ name: 'dbx', tool: 'databricks', url: fake.url }]);
  await clock.pass(1_000, quiet);
  const catalog = store.snapshot();
  const ids = [
    ...catalog.find('job', 'score_churn'),
    ...catalog.find('table', 'main.ml.risky'),
    ...catalog.find('model', 'main.ml.churn'),
  ].map(({ id }) => id);
  assert.equal(ids.length, 3);
  await clock.pass(30_000, quiet);
  fake.asked.length = 0;
  const fresh = sync.freshen(ids);
  await clock.pass(1_000, quiet);
  await fresh;
  for (const asked of ['jobs/get', 'tables/main.ml.risky', 'models/main.ml.churn'])
    assert.ok(
      fake.asked.some((one) => one.endsWith(asked)),
      `${asked} among ${fake.asked.join(', ')}`,
    );
  fake.asked.length = 0;
  await sync.freshen(['job:databricks://another/11', 'job:airflow://a/b']);
  assert.deepEqual(fake.asked, []);
});
