// The index: what it knows after any edits is what it would know if it had read everything just now.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { allRules } from '../../server/references/rules/index.ts';
import { editDocument, type ParsedDocument, parseDocument } from '../../server/syntax/document.ts';
import { languageIdOf } from '../../server/syntax/languages.ts';

const folder = 'file:///w/';
const read = (name: string, text: string): ParsedDocument =>
  parseDocument({ uri: `${folder}${name}`, languageId: languageIdOf(name), version: 1, text });

const texts: Readonly<Record<string, string>> = {
  'churn/__init__.py': 'from .settings import NAME as PUBLIC\n',
  'churn/settings.py': `import os
NAME = "churn"
LAKE = os.environ.get("LAKE", "acme-lake")
FEATURES = f"s3://{LAKE}/{NAME}/features/"
class Tables:
    labels = f"ml.{NAME}_labels"
    other = "ml.other"
def table(kind):
    return "ml." + kind
`,
  'churn/train.py': `import mlflow
from churn import settings, PUBLIC
from churn.settings import FEATURES as F, Tables

def measure():
    return {"auc": 1, "f1": 2}

def fit(day):
    mlflow.set_experiment(settings.NAME)
    mlflow.log_metrics(measure())
    rows = query(f"SELECT * FROM {Tables.labels} JOIN ml.events USING (id)")
    write(rows, f"{F}{day}/x.parquet")
    more = query("SELECT * FROM {}".format(settings.table("kind")))

class Publisher:
    name = PUBLIC
    def publish(self):
        self.client = mlflow.MlflowClient()
        self.client.set_registered_model_alias(self.name, "champion", 1)
    def again(self):
        mlflow.register_model("runs:/0123456789abcdef0123456789abcdef/m", self.name)
`,
  'dags/train.py': `from airflow.sdk import dag, task
from churn.settings import FEATURES, NAME
@dag(dag_id=f"train_{NAME}")
def train():
    @task(outlets=[FEATURES])
    def fit():
        load(FEATURES)
    fit()
train()
`,
  'dbt/models/labels.sql': `select * from {{ ref('customers') }} join crm.events using (id)\n`,
};
const names = Object.keys(texts);

/** Everything the index says, of every file. */
function said(index: ReferenceIndex): string {
  return index
    .files()
    .toSorted()
    .flatMap((uri) => [uri, ...index.references(uri).map((reference) => JSON.stringify(reference))])
    .join('\n');
}

function fresh(documents: ReadonlyMap<string, ParsedDocument>): ReferenceIndex {
  const index = new ReferenceIndex();
  for (const { uri, languageId, text } of documents.values())
    index.upsert(summarize(parseDocument({ uri, languageId, version: 1, text }), allRules));
  return index;
}

const insert = fc.constantFrom(
  '"',
  "'",
  '(',
  ')',
  '\n',
  '    ',
  '#',
  'x',
  '_2',
  '{',
  '}',
  'NAME = "other"\n',
  'def f():\n',
  '"""',
  ':',
  '',
  '',
  '\n\n',
  'FEATURES = "s3://b/"\n',
  'é😀',
);
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('edit' as const),
      file: fc.nat(),
      at: fc.nat(),
      remove: fc.nat({ max: 9 }),
      insert,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('remove' as const), file: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('restore' as const), file: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('ask' as const), file: fc.nat() }) },
);

test('any sequence of edits, removals and returns leaves what a fresh index says', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      const index = new ReferenceIndex();
      const documents = new Map<string, ParsedDocument>();
      const put = (document: ParsedDocument): void => {
        documents.set(document.uri, document);
        index.upsert(summarize(document, allRules));
      };
      for (const name of names) put(read(name, texts[name] ?? ''));
      for (const one of steps) {
        const name = names[one.file % names.length] ?? '';
        const document = documents.get(`${folder}${name}`);
        if (one.type === 'remove') {
          index.remove(`${folder}${name}`);
          documents.delete(`${folder}${name}`);
        } else if (one.type === 'restore') put(read(name, texts[name] ?? ''));
        else if (one.type === 'ask') index.references(`${folder}${name}`);
        else if (document) {
          const from = one.at % (document.text.length + 1);
          const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + one.remove) };
          put(editDocument(document, [{ range, text: one.insert }], document.version + 1));
        }
      }
      const other = fresh(documents);
      assert.equal(said(index), said(other));
      for (const [kind, name] of [
        ['table', 'ml.churn_labels'],
        ['model', 'churn'],
        ['path', 's3://acme-lake/churn/features'],
      ] as const)
        assert.deepEqual(index.named(kind, name), other.named(kind, name));
    }),
    { numRuns: 120 },
  );
});

