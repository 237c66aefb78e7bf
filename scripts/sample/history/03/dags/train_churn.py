"""Fits and publishes the churn model every week."""

from datetime import timedelta

import pendulum
from airflow.providers.common.compat.lineage.entities import File, Table
from airflow.sdk import dag, task

from churn import settings

DAG_ID = "train_churn"
FEATURES = File(url=settings.FEATURES)


@dag(
    dag_id=DAG_ID,
    schedule=timedelta(days=7),
    start_date=pendulum.datetime(2026, 9, 26, 3, tz="UTC"),
    catchup=True,
    max_active_runs=1,
    default_args=settings.DEFAULT_ARGS,
    tags=["churn", "training"],
)
def train_churn():
    @task(
        inlets=[
            Table(cluster=settings.SNOWFLAKE, database=settings.ML_SCHEMA, name="CHURN_FEATURES"),
            Table(cluster=settings.SNOWFLAKE, database=settings.ML_SCHEMA, name="CHURN_LABELS"),
        ],
        outlets=[FEATURES],
    )
    def build_features(ds: str | None = None) -> str:
        from churn import training

        return training.build_features(ds)

    @task(inlets=[FEATURES], pool="default_pool")
    def fit(features_uri: str, ds: str | None = None, dag_run=None) -> str:
        from churn import training

        started_by = getattr(dag_run, "triggering_user_name", None) or settings.OWNER
        return training.fit(features_uri, ds, started_by)

    @task(outlets=[File(url="s3://acme-models/churn/")])
    def publish(fitted: str, ds: str | None = None) -> str:
        from churn import publish as publishing

        return publishing.publish(fitted, ds)

    publish(fit(build_features()))


train_churn()
