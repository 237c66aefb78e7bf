# Fills CloudWatch as agents and managed Airflow would: instances that write lines, and tries of a DAG, one of which failed.
import sys, time
import boto3

logs = boto3.client("logs", endpoint_url=sys.argv[1], region_name="eu-west-1", aws_access_key_id="someone", aws_secret_access_key="else")
now = int(time.time() * 1000)

def write(group, stream, lines, start):
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    for begin in range(0, len(lines), 5000):
        events = [{"timestamp": start + begin + i, "message": line} for i, line in enumerate(lines[begin:begin + 5000])]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

logs.create_log_group(logGroupName="/ec2/scoring")
logs.put_retention_policy(logGroupName="/ec2/scoring", retentionInDays=14)
lines = [f"{i:06d} INFO scored batch {i} in 12 ms, größe {i % 7}" for i in range(25_000)]
lines[20_000] = "020000 ERROR MemoryError: no room for batch 20000"
write("/ec2/scoring", "i-0abc123", lines, now - 3_600_000)
write("/ec2/scoring", "i-0def456", ["one line"], now - 60_000)
logs.create_log_group(logGroupName="/ec2/other")

group = "airflow-Prod-Task"
logs.create_log_group(logGroupName=group)
run = "dag_id=train_churn/run_id=scheduled__2026-11-20T03_00_00+00_00"
head = "[2026-11-20T03:00:02.000+0000] {taskinstance.py:1} INFO - Executing <Task(PythonOperator): %s> on 2026-11-20 03:00:00+00:00"
done = "[2026-11-20T03:05:00.000+0000] {taskinstance.py:1206} INFO - Marking task as %s. dag_id=train_churn, task_id=%s, run_id=scheduled__2026-11-20T03:00:00+00:00"
write(group, f"{run}/task_id=load/attempt=1.log", [head % "load", done % ("SUCCESS", "load")], now - 500_000)
write(group, f"{run}/task_id=fit/attempt=1.log", [
    head % "fit",
    "[2026-11-20T03:04:59.000+0000] {taskinstance.py:3313} ERROR - Task failed with exception\nTraceback (most recent call last):\n  File \"/dags/train.py\", line 7, in fit\n    raise ValueError(\"no rows\")\nValueError: no rows",
    done % ("FAILED", "fit"),
], now - 400_000)
print("filled")
