"""The inference job: the Databricks job score-churn runs this file once a day."""

import os
import sys
from datetime import date

import mlflow

from churn import settings, storage, warehouse


def score(day: str) -> str:
    """Scores every customer with the serving model; gives the S3 URI of the scores."""
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    model = mlflow.sklearn.load_model(f"models:/{settings.MODEL_NAME}@champion")
    features = warehouse.query(f"SELECT * FROM {settings.FEATURE_TABLE}")
    features["score"] = model.predict_proba(features[settings.COLUMNS])[:, 1]
    features["scored_on"] = day
    scores = features[["customer_id", "score", "scored_on"]]
    return storage.write_frame(scores, f"{settings.SCORES}{day}.parquet")


def load(day: str) -> int:
    """Loads the scores of a day into ANALYTICS.ML.CHURN_PREDICTIONS; gives the number of rows."""
    scores = storage.read_frame(f"{settings.SCORES}{day}.parquet")
    return warehouse.append(scores, "CHURN_PREDICTIONS")


if __name__ == "__main__":
    print(score(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SCORE_DAY", date.today().isoformat())))
