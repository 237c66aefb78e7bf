"""DAGs that real Airflow 2 and 3 run for test/real/airflowLive*.test.ts: one for each thing that can happen to a task."""

import logging
from datetime import datetime, timedelta

try:
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.providers.standard.sensors.python import PythonSensor
    from airflow.sdk import DAG, Asset
except ImportError:
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.operators.python import PythonOperator
    from airflow.sensors.python import PythonSensor

MODEL = Asset("s3://acme-models/churn/model.pkl")
COMMON = {
    "start_date": datetime(2026, 1, 1),
    "catchup": False,
    "default_args": {"owner": "growth-ml", "retry_delay": timedelta(seconds=1)},
}


def fit():
    logging.getLogger(__name__).info("loaded runs:/5be1f0a5be1f0a5be1f0a5be1f0a5be1/model")
    print("epoch 1 auc=0.81")


def bad():
    row = {"has_churned": 1}
    try:
        row["churned"]
    except KeyError as error:
        raise ValueError("labels are not usable") from error


with DAG("churn_train", schedule=None, description="Trains the churn model", tags=["churn"], **COMMON):
    PythonOperator(task_id="fit", python_callable=fit, outlets=[MODEL])

with DAG("churn_score", schedule=[MODEL], **COMMON):
    PythonOperator(task_id="score", python_callable=fit)

with DAG("churn_validate", schedule=None, **COMMON):
    first = PythonOperator(task_id="load", python_callable=fit)
    first >> PythonOperator(task_id="check", python_callable=bad, retries=1, owner="data-quality")

with DAG("churn_fan", schedule=None, **COMMON):
    PythonOperator.partial(task_id="part", python_callable=lambda n: print("part", n)).expand(op_args=[[1], [2], [3]])

with DAG("churn_wait", schedule=None, **COMMON):
    PythonSensor(task_id="labels", python_callable=lambda: False, mode="reschedule", poke_interval=60)

with DAG("churn_pool", schedule=None, **COMMON):
    PythonOperator(task_id="heavy", python_callable=fit, pool="tight")

with DAG("churn_weekly", schedule="0 5 * * 1", is_paused_upon_creation=True, **COMMON):
    PythonOperator(task_id="fit", python_callable=fit)
