// Incremental: a workspace of all languages, whatever is opened, edited, closed, moved, left out or configured, says what a fresh index says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { type PackedFile, pack } from '../../../server/references/indexing/packed.ts';
import { ruleSetWith } from '../../../server/references/rules/index.ts';
import type { RuleSet } from '../../../server/references/rules/rule.ts';
import { noUserRules, userRules } from '../../../server/references/rules/userRules.ts';
import { editDocument, type ParsedDocument, parseDocument } from '../../../server/syntax/document.ts';
import { languageIdOf } from '../../../server/syntax/languages.ts';

const notebookText = (cells: readonly string[]): string =>
  JSON.stringify({
    cells: cells.map((source) => ({ cell_type: 'code', source, metadata: {} })),
    metadata: {},
    nbformat: 4,
  });
const folder = 'file:///w/';
const texts: Readonly<Record<string, string>> = {
  'lake/names.py': `import os
BUCKET = os.environ.get("LAKE", "acme-lake")
PRODUCT = "churn"
class Tables:
    labels = f"ml.{PRODUCT}_labels"
`,
  'lake/io.py': `import mlflow
from .names import BUCKET, Tables
def load(name, alias="champion"):
    return mlflow.pyfunc.load_model(f"models:/{name}@{alias}")
def read(key, bucket=BUCKET):
    return spark.read.parquet(f"s3://{bucket}/{key}")
`,
  'dags/train.py': `from airflow.sdk import dag, task, Variable
from airflow.operators.bash import BashOperator
from lake.io import load, read
from lake.names import PRODUCT, Tables
import warehouse
@dag(dag_id=f"train_{PRODUCT}")
def train():
    @task
    def fit(day):
        read(f"raw/{day}/x.parquet")
        load(PRODUCT)
        warehouse.fetch(f"SELECT * FROM {Tables.labels} JOIN crm.events USING (id)")
        mlflow.set_experiment(Variable.get("experiment", "none"))
    BashOperator(task_id="copy", bash_command="aws s3 cp s3://a/b s3://c/d && dbt run -s orders")
train()
`,
  'dbt/dbt_project.yml': 'name: shop\nvars:\n  schema: raw\n  days: 7\nmodels:\n  shop:\n    +schema: marts\n',
  'dbt/models/orders.sql': `with recent as (select * from {{ source('crm', 'orders') }})
select * from recent join {{ ref('customers') }} using (id)
join {{ var('schema') }}.events on true
`,
  'dbt/models/schema.yml': `version: 2
sources:
  - name: crm
    schema: "{{ var('schema') }}"
    tables:
      - name: orders
models:
  - name: orders # of the shop
    {# said twice #}
    columns: [{name: id, data_tests: [{relationships: {to: ref('customers'), field: id}}]}]
`,
  'databricks.yml': `bundle: {name: churn}
variables:
  catalog: {default: main}
resources:
  jobs:
    score:
      name: score-\${bundle.name}
      tasks:
        - task_key: one
          sql_task: {query: {query_id: q}}
        - task_key: two
          depends_on: [{task_key: one}]
          notebook_task:
            notebook_path: ./explore.ipynb
            base_parameters: {table: "\${var.catalog}.ml.scores", sql: "select * from \${var.catalog}.ml.scores"}
`,
  'explore.ipynb': notebookText([
    'import mlflow\nfrom lake.names import PRODUCT\nmlflow.set_experiment(PRODUCT)',
    '%%sql\nselect * from ml.labels join crm.users using (id)',
    '!aws s3 ls s3://acme/raw/\nmodel = mlflow.pyfunc.load_model(f"models:/{PRODUCT}/1")',
  ]),
  'infra/main.tf': `resource "aws_s3_bucket" "raw" {
  bucket = "\${var.team}-raw"
}
resource "datadog_monitor" "auc" {
  name  = "AUC of \${var.team}"
  query = "avg(last_1h):avg:churn.auc{env:prod} < 0.8"
}
`,
  'infra/variables.tf': 'variable "team" {\n  default = "growth"\n}\n',
  'infra/prod.tfvars': 'team = "retention"\n',
  'run.sh': '#!/bin/sh\nOUT=s3://acme/out\ndbt run -s orders\naws s3 cp x.csv "$OUT/$LAKE/x.csv"\n',
  Makefile: 'MODEL = churn\nserve:\n\tmlflow models serve -m models:/$(MODEL)@live\n',
  'job.json':
    '{"name": "score", "tasks": [{"task_key": "a", "spark_python_task": {"parameters": ["models:/churn@live", "s3://b/x"]}}]}\n',
  '.env': 'LAKE=team-lake\nMLFLOW_EXPERIMENT_NAME=churn\n',
  'variables.json': '{"experiment": "from-airflow"}\n',
};
const names = Object.keys(texts);
/** Places to which a file may move: another module of that name, another folder, a language of its own. */
const places = [
  ...names,
  ...['lake/more.py', 'other/io.py', 'dags/lake/names.py', 'warehouse.py', 'prod.env', 'infra/more.tf', 'dbt/x.sql'],
];

