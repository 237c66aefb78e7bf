// DAGs in YAML, and what CI, containers and services are told to run.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('dag-factory', () => {
  checkReferences(`
//- dags/etl.yml
  default:
    default_args: {owner: me}
  etl_dag:
# ^^^^^^^ defines job
    schedule: ["s3://in/day"]
    #           ^^^^^^^^^^^ reads path
    tasks:
      extract:
#     ^^^^^^^ defines task container=etl_dag
        operator: airflow.operators.bash.BashOperator
        bash_command: aws s3 cp s3://a/b s3://c/d
        #                       ^^^^^^^^ reads path within.task=extract
        #                                ^^^^^^^^ writes path within.job=etl_dag
      load:
#     ^^^^ defines task
        operator: x.SQLExecuteQueryOperator
        sql: |
          insert into mart.orders
          #           ^^^^^^^^^^^ writes table within.task=load
            select * from raw.orders
            #             ^^^^^^^^^^ reads table
        dependencies: [extract]
        #              ^^^^^^^ mentions task
        outlets: ["s3://out/x"]
        #          ^^^^^^^^^^ writes path
      next:
#     ^^^^ defines task
        operator: airflow.operators.trigger_dagrun.TriggerDagRunOperator
        trigger_dag_id: report
        #               ^^^^^^ runs job
`);
});

test('workflows, containers and services', () => {
  checkReferences(`
//- .github/workflows/ci.yml
name: CI
env:
  MLFLOW_EXPERIMENT_NAME: churn
  #                       ^^^^^ mentions experiment
  OUT: s3://b/\${{ github.sha }}/x
  #    ^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://b/*/x] partial
jobs:
  a:
    steps:
      - run: |
          aws s3 cp a.txt s3://c/d
          #               ^^^^^^^^ writes path
//- deploy.yaml
kind: Deployment
spec:
  containers:
    - command: ["mlflow"]
      args: ["models", "serve", "-m", "models:/churn/7"]
      #                                        ^^^^^ reads model version=7
      env:
        - name: MLFLOW_RUN_ID
          value: 0123456789abcdef0123456789abcdef
          #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions run
        {{- if .Values.extra }}
        - name: P
          value: "s3://{{ .Values.bucket }}/x"
          #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://*/x]
        {{- end }}
---
services:
  x:
    environment:
      - MLFLOW_EXPERIMENT_NAME=\${EXP:-other}
      #                        ^^^^^^^^^^^^^ mentions experiment [other] guess
      - DATA=1
`);
});

test('Ray, KServe and Prefect', () => {
  checkReferences(`
//- rayjob.yaml
kind: RayJob
metadata:
  name: tune
  #     ^^^^ defines job
---
kind: RayService
metadata:
  name: churn
  #     ^^^^^ defines endpoint
spec:
  serveConfigV2: |
    applications:
      - name: app
        #     ^^^ defines endpoint
        import_path: a:b
        deployments:
          - name: Model
            #     ^^^^^ defines endpoint
---
kind: InferenceService
metadata: {name: iris}
#                ^^^^ defines endpoint
spec:
  predictor:
    sklearn: {storageUri: "gs://m/iris"}
    #                      ^^^^^^^^^^^ reads path
//- prefect.yaml
deployments:
  - name: nightly
    #     ^^^^^^^ defines job
    entrypoint: flow.py:main
  - name: null
//- MLmodel
run_id: 0123456789abcdef0123456789abcdef
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions run
artifact_path: model
`);
});

test('aliases and merges of YAML', () => {
  checkReferences(`
//- conf.yml
bucket: &raw s3://lake/raw
#            ^^^^^^^^^^^^^ mentions path
job:
  in: *raw
  #   ^^^^ mentions path [s3://lake/raw] constant
paths:
  root: s3://lake
  #     ^^^^^^^^^ mentions path [s3://lake/]
  out: "\${paths.root}/out"
  #     ^^^^^^^^^^^^^^^^^ mentions path [s3://lake/out] constant
`);
});

test('values of variables and keys around', () => {
  checkReferences(`
//- .gitlab-ci.yml
variables:
  BUCKET: s3://models
  #       ^^^^^^^^^^^ mentions path [s3://models/]
train:
  script:
    - aws s3 sync out "$BUCKET/churn/"
    #                  ^^^^^^^^^^^^^^ writes path [s3://models/churn/] constant
//- pod.yml
kind: Pod
spec:
  containers:
    - env:
        - name: OUT
          value: s3://pods
          #      ^^^^^^^^^ mentions path [s3://pods/]
      args: ["--to=$OUT/x"]
      #            ^^^^^^ mentions path [s3://pods/x] constant
//- compose.yml
services:
  x:
    environment:
      - MODEL_URI=models:/churn/Production
      #                   ^^^^^ mentions model stage=Production
    command: ["python", "x.py", "--data=s3://b/y"]
    #                                   ^^^^^^^^ mentions path
//- conf/config.yaml
root: s3://lake
#     ^^^^^^^^^ mentions path [s3://lake/]
stage: \${oc.env:STAGE,dev}
base: \${root}/\${stage}
#     ^^^^^^^^^^^^^^^^ mentions path [s3://lake/dev] guess
train: \${base}/train
#      ^^^^^^^^^^^^^ mentions path [s3://lake/dev/train] guess
loop: \${loop}/x
mlflow:
  experiment_name: churn
  #                ^^^^^ mentions experiment
other:
  experiment_name: local
//- dags/wait.yml
  etl:
# ^^^ defines job
    tasks:
      - task_id: wait
        #        ^^^^ defines task
        operator: x.S3KeySensor
        bucket_name: landing
        #            ^^^^^^^ reads path [s3://landing/in/*/x.csv] partial
        bucket_key: in/{{ ds }}/x.csv
`);
});

test('arguments of operators in files of any shape', () => {
  checkReferences(`
//- dags/external/orders.yml
operator: operators.ExternalTable
destination_project_dataset_table: "raw.orders"
#                                   ^^^^^^^^^^ writes table
source_project_dataset_tables:
  - project.raw.first
#   ^^^^^^^^^^^^^^^^^ reads table
post_hook: |
  SELECT * FROM mart.orders LIMIT 1
  #             ^^^^^^^^^^^ reads table
`);
});

test('deployments of Prefect', () => {
  checkReferences(`
//- train-deployment.yaml
name: Training-stage
#     ^^^^^^^^^^^^^^ defines job
work_queue_name: default
flow_name: train
#          ^^^^^ mentions job
entrypoint: train.py:main
//- deploy.sh
prefect deployment build train.py:main --name "Training-\${STAGE}" -sb s3/block
#                                              ^^^^^^^^^^^^^^^^^ defines job [Training-*] partial
`);
});

test('a workflow gives its variables to the commands of its steps', () => {
  checkReferences(`
//- .github/workflows/ship.yml
env:
  BUCKET: acme-models
jobs:
  ship:
    env:
      STAGE: prod
    steps:
      - env:
          MODEL: churn
        run: |
          gsutil -m cp out/*.pkl \\
            gs://\${{ env.BUCKET }}/\${{ env.STAGE }}/\${{ env.MODEL }}.pkl
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes path [gs://acme-models/prod/churn.pkl] constant
          aws s3 ls s3://\${{ env.BUCKET }}-\${{ secrets.TEAM }}/$STAGE/
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-models-*/prod/] partial
`);
});
