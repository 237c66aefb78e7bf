"""Fills an MLflow 3 store with many models and runs, as a team of years would have: fill_mlflow.py DATABASE MODELS RUNS

MLflow makes the tables; the rows are written at once, because its client needs hours for fifty thousand runs.
"""

import logging
import random
import sqlite3
import sys
import time

logging.disable(logging.INFO)

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore  # noqa: E402

DAY = 86_400_000


def main(database: str, models: int, runs: int) -> None:
    SqlAlchemyStore(f"sqlite:///{database}", "mlflow-artifacts:/")
    chance = random.Random(7)
    now = int(time.time() * 1000) - DAY
    connection = sqlite3.connect(database)
    insert = connection.executemany
    experiments = max(1, models // 5)
    insert(
        "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time,"
        " last_update_time, workspace) VALUES (?, ?, ?, 'active', ?, ?, 'default')",
        [(n + 1, f"experiment-{n}", f"mlflow-artifacts:/{n + 1}", now - 300 * DAY, now) for n in range(experiments)],
    )
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(runs)]
    starts = [now - (runs - n) * 600_000 for n in range(runs)]
    insert(
        "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time,"
        " end_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
        " VALUES (?, ?, 'LOCAL', 'train.py', '', 'ana', ?, ?, ?, '', 'active', ?, ?)",
        [
            (run, f"run-{n}", "FAILED" if n % 17 == 0 else "FINISHED", at, at + 300_000, f"mlflow-artifacts:/{run}", n % experiments + 1)
            for n, (run, at) in enumerate(zip(ids, starts))
        ],
    )
    latest = [
        (key, chance.random(), at + 200_000, 10, 0, run) for run, at in zip(ids, starts) for key in ("auc", "f1", "loss")
    ]
    insert("INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)", latest)
    insert("INSERT INTO metrics (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, ?, ?)", latest)
    insert("INSERT INTO params (key, value, run_uuid) VALUES (?, ?, ?)", [("depth", str(n % 9), run) for n, run in enumerate(ids)])
    commit = "5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f"
    tags = [("mlflow.user", "ana"), ("mlflow.source.git.commit", commit), ("mlflow.source.name", "train.py")]
    insert("INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?)", [(key, value, run) for run in ids for key, value in tags])
    insert(
        "INSERT INTO registered_models (name, creation_time, last_updated_time, description, workspace)"
        " VALUES (?, ?, ?, '', 'default')",
        [(f"model-{n}", now - 300 * DAY, now) for n in range(models)],
    )
    insert(
        "INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, current_stage, source,"
        " run_id, status, workspace) VALUES (?, ?, ?, ?, '', 'None', ?, ?, 'READY', 'default')",
        [
            (f"model-{n}", v, starts[(n * 10 + v) % runs], starts[(n * 10 + v) % runs], f"runs:/{ids[(n * 10 + v) % runs]}/model", ids[(n * 10 + v) % runs])
            for n in range(models)
            for v in range(1, 11)
        ],
    )
    insert(
        "INSERT INTO registered_model_aliases (alias, version, name, workspace) VALUES ('champion', 9, ?, 'default')",
        [(f"model-{n}",) for n in range(models)],
    )
    connection.commit()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
