"""Owns the submissions to a real Ray, made with Ray's own client: each kind of job, waited for; prints what it made as JSON."""

import json
import os
import subprocess
import sys
import time

from ray.job_submission import JobStatus, JobSubmissionClient

here = os.path.dirname(os.path.abspath(__file__))
ended = {JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.STOPPED}


def submit(client, words, **more):
    entrypoint = " ".join([sys.executable, os.path.join(here, "work.py"), *words])
    return client.submit_job(entrypoint=entrypoint, **more)


def finish(client, ids, patience=300):
    until = time.time() + patience
    while time.time() < until:
        if all(client.get_job_status(each) in ended for each in ids):
            return
        time.sleep(0.3)
    raise SystemExit(f"not ended: {[(each, client.get_job_status(each)) for each in ids]}")


def main():
    address, storage, until, gcs = sys.argv[1:5]
    client = JobSubmissionClient(address)
    train = submit(
        client,
        ["train"],
        submission_id="raysubmit_train",
        metadata={"job_name": "churn_training", "git_sha": "5be1f0aa" * 5, "owner": "ml-team", "airflow_dag_id": "train_churn",
                  "airflow_run_id": "manual__2026-11-23", "airflow_task_id": "fit"},
        runtime_env={"env_vars": {"API_TOKEN": "hunter2-is-secret", "MODE": "full"}},
    )
    fail = submit(client, ["fail"], submission_id="raysubmit_fail", metadata={"api_key": "hunter3-is-secret"})
    running = submit(client, ["wait", until], submission_id="raysubmit_wait", runtime_env={"env_vars": {"DB_PASSWORD": "hunter4-is-secret"}})
    driver = subprocess.Popen([sys.executable, os.path.join(here, "work.py"), "drive"], env={**os.environ, "RAY_ADDRESS": gcs})
    search = submit(client, ["search", storage], submission_id="raysubmit_search")
    serve = submit(client, ["serve"], submission_id="raysubmit_serve")
    if driver.wait(timeout=240) != 0:
        raise SystemExit("the driver failed")
    finish(client, [train, fail, search, serve])
    print(json.dumps({"train": train, "fail": fail, "wait": running, "search": search, "serve": serve}))


main()
