// What is typed and changed: completion, inlay hints, rename, code actions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CompletionList, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { diagnostics } from '../../server/features/diagnostics.ts';
import { codeActions } from '../../server/features/editing/codeActions.ts';
import { completion } from '../../server/features/editing/completion.ts';
import { inlayHints } from '../../server/features/editing/inlayHints.ts';
import { prepareRename, rename } from '../../server/features/editing/rename.ts';
import type { ParsedDocument } from '../../server/syntax/document.ts';
import { LineIndex } from '../../server/syntax/lines.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { codeFolder, codeWorld } from '../support/code.ts';

function complete(files: Readonly<Record<string, string>>): CompletionList & { document: ParsedDocument } {
  const { context, document, at } = codeWorld(files);
  return { ...completion(context, document, at), document };
}

/** Each line as it reads once the item is taken. */
function completed(name: string, text: string): readonly string[] {
  const { items, document } = complete({ [name]: text });
  return items.map(({ textEdit }) => {
    assert.ok(textEdit && 'range' in textEdit);
    return applied(document, [textEdit]);
  });
}

function applied({ text, lines }: ParsedDocument, edits: readonly TextEdit[]): string {
  return edits
    .toSorted((one, other) => lines.offsetAt(other.range.start) - lines.offsetAt(one.range.start))
    .reduce(
      (all, { range, newText }) =>
        all.slice(0, lines.offsetAt(range.start)) + newText + all.slice(lines.offsetAt(range.end)),
      text,
    );
}

test('names that exist, whole, wherever in the literal the cursor stands', () => {
  const load = (literal: string) => `import mlflow\nmlflow.pyfunc.load_model(${literal}`;
  assert.deepEqual(completed('a.py', load('"models:/ch$0")')), [load('"models:/churn")')]);
  assert.deepEqual(completed('a.py', load('"models:/ch$0urnx@champion")')), [load('"models:/churn@champion")')]);
  assert.deepEqual(completed('a.py', load('"models:/$0')), [load('"models:/churn')], 'half typed, no quote yet');
  assert.deepEqual(completed('a.py', 'import mlflow\nmlflow.set_experiment("$0")'), [
    'import mlflow\nmlflow.set_experiment("churn")',
  ]);
});

test('in f-strings, SQL, SQL in Python, Jinja and notebooks', () => {
  assert.deepEqual(
    completed('a.py', 'import mlflow\nP = "chu"\nmlflow.pyfunc.load_model(f"models:/{P}r$0@champion")'),
    ['import mlflow\nP = "chu"\nmlflow.pyfunc.load_model(f"models:/{P}rn@champion")'],
  );
  for (const [name, text] of [
    ['a.sql', 'select * from analytics.ml.churn_l$0 where 1 = 1'],
    ['a.sql', 'select * from ml.churn_l$0'],
    ['a.py', 'rows = query("SELECT * FROM analytics.ml.churn_l$0 WHERE day = 1")'],
  ] as const) {
    const found = completed(name, text);
    assert.ok(
      found.some((line) => /ml\.churn_labels\b/i.test(line)),
      `${text}: ${found.join(' | ')}`,
    );
  }
});

