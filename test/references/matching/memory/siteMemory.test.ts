// Site memory: a block in which one statement is edited names, after every edit, what it would name read afresh.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../../server/references/index.ts';
import { editDocument, parseDocument } from '../../../../server/syntax/document.ts';

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
/** One of many methods: each names something by itself, through a field, a constant of the file and other methods. */
const method = (at: number): string => `
    def method_${at}(self, name="m_${at}", day=None):
        """Method ${at}."""
        path = f"s3://lake/{self.folder}/{name}"
        rows = self.read(path${at % 3 === 0 ? '' : ', "raw"'})
        spark.table(self.table).write.save(path)
        if day:
            name = LATEST
        with open(path) as file:
            self.last_${at} = file
        mlflow.set_experiment(name)
        return self.${at % 4 === 0 ? 'load' : `method_${Math.max(0, at - 1)}`}(name)
`;
const giantClass = `import mlflow
LATEST = "latest"
class Client(Base):
    table = "ml.labels"
    def __init__(self, folder="raw"):
        super().__init__(folder)
        self.folder = folder
    def read(self, path, kind="clean"):
        return pd.read_parquet(f"s3://{kind}/{path}")
    def load(self, name):
        return mlflow.pyfunc.load_model(f"models:/{name}@champion")
${Array.from({ length: 14 }, (_, at) => method(at)).join('')}
Client("x").load("fraud")
`;

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

test('after every edit of a giant class', () => {
  const more = [...typed, '"""', '\n    def load(self, name):\n        return name\n', 'self.', 'else:\n', 'a = 1\n'];
  const one = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), text: fc.constantFrom(...more, '', '') });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (edits) => {
      const index = new ReferenceIndex();
      let document = parseDocument({ uri, languageId: 'python', version: 0, text: giantClass });
      index.upsert(summarize(document, index.rules));
      assert.ok(index.references(uri).length > 40);
      for (const { at, text } of edits) {
        const from = Math.floor(at * document.text.length);
        const end = from + (text === '' ? 1 : 0);
        const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(end) };
        document = editDocument(document, [{ range, text }], document.version + 1);
        index.upsert(summarize(document, index.rules));
        const fresh = new ReferenceIndex();
        fresh.upsert(
          summarize(parseDocument({ uri, languageId: 'python', version: 0, text: document.text }), fresh.rules),
        );
        assert.deepEqual(index.references(uri), fresh.references(uri), document.text);
      }
    }),
    { numRuns: 30 },
  );
});

test('words in a docstring leave every block what it was', () => {
  const index = new ReferenceIndex();
  const document = parseDocument({ uri, languageId: 'python', version: 0, text: giantClass });
  const before = summarize(document, index.rules).blocks.map(({ block }) => block);
  const at = document.lines.positionAt(giantClass.indexOf('Method 7.'));
  const edited = editDocument(document, [{ range: { start: at, end: at }, text: 'The ' }], 1);
  const after = summarize(edited, index.rules).blocks.map(({ block }) => block);
  assert.ok(before.length > 2 && after.length === before.length);
  assert.ok(after.every((block, place) => block === before[place]));
});

test('what two methods read is known of the second, too, when the first reads it no more', () => {
  const index = new ReferenceIndex();
  const settings = (name: string): void =>
    index.upsert(
      summarize(
        parseDocument({ uri: 'file:///w/settings.py', languageId: 'python', version: 1, text: `NAME = "${name}"\n` }),
        index.rules,
      ),
    );
  settings('churn');
  const text = `import mlflow
from settings import NAME
class Trainer:
    def first(self):
        mlflow.set_experiment(NAME)

    def second(self):
        mlflow.set_experiment(NAME)
`;
  const document = parseDocument({ uri, languageId: 'python', version: 1, text });
  index.upsert(summarize(document, index.rules));
  const names = (): readonly string[] => index.references(uri).map(({ name }) => name);
  assert.deepEqual(names(), ['churn', 'churn']);
  const range = { start: { line: 4, character: 30 }, end: { line: 4, character: 34 } };
  index.upsert(summarize(editDocument(document, [{ range, text: '"other"' }], 2), index.rules));
  assert.deepEqual(names(), ['other', 'churn']);
  settings('fraud');
  assert.deepEqual(names(), ['other', 'fraud']);
});
