// Alerts: what a monitor says is wrong becomes an incident, once, whoever passes it on, and says who mutes it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert } from '../../../server/catalog/alert.ts';
import { stateOfAlerts } from '../../../server/catalog/alert.ts';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import type { Run } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { explain } from '../../../server/incidents/explain.ts';
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
  assert.equal(found(world({ ...pages, alertmanager: { ...pages.alertmanager, edges: [] } })).length, 2);
  const others = monitor(passed, [alert({ model: 'other', cluster: 'eu' })]);
  assert.equal(found(world({ ...pages, alertmanager: others })).length, 3);
});

test('what a tool tells of no monitor any more is no incident', () => {
  const store = world({ prometheus: monitor(own, [alert({ model: 'churn' })]) });
  const source = { name: 'prometheus', tool: 'prometheus', scope: 'prometheus://p', kinds: ['monitor' as const] };
  const scan = store.writer().startScan(source, now + 1);
  scan.apply({ covered: [{ kind: 'monitor', scope: 'prometheus://p' }] });
  scan.finish();
  assert.deepEqual(found(store), []);
});

test('an alert is explained by the run of the job that its labels name, and says that this is a guess', () => {
  const alerts = [
    alert(
      { dag_id: 'train_churn' },
      { summary: 'AUC is low', links: [{ title: 'Runbook', url: 'https://wiki.acme.com/churn' }] },
    ),
  ];
  const store = world({
    airflow: {
      entities: [{ id: 'job:airflow://a/train_churn', kind: 'job', name: 'train_churn' }],
      runs: [failedRun('run:airflow://a/train_churn/r7', 'job:airflow://a/train_churn')],
    },
    prometheus: {
      ...monitor(own, alerts),
      edges: [
        {
          ...{ from: 'job:airflow://a/train_churn', to: own, relation: 'measures', origin: 'matched' },
          evidence: 'a guess: its alert has dag_id="train_churn", and this job has that name',
        },
      ],
    },
  });
  const told = (about: string) =>
    store.read((catalog) => {
      const { config } = parsePlumblineFile('version: 1\n');
      const list = incidents(catalog, config, now);
      const id = list.find(({ kind }) => kind === about)?.id ?? '';
      const context = { catalog, config, now, incidents: list, ownerOf: () => undefined };
      return explain(id, context).chain.evidence.map(({ title, reason, url }) => [title, reason, url].join(' | '));
    });
  const hops = told('alert');
  assert.match(hops[0] ?? '', /^ChurnAucLow \{dag_id="train_churn"\}: AUC is low \| It began 2026-11-23 11:00 UTC/);
  assert.equal(hops[1], 'Runbook | Its authors, or the tool, link to it | https://wiki.acme.com/churn');
  assert.match(hops[2] ?? '', /^It may be about train_churn \| a guess: its alert has dag_id="train_churn"/);
  assert.ok(hops.length > 3, hops.join('\n'));
});

function failedRun(id: string, of: string): Run {
  return {
    ...{ id, of: [of], name: 'r7', status: 'failed', startedAt: now - 2 * hour, endedAt: now - hour },
    ...{ metrics: [], params: [], inputs: [], outputs: [], logs: [], linked: [], message: 'KeyError' },
  };
}
