// Handed on: names that a function of the workspace makes of what it is given by way of branches, keys, parts and dicts of its own.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('of the branches of a function, the one that does something with what is given', () => {
  checkReferences(`
from airflow.operators.bash import BashOperator
def orders(spark, table=None):
    if table is None:
        table = "lake.orders"
    return spark.table(table)
#                      ^^^^^ reads table [lake.orders]
orders(spark, "shop.orders")
#              ^^^^^^^^^^^ reads table [shop.orders] guess
def step(command, tag=None, model=None):
    if command == "seed":
        name = command
    else:
        picked = []
        if tag:
            name = tag
            picked.append(tag)
        if model:
            name = model
        if len(picked) > 1:
            name = "several"
    if command == "seed":
        task_id = "dbt_seed"
    else:
        task_id = f"dbt_{command}_{name}"
    return BashOperator(task_id=task_id, bash_command="true")
#                               ^^^^^^^ defines task [dbt_seed]
step("build", tag="finance")
#                  ^^^^^^^ defines task [dbt_build_finance]
`);
});

test('a name that is looked up by what is given', () => {
  checkReferences(`
from datadog import statsd
METRICS = {"ok": "loader.rows.ok", "bad": "loader.rows.bad"}
def count(which, value=1):
    statsd.increment(METRICS[which], value)
count("ok")
#      ^^ writes metric [loader.rows.ok]
count("other")
def events(spark, schema):
    return spark.table(f"{schema}.events")
#                        ^^^^^^^^^^^^^^^ reads table [*.events]
events(spark, "shop")
`);
});

test('keys that another function makes', () => {
  checkReferences(`
import boto3
BUCKET = "acme-lake"
def key_of(day):
    return f"raw/{day}/rows.csv"
def put(bucket, key, body):
    key = str(key)
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
put(BUCKET, key_of(today), b"")
#           ^^^^^^^^^^^^^ writes path [s3://acme-lake/raw/*/rows.csv]
`);
});

test('what is put into a dict of self, and TypedDicts', () => {
  checkReferences(`
from typing import TypedDict
class Job:
    def __init__(self):
        self.config = {"mode": "full"}
        self.config["table"] = "lake.orders"
    def run(self, spark):
        spark.table(self.config["table"])
#                   ^^^^^^^^^^^^^^^^^^^^ reads table [lake.orders]
class Source(TypedDict):
    table: str
source = Source(table="lake.items")
spark.table(source["table"])
#           ^^^^^^^^^^^^^^^ reads table [lake.items]
`);
});

test('decorators of the workspace', () => {
  checkReferences(`
def needs(table):
    def decorate(function):
        def wrapper(*args):
            return function(spark.table(table), *args)
        return wrapper
    return decorate
@needs("lake.orders")
#       ^^^^^^^^^^^ reads table [lake.orders]
def total(orders):
    return orders.count()
@other("lake.items")
def nothing(): ...
`);
});
