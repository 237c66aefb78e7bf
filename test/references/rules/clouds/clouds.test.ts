// Clouds' clients, a line each.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('S3 through boto3 and file systems, and what only looks like it', () => {
  checkReferences(`
import boto3
import s3fs
import fsspec
import smart_open
from sagemaker.session import Session
BUCKET = "lake"
s3 = boto3.resource("s3")
s3.Object(BUCKET, "a.csv").put(Body=b"")
#         ^^^^^^ writes path [s3://lake/a.csv]
s3.Object("lake", "a.csv").get()
#          ^^^^ reads path [s3://lake/a.csv]
s3.Bucket("lake").upload_file("local.csv", "a.csv")
#          ^^^^ writes path [s3://lake/a.csv]
s3.Bucket("lake").download_file("a.csv", "local.csv")
#          ^^^^ reads path [s3://lake/a.csv]
for one in s3.Bucket("lake").objects.filter(Prefix="raw/"):
#                     ^^^^ reads path [s3://lake/raw/]
    print(one.key)
client = boto3.Session(profile_name="p").client("s3")
client.upload_file("local.csv", "lake", "a.csv")
#                                ^^^^ writes path [s3://lake/a.csv]
client.upload_fileobj(f, "lake", Key="b.csv")
#                         ^^^^ writes path [s3://lake/b.csv]
client.upload_fileobj(Fileobj=f, Bucket="lake", Key=f"{day}/a.csv")
#                                        ^^^^ writes path [s3://lake/*/a.csv] partial
client.copy({"Bucket": "lake", "Key": "a.csv"}, "backup", "b.csv")
#                       ^^^^ reads path [s3://lake/a.csv]
#                                                ^^^^^^ writes path [s3://backup/b.csv]
client.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "a.csv"})
#                                                              ^^^^ mentions path [s3://lake/a.csv]
client.delete_object(Bucket="lake", Key="a.csv")
#                            ^^^^ mentions path [s3://lake/a.csv]
fs = s3fs.S3FileSystem()
fs.open("lake/raw/a.csv", "wb")
#        ^^^^^^^^^^^^^^ writes path [s3://lake/raw/a.csv]
fs.ls("lake/raw")
#      ^^^^^^^^ reads path [s3://lake/raw]
fs.ls("s3://lake/raw")
#      ^^^^^^^^^^^^^ reads path
fs.put("local.csv", "lake/b.csv")
#                    ^^^^^^^^^^ writes path [s3://lake/b.csv]
fsspec.open("s3://lake/a.csv", mode="w")
#            ^^^^^^^^^^^^^^^ writes path
smart_open.open("s3://lake/a.csv")
#                ^^^^^^^^^^^^^^^ reads path
open("s3://lake/a.csv")
#     ^^^^^^^^^^^^^^^ reads path
open("/tmp/a.csv", "w")
dynamo = boto3.client("dynamodb")
dynamo.get_item(TableName="orders", Key={"id": {"S": "1"}})
boto3.client("sqs").receive_message(QueueUrl="q")
redis.set("lake", "a.csv")
slack.upload_file("a", "b", "c")
client2.download_file("a", "b")
`);
});

test('awswrangler', () => {
  checkReferences(`
import awswrangler as wr
wr.s3.read_parquet("s3://lake/a/", dataset=True)
#                   ^^^^^^^^^^^^ reads path
wr.s3.to_parquet(df, "s3://lake/b/", dataset=True, database="sales", table="orders")
#                     ^^^^^^^^^^^^ writes path
#                                                                           ^^^^^^ writes table [sales.orders]
wr.s3.copy_objects(["s3://lake/a/1"], "s3://lake/a/", target_path="s3://lake/c/")
#                    ^^^^^^^^^^^^^ reads path
#                                      ^^^^^^^^^^^^ reads path
#                                                                  ^^^^^^^^^^^^ writes path
wr.s3.delete_objects("s3://lake/a/")
#                     ^^^^^^^^^^^^ mentions path
wr.athena.read_sql_query("SELECT * FROM orders", database="sales", s3_output="s3://lake/athena/")
#                                       ^^^^^^ reads table
#                                                                             ^^^^^^^^^^^^^^^^^ writes path
wr.athena.read_sql_table("orders", database="sales")
#                         ^^^^^^ reads table [sales.orders]
wr.catalog.table(database="sales", table="orders")
#                                         ^^^^^^ reads table [sales.orders]
wr.catalog.does_table_exist("sales", "orders")
#                                     ^^^^^^ reads table [sales.orders]
wr.redshift.copy(df, "s3://lake/tmp/", con, "orders", schema="sales")
#                     ^^^^^^^^^^^^^^ writes path
#                                            ^^^^^^ writes table [sales.orders]
wr.redshift.to_sql(df, con, "orders", "sales")
#                            ^^^^^^ writes table [sales.orders]
wr.athena.to_iceberg(df, "sales", "orders", "s3://lake/tmp/")
#                                  ^^^^^^ writes table [sales.orders]
#                                            ^^^^^^^^^^^^^^ writes path
`);
});

