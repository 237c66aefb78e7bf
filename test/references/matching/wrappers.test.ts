// Wrappers: functions and classes of the workspace that hand a name on to a tool make their calls references.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('functions of the file, of other modules, and of classes', () => {
  checkReferences(`
//- lake/io.py
import mlflow
import pandas as pd
BUCKET = "acme-lake"
def load(name, alias="champion"):
    return mlflow.pyfunc.load_model(f"models:/{name}@{alias}")
def read(key, *, bucket=BUCKET):
    uri = f"s3://{bucket}/{key}"
#           ^^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-lake/*] partial
    return pd.read_parquet(uri)
#                          ^^^ reads path [s3://acme-lake/*] partial
def table(spark, schema, name):
    return spark.table(f"{schema}.{name}")
class Store:
    def __init__(self, schema):
        self.schema = schema
    def save(self, df, name):
        df.write.saveAsTable(f"ml.{name}")
#                              ^^^^^^^^^ writes table [ml.*] partial
def again(model):
    return load(model)
def events(spark, schema):
    return spark.table(f"{schema}.events")
#                        ^^^^^^^^^^^^^^^ reads table [*.events] partial
def log(message):
    print(message)
def everything(**options):
    mlflow.set_experiment(**options)
//- main.py
from lake import io
from lake.io import load, read as fetch, table, Store, again, log, everything, events
NAME = "churn"
load("churn")
#     ^^^^^ reads model guess alias=champion via=mlflow.load_model
load(NAME)
#    ^^^^ reads model [churn] guess
load(name="churn", alias="next")
#          ^^^^^ reads model constant alias=next
io.load("churn")
#        ^^^^^ reads model
again("churn")
#      ^^^^^ reads model
fetch("raw/a.parquet")
#      ^^^^^^^^^^^^^ reads path [s3://acme-lake/raw/a.parquet] guess
fetch("raw/a.parquet", bucket="other")
#      ^^^^^^^^^^^^^ reads path [s3://other/raw/a.parquet] constant
fetch("2024-01-01")
table(spark, "shop", "orders")
#                     ^^^^^^ reads table [shop.orders]
store = Store("x")
store.save(df, "scores")
#               ^^^^^^ writes table [ml.scores]
log("churn")
events(spark, "shop")
everything(experiment_name="churn")
#                           ^^^^^ writes experiment
load(unknown)
load()
def unrelated(load):
    load("churn")
class Other:
    def load(self, name):
        return name
    def run(self):
        self.load("churn")
Other().load("churn")
`);
});

test('operators of a folder of their own', () => {
  checkReferences(`
//- operators/base.py
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.models import BaseOperator
class Mixin:
    pass
class Refresh(Mixin, SQLExecuteQueryOperator):
    def __init__(self, table, **kwargs):
        super().__init__(sql=f"INSERT INTO {table} SELECT * FROM raw.events", **kwargs)
#                                                                ^^^^^^^^^^ reads table
class Publish(BaseOperator):
    def __init__(self, model, **kwargs):
        super().__init__(**kwargs)
        self.model = model
    def execute(self, context):
        import mlflow
        mlflow.register_model("runs:/0123456789abcdef0123456789abcdef/m", self.model)
#                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
//- operators/more.py
from airflow.operators.trigger_dagrun import TriggerDagRunOperator as Trigger
from operators.base import Refresh
class Daily(Refresh):
    def __init__(self, **kwargs):
        super().__init__(table="shop.daily", **kwargs)
#                               ^^^^^^^^^^ writes table
class Score(Trigger):
    def __init__(self, dag="score", **kwargs):
        super().__init__(task_id="trigger_score", trigger_dag_id=dag, **kwargs)
#                                 ^^^^^^^^^^^^^ defines task
#                                                                ^^^ runs job [score] guess
//- dags/main.py
from airflow import DAG
from operators.base import Refresh, Publish
from operators import more
with DAG("daily"):
#         ^^^^^ defines job
    Refresh(task_id="refresh", table="shop.orders")
#                    ^^^^^^^ defines task container=daily
#                                     ^^^^^^^^^^^ writes table within.task=refresh within.job=daily
    Publish(task_id="publish", model="churn")
#                    ^^^^^^^ defines task
#                                     ^^^^^ writes model
    more.Daily(task_id="daily")
#                       ^^^^^ defines task
    more.Score(dag="weekly")
#                   ^^^^^^ runs job
`);
});

