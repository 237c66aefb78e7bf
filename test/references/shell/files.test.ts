// Makefiles, Dockerfiles and .env files: their variables come in where they are used, and their commands name what scripts name.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('make: variables, the environment before defaults, recipes', () => {
  checkReferences(`
//- Makefile
BUCKET := acme-models
DEST = s3://$(BUCKET)/churn
#      ^^^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-models/churn] constant
STAGE ?= dev
.PHONY: push
# aws s3 ls s3://comment
push: build
	@aws s3 cp --recursive ./out $(DEST)/$(STAGE)/ && \\
#                             ^^^^^^^^^^^^^^^^^ writes path [s3://acme-models/churn/dev/] guess
	  dbt run -s orders
#             ^^^^^^ runs table
	for f in *.csv; do aws s3 cp $$f s3://\${BUCKET}/$$f; done
#                                 ^^^^^^^^^^^^^^^^^^ writes path [s3://acme-models/*] partial
	psql $(URL) -c 'SELECT * FROM $(SCHEMA).orders'
#                              ^^^^^^^^^^^^^^^^ reads table [*.orders] partial
	airflow dags trigger '$(shell cat dag)'
`);
});

test('Dockerfiles: ENV and ARG, RUN, exec form and shell form', () => {
  checkReferences(`
//- Dockerfile
FROM python:3.12
ARG STAGE=prod
ENV MODEL_URI=models:/churn/3 \\
#                     ^^^^^ mentions model version=3
    MLFLOW_EXPERIMENT_NAME="churn-serving"
#                           ^^^^^^^^^^^^^ mentions experiment
ENV DATA s3://acme-raw/in
#        ^^^^^^^^^^^^^^^^ mentions path
RUN --mount=type=cache,target=/root/.cache pip install x && aws s3 cp $DATA/$STAGE/model .
#                                                                     ^^^^^^^^^^^^^^^^^^ reads path [s3://acme-raw/in/prod/model] guess
RUN <<EOF
aws s3 ls s3://acme-raw/
#         ^^^^^^^^^^^^^^ reads path
EOF
CMD ["mlflow", "models", "serve", "-m", "models:/churn/3"]
#                                                ^^^^^ reads model
ENTRYPOINT exec mlflow models serve -m $MODEL_URI
#                                      ^^^^^^^^^^ reads model [churn] constant version=3
`);
});

test('.env: quotes, comments, interpolation; other files see the values', () => {
  checkReferences(`
//- .env
# BUCKET=s3://comment/
export BUCKET=acme-models # the one
DATA_URL="s3://\${BUCKET}/data"
#         ^^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-models/data] constant
MLFLOW_EXPERIMENT_NAME='churn'
#                       ^^^^^ mentions experiment
NOTHING=
PASSWORD=a b#c
//- run.sh
aws s3 ls "$DATA_URL/x"
#          ^^^^^^^^^^^ reads path [s3://acme-models/data/x] guess
//- train.py
import os, mlflow
mlflow.set_experiment(os.environ["MLFLOW_EXPERIMENT_NAME"])
#                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes experiment [churn] guess
`);
});

test('a script sees what it sources, not what other scripts call the same', () => {
  checkReferences(`
//- bin/config.sh
export BUCKET=acme-models
PREFIX="s3://$BUCKET/churn"
#       ^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-models/churn] constant
//- bin/other.sh
BUCKET=elsewhere
//- bin/run.sh
source "$(dirname "$0")/config.sh"
aws s3 ls $PREFIX/in/
#         ^^^^^^^^^^^ reads path [s3://acme-models/churn/in/] guess
aws s3 cp x s3://\${BUCKET:-none}/
#           ^^^^^^^^^^^^^^^^^^^^^ writes path [s3://acme-models/] guess
//- bin/alone.sh
aws s3 ls s3://$BUCKET/x
#         ^^^^^^^^^^^^^^ reads path [s3://*/x] partial
`);
});
