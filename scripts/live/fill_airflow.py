"""Fills a migrated, empty Airflow 3 database with the DAG runs whose task logs lie in its log folder.

The logs are a real Airflow's; what its database said of them is told from them: when a try began and ended, and that it
failed if it says so. Used by `npm start -- --live`. Airflow's own models write the rows (airflow.models, 3.3.2).
"""

import json
import re
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from airflow.models.dag_version import DagVersion
from airflow.models.dagrun import DagRun
from airflow.models.serialized_dag import SerializedDagModel
from airflow.models.taskinstancehistory import TaskInstanceHistory
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState, TaskInstanceState
from airflow.utils.types import DagRunTriggeredByType, DagRunType
from sqlalchemy import update

PLACE = re.compile(r"dag_id=([^/]+)/run_id=([^/]+)/task_id=([^/]+)/attempt=(\d+)\.log$")


def read_try(path: Path) -> dict:
    records = [json.loads(line) for line in path.read_text().splitlines()]
    failed = any(str(record.get("event", "")).startswith("Task failed") for record in records)
    times = [datetime.fromisoformat(record["timestamp"]) for record in records if "timestamp" in record]
    return {"failed": failed, "start": min(times), "end": max(times)}


def main(logs: Path) -> None:
    runs = defaultdict(lambda: defaultdict(dict))
    for path in sorted(logs.rglob("attempt=*.log")):
        match = PLACE.search(path.as_posix())
        if match:
            dag, run, task, attempt = match.groups()
            runs[dag, run][task][int(attempt)] = read_try(path)
    with create_session() as session:
        for (dag_id, run_id), tasks in sorted(runs.items(), key=lambda item: item[0]):
            add_run(session, dag_id, run_id, tasks)


def add_run(session, dag_id: str, run_id: str, tasks: dict) -> None:
    dag = SerializedDagModel.get_dag(dag_id, session=session)
    if dag is None:
        raise SystemExit(f"Airflow did not parse the DAG {dag_id}.")
    version = DagVersion.get_latest_version(dag_id, session=session)
    tries = [one for attempts in tasks.values() for one in attempts.values()]
    failed = any(attempts[max(attempts)]["failed"] for attempts in tasks.values())
    at = datetime.fromisoformat(run_id.split("__", 1)[1])
    scheduled = run_id.startswith("scheduled")
    run = DagRun(
        dag_id=dag_id,
        run_id=run_id,
        run_type=DagRunType.SCHEDULED if scheduled else DagRunType.MANUAL,
        triggered_by=DagRunTriggeredByType.TIMETABLE if scheduled else DagRunTriggeredByType.CLI,
        logical_date=at,
        run_after=at,
        start_date=min(one["start"] for one in tries),
        state=DagRunState.FAILED if failed else DagRunState.SUCCESS,
    )
    run.end_date = max(one["end"] for one in tries)
    run.queued_at = run.start_date
    run.created_dag_version_id = version.id
    session.add(run)
    session.flush()
    run.dag = dag
    run.verify_integrity(session=session, dag_version_id=version.id)
    session.flush()
    for instance in run.get_task_instances(session=session):
        attempts = tasks.get(instance.task_id)
        if attempts is None:
            instance.state = TaskInstanceState.UPSTREAM_FAILED if failed else TaskInstanceState.SKIPPED
            continue
        for attempt, one in sorted(attempts.items()):
            instance.try_number = attempt
            instance.start_date, instance.end_date = one["start"], one["end"]
            instance.set_duration()
            instance.state = TaskInstanceState.FAILED if one["failed"] else TaskInstanceState.SUCCESS
            instance.hostname = "worker-1"
            if attempt != max(attempts):
                session.flush()
                TaskInstanceHistory.record_ti(instance, session=session)
                session.flush()
    session.flush()
    # What Airflow's own listeners write on a change of state would be now.
    session.execute(
        update(DagRun)
        .where(DagRun.id == run.id)
        .values(
            state=DagRunState.FAILED if failed else DagRunState.SUCCESS,
            start_date=min(one["start"] for one in tries),
            end_date=max(one["end"] for one in tries),
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
