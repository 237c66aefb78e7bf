# Changes the store behind an MLflow server with MLflow's own client, one step per word given, and prints what it touched.
# usage: mlflow_change.py ADDRESS STEP...    (alias finish version log)
import json
import pathlib
import sys

import mlflow
from mlflow import MlflowClient

address, *steps = sys.argv[1:]
mlflow.set_tracking_uri(address)
client = MlflowClient()
said = {}


def experiment():
    return client.get_experiment_by_name("churn").experiment_id


def alias():
    client.set_registered_model_alias("churn", "champion", "3")


def finish():
    run = next(r for r in client.search_runs([experiment()]) if r.info.run_name == "still running")
    client.log_metric(run.info.run_id, "auc", 0.99, step=7)
    client.set_terminated(run.info.run_id)
    said["finished"] = run.info.run_id


def version():
    """Of a run that ended long ago: the run gets a version it did not have."""
    run = next(r for r in client.search_runs([experiment()]) if r.info.run_name == "tuning")
    client.create_registered_model("tuned")
    made = client.create_model_version("tuned", f"{run.info.artifact_uri}/model", run.info.run_id)
    said["tuned"] = run.info.run_id
    said["version"] = str(made.version)


def log():
    run = next(r for r in client.search_runs([experiment()]) if r.info.run_name == "train-2")
    path = pathlib.Path("long.log")
    path.write_text("".join(f"line {number}\n" for number in range(1_000_000)))
    client.log_artifact(run.info.run_id, str(path), "logs")
    said["logged"] = run.info.run_id


for step in steps:
    {"alias": alias, "finish": finish, "version": version, "log": log}[step]()
print(json.dumps(said))
