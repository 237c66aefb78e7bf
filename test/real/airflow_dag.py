"""The DAG that the real Airflow runs for test/real/airflow.test.ts: one task that works, one that fails twice."""

import logging
from datetime import datetime, timedelta

from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import DAG

SCHEDULE = "@daily"


def good():
    logging.getLogger(__name__).info("loaded runs:/5be1f0a5be1f0a5be1f0a5be1f0a5be1/model")


def bad():
    row = {"has_churned": 1}
    try:
        row["churned"]
    except KeyError as error:
        raise ValueError("labels are not usable") from error


with DAG(
    "tiny",
    schedule=SCHEDULE,
    start_date=datetime(2026, 11, 1),
    catchup=False,
    default_args={"owner": "growth-ml", "retries": 1, "retry_delay": timedelta(seconds=1)},
):
    PythonOperator(task_id="good", python_callable=good) >> PythonOperator(task_id="evaluate", python_callable=bad)
