"""OpenLineage events for what Airflow cannot see by itself."""

from datetime import datetime, timezone

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent, RunState
from openlineage.client.facet_v2 import output_statistics_output_dataset, parent_run
from openlineage.client.uuid import generate_new_uuid

from churn import settings, storage

PRODUCER = "https://github.com/acme/churn"


def wrote(job: str, source: str, target: str, size: int, parent: dict[str, str] | None = None) -> str:
    """Reports that `job` made the S3 object `target` from `source`; gives the id of the reported run."""
    facets = {}
    if parent:
        facets["parent"] = parent_run.ParentRunFacet(
            run=parent_run.Run(runId=parent["run"]),
            job=parent_run.Job(namespace=parent["namespace"], name=parent["job"]),
        )
    run = Run(runId=str(generate_new_uuid()), facets=facets)
    bucket, key = storage.split(target)
    source_bucket, source_key = storage.split(source)
    statistics = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(size=size, fileCount=1)
    client = OpenLineageClient()
    for state in (RunState.START, RunState.COMPLETE):
        client.emit(
            RunEvent(
                eventType=state,
                eventTime=datetime.now(timezone.utc).isoformat(),
                run=run,
                job=Job(namespace=settings.PROJECT, name=job),
                producer=PRODUCER,
                inputs=[InputDataset(namespace=f"s3://{source_bucket}", name=source_key)],
                outputs=[
                    OutputDataset(
                        namespace=f"s3://{bucket}", name=key, outputFacets={"outputStatistics": statistics}
                    )
                ],
            )
        )
    return run.runId
