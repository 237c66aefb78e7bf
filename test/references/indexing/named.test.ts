// Names in the index: a question by name finds exactly what a walk over every file finds, after any edit, and costs no such walk.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sameName } from '../../../server/catalog/names.ts';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { parseDocument } from '../../../server/syntax/document.ts';

const texts: Readonly<Record<string, string>> = {
  'file:///w/settings.py': 'MODEL = "churn"\nTABLE = "ml.scores"\n',
  'file:///w/load.py':
    'import mlflow\nfrom settings import MODEL\ndef a():\n    mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")\n',
  'file:///w/train.py':
    'import mlflow\nimport pandas as pd\nmlflow.set_experiment("churn")\nmlflow.log_metric("auc", 1)\ndef b(c):\n    mlflow.log_metric("auc", 2)\n    mlflow.register_model("runs:/1", "churn")\n    pd.read_sql("select * from ML.Scores join raw.x.y", c)\n',
};

function read(index: ReferenceIndex, uri: string, text: string): void {
  index.upsert(summarize(parseDocument({ uri, languageId: 'python', version: 1, text }), allRules));
}

function assertSame(index: ReferenceIndex): number {
  const all = index.all();
  for (const { reference } of all) {
    const { kind, name } = reference;
    const walked = all.filter((one) => one.reference.kind === kind && sameName(kind, one.reference.name, name));
    assert.deepEqual(index.named(kind, name), walked);
  }
  return all.length;
}

test('a name is found in every file, with what its file says about it, after every edit', () => {
  const index = new ReferenceIndex();
  for (const [uri, text] of Object.entries(texts)) read(index, uri, text);
  assert.equal(assertSame(index), 8);
  assert.deepEqual(
    index.named('metric', 'auc').map(({ reference }) => reference.detail.container),
    ['churn', 'churn'],
  );
  const train = texts['file:///w/train.py'] ?? '';
  read(index, 'file:///w/train.py', train.replace('set_experiment("churn")', 'set_experiment("other")'));
  assertSame(index);
  assert.equal(index.named('metric', 'auc')[0]?.reference.detail.container, 'other');
  read(index, 'file:///w/train.py', `\n\n${train.replace('mlflow.set_experiment("churn")\n', '')}`);
  assertSame(index);
  assert.equal(index.named('metric', 'auc')[0]?.reference.detail.container, undefined);
  read(index, 'file:///w/settings.py', 'MODEL = "uplift"\n');
  assertSame(index);
  assert.deepEqual(
    index.named('model', 'churn').map(({ uri }) => uri),
    ['file:///w/train.py'],
  );
  index.remove('file:///w/train.py');
  assertSame(index);
  assert.deepEqual(index.named('model', 'churn'), []);
});

test('a question by name does not wait for what is not evaluated yet when it has no patience', () => {
  const index = new ReferenceIndex();
  for (let at = 0; at < 50; at++) read(index, `file:///w/load${at}.py`, texts['file:///w/load.py'] ?? '');
  index.patienceMs = -1;
  assert.equal(index.named('model', 'churn').length, 0);
  assert.equal(index.settle(-1), false);
  read(index, 'file:///w/settings.py', 'MODEL = "churn"\n');
  assert.equal(index.settle(Number.POSITIVE_INFINITY), true);
  assert.equal(index.named('model', 'churn').length, 50);
});