test('partial, and callables with their arguments beside them', () => {
  checkReferences(`
import mlflow
from functools import partial
from airflow.operators.python import PythonOperator
def load(name, stage="prod"):
    return mlflow.pyfunc.load_model(f"models:/{name}/{stage}")
load_churn = partial(load, "churn")
#                           ^^^^^ reads model stage=prod
PythonOperator(task_id="a", python_callable=load, op_kwargs={"name": "lite"})
#                       ^ defines task
#                                                                     ^^^^ reads model within.task=a
PythonOperator(task_id="b", python_callable=load, op_args=["full"])
#                       ^ defines task
#                                                           ^^^^ reads model
`);
});

test('classes that stand for those of another package, and stand-ins that make no task', () => {
  checkReferences(`
from unittest.mock import MagicMock
from airflow.models import BaseOperator
from astronomer.providers.google.cloud.sensors.gcs import GCSObjectExistenceSensorAsync
class _GetRequestOperator(BaseOperator):
    pass
GCSObjectExistenceSensorAsync(task_id="wait", bucket="lake", object="a.csv")
#                                      ^^^^ defines task
#                                                     ^^^^ reads path [gs://lake/a.csv]
_GetRequestOperator(task_id="get")
#                            ^^^ defines task
MagicMock(spec=BaseOperator, task_id="none")
TaskInstance(task_id="none")
`);
});

test('a class in a folder that is called like a tool, with a method that is called like one of its', () => {
  checkReferences(`
//- acme/databricks/deploy.py
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.serving import ServedEntityInput
class Deployer:
    def __init__(self, *, config, model):
        self._model = model
        if config:
            self._client = WorkspaceClient(host=config)
        else:
            self._client = WorkspaceClient()
    def deploy(self, name, *, small=True):
        self._client.serving_endpoints.get(name)
        self._client.serving_endpoints.create(name=name, config=ServedEntityInput(entity_name=self._model))
//- main.py
from acme.databricks.deploy import Deployer
deployer = Deployer(config=None, model="main.ml.churn")
ENDPOINT = "churn"
deployer.deploy(ENDPOINT)
#               ^^^^^^^^ writes endpoint [churn]
other.deploy(ENDPOINT)
`);
});

test('a name stands at the argument that is the name, not at one that begins like it', () => {
  checkReferences(`
//- pkg/eu.py
import mlflow
def get_or_create_experiment(experiment_name, tags):
    found = mlflow.get_experiment_by_name(experiment_name)
    if found is None:
        return mlflow.create_experiment(name=experiment_name, tags=tags)
    return found.experiment_id
def table_of(spark, note, name):
    return spark.table(f"shop.{name}")
#                        ^^^^^^^^^^^ reads table [shop.*]
//- main.py
from pkg.eu import get_or_create_experiment, table_of
experiment = get_or_create_experiment(
    experiment_name="iris",
#                    ^^^^ reads experiment
    tags={"note": "iris dataset classification experiment", "other": "the iris"},
)
table_of(spark, "orders of all the shop.orders", "orders")
#                                                 ^^^^^^ reads table [shop.orders]
`);
});

test('a name that is known in part and handed on as it is', () => {
  checkReferences(`
from airflow.operators.bash import BashOperator
def script_task(task_id, script, **kwargs):
    return BashOperator(task_id=task_id, bash_command="bash " + script, **kwargs)
for region in regions():
    script_task(task_id=f"load_{region}", script=f"load_{region}.sh")
#                         ^^^^^^^^^^^^^ defines task [load_*] partial
    script_task(f"clean_{region.lower()}", "clean.sh")
#                 ^^^^^^^^^^^^^^^^^^^^^^ defines task [clean_*] partial
`);
});

test('names that are counted', () => {
  checkReferences(`
def write_both(df, table_1, table_2):
    df.write.saveAsTable(table_1)
    df.write.saveAsTable(table_2)
def run(df):
    table_name_1 = "sales.first"
    table2 = "sales.second"
    write_both(df, table_name_1, table2)
#                  ^^^^^^^^^^^^ writes table [sales.first] constant
#                                ^^^^^^ writes table [sales.second] constant
`);
});
