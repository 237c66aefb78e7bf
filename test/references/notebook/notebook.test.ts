// Notebooks: names across cells, magics, other languages, Databricks' own sources.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { toRefsJson } from '../../../server/references/json.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { parseDocument } from '../../../server/syntax/document.ts';
import { checkReferences } from '../../support/fixture.ts';

test('a name bound in one cell is known in the next; outputs and markdown say nothing', () => {
  checkReferences(`
//- a.ipynb
import mlflow
NAME = "churn"
# %% [markdown]
models:/no@champion
# %%
model = mlflow.pyfunc.load_model(f"models:/{NAME}@champion")
#                                           ^^^^ reads model [churn] constant alias=champion
`);
});

test('magics do not damage the Python around them', () => {
  checkReferences(`
//- a.ipynb
%pip install "mlflow>=2 (
%matplotlib inline
import mlflow
%%timeit is none here
!echo "it's
if True:
    !ls
    mlflow.set_experiment("churn")
    #                      ^^^^^ writes experiment
%time mlflow.log_metric("auc", 1)
#                        ^^^ writes metric
%timeit -n 10 -r 3 mlflow.log_metric("f1", 1)
#                                     ^^ writes metric
mlflow?
?mlflow
x = (1
 % 2)
mlflow.log_metric("rows", """
#                  ^^^^ writes metric
%sql select * from no.table
""")
files = !ls "
mlflow.log_metric("loss", 1)
#                  ^^^^ writes metric
# %%
%%time
mlflow.log_metric("recall", 1)
#                  ^^^^^^ writes metric
# %%
%%javascript
mlflow.log_metric("no", 1)
# %%
%%writefile train.py
mlflow.log_metric("late", 1)
#                  ^^^^ writes metric
`);
});

test('SQL in cells and lines of a notebook', () => {
  checkReferences(`
//- a.ipynb
%%sql
select * from sales.orders
--            ^^^^^^^^^^^^ reads table
# %%
%%bigquery frame --project acme-with-dashes
SELECT *
FROM sales.customers
--   ^^^^^^^^^^^^^^^ reads table
# %%
%%sql conn << result
insert into sales.daily
--          ^^^^^^^^^^^ writes table
select * from sales.orders
--            ^^^^^^^^^^^^ reads table
# %%
%%time
%%sql select * from sales.one
#                   ^^^^^^^^^ reads table
# %%
%sql postgresql://host/db select * from sales.two
#                                       ^^^^^^^^^ reads table
frame = %sql select * from sales.three
#                          ^^^^^^^^^^^ reads table
rows = %sql select * from \\
  sales.four
# ^^^^^^^^^^ reads table
from sales import five
# %%
%sql select *
from sales.six
--   ^^^^^^^^^ reads table
# %%
%sql select a,
b from sales.seven
--     ^^^^^^^^^^^ reads table
# %%
%sql select a
  , b from sales.seven
--         ^^^^^^^^^^^ reads table
# %%
%sql select 1
from sales import seven
# %% [sql]
select * from sales.eight
--            ^^^^^^^^^^^ reads table
# %% [scala]
val x = spark.table("sales.nine")
`);
});

test('%fs names paths', () => {
  checkReferences(
    `
//- a.ipynb
%fs ls dbfs:/mnt/raw/
#      ^^^^^^^^^^^^^^ reads path
# %%
%fs cp s3://lake/raw/ "s3://lake/copy/"
#      ^^^^^^^^^^^^^^ reads path
`.replace('"s3://lake/copy/"', 'notes'),
  );
});

test('a notebook kept as Python: what is behind MAGIC is read where it stands', () => {
  checkReferences(`
//- job.py
# Databricks notebook source
import mlflow
NAME = "churn"

# COMMAND ----------

# MAGIC %md
# MAGIC see s3://no/path

# COMMAND ----------

# DBTITLE 1,Orders
# MAGIC %sql
# MAGIC SELECT *
# MAGIC FROM sales.orders
#            ^^^^^^^^^^^^ reads table

# COMMAND ----------

mlflow.register_model("runs:/0123456789abcdef0123456789abcdef/model", NAME)
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
#                                                                     ^^^^ writes model [churn]
`);
});

test('a notebook kept as SQL: Python is behind MAGIC, and knows names of other commands', () => {
  checkReferences(`
//- job.sql
-- Databricks notebook source
SELECT * FROM sales.orders
--            ^^^^^^^^^^^^ reads table

-- COMMAND ----------

-- MAGIC %python
-- MAGIC import mlflow
-- MAGIC NAME = "churn"

-- COMMAND ----------

-- MAGIC %python
-- MAGIC model = mlflow.pyfunc.load_model(f"models:/{NAME}/3")
--                                                   ^^^^ reads model [churn] version=3
`);
});

test('JSON has the cell among all cells and the line inside of it', () => {
  const cells = [
    { cell_type: 'markdown', source: ['# Training'] },
    { cell_type: 'code', source: ['import mlflow\n', 'x = 1'] },
    { cell_type: 'raw', source: 'mlflow.log_metric("no", 1)' },
    { cell_type: 'code', source: '\nmlflow.log_metric("auc", 1)' },
  ];
  const found = refs({ cells, metadata: {}, nbformat: 4 });
  assert.deepEqual(
    found.map(({ path, cell, line, column, endColumn, text, name }) => [
      path,
      cell,
      line,
      column,
      endColumn,
      text,
      name,
    ]),
    [['a.ipynb', 3, 2, 19, 22, 'auc', 'auc']],
  );
});

