# Fills CloudWatch with one group of so many streams, each of one line: cloudwatch_fill.py URL STREAMS
import sys, time
from concurrent.futures import ThreadPoolExecutor
import boto3

url, streams = sys.argv[1], int(sys.argv[2])
logs = boto3.client("logs", endpoint_url=url, region_name="eu-west-1", aws_access_key_id="someone", aws_secret_access_key="else")
now = int(time.time() * 1000)
logs.create_log_group(logGroupName="/ec2/scoring")


def write(number):
    name = f"i-{number:08x}"
    logs.create_log_stream(logGroupName="/ec2/scoring", logStreamName=name)
    event = {"timestamp": now - 3_600_000 - number, "message": "scored"}
    logs.put_log_events(logGroupName="/ec2/scoring", logStreamName=name, logEvents=[event])


with ThreadPoolExecutor(4) as pool:
    list(pool.map(write, range(streams)))
