"""Owns what the jobs on a real Ray do: train, fail, wait, search with Tune, serve: one function each, named on the command line."""

import logging
import os
import sys
import time
from pathlib import Path

import ray


@ray.remote(num_cpus=0.5)
def epoch(number):
    print(f"epoch {number} in a worker")
    return number


@ray.remote(num_cpus=0.5, max_retries=0)
def score(rows):
    print("scoring in a worker")
    raise ValueError(f"rows must be positive, not {rows}")


def train():
    ray.init(logging_level=logging.WARNING, log_to_driver=False)
    print("MLflow run_id: 0123456789abcdef0123456789abcdef")
    print("sum", sum(ray.get([epoch.remote(1), epoch.remote(2)])))


def fail():
    ray.init(logging_level=logging.WARNING, log_to_driver=False)
    print("about to score")
    ray.get(score.remote(0))


def wait(until):
    for number in range(10_000):
        print(f"line {number}", flush=True)
        if Path(until).exists():
            return
        time.sleep(0.2)


def drive():
    ray.init(address="auto", logging_level=logging.WARNING, log_to_driver=False)
    print("sum", sum(ray.get([epoch.remote(3)])))


def objective(config):
    from ray import tune

    print(f"trial with lr {config['lr']}")
    if config["lr"] > 1:
        raise RuntimeError("the loss is not a number")
    for step in range(3):
        tune.report({"loss": config["lr"] * (3 - step), "auc": 0.5 + config["lr"] + step / 100})


def search(storage):
    from ray import tune

    ray.init(logging_level=logging.WARNING, log_to_driver=False)
    tuner = tune.Tuner(
        tune.with_resources(objective, {"cpu": 0.5}),
        param_space={"lr": tune.grid_search([0.1, 0.3, 5.0]), "layers": {"units": 8}},
        tune_config=tune.TuneConfig(metric="auc", mode="max", max_concurrent_trials=1, reuse_actors=True),
        run_config=tune.RunConfig(name="churn_search", storage_path=storage, verbose=0),
    )
    best = tuner.fit().get_best_result()
    print("best", best.config["lr"], best.metrics["auc"])


def serve():
    from ray import serve as rs

    @rs.deployment(name="ChurnModel", num_replicas=1, ray_actor_options={"num_cpus": 0.1})
    class ChurnModel:
        def __call__(self):
            print("asked")
            return "0.7"

    @rs.deployment(name="Broken", ray_actor_options={"num_cpus": 0.1}, max_constructor_retry_count=1)
    class Broken:
        def __init__(self):
            raise RuntimeError("no weights at s3://models/churn/9")

    ray.init(logging_level=logging.WARNING, log_to_driver=False)
    # Nobody asks it over HTTP, so that there is one process less.
    rs.start(proxy_location="Disabled")
    rs.run(ChurnModel.bind(), name="churn", route_prefix="/churn")
    try:
        rs.run(Broken.bind(), name="broken", route_prefix="/broken")
    except RuntimeError as error:
        print("as expected:", str(error)[:60])


if __name__ == "__main__":
    os.environ.setdefault("TUNE_DISABLE_AUTO_CALLBACK_LOGGERS", "0")
    {"train": train, "fail": fail, "wait": wait, "drive": drive, "search": search, "serve": serve}[sys.argv[1]](*sys.argv[2:])
