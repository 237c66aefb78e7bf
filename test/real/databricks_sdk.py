# What Databricks' own Python SDK sees in a workspace, and its complaints about wrong answers, as one line of JSON.
import json
import sys

from databricks.sdk import WorkspaceClient
from databricks.sdk.core import Config
from databricks.sdk.errors import DatabricksError
from databricks.sdk.service.sql import Disposition, Format, QueryFilter, QueryStatus, TimeRange
from databricks.sdk.service.workspace import ExportFormat

url, way = sys.argv[1], sys.argv[2]
# It retries for five minutes otherwise.
common = {"host": url, "retry_timeout_seconds": 10, "http_timeout_seconds": 10}
if way == "pat":
    w = WorkspaceClient(config=Config(token=sys.argv[3], **common))
else:
    w = WorkspaceClient(config=Config(client_id=sys.argv[3], client_secret=sys.argv[4], **common))


def error_of(ask):
    try:
        ask()
    except DatabricksError as error:
        return {"type": type(error).__name__, "code": error.error_code, "message": str(error)}
    return None


seen = {
    "workspace": w.get_workspace_id(),
    "user": w.current_user.me().user_name,
    "jobs": [job.as_dict() for job in w.jobs.list(limit=100, expand_tasks=True)],
    "job": w.jobs.get(11).as_dict(),
    "runs": [run.as_dict() for run in w.jobs.list_runs(limit=24, expand_tasks=True, start_time_from=int(sys.argv[-1]))],
    "ofJob": [run.run_id for run in w.jobs.list_runs(job_id=11, limit=24, expand_tasks=True)],
    "active": [run.run_id for run in w.jobs.list_runs(active_only=True)],
    "run": w.jobs.get_run(77).as_dict(),
    "output": w.jobs.get_run_output(7702).as_dict(),
    "metastore": w.metastores.summary().as_dict(),
    "catalogs": [one.as_dict() for one in w.catalogs.list(max_results=1000)],
    "schemas": [one.as_dict() for one in w.schemas.list("main", max_results=1000)],
    "tables": [one.as_dict() for one in w.tables.list("main", "ml", max_results=50)],
    "summaries": [one.as_dict() for one in w.tables.list_summaries("main", max_results=10000)],
    "table": w.tables.get("main.ml.churn_predictions").as_dict(),
    "tags": [one.as_dict() for one in w.entity_tag_assignments.list("tables", "main.ml.churn_predictions")],
    "models": [one.as_dict() for one in w.registered_models.list(max_results=1000, include_browse=True)],
    "model": w.registered_models.get("main.ml.churn", include_aliases=True).as_dict(),
    "versions": [one.as_dict() for one in w.model_versions.list("main.ml.churn", max_results=100)],
    "champion": w.model_versions.get_by_alias("main.ml.churn", "champion").as_dict(),
    "endpoints": [one.as_dict() for one in w.serving_endpoints.list()],
    "endpoint": w.serving_endpoints.get("churn-live").as_dict(),
    "queries": w.query_history.list(
        filter_by=QueryFilter(query_start_time_range=TimeRange(start_time_ms=1), statuses=[QueryStatus.FAILED]),
        max_results=100,
    ).as_dict(),
    "cluster": w.clusters.get("1120-081500-abcd").as_dict(),
    "warehouses": [one.as_dict() for one in w.warehouses.list()],
    "bundle": json.loads(w.workspace.download(w.jobs.get(11).settings.deployment.metadata_file_path).read()),
    "notebook": w.workspace.export("/Repos/bob/check", format=ExportFormat.SOURCE).as_dict(),
    "code": w.workspace.export("/Workspace/Users/bob/jobs/score.py", format=ExportFormat.AUTO).as_dict(),
    "file": w.dbfs.get_status("/cluster-logs/1120-081500-abcd/driver/stderr").as_dict(),
    "read": w.dbfs.read("/cluster-logs/1120-081500-abcd/driver/stderr", length=1_000_000, offset=0).as_dict(),
    "volume": w.files.download("/Volumes/main/ml/logs/driver.txt").contents.read().decode(),
    "mlflowRun": w.experiments.get_run("2" * 32).run.as_dict(),
    "lineage": w.api_client.do(
        "GET",
        "/api/2.0/lineage-tracking/table-lineage",
        query={"table_name": "main.ml.churn_predictions", "include_entity_lineage": "true"},
    ),
    "columnLineage": w.api_client.do(
        "GET",
        "/api/2.0/lineage-tracking/column-lineage",
        query={"table_name": "main.ml.churn_predictions", "column_name": "score"},
    ),
    "errors": {
        "job": error_of(lambda: w.jobs.get(1)),
        "run": error_of(lambda: w.jobs.get_run(1)),
        "severalTasks": error_of(lambda: w.jobs.get_run_output(77)),
        "table": error_of(lambda: w.tables.get("main.ml.none")),
        "limit": error_of(lambda: list(w.jobs.list(limit=101))),
        "endpoint": error_of(lambda: w.serving_endpoints.get("none")),
    },
}
statement = w.statement_execution.execute_statement(
    "SELECT * FROM system.access.table_lineage",
    "w-running",
    disposition=Disposition.INLINE,
    format=Format.JSON_ARRAY,
    wait_timeout="30s",
)
seen["statement"] = statement.as_dict()
seen["statementLater"] = w.statement_execution.get_statement(statement.statement_id).as_dict()
seen["failed"] = w.statement_execution.execute_statement("SELECT 1 FROM none", "w-running").as_dict()
print(json.dumps(seen))
