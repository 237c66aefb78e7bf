"""Makes a fitted model available: in the registry for us, as one small file in S3 for the app."""

import logging

import mlflow
from mlflow import MlflowClient
from sklearn.tree import DecisionTreeClassifier

from churn import lineage, settings, storage

log = logging.getLogger(__name__)


def publish(run_id: str, features_uri: str, day: str, scheduled: bool, parent: dict[str, str]) -> str:
    """Registers the model of a run. A scheduled one that is good enough serves at once; any other waits as challenger."""
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    model = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
    target = f"{settings.MODEL_PREFIX}{day}/model.joblib"
    size = storage.write_model(model, target)
    lineage.wrote("publish_model", features_uri, target, size, parent)

    version = mlflow.register_model(f"runs:/{run_id}/model", settings.MODEL_NAME)
    client = MlflowClient()
    auc = client.get_run(run_id).data.metrics["auc"]
    good = auc >= settings.MINIMUM_AUC
    alias = "champion" if scheduled and good else "challenger"
    client.set_registered_model_alias(settings.MODEL_NAME, alias, version.version)
    log.info("%s version %s (auc %.3f) is %s now", settings.MODEL_NAME, version.version, auc, alias)
    publish_lite(model, features_uri, day, parent)
    return version.version


def publish_lite(model, features_uri: str, day: str, parent: dict[str, str]) -> None:
    """A tree that imitates the model: small enough for the phone app. It lives in S3 only, one dated key a version."""
    frame = storage.read_frame(features_uri)[settings.COLUMNS]
    lite = DecisionTreeClassifier(max_depth=4).fit(frame, model.predict(frame))
    target = f"s3://acme-models/churn-lite/{day}/model.joblib"
    size = storage.write_model(lite, target)
    lineage.wrote("churn_lite.distill", features_uri, target, size, parent)
    log.info("wrote %s (%d bytes)", target, size)
