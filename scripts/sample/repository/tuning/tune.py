"""Looks for better settings of the churn model: Ray tries them, MLflow remembers them."""

import argparse

import mlflow
from ray import tune
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from churn import settings, storage, training

EXPERIMENT = f"{settings.PROJECT}-tuning"


def trial(config: dict) -> None:
    frame = storage.read_frame(f"{settings.FEATURES}{config['day']}/features.parquet")
    params = {**settings.PARAMS, "C": config["C"], "class_weight": config["class_weight"]}
    model = make_pipeline(StandardScaler(), LogisticRegression(**params))
    auc = cross_val_score(model, frame[settings.COLUMNS], training.label_of(frame), scoring="roc_auc").mean()
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=f"C={config['C']:.3f}"):
        mlflow.log_params(params)
        mlflow.log_metric("auc", auc)
    tune.report({"auc": float(auc)})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--day", required=True, help="which frozen features to use, such as 2026-10-03")
    parser.add_argument("--trials", type=int, default=20)
    args = parser.parse_args()
    space = {"day": args.day, "C": tune.loguniform(0.01, 10), "class_weight": tune.choice(["balanced", None])}
    tuner = tune.Tuner(
        trial,
        param_space=space,
        tune_config=tune.TuneConfig(metric="auc", mode="max", num_samples=args.trials),
        run_config=tune.RunConfig(name="tune-churn", storage_path=f"s3://{settings.LAKE}/ray/"),
    )
    best = tuner.fit().get_best_result()
    print(f"best: {best.config} with auc {best.metrics['auc']:.3f}")


if __name__ == "__main__":
    main()
