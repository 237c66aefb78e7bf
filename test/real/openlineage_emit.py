"""Emits the events of a small story by OpenLineage's own client, with the transport that stdin describes as JSON."""

import json
import sys
from datetime import datetime, timedelta, timezone

from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import (
    Dataset,
    DatasetEvent,
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    data_quality_assertions_dataset,
    data_quality_metrics_input_dataset,
    documentation_dataset,
    error_message_run,
    job_type_job,
    nominal_time_run,
    output_statistics_output_dataset,
    ownership_job,
    parent_run,
    schema_dataset,
    source_code_location_job,
    sql_job,
    symlinks_dataset,
    tags_job,
)
from openlineage.client.transport import get_default_factory

PRODUCER = "https://example.com/acme"
COMMIT = "5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f"
START = datetime(2026, 11, 20, 0, 0, tzinfo=timezone.utc)
DAG_RUN = "01941f29-7c00-7000-8000-0000000000ff"
BUILD = "01941f29-7c00-7000-8000-000000000001"
SCORE = "01941f29-7c00-7000-8000-000000000002"
WAREHOUSE = "snowflake://acme-prod"

SCHEMA = schema_dataset.SchemaDatasetFacet(
    fields=[schema_dataset.SchemaDatasetFacetFields(name="AGE", type="NUMBER")]
)
USERS = InputDataset(
    WAREHOUSE,
    "RAW.CRM.USERS",
    facets={"schema": SCHEMA},
    inputFacets={
        "dataQualityMetrics": data_quality_metrics_input_dataset.DataQualityMetricsInputDatasetFacet(
            rowCount=1000,
            columnMetrics={"AGE": data_quality_metrics_input_dataset.ColumnMetrics(nullCount=3, min=0, max=99)},
        ),
        "dataQualityAssertions": data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
            assertions=[
                data_quality_assertions_dataset.Assertion(assertion="not_null", success=False, column="AGE")
            ]
        ),
    },
)
FEATURES = OutputDataset(
    "s3://acme-lake",
    "churn/features/2026-11-20/part-0.parquet",
    facets={
        "schema": schema_dataset.SchemaDatasetFacet(
            fields=[schema_dataset.SchemaDatasetFacetFields(name="age", type="INTEGER")]
        ),
        "symlinks": symlinks_dataset.SymlinksDatasetFacet(
            identifiers=[symlinks_dataset.Identifier(namespace="hive://metastore:9083", name="ml.features", type="TABLE")]
        ),
        "columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(
            fields={
                "age": column_lineage_dataset.Fields(
                    inputFields=[
                        column_lineage_dataset.InputField(namespace=WAREHOUSE, name="RAW.CRM.USERS", field="AGE")
                    ]
                )
            }
        ),
    },
    outputFacets={
        "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(rowCount=997, size=12345)
    },
)
JOB_FACETS = {
    "sourceCodeLocation": source_code_location_job.SourceCodeLocationJobFacet(
        type="git", url=f"https://git.acme.example/dags/blob/{COMMIT}/churn.py", path="churn.py", version=COMMIT
    ),
    "ownership": ownership_job.OwnershipJobFacet(owners=[ownership_job.Owner(name="team:growth")]),
    "sql": sql_job.SQLJobFacet(query="insert into features select age from raw.crm.users"),
    "jobType": job_type_job.JobTypeJobFacet(processingType="BATCH", integration="AIRFLOW", jobType="TASK"),
    "tags": tags_job.TagsJobFacet(tags=[tags_job.TagsJobFacetFields(key="tier", value="gold", source="USER")]),
}


def parent(name):
    return parent_run.ParentRunFacet(
        run=parent_run.Run(runId=DAG_RUN), job=parent_run.Job(namespace="acme", name=name)
    )


def at(minutes):
    return (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def run_event(state, minutes, run, job, facets=None, job_facets=None, inputs=(), outputs=()):
    return RunEvent(
        eventType=state,
        eventTime=at(minutes),
        run=Run(run, facets=facets or {}),
        job=Job("acme", job, facets=job_facets or {}),
        producer=PRODUCER,
        inputs=list(inputs),
        outputs=list(outputs),
    )


def story():
    nominal = nominal_time_run.NominalTimeRunFacet(nominalStartTime=at(0))
    error = error_message_run.ErrorMessageRunFacet(
        message="no such column",
        programmingLanguage="PYTHON",
        stackTrace='Traceback (most recent call last):\n  File "score.py", line 3, in f\nKeyError: \'age\'',
    )
    of_build = {"nominalTime": nominal, "parent": parent("churn")}
    yield run_event(RunState.START, 0, DAG_RUN, "churn", {"nominalTime": nominal})
    yield run_event(RunState.START, 1, BUILD, "churn.build_features", of_build, inputs=[USERS])
    done = run_event(
        RunState.COMPLETE, 3, BUILD, "churn.build_features", {}, JOB_FACETS, inputs=[USERS], outputs=[FEATURES]
    )
    yield done
    # Late, and twice: neither changes what is known.
    yield run_event(RunState.RUNNING, 2, BUILD, "churn.build_features", {})
    yield done
    features = InputDataset(FEATURES.namespace, FEATURES.name)
    predictions = OutputDataset(WAREHOUSE, "ANALYTICS.ML.PREDICTIONS")
    yield run_event(RunState.START, 4, SCORE, "churn.score", {"parent": parent("churn")}, inputs=[features])
    yield run_event(
        RunState.FAIL, 5, SCORE, "churn.score", {"errorMessage": error}, inputs=[features], outputs=[predictions]
    )
    yield run_event(RunState.ABORT, 6, DAG_RUN, "churn")
    yield JobEvent(
        eventTime=at(7),
        job=Job("acme", "report"),
        producer=PRODUCER,
        inputs=[InputDataset(WAREHOUSE, "ANALYTICS.ML.PREDICTIONS")],
        outputs=[],
    )
    yield DatasetEvent(
        eventTime=at(8),
        dataset=Dataset(
            WAREHOUSE,
            "RAW.CRM.USERS",
            facets={
                "schema": SCHEMA,
                "documentation": documentation_dataset.DocumentationDatasetFacet(description="All of them."),
            },
        ),
        producer=PRODUCER,
    )


def main():
    client = OpenLineageClient(transport=get_default_factory().create(json.load(sys.stdin)))
    count = 0
    for event in story():
        client.emit(event)
        count += 1
    client.close(30)
    print(count)


main()
