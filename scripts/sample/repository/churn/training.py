"""Features, labels and the weekly fit of the churn model."""

import logging

import mlflow
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from churn import settings, storage, tracking, warehouse

log = logging.getLogger(__name__)


def build_features(day: str) -> str:
    """Joins features and labels as they are today and freezes them in the lake."""
    features = warehouse.query("SELECT * FROM ANALYTICS.ML.CHURN_FEATURES")
    labels = warehouse.query(f"SELECT * FROM {settings.LABEL_TABLE}")
    frame = features.merge(labels, on="customer_id")
    log.info("%d customers with features, %d with labels", len(features), len(labels))
    return storage.write_frame(frame, f"{settings.FEATURES}{day}/features.parquet")


def label_of(frame: pd.DataFrame) -> pd.Series:
    """Who left. Early in a quarter CRM may not have said so yet; long silence stands in for it then."""
    if settings.LABEL in frame.columns:
        return frame[settings.LABEL].astype(int)
    log.warning("no column %r in the features, using inactivity instead", settings.LABEL)
    return (frame["days_since_last_event"] > settings.INACTIVE_DAYS).astype(int)


def fit(features_uri: str, day: str, started_by: str) -> str:
    """Fits the model on one frozen set of features and gives the id of its MLflow run."""
    frame = storage.read_frame(features_uri)
    holdout = storage.read_frame(settings.HOLDOUT)
    target = label_of(frame)
    with tracking.start(f"train-{day}", started_by, __file__) as run:
        mlflow.log_params(settings.PARAMS)
        mlflow.log_param("rows", len(frame))
        mlflow.log_input(
            mlflow.data.from_pandas(frame, source=features_uri, name="churn_features"), context="training"
        )
        mlflow.log_input(
            mlflow.data.from_pandas(holdout, source=settings.HOLDOUT, name="churn_holdout"), context="validation"
        )
        model = make_pipeline(StandardScaler(), LogisticRegression(**settings.PARAMS))
        model.fit(frame[settings.COLUMNS], target)
        mlflow.log_metrics(score(model, holdout))
        mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"])
        log.info("MLflow run %s: fitted on %d rows, %.1f %% of them left", run.info.run_id, len(frame), 100 * target.mean())
        return run.info.run_id


def score(model, holdout: pd.DataFrame) -> dict[str, float]:
    truth = holdout[settings.LABEL]
    chance = model.predict_proba(holdout[settings.COLUMNS])[:, 1]
    return {
        "auc": float(roc_auc_score(truth, chance)),
        "f1": float(f1_score(truth, chance > 0.5)),
        "log_loss": float(log_loss(truth, chance)),
    }
