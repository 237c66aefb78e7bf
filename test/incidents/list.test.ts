// Incidents: which troubles are listed, since when, in which words; and which are nobody's business any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { incidents } from '../../server/incidents/list.ts';
import { untriedRules } from '../../server/incidents/trouble/metricRules.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { fixtureCatalog, fixtureNow } from '../support/catalog.ts';

const hour = 3_600_000;

/** Each incident as `kind | title | since, hours ago | summary`. */
function listed(world: string, config = ''): string[] {
  return fixtureCatalog(world).read((catalog) =>
    incidents(catalog, parsePlumblineFile(`version: 1\n${config}`).config, fixtureNow).map(
      ({ kind, title, since, summary }) =>
        `${kind} | ${title} | ${Math.round((fixtureNow - since) / hour)} | ${summary}`,
    ),
  );
}

const rules = (text: string): string => `metrics:\n  - {name: rule, model: churn, metric: auc, ${text}}\n`;

/** AUC of weekly runs, oldest first, the newest 2 h ago; every run made a version of the model. */
function weeks(...values: readonly number[]): string {
  const lines = ['model churn', 'experiment churn'];
  values.forEach((value, index) => {
    const ago = `${(values.length - 1 - index) * 168 + 2}h`;
    lines.push(`run train-${index} of=experiment/churn,model/churn ago=${ago} took=60s`);
    lines.push(`point churn/auc ${value} run=train-${index} ago=${ago}`);
  });
  return lines.join('\n');
}

/** A world, what plumbline.yaml says, and the incidents there must be. */
const cases: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['nothing known, nothing failing', '', '', []],
  [
    'a failed DAG run, not its tries beside it',
    `job validate_churn
     run r1 tool=airflow of=job/validate_churn status=success ago=50h took=60s
     run r2 tool=airflow of=job/validate_churn status=failed ago=26h took=1h message="evaluate: KeyError: 'churned'"
     run r2t tool=airflow of=task/validate_churn.evaluate parent=run/r2~airflow status=failed ago=26h took=1h`,
    '',
    ["failedRun | validate_churn failed | 25 | evaluate: KeyError: 'churned'"],
  ],
  [
    'failures in a row are one incident since the first of them',
    `job validate_churn
     run r1 tool=airflow of=job/validate_churn status=success ago=90h took=1h
     run r2 tool=airflow of=job/validate_churn status=failed ago=60h took=1h message=old
     run r3 tool=airflow of=job/validate_churn status=skipped ago=50h took=1h
     run r4 tool=airflow of=job/validate_churn status=failed ago=30h took=1h message=new
     run r5 tool=airflow of=job/validate_churn status=running ago=1h`,
    '',
    ['failedRun | validate_churn failed 2 times in a row | 59 | new'],
  ],
  [
    'what ran well since is no incident',
    `job validate_churn
     run r1 tool=airflow of=job/validate_churn status=failed ago=60h took=1h
     run r2 tool=airflow of=job/validate_churn status=success ago=30h took=1h`,
    '',
    [],
  ],
  [
    'a try that failed in a run that succeeded is no incident',
    `job train_churn
     run r2 tool=airflow of=job/train_churn status=success ago=26h took=1h
     run r2t1 tool=airflow of=task/train_churn.fit parent=run/r2~airflow status=failed ago=26h took=1h`,
    '',
    [],
  ],
  [
    'an OpenLineage event or MLflow run of a failed task says it only once',
    `job validate_churn
     run r2 tool=airflow of=job/validate_churn status=failed ago=26h took=1h message=why
     job validate_churn.evaluate tool=openlineage
     run o1 tool=openlineage of=job/validate_churn.evaluate~openlineage status=failed ago=26h took=1h linked=run/r2~airflow
     experiment churn
     run m1 of=experiment/churn status=failed ago=26h took=1h linked=run/r2~airflow`,
    '',
    ['failedRun | validate_churn failed | 25 | why'],
  ],
  [
    'an OpenLineage failure that nobody else tells, a failed MLflow run, a failed dbt test and model',
    `job etl.load tool=openlineage
     run o1 tool=openlineage of=job/etl.load~openlineage status=failed ago=4h took=1h message=timeout
     experiment churn
     run m1 of=experiment/churn status=failed ago=5h took=1h
     run m2 of=experiment/churn status=failed ago=6h took=1h parent=run/m1
     task churn_dbt.not_null tool=dbt
     run d1 tool=dbt of=task/churn_dbt.not_null~dbt status=failed ago=6h took=1h message="Got 12 results, configured to fail if != 0"
     table db.ml.churn_labels
     run d2 tool=dbt of=table/db.ml.churn_labels status=failed ago=7h took=1h message="Database Error"`,
    '',
    [
      'failedRun | etl.load failed | 3 | timeout',
      'failedRun | churn failed | 4 | The tool does not say why.',
      'failedTest | churn_dbt.not_null failed | 5 | Got 12 results, configured to fail if != 0',
      'failedRun | db.ml.churn_labels failed | 6 | Database Error',
    ],
  ],
  [
    'a daily job that starts one period after its date, and missed two',
    `job score_churn period=24h schedule=@daily
     run r1 tool=airflow of=job/score_churn ago=97h scheduled=121h took=1h
     run r2 tool=airflow of=job/score_churn ago=73h scheduled=97h took=1h
     run r/manual__3 tool=airflow of=job/score_churn ago=2h scheduled=2h took=1h`,
    '',
    [
      'missedRun | score_churn did not run | 49 | 2 runs should have started since 2026-11-21 11:00 UTC, the last one seen is of 2026-11-20 11:00 UTC.',
    ],
  ],
  [
    'a job in its grace, a paused one, one at work, one without a rhythm, one never scheduled',
    `job a period=24h
     run a1 tool=airflow of=job/a ago=26h scheduled=26h took=1h
     job b period=24h paused=true
     run b1 tool=airflow of=job/b ago=200h scheduled=200h took=1h
     job c period=24h
     run c1 tool=airflow of=job/c ago=200h scheduled=200h took=1h
     run c2 tool=airflow of=job/c ago=1h scheduled=1h status=running
     job d
     run d1 tool=airflow of=job/d ago=900h scheduled=900h took=1h
     job e period=24h
     run e/manual__1 tool=airflow of=job/e ago=900h scheduled=900h took=1h`,
    '',
    [],
  ],
  [
    'stale tables',
    `table raw.crm.customers freshness=warn updated=30h
     table raw.crm.events freshness=error
     table raw.crm.plans freshness=pass
     table raw.crm.old freshness=error gone=3h`,
    '',
    [
      'staleTable | raw.crm.events is stale | 0 | Freshness is past its error limit.',
      'staleTable | raw.crm.customers is stale | 30 | Freshness is past its warning limit; its newest row is of 2026-11-22 06:00 UTC.',
    ],
  ],
  [
    'below, since the first of the failing points',
    weeks(0.87, 0.79, 0.87, 0.72, 0.71),
    rules('below: 0.8'),
    ['metricRule | rule | 170 | auc 0.71 is below 0.8'],
  ],
  ['not below any more', weeks(0.87, 0.71, 0.87), rules('below: 0.8'), []],
  ['the limit itself is not below it', weeks(0.8), rules('below: 0.8'), []],
  ['above', weeks(0.3, 0.52345), rules('above: 0.5'), ['metricRule | rule | 2 | auc 0.5234 is above 0.5']],
  [
    'a drop against the mean of the last three',
    weeks(0.5, 0.86, 0.88, 0.87, 0.82),
    rules('drop: 0.05, last: 3'),
    ['metricRule | rule | 2 | auc 0.82 is 0.05 lower than 0.87, the mean of the 3 before it'],
  ],
  ['a smaller drop', weeks(0.86, 0.88, 0.87, 0.83), rules('drop: 0.05, last: 3'), []],
  ['the first point has nothing before it', weeks(0.2), rules('drop: 0.05'), []],
  [
    'a rise against the one before it',
    weeks(0.2, 0.4),
    rules('rise: 0.1'),
    ['metricRule | rule | 2 | auc 0.4 is 0.2 higher than 0.2, the one before it'],
  ],
  ['not a number', weeks(0.9, Number.NaN), rules('below: 0.8'), ['metricRule | rule | 2 | auc is not a number (NaN)']],
  [
    'trials nested in a run do not count, runs that made a version do',
    `${weeks(0.87, 0.86)}
     run trial of=experiment/churn parent=run/train-1 ago=1h took=60s
     point churn/auc 0.2 run=trial ago=1h`,
    rules('below: 0.8'),
    [],
  ],
  [
    'rows written to a table',
    `table analytics.ml.churn_predictions tool=openlineage
     run o1 tool=openlineage ago=30h took=1h out=table/analytics.ml.churn_predictions~openlineage@1200
     run o2 tool=openlineage ago=6h took=1h out=table/analytics.ml.churn_predictions~openlineage@3`,
    'metrics:\n  - {name: rows, table: analytics.ml.churn_predictions, metric: rows, drop: 1000}\n',
    ['metricRule | rows | 5 | rows 3 is 1197 lower than 1200, the one before it'],
  ],
  [
    'a metric by its id',
    weeks(0.9, 0.5),
    'metrics:\n  - {name: by id, metric: "metric:mlflow://local/churn/auc", below: 0.8}\n',
    ['metricRule | by id | 2 | auc 0.5 is below 0.8'],
  ],
];

