// Jinja of Airflow: a hole stays a hole in the name; what the workspace says of it stands beside the name.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('params of the operator, of its DAG, and of the default arguments', () => {
  checkReferences(`
from airflow import DAG
from airflow.models.param import Param
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator as Sql
with DAG("d", params={"table": "orders", "day": Param("monday", type="string")}, default_args={"params": {"lake": "raw"}}):
#         ^ defines job
    Sql(task_id="a", sql="select * from shop.{{ params.table }}")
    #            ^ defines task filled=undefined
    #                                   ^^^^^^^^^^^^^^^^^^^^^^^ reads table [shop.*] partial filled=shop.orders
    Sql(task_id="b", sql="select * from shop.{{ params.table }}", params={"table": "customers"})
    #            ^ defines task
    #                                   ^^^^^^^^^^^^^^^^^^^^^^^ reads table [shop.*] filled=shop.customers
    Sql(task_id="c", sql="select 1", inlets=["s3://{{ params.lake }}/x/{{ params['day'] }}.csv"])
    #            ^ defines task
    #                                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://*/x/*.csv] filled=s3://raw/x/monday.csv
    Sql(task_id="d", sql="select * from shop.{{ ds }}_{{ params.table }}")
    #            ^ defines task
    #                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [shop.*_*] filled=undefined
dag = DAG("e", params={"table": "items"})
#          ^ defines job
Sql(task_id="x", sql="select * from shop.{{ params.table }}", dag=dag)
#            ^ defines task
#                                   ^^^^^^^^^^^^^^^^^^^^^^^ reads table [shop.*] filled=shop.items
`);
});

test('variables of Airflow that a file of the workspace gives', () => {
  checkReferences(`
//- variables.json
{"bucket": "lake", "conf": {"table": "orders"}}
//- dags/a.py
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator as Sql
from airflow.providers.amazon.aws.operators.s3 import S3CreateObjectOperator
Sql(task_id="a", sql="select * from {{ var.value.bucket }}.orders")
#            ^ defines task
#                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [*.orders] filled=lake.orders
S3CreateObjectOperator(task_id="b", s3_bucket="{{ var.value.bucket }}", s3_key="x/y.csv", data="")
#                               ^ defines task
#                                              ^^^^^^^^^^^^^^^^^^^^^^ writes path [s3://*/x/y.csv] filled=s3://lake/x/y.csv
Sql(task_id="c", sql="select * from {{ var.value.nothing }}.orders")
#            ^ defines task
#                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [*.orders] filled=undefined
`);
});
