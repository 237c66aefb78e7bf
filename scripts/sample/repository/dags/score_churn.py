"""Scores every customer once a day: Databricks computes, Snowflake keeps."""

from datetime import timedelta

import pendulum
from airflow.providers.common.compat.lineage.entities import File, Table
from airflow.providers.databricks.operators.databricks import DatabricksRunNowOperator
from airflow.sdk import DAG, task

from churn import settings

SCORES = File(url=settings.SCORES)
PREDICTIONS = Table(cluster=settings.SNOWFLAKE, database=settings.ML_SCHEMA, name="CHURN_PREDICTIONS")

with DAG(
    dag_id="score_churn",
    schedule=timedelta(days=1),
    start_date=pendulum.datetime(2026, 11, 14, 5, tz="UTC"),
    catchup=True,
    max_active_runs=1,
    default_args=settings.DEFAULT_ARGS,
    tags=["churn", "inference"],
):

    @task.sensor(poke_interval=5, timeout=600)
    def wait_for_model() -> bool:
        import mlflow

        mlflow.set_tracking_uri(settings.TRACKING_URI)
        return mlflow.MlflowClient().get_model_version_by_alias("churn", "champion") is not None

    run_databricks_job = DatabricksRunNowOperator(
        task_id="run_databricks_job",
        databricks_conn_id="databricks_default",
        job_name=settings.DATABRICKS_JOB,
        job_parameters={"day": "{{ ds }}"},
        polling_period_seconds=2,
        inlets=[Table(cluster=settings.SNOWFLAKE, database=settings.ML_SCHEMA, name="CHURN_FEATURES")],
        outlets=[SCORES],
    )

    @task(inlets=[SCORES], outlets=[PREDICTIONS])
    def load_predictions(ds: str | None = None) -> int:
        from churn import scoring

        return scoring.load(ds)

    wait_for_model() >> run_databricks_job >> load_predictions()
