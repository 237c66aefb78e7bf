// Airflow's Google operators, a line each.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('buckets, BigQuery and Composer', () => {
  checkReferences(`
from airflow.providers.google.cloud.operators.gcs import GCSCreateBucketOperator, GCSDeleteObjectsOperator
from airflow.providers.google.cloud.sensors.gcs import GCSObjectExistenceSensor
from airflow.providers.google.cloud.transfers.gcs_to_bigquery import GCSToBigQueryOperator
from airflow.providers.google.cloud.transfers.gcs_to_gcs import GCSToGCSOperator
from airflow.providers.google.cloud.transfers.local_to_gcs import LocalFilesystemToGCSOperator
from airflow.providers.google.cloud.transfers.bigquery_to_gcs import BigQueryToGCSOperator
from airflow.providers.google.cloud.operators.bigquery import BigQueryInsertJobOperator, BigQueryCreateTableOperator, BigQueryGetDataOperator, BigQueryDeleteTableOperator
from airflow.providers.google.cloud.sensors.bigquery import BigQueryTableExistenceSensor
from airflow.providers.google.cloud.hooks.gcs import GCSHook
from airflow.providers.google.cloud.operators.cloud_composer import CloudComposerTriggerDAGRunOperator
GCSCreateBucketOperator(bucket_name="glake")
#                                    ^^^^^ writes path [gs://glake/]
GCSObjectExistenceSensor(bucket="glake", object="raw/a.csv")
#                                ^^^^^ reads path [gs://glake/raw/a.csv]
GCSDeleteObjectsOperator(bucket_name="glake", prefix="raw/")
#                                     ^^^^^ mentions path [gs://glake/raw/]
GCSToBigQueryOperator(bucket="glake", source_objects=["a.csv", "b.csv"], destination_project_dataset_table="acme.sales.orders")
#                                                      ^^^^^ reads path [gs://glake/a.csv]
#                                                               ^^^^^ reads path [gs://glake/b.csv]
#                                                                                                           ^^^^^^^^^^^^^^^^^ writes table
GCSToGCSOperator(source_bucket="glake", source_object="a.csv", destination_bucket="gbackup", destination_object="b.csv")
#                               ^^^^^ reads path [gs://glake/a.csv]
#                                                                                  ^^^^^^^ writes path [gs://gbackup/b.csv]
LocalFilesystemToGCSOperator(src="a.csv", dst="raw/a.csv", bucket="glake")
#                                                                  ^^^^^ writes path [gs://glake/raw/a.csv]
BigQueryToGCSOperator(source_project_dataset_table="sales.orders", destination_cloud_storage_uris=["gs://glake/out-*.csv"])
#                                                   ^^^^^^^^^^^^ reads table
#                                                                                                   ^^^^^^^^^^^^^^^^^^^^ writes path partial
BigQueryInsertJobOperator(
    configuration={
        "query": {
            "query": "SELECT * FROM sales.orders",
#                                   ^^^^^^^^^^^^ reads table
            "destinationTable": {"projectId": "acme", "datasetId": "sales", "tableId": "copy"},
#                                                                                       ^^^^ writes table [acme.sales.copy]
        },
    },
)
BigQueryInsertJobOperator(configuration={"load": {"sourceUris": ["gs://glake/a.csv"], "destinationTable": {"datasetId": "sales", "tableId": "orders"}}})
#                                                                 ^^^^^^^^^^^^^^^^ reads path
#                                                                                                                                            ^^^^^^ writes table [sales.orders]
BigQueryCreateTableOperator(dataset_id="sales", table_id="orders", table_resource={})
#                                                         ^^^^^^ writes table [sales.orders]
BigQueryCreateTableOperator(gcs_schema_object="gs://glake/schema.json")
#                                              ^^^^^^^^^^^^^^^^^^^^^^ reads path
BigQueryGetDataOperator(dataset_id="sales", table_id="orders")
#                                                     ^^^^^^ reads table [sales.orders]
BigQueryDeleteTableOperator(deletion_dataset_table="acme.sales.orders")
#                                                   ^^^^^^^^^^^^^^^^^ mentions table
BigQueryTableExistenceSensor(project_id="acme", dataset_id="sales", table_id="orders")
#                                                                             ^^^^^^ reads table [acme.sales.orders]
GCSHook().upload(bucket_name="glake", object_name="a.csv", filename="a.csv")
#                             ^^^^^ writes path [gs://glake/a.csv]
GCSHook().download("glake", "a.csv")
#                   ^^^^^ reads path [gs://glake/a.csv]
CloudComposerTriggerDAGRunOperator(composer_dag_id="train_churn")
#                                                   ^^^^^^^^^^^ runs job
`);
});
