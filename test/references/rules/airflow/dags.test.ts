// Airflow 3's spellings, assets, mapped tasks, Cosmos and Ray decorators; operators on tables and hosts.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('DAGs, tasks, assets', () => {
  checkReferences(`
from airflow.sdk import DAG, Asset, AssetAlias, asset, dag, task
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.operators.bash import BashOperator
from cosmos import DbtDag, DbtTaskGroup, ProjectConfig
from ray_provider.decorators import ray
RAW = Asset(name="raw", uri="s3://lake/raw/")
#                            ^^^^^^^^^^^^^^ mentions path
@asset(schedule=RAW, uri="s3://lake/features/")
#               ^^^ reads path [s3://lake/raw/]
#                         ^^^^^^^^^^^^^^^^^^^ writes path
def features(self):
#   ^^^^^^^^ defines job
    pass
DbtDag(dag_id="warehouse", project_config=ProjectConfig("dbt"))
#              ^^^^^^^^^ defines job
with DAG("churn", schedule=(RAW | Asset("s3://lake/more/"))):
#         ^^^^^ defines job
#                           ^^^ reads path [s3://lake/raw/]
#                                        ^^^^^^^^^^^^^^^ reads path
    DbtTaskGroup(group_id="models", project_config=ProjectConfig("dbt"))
    mapped = TriggerDagRunOperator.partial(task_id="mapped", trigger_dag_id="score").expand(conf=confs)
#                                                   ^^^^^^ defines task container=churn
#                                                                            ^^^^^ runs job
    Loader(task_id="load", outlets=[RAW], external_dag_id="other")
#                   ^^^^ defines task container=churn
#                                   ^^^ writes path [s3://lake/raw/]
#                                                          ^^^^^ reads job
    BashOperator(task_id="done", bash_command="true", outlets=[AssetAlias("alias")])
#                         ^^^^ defines task container=churn
    @ray.task(config={})
    def fit():
#       ^^^ defines task container=churn
        pass
    @task(task_id="pull")
#                  ^^^^ defines task container=churn
    def pull(ti):
        return ti.xcom_pull(task_ids=["load", "done"])
#                                      ^^^^ reads task
#                                              ^^^^ reads task
    pull.override(task_id="pull_again")()
#                          ^^^^^^^^^^ defines task container=churn
for name in ["a", "b"]:
    @dag(dag_id=f"etl_{name}")
#                 ^^^^^^^^^^ defines job [etl_*] partial
    def etl():
        pass
`);
});

test('tables, hosts and jobs of other tools', () => {
  checkReferences(`
from airflow.providers.common.sql.operators.sql import SQLColumnCheckOperator, SQLInsertRowsOperator, SQLTableCheckOperator
from airflow.providers.common.sql.operators.generic_transfer import GenericTransfer
from airflow.providers.snowflake.transfers.copy_into_snowflake import CopyFromExternalStageToSnowflakeOperator
from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.providers.dbt.cloud.operators.dbt import DbtCloudRunJobOperator
from airflow.providers.microsoft.azure.sensors.wasb import WasbBlobSensor
from airflow.providers.ssh.operators.ssh import SSHOperator
from airflow.providers.ssh.hooks.ssh import SSHHook
from airflow.providers.slack.operators.slack import SlackAPIPostOperator
SQLColumnCheckOperator(task_id="a", table="sales.orders", column_mapping={"id": {"null_check": {"equal_to": 0}}})
#                               ^ defines task
#                                          ^^^^^^^^^^^^ reads table
SQLTableCheckOperator(task_id="b", table=f"{schema}.orders", checks={})
#                              ^ defines task
#                                          ^^^^^^^^^^^^^^^ reads table [*.orders] partial
SQLInsertRowsOperator(task_id="c", table_name="orders", schema="sales", rows=rows)
#                              ^ defines task
#                                              ^^^^^^ writes table [sales.orders]
GenericTransfer(task_id="d", sql="SELECT * FROM raw.orders", destination_table="sales.orders")
#                        ^ defines task
#                                               ^^^^^^^^^^ reads table
#                                                                               ^^^^^^^^^^^^ writes table
CopyFromExternalStageToSnowflakeOperator(task_id="e", table="ORDERS", schema="SALES", database="ACME", stage="S")
#                                                 ^ defines task
#                                                            ^^^^^^ writes table [ACME.SALES.ORDERS]
PostgresHook("pg").insert_rows("sales.orders", rows)
#                               ^^^^^^^^^^^^ writes table
hook = PostgresHook(postgres_conn_id="pg")
hook.get_pandas_df("select id from sales.orders")
#                                  ^^^^^^^^^^^^ reads table
hook.run("DELETE FROM sales.orders WHERE ds = %s")
#                     ^^^^^^^^^^^^ writes table
DbtCloudRunJobOperator(task_id="f", job_id=48617)
#                               ^ defines task
#                                          ^^^^^ runs job
WasbBlobSensor(task_id="g", container_name="raw", blob_name="a.csv")
#                       ^ defines task
#                                           ^^^ reads path [wasb://raw/a.csv]
SSHOperator(task_id="h", ssh_conn_id="scorer", command="ls")
#                    ^ defines task
#                                     ^^^^^^ mentions host
SSHOperator(task_id="i", ssh_hook=SSHHook(remote_host="scorer.acme.internal"), command="ls")
#                    ^ defines task
#                                                      ^^^^^^^^^^^^^^^^^^^^ mentions host
SlackAPIPostOperator(task_id="j", channel="#general", text="loaded orders from sales")
#                             ^ defines task
`);
});
