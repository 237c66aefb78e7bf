// Pages: all facts of an entity, two runs side by side, what the server sees in a file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePage } from '../../server/features/comparePage.ts';
import { entityPage } from '../../server/features/entityPage.ts';
import { seesPage } from '../../server/features/seesPage.ts';
import { churnCode, churnWorld } from '../support/churn.ts';
import { feature } from '../support/feature.ts';

const { context } = feature(churnWorld, churnCode);

function holds(text: string, ...lines: readonly string[]): void {
  for (const line of lines) assert.ok(text.split('\n').includes(line), `no line\n  ${line}\nin\n${text}`);
}

test('the facts page of a model', () => {
  const { title, text } = entityPage(context, 'model:mlflow://local/churn');
  assert.equal(title, 'Model churn');
  holds(
    text,
    '# Model `churn`',
    '- id: `model:mlflow://local/churn`',
    '## `mlflow (fixture)`, as of 5 min ago',
    '| description | `Who will leave` |',
    '| aliases | `champion` is `6`, `challenger` is `7` |',
    '| [train-11-21](plumbline:/entity/run%3Amlflow%3A//local/m7) | ✓ succeeded | 2 d ago | 1 min 31 s | 0.71 (-0.16) | 0.44 (-0.17) |',
    '| [s3\\://acme-lake/churn/features/2026-11-14/](plumbline:/entity/path%3As3%3A//acme-lake/churn/features/2026-11-14/) | reads | reported | `MLflow run train-11-14` | 5 min ago |',
    '- writes in [churn/publish.py:30](file:///acme/churn/churn/publish.py#L30)',
    '| `alias champion` | `6` | 2026-11-23 11:55 UTC | still |',
    'Said by mlflow (fixture), as of 5 min ago.',
  );
});

test('the facts page of a run links to what it read, wrote and was part of', () => {
  const { text } = entityPage(context, 'run:mlflow://local/m7');
  holds(
    text,
    '# Run `train-11-21`',
    '| status | ✓ succeeded |',
    '| started | 2026-11-21 12:00 UTC |',
    '| linked runs | [fit, try 1](plumbline:/entity/run%3Aairflow%3A//local/train_churn/scheduled__2026-11-21/fit/-1/1) |',
    '| metric `auc` | 0.71 |',
    'Said by mlflow (fixture), as of 5 min ago.',
  );
});

test('the facts page of what nobody knows says why', () => {
  assert.match(
    entityPage(context, 'job:databricks://local/1').text,
    /Unknown, because nothing is connected that lists its names/,
  );
  assert.match(
    entityPage(context, 'model:mlflow://local/x').text,
    /A complete listing made 5 min ago does not hold it/,
  );
  assert.match(
    entityPage(context, 'code:table:prod.x').text,
    /^# `prod\.x`\n\nA `table` that is named in the code, and that no tool knows\./,
  );
  assert.match(entityPage(context, 'nonsense`<b>').text, /^# ``nonsense`<b>``\n\n.* That is not the id of anything\./);
});

test('a run beside the run before it', () => {
  const { title, text } = comparePage(context, 'run:mlflow://local/m7');
  assert.equal(title, 'Compare train-11-21');
  holds(
    text,
    '|  | before: `train-11-14` | after: `train-11-21` |',
    '| status | ✓ succeeded | ✓ succeeded |',
    '| user | `ana` | **`bo`** |',
    '| commit | `5be1f0a77aa` | **none** |',
    '| `auc` | 0.87 | **0.71 (-0.16)** |',
    '| `s3://acme-lake/churn/features/2026-11-14/` | 1,200 rows | **none** |',
    'Neither run has parameters.',
  );
});

test('the first run has nothing to be compared with, an unknown one neither', () => {
  assert.match(comparePage(context, 'run:mlflow://local/m5').text, /No run before it is recorded/);
  assert.match(comparePage(context, 'run:mlflow://local/nobody').text, /No tool says anything of this run/);
});

test('what the server sees', () => {
  const { text } = seesPage(context, 'file:///acme/churn/churn/publish.py');
  holds(
    text,
    '| 30:4 | writes | model | `churn` |  | literal | `fixture` | `model:mlflow://local/churn` |',
    '| 44:4 | writes | path | `s3://acme-models/churn-lite/*/model.joblib` |  | partial | `fixture` | matches 1 |',
    '| `mlflow (fixture)` | `mlflow` | `mlflow://local` | fresh | 5 min ago |  |',
  );
  assert.match(
    seesPage(context, 'file:///acme/churn/nothing.py').text,
    /No reference\. Python, SQL and dbt files are read/,
  );
});
