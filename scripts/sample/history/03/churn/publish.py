"""Makes a fitted model available as a file in S3."""

import logging

import mlflow

from churn import settings, storage

log = logging.getLogger(__name__)


def publish(run_id: str, day: str) -> str:
    """Copies the model of a run to where the scoring job looks for it."""
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    model = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
    target = f"{settings.MODEL_PREFIX}{day}/model.joblib"
    size = storage.write_model(model, target)
    log.info("wrote %s (%d bytes)", target, size)
    return target
