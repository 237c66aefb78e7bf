// What is read off queries and names: metrics and labels of PromQL, families of series, groups, links; of any text at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { groupText } from '../../../server/connectors/labels.ts';
import { linksIn } from '../../../server/connectors/prometheus/links.ts';
import { familiesOf } from '../../../server/connectors/prometheus/metrics.ts';
import { metricsOf } from '../../../server/connectors/prometheus/promql.ts';

const queries: readonly (readonly [string, string])[] = [
  ['churn_auc{model="churn"} < 0.8', 'churn_auc model=churn'],
  ['sum by (model) (rate(x_bucket{le=~"a|b", env!="dev"}[5m])) / on(a) group_left y', 'x_bucket; y'],
  ['{__name__="foo", job=\'a\'} offset 1d', 'foo job=a'],
  ['{"http.requests", "code"="500"}', 'http.requests code=500'],
  ['absent(up{job="x"}) or vector(1) > bool time()', 'up job=x'],
  ['histogram_quantile(0.9, sum without (le) (a:b:c)) and a:b:c', 'a:b:c'],
  ['max_over_time(q{quoted="a\\"b"}[1h:5m] @ end()) # comment by x', 'q quoted=a"b'],
  ['avg(a{b="c"', 'a b=c'],
  ['label_replace(up, "a", "$1", "b", "(.*)")', 'up'],
  ['not a query at all )(', 'not'],
  ['', ''],
];
for (const [query, expected] of queries) {
  test(`metrics of ${query || 'nothing'}`, () => {
    const written = metricsOf(query).map(({ name, labels }) =>
      [name, ...labels.map((label) => `${label.name}=${label.value}`)].join(' '),
    );
    // What is left of a broken query may be more; its first metric is read.
    assert.ok(expected === '' ? written.length === 0 : written.join('; ').startsWith(expected), written.join('; '));
  });
}

test('any text is read, and a long one quickly', () => {
  const pieces = fc.constantFrom(
    'sum',
    '(',
    ')',
    '{',
    '}',
    '"',
    "'",
    '`',
    '[5m]',
    ' by ',
    'a',
    '=',
    '\\',
    ',',
    '\u0000',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (query) => {
        for (const { name } of metricsOf(query)) assert.equal(typeof name, 'string');
      },
    ),
  );
  const began = performance.now();
  metricsOf('('.repeat(19_000));
  metricsOf('a{b="c"} + '.repeat(1_800));
  assert.ok(performance.now() - began < 2_000);
  assert.deepEqual(metricsOf(`${' '.repeat(20_000)}up`), []);
});

const families = (names: readonly string[], types: Readonly<Record<string, string>>) =>
  familiesOf(names, new Map(Object.entries(types).map(([name, type]) => [name, { type }])))
    .all.map(({ name, aliases }) => [name, ...aliases].join(' '))
    .sort();

test('series are one metric under every name that code may use', () => {
  assert.deepEqual(families(['p_total', 'p_created'], { p: 'counter' }), ['p_total p_created p']);
  assert.deepEqual(families(['p_total'], { p_total: 'counter' }), ['p_total p'], 'the old text format');
  assert.deepEqual(families(['p_total', 'p'], { p_total: 'counter', p: 'gauge' }), ['p', 'p_total']);
  assert.deepEqual(families(['l_bucket', 'l_count', 'l_sum', 'l_created'], { l: 'histogram' }), [
    'l l_bucket l_count l_sum l_created',
  ]);
  assert.deepEqual(families(['s', 's_count', 's_sum'], { s: 'summary' }), ['s s_count s_sum']);
  assert.deepEqual(families(['b_info'], { b: 'info' }), ['b_info b']);
  assert.deepEqual(families(['r_bucket', 'r_count', 'r_sum'], {}), ['r r_bucket r_count r_sum'], 'without metadata');
  assert.deepEqual(families(['row_count', 'x_sum'], {}), ['row_count', 'x_sum'], 'no histogram');
  assert.equal(familiesOf(['l_bucket'], new Map([['l', { type: 'histogram' }]])).of('l_bucket'), 'l_bucket');
});

test('every series has a family, and every family a name of its own', () => {
  const name = fc.constantFrom(
    'a',
    'a_total',
    'a_bucket',
    'a_count',
    'a_sum',
    'a_created',
    'a_info',
    'b_total',
    '_total',
  );
  const types = fc.dictionary(name, fc.constantFrom('counter', 'gauge', 'histogram', 'summary', 'info', 'x'));
  fc.assert(
    fc.property(fc.uniqueArray(name), types, (names, typed) => {
      const found = familiesOf(names, new Map(Object.entries(typed).map(([key, type]) => [key, { type }])));
      const own = found.all.map((family) => family.name);
      assert.equal(new Set(own).size, own.length);
      for (const each of names) {
        const family = found.all.find((one) => one.name === found.of(each));
        assert.ok(family && [family.name, ...family.aliases].includes(each), each);
      }
    }),
  );
});

test('groups are written by name, links only where they lead to the web', () => {
  assert.equal(groupText([]), '');
  assert.equal(
    groupText([
      { name: 'b', value: 'x"y' },
      { name: 'a', value: '1' },
    ]),
    '{a="1", b="x\\"y"}',
  );
  const links = linksIn([
    { name: 'runbook_url', value: 'https://wiki/x' },
    { name: 'dashboard', value: 'javascript:alert(1)' },
    { name: 'grafana_url', value: 'http://g/d' },
    { name: 'ticket_url', value: 'https://t/1' },
    { name: 'summary', value: 'https://no/link' },
  ]);
  assert.deepEqual(
    links.map(({ title }) => title),
    ['Runbook', 'Dashboard', 'ticket_url'],
  );
});
