// From code: the whole way of a hover, from the text of several files to what a person reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Contexts } from '../../server/context.ts';
import { definition } from '../../server/features/definition.ts';
import { diagnostics } from '../../server/features/diagnostics.ts';
import { hover } from '../../server/features/hover.ts';
import { findReferences } from '../../server/features/references.ts';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { allRules } from '../../server/references/rules/index.ts';
import { parseDocument } from '../../server/syntax/document.ts';
import { languageIdOf } from '../../server/syntax/languages.ts';
import { fixtureCatalog, fixtureNow } from '../support/catalog.ts';
import { churnWorld } from '../support/churn.ts';

const files = {
  'churn/settings.py':
    'MODEL = "churn"\nREGISTERED = f"models:/{MODEL}@champion"\nLABELS = "ANALYTICS.ML.CHURN_LABELS"\n',
  'churn/scoring.py':
    'import mlflow\nfrom churn import settings\n\ndef score():\n    return mlflow.pyfunc.load_model(settings.REGISTERED)\n',
  'churn/typo.py': 'import mlflow\nmodel = mlflow.pyfunc.load_model("models:/chrun@champion")\n',
  'dags/train_churn.py':
    'from airflow.sdk import dag, task\n\n@dag(dag_id="train_churn")\ndef train():\n    @task\n    def fit():\n        ...\n    fit()\n',
  'dags/after.py':
    'from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator\nTriggerDagRunOperator(task_id="go", trigger_dag_id="train_churn")\n',
  'sql/report.sql': 'SELECT * FROM analytics.ml.churn_labels\n',
} as const;
type File = keyof typeof files;

const index = new ReferenceIndex();
const uriOf = (file: string) => `file:///acme/churn/${file}`;
for (const [file, text] of Object.entries(files)) {
  const document = parseDocument({ uri: uriOf(file), languageId: languageIdOf(file), version: 1, text });
  index.upsert(summarize(document, allRules));
}
const store = fixtureCatalog(churnWorld);
const context = new Contexts({
  index,
  now: () => fixtureNow,
  fileChange: () => ({}),
  ownerOf: () => undefined,
}).make(store.snapshot());

/** Where `word` stands first after `after`. */
function at(file: File, word: string, after = '') {
  const text = files[file];
  const offset = text.indexOf(word, text.indexOf(after));
  const lines = text.slice(0, offset).split('\n');
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

function title(file: File, word: string, after = ''): string | undefined {
  const found = hover(context, { uri: uriOf(file), version: 1 }, at(file, word, after));
  return found && 'value' in Object(found.contents) ? String(Object(found.contents).value).split('\n')[0] : undefined;
}

test('a model named by a constant of another file', () => {
  assert.equal(title('churn/scoring.py', 'settings.REGISTERED'), '**Model** `churn`');
});

test('the constant itself: hover, definition and references as where it is used', () => {
  assert.equal(title('churn/settings.py', 'MODEL'), '**Model** `churn`');
  assert.equal(title('churn/settings.py', 'churn'), '**Model** `churn`');
  const document = { uri: uriOf('churn/settings.py'), version: 1 };
  const place = at('churn/settings.py', 'MODEL');
  assert.equal(definition(context, document, place).length, 1);
  const sweep = findReferences(context, document, place);
  let step = sweep.next();
  while (!step.done) step = sweep.next();
  assert.deepEqual(
    step.value.map(({ uri }) => uri.slice(uriOf('').length)),
    ['churn/scoring.py', 'churn/settings.py'],
  );
});

test('a job, its task, and the job that another one starts', () => {
  assert.equal(title('dags/train_churn.py', 'train_churn', 'dag_id'), '**Job** `train_churn`');
  assert.equal(title('dags/train_churn.py', 'fit'), '**Task** `train_churn.fit` of job `train_churn`');
  assert.equal(title('dags/after.py', 'train_churn'), '**Job** `train_churn`');
  const [place] = definition(context, { uri: uriOf('dags/after.py'), version: 1 }, at('dags/after.py', 'train_churn'));
  assert.equal(place?.targetUri, uriOf('dags/train_churn.py'));
});

test('a table in SQL, in another case than its tool writes it', () => {
  assert.equal(title('sql/report.sql', 'churn_labels'), '**Table** `analytics.ml.churn_labels`');
});

test('a slip in a name is proven and corrected', () => {
  const [found] = diagnostics(context, { uri: uriOf('churn/typo.py'), version: 1 });
  assert.match(String(found?.message), /^Model chrun does not exist: .* Did you mean churn\?$/);
});

test('no name, no hover', () => {
  assert.equal(title('churn/scoring.py', 'return'), undefined);
});
