// Stores, metrics and jobs of other tools: S3's calls, statsd's, Databricks', Ray's.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('buckets and keys', () => {
  checkReferences(`
import boto3
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.amazon.aws.operators.s3 import S3CopyObjectOperator
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
BUCKET = "acme-models"
s3 = boto3.client("s3")
s3.get_object(Bucket="acme-models", Key="churn/model.joblib")
#                     ^^^^^^^^^^^ reads path [s3://acme-models/churn/model.joblib] literal
s3.put_object(Bucket=BUCKET, Key=f"churn/{day}/model.joblib", Body=b"")
#                    ^^^^^^ writes path [s3://acme-models/churn/*/model.joblib] partial
s3.list_objects_v2(Bucket=BUCKET, Prefix="churn/")
#                         ^^^^^^ reads path [s3://acme-models/churn/] constant
s3.head_bucket(Bucket=BUCKET)
#                     ^^^^^^ reads path [s3://acme-models/] constant
s3.upload_file("model.joblib", BUCKET, "churn/model.joblib")
#                              ^^^^^^ writes path [s3://acme-models/churn/model.joblib]
s3.download_file(BUCKET, "churn/model.joblib", "model.joblib")
#                ^^^^^^ reads path [s3://acme-models/churn/model.joblib]
s3.download_file(Bucket=BUCKET, Key=key, Filename="x")
#                       ^^^^^^ reads path [s3://acme-models/*] partial
s3.get_object(Bucket=bucket, Key=key)
s3.copy_object(Bucket="b", Key="k", CopySource={"Bucket": "c", "Key": "l"})
#                      ^ writes path [s3://b/k]
#                                                          ^ reads path [s3://c/l]
boto3.client("s3").put_object(Bucket="b", Key="k")
#                                     ^ writes path [s3://b/k]
boto3.resource("s3").Bucket("b").Object("k")
#                            ^ mentions path [s3://b/k]
boto3.resource("s3").Object("b", "k")
#                            ^ mentions path [s3://b/k]
s3.get_paginator("list_objects_v2").paginate(Bucket="b", Prefix="p/")
#                                                    ^ reads path [s3://b/p/]
boto3.client("sqs").send_message(QueueUrl="q")
S3KeySensor(task_id="wait", bucket_key="s3://acme-lake/raw/_SUCCESS")
#                    ^^^^ defines task
#                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
S3KeySensor(task_id="wait2", bucket_name="acme-lake", bucket_key="raw/_SUCCESS")
#                    ^^^^^ defines task
#                                         ^^^^^^^^^ reads path [s3://acme-lake/raw/_SUCCESS] within.task=wait2
S3CopyObjectOperator(task_id="copy", source_bucket_name="a", source_bucket_key="k", dest_bucket_name="b", dest_bucket_key="l")
#                             ^^^^ defines task
#                                                        ^ reads path [s3://a/k]
#                                                                                                     ^ writes path [s3://b/l]
S3Hook("aws").read_key("churn/x", bucket_name="acme-lake")
#                                              ^^^^^^^^^ reads path [s3://acme-lake/churn/x]
S3Hook().load_file("x", key="churn/x", bucket_name="acme-lake")
#                                                   ^^^^^^^^^ writes path [s3://acme-lake/churn/x]
`);
});

test('addresses are read or written as the call around them says', () => {
  checkReferences(`
import pandas as pd
pd.read_parquet("s3://acme-lake/a/")
#                ^^^^^^^^^^^^^^^^^ reads path
df.to_parquet("s3://acme-lake/b/")
#              ^^^^^^^^^^^^^^^^^ writes path
df.write.mode("append").parquet("s3a://acme-lake/c/")
#                                ^^^^^^^^^^^^^^^^^^ writes path tool=s3
spark.read.format("delta").load("gs://acme-lake/d")
#                                ^^^^^^^^^^^^^^^^ reads path tool=gs
dbutils.fs.ls("dbfs:/mnt/x")
#              ^^^^^^^^^^^ reads path tool=dbfs
open("/Volumes/main/ml/files/x.csv")
#     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
storage.save(model, target="abfss://c@account.dfs.core.windows.net/x")
#                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes path
open("local/file.csv")
open("/tmp/file.csv")
requests.get("https://example.com/s3://x")
`);
});

