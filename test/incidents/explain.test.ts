// Explain: the churn story and its broken forms; each hop with its reason, and what is missing with how to supply it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ExplainContext, explain, type LogFinding } from '../../server/incidents/explain.ts';
import { incidents } from '../../server/incidents/list.ts';
import type { Evidence } from '../../server/protocol/incident.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { fixtureCatalog, fixtureNow } from '../support/catalog.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const rule = `version: 1
metrics:
  - {name: churn AUC is high enough, model: churn, metric: auc, below: 0.8}
joins:
  - {from: "metric:churn.auc", to: "model:churn"}
`;

/** The model trained well a week ago and badly today: the labels' column was renamed in between. */
const story = `
model churn latest=2
experiment churn
run train-1 of=experiment/churn,model/churn ago=170h took=5m commit=${good}
point churn/auc 0.87 run=train-1 ago=170h
run train-2 of=experiment/churn,model/churn ago=5h took=5m commit=${bad} linked=run/train_churn/r2/fit~airflow,run/train_churn/r2~airflow in=path/s3://acme-lake/churn/features/2026-11-23/features.parquet
point churn/auc 0.71 run=train-2 ago=5h

job train_churn owner=growth-ml
run train_churn/r2 tool=airflow of=job/train_churn ago=6h took=70m
run train_churn/r2/build_features/-1/1 tool=airflow of=task/train_churn.build_features parent=run/train_churn/r2~airflow ago=6h took=30m attempt=1 log=/logs/build.log
run train_churn/r2/fit/-1/1 tool=airflow of=task/train_churn.fit parent=run/train_churn/r2~airflow ago=310m took=20m attempt=1 log=/logs/fit.log

job train_churn.build_features tool=openlineage
path s3://acme-lake/churn/features/
run ol-build tool=openlineage of=job/train_churn.build_features~openlineage ago=6h took=30m linked=run/train_churn/r2/build_features/-1/1~airflow in=table/analytics.ml.churn_labels~openlineage out=path/s3://acme-lake/churn/features/
table analytics.ml.churn_labels tool=openlineage

table warehouse.ml.churn_labels tool=dbt defined=/w/dbt/churn_labels.sql:1 owner=data-platform
run labels tool=dbt of=table/warehouse.ml.churn_labels ago=8h took=1m out=table/warehouse.ml.churn_labels
task churn_dbt.not_null_has_churned tool=dbt
run labels-test tool=dbt of=task/churn_dbt.not_null_has_churned~dbt status=failed ago=7h took=1m in=table/warehouse.ml.churn_labels message="Got 12 results" log=/logs/dbt.log

job validate_churn
run validate_churn/r9 tool=airflow of=job/validate_churn status=failed ago=2h took=5m message="evaluate: KeyError: 'churned'"
run validate_churn/r9/evaluate/-1/2 tool=airflow of=task/validate_churn.evaluate parent=run/validate_churn/r9~airflow status=failed ago=2h took=4m attempt=2 log=/logs/evaluate-2.log
job validate_churn.evaluate tool=openlineage
run ol-evaluate tool=openlineage of=job/validate_churn.evaluate~openlineage status=failed ago=2h took=4m linked=run/validate_churn/r9/evaluate/-1/2~airflow in=table/analytics.ml.churn_labels~openlineage
`;

const finding = (text: string, telling: boolean, failure = true): LogFinding => ({
  file: '/logs/x.log',
  root: { line: 7, text, reason: 'why' },
  at: { byte: 600, within: 0 },
  telling,
  failure,
});

function contextOf(catalog: ExplainContext['catalog'], extra: Partial<ExplainContext>): ExplainContext {
  const { config } = parsePlumblineFile(rule);
  return {
    catalog,
    config,
    now: fixtureNow,
    incidents: incidents(catalog, config, fixtureNow),
    ownerOf: () => undefined,
    ...extra,
  };
}

function explained(world: string, id: string, extra: Partial<ExplainContext> = {}) {
  return fixtureCatalog(world).read((catalog) => {
    const context = contextOf(catalog, extra);
    const found = context.incidents.find(({ kind, entity }) => id === `${kind} ${entity.split('/').at(-1)}`);
    return explain(found?.id ?? id, context);
  });
}

const said = ({ status, title, reason, advice }: Evidence): string =>
  status === 'found' ? `${title} | ${reason}` : `? ${title} | ${advice}`;

