// Airflow's Amazon operators, a line each.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('buckets, keys, tables, jobs and endpoints', () => {
  checkReferences(`
from airflow.providers.amazon.aws.operators.s3 import S3ListOperator, S3DeleteObjectsOperator, S3CreateBucketOperator, S3FileTransformOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor, S3KeysUnchangedSensor
from airflow.providers.amazon.aws.transfers.s3_to_redshift import S3ToRedshiftOperator
from airflow.providers.amazon.aws.transfers.sql_to_s3 import SqlToS3Operator
from airflow.providers.amazon.aws.transfers.gcs_to_s3 import GCSToS3Operator
from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from airflow.providers.amazon.aws.operators.athena import AthenaOperator
from airflow.providers.amazon.aws.sensors.glue_catalog_partition import GlueCatalogPartitionSensor
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerEndpointOperator
from airflow.providers.amazon.aws.sensors.sagemaker import SageMakerEndpointSensor
S3ListOperator(bucket="lake", prefix="raw/")
#                      ^^^^ reads path [s3://lake/raw/]
S3KeySensor(bucket_key="s3://lake/raw/*.csv", wildcard_match=True)
#                       ^^^^^^^^^^^^^^^^^^^ reads path partial
S3KeySensor(bucket_name="lake", bucket_key=["a.csv", "b.csv"])
#                                            ^^^^^ reads path [s3://lake/a.csv]
#                                                     ^^^^^ reads path [s3://lake/b.csv]
S3KeysUnchangedSensor(bucket_name="lake", prefix="raw/")
#                                  ^^^^ reads path [s3://lake/raw/]
S3DeleteObjectsOperator(bucket="lake", keys=["a.csv", "b.csv"])
#                                             ^^^^^ mentions path [s3://lake/a.csv]
#                                                      ^^^^^ mentions path [s3://lake/b.csv]
S3CreateBucketOperator(bucket_name=f"lake-{env}")
#                                    ^^^^^^^^^^ writes path [s3://lake-*/] partial
S3FileTransformOperator(source_s3_key="s3://lake/a", dest_s3_key="s3://lake/b", transform_script="cp")
#                                      ^^^^^^^^^^^ reads path
#                                                                 ^^^^^^^^^^^ writes path
S3ToRedshiftOperator(s3_bucket="lake", s3_key="orders.csv", schema="sales", table="orders")
#                               ^^^^ reads path [s3://lake/orders.csv]
#                                                                                  ^^^^^^ writes table [sales.orders]
SqlToS3Operator(query="SELECT id FROM sales.orders", s3_bucket="lake", s3_key="orders.csv")
#                                     ^^^^^^^^^^^^ reads table
#                                                               ^^^^ writes path [s3://lake/orders.csv]
GCSToS3Operator(gcs_bucket="glake", dest_s3_key="s3://lake/in/")
#                           ^^^^^ reads path [gs://glake/]
#                                                ^^^^^^^^^^^^^ writes path
hook = S3Hook(aws_conn_id="aws")
hook.load_string("x", key="a/b.txt", bucket_name="lake")
#                                                 ^^^^ writes path [s3://lake/a/b.txt]
hook.read_key("a/b.txt", "lake")
#                         ^^^^ reads path [s3://lake/a/b.txt]
S3Hook().check_for_key("s3://lake/a/b.txt")
#                       ^^^^^^^^^^^^^^^^^ reads path
hook.delete_objects("lake", ["x", "y"])
#                             ^ mentions path [s3://lake/x]
#                                  ^ mentions path [s3://lake/y]
GlueJobOperator(job_name="score-churn", script_location="s3://lake/scripts/score.py")
#                         ^^^^^^^^^^^ runs job
#                                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
AthenaOperator(query="SELECT * FROM sales.orders", database="sales", output_location="s3://lake/athena/")
#                                   ^^^^^^^^^^^^ reads table
#                                                                                     ^^^^^^^^^^^^^^^^^ writes path
GlueCatalogPartitionSensor(table_name="orders", database_name="sales", expression="ds='x'")
#                                      ^^^^^^ reads table [sales.orders]
SageMakerEndpointOperator(operation="create", config={"Endpoint": {"EndpointName": "churn", "EndpointConfigName": "c"}})
#                                                                                   ^^^^^ writes endpoint
SageMakerEndpointSensor(endpoint_name="churn")
#                                      ^^^^^ reads endpoint
other.S3Operator(bucket="lake", key="x")
`);
});
