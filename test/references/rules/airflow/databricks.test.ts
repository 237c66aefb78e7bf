// Airflow's Databricks operators: keywords, and JSON where it is written.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('jobs, their tasks, tables and files', () => {
  checkReferences(`
from airflow import DAG
from airflow.providers.databricks.operators.databricks import (
    DatabricksCreateJobsOperator, DatabricksNotebookOperator, DatabricksRunNowOperator, DatabricksSubmitRunOperator, DatabricksTaskOperator)
from airflow.providers.databricks.operators.databricks_workflow import DatabricksWorkflowTaskGroup
from airflow.providers.databricks.operators.databricks_sql import DatabricksCopyIntoOperator, DatabricksSqlOperator
from airflow.providers.databricks.sensors.databricks_partition import DatabricksPartitionSensor
from airflow.providers.databricks.hooks.databricks import DatabricksHook
DatabricksRunNowOperator(task_id="run", json={"job_id": 42, "notebook_params": {"a": "b"}})
#                                 ^^^ defines task
#                                                       ^^ runs job
DatabricksRunNowOperator(task_id="run", job_name="score-churn")
#                                 ^^^ defines task
#                                                 ^^^^^^^^^^^ runs job
settings = {"run_name": "once", "tasks": [{"task_key": "prepare"}, {"task_key": "score", "depends_on": [{"task_key": "prepare"}]}]}
#                        ^^^^ runs job
#                                                       ^^^^^^^ defines task container=once
#                                                                                ^^^^^ defines task container=once
#                                                                                                                     ^^^^^^^ mentions task container=once
DatabricksSubmitRunOperator(task_id="submit", json=settings)
#                                    ^^^^^^ defines task
DatabricksSubmitRunOperator(
    task_id="submit",
#            ^^^^^^ defines task
    run_name="score-once",
#             ^^^^^^^^^^ runs job
    tasks=[
        {"task_key": "prepare", "notebook_task": {"notebook_path": "/Shared/prepare"}},
#                     ^^^^^^^ defines task container=score-once
        {"task_key": "again", "run_job_task": {"job_id": 7}},
#                     ^^^^^ defines task container=score-once
#                                                        ^ runs job
    ],
)
DatabricksSubmitRunOperator(task_id="py", spark_python_task={"python_file": "dbfs:/jobs/score.py"})
#                                    ^^ defines task
#                                                                            ^^^^^^^^^^^^^^^^^^^ reads path
DatabricksCreateJobsOperator(task_id="create", json={"name": "nightly", "tasks": [{"task_key": "fit"}]})
#                                     ^^^^^^ defines task
#                                                             ^^^^^^^ defines job
#                                                                                               ^^^ defines task container=nightly
with DAG("churn"):
#         ^^^^^ defines job
    with DatabricksWorkflowTaskGroup(group_id="flow"):
        DatabricksNotebookOperator(task_id="features", notebook_path="/Shared/features", source="WORKSPACE")
#                                           ^^^^^^^^ defines task container=churn group=flow
        DatabricksTaskOperator(task_id="fit", task_config={"spark_python_task": {"python_file": "s3://lake/fit.py"}})
#                                       ^^^ defines task container=churn group=flow
#                                                                                                ^^^^^^^^^^^^^^^^ reads path
DatabricksCopyIntoOperator(task_id="copy", table_name="main.ml.orders", file_location="s3://lake/orders/", file_format="CSV")
#                                   ^^^^ defines task
#                                                      ^^^^^^^^^^^^^^ writes table
#                                                                                      ^^^^^^^^^^^^^^^^^ reads path
DatabricksPartitionSensor(task_id="wait", catalog="main", schema="ml", table_name="orders", partitions={"ds": "x"})
#                                  ^^^^ defines task
#                                                                                  ^^^^^^ reads table [main.ml.orders]
DatabricksSqlOperator(task_id="sql", sql="INSERT INTO ml.scores SELECT * FROM ml.raw")
#                              ^^^ defines task
#                                                     ^^^^^^^^^ writes table
#                                                                             ^^^^^^ reads table
hook = DatabricksHook("databricks_default")
hook.run_now({"job_id": 5})
#                       ^ runs job
hook.find_job_id_by_name("nightly")
#                         ^^^^^^^ reads job
`);
});

test('dicts that were bound before the call', () => {
  checkReferences(`
from airflow.providers.databricks.operators.databricks import DatabricksSubmitRunOperator
TASKS = [{"task_key": "a"}]
#                      ^ defines task container=nightly
def make():
    params = {
        "run_name": NAME,
#                   ^^^^ runs job [nightly]
        "tasks": TASKS,
    }
    params2 = dict(run_name="x")
#                            ^ runs job
    DatabricksSubmitRunOperator(
        task_id="s",
#                ^ defines task
        json=params,
    )
    DatabricksSubmitRunOperator(task_id="s2", json=params2)
#                                        ^^ defines task
NAME = "nightly"
`);
});
