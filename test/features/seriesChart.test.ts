// The chart of a metric: what is asked, what runs recorded, and how answers that fail stay different from no value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chartPlan, chartRange, seriesChart } from '../../server/features/seriesChart.ts';
import { fixtureCatalog, fixtureId, fixtureNow } from '../support/catalog.ts';

const hour = 3_600_000;
const prom = fixtureId('metric', 'churn_score', 'prometheus');
const monitor = fixtureId('monitor', 'churn_low');
const world = fixtureCatalog(`
  metric churn/auc
  metric churn_score tool=prometheus
  monitor churn_low
  model churn
  run m1 of=model/churn ago=50h
  run m2 of=model/churn ago=26h
  point churn/auc run=m1 0.87 ago=50h
  point churn/auc run=m2 0.60 ago=27h
  point churn/auc run=m2 0.71 ago=26h
`);
const auc = fixtureId('metric', 'churn/auc');
const planOf = (id: string, members: readonly string[], watched: readonly string[] = []) => {
  const plan = world.read((catalog) => chartPlan(catalog, id, members, watched));
  assert.ok(plan);
  return plan;
};
const points = (...values: readonly (readonly [number, number])[]) =>
  values.map(([at, value]) => ({ name: 'churn_score', value, at }));

test('what is no metric and watches none has no chart', () => {
  const none = world.read((catalog) => [
    chartPlan(catalog, fixtureId('model', 'churn'), [fixtureId('model', 'churn')], [auc]),
    chartPlan(catalog, monitor, [monitor], []),
  ]);
  assert.deepEqual(none, [undefined, undefined]);
});

test('where only runs recorded values, all of them are drawn, the last of each run', () => {
  const chart = seriesChart(planOf(auc, [auc]), chartRange(1, fixtureNow), []);
  assert.equal(chart.ranged, false);
  assert.equal(chart.from, fixtureNow - 50 * hour);
  assert.deepEqual(
    chart.lines.map(({ points }) => points),
    [
      [
        [fixtureNow - 50 * hour, 0.87],
        [fixtureNow - 26 * hour, 0.71],
      ],
    ],
  );
});

test('a monitor is drawn by the metrics it watches, group by group, in order of time', () => {
  const plan = planOf(monitor, [monitor], [prom, fixtureId('model', 'churn')]);
  assert.deepEqual(plan.metrics, [prom]);
  const series = [{ metric: prom, run: '{model="churn"}', points: points([fixtureNow, 2], [fixtureNow - hour, 1]) }];
  const chart = seriesChart(plan, chartRange(24, fixtureNow), [{ source: 'prod', series }]);
  assert.deepEqual(chart.lines, [
    {
      name: 'churn_score, {model="churn"}',
      source: 'prod',
      points: [
        [fixtureNow - hour, 1],
        [fixtureNow, 2],
      ],
    },
  ]);
  assert.deepEqual([chart.asked, chart.problems, chart.ranged], [['prod'], [], true]);
});

test('could not ask is no empty answer, and one that fails hides no other', () => {
  const plan = planOf(prom, [prom]);
  const series = [{ metric: prom, run: '{}', points: points([fixtureNow, 2], [fixtureNow - hour, Number.NaN]) }];
  const failed = { source: 'b', series: [], problem: 'b cannot be reached. Look whether it runs.' };
  const chart = seriesChart(plan, chartRange(24, fixtureNow), [{ source: 'a', series }, failed]);
  assert.deepEqual(chart.asked, ['a']);
  assert.deepEqual(chart.problems, ['b cannot be reached. Look whether it runs.']);
  assert.deepEqual(chart.lines[0]?.points, [[fixtureNow, 2]], 'what is no number is not drawn');
  assert.deepEqual(seriesChart(plan, chartRange(24, fixtureNow), [failed]).asked, []);
  assert.deepEqual(seriesChart(plan, chartRange(24, fixtureNow), [{ source: 'a', series: [] }]).lines, []);
});

test('a time that is no sensible one is a day', () => {
  for (const hours of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(fixtureNow - chartRange(hours, fixtureNow).from, 24 * hour);
  }
  assert.equal(fixtureNow - chartRange(1e9, fixtureNow).from, 92 * 24 * hour);
});