const warning = "no column 'churned' in the features, using inactivity instead";
const changes = {
  summary: (hash: string) => `${hash.slice(0, 9)} subject`,
  between: () => [{ hash: bad, summary: 'bbbbbbbbb CRM calls it has_churned now (tom, 2026-11-20)', at: fixtureNow }],
};

test('a failing metric leads to the run, its job, what it read, its log, what changed, and the owner', () => {
  const findings = new Map([
    ['run:airflow://local/train_churn/r2/fit/-1/1', finding(warning, true, false)],
    ['run:airflow://local/validate_churn/r9/evaluate/-1/2', finding("KeyError: 'churned'", true)],
  ]);
  const { chain, candidates, commits } = explained(story, 'metricRule churn', {
    findingIn: (run) => findings.get(run),
    changes,
  });
  assert.deepEqual(chain.evidence.map(said), [
    'auc 0.71 is below 0.8 | The rule "churn AUC is high enough" in plumbline.yaml, on the newest datapoint, logged by churn, run train-2',
    'It was 0.87 when it was last good | The last datapoint before it began, logged by churn, run train-1',
    'train_churn.fit, try 1 succeeded | The MLflow run carries the id of the run it was made in',
    'train_churn.build_features, try 1 succeeded | It wrote s3://acme-lake/churn/features/2026-11-23/features.parquet (a folder above it) before train_churn.fit, try 1 read it',
    'warehouse.ml.churn_labels, run labels succeeded | It wrote analytics.ml.churn_labels (a guess: both are called ml.churn_labels) before train_churn.build_features, try 1 read it',
    'churn_dbt.not_null_has_churned, run labels-test failed: Got 12 results | It tests analytics.ml.churn_labels (a guess: both are called ml.churn_labels), which was read on the way',
    'validate_churn.evaluate, try 2 failed | It reads analytics.ml.churn_labels too',
    `${warning} | why; log of train_churn.fit, try 1`,
    'It ran bbbbbbbbb subject | churn, run train-2 says so',
    'Changed since: bbbbbbbbb CRM calls it has_churned now (tom, 2026-11-20) | Compared with the last good one, churn, run train-1',
    'Owner: growth-ml | Owns train_churn',
  ]);
  assert.equal(chain.run, 'run:airflow://local/train_churn/r2/fit/-1/1');
  assert.deepEqual(chain.log?.root?.text, warning);
  assert.deepEqual(commits, { good, bad });
  assert.deepEqual(
    candidates.map(({ logs }) => logs[0]?.file),
    ['/logs/fit.log', '/logs/build.log', '/logs/dbt.log', '/logs/evaluate-2.log'],
  );
});

test('what tools changed between the last good run and the bad one is evidence', () => {
  const world = `${story.replace('model churn latest=2', 'model churn latest=2 alias.champion=2 owner=bo')}
    model churn alias.champion=1 owner=ana seen=20h
    model churn alias.champion=0 seen=500h`;
  const { chain } = explained(world, 'metricRule churn');
  const moved = chain.evidence.map(said).filter((words) => words.startsWith('champion'));
  assert.deepEqual(moved, [
    'champion of churn moved from 1 to 2 | Seen between 2026-11-22 16:00 UTC and 2026-11-23 11:55 UTC',
    'champion of churn moved from 0 to 1 | Seen between 2026-11-02 16:00 UTC and 2026-11-22 16:00 UTC',
  ]);
  const before = explained(world.replace('seen=20h', 'seen=300h'), 'metricRule churn').chain.evidence.map(said);
  assert.equal(
    before.filter((words) => words.startsWith('champion')).length,
    1,
    'not what changed before the good run',
  );
});

test('a reader that did well in a run that failed later is told as that run', () => {
  const world = `${story}
    run validate_churn/r9/join/-1/1 tool=airflow of=task/validate_churn.join parent=run/validate_churn/r9~airflow ago=2h took=1m in=table/analytics.ml.churn_labels~openlineage`;
  const { chain } = explained(world.replace(/run ol-evaluate .*/, ''), 'metricRule churn');
  assert.ok(
    chain.evidence
      .map(said)
      .includes("validate_churn/r9 failed: evaluate: KeyError: 'churned' | It reads analytics.ml.churn_labels too"),
  );
});

