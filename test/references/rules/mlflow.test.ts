// MLflow's calls, a row each.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('models by address', () => {
  checkReferences(`
import mlflow
import mlflow.sklearn
import mlflow as mf
from mlflow import pyfunc, register_model as rm
from mlflow.pyfunc import load_model
mlflow.pyfunc.load_model("models:/churn/7")
#                                 ^^^^^ reads model literal version=7 via=mlflow.load_model
mlflow.sklearn.load_model(model_uri="models:/churn@champion")
#                                            ^^^^^ reads model alias=champion
mf.xgboost.load_model('models:/churn/Production')
#                              ^^^^^ reads model stage=Production
pyfunc.load_model(r"models:/churn/latest")
#                           ^^^^^ reads model stage=latest
load_model("""models:/cat.schema.churn@a@b""")
#                     ^^^^^^^^^^^^^^^^^^ reads model [cat.schema.churn@a] alias=b
load_model("models://profile@databricks/churn/3")
#                                       ^^^^^ reads model version=3
load_model("runs:/0123456789abcdef0123456789abcdef/model")
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
load_model("s3://acme-models/churn/model")
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path tool=s3
load_model("local/path")
load_model("models:/m-0123456789abcdef0123456789abcdef")
mlflow.pyfunc.spark_udf(spark, "models:/churn/2")
#                                       ^^^^^ reads model
rm("runs:/0123456789abcdef0123456789abcdef/model", "churn")
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
#                                                   ^^^^^ writes model via=mlflow.register_model
mlflow.register_model(
    model_uri="models:/staging_churn/1",
#                      ^^^^^^^^^^^^^ reads model
    name="churn",
#         ^^^^^ writes model
)
mlflow.models.get_model_info("models:/churn/1")
#                                     ^^^^^ reads model
mlflow.artifacts.download_artifacts(artifact_uri="models:/churn/1")
#                                                         ^^^^^ reads model
mlflow.artifacts.download_artifacts(run_id="0123456789abcdef0123456789abcdef", artifact_path="m")
#                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
mlflow.evaluate(model="models:/churn/1", data=x)
#                              ^^^^^ reads model
ADDRESS = "models:/churn@champion"
#                  ^^^^^ mentions model alias=champion
`);
});

test('models by name', () => {
  checkReferences(`
import mlflow
from mlflow import MlflowClient
from mlflow.tracking import MlflowClient as C
mlflow.sklearn.log_model(model, "model", registered_model_name="churn")
#                                                               ^^^^^ writes model
mlflow.sklearn.log_model(model, name="churn")
client = MlflowClient()
client.create_registered_model("churn")
#                               ^^^^^ writes model
client.get_registered_model(name="churn")
#                                 ^^^^^ reads model
client.get_model_version("churn", "3")
#                         ^^^^^ reads model version=3
client.get_model_version("churn", 3)
#                         ^^^^^ reads model version=3
client.get_model_version_by_alias("churn", "champion")
#                                  ^^^^^ reads model alias=champion
client.set_registered_model_alias("churn", "champion", version.version)
#                                  ^^^^^ writes model alias=champion
client.delete_registered_model_alias("churn", alias="champion")
#                                     ^^^^^ writes model alias=champion
client.transition_model_version_stage(name="churn", version=3, stage="Production")
#                                           ^^^^^ writes model version=3 stage=Production
client.get_latest_versions("churn", stages=["Staging"])
#                           ^^^^^ reads model stage=Staging
client.rename_registered_model("churn", "churn2")
#                               ^^^^^ writes model
#                                        ^^^^^^ writes model
client.set_model_version_tag("churn", "1", "k", "v")
#                             ^^^^^ writes model version=1
client.delete_model_version("churn", "1")
#                            ^^^^^ mentions model
client.search_model_versions("name = 'churn'")
#                                     ^^^^^ reads model
client.search_model_versions(filter_string="name='churn' and run_id = 'x'")
#                                                 ^^^^^ reads model
client.copy_model_version("models:/churn/1", "prod_churn")
#                                  ^^^^^ reads model
#                                             ^^^^^^^^^^ writes model
MlflowClient().get_model_version_by_alias("churn", "champion")
#                                          ^^^^^ reads model
C(tracking_uri="http://x").get_registered_model("churn")
#                                                ^^^^^ reads model
mlflow.MlflowClient().set_registered_model_alias("churn", "challenger", 4)
#                                                 ^^^^^ writes model alias=challenger version=4

class Registry:
    def __init__(self, other: MlflowClient):
        self.client = MlflowClient()
        other.get_registered_model("churn")
#                                   ^^^^^ reads model within.function=Registry.__init__
    def promote(self, unknown_client):
        self.client.get_model_version("churn", 1)
#                                      ^^^^^ reads model within.function=Registry.promote
        unknown_client.get_registered_model("churn")
#                                            ^^^^^ reads model
        something.get_registered_model("churn")
`);
});

