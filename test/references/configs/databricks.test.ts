// Databricks' bundles and job definitions.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('resources of a bundle: jobs by their key and name, tasks, what runs what', () => {
  checkReferences(`
//- databricks.yml
bundle:
  name: churn
variables:
  catalog:
    description: where
    default: dev
targets:
  prod:
    default: true
    variables:
      catalog: main
resources:
  jobs:
    score:
#   ^^^^^ defines job via=databricks.job
      name: "\${bundle.name}-score-\${bundle.target}"
      #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ defines job [churn-score-*] partial
      tasks:
        - task_key: fit
          #         ^^^ defines task container=score within.job=score
          notebook_task:
            notebook_path: ./fit.py
            base_parameters:
              out: s3://b/\${var.catalog}/x
              #    ^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://b/main/x] constant within.task=fit within.job=score
        - task_key: after
          #         ^^^^^ defines task
          depends_on:
            - task_key: fit
              #         ^^^ mentions task
          run_job_task:
            job_id: \${resources.jobs.other.id}
            #                        ^^^^^ runs job
`);
});

test('experiments, models, endpoints, quality monitors, in a file of resources', () => {
  checkReferences(`
//- resources/ml.yml
resources:
  experiments:
    e: {name: /Shared/churn}
    #         ^^^^^^^^^^^^^ defines experiment
  registered_models:
    m:
      name: churn
      #     ^^^^^ defines model qualified=main.ml.churn
      catalog_name: main
      schema_name: ml
  model_serving_endpoints:
    s:
      name: churn-live
      #     ^^^^^^^^^^ defines endpoint
      config:
        served_entities:
          - entity_name: main.ml.churn
            #            ^^^^^^^^^^^^^ reads model version=3
            entity_version: 3
  quality_monitors:
    watch:
#   ^^^^^ defines monitor
      table_name: main.ml.scores
      #           ^^^^^^^^^^^^^^ reads table
  pipelines:
    p:
      name: nothing
      storage: dbfs:/pipelines/p
      #        ^^^^^^^^^^^^^^^^^ mentions path
`);
});

test('JSON of the jobs API', () => {
  checkReferences(`
//- jobs/score.json
{
  "name": "score",
  //       ^^^^^ defines job
  "tasks": [
    {"task_key": "fit", "spark_python_task": {"python_file": "x.py", "parameters": ["--out", "s3://b/o"]}},
    //            ^^^ defines task container=score
    //                                                                                        ^^^^^^^^ mentions path within.task=fit
    {"task_key": "next", "depends_on": [{"task_key": "fit"}], "run_job_task": {"job_id": 12}}
    //            ^^^^ defines task
    //                                                ^^^ mentions task
    //                                                                                   ^^ runs job
  ]
}
//- jobs/now.json
{"job_id": 77, "notebook_params": {"d": "1"}}
//         ^^ runs job
`);
});
