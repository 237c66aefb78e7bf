"""Compares yesterday's predictions with what customers did, every day."""

from datetime import timedelta

import pendulum
from airflow.providers.common.compat.lineage.entities import File, Table
from airflow.sdk import dag, task

from churn import settings


def warehouse_table(name: str) -> Table:
    return Table(cluster=settings.SNOWFLAKE, database=settings.ML_SCHEMA, name=name)


@dag(
    dag_id=f"validate_{settings.PROJECT}",
    schedule=timedelta(days=1),
    start_date=pendulum.datetime(2026, 11, 14, 9, tz="UTC"),
    catchup=True,
    max_active_runs=1,
    default_args={**settings.DEFAULT_ARGS, "owner": "growth-analytics"},
    tags=["churn", "quality"],
)
def validate_churn():
    @task(
        inlets=[warehouse_table("CHURN_PREDICTIONS"), warehouse_table("CHURN_LABELS")],
        outlets=[File(url=settings.JOINED)],
    )
    def join_labels(ds: str | None = None) -> str:
        from churn import validation

        return validation.join_labels(ds)

    @task(inlets=[File(url=settings.JOINED)], outlets=[warehouse_table("CHURN_METRICS")])
    def evaluate(joined_uri: str, ds: str | None = None) -> dict[str, float]:
        from churn import validation

        return validation.evaluate(joined_uri, ds)

    @task
    def emit_metrics(metrics: dict[str, float]) -> None:
        from churn import validation

        validation.emit(metrics)

    emit_metrics(evaluate(join_labels()))


validate_churn()
