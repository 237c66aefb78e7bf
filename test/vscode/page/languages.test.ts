// What a person sees on the names in each language of a repository: hovers by mouse, completion, hints, rename, outline.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openWorkspace, type Workspace } from '../../../scripts/vscode/page.ts';
import { mouseHover } from '../support/mouse.ts';
import { freshSample, type Sample } from '../support/sample.ts';

let sample: Sample;
let workspace: Workspace;

const made: Readonly<Record<string, string>> = {
  'churn/daily.py': `from churn import warehouse

SQL = """
    SELECT customer_id, score
    FROM ANALYTICS.ML.CHURN_FEATURES
"""
rows = warehouse.query(SQL)
plain = warehouse.query("""
    SELECT count(*)
    FROM ANALYTICS.ML.CHURN_LABELS
""")
`,
  'churn/typed.py': `import mlflow
from churn import settings, warehouse

model = mlflow.pyfunc.load_model("models:")
other = mlflow.pyfunc.load_model("models:/chxx@champion")
rows = warehouse.query(f"SELECT * FROM {settings.ML_SCHEMA}")
`,
  'sql/typed.sql': 'SELECT * FROM ANALYTICS.ML\n',
  'dbt/models/joined.sql': 'select * from {{ ref() }}\n',
  Makefile: 'score:\n\taws s3 cp s3://acme-models/churn-lite/ lite --recursive\n',
};

before(async () => {
  sample = await freshSample();
  for (const [name, text] of Object.entries(made)) await writeFile(path.join(sample.folder, name), text);
  workspace = await openWorkspace({ folder: sample.folder, theme: 'Default Dark Modern' });
});

after(async () => {
  await workspace?.close();
  await sample?.remove();
});

const hovers: readonly (readonly [string, string, number, string, RegExp])[] = [
  ['an f-string in Python', 'churn/scoring.py', 15, 'models:/{settings.MODEL_$0NAME', /champion/],
  ['SQL in an f-string', 'churn/scoring.py', 16, 'FROM {settings.FEATURE_$0TABLE', /customer_id/],
  ['SQL in a constant of many lines', 'churn/daily.py', 5, 'FROM ANALYTICS.ML.CHURN_FEA$0TURES', /customer_id/],
  ['SQL in an argument of many lines', 'churn/daily.py', 10, 'FROM ANALYTICS.ML.CHURN_LA$0BELS', /has_churned/],
  ['a file of SQL', 'sql/join_labels.sql', 16, 'ANALYTICS.ML.CHURN_LA$0BELS', /has_churned/],
  ["dbt's YAML", 'dbt/models/schema.yml', 11, 'name: churn_fea$0tures', /customer_id/],
  ['a column in SQL', 'sql/join_labels.sql', 17, '= labels.customer_$0id', /Column.*customer_id.*CHURN_LABELS/i],
  ['a column in SQL inside Python', 'churn/daily.py', 4, 'SELECT customer_$0id, score', /Column.*CHURN_FEATURES/i],
  ["a column in dbt's YAML", 'dbt/models/schema.yml', 27, 'name: has_ch$0urned', /Column.*has_churned.*churn_labels/i],
  ["dbt's Jinja", 'marts/churn_features.sql', 20, "ref('stg_cus$0tomers')", /stg_customers/],
  ['a job of a Databricks bundle', 'databricks.yml', 7, 'name: score-$0churn', /score-churn/],
  ['a task of a Databricks bundle', 'databricks.yml', 12, 'task_key: sc$0ore', /score/],
  ['a metric in Terraform', 'monitors/churn.tf', 5, 'avg:churn.$0auc', /churn\.auc/],
  ['a monitor in Terraform', 'monitors/churn.tf', 3, '= "churn_auc_$0low"', /churn_auc_low/],
  ['a path in a Makefile', 'Makefile', 2, 's3://acme-models/churn-$0lite', /churn-lite/],
];
for (const [where, file, line, marked, words] of hovers) {
  test(`hover in ${where}`, async () => {
    await workspace.openFile(file);
    await workspace.goto(line);
    await mouseHover(workspace, marked, words);
    await workspace.screenshot(`hover-${where.replace(/\W+/g, '-')}`);
  });
}