for (const [name, world, config, expected] of cases) {
  test(`incidents: ${name}`, () => assert.deepEqual(listed(world, config), expected));
}

test('ids stay the same while the trouble lasts, and owners are told', () => {
  const ids = (...values: readonly number[]) =>
    fixtureCatalog(weeks(...values)).read((catalog) =>
      incidents(catalog, parsePlumblineFile(`version: 1\n${rules('below: 0.8')}`).config, fixtureNow, (id) =>
        id.startsWith('model:') ? '@acme/growth-ml' : undefined,
      ).map(({ id, owner }) => [id, owner]),
    );
  assert.deepEqual(ids(0.87, 0.7), [['incident:metricRule:rule:model:mlflow://local/churn', '@acme/growth-ml']]);
  assert.deepEqual(ids(0.87, 0.7), ids(0.87, 0.75, 0.6));
});

test('a rule that cannot be tried says what is missing', () => {
  const said = (world: string, config: string) =>
    fixtureCatalog(world)
      .read((catalog) => untriedRules(catalog, parsePlumblineFile(`version: 1\n${config}`).config.metrics))
      .map(({ message, range }) => `${range.start.line + 1}: ${message}`);
  assert.deepEqual(said(weeks(0.8), rules('below: 0.8')), []);
  assert.deepEqual(said('', rules('below: 0.8')), ['3: "rule": no source knows a model called churn.']);
  assert.deepEqual(said(weeks(0.8), rules('below: 0.8').replace('auc', 'acu')), [
    '3: "rule": no run of the model churn logged a metric called acu.',
  ]);
});