const rows = [
  { call: 'warehouse.fetch', argument: 0, read: 'sql' },
  { call: 'lake.io.read', argument: 0, kind: 'path', role: 'reads' },
];
const ruleSets: readonly RuleSet[] = [
  ruleSetWith(noUserRules),
  ruleSetWith(userRules(rows)),
  ruleSetWith({ ...noUserRules, sqlCalls: ['fetch'] }),
];

/** What a user has before them: files on disk, some of them open with a text of their own. */
class Workspace {
  index: ReferenceIndex;
  rules = ruleSets[0] as RuleSet;
  readonly disk = new Map<string, string>();
  readonly open = new Map<string, ParsedDocument>();

  constructor() {
    this.index = new ReferenceIndex(this.rules);
    for (const name of names) this.write(name, texts[name] ?? '');
  }

  has(name: string): boolean {
    return this.disk.has(name) || this.open.has(name);
  }

  textOf(name: string): string {
    return this.disk.get(name) ?? '';
  }

  packed(name: string): PackedFile {
    return pack(summarize(this.parsed(name, this.textOf(name), 0), this.rules));
  }

  parsed(name: string, text: string, version: number): ParsedDocument {
    return parseDocument({ uri: `${folder}${name}`, languageId: languageIdOf(name), version, text });
  }

  write(name: string, text: string): void {
    this.disk.set(name, text);
    if (!this.open.has(name)) this.index.take(this.packed(name));
  }

  show(name: string, document: ParsedDocument): void {
    this.open.set(name, document);
    this.index.upsert(summarize(document, this.rules));
  }

  close(name: string): void {
    if (!this.open.delete(name)) return;
    if (this.disk.has(name)) this.index.take(this.packed(name));
    else this.index.remove(`${folder}${name}`);
  }

  delete(name: string): void {
    this.disk.delete(name);
    if (!this.open.has(name)) this.index.remove(`${folder}${name}`);
  }

  /** As when the user's rows change: everything is given anew. */
  rule(rules: RuleSet): void {
    this.rules = rules;
    this.index.setRules(rules);
    for (const [name, document] of this.open) this.show(name, document);
    for (const name of this.disk.keys()) if (!this.open.has(name)) this.index.take(this.packed(name));
  }

  /** The next session: what the last one knew of the files on disk is kept, and the open ones are other than that. */
  restart(): void {
    const last = new ReferenceIndex(this.rules);
    for (const name of this.disk.keys()) last.take(this.packed(name));
    last.settle(Number.POSITIVE_INFINITY);
    const results = new Map(last.evaluatedSince().map(({ uri, result }) => [uri, result]));
    this.index = new ReferenceIndex(this.rules);
    for (const [name, document] of this.open) this.show(name, document);
    const kept = new Map([...this.disk.keys()].map((name) => [name, this.packed(name)]));
    for (const [name, packed] of kept) if (!this.open.has(name)) this.index.take(packed, results.get(packed.uri));
    for (const name of this.open.keys()) this.index.differsFrom(`${folder}${name}`, kept.get(name));
  }

  /** `closed`: as if nothing were open, but with the same texts. */
  fresh(closed: boolean): ReferenceIndex {
    const index = new ReferenceIndex(this.rules);
    for (const name of this.disk.keys()) if (!this.open.has(name)) index.take(this.packed(name));
    for (const { uri, languageId, text, notebook } of this.open.values()) {
      const name = uri.slice(folder.length);
      const again = notebook ? this.parsed(name, this.texts.get(name) ?? '', 1) : undefined;
      const summary = summarize(again ?? parseDocument({ uri, languageId, version: closed ? 0 : 1, text }), this.rules);
      if (closed) index.take(pack(summary));
      else index.upsert(summary);
    }
    return index;
  }

  /** Of open notebooks, the text of their files; a document has that of its cells. */
  readonly texts = new Map<string, string>();
}

/** Everything the index says of its files, and of names by other ways. */
function said(index: ReferenceIndex): string {
  const own = index
    .files()
    .toSorted()
    .flatMap((uri) => [uri, ...index.references(uri).map((reference) => JSON.stringify(reference))]);
  const named = [
    index.named('table', 'ml.churn_labels'),
    index.named('table', 'orders'),
    index.named('model', 'churn'),
    index.named('path', 's3://team-lake/raw/*/x.parquet'),
  ];
  const offered = (['table', 'model', 'job', 'path'] as const).map((kind) => [...index.names(kind, '', 1000)].sort());
  return [
    ...own,
    ...named.map((found) => JSON.stringify(found)),
    ...offered.map((found) => JSON.stringify(found)),
  ].join('\n');
}