test('experiments, runs and metrics', () => {
  checkReferences(`
import mlflow
mlflow.set_experiment("churn")
#                      ^^^^^ writes experiment
mlflow.set_experiment(experiment_name="/Shared/churn")
#                                      ^^^^^^^^^^^^^ writes experiment
mlflow.create_experiment("churn", artifact_location="s3://acme-models/mlflow")
#                         ^^^^^ writes experiment
#                                                    ^^^^^^^^^^^^^^^^^^^^^^^ mentions path
mlflow.get_experiment_by_name("churn")
#                              ^^^^^ reads experiment
mlflow.search_runs(experiment_names=["churn", "churn-tuning"], filter_string="metrics.auc > 0.9")
#                                     ^^^^^ reads experiment
#                                              ^^^^^^^^^^^^ reads experiment
#                                                                                     ^^^ reads metric
mlflow.start_run(run_id="0123456789abcdef0123456789abcdef")
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes run
mlflow.start_run(run_name="train")
mlflow.get_run("0123456789abcdef0123456789abcdef")
#               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
mlflow.log_metric("auc", 0.9)
#                  ^^^ writes metric
mlflow.log_metrics({"f1": 0.5, "log_loss": 1, other: 2})
#                    ^^ writes metric
#                               ^^^^^^^^ writes metric
mlflow.log_metrics(dict(auc=0.9))
#                       ^^^ writes metric [auc]
mlflow.log_param("C", 1)
client = mlflow.tracking.MlflowClient()
client.log_metric(run.info.run_id, "auc", 0.9)
#                                   ^^^ writes metric
client.get_metric_history("0123456789abcdef0123456789abcdef", "auc")
#                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
#                                                              ^^^ reads metric
`);
});

test('a metric goes to the experiment that its own code sets', () => {
  checkReferences(`
import mlflow
def one():
    mlflow.set_experiment("churn")
#                          ^^^^^ writes experiment
    mlflow.log_metric("auc", 1)
#                      ^^^ writes metric container=churn
def two():
    mlflow.set_experiment("tuning")
#                          ^^^^^^ writes experiment
    mlflow.log_metric("auc", 1)
#                      ^^^ writes metric container=tuning
def three():
    mlflow.log_metric("auc", 1)
#                      ^^^ writes metric container=undefined
`);
});

test('metrics of a dict that a function returns stand where the dict is written', () => {
  checkReferences(`
//- churn/training.py
import mlflow
from churn import measures
def fit(model):
    mlflow.log_metrics(score(model))
    found = {"rows": 1}
#             ^^^^ writes metric
    mlflow.log_metrics(found)
    mlflow.log_metrics(measures.more())
#                      ^^^^^^^^^^^^^^^ writes metric [recall] constant

def score(model):
    return {
        "auc": 1.0,
#        ^^^ writes metric within.function=fit
    }
//- churn/measures.py
def more():
    return {"recall": 1}
`);
});

test('a registered name is a model to whatever call it is handed to', () => {
  checkReferences(`
def test_alias(manager):
    manager.track(model, flavor="sklearn", registered_model_name="main.default.aliased")
#                                                                 ^^^^^^^^^^^^^^^^^^^^ writes model
deploy = EzDeploy(config=c, registered_model_name="main.default.pixtral")
#                                                  ^^^^^^^^^^^^^^^^^^^^ writes model
fetch_model(registered_model_name="churn")
#                                  ^^^^^ reads model
options = dict(registered_model_name="churn")
#                                     ^^^^^ writes model
log.assert_called_once_with(model, registered_model_name="churn")
Mock(registered_model_name="churn")
start(model_name="churn", registered_model_name=unknown)
parser.add_argument(registered_model_name="churn")
`);
});

test('deployment clients of plugins', () => {
  checkReferences(`
//- pkg/deployment.py
from mlflow.deployments import BaseDeploymentClient
class ModalDeploymentClient(BaseDeploymentClient):
    def get_deployment(self, name, endpoint=None):
        return {}
    def predict(self, deployment_name=None, inputs=None):
        return self.get_deployment(deployment_name)
//- test_it.py
from mlflow.deployments import get_deploy_client
from pkg.deployment import ModalDeploymentClient
from other import AcmeDeploymentClient
client = ModalDeploymentClient("modal")
client.get_deployment("churn")
#                      ^^^^^ reads endpoint
client.create_deployment("churn", "models:/churn/1")
#                         ^^^^^ writes endpoint
#                                          ^^^^^ reads model
client.predict("churn", data)
#               ^^^^^ reads endpoint
list(client.predict_stream(deployment_name="test", inputs={"x": "data"}))
#                                           ^^^^ reads endpoint
AcmeDeploymentClient().delete_deployment("churn")
#                                         ^^^^^ mentions endpoint
def publish(deploy_client):
    deploy_client.create_endpoint(name="churn", config={})
#                                       ^^^^^ writes endpoint
class Serving:
    def __init__(self):
        self.deployer = get_deploy_client("databricks")
    def run(self):
        self.deployer.predict(endpoint="churn", inputs={})
#                                       ^^^^^ reads endpoint
api.get_deployment("churn")
k8s.delete_deployment("churn")
model.predict("churn")
`);
});