test('several addresses in one text', () => {
  checkReferences(`
arguments = {"--extra-py-files": "s3://jobs/common.py,s3://jobs/io.py, gs://jobs/x.py"}
#                                 ^^^^^^^^^^^^^^^^^^^ mentions path
#                                                     ^^^^^^^^^^^^^^^ mentions path
#                                                                      ^^^^^^^^^^^^^^ mentions path
one = "s3://jobs/a,b.py"
#      ^^^^^^^^^^^^^^^^ mentions path
`);
});

test('metrics that are sent', () => {
  checkReferences(`
from datadog import statsd, DogStatsd
from datadog.dogstatsd import DogStatsd as Client
from statsd import StatsClient
import datadog
statsd.gauge("churn.auc", 0.9, tags=["model:churn"])
#             ^^^^^^^^^ writes metric literal via=statsd.send tool=statsd
statsd.increment("churn.rows")
#                 ^^^^^^^^^^ writes metric
datadog.statsd.histogram("churn.latency", 1)
#                         ^^^^^^^^^^^^^ writes metric
mine = DogStatsd(namespace="churn")
mine.timing("fit", 3)
#            ^^^ writes metric [churn.fit]
Client().distribution("churn.size", 3)
#                      ^^^^^^^^^^ writes metric
StatsClient("localhost", prefix="churn").incr("rows")
#                                              ^^^^ writes metric [churn.rows]
class Service:
    def run(self):
        self.statsd.gauge(f"churn.{self.name}", 1)
#                           ^^^^^^^^^^^^^^^^^ writes metric [churn.*] partial
with statsd.timed("churn.fit"):
#                  ^^^^^^^^^ writes metric
    pass
@statsd.timed("churn.score")
#              ^^^^^^^^^^^ writes metric within.function=undefined
def score():
    pass
numbers.set("not.a.metric")
plot.histogram("not.a.metric")
"text".count("t")
`);
});

test('jobs and endpoints of Databricks and Ray', () => {
  checkReferences(`
from databricks.sdk import WorkspaceClient
from ray.job_submission import JobSubmissionClient
from ray import serve, tune
w = WorkspaceClient()
w.jobs.run_now(job_id=123)
#                     ^^^ runs job tool=databricks
w.serving_endpoints.query(name="churn")
#                               ^^^^^ reads endpoint
w.registered_models.get("main.ml.churn")
#                        ^^^^^^^^^^^^^ reads model
w.tables.get(full_name="main.ml.scores")
#                       ^^^^^^^^^^^^^^ reads table
JobSubmissionClient("http://x:8265").submit_job(entrypoint="python x.py", submission_id="tune-churn")
#                                                                                        ^^^^^^^^^^ runs job tool=ray
serve.run(app, name="churn")
#                    ^^^^^ writes endpoint
tune.RunConfig(name="tune", storage_path="s3://acme-lake/ray/")
#                                         ^^^^^^^^^^^^^^^^^^^ writes path
`);
});

test('silence about everything else', () => {
  checkReferences(`
"""models:/docstring/1 s3://docstring/x SELECT * FROM doc.string"""
# models:/comment/1, s3://comment/x
import mlflow
def f():
    "s3://docstring/y"
    mlflow.set_tracking_uri("http://mlflow:5000")
    mlflow.start_run(run_name="x")
    mlflow.set_tag("team", "growth")
    thing.run(task_id="lower")
    Thing(name="churn")
    help("--model", help="such as models:/")
    d["s3"] = "s3"
    x = "/usr/bin:/bin"
    DAG
    log_metric("auc", 1)
    unknown.log_metric("auc", 1)
    mlflow.log_metric(name, 1)
    mlflow.log_metrics(metrics)
    mlflow.set_experiment("")
    mlflow.set_experiment("***")
    task_id = "x"
def log_metric(name, value):
    pass
`);
});
