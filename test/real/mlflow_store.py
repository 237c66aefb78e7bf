# Writes one believable MLflow store per address given, with MLflow itself, and prints what its own client reads back.
# usage: mlflow_store.py ADDRESS...    (sqlite:///…/mlflow.db or file:///…/mlruns); the current folder is scratch
import json
import math
import pathlib
import sys

import mlflow
import pandas as pd
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

COMMIT = "5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f"


def log_model():
    model = LogisticRegression().fit([[0], [1]], [0, 1])
    requirements = ["scikit-learn"]
    if mlflow.__version__.startswith("2."):
        return mlflow.sklearn.log_model(model, "model", pip_requirements=requirements, registered_model_name="churn")
    return mlflow.sklearn.log_model(model, name="model", pip_requirements=requirements, registered_model_name="churn")


def train(week):
    with mlflow.start_run(run_name=f"train-{week}", tags={"mlflow.source.git.commit": COMMIT, "mlflow.user": "ana"}):
        for step in range(5):
            mlflow.log_metric("auc", 0.8 + step / 100 + week / 1000, step=step)
        mlflow.log_metric("eval/f1", 0.5)
        mlflow.log_metric("loss", math.nan)
        mlflow.log_metric("up", math.inf)
        mlflow.log_metric("down", -math.inf)
        # Logged out of order: the highest step is the last value, not the latest line.
        mlflow.log_metric("late", 2, step=10)
        mlflow.log_metric("late", 1, step=3)
        mlflow.log_param("C", 0.1)
        mlflow.log_param("note", "été / 50 % \"quoted\"\nsecond line")
        mlflow.set_tag("airflow.dag_id", "train_churn")
        mlflow.set_tag("airflow.run_id", f"scheduled__2026-11-{week:02}T06:00:00+00:00")
        frame = pd.DataFrame({"a": [1.0, 2.0]})
        source = "s3://acme-lake/churn/features/"
        mlflow.log_input(mlflow.data.from_pandas(frame, source=source, name="churn_features"), context="training")
        pathlib.Path("train.log").write_text("epoch 1\n")
        mlflow.log_artifact("train.log")
        mlflow.log_artifact("train.log", "logs")
        log_model()


def fail():
    try:
        with mlflow.start_run(run_name="tuning"):
            with mlflow.start_run(run_name="trial", nested=True):
                mlflow.log_metric("auc", 0.5)
            raise ValueError("the search space is empty")
    except ValueError:
        pass


def write(client):
    mlflow.set_experiment("churn")
    for week in (2, 9, 16):
        train(week)
    fail()
    client.create_run(client.get_experiment_by_name("churn").experiment_id, run_name="still running")
    gone = client.create_run(client.get_experiment_by_name("churn").experiment_id, run_name="deleted")
    client.delete_run(gone.info.run_id)
    client.delete_experiment(client.create_experiment("old idea"))
    client.set_registered_model_alias("churn", "champion", "2")
    client.set_registered_model_alias("churn", "challenger", "3")
    client.set_registered_model_tag("churn", "team", "growth")
    client.update_registered_model("churn", description="Who leaves.")
    client.set_model_version_tag("churn", "2", "validated", "true")
    client.update_model_version("churn", "2", description="The good one.")
    client.transition_model_version_stage("churn", "2", "Production")
    client.delete_model_version("churn", "1")
    client.create_registered_model("empty")


def number(value):
    return str(value) if math.isnan(value) or abs(value) > 1e308 else value


def read_run(client, run):
    history = {
        key: [[m.timestamp, m.step, number(m.value)] for m in client.get_metric_history(run.info.run_id, key)]
        for key in run.data.metrics
    }
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "start": run.info.start_time,
        "end": run.info.end_time,
        "metrics": {key: number(value) for key, value in run.data.metrics.items()},
        "params": run.data.params,
        "tags": run.data.tags,
        "history": history,
        "inputs": [[i.dataset.name, i.dataset.digest, json.loads(i.dataset.source)] for i in run.inputs.dataset_inputs],
    }


def read(client):
    experiments = client.search_experiments()
    runs = client.search_runs([e.experiment_id for e in experiments])
    models = client.search_registered_models()
    return {
        "version": mlflow.__version__,
        "experiments": [e.name for e in experiments],
        "runs": [read_run(client, run) for run in runs],
        "models": [
            {"name": m.name, "description": m.description, "tags": m.tags, "aliases": m.aliases} for m in models
        ],
        "versions": [
            {
                "model": v.name,
                "version": str(v.version),
                "stage": v.current_stage,
                "run": v.run_id,
                "tags": v.tags,
                "description": v.description,
            }
            for v in client.search_model_versions()
        ],
    }


answers = []
for address in sys.argv[1:]:
    mlflow.set_tracking_uri(address)
    mlflow.set_registry_uri(address)
    write(MlflowClient())
    answers.append(read(MlflowClient()))
print(json.dumps(answers))
