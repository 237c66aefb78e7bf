"""Reads everything back by Marquez' own client: prints what it was told, or ends with what it could not understand."""

import json
import sys

from marquez_client import MarquezClient

client = MarquezClient(url=sys.argv[1])
told = {"namespaces": [one["name"] for one in client.list_namespaces()["namespaces"]], "jobs": [], "datasets": []}
for namespace in told["namespaces"]:
    for job in client.list_jobs(namespace)["jobs"]:
        one = client.get_job(namespace, job["name"])
        runs = client.list_job_runs(namespace, job["name"])["runs"]
        states = [client.get_job_run(run["id"])["state"] for run in runs]
        told["jobs"].append([one["namespace"], one["name"], states])
    for dataset in client.list_datasets(namespace)["datasets"]:
        one = client.get_dataset(namespace, dataset["name"])
        versions = client.list_dataset_versions(namespace, dataset["name"])["versions"]
        fields = [[field["name"], field["type"]] for field in one["fields"]]
        told["datasets"].append([one["namespace"], one["name"], fields, len(versions) > 0])
print(json.dumps(told))