const lines = Object.values(texts).flatMap((text) => text.split(/(?<=\n)/));
const insert = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('"', "'", '(', ')', '{', '}', '[', ':', '\n', '    ', '#', '', '', '_2', 'é😀'),
  },
  { weight: 3, arbitrary: fc.constantFrom(...lines) },
  { weight: 1, arbitrary: fc.constantFrom(...Object.values(texts)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'PRODUCT = "fraud"\n',
      'LAKE=other-lake\n',
      'def fetch(sql):\n    return run(sql)\n',
      'variables: {catalog: {default: dev}}\n',
      '{# x #}\n',
      '{{ x }}\n',
      '{% raw %}\n',
      'team = "x"\n',
      '---\n',
    ),
  },
);
const file = fc.nat();
const size = fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 12 }) }, { weight: 1, arbitrary: fc.nat({ max: 300 }) });
const change = { file, at: fc.nat(), remove: size, insert };
const step = fc.oneof(
  { weight: 14, arbitrary: fc.record({ type: fc.constantFrom('edit' as const), ...change }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('write' as const), ...change }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('open' as const, 'close' as const, 'delete' as const, 'restore' as const),
      file,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('rename' as const), file, to: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rules' as const), set: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('restart' as const, 'settle' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('ask' as const), file }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function edited(text: string, { at, remove, insert: put }: { at: number; remove: number; insert: string }): string {
  const from = at % (text.length + 1);
  return text.slice(0, from) + put + text.slice(from + remove);
}

function take(workspace: Workspace, one: Step): void {
  const name = 'file' in one ? (places[one.file % places.length] ?? '') : '';
  const document = workspace.open.get(name);
  switch (one.type) {
    case 'rules':
      workspace.rule(ruleSets[one.set % ruleSets.length] ?? workspace.rules);
      return;
    case 'restart':
      workspace.restart();
      return;
    case 'settle':
      workspace.index.settle(Number.POSITIVE_INFINITY);
      return;
    case 'ask':
      workspace.index.references(`${folder}${name}`);
      return;
    case 'open':
      if (document || !workspace.disk.has(name)) return;
      workspace.texts.set(name, workspace.textOf(name));
      workspace.show(name, workspace.parsed(name, workspace.textOf(name), 1));
      return;
    case 'close':
      workspace.close(name);
      return;
    case 'delete':
      workspace.delete(name);
      return;
    case 'restore':
      workspace.write(name, texts[name] ?? '');
      return;
    case 'write':
      if (workspace.disk.has(name)) workspace.write(name, edited(workspace.textOf(name), one));
      return;
    case 'rename': {
      const to = places[one.to % places.length] ?? '';
      if (!workspace.disk.has(name)) return;
      const text = workspace.textOf(name);
      workspace.close(name);
      workspace.delete(name);
      workspace.write(to, text);
      return;
    }
    case 'edit':
      edit(workspace, name, one);
  }
}

/** In the text that is open, at a place; a file that is not open is opened first. */
function edit(workspace: Workspace, name: string, one: Step & { type: 'edit' }): void {
  const document = workspace.open.get(name) ?? workspace.parsed(name, workspace.textOf(name), 1);
  if (!workspace.has(name)) return;
  if (document.notebook) {
    const text = edited(workspace.texts.get(name) ?? workspace.textOf(name), one);
    workspace.texts.set(name, text);
    workspace.show(name, workspace.parsed(name, text, document.version + 1));
    return;
  }
  const from = one.at % (document.text.length + 1);
  const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + one.remove) };
  workspace.show(name, editDocument(document, [{ range, text: one.insert }], document.version + 1));
}

test('a workspace of all languages says what a fresh index says, after whatever was done to it', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const workspace = new Workspace();
      for (const one of steps) take(workspace, one);
      assert.equal(said(workspace.index), said(workspace.fresh(false)));
      assert.equal(said(workspace.index), said(workspace.fresh(true)));
    }),
    { numRuns: 100 },
  );
});

test('a setting that changes in the same edit as the block that reads it', () => {
  const workspace = new Workspace();
  const name = 'databricks.yml';
  const catalog = (): boolean =>
    workspace.index.references(`${folder}${name}`).some((one) => one.name === 'dev.ml.scores');
  const document = workspace.parsed(name, texts[name] ?? '', 1);
  workspace.show(name, document);
  assert.ok(!catalog());
  const range = (words: string) => {
    const at = document.text.lastIndexOf(words);
    return { start: document.lines.positionAt(at), end: document.lines.positionAt(at + words.length) };
  };
  const changes = [
    { range: range('task_key: two'), text: 'task_key: three' },
    { range: range('main'), text: 'dev' },
  ];
  workspace.show(name, editDocument(document, changes, 2));
  assert.ok(catalog());
});