test('worksheets of format 3, cells of Snowflake and Databricks', () => {
  const code = (input: string) => ({ cell_type: 'code', language: 'python', input: [input] });
  const worksheets = [
    { cells: [code('import mlflow'), { cell_type: 'heading', source: 'x' }] },
    { cells: [code('mlflow.log_metric("auc", 1)')] },
  ];
  assert.deepEqual(
    refs({ worksheets, nbformat: 3 }).map(({ cell, name }) => [cell, name]),
    [[2, 'auc']],
  );
  const snowflake = [{ cell_type: 'code', metadata: { language: 'sql', name: 'one' }, source: 'select * from a.b' }];
  assert.deepEqual(
    refs({ cells: snowflake }).map(({ name }) => name),
    ['a.b'],
  );
  const metadata = { 'application/vnd.databricks.v1+notebook': { language: 'sql' } };
  const databricks = [
    { cell_type: 'code', source: 'select * from a.b' },
    { cell_type: 'code', source: '%python\nimport mlflow\nmlflow.log_metric("auc", 1)' },
    { cell_type: 'code', source: '%sql select a\n, b\nfrom c.d' },
  ];
  assert.deepEqual(
    refs({ cells: databricks, metadata }).map(({ name }) => name),
    ['a.b', 'auc', 'c.d'],
  );
});

function refs(file: object) {
  const uri = 'file:///acme/a.ipynb';
  const index = new ReferenceIndex();
  index.upsert(
    summarize(parseDocument({ uri, languageId: 'ipynb', version: 1, text: JSON.stringify(file) }), allRules),
  );
  return toRefsJson(index.references(uri), 'a.ipynb', { cells: index.cells(uri) ?? [] });
}

test('%run brings in the names of another notebook or script', () => {
  checkReferences(`
//- lib/setup.ipynb
NAME = "churn"
//- lib/more names.py
# Databricks notebook source
# MAGIC %run ./setup
# COMMAND ----------
TABLE = "sales.orders"
//- jobs/score.ipynb
%run ../lib/setup $x="1"
# %%
import mlflow
mlflow.pyfunc.load_model(f"models:/{NAME}@champion")
#                                   ^^^^ reads model [churn] constant alias=champion
//- jobs/train.py
# Databricks notebook source
# MAGIC %run "../lib/more names"
# COMMAND ----------
import mlflow
mlflow.set_experiment(NAME)
#                     ^^^^ writes experiment [churn]
spark.table(TABLE)
#           ^^^^^ reads table [sales.orders]
//- jobs/other.ipynb
%run -i ../lib/setup.ipynb
import mlflow
mlflow.set_experiment(NAME)
#                     ^^^^ writes experiment [churn]
//- jobs/workspace.ipynb
%run /Repos/somebody/acme/lib/setup
# %%
import mlflow
mlflow.set_experiment(NAME)
#                     ^^^^ writes experiment [churn]
`);
});

test('a widget has its default until somebody sets it', () => {
  checkReferences(`
//- job.py
# Databricks notebook source
dbutils.widgets.text("env", "dev", "Environment")
dbutils.widgets.dropdown("model", defaultValue="churn", choices=["churn", "upsell"])
# COMMAND ----------
import mlflow
def load():
    name = dbutils.widgets.get("model")
    return mlflow.pyfunc.load_model(f"models:/{name}@champion")
    #                                          ^^^^ reads model [churn] guess
spark.table(f"sales_{dbutils.widgets.get('env')}.orders")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales_dev.orders] guess
spark.table(f"sales.{dbutils.widgets.get('unknown')}")
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [sales.*] partial
`);
});

test('shell lines name what scripts name; views of one cell are local to all', () => {
  checkReferences(`
//- a.ipynb
!aws s3 cp s3://lake/raw/ local
#          ^^^^^^^^^^^^^^ reads path
# %%
%%bash
aws s3 sync out s3://lake/out/
#               ^^^^^^^^^^^^^^ writes path
# %%
frame = spark.table("sales.orders")
#                    ^^^^^^^^^^^^ reads table
frame.createOrReplaceTempView("orders")
# %%
%%sql
CREATE TEMPORARY VIEW best AS SELECT * FROM orders
# %%
%%sql
SELECT * FROM best
# %%
spark.sql("SELECT * FROM best JOIN orders JOIN sales.customers")
#                                              ^^^^^^^^^^^^^^^ reads table
`);
});

test('values of Python and of widgets in SQL and shell lines', () => {
  checkReferences(`
//- a.ipynb
SCHEMA = "sales"
# %%
%sql select * from {SCHEMA}.orders
#                  ^^^^^^^^^^^^^^^ reads table [sales.orders] constant
# %%
%%sql
select * from $SCHEMA.customers join {unknown}.stock
--            ^^^^^^^^^^^^^^^^^ reads table [sales.customers]
--                                   ^^^^^^^^^^^^^^^ reads table [*.stock] partial
# %%
!aws s3 cp s3://lake/{SCHEMA}/$day/ local
#          ^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://lake/sales/*/]
//- job.py
# Databricks notebook source
dbutils.widgets.text("catalog", "main")
# COMMAND ----------
# MAGIC %sql
# MAGIC SELECT * FROM \${catalog}.sales.orders
--                    ^^^^^^^^^^^^^^^^^^^^^^^ reads table [main.sales.orders] guess
# COMMAND ----------
# MAGIC %sh aws s3 ls s3://lake/raw/
#                     ^^^^^^^^^^^^^^ reads path
`);
});

test('in lines for the shell, a name with a dollar is first one of Python', () => {
  checkReferences(`
//- files.ipynb
# %%
bucket = "acme-lake"
# %%
!aws s3 ls s3://$bucket/raw/
#          ^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/raw/] guess
!aws s3 ls s3://$NOBODY/raw/
#          ^^^^^^^^^^^^^^^^^ reads path [s3://*/raw/] partial
`);
});
