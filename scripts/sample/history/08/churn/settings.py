"""Every name that the churn project shares with other systems."""

import os
from datetime import timedelta

PROJECT = "churn"
MODEL_NAME = "churn"
EXPERIMENT = PROJECT
REGISTERED = f"models:/{MODEL_NAME}@champion"
TRACKING_URI = os.environ.get("MLFLOW_TRACKING_URI", "http://mlflow.acme.internal:5000")
COMMIT = os.environ.get("GIT_COMMIT", "")

LAKE = "acme-lake"
MODELS = "acme-models"
FEATURES = f"s3://{LAKE}/{PROJECT}/features/"
JOINED = f"s3://{LAKE}/{PROJECT}/joined/"
SCORES = f"s3://{LAKE}/{PROJECT}/scores/"
HOLDOUT = f"s3://{LAKE}/{PROJECT}/holdout/holdout.parquet"
MODEL_PREFIX = f"s3://{MODELS}/{MODEL_NAME}/"
LITE_PREFIX = f"s3://{MODELS}/churn-lite/"

SNOWFLAKE = "snowflake://acme-prod"
ML_SCHEMA = "ANALYTICS.ML"
FEATURE_TABLE = f"{ML_SCHEMA}.CHURN_FEATURES"
LABEL_TABLE = f"{ML_SCHEMA}.CHURN_LABELS"
PREDICTION_TABLE = f"{ML_SCHEMA}.CHURN_PREDICTIONS"
METRIC_TABLE = f"{ML_SCHEMA}.CHURN_METRICS"

DATABRICKS_JOB = "score-churn"

LABEL = "churned"
COLUMNS = [
    "tenure_days",
    "monthly_fee",
    "is_annual",
    "events_30d",
    "tickets_90d",
    "days_since_last_event",
]
MINIMUM_AUC = 0.65
PARAMS = {"C": 0.8, "max_iter": 400, "class_weight": "balanced"}

OWNER = "growth-ml"
DEFAULT_ARGS = {"owner": OWNER, "retries": 1, "retry_delay": timedelta(seconds=5)}
