// Tables of Spark, Snowflake and databases, a line each.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('Spark, Delta and Iceberg', () => {
  checkReferences(`
from pyspark.sql import SparkSession
from delta.tables import DeltaTable
from deltalake import DeltaTable as Lake, write_deltalake
from pyiceberg.catalog import load_catalog
spark = SparkSession.builder.appName("x").getOrCreate()
spark.table("main.ml.orders")
#            ^^^^^^^^^^^^^^ reads table
spark.read.table("orders")
#                 ^^^^^^ reads table
spark.readStream.table("orders")
#                       ^^^^^^ reads table
spark.read.option("header", True).csv("s3a://lake/raw/")
#                                      ^^^^^^^^^^^^^^^ reads path
reader = spark.read.schema(s)
reader.json("abfss://raw@acme.dfs.core.windows.net/events/")
#            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
spark.read.format("bigquery").option("table", "acme.sales.orders").load()
#                                              ^^^^^^^^^^^^^^^^^ reads table
spark.read.format("jdbc").option("url", u).option("dbtable", "sales.orders").load()
#                                                             ^^^^^^^^^^^^ reads table
spark.read.jdbc(url, "sales.orders", properties=p)
#                     ^^^^^^^^^^^^ reads table
spark.sql("SELECT * FROM main.ml.orders")
#                        ^^^^^^^^^^^^^^ reads table
df.write.mode("append").partitionBy("ds").saveAsTable("main.ml.scores")
#                                                      ^^^^^^^^^^^^^^ writes table
df.write.insertInto("main.ml.scores")
#                    ^^^^^^^^^^^^^^ writes table
df.write.format("delta").save("s3://lake/scores/")
#                              ^^^^^^^^^^^^^^^^^ writes path
df.write.parquet(f"s3://lake/scores/{ds}/")
#                  ^^^^^^^^^^^^^^^^^^^^^^ writes path [s3://lake/scores/*/] partial
df.writeTo("main.ml.scores").append()
#           ^^^^^^^^^^^^^^ writes table
df.writeStream.option("checkpointLocation", "s3://lake/check/").toTable("main.ml.scores")
#                                            ^^^^^^^^^^^^^^^^ mentions path
#                                                                        ^^^^^^^^^^^^^^ writes table
DeltaTable.forName(spark, "main.ml.scores").alias("t").merge(df, "t.id = s.id").execute()
#                          ^^^^^^^^^^^^^^ reads table
DeltaTable.forPath(spark, "/Volumes/main/ml/scores")
#                          ^^^^^^^^^^^^^^^^^^^^^^^ reads path
DeltaTable.createIfNotExists(spark).tableName("main.ml.log").execute()
#                                              ^^^^^^^^^^^ writes table
Lake("s3://lake/scores")
#     ^^^^^^^^^^^^^^^^ reads path
write_deltalake("s3://lake/scores", df)
#                ^^^^^^^^^^^^^^^^ writes path
spark.catalog.tableExists("main.ml.scores")
#                          ^^^^^^^^^^^^^^ reads table
catalog = load_catalog("default")
catalog.load_table(("ml", "scores"))
#                  ^^^^^^^^^^^^^^^^ reads table [ml.scores]
catalog.load_table("ml.scores")
#                   ^^^^^^^^^ reads table
def features(df):
    return df.filter("a > 1").write.mode("overwrite").csv(path="gs://glake/out/")
#                                                               ^^^^^^^^^^^^^^^ writes path
console.table("sales")
rich.table("sales", "title")
pd.read_csv("local.csv")
`);
});

test('Snowpark', () => {
  checkReferences(`
from snowflake.snowpark import Session
from snowflake.snowpark.context import get_active_session
from snowflake.connector.pandas_tools import write_pandas
from snowflake.ml.registry import Registry
session = Session.builder.configs(c).create()
session.table("ACME.SALES.ORDERS")
#              ^^^^^^^^^^^^^^^^^ reads table
session.table(["ACME", "SALES", "ORDERS"])
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [ACME.SALES.ORDERS]
get_active_session().table('"acme"."Sales"."orders"')
#                           ^^^^^^^^^^^^^^^^^^^^^^^ reads table [acme.Sales.orders]
session.sql("SELECT * FROM ACME.SALES.ORDERS").collect()
#                          ^^^^^^^^^^^^^^^^^ reads table
df.write.mode("overwrite").save_as_table("ACME.ML.SCORES")
#                                         ^^^^^^^^^^^^^^ writes table
df.write.save_as_table(["ACME", schema, "SCORES"])
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^ writes table [ACME.*.SCORES] partial
df.copy_into_table("ACME.ML.SCORES", files=["a"])
#                   ^^^^^^^^^^^^^^ writes table
df.create_or_replace_view("ACME.ML.LATEST")
#                          ^^^^^^^^^^^^^^ writes table
session.write_pandas(pdf, "SCORES", database="ACME", schema="ML")
#                          ^^^^^^ writes table [ACME.ML.SCORES]
write_pandas(con, pdf, "SCORES", schema="ML")
#                       ^^^^^^ writes table [ML.SCORES]
reg = Registry(session=session, database_name="ACME", schema_name="ML")
reg.log_model(m, model_name="CHURN", version_name="V1")
#                            ^^^^^ writes model version=V1
reg.get_model("CHURN").version("V1")
#              ^^^^^ reads model
`);
});

