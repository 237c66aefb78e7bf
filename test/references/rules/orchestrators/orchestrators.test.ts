// Ray, Prefect, Dagster, OpenLineage and SSH, a line each.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('submissions, flows, assets, jobs and hosts', () => {
  checkReferences(`
import ray
from ray import serve, tune
from ray.job_submission import JobSubmissionClient
from ray.train import RunConfig
from prefect import flow, task
from prefect.deployments import run_deployment
from dagster import asset, define_asset_job, job, ScheduleDefinition
from openlineage.client.event_v2 import Dataset, InputDataset, Job, OutputDataset
import paramiko
client = JobSubmissionClient("http://ray:8265")
client.submit_job(entrypoint="python tune.py", submission_id="tune-churn", runtime_env={"working_dir": "s3://lake/code.zip"})
#                                                             ^^^^^^^^^^ runs job
#                                                                                                       ^^^^^^^^^^^^^^^^^^ reads path
client.submit_job(entrypoint="python tune.py", metadata={"job_name": "churn_training"})
#                                                                     ^^^^^^^^^^^^^^ runs job
client.get_job_status("tune-churn")
#                      ^^^^^^^^^^ reads job
RunConfig(name="tune", storage_path="s3://lake/ray/")
#                                    ^^^^^^^^^^^^^^ writes path
tune.run(trainable, name="tune", storage_path="s3://lake/ray/")
#                                              ^^^^^^^^^^^^^^ writes path
ray.data.read_parquet("s3://lake/raw/")
#                      ^^^^^^^^^^^^^^ reads path
@serve.deployment(name="scorer", num_replicas=2)
#                       ^^^^^^ defines endpoint
class Scorer:
    pass
serve.run(Scorer.bind(), name="churn", route_prefix="/churn")
#                              ^^^^^ writes endpoint
serve.get_app_handle("churn")
#                     ^^^^^ reads endpoint
serve.get_deployment_handle("scorer", "churn")
#                            ^^^^^^ reads endpoint
#                                      ^^^^^ reads endpoint
@task
def extract():
#   ^^^^^^^ defines task
    pass
@task(name="load it")
#           ^^^^^^^ defines task
def load():
    pass
@flow(name="churn-flow")
#           ^^^^^^^^^^ defines job
def churn():
    extract()
@flow
def score():
#   ^^^^^ defines job
    pass
score.serve(name="nightly", cron="0 0 * * *")
#                 ^^^^^^^ defines job
score.deploy(name="prod", work_pool_name="pool")
#                  ^^^^ defines job
run_deployment("churn-flow/prod")
#               ^^^^^^^^^^^^^^^ runs job
server.serve("x")
@asset
def orders():
#   ^^^^^^ defines table
    pass
@asset(name="features", key_prefix=["ml"])
#            ^^^^^^^^ defines table
def make_features(orders):
    pass
train = define_asset_job("train", selection=["features"])
#                         ^^^^^ defines job
@job
def nightly():
#   ^^^^^^^ defines job
    pass
ScheduleDefinition(job_name="train", cron_schedule="0 0 * * *")
#                            ^^^^^ runs job
Job(namespace="airflow", name="churn.fit")
#                              ^^^^^^^^^ mentions job
InputDataset(namespace="s3://lake", name="raw/a.csv")
#                       ^^^^^^^^^ mentions path [s3://lake/]
#                                         ^^^^^^^^^ reads path [s3://lake/raw/a.csv]
OutputDataset("snowflake://acme-prod", "ACME.ML.SCORES")
#                                       ^^^^^^^^^^^^^^ writes table
Dataset(namespace="file", name="/tmp/a")
ssh = paramiko.SSHClient()
ssh.connect("scorer.acme.internal", username="ml")
#            ^^^^^^^^^^^^^^^^^^^^ mentions host
socket.connect("x")
`);
});

test('jobs and endpoints that are asked over HTTP', () => {
  checkReferences(`
import requests
HOST = "https://acme.cloud.databricks.com"
requests.post(f"{HOST}/api/2.1/jobs/run-now", json={"job_id": 42}, headers=h)
#                                                             ^^ runs job
requests.post(f"{HOST}/api/2.1/jobs/runs/submit", json={"run_name": "once"})
#                                                                    ^^^^ runs job
requests.post(url=f"{HOST}/serving-endpoints/churn/invocations", json=payload)
#                                            ^^^^^ reads endpoint
requests.post(f"{airflow_url}/api/v1/dags/train_churn/dagRuns", json={})
#                                         ^^^^^^^^^^^ runs job
requests.get(f"{airflow_url}/api/v2/dags/{dag_id}/dagRuns")
requests.get("https://acme.example/dags/list")
requests.post("https://acme.example/orders", json={"job_id": 1, "run_name": "x"})
`);
});

