// Code places: the code that tasks and jobs run, as their calls say it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startedFile } from '../../../server/references/matching/codePlace.ts';
import type { CodePlace } from '../../../server/references/reference.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { summarize } from '../../../server/references/summarize.ts';
import { documentOf, indexOf, readFixture } from '../../support/fixture.ts';

/** By the name of each task or job, the code that it runs. */
function places(source: string): Readonly<Record<string, readonly CodePlace[] | undefined>> {
  const fixture = readFixture(source);
  const index = indexOf(fixture);
  const uri = fixture.files.at(-1)?.uri ?? '';
  return Object.fromEntries(index.references(uri).map(({ name, calls }) => [name, calls]));
}

test('functions, by name, through imports, partial and lambda', () => {
  const found = places(`
//- churn/train.py
class Trainer:
    def fit(self):
        pass
def train(name):
    pass
//- dags/main.py
from functools import partial
from airflow.operators.python import PythonOperator
from churn.train import train, Trainer
from churn import train as module
def local():
    def inner():
        pass
    PythonOperator(task_id="inner", python_callable=inner)
PythonOperator(task_id="local", python_callable=local)
PythonOperator(task_id="imported", python_callable=train)
PythonOperator(task_id="module", python_callable=module.train)
PythonOperator(task_id="method", python_callable=Trainer().fit)
PythonOperator(task_id="partial", python_callable=partial(train, name=1))
PythonOperator(task_id="lambda", python_callable=lambda: train("x"))
PythonOperator(task_id="external", python_callable=print)
`);
  const main = 'file:///acme/churn/dags/main.py';
  const train = { uri: 'file:///acme/churn/churn/train.py', function: 'train' };
  assert.deepEqual(found, {
    inner: [{ uri: main, function: 'local.inner' }],
    local: [{ uri: main, function: 'local' }],
    imported: [train],
    module: [train],
    method: [{ ...train, function: 'Trainer.fit' }],
    partial: [train],
    lambda: [train],
    external: undefined,
  });
});

test('files, as they are written', () => {
  const found = places(`
from airflow.operators.bash import BashOperator
from airflow.providers.databricks.operators.databricks import DatabricksSubmitRunOperator
from ray.job_submission import JobSubmissionClient
FOLDER = "jobs"
BashOperator(task_id="bash", bash_command=f"cd /app && python -u {FOLDER}/tune.py --fast")
BashOperator(task_id="echo", bash_command="echo python is nice")
DatabricksSubmitRunOperator(task_id="notebook", notebook_task={"notebook_path": "/Repos/x/score"})
DatabricksSubmitRunOperator(task_id="json", json={"spark_python_task": {"python_file": "dbfs:/x/score.py"}})
SparkSubmitOperator(task_id="spark", application="jobs/a.py")
JobSubmissionClient("http://x").submit_job(entrypoint="python tune.py", submission_id="tuning")
`);
  assert.deepEqual(found.bash, [{ file: 'jobs/tune.py' }]);
  assert.equal(found.echo, undefined);
  assert.deepEqual(found.notebook, [{ file: '/Repos/x/score' }]);
  assert.deepEqual(found.json, [{ file: 'dbfs:/x/score.py' }]);
  assert.deepEqual(found.spark, [{ file: 'jobs/a.py' }]);
  assert.deepEqual(found.tuning, [{ file: 'tune.py' }]);
});

test('commands', () => {
  assert.equal(startedFile('python3 a/b.py x.py'), 'a/b.py');
  assert.equal(startedFile('python -m churn.train --x'), 'churn/train.py');
  assert.equal(startedFile('spark-submit --master yarn "jobs/x.py"'), 'jobs/x.py');
  assert.equal(startedFile('dbt run -s orders'), undefined);
  assert.equal(startedFile(''), undefined);
});

test('what the function of a task calls, through local imports, nested functions and objects', () => {
  const found = places(`
//- churn/train.py
class Trainer:
    def fit(self, day):
        deeper()
def emit(metrics):
    pass
def deeper():
    pass
//- dags/main.py
from airflow.decorators import dag, task
from airflow.operators.python import PythonOperator
from churn.train import Trainer
def started(day):
    trainer = Trainer()
    with open(day) as file:
        return trainer.fit(file)
@dag
def validate():
    @task
    def evaluate(day):
        return Trainer().fit(day)
    @task
    def report(metrics):
        from churn import train
        train.emit(metrics)
        train.emit(metrics)
        print(len(metrics))
    report(evaluate("x"))
PythonOperator(task_id="start", python_callable=started)
`);
  const train = 'file:///acme/churn/churn/train.py';
  const main = 'file:///acme/churn/dags/main.py';
  const fit = { uri: train, function: 'Trainer.fit' };
  assert.deepEqual(found, {
    validate: ['evaluate', 'report'].map((name) => ({ uri: main, function: `validate.${name}` })),
    evaluate: [fit],
    report: [{ uri: train, function: 'emit' }],
    start: [{ uri: main, function: 'started' }, fit],
  });
});

test('a task keeps up with the function that it calls', () => {
  const fixture = readFixture(`
//- churn/train.py
def other():
    pass
//- dags/main.py
from airflow.decorators import task
from churn import train
@task
def report(rows):
    train.emit(rows)
`);
  const [train, main] = fixture.files;
  assert.ok(train && main);
  const index = indexOf(fixture);
  const calls = () => index.references(main.uri).find(({ name }) => name === 'report')?.calls;
  assert.equal(calls(), undefined);
  const text = 'def emit(rows):\n    pass\n';
  index.upsert(summarize(documentOf({ ...train, text, source: text }), allRules));
  assert.deepEqual(calls(), [{ uri: train.uri, function: 'emit' }]);
});