test('databases and feature stores', () => {
  checkReferences(`
import pandas as pd
import polars as pl
import sqlalchemy as sa
from sqlalchemy import Table, MetaData, Column, Integer, text
from alembic import op
from feast import FileSource, SnowflakeSource, BigQuerySource
pd.read_sql_table("orders", con, schema="sales")
#                  ^^^^^^ reads table [sales.orders]
pd.read_sql("orders", con)
#            ^^^^^^ reads table
pd.read_sql("SELECT * FROM sales.orders", con)
#                          ^^^^^^^^^^^^ reads table
df.to_sql("orders", con, schema="sales", if_exists="append")
#          ^^^^^^ writes table [sales.orders]
df.to_sql(name="orders", con=con)
#               ^^^^^^ writes table
pl.read_database("SELECT * FROM sales.orders", con)
#                               ^^^^^^^^^^^^ reads table
df.write_database("sales.orders", con)
#                  ^^^^^^^^^^^^ writes table
orders = Table("orders", MetaData(), Column("id", Integer), schema="sales")
#               ^^^^^^ defines table [sales.orders]
sa.Table("old", meta, autoload_with=engine)
#         ^^^ reads table
con.execute(text("INSERT INTO sales.orders VALUES (1)"))
#                             ^^^^^^^^^^^^ writes table
op.create_table("orders", sa.Column("id", sa.Integer))
#                ^^^^^^ writes table
op.add_column("orders", sa.Column("x", sa.Integer), schema="sales")
#              ^^^^^^ mentions table [sales.orders]
op.create_index("ix", "orders", ["id"])
#                      ^^^^^^ mentions table
op.drop_table("orders")
#              ^^^^^^ mentions table
FileSource(path="s3://lake/features.parquet", timestamp_field="ts")
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
SnowflakeSource(database="ACME", schema="ML", table="FEATURES")
#                                                    ^^^^^^^^ reads table [ACME.ML.FEATURES]
BigQuerySource(table="acme.ml.features")
#                     ^^^^^^^^^^^^^^^^ reads table
source.add_table_asset(name="orders asset", table_name="orders", schema_name="sales")
#                                                       ^^^^^^ reads table [sales.orders]
df.count("sales")
`);
});

test('names that are assigned: tables of ORM classes, environment variables', () => {
  checkReferences(`
from sqlalchemy.orm import DeclarativeBase
PREFIX = "ml"
class Base(DeclarativeBase):
    pass
class Order(Base):
    __tablename__ = "orders"
#                    ^^^^^^ defines table
    id = 1
class Score(Base):
    __tablename__ = f"{PREFIX}_scores"
#                     ^^^^^^^^^^^^^^^ defines table [ml_scores]
class Other(Base):
    __tablename__ = make()
    table = "not a name"
import os
os.environ["MLFLOW_EXPERIMENT_NAME"] = "churn"
#                                       ^^^^^ mentions experiment
os.environ["HOME"] = "churn"
`);
});

test('Spark loads and saves tables by name in the formats of Iceberg and BigQuery, and paths in any', () => {
  checkReferences(`
spark.read \\
    .option("snapshot-id", snapshot) \\
    .format("iceberg") \\
    .load("shop.orders")
#          ^^^^^^^^^^^ reads table
df.write.format("bigquery").mode("overwrite").save("acme.shop.visits")
#                                                   ^^^^^^^^^^^^^^^^ writes table
spark.read.format("iceberg").load("s3://acme-lake/orders")
#                                  ^^^^^^^^^^^^^^^^^^^^^ reads path
spark.read.format("csv").load("orders.csv")
spark.read.format("iceberg").load("/srv/orders")
`);
});