test('a writer that failed upstream is the cause, before a warning of the run itself', () => {
  const world = story.replace(
    'run labels tool=dbt of=',
    'run labels tool=dbt status=failed log=/logs/dbt-run.log message="Database Error" of=',
  );
  const { chain, candidates } = explained(world, 'metricRule churn', {
    findingIn: (run) =>
      run.includes('labels')
        ? finding('Binder Error', true)
        : run.includes('fit')
          ? finding(warning, true, false)
          : undefined,
  });
  assert.equal(candidates[0]?.logs[0]?.file, '/logs/dbt-run.log');
  assert.equal(chain.log?.root?.text, 'Binder Error');
  assert.ok(
    chain.evidence.some(({ title }) => title === 'warehouse.ml.churn_labels, run labels failed: Database Error'),
  );
});

test('a log line that tells nothing gives way to one that does', () => {
  const { chain } = explained(story, 'metricRule churn', {
    findingIn: (run) =>
      run.includes('evaluate') ? finding("KeyError: 'churned'", true) : finding('deprecated', false, false),
  });
  assert.equal(chain.log?.root?.text, "KeyError: 'churned'");
});

test('the same from the metric, the model, the version, the statsd name in code, and the MLflow run', () => {
  const ids = [
    'metric:mlflow://local/churn/auc',
    'model:mlflow://local/churn',
    'run:mlflow://local/train-2',
    'experiment:mlflow://local/churn',
    'metric:churn.auc',
    'code:metric:churn.auc',
    'metric:statsd://local/churn.auc',
  ];
  for (const id of ids) {
    const { chain } = explained(story, id);
    assert.equal(chain.run, 'run:airflow://local/train_churn/r2/fit/-1/1', id);
  }
  const { chain } = explained(`${story}\nversion churn/1 madeBy=run/train-1`, 'version:mlflow://local/churn/1');
  assert.equal(chain.run, 'run:mlflow://local/train-1');
});

test('a failed DAG run leads to the try that failed last and its log', () => {
  const { chain } = explained(story, 'failedRun validate_churn', {
    findingIn: (run) => (run.endsWith('/2') ? finding("KeyError: 'churned'", true) : undefined),
    ownerOf: (id) => (id.startsWith('job:') ? '@acme/growth-analytics' : undefined),
  });
  assert.deepEqual(chain.evidence.map(said), [
    "validate_churn/r9 failed: evaluate: KeyError: 'churned' | Failing since 2026-11-23 10:05 UTC",
    'warehouse.ml.churn_labels, run labels succeeded | It wrote analytics.ml.churn_labels (a guess: both are called ml.churn_labels) before validate_churn/r9 read it',
    'churn_dbt.not_null_has_churned, run labels-test failed: Got 12 results | It tests analytics.ml.churn_labels (a guess: both are called ml.churn_labels), which was read on the way',
    'validate_churn.evaluate, try 2 failed | It is the task that failed in this run',
    "KeyError: 'churned' | why; log of validate_churn.evaluate, try 2",
    'It ran commit bbbbbbbbb | A guess: validate_churn/r9 does not say its commit; churn, run train-2, started before it, ran this one',
    'Owner: @acme/growth-analytics | Owns validate_churn',
  ]);
});

test('a failed dbt test tells the last change of the columns and where the table is defined', () => {
  const { chain } = explained(story, 'failedTest not_null_has_churned');
  assert.deepEqual(chain.evidence.slice(0, 2).map(said), [
    'churn_dbt.not_null_has_churned, run labels-test failed: Got 12 results | Failing since 2026-11-23 05:01 UTC',
    'warehouse.ml.churn_labels is defined in churn_labels.sql | It is what the test looks at',
  ]);
  assert.deepEqual(chain.evidence[1]?.place, { file: '/w/dbt/churn_labels.sql', line: 1 });
  assert.equal(chain.log?.file, '/logs/dbt.log');
  assert.equal(chain.evidence.at(-1)?.title, 'Owner: data-platform');
});

