// Alerts: what a monitor says is wrong becomes an incident, once, whoever passes it on, and says who mutes it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../../server/catalog/alert.ts';
import { stateOfAlerts } from '../../../server/catalog/alert.ts';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { incidents } from '../../../server/incidents/list.ts';
import { parsePlumblineFile } from '../../../server/workspace/plumblineFile.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-23T12:00:00Z');
const labelled = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([name, value]) => ({ name, value }));

const alert = (labels: Readonly<Record<string, string>>, more: Partial<Alert> = {}): Alert => ({
  group: `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}}`,
  ...{ labels: labelled(labels), state: 'firing', since: now - hour, ...more },
});

const own = 'monitor:prometheus://p/ml/ChurnAucLow';
const passed = 'monitor:alertmanager://a/ChurnAucLow';

function world(pages: Readonly<Record<string, CatalogChange>>): CatalogStore {
  const { store } = CatalogStore.open(':memory:', { now: () => now });
  for (const [tool, page] of Object.entries(pages)) {
    const source = { name: tool, tool, scope: `${tool}://${tool[0]}`, kinds: ['monitor' as const] };
    const scan = store.writer().startScan(source, now);
    scan.apply(page);
    scan.finish();
  }
  return store;
}

const monitor = (id: string, alerts: readonly Alert[]): CatalogChange => ({
  entities: [{ id, kind: 'monitor', name: 'ChurnAucLow', facts: { alerts, state: stateOfAlerts(alerts) } }],
});

const found = (store: CatalogStore) =>
  store.read((catalog) => incidents(catalog, parsePlumblineFile('version: 1\n').config, now));

test('each group that is not well is an incident of its own, and a well one is none', () => {
  const alerts = [
    alert({ model: 'churn' }, { summary: 'AUC is low', value: 0.712345 }),
    alert({ model: 'fraud', team: 'risk' }, { state: 'pending', summary: 'AUC is low' }),
  ];
  const list = found(world({ prometheus: monitor(own, alerts) }));
  assert.deepEqual(list.map(({ title, summary, owner, since }) => [title, summary, owner, since]).sort(), [
    ['ChurnAucLow {model="churn"}', 'AUC is low (value 0.7123)', undefined, now - hour],
    ['ChurnAucLow {model="fraud", team="risk"}', 'Pending, nobody is paged yet: AUC is low', 'risk', now - hour],
  ]);
  assert.equal(new Set(list.map(({ id }) => id)).size, 2);
  assert.deepEqual(found(world({ prometheus: monitor(own, []) })), []);
});

test('an alert that another tool passes on is told once, and that it is silenced is said', () => {
  const muted = { by: 'silence' as const, why: 'known, by ana', until: now + hour };
  const pages = {
    prometheus: monitor(own, [alert({ model: 'churn' }), alert({ model: 'fraud' })]),
    alertmanager: {
      ...monitor(passed, [alert({ model: 'churn', cluster: 'eu' }, { muted, since: now - hour + 9000 })]),
      edges: [{ from: passed, to: own, relation: 'same' as const, origin: 'reported' as const, evidence: 'its name' }],
    },
  };
  const list = found(world(pages));
  assert.deepEqual(
    list.map(({ entity, title, muted: why }) => [entity, title, why]),
    [
      [own, 'ChurnAucLow {model="fraud"}', undefined],
      [own, 'ChurnAucLow {model="churn"}', 'Silenced until 2026-11-23 13:00 UTC: known, by ana'],
    ],
  );
  const apart = { ...pages, alertmanager: { ...pages.alertmanager, edges: [] } };
  assert.equal(found(world(apart)).length, 3);
});

test('what a tool tells of no monitor any more is no incident', () => {
  const store = world({ prometheus: monitor(own, [alert({ model: 'churn' })]) });
  const source = { name: 'prometheus', tool: 'prometheus', scope: 'prometheus://p', kinds: ['monitor' as const] };
  const scan = store.writer().startScan(source, now + 1);
  scan.apply({ covered: [{ kind: 'monitor', scope: 'prometheus://p' }] });
  scan.finish();
  assert.deepEqual(found(store), []);
});