test('each name once: in the case that was begun, without what is being typed, without what is missing', () => {
  const labels = (files: Readonly<Record<string, string>>) => complete(files).items.map(({ label }) => label);
  const other = { 'b.sql': 'select * from ANALYTICS.ML.CHURN_LABELS' };
  assert.deepEqual(labels({ 'a.sql': 'select * from analytics.ml.churn_l$0', ...other }), [
    'analytics.ml.churn_labels',
  ]);
  assert.deepEqual(labels({ 'a.sql': 'select * from ANALYTICS.ML.CHURN_L$0', ...other }), [
    'ANALYTICS.ML.CHURN_LABELS',
  ]);
  const typo = 'import mlflow\nmlflow.pyfunc.load_model("models:/chxx")\n';
  assert.deepEqual(labels({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/ch$0")', 'b.py': typo }), [
    'churn',
  ]);
  const own = { 'b.py': 'import mlflow\nmlflow.register_model("runs:/1/model", "chxx")\n' };
  assert.deepEqual(labels({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/ch$0")', ...own }), [
    'churn',
    'chxx',
  ]);
});

test("dbt's ref takes the names of what dbt builds, by themselves", () => {
  const { items } = complete({ 'models/a.sql': "select * from {{ ref('$0') }}", 'models/b.sql': 'select 1' });
  const labels = items.map(({ label }) => label);
  assert.ok(labels.includes('churn_labels') && labels.includes('b'), labels.join(', '));
  assert.deepEqual(labels, [...new Set(labels)]);
  assert.ok(
    labels.every((label) => !label.includes('.') && label !== 'customers'),
    labels.join(', '),
  );
});

test('versions and aliases of a model', () => {
  const aliases = complete({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/churn@ch$0")' });
  assert.deepEqual(
    aliases.items.map(({ label }) => label),
    ['champion', 'challenger'],
  );
  const versions = complete({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/churn/$0")' });
  assert.ok(versions.items.length > 0 && versions.items.every(({ label }) => /^\d+$/.test(label)));
});

test('silent where no rule knows of a name', () => {
  for (const text of ['x = "ch$0"', 'print("ch$0")', '# models:/ch$0', 'import ch$0', 'def f():\n    """models:/$0"""'])
    assert.deepEqual(complete({ 'a.py': text }).items, [], text);
  assert.deepEqual(complete({ 'a.sql': 'select ch$0 from a' }).items, []);
});

test('a variable is told what it carries', () => {
  const { context, document } = codeWorld({
    'a.py': 'import mlflow\nfrom s import NAME\nmlflow.set_experiment(NAME)\nmlflow.set_experiment("churn")\n',
    's.py': 'NAME = "churn"\n',
  });
  const all = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  assert.deepEqual(
    inlayHints(context, document, all).map(({ label, position }) => `${position.line}:${position.character} ${label}`),
    ['2:26 = churn'],
  );
  assert.deepEqual(inlayHints(context, document, { ...all, start: { line: 3, character: 0 } }), []);
});

const dag = {
  'dags/ids.py': 'TRAIN = "train_churn"\n',
  'dags/train.py':
    'from airflow.sdk import DAG\nfrom ids import TRAIN\nwith DAG(TRAIN) as dag:\n    fit = Operator(task_id="fit")\n',
  'dags/after.py':
    'from airflow.sdk import DAG\nfrom airflow.operators.trigger_dagrun import TriggerDagRunOperator\nwith DAG("after") as dag:\n    fit = Operator(task_id="fit")\n    TriggerDagRunOperator(task_id="go", trigger_dag_id="train_$0churn")\n',
};

function edited(edit: WorkspaceEdit): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (edit.documentChanges ?? []).map((change) =>
      'kind' in change
        ? [change.kind, 'newUri' in change ? change.newUri.slice(codeFolder.length) : '']
        : [
            change.textDocument.uri.slice(codeFolder.length),
            change.edits.map((one) => `${'newText' in one ? one.newText : ''}@${one.range.start.line}`).join(' '),
          ],
    ),
  );
}

test('a DAG is renamed where it is defined, by way of its constant, and everywhere it is used', () => {
  const { context, document, at } = codeWorld(dag);
  const edit = rename(context, document, at, 'train_weekly');
  assert.ok(edit && !('refusal' in edit));
  assert.deepEqual(edited(edit), { 'dags/ids.py': 'train_weekly@0', 'dags/after.py': 'train_weekly@4' });
  assert.equal(edit.changeAnnotations?.rename?.needsConfirmation, true);
});

test('a task is renamed in its own DAG alone', () => {
  const files = { ...dag, 'dags/after.py': dag['dags/after.py'].replace('$0', '').replace('"fit"', '"f$0it"') };
  const { context, document, at } = codeWorld(files);
  const edit = rename(context, document, at, 'train');
  assert.ok(edit && !('refusal' in edit));
  assert.deepEqual(edited(edit), { 'dags/after.py': 'train@3' });
});

test('a dbt model is renamed with its file', () => {
  const { context, document, at } = codeWorld({
    'models/a.sql': "select * from {{ ref('ord$0ers') }}",
    'models/orders.sql': 'select 1',
  });
  const edit = rename(context, document, at, 'sales_orders');
  assert.ok(edit && !('refusal' in edit));
  assert.deepEqual(edited(edit), { 'models/a.sql': 'sales_orders@0', rename: 'models/sales_orders.sql' });
});

test('what lives outside, or is put together, is refused in words; nothing is changed by half', () => {
  const refusal = (files: Readonly<Record<string, string>>, name = 'x'): string => {
    const { context, document, at } = codeWorld(files);
    const answer = rename(context, document, at, name);
    return answer && 'refusal' in answer ? answer.refusal : JSON.stringify(answer);
  };
  assert.match(
    refusal({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/ch$0urn@champion")' }),
    /Model churn is not defined in this workspace. Rename it in mlflow/,
  );
  assert.match(
    refusal({ ...dag, 'dags/x.py': 'from airflow.sdk import DAG\nDAG("train_" + "churn")' }),
    /put together in x.py, line 2/,
  );
  const variable = {
    'dags/train.py': dag['dags/train.py'].replace('DAG(TRAIN)', 'DAG(TR$0AIN)'),
    'dags/ids.py': dag['dags/ids.py'],
  };
  assert.match(refusal(variable), /TRAIN only carries the name. To rename job train_churn, .*ids.py, line 1/);
  assert.match(
    refusal({ ...variable, 'dags/train.py': dag['dags/train.py'], 'dags/ids.py': 'TRAIN = "train$0_churn"\n' }),
    /^.*documentChanges/,
  );
  assert.match(refusal(dag, 'after'), /Job after is defined already/);
  assert.match(refusal(dag, 'a b'), /cannot be a name/);
  const { context, document, at } = codeWorld({ 'a.py': 'x = $01' });
  assert.equal(prepareRename(context, document, at), undefined);
});

test('the nearest name for one that is not there, and an alias pinned', () => {
  const typo = codeWorld({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/chr$0un@champion")' });
  const range = { start: typo.at, end: typo.at };
  const [fix] = codeActions(typo.context, typo.document, range, diagnostics(typo.context, typo.document));
  assert.equal(fix?.title, 'Change to churn');
  assert.equal(fix?.diagnostics?.length, 1);
  assert.match(applied(typo.document, fix?.edit?.changes?.[typo.document.uri] ?? []), /"models:\/churn@champion"/);
  const pin = codeWorld({ 'a.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/ch$0urn@champion")' });
  const [action] = codeActions(pin.context, pin.document, { start: pin.at, end: pin.at }, []);
  assert.match(action?.title ?? '', /Pin churn to version \d+, which champion means now/);
  assert.match(applied(pin.document, action?.edit?.changes?.[pin.document.uri] ?? []), /"models:\/churn\/\d+"/);
});

test('a name that no tool knows is joined to one that is known, in plumbline.yaml', () => {
  const joined = (files: Readonly<Record<string, string>>): string => {
    const { context, document, at } = codeWorld({ 'a.py': 'spark.table("churn_la$0bel")\n', ...files });
    const [action] = codeActions(context, document, { start: at, end: at }, []).filter(({ title }) =>
      title.startsWith('Say in plumbline.yaml'),
    );
    const text = files['plumbline.yaml'] ?? '';
    const lines = LineIndex.of(text);
    return (action?.edit?.documentChanges ?? []).reduce((before, change) => {
      if (!('edits' in change)) return before;
      const [edit] = change.edits;
      if (!edit || !('newText' in edit)) return before;
      const from = lines.offsetAt(edit.range.start);
      return before.slice(0, from) + edit.newText + before.slice(from);
    }, text);
  };
  const row = '  - from: "table:churn_label"\n    to: "table:dbt://';
  for (const [before, whole] of [
    [undefined, `version: 1\njoins:\n${row}`],
    ['version: 1\n', `version: 1\njoins:\n${row}`],
    ['version: 1', `version: 1\njoins:\n${row}`],
    ['version: 1\njoins:\n  - from: a\n    to: b\n', `version: 1\njoins:\n${row}`],
  ] as const) {
    const text = joined(before === undefined ? {} : { 'plumbline.yaml': before });
    assert.ok(text.startsWith(whole), text);
    assert.deepEqual(
      parsePlumblineFile(text.replace('from: a\n    to: b', 'from: "table:a"\n    to: "table:b"')).problems,
      [],
    );
  }
});

test('metrics in the query of a monitor, in Terraform and YAML, whole or half typed', () => {
  const world = 'metric churn.auc tool=datadog\nmetric churn.recall tool=datadog\nmetric other tool=datadog';
  const labels = (name: string, text: string): readonly string[] => {
    const { context, document, at } = codeWorld({ [name]: text }, world);
    return completion(context, document, at).items.map(({ label }) => label);
  };
  const terraform = (query: string): string => `resource "datadog_monitor" "a" {\n  query = ${query}\n}\n`;
  const yaml = (query: string): string => `kind: DatadogMonitor\nmetadata: {name: a}\nspec:\n  query: ${query}\n`;
  const both = ['churn.auc', 'churn.recall'];
  for (const query of ['"avg(last_1h):avg:chu$0{env:prod} < 0.8"', '"avg(last_1h):avg:churn.$0"'])
    for (const [name, text] of [
      ['m.tf', terraform(query)],
      ['m.yaml', yaml(query)],
    ] as const)
      assert.deepEqual(labels(name, text), both, text);
  assert.deepEqual(labels('m.tf', 'resource "datadog_monitor" "a" {\n  query = "avg(last_1h):avg:chu$0'), both);
  assert.deepEqual(labels('m.tf', terraform('"avg(last_1h):avg:churn.auc{en$0}"')), []);
});