test('only what reads a changed value is asked again; a comment changes nothing at all', () => {
  const index = new ReferenceIndex();
  const documents = new Map(names.map((name) => [name, read(name, texts[name] ?? '')]));
  for (const document of documents.values()) index.upsert(summarize(document, allRules));
  const references = (name: string) => index.references(`${folder}${name}`);
  const before = {
    train: references('churn/train.py'),
    dag: references('dags/train.py'),
    dbt: references('dbt/models/labels.sql'),
  };
  const { revision } = index;
  const change = (from: string, to: string): void => {
    const document = documents.get('churn/settings.py') ?? read('', '');
    const at = document.text.indexOf(from);
    const range = { start: document.lines.positionAt(at), end: document.lines.positionAt(at + from.length) };
    const edited = editDocument(document, [{ range, text: to }], 2);
    documents.set('churn/settings.py', edited);
    index.upsert(summarize(edited, allRules));
  };
  change('NAME = "churn"', 'NAME = "churn"  # the product');
  assert.equal(index.revision, revision);
  assert.equal(references('churn/train.py'), before.train);
  change('"ml.other"', '"ml.another"');
  assert.equal(references('dags/train.py'), before.dag);
  change('"acme-lake"', '"new-lake"');
  assert.ok(index.revision > revision);
  assert.equal(references('dbt/models/labels.sql'), before.dbt);
  assert.deepEqual(
    references('dags/train.py')
      .filter(({ kind }) => kind === 'path')
      .map(({ name }) => name),
    ['s3://new-lake/churn/features/', 's3://new-lake/churn/features/'],
  );
  const kept = before.train.filter((reference) => references('churn/train.py').includes(reference));
  assert.ok(kept.length >= 2, 'what does not read the lake stays the same object');
});

test('names are found with fewer or more qualifiers, in any case; in slices when asked so', () => {
  const index = new ReferenceIndex();
  index.upsert(
    summarize(
      read('a.sql', 'select * from ANALYTICS.ML.SCORES join scores on true join other.ml.scores on true'),
      allRules,
    ),
  );
  const found = index.named('table', '"analytics"."ml"."scores"').map(({ reference }) => reference.name);
  assert.deepEqual(found, ['ANALYTICS.ML.SCORES', 'scores']);
  assert.equal(index.settle(0), true);
  assert.deepEqual(index.files(), [`${folder}a.sql`]);
  index.remove(`${folder}a.sql`);
  assert.deepEqual([index.files(), index.all(), index.named('table', 'scores')], [[], [], []]);
});

test('a name that stands in another block moves with it, though its value stays', () => {
  const before =
    'import mlflow\ndef measure():\n    return {"auc": 1}\ndef fit():\n    mlflow.log_metrics(measure())\n';
  const index = new ReferenceIndex();
  index.upsert(summarize(read('train.py', before), allRules));
  const place = () => index.references(`${folder}train.py`).map(({ name, range }) => [name, range.start]);
  assert.deepEqual(place(), [['auc', { line: 2, character: 13 }]]);
  index.upsert(summarize(read('train.py', before.replace('return {', 'return   {')), allRules));
  assert.deepEqual(place(), [['auc', { line: 2, character: 15 }]]);
});

test('statements that say the same each keep their place when both are written over', () => {
  const text = 'import mlflow\nmlflow.log_metric("auc", 1)\nmlflow.log_metric("auc", 1)\nend()\n';
  const index = new ReferenceIndex();
  const document = read('twice.py', text);
  index.upsert(summarize(document, allRules));
  const range = { start: { line: 0, character: 3 }, end: { line: 3, character: 1 } };
  const written = text.slice(3, text.indexOf('nd()'));
  index.upsert(summarize(editDocument(document, [{ range, text: written }], 2), allRules));
  assert.deepEqual(
    index.references(`${folder}twice.py`).map(({ range: { start } }) => start.line),
    [1, 2],
  );
});
