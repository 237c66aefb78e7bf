"""MLflow runs that say where they came from."""

import os

import mlflow

from churn import settings


def start(name: str, started_by: str, source: str):
    """A run in our experiment, tagged with the commit that is deployed and the Airflow run it is part of."""
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    mlflow.set_experiment(settings.EXPERIMENT)
    where = {
        "mlflow.user": started_by,
        "mlflow.source.name": source,
        "mlflow.source.git.commit": settings.COMMIT,
        "airflow.dag_id": os.environ.get("AIRFLOW_CTX_DAG_ID", ""),
        "airflow.run_id": os.environ.get("AIRFLOW_CTX_DAG_RUN_ID", ""),
        "airflow.task_id": os.environ.get("AIRFLOW_CTX_TASK_ID", ""),
    }
    return mlflow.start_run(run_name=name, tags={k: v for k, v in where.items() if v})
