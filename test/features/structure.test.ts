// The shape of code as lineage sees it: highlights, symbols of a file and of the workspace, the call hierarchy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finish } from '../../server/features/steps.ts';
import { incoming, outgoing, prepareCallHierarchy } from '../../server/features/structure/callHierarchy.ts';
import { documentSymbols } from '../../server/features/structure/documentSymbols.ts';
import { highlights } from '../../server/features/structure/highlights.ts';
import { workspaceSymbols } from '../../server/features/structure/workspaceSymbols.ts';
import { toolName } from '../../server/features/toolName.ts';
import { codeEdges } from '../../server/lineage/codeEdges.ts';
import { indexEdges } from '../../server/lineage/edgeIndex.ts';
import { codeWorld } from '../support/code.ts';

const train = `from airflow.sdk import dag, task
import mlflow
@dag(dag_id="train_churn")
def train():
    @task
    def fit():
        rows = query("SELECT * FROM raw.events")
        mlflow.register_model("runs:/0123456789abcdef0123456789abcdef/m", "ch$0urn")
        mlflow.pyfunc.load_model("models:/churn@champion")
    fit()
train()
`;

test('reading and writing of one thing are told apart', () => {
  const { context, document, at } = codeWorld({ 'dags/train.py': train });
  assert.deepEqual(
    highlights(context, document, at).map(({ range, kind }) => `${range.start.line} ${kind}`),
    ['7 3', '8 2'],
  );
  assert.deepEqual(highlights(context, document, { line: 1, character: 0 }), []);
});

test('a job holds its tasks and what they write', () => {
  const { context, document } = codeWorld({ 'dags/train.py': train });
  const [job, ...others] = documentSymbols(context, document);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [
      job?.name,
      job?.range.start.line,
      job?.range.end.line,
      job?.children?.map(({ name, detail }) => `${name} ${detail}`),
    ],
    ['train_churn', 2, 7, ['fit Task', 'churn Model, written']],
  );
});

test('a job of a bundle stands there once, by its key, with what it is called beside it', () => {
  const bundle = `resources:
  jobs:
    score:
      name: train
      tasks: [{task_key: a}]
    train:
      name: \${bundle.target}-train
      tasks: [{task_key: b}]
    plain:
      name: plain
`;
  const { context, document } = codeWorld({ 'databricks.yml': bundle });
  assert.deepEqual(
    documentSymbols(context, document).map(
      ({ name, detail, children }) => `${name}: ${detail} ${children?.map((one) => one.name)}`,
    ),
    ['score: Job, called train a', 'train: Job, called *-train b', 'plain: Job '],
  );
});

test('names of the workspace by some of their letters, each where it is made', () => {
  const { context } = codeWorld({ 'dags/train.py': train, 'a.sql': 'select * from raw.events' });
  const found = (query: string) =>
    finish(workspaceSymbols(context, query)).map(({ name, location }) => `${name} ${location.range.start.line}`);
  assert.deepEqual(found('chrn'), ['train_churn 2', 'churn 7']);
  assert.deepEqual(found('events').length, 1);
  assert.deepEqual(found('nowhere'), []);
  assert.equal(toolName('model:mlflow://local/churn'), 'mlflow');
});

test('incoming is upstream, outgoing is downstream', () => {
  const { context, document, index } = codeWorld(
    {
      'etl.py':
        'def load():\n    rows = query("SELECT * FROM raw.events")\n    rows.to_sql("cle$0an_events", engine)\n',
      'next.sql': 'create table daily as select * from clean_events',
    },
    'source local sql',
  );
  const parts = {
    catalog: context.catalog,
    codeEdges: indexEdges(codeEdges(index.all(), context.resolve)),
    joinRules: [],
  };
  const { at } = codeWorld({
    'etl.py': 'def load():\n    rows = query("SELECT * FROM raw.events")\n    rows.to_sql("cle$0an_events", engine)\n',
  });
  const [item] = prepareCallHierarchy(context, document, at);
  assert.ok(item);
  assert.deepEqual(
    incoming(context, parts, item).map(({ from }) => `${from.name} ${from.uri.split('/').at(-1)}`),
    ['raw.events etl.py'],
  );
  assert.deepEqual(
    outgoing(context, parts, item).map(({ to }) => `${to.name} ${to.uri.split('/').at(-1)}`),
    ['daily next.sql'],
  );
});