test('clients of Google', () => {
  checkReferences(`
from google.cloud import bigquery, storage
from google.cloud import aiplatform
client = storage.Client()
bucket = client.bucket("glake")
#                       ^^^^^ mentions path [gs://glake/]
blob = bucket.blob("raw/a.csv")
#                   ^^^^^^^^^ mentions path [gs://glake/raw/a.csv]
client.get_bucket("glake").get_blob("raw/a.csv")
#                  ^^^^^ reads path [gs://glake/raw/a.csv]
client.list_blobs("glake", prefix="raw/")
#                  ^^^^^ reads path [gs://glake/raw/]
def upload(bucket, name):
    bucket.blob(f"raw/{name}").upload_from_filename(name)
#                 ^^^^^^^^^^ writes path [gs://*/raw/*] partial
bq = bigquery.Client()
bq.get_table("acme.sales.orders")
#             ^^^^^^^^^^^^^^^^^ reads table
bq.load_table_from_dataframe(df, "acme.sales.orders")
#                                 ^^^^^^^^^^^^^^^^^ writes table
bq.load_table_from_uri("gs://glake/a.csv", "acme.sales.orders")
#                       ^^^^^^^^^^^^^^^^ reads path
#                                           ^^^^^^^^^^^^^^^^^ writes table
bq.extract_table("acme.sales.orders", "gs://glake/out.csv")
#                 ^^^^^^^^^^^^^^^^^ reads table
#                                      ^^^^^^^^^^^^^^^^^^ writes path
bq.query("SELECT * FROM sales.orders")
#                       ^^^^^^^^^^^^ reads table
bigquery.QueryJobConfig(destination="acme.sales.copy")
#                                    ^^^^^^^^^^^^^^^ writes table
df.to_gbq("sales.orders", project_id="acme")
#          ^^^^^^^^^^^^ writes table
aiplatform.Endpoint("projects/1/locations/x/endpoints/7")
#                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads endpoint
other.get_table("something")
`);
});

test('endpoints and blobs of Azure', () => {
  checkReferences(`
import boto3
from sagemaker.predictor import Predictor
from sagemaker.pytorch import PyTorchModel
from sagemaker.processing import ProcessingInput, ProcessingOutput
from databricks_langchain import ChatDatabricks
from langchain.llms import Databricks as LLM
from azure.storage.blob import BlobServiceClient
boto3.client("sagemaker-runtime").invoke_endpoint(EndpointName="churn", Body=b"")
#                                                               ^^^^^ reads endpoint
runtime.invoke_endpoint(EndpointName="churn", Body=b"")
#                                     ^^^^^ reads endpoint
boto3.client("sagemaker").create_endpoint(EndpointName="churn", EndpointConfigName="c")
#                                                       ^^^^^ writes endpoint
boto3.client("sagemaker").delete_endpoint(EndpointName="churn")
#                                                       ^^^^^ mentions endpoint
Predictor("churn")
#          ^^^^^ reads endpoint
PyTorchModel(model_data="s3://lake/model.tar.gz").deploy(1, "ml.m5.large", endpoint_name="churn")
#                        ^^^^^^^^^^^^^^^^^^^^^^ mentions path
#                                                                                         ^^^^^ writes endpoint
ProcessingInput(source="s3://lake/in/", destination="/opt/ml/in")
#                       ^^^^^^^^^^^^^ reads path
ProcessingOutput(source="/opt/ml/out", destination="s3://lake/out/")
#                                                   ^^^^^^^^^^^^^^ writes path
ChatDatabricks(endpoint="dbrx")
#                        ^^^^ reads endpoint
LLM(endpoint_name="mpt")
#                  ^^^ reads endpoint
deploy_canary(model, endpoint_name="blue")
#                                   ^^^^ mentions endpoint
get_predictor(serving_endpoint_name="green")
#                                    ^^^^^ reads endpoint
mock.assert_called_with(endpoint_name="red")
service = BlobServiceClient.from_connection_string(c)
service.get_blob_client(container="raw", blob="a.csv")
#                                  ^^^ mentions path [az://raw/a.csv]
service.get_container_client("raw").upload_blob("a.csv", data)
#                             ^^^ writes path [az://raw/a.csv]
server.deploy("churn")
`);
});

test('keys with spaces are paths, sentences are none', () => {
  checkReferences(`
import pandas as pd
pd.read_parquet("s3://nyc-tlc/trip data/yellow_2021-01.parquet")
#                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
pd.read_parquet(f's3://nyc-tlc/trip data/{kind}_{year:04d}.parquet')
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://nyc-tlc/trip data/*_*.parquet] partial
raise_error("s3://lake/raw does not exist")
raise_error("s3://lake/raw and s3://lake/clean.csv")
run("s3://lake/raw --recursive a.csv")
say("s3://lake is a bucket/folder")
`);
});