test('Prefect 1, and buckets of Prefect', () => {
  checkReferences(`
from prefect import Flow, task
from prefect_aws import S3Bucket
with Flow("etl", schedule=s) as flow:
#          ^^^ defines job
    pass
S3Bucket(bucket_name="lake", bucket_folder="raw/")
#                     ^^^^ mentions path [s3://lake/raw/]
from prefect_aws.s3 import download_from_bucket, upload_to_bucket
download_from_bucket("lake", "a.csv", credentials)
#                     ^^^^ reads path [s3://lake/a.csv]
upload_to_bucket(data, "lake", credentials, key="b.csv")
#                       ^^^^ writes path [s3://lake/b.csv]
`);
});

test('explicit ids of runs, never those that another task made', () => {
  checkReferences(`
from openlineage.client import event_v2, run
from openlineage.client.generated import parent_run
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.amazon.aws.sensors.glue import GlueJobSensor
from airflow.providers.amazon.aws.triggers.glue import GlueJobCompleteTrigger
run.Run(runId="ea445b5c-22eb-457a-8007-01c7c52b6e54")
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions run
event_v2.Run("ea445b5c-22eb-457a-8007-01c7c52b6e54", {})
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions run
parent_run.RootRun("3bb703d1-09c1-4a42-8da5-35a0b3216071")
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions run
RUN = "custom_run"
TriggerDagRunOperator(task_id="go", trigger_dag_id="churn", trigger_run_id=RUN)
#                              ^^ defines task
#                                                   ^^^^^ runs job
#                                                                          ^^^ mentions run [custom_run]
TriggerDagRunOperator(task_id="once", trigger_dag_id="churn", trigger_run_id=f"manual__{when}")
#                              ^^^^ defines task
#                                                     ^^^^^ runs job
#                                                                              ^^^^^^^^^^^^^^ mentions run [manual__*]
GlueJobSensor(task_id="wait", job_name="churn", run_id="jr_5152")
#                      ^^^^ defines task
#                                       ^^^^^ reads job
#                                                       ^^^^^^^ reads run
GlueJobSensor(task_id="wait2", job_name="churn", run_id=submit.output)
#                      ^^^^^ defines task
#                                        ^^^^^ reads job
GlueJobSensor(task_id="wait3", job_name="churn", run_id="{{ ti.xcom_pull(task_ids='submit') }}")
#                      ^^^^^ defines task
#                                        ^^^^^ reads job
GlueJobCompleteTrigger(job_name="churn", run_id="jr_5152", verbose=False)
#                                                ^^^^^^^ reads run
runner.start(run_id="jr_5152")
Run("a")
`);
});

test('endpoints in URLs that are kept, and datasets of an event', () => {
  checkReferences(`
from openlineage.client.event_v2 import Dataset, InputDataset, RunEvent
from openlineage.client.run import Dataset as Old
NAME = "churn"
url = f"https://{host}/serving-endpoints/{NAME}/invocations"
#                                         ^^^^ reads endpoint [churn]
other = "https://acme.cloud.databricks.com/serving-endpoints/score/invocations"
#                                                            ^^^^^ reads endpoint
base = f"https://{host}/serving-endpoints/chat/completions"
any = f"https://{host}/serving-endpoints/{name}/invocations"
print("POST https://acme/serving-endpoints/churn/invocations with a token")
InputDataset(namespace="my-datasource-namespace", name="instance.schema.table")
#                                                       ^^^^^^^^^^^^^^^^^^^^^ reads table
InputDataset(namespace="postgres://db.acme.io:5432", name="shop.public.orders")
#                                                          ^^^^^^^^^^^^^^^^^^ reads table
InputDataset(namespace=f"awsathena://athena.{region}.amazonaws.com", name="catalog.db.orders")
#                                                                          ^^^^^^^^^^^^^^^^^ reads table
InputDataset(namespace="Acme DWH", name="crm.customers")
#                                        ^^^^^^^^^^^^^ reads table
InputDataset(namespace="s3://lake", name="raw/orders.csv")
#                       ^^^^^^^^^ mentions path [s3://lake/]
#                                         ^^^^^^^^^^^^^^ reads path [s3://lake/raw/orders.csv]
InputDataset(namespace="file", name="/tmp/orders.csv")
InputDataset(namespace=somewhere, name="orders")
RunEvent(inputs=[Dataset(namespace="warehouse", name="raw_orders")], outputs=[Old("warehouse", "orders")])
#                                                     ^^^^^^^^^^ reads table
#                                                                                               ^^^^^^ writes table
`);
});

test('groups of hosts', () => {
  checkReferences(`
from fabric import Connection, SerialGroup, ThreadingGroup as Group
Group("web1", "web2")
#      ^^^^ mentions host
#              ^^^^ mentions host
SerialGroup(*hosts, user="ml")
Other("web1", "web2")
`);
});