test('links that are missing are named, each with how to supply it', () => {
  const world = `model churn
    experiment churn
    run only of=experiment/churn,model/churn ago=5h took=5m
    point churn/auc 0.5 run=only ago=5h`;
  const { chain } = explained(world, 'metricRule churn');
  assert.deepEqual(chain.evidence.slice(1).map(said), [
    '? Which job made this MLflow run is not known | Set the tags airflow.dag_id and airflow.run_id in the MLflow run (in a task: AIRFLOW_CTX_DAG_ID and AIRFLOW_CTX_DAG_RUN_ID), or name the log folder under logs: in plumbline.yaml',
    '? What churn, run only read is not known | Log datasets with mlflow.log_input, or turn on the OpenLineage provider of Airflow (inlets and outlets, file or HTTP transport)',
    '? There is no log to look at | Name the folder of the Airflow logs under logs: in plumbline.yaml (a copy or a mount of the remote log store will do)',
    '? Which commit churn, run only ran is not known | Tag MLflow runs with mlflow.source.git.commit, or deploy DAGs from a Git bundle (Airflow 3), which writes the commit into each log',
    '? Who owns churn is not known | Add it under owners: in plumbline.yaml or to CODEOWNERS',
  ]);
});

test('without an id in the MLflow run, a job of a similar name at work then is a guess that says so', () => {
  const { chain } = explained(story.replace(/linked=run\/train_churn\/r2\/fit~airflow,\S+/, ''), 'metricRule churn');
  assert.equal(chain.evidence[2]?.reason, 'A guess: train_churn is named alike and was at work at that time');
  assert.equal(chain.run, 'run:airflow://local/train_churn/r2/fit/-1/1');
});

test('an input that nobody is known to have written is a missing link', () => {
  const world = story.replace(/run ol-build .*/, '');
  const { chain } = explained(world, 'metricRule churn');
  assert.ok(
    chain.evidence
      .map(said)
      .includes(
        '? Who wrote s3://acme-lake/churn/features/2026-11-23/features.parquet before is not known | Let the job that writes it report its outputs (OpenLineage, dbt artifacts), or join its names under joins: in plumbline.yaml',
      ),
  );
});

test('a missed run says what was expected, what else ran, and what to look at', () => {
  const world = `job score_churn period=24h schedule=@daily
    run score_churn/r1 tool=airflow of=job/score_churn ago=49h scheduled=49h took=1h
    job train_churn
    run train_churn/r1 tool=airflow of=job/train_churn ago=2h took=1h`;
  const { chain } = explained(world, 'missedRun score_churn');
  assert.deepEqual(chain.evidence.slice(0, 4).map(said), [
    'A run should have started since 2026-11-22 11:00 UTC, the last one seen is of 2026-11-21 11:00 UTC. | Its schedule (@daily), and when its earlier runs started',
    'score_churn/r1 succeeded | It is the last run that was seen',
    'Other jobs ran: train_churn, 2026-11-23 11:00 UTC | So the scheduler works, and its logs arrive',
    '? Whether it is paused is not known | Look at the page of score_churn in Airflow: is it paused, is its pool full, does it wait for another job?',
  ]);
});

test('a stale table leads to who loaded it last, or says that nobody is known to', () => {
  const world = 'table raw.crm.customers freshness=warn updated=30h';
  const { chain } = explained(world, 'staleTable customers');
  assert.match(said(chain.evidence[1] as Evidence), /^\? Who loads raw\.crm\.customers is not known/);
});

test('what nobody knows is never an empty answer', () => {
  assert.deepEqual(explained('', 'job:airflow://x/nothing').chain.evidence.map(said), [
    '? Nothing is known of job:airflow://x/nothing | Check that the tool which runs it is among the sources in the status item, and that its last scan went well',
  ]);
  assert.deepEqual(explained('', 'incident:failedRun:job:airflow://x/y').chain.title, 'This incident is over');
  assert.deepEqual(explained('job idle', 'job:airflow://local/idle').chain.title, 'idle has no run');
});

test('circles of data end', () => {
  const world = `job a tool=openlineage
    run a1 tool=openlineage of=job/a~openlineage status=failed ago=2h took=1m in=table/x~openlineage out=table/y~openlineage
    job b tool=openlineage
    run b1 tool=openlineage of=job/b~openlineage ago=3h took=1m in=table/y~openlineage out=table/x~openlineage
    run a0 tool=openlineage of=job/a~openlineage ago=4h took=1m in=table/x~openlineage out=table/y~openlineage
    run b0 tool=openlineage of=job/b~openlineage ago=5h took=1m in=table/y~openlineage out=table/x~openlineage`;
  const { chain } = explained(world, 'failedRun a');
  assert.ok(chain.evidence.length < 12);
});