test('frames of AWS Glue', () => {
  checkReferences(`
from awsglue.context import GlueContext
glueContext = GlueContext(sc)
persons = glueContext.create_dynamic_frame.from_catalog(database="legislators", table_name="persons_json")
#                                                                                           ^^^^^^^^^^^^ reads table [legislators.persons_json]
raw = glueContext.create_dynamic_frame.from_options(connection_type="s3", connection_options={"paths": ["s3://lake/a/", "s3://lake/b/"]}, format="json")
#                                                                                                        ^^^^^^^^^^^^ reads path
#                                                                                                                        ^^^^^^^^^^^^ reads path
out = "s3://lake/out/"
#      ^^^^^^^^^^^^^^ mentions path
glueContext.write_dynamic_frame.from_options(frame=persons, connection_type="s3", connection_options={"path": out}, format="parquet")
#                                                                                                             ^^^ writes path [s3://lake/out/]
glueContext.write_dynamic_frame.from_jdbc_conf(frame=raw, catalog_connection="c", connection_options={"dbtable": "sales.orders", "database": "dev"})
#                                                                                                                 ^^^^^^^^^^^^ writes table
glueContext.write_dynamic_frame.from_catalog(frame=raw, database="sales", table_name="orders")
#                                                                                     ^^^^^^ writes table [sales.orders]
sink = glueContext.getSink(connection_type="s3", path="s3://lake/sink/")
#                                                      ^^^^^^^^^^^^^^^ writes path
sink.setCatalogInfo(catalogDatabase="sales", catalogTableName="orders")
#                                                              ^^^^^^ writes table [sales.orders]
`);
});

test('models and data sets in stores', () => {
  checkReferences(`
import joblib, pickle, torch, tensorflow as tf
import pyarrow.parquet as pq
import pyarrow.dataset as ds
from streaming import StreamingDataset
import s3fs
joblib.dump(model, "s3://models/churn.joblib")
#                   ^^^^^^^^^^^^^^^^^^^^^^^^ writes path
joblib.load("s3://models/churn.joblib")
#            ^^^^^^^^^^^^^^^^^^^^^^^^ reads path
torch.save(model.state_dict(), "gs://models/churn.pt")
#                               ^^^^^^^^^^^^^^^^^^^^ writes path
torch.load("gs://models/churn.pt")
#           ^^^^^^^^^^^^^^^^^^^^ reads path
pickle.load(s3fs.S3FileSystem().open("models/churn.pkl", "rb"))
#                                     ^^^^^^^^^^^^^^^^ reads path [s3://models/churn.pkl]
with s3fs.S3FileSystem().open("models/churn.pkl", "wb") as f:
#                              ^^^^^^^^^^^^^^^^ writes path [s3://models/churn.pkl]
    pickle.dump(model, f)
tf.keras.models.load_model("s3://models/churn/")
#                           ^^^^^^^^^^^^^^^^^^ reads path
model.save("s3://models/churn/")
#           ^^^^^^^^^^^^^^^^^^ writes path
pq.ParquetDataset("s3://lake/a/")
#                  ^^^^^^^^^^^^ reads path
pq.write_table(t, "s3://lake/b.parquet")
#                  ^^^^^^^^^^^^^^^^^^^ writes path
ds.dataset("s3://lake/c/", format="parquet")
#           ^^^^^^^^^^^^ reads path
StreamingDataset(remote="s3://lake/mds/", local="/tmp/mds")
#                        ^^^^^^^^^^^^^^ reads path
joblib.load("models/churn.joblib")
`);
});

test('what is done with a blob in one go', () => {
  checkReferences(`
from google.cloud import storage
client = storage.Client()
client.bucket("glake").blob("raw/a.csv").upload_from_filename("a.csv")
#              ^^^^^ writes path [gs://glake/raw/a.csv]
bucket = client.bucket("glake")
#                       ^^^^^ mentions path [gs://glake/]
bucket.blob("raw/b.csv").download_to_filename("b.csv")
#            ^^^^^^^^^ reads path [gs://glake/raw/b.csv]
def put(bucket):
    bucket.blob("raw/c.csv").upload_from_string("x")
#                ^^^^^^^^^ writes path [gs://*/raw/c.csv] partial
blob = bucket.blob("raw/d.csv")
#                   ^^^^^^^^^ mentions path [gs://glake/raw/d.csv]
blob.upload_from_filename("d.csv")
other("x").upload_from_filename("y")
`);
});

test('endpoints of a client that nothing is known of', () => {
  checkReferences(`
def score(smr, self):
    smr.invoke_endpoint(EndpointName="churn", Body=b"")
#                                     ^^^^^ reads endpoint
    self.boto.create_endpoint(EndpointName="churn", EndpointConfigName="c")
#                                           ^^^^^ writes endpoint
    smr.invoke_endpoint("churn")
    smr.create_endpoint(name="churn")
`);
});
