// The SDK of Databricks, its feature tables, pipelines and endpoints, a line each.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('the SDK, feature tables, pipelines and endpoints', () => {
  checkReferences(`
from databricks.sdk import WorkspaceClient
from databricks.sdk.service import jobs
from databricks.sdk.service.serving import EndpointCoreConfigInput, ServedEntityInput
from databricks.feature_engineering import FeatureEngineeringClient, FeatureLookup
import dlt
import mlflow
w = WorkspaceClient()
w.jobs.run_now(job_id=123)
#                     ^^^ runs job
w.jobs.submit(run_name="once", tasks=[jobs.SubmitTask(task_key="fit", notebook_task=n)])
#                       ^^^^ runs job
#                                                               ^^^ defines task
w.jobs.create(name="nightly", tasks=[jobs.Task(task_key="fit", depends_on=[jobs.TaskDependency(task_key="prepare")])])
#                   ^^^^^^^ defines job
#                                                        ^^^ defines task
#                                                                                                        ^^^^^^^ mentions task
list(w.jobs.list(name="nightly"))
#                      ^^^^^^^ reads job
w.serving_endpoints.query(name="churn", dataframe_records=[])
#                               ^^^^^ reads endpoint
w.serving_endpoints.create(name="churn", config=EndpointCoreConfigInput(served_entities=[ServedEntityInput(entity_name="main.ml.churn", entity_version="3")]))
#                                ^^^^^ writes endpoint
#                                                                                                                       ^^^^^^^^^^^^^ reads model version=3
w.registered_models.get("main.ml.churn")
#                        ^^^^^^^^^^^^^ reads model
w.registered_models.set_alias("main.ml.churn", "champion", 3)
#                              ^^^^^^^^^^^^^ writes model version=3 alias=champion
w.model_versions.get("main.ml.churn", 3)
#                     ^^^^^^^^^^^^^ reads model version=3
w.tables.get("main.ml.orders")
#             ^^^^^^^^^^^^^^ reads table
w.files.download("/Volumes/main/ml/files/a.csv")
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
w.dbfs.upload("dbfs:/a.csv", f)
#              ^^^^^^^^^^^ writes path
fe = FeatureEngineeringClient()
fe.create_table(name="main.ml.features", primary_keys=["id"], df=df)
#                     ^^^^^^^^^^^^^^^^ writes table
fe.read_table(name="main.ml.features")
#                   ^^^^^^^^^^^^^^^^ reads table
FeatureLookup(table_name="main.ml.features", lookup_key="id")
#                         ^^^^^^^^^^^^^^^^ reads table
fe.log_model(model=m, artifact_path="model", flavor=mlflow.sklearn, training_set=t, registered_model_name="main.ml.churn")
#                                                                                                          ^^^^^^^^^^^^^ writes model
fe.score_batch(model_uri="models:/main.ml.churn@champion", df=df)
#                                 ^^^^^^^^^^^^^ reads model alias=champion
@dlt.table(name="clean")
#                ^^^^^ writes table
def clean_orders():
    return dlt.read("raw_orders")
#                    ^^^^^^^^^^ reads table
@dlt.view
def latest():
#   ^^^^^^ writes table
    return spark.read.table("LIVE.clean")
#                            ^^^^^^^^^^ reads table
dlt.create_streaming_table("scores")
#                           ^^^^^^ writes table
dlt.apply_changes(target="scores", source="updates", keys=["id"])
#                         ^^^^^^ writes table
#                                          ^^^^^^^ reads table
dbutils.fs.cp("dbfs:/a", "s3://lake/a")
#              ^^^^^^^ reads path
#                         ^^^^^^^^^^^ writes path
dbutils.jobs.taskValues.get(taskKey="fit", key="auc")
#                                    ^^^ reads task
client = mlflow.deployments.get_deploy_client("databricks")
client.predict(endpoint="churn", inputs={})
#                        ^^^^^ reads endpoint
client.create_endpoint(name="churn", config={"served_entities": [{"entity_name": "main.ml.churn", "entity_version": "1"}]})
#                            ^^^^^ writes endpoint
#                                                                                 ^^^^^^^^^^^^^ reads model
openai.create_run(job_id="x")
client_of_something.jobs_list(name="x")
`);
});

test('jobs of bundles written in Python', () => {
  checkReferences(`
from databricks.bundles.jobs import Job, Task, NotebookTask, job, task
from databricks.sdk.service import jobs
fit = Task(task_key="fit", notebook_task=NotebookTask(notebook_path="src/fit.py"))
#                    ^^^ defines task
nightly = Job(name="nightly", tasks=[fit])
#                   ^^^^^^^ defines job
other = Job.from_dict({
    "name": "weekly",
#            ^^^^^^ defines job
    "tasks": [
        {"task_key": "prepare", "notebook_task": {"notebook_path": "src/prepare.py"}},
#                     ^^^^^^^ defines task container=weekly
        {"task_key": "score", "depends_on": [{"task_key": "prepare"}], "run_job_task": {"job_id": 7}},
#                     ^^^^^ defines task container=weekly
#                                                          ^^^^^^^ mentions task container=weekly
#                                                                                                 ^ runs job
    ],
})
jobs.SubmitTask.from_dict({"task_key": "once"})
#                                       ^^^^ defines task
Something.from_dict({"name": "x", "tasks": [{"task_key": "y"}]})
`);
});

test('endpoints and what they serve, as they are sent to the REST API', () => {
  checkReferences(`
import json
import requests
endpoint = "churn-serving"
config = {
    "name": endpoint,
#           ^^^^^^^^ writes endpoint [churn-serving]
    "config": {"served_models": [{
        "model_name": "main.ml.churn", "model_version": "3", "workload_size": "Small",
#                      ^^^^^^^^^^^^^ reads model version=3
    }]},
}
requests.post(f"{host}/api/2.0/serving-endpoints", data=json.dumps(config))
requests.put(url, json={"served_entities": [{"entity_name": "main.ml.next", "entity_version": 4}]})
#                                                            ^^^^^^^^^^^^ reads model version=4
{"name": "app", "config": {"debug": True}}
{"model_name": "resnet", "epochs": 3}
`);
});
