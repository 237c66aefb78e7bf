// Airflow's calls: DAGs, tasks, operators, sensors and assets, with the job and task that code stands in.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('a DAG as a with, its operators and what they name', () => {
  checkReferences(`
from airflow import DAG
from airflow.operators.python import PythonOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sensors.external_task import ExternalTaskSensor
from airflow.providers.databricks.operators.databricks import DatabricksRunNowOperator, DatabricksSubmitRunOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from mycompany import CompanyOperator
with DAG(
    "score_churn",
#    ^^^^^^^^^^^ defines job literal via=airflow.DAG
    default_args={"owner": "growth-ml"},
    tags=["churn"],
) as dag:
    wait = ExternalTaskSensor(
        task_id="wait_for_model",
#                ^^^^^^^^^^^^^^ defines task container=score_churn within.job=score_churn
        external_dag_id="train_churn",
#                        ^^^^^^^^^^^ reads job within.task=wait_for_model within.job=score_churn
        external_task_id="publish",
#                         ^^^^^^^ reads task container=train_churn
    )
    ExternalTaskSensor(task_id="w2", external_dag_id="train_churn", external_task_ids=["fit", "publish"])
#                               ^^ defines task
#                                                     ^^^^^^^^^^^ reads job
#                                                                                       ^^^ reads task
#                                                                                              ^^^^^^^ reads task
    trigger = TriggerDagRunOperator(task_id="trigger", trigger_dag_id="validate_churn")
#                                            ^^^^^^^ defines task
#                                                                      ^^^^^^^^^^^^^^ runs job within.task=trigger
    run = DatabricksRunNowOperator(task_id="run", job_name="score-churn", databricks_conn_id="d")
#                                           ^^^ defines task
#                                                           ^^^^^^^^^^^ runs job tool=databricks
    DatabricksRunNowOperator(task_id="run2", job_id=123)
#                                     ^^^^ defines task
#                                                   ^^^ runs job
    DatabricksSubmitRunOperator(task_id="submit", run_name="score-once")
#                                        ^^^^^^ defines task
#                                                           ^^^^^^^^^^ runs job
    SQLExecuteQueryOperator(task_id="load", conn_id="snowflake", sql="INSERT INTO ml.scores SELECT * FROM ml.raw_scores")
#                                    ^^^^ defines task
#                                                                                 ^^^^^^^^^ writes table within.task=load
#                                                                                                         ^^^^^^^^^^^^^ reads table within.task=load
    CompanyOperator(task_id="custom")
#                            ^^^^^^ defines task via=airflow.task_id container=score_churn
    PythonOperator(task_id=f"fit_{x}", python_callable=fit)
#                            ^^^^^^^ defines task [fit_*] partial
`);
});

test('the DAG of an operator by its variable', () => {
  checkReferences(`
from airflow.models.dag import DAG
dag = DAG(dag_id="train_churn")
#                 ^^^^^^^^^^^ defines job
fit = BashOperator(task_id="fit", bash_command="python fit.py", dag=dag)
#                           ^^^ defines task container=train_churn within.job=train_churn
with dag:
    BashOperator(task_id="publish")
#                         ^^^^^^^ defines task container=train_churn
`);
});

test('decorated functions', () => {
  checkReferences(`
from airflow.sdk import dag, task, task_group
from airflow.decorators import task as old_task
import pandas as pd
@dag(schedule="@daily", dag_id="train_churn")
#                               ^^^^^^^^^^^ defines job
def pipeline():
    @task
    def build_features():
#       ^^^^^^^^^^^^^^ defines task container=train_churn within.job=train_churn
        return pd.read_parquet("s3://acme-lake/churn/features/")
#                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path within.task=build_features within.job=train_churn within.function=pipeline.build_features

    @task(task_id="fit")
#                  ^^^ defines task container=train_churn
    def fit_model():
        pass

    @task.sensor(poke_interval=5)
    def wait() -> bool:
#       ^^^^ defines task
        pass

    @old_task.virtualenv(requirements=["x"])
    def isolated():
#       ^^^^^^^^ defines task
        pass

    @something
    def other():
        pass

@dag()
def validate_churn():
#   ^^^^^^^^^^^^^^ defines job
    pass

@dag
def bare():
#   ^^^^ defines job
    pass
`);
});

test('task groups are a detail of their tasks', () => {
  checkReferences(`
from airflow.sdk import DAG, TaskGroup
with DAG("churn"):
#         ^^^^^ defines job
    with TaskGroup(group_id="prepare"):
        EmptyOperator(task_id="start")
#                              ^^^^^ defines task group=prepare container=churn
    EmptyOperator(task_id="end")
#                          ^^^ defines task group=undefined
`);
});

test('groups in groups, decorated groups, partial and overridden tasks', () => {
  checkReferences(`
from airflow.sdk import DAG, TaskGroup, task_group, task
from airflow.operators.bash import BashOperator
with DAG("churn") as dag:
#         ^^^^^ defines job
    with TaskGroup("outer"), TaskGroup("unused"):
        with TaskGroup(group_id="inner"):
            BashOperator.partial(task_id="mapped").expand(bash_command=commands)
#                                         ^^^^^^ defines task container=churn
    @task_group
    def prepare():
        BashOperator(task_id="clean")
#                             ^^^^^ defines task group=prepare container=churn
        fit.override(task_id="fit_again")()
#                             ^^^^^^^^^ defines task group=prepare
        with TaskGroup("deep"):
            BashOperator(task_id="dive")
#                                 ^^^^ defines task group=prepare.deep
`);
});

test('assets are read by schedules and inlets, written by outlets', () => {
  checkReferences(`
from airflow.sdk import DAG, Asset, task
from airflow.datasets import Dataset
from airflow.providers.common.compat.lineage.entities import File, Table
RAW = Asset("s3://acme-lake/raw/")
#            ^^^^^^^^^^^^^^^^^^^ mentions path
with DAG("churn", schedule=[RAW, Dataset("s3://acme-lake/other/")]):
#         ^^^^^ defines job
#                           ^^^ reads path [s3://acme-lake/raw/] constant
#                                         ^^^^^^^^^^^^^^^^^^^^^ reads path
    @task(outlets=[Asset(uri="s3://acme-lake/features/")], inlets=[RAW])
#                             ^^^^^^^^^^^^^^^^^^^^^^^^ writes path within.task=build within.job=churn
#                                                                  ^^^ reads path [s3://acme-lake/raw/]
    def build():
#       ^^^^^ defines task
        pass
    EmptyOperator(task_id="x", outlets=[File(url="s3://acme-lake/x/"), Table(cluster="c", database="ANALYTICS.ML", name="SCORES")])
#                          ^ defines task
#                                                 ^^^^^^^^^^^^^^^^^ writes path within.task=x
#                                                                                                                        ^^^^^^ writes table [ANALYTICS.ML.SCORES]
`);
});

test('a class that extends an operator is called like it', () => {
  checkReferences(`
//- operators/trigger.py
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
class TriggerTraining(TriggerDagRunOperator):
    pass
//- dags/retrain.py
from operators.trigger import TriggerTraining
TriggerTraining(task_id="retrain", trigger_dag_id="train_churn")
#                        ^^^^^^^ defines task
#                                                  ^^^^^^^^^^^ runs job
`);
});

test('a marker waits for nothing', () => {
  checkReferences(`
from airflow.sensors.external_task import ExternalTaskMarker
ExternalTaskMarker(task_id="parent", external_dag_id="child", external_task_id="fit")
#                           ^^^^^^ defines task
#                                                     ^^^^^ mentions job
#                                                                               ^^^ mentions task
`);
});