const typed: readonly (readonly [string, string, string, string, RegExp, string])[] = [
  ['a literal', 'churn/typed.py', 'load_model("models:$0")', '/ch', /^churn$/, 'load_model("models:/churn")'],
  ['the middle of a name', 'churn/typed.py', '"models:/ch$0xx@', '', /^churn$/, '"models:/churn@champion"'],
  ['an f-string', 'churn/typed.py', '{settings.ML_SCHEMA}$0"', '.churn_l', /CHURN_LABELS$/, 'ML_SCHEMA}.CHURN_LABELS"'],
  ['SQL', 'sql/typed.sql', 'ANALYTICS.ML$0', '.CHURN_L', /CHURN_LABELS$/, 'FROM ANALYTICS.ML.CHURN_LABELS'],
  ['Jinja', 'dbt/models/joined.sql', 'ref($0)', "'stg_c", /stg_customers$/, "ref('stg_customers')"],
];
for (const [where, file, marked, keys, wanted, result] of typed) {
  test(`completion in ${where}: each name once, and it takes the place of what was typed`, async () => {
    await workspace.openFile(file);
    const text = await readFile(path.join(sample.folder, file), 'utf8');
    const at = text.indexOf(marked.replace('$0', '')) + marked.indexOf('$0');
    const before = text.slice(0, at).split('\n');
    await workspace.goto(before.length, (before.at(-1)?.length ?? 0) + 1);
    const { page } = workspace;
    if (keys === '') await page.keyboard.press('Control+Space');
    else await page.keyboard.type(keys, { delay: 60 });
    const rows = page.locator('.suggest-widget.visible .monaco-list-row');
    const names = rows.locator('.label-name');
    await workspace.shown(names.filter({ hasText: wanted }).first(), `${wanted} among the suggestions`);
    await workspace.screenshot(`completion-${where.replace(/\W+/g, '-')}`);
    const labels = await names.allTextContents();
    assert.equal(new Set(labels.map((label) => label.toLowerCase())).size, labels.length, labels.join(', '));
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+S');
    for (
      let tries = 0;
      tries < 50 && !(await readFile(path.join(sample.folder, file), 'utf8')).includes(result);
      tries++
    )
      await page.waitForTimeout(100);
    const now = await readFile(path.join(sample.folder, file), 'utf8');
    assert.ok(now.includes(result), now);
  });
}

test('the name behind a constant is shown, once, where it is used', async () => {
  await workspace.openFile('dags/train_churn.py');
  const line = workspace.page.locator('.view-line', { hasText: /dag_id=DAG_ID/ }).first();
  await workspace.shown(line.filter({ hasText: /=\strain_churn/ }), 'the hint');
  assert.match((await line.textContent()) ?? '', /^\s*dag_id=DAG_ID\s*=\strain_churn,$/);
  await workspace.screenshot('inlay');
});

test('the outline: the DAG and its tasks', async () => {
  await workspace.openFile('dags/train_churn.py');
  await workspace.run('Explorer: Focus on Outline View');
  const rows = workspace.page.locator('.outline-pane .monaco-list-row, .outline-tree .monaco-list-row');
  await workspace.shown(rows.filter({ hasText: 'build_features' }).first(), 'the task in the outline');
  await workspace.screenshot('outline');
});

test('a model of the registry is not renamed here, and the words say why', async () => {
  await workspace.openFile('churn/scoring.py');
  await workspace.goto(15, 60);
  await workspace.page.keyboard.press('F2');
  await workspace.text(/is not defined in this workspace/);
  await workspace.screenshot('rename-refused');
});

test('a variable is left to the tools of Python', async () => {
  await workspace.openFile('dags/train_churn.py');
  await workspace.goto(16, 14);
  await workspace.page.keyboard.press('F2');
  await workspace.text(/put the cursor on the name itself: train_churn.py, line 11/);
});

test('a DAG is renamed everywhere, after a look at each place', async () => {
  await workspace.openFile('dags/train_churn.py');
  await workspace.goto(11, 14);
  await workspace.page.keyboard.press('F2');
  const box = workspace.page.locator('.rename-box:visible input.rename-input, .rename-box:visible input').first();
  await workspace.shown(box, 'the box for the new name');
  await workspace.screenshot('rename-box');
  await box.fill('fit_churn');
  await workspace.page.keyboard.press('Enter');
  const preview = workspace.page.locator('.bulk-edit-panel');
  const place = preview.locator('.monaco-list-row', { hasText: 'DAG_ID' });
  await workspace.shown(place.first(), 'the place in the preview');
  assert.equal(await place.count(), 1);
  await place.locator('.monaco-checkbox, input').first().click();
  await workspace.screenshot('rename-preview');
  await preview.getByRole('button', { name: 'Apply' }).click();
  await workspace.text(/"fit_churn"/);
});
