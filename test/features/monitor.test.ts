// Hover and facts page of a monitor: which groups are not well, who muted them, its query and links; hostile texts stay texts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../server/catalog/facts.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { hoverMonitor } from '../../server/features/hovers/hoverMonitor.ts';
import { factTable } from '../../server/features/pages/factTables.ts';
import { fixtureNow } from '../support/catalog.ts';
import { feature } from '../support/feature.ts';
import { readable } from '../support/readable.ts';

const id = 'monitor:prometheus://p/ml/ChurnAucLow';
const metric = 'metric:prometheus://p/churn_auc';
const hour = 3_600_000;

const facts: Facts = {
  description: 'AUC of {{ $labels.model }} is low',
  owner: 'ml-platform',
  state: 'firing',
  query: 'churn_auc{model="churn"} < 0.8',
  links: [{ title: 'Runbook', url: 'https://wiki.acme.com/churn' }],
  alerts: [
    {
      ...{ group: '{model="churn"}', labels: [{ name: 'model', value: 'churn' }], state: 'firing' },
      ...{ since: fixtureNow - 2 * hour, value: 0.712345, summary: 'AUC of churn is 0.71' },
      origin: 'target http://10.0.0.7:9100/metrics is down: refused',
    },
    {
      ...{ group: '{model="[x](command:y)"}', labels: [], state: 'pending', since: fixtureNow - hour },
      muted: { by: 'silence', why: 'being moved, by ana' },
    },
  ],
};

function shown(said: Facts): string {
  const { store } = CatalogStore.open(':memory:');
  const source = { name: 'prom', tool: 'prometheus', scope: 'prometheus://p', kinds: ['monitor' as const] };
  const scan = store.writer().startScan(source, fixtureNow - 60_000);
  scan.apply({
    entities: [
      { id, kind: 'monitor', name: 'ChurnAucLow', facts: said },
      { id: metric, kind: 'metric', name: 'churn_auc' },
    ],
    edges: [{ from: metric, to: id, relation: 'measures', origin: 'reported', evidence: 'its rule' }],
  });
  scan.finish();
  const { context, document } = feature('', '$0 rules.yml:3 defines monitor ChurnAucLow prometheus');
  const catalog = store.snapshot();
  const [reference] = context.references(document.uri);
  const entity = catalog.get(id);
  assert.ok(reference && entity);
  const subject = { context: { ...context, catalog }, uri: document.uri, reference, entity };
  return readable(
    hoverMonitor(subject)
      .filter((part) => part)
      .join('\n\n'),
  );
}

test('a monitor that fires: its groups, what it reads, its links and owner', () => {
  const text = shown(facts);
  for (const expected of [
    /^\*\*Monitor\*\* `ChurnAucLow`\n\n\*\*Firing\*\*/,
    /\| `\{model="churn"\}` \| firing \| 2 h ago \| .*0\.71.*value 0\.7123.*is down/,
    /\| pending, muted: being moved, by ana \| 1 h ago \|/,
    /`churn_auc\{model="churn"\} < 0\.8`/,
    /Reads `churn_auc`/,
    /\[Runbook\]\(https:\/\/wiki\.acme\.com\/churn\)/,
    /Owner: ml\S*platform/,
    /Said by prom, as of 1 min ago\.$/,
  ])
    assert.match(text, expected);
  assert.doesNotMatch(text, /\{x → command/);
});

test('a monitor that is well, and one that cannot be evaluated', () => {
  const well = shown({ state: 'ok', query: 'up == 0' });
  assert.match(well, /Nothing is wrong/);
  assert.doesNotMatch(well, /\| group \|/);
  assert.match(shown({ state: 'unknown', broken: 'parse error' }), /\*\*Cannot be evaluated:\*\* parse error/);
});

test('its facts page has the alerts and links as well', () => {
  const { context } = feature('', '$0 rules.yml:3 defines monitor ChurnAucLow prometheus');
  const page = readable(factTable(context, 'monitor:prometheus://x/y', { source: 'prom', asOf: fixtureNow, facts }));
  assert.match(page, /\| state \| firing \|/);
  assert.match(page, /\| alert `\{model="churn"\}` \| firing since /);
  assert.match(page, /muted: `being moved, by ana`/);
  assert.match(page, /\[Runbook\]\(https:\/\/wiki/);
});
