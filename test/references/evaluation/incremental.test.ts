// Incremental: wrappers, operators, options and settings over files that change, move and go say what a fresh index says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { pack } from '../../../server/references/indexing/packed.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { editDocument, type ParsedDocument, parseDocument } from '../../../server/syntax/document.ts';
import { languageIdOf } from '../../../server/syntax/languages.ts';

const folder = 'file:///w/';
const texts: Readonly<Record<string, string>> = {
  'lake/__init__.py': 'from .names import *\nfrom .io import load as fetch\n',
  'lake/names.py': `BUCKET = "acme-lake"
class Tables:
    ORDERS = "shop.orders"
`,
  'lake/io.py': `import mlflow
from .names import BUCKET
import lake.names
def load(name, alias="champion"):
    uri = f"models:/{name}@{alias}"
    return mlflow.pyfunc.load_model(uri)
def read(key, bucket=BUCKET):
    return spark.read.parquet(f"s3://{bucket}/{key}")
def twice(name):
    read(f"raw/{name}")
    return load(name)
`,
  'operators/own.py': `from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from lake import fetch
class Base(TriggerDagRunOperator):
    PREFIX = "team_"
    def __init__(self, trigger, **kwargs):
        super().__init__(trigger_dag_id=self.PREFIX + trigger, **kwargs)
class Score(Base):
    PREFIX = "score_"
    def __init__(self, model, **kwargs):
        super().__init__(trigger="daily", **kwargs)
        self.model = model
    def execute(self, context):
        fetch(self.model)
`,
  'dags/main.py': `import argparse
import mlflow
from lake import BUCKET, Tables, io
from operators.own import Base, Score
parser = argparse.ArgumentParser()
parser.add_argument("--table", default=Tables.ORDERS)
args = parser.parse_args()
try:
    from lake.names import OTHER as NAME
except ImportError:
    NAME = "churn"
if BUCKET == "x":
    NAME = "lite"
Base(task_id="a", trigger="weekly")
Score(task_id="b", model=NAME)
io.twice("orders")
spark.table(args.table)
io.read("a/b", bucket=BUCKET)
mlflow.set_experiment(NAME)
`,
};
const names = Object.keys(texts);
const others = [...names, 'lake/more.py', 'other/io.py', 'dags/lake/names.py'];

const read = (name: string, text: string): ParsedDocument =>
  parseDocument({ uri: `${folder}${name}`, languageId: languageIdOf(name), version: 1, text });

function said(index: ReferenceIndex): string {
  return index
    .files()
    .toSorted()
    .flatMap((uri) => [uri, ...index.references(uri).map((reference) => JSON.stringify(reference))])
    .join('\n');
}

const insert = fc.constantFrom(
  '"',
  '(',
  '\n',
  '    ',
  '#',
  'x',
  '',
  '',
  'BUCKET = "other"\n',
  'OTHER = "other"\n',
  'from lake.names import *\n',
  'def load(name):\n    return name\n',
  'self.',
  'name',
  ', name="x"',
  'if x:\n    ',
  'class Base:\n    PREFIX = "p_"\n',
);
const file = fc.nat();
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('edit' as const),
      file,
      at: fc.nat(),
      remove: fc.nat({ max: 12 }),
      insert,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('remove' as const, 'restore' as const, 'close' as const), file }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('rename' as const), file, to: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('ask' as const, 'settle' as const), file }) },
);

test('any edits, renames and removals leave what a fresh index says', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const index = new ReferenceIndex();
      const documents = new Map<string, ParsedDocument>();
      const put = (name: string, document: ParsedDocument): void => {
        documents.set(name, document);
        index.upsert(summarize(document, allRules));
      };
      const drop = (name: string): void => {
        documents.delete(name);
        index.remove(`${folder}${name}`);
      };
      for (const name of names) put(name, read(name, texts[name] ?? ''));
      for (const one of steps) {
        const name = others[one.file % others.length] ?? '';
        const document = documents.get(name);
        if (one.type === 'remove') drop(name);
        else if (one.type === 'restore') put(name, read(name, texts[name] ?? ''));
        else if (one.type === 'close' && document) index.take(pack(summarize(document, allRules)));
        else if (one.type === 'ask') index.references(`${folder}${name}`);
        else if (one.type === 'settle') index.settle(Number.POSITIVE_INFINITY);
        else if (one.type === 'rename' && document) {
          const to = others[one.to % others.length] ?? '';
          drop(name);
          put(to, read(to, document.text));
        } else if (one.type === 'edit' && document) {
          const from = one.at % (document.text.length + 1);
          const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + one.remove) };
          put(name, editDocument(document, [{ range, text: one.insert }], document.version + 1));
        }
      }
      const other = new ReferenceIndex();
      for (const { uri, languageId, text } of documents.values())
        other.upsert(summarize(parseDocument({ uri, languageId, version: 1, text }), allRules));
      assert.equal(said(index), said(other));
    }),
    { numRuns: 60 },
  );
});

test('a changed wrapper changes its calls, a comment in it none', () => {
  const index = new ReferenceIndex();
  for (const name of names) index.upsert(summarize(read(name, texts[name] ?? ''), allRules));
  const main = `${folder}dags/main.py`;
  const named = () => index.references(main).map(({ kind, name }) => `${kind} ${name}`);
  assert.ok(named().includes('model orders') && named().includes('path s3://acme-lake/raw/orders'));
  const before = index.references(main);
  const io = texts['lake/io.py'] ?? '';
  index.upsert(summarize(read('lake/io.py', io.replace('    read(f', '    # reads\n    read(f')), allRules));
  assert.equal(index.references(main), before);
  index.upsert(summarize(read('lake/io.py', io.replace('raw/{name}', 'clean/{name}')), allRules));
  assert.ok(named().includes('path s3://acme-lake/clean/orders'));
  index.remove(`${folder}lake/io.py`);
  assert.ok(!named().includes('model orders'));
});

test('functions that call each other, branches of branches and bases in a ring run out of fuel', () => {
  const wide = Array.from({ length: 40 }, (_, at) => {
    const calls = Array.from({ length: 10 }, (_, to) => `    f${(at + to) % 40}(name + "${to}")\n`).join('');
    return `def f${at}(name):\n    mlflow.set_experiment(name)\n${calls}    return f${(at + 1) % 40}(name) + f${(at + 2) % 40}(name)\n`;
  }).join('');
  const branches = Array.from(
    { length: 60 },
    (_, at) => `if x${at}:\n    V = V + W\nelse:\n    W = W + V\nif y:\n    V = f${at % 40}(W)\n`,
  ).join('');
  const bases =
    'class A(B):\n    x = B.x\n    def __init__(self, n):\n        super().__init__(n)\n        self.y = self.x\n' +
    'class B(A):\n    x = A.x\n    def __init__(self, n):\n        super().__init__(n)\nmlflow.set_experiment(A("n").y)\n';
  const text = `import mlflow\n${wide}${branches}${bases}f0("start")\nmlflow.set_experiment(V)\n`;
  const index = new ReferenceIndex();
  index.upsert(summarize(read('ring.py', text), allRules));
  const from = process.cpuUsage();
  const found = index.references(`${folder}ring.py`);
  const { user } = process.cpuUsage(from);
  assert.ok(
    found.some(({ name }) => name === 'start'),
    'what is near is still found',
  );
  assert.ok(user < 20_000_000, `took ${user / 1000} ms of processor time`);
});
