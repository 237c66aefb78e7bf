"""Were we right? Compares predictions with what customers did, and tells the monitoring."""

import logging

from datadog import statsd
from sklearn.metrics import f1_score, log_loss, roc_auc_score

from churn import settings, storage, warehouse

log = logging.getLogger(__name__)
METRIC_PREFIX = settings.PROJECT


class ValidationError(Exception):
    """The predictions of a day could not be judged."""


def join_labels(day: str) -> str:
    """Puts the last predictions beside the labels."""
    frame = warehouse.query_file("join_labels.sql", {"day": day})
    if frame.empty:
        raise ValidationError(f"no predictions up to {day} have labels")
    return storage.write_frame(frame, f"{settings.JOINED}{day}.parquet")


def evaluate(joined_uri: str, day: str) -> dict[str, float]:
    """The metrics of one day; also appended to ANALYTICS.ML.CHURN_METRICS."""
    frame = storage.read_frame(joined_uri)
    try:
        truth = frame[settings.LABEL].astype(int)
    except KeyError as error:
        raise ValidationError(f"the labels of {day} cannot be read from {joined_uri}") from error
    metrics = {
        "auc": float(roc_auc_score(truth, frame["score"])),
        "f1": float(f1_score(truth, frame["score"] > 0.5)),
        "log_loss": float(log_loss(truth, frame["score"])),
    }
    rows = frame.head(1)[["scored_on"]].assign(**metrics)
    warehouse.append(rows, "CHURN_METRICS")
    return {**metrics, "rows": float(len(frame))}


def emit(metrics: dict[str, float]) -> None:
    """Sends the metrics of a day to Datadog; the monitor churn_auc_low watches churn.auc."""
    for name in ("f1", "log_loss"):
        statsd.gauge(f"{METRIC_PREFIX}.{name}", metrics[name], tags=["model:churn"])
    statsd.gauge("churn.auc", metrics["auc"], tags=["model:churn"])
    statsd.gauge(f"{METRIC_PREFIX}.predictions.rows", metrics["rows"])
