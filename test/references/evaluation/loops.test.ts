// Loops: a variable that goes through a list by itself names each of its items; as a part of a name it stays a pattern.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('lists, dicts, pairs and what walks them', () => {
  checkReferences(`
TABLES = ["lake.orders", "lake.items"]
PAIRS = (("lake.a", "s3://acme/a/"), ("lake.b", "s3://acme/b/"))
#                    ^^^^^^^^^^^^ mentions path
#                                                ^^^^^^^^^^^^ mentions path
CONF = {"lake.c": "c", "lake.d": "d"}
for one in TABLES:
    spark.table(one)
#               ^^^ reads table [lake.orders] constant
#               ^^^ reads table [lake.items] constant
    spark.table(f"staging_{one}")
#                 ^^^^^^^^^^^^^ reads table [staging_*] partial
for target, source in PAIRS:
    spark.read.parquet(source).write.saveAsTable(target)
#                      ^^^^^^ reads path [s3://acme/a/]
#                      ^^^^^^ reads path [s3://acme/b/]
#                                                ^^^^^^ writes table [lake.a]
#                                                ^^^^^^ writes table [lake.b]
for key, _ in CONF.items():
    spark.table(key)
#               ^^^ reads table [lake.c]
#               ^^^ reads table [lake.d]
for index, one in enumerate(sorted(TABLES)):
    spark.sql(f"SELECT * FROM {one}")
#                              ^^^ reads table [lake.orders]
#                              ^^^ reads table [lake.items]
for one, alias in zip(TABLES, ["o", "i"]):
    spark.table(one).alias(alias)
#               ^^^ reads table [lake.orders]
#               ^^^ reads table [lake.items]
for settings in [{"table": "lake.m"}, {"table": "lake.n"}]:
    spark.table(settings["table"])
#               ^^^^^^^^^^^^^^^^^ reads table [lake.m]
#               ^^^^^^^^^^^^^^^^^ reads table [lake.n]
for number in range(3):
    spark.table(number)
for one in somewhere():
    spark.table(one)
`);
});

test('comprehensions, and names around them that are the same', () => {
  checkReferences(`
NAMES = {"a": "lake.a", "b": "lake.b"}
table = "lake.orders"
frames = {short: spark.table(table) for short, table in NAMES.items()}
#                            ^^^^^ reads table [lake.a]
#                            ^^^^^ reads table [lake.b]
first = [spark.table(one) for one in NAMES.values() if one]
#                    ^^^ reads table [lake.a]
#                    ^^^ reads table [lake.b]
spark.table(table)
#           ^^^^^ reads table [lake.orders]
total = sum(spark.table(one).count() for one in ("lake.c", "lake.d"))
#                       ^^^ reads table [lake.c]
#                       ^^^ reads table [lake.d]
many = [spark.table(one) for one in [${Array.from({ length: 21 }, (_, index) => `"t${index}"`).join(', ')}]]
`);
});

test('functions that are called for each item, or given the whole list', () => {
  checkReferences(`
from airflow import DAG
def create_dag(name):
    with DAG(name, schedule=None) as dag:
        return dag
for dag_id in ["load_eu", "load_us"]:
    globals()[dag_id] = create_dag(dag_id)
#                                  ^^^^^^ defines job [load_eu]
#                                  ^^^^^^ defines job [load_us]
for region in ["eu", "us"]:
    with DAG(dag_id=region):
#                   ^^^^^^ defines job [eu]
#                   ^^^^^^ defines job [us]
        pass
def load_all(tables):
    for table in tables:
        spark.table(table)
load_all(["lake.orders", "lake.items"])
#          ^^^^^^^^^^^ reads table [lake.orders]
#                         ^^^^^^^^^^ reads table [lake.items]
`);
});

test('parametrised tests', () => {
  checkReferences(`
import mlflow
import pytest
@pytest.mark.parametrize("name", ["churn", pytest.param("fraud", id="other")])
def test_load(name):
    mlflow.pyfunc.load_model(f"models:/{name}/1")
#                                       ^^^^ reads model [churn]
#                                       ^^^^ reads model [fraud]
@pytest.mark.parametrize("table, path", [("lake.a", "s3://acme/a/")])
#                                                    ^^^^^^^^^^^^ mentions path
def test_read(spark, table, path):
    spark.table(table)
#               ^^^^^ reads table [lake.a]
    spark.read.parquet(path)
#                      ^^^^ reads path [s3://acme/a/]
`);
});
