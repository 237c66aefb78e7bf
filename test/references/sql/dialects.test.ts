// SQL dialects: told where the operator, hook, connection or magic that takes the SQL leaves no doubt; else not at all.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('operators, hooks and connections say what SQL they take', () => {
  checkReferences(`
import duckdb
import snowflake.connector
from airflow.providers.snowflake.hooks.snowflake import SnowflakeHook as Hook
from google.cloud import bigquery
SQL = "SELECT * FROM a"
#                    ^ reads table [a] dialect=undefined
BigQueryInsertJobOperator(configuration={"query": {"query": "SELECT * FROM b"}})
#                                                                          ^ reads table [b] dialect=bigquery
PostgresToGCSOperator(sql=f"SELECT * FROM {c}.c")
#                                         ^^^^^ reads table [*.c] dialect=postgresql
SQLExecuteQueryOperator(sql="SELECT * FROM d", conn_id="snowflake_default")
#                                          ^ reads table [d] dialect=undefined
SnowflakeHook("x").run("SELECT * FROM e")
#                                     ^ reads table [e] dialect=snowflake
hook = Hook("x")
hook.get_records("USE SCHEMA s; SELECT * FROM f")
#                                             ^ reads table [f] dialect=snowflake qualified=s.f
connection = snowflake.connector.connect(user="x")
with connection.cursor() as cursor:
    cursor.execute("SELECT * FROM g")
#                                 ^ reads table [g] dialect=snowflake qualified=s.g
client = bigquery.Client()
rows = client.query("SELECT * FROM h.i").result()
#                                  ^^^ reads table [h.i] dialect=bigquery
def load(cursor, spark):
    cursor.execute("SELECT * FROM j")
#                                 ^ reads table [j] dialect=undefined
    duckdb.sql("SELECT * FROM k")
#                             ^ reads table [k] dialect=duckdb
pd.read_gbq("SELECT * FROM l.m")
#                          ^^^ reads table [l.m] dialect=bigquery
`);
});

test('magics and notebooks of Databricks say what SQL they hold', () => {
  checkReferences(`
//- a.ipynb
%%bigquery rows --project acme
SELECT * FROM a.b
--            ^^^ reads table [a.b] dialect=bigquery
# %%
%%sql
SELECT * FROM c
--            ^ reads table [c] dialect=undefined
# %%
rows = %snowflake SELECT * FROM d
#                               ^ reads table [d] dialect=snowflake
//- b.py
# Databricks notebook source
x = 1
# COMMAND ----------
# MAGIC %sql SELECT * FROM e
#                          ^ reads table [e] dialect=databricks
//- c.sql
-- Databricks notebook source
SELECT * FROM f
--            ^ reads table [f] dialect=databricks
`);
});

test('BigQuery: addresses in double quotes and in lists of options', () => {
  checkReferences(`
//- load.sql
CREATE OR REPLACE EXTERNAL TABLE \`acme.raw.visits\`
#                                ^^^^^^^^^^^^^^^^^ writes table [acme.raw.visits]
OPTIONS (
  format = "PARQUET",
  uris = ["gs://acme-lake/visits/*.parquet", 'gs://acme-lake/old.parquet']
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [gs://acme-lake/visits/*.parquet] partial
#                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
);
LOAD DATA INTO raw.orders FROM FILES (format = "CSV", uris = ["gs://acme-lake/orders.csv"]);
#              ^^^^^^^^^^ writes table
#                                                              ^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
SELECT [order id], "first name" FROM [dbo].[orders];
#                                    ^^^^^^^^^^^^^^ reads table [dbo.orders]
`);
});
