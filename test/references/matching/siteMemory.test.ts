// Site memory: a block in which one statement is edited names, after every edit, what it would name read afresh.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { editDocument, parseDocument } from '../../../server/syntax/document.ts';

const uri = 'file:///w/block.py';
const texts = [
  `import mlflow
from airflow import DAG
NAME = "churn"
class Trainer:
    table = "ml.labels"
    def __init__(self, name=NAME):
        self.name = name
        self.prefix = f"s3://lake/{name}/"
    def load(self, kind):
        rows = spark.table(self.table)
        return mlflow.pyfunc.load_model(f"models:/{kind}@champion")
    def fit(self):
        mlflow.set_experiment(self.name)
        self.load("churn")
        rows = query(f"SELECT * FROM {self.table} JOIN ml.events USING (id)")
        rows.write.save(self.prefix)
        for kind in ["a", "b"]:
            mlflow.log_metric(kind, 1)
    def publish(self):
        model = self.load("fraud")
        mlflow.register_model("runs:/0123456789abcdef0123456789abcdef/m", self.name)
Trainer().fit()
`,
  `from airflow import DAG
from airflow.operators.bash import BashOperator
DAG_ID = "train"
with DAG(DAG_ID) as dag:
    day = "{{ ds }}"
    bucket = "lake"
    first = BashOperator(task_id="first", bash_command="aws s3 cp s3://lake/a s3://lake/b")
    second = S3CopyObjectOperator(task_id="second", source_bucket_name=bucket, source_bucket_key=f"raw/{day}", dest_bucket_name=bucket, dest_bucket_key="clean/")
    with TaskGroup("group") as group:
        third = TriggerDagRunOperator(task_id="third", trigger_dag_id=DAG_ID)
        fourth = SQLExecuteQueryOperator(task_id="fourth", sql="INSERT INTO a.b SELECT * FROM c.d")
    first >> second
`,
];
const typed = ['x', '"', '(', ')', '\n', ' ', '_2', '#', '.', 'name', 'bucket', ' = "y"\n', 'def f():\n', '    '];
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 0, 1, 3),
  text: fc.constantFrom(...typed),
});

test('after every edit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 12 }), (text, edits) => {
      const index = new ReferenceIndex();
      let document = parseDocument({ uri, languageId: 'python', version: 0, text });
      index.upsert(summarize(document, index.rules));
      index.references(uri);
      edits.forEach(({ at, removed, text: inserted }, turn) => {
        const from = Math.floor(at * document.text.length);
        const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + removed) };
        document = editDocument(document, [{ range, text: inserted }], turn + 1);
        index.upsert(summarize(document, index.rules));
        const fresh = new ReferenceIndex();
        fresh.upsert(
          summarize(parseDocument({ uri, languageId: 'python', version: 0, text: document.text }), fresh.rules),
        );
        assert.deepEqual(index.references(uri), fresh.references(uri), document.text);
      });
    }),
    { numRuns: 80 },
  );
});
