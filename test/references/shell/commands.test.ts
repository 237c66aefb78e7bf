// Command lines: what scripts name, with kind, role and place; and what in them is no name.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('stores: copies read the first and write the last, variables and defaults come in', () => {
  checkReferences(`
//- sync.sh
#!/usr/bin/env bash
set -euo pipefail
# aws s3 cp s3://comment/x .
BUCKET=s3://acme-models
#      ^^^^^^^^^^^^^^^^ mentions path [s3://acme-models/]
STAGE="\${STAGE:-prod}"
aws s3 cp --recursive "s3://acme-raw/in/" ./data
#                      ^^^^^^^^^^^^^^^^^ reads path
aws --profile ml s3 sync ./out $BUCKET/churn/$STAGE/ --delete
#                              ^^^^^^^^^^^^^^^^^^^^^ writes path [s3://acme-models/churn/prod/] guess
aws s3 ls s3://acme-raw/$(date +%F)/ | grep x
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads path [s3://acme-raw/*/] partial
aws s3api get-object --bucket acme-raw --key in/a.csv out.csv
#                             ^^^^^^^^ reads path [s3://acme-raw/in/a.csv]
gsutil -m rsync -r gs://a/b gs://c/d
#                  ^^^^^^^^ reads path
#                           ^^^^^^^^ writes path
hdfs dfs -put local.csv hdfs://nn/data/
#                       ^^^^^^^^^^^^^^^ writes path
hadoop fs -cat hdfs://nn/x | wc
#              ^^^^^^^^^^^ reads path
echo "done with s3://acme-raw/"
rclone copy remote:bucket/x .
python train.py --data=s3://acme-raw/train.parquet --out ./x
#                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions path
`);
});

test('models, experiments, endpoints and jobs of the ML tools', () => {
  checkReferences(`
//- serve.sh
export MLFLOW_EXPERIMENT_NAME=churn
#                             ^^^^^ mentions experiment
mlflow models serve -m models:/churn@champion -p 5001 --no-conda
#                              ^^^^^ reads model alias=champion
MODEL=churn
mlflow models predict --model-uri "models:/\${MODEL}/7" -i in.json
#                                          ^^^^^^^^ reads model [churn] constant version=7
mlflow run . --experiment-name churn-tuning -e main -P data=s3://b/x
#                              ^^^^^^^^^^^^ writes experiment
#                                                           ^^^^^^^^ mentions path
mlflow experiments create -n churn
#                            ^^^^^ writes experiment
mlflow artifacts download -r 0123456789abcdef0123456789abcdef
#                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads run
ray job submit --address http://h:8265 --submission-id nightly --working-dir . -- python tune.py
#                                                      ^^^^^^^ runs job tool=ray
ray job logs nightly --follow
#            ^^^^^^^ reads job
airflow dags trigger train_churn --conf '{"a": 1}'
#                    ^^^^^^^^^^^ runs job
airflow tasks test train_churn fit 2024-01-01
#                  ^^^^^^^^^^^ runs job
#                              ^^^ runs task container=train_churn
databricks jobs run-now --job-id 123
#                                ^^^ runs job
databricks jobs run-now --json '{"job_id": 456, "x": 1}'
#                                          ^^^ runs job
databricks bundle run -t prod score_job
#                             ^^^^^^^^^ runs job
databricks fs cp ./a dbfs:/models/a
#                    ^^^^^^^^^^^^^^ writes path
prefect deployment run 'train/nightly'
#                       ^^^^^^^^^^^^^ runs job
dagster job execute -f x.py -j nightly_job
#                              ^^^^^^^^^^^ runs job
aws sagemaker-runtime invoke-endpoint --endpoint-name churn-ep out.json
#                                                     ^^^^^^^^ reads endpoint
curl -X POST "http://airflow:8080/api/v1/dags/train_churn/dagRuns" -d '{}'
#                                             ^^^^^^^^^^^ runs job
`);
});

test('dbt selectors: graph operators, methods, unions', () => {
  checkReferences(`
//- build.sh
dbt run --target prod --select +orders+ tag:nightly source:crm.customers+ path:models/x
#                               ^^^^^^ runs table tool=dbt
#                                                          ^^^^^^^^^^^^^ runs table
dbt build -s orders,customers 2+payments --exclude legacy_orders --full-refresh
#            ^^^^^^ runs table
#                   ^^^^^^^^^ runs table
#                               ^^^^^^^^ runs table
#                                                  ^^^^^^^^^^^^^ mentions table
dbt test -m "stg_orders stg_items"
#            ^^^^^^^^^^ runs table
#                       ^^^^^^^^^ runs table
dbt run -s staging models/marts/x.sql my_project.marts
dbt deps && poetry run dbt ls --select orders
#                                      ^^^^^^ mentions table
`);
});

test('SQL of the command-line clients, also in heredocs', () => {
  checkReferences(`
//- load.sh
psql "$URL" -c "INSERT INTO ml.scores SELECT * FROM ml.raw_scores"
#                           ^^^^^^^^^ writes table
#                                                   ^^^^^^^^^^^^^ reads table
snowsql -q 'select 1 from PROD.ML.SCORES'
#                         ^^^^^^^^^^^^^^ reads table
bq query --nouse_legacy_sql 'SELECT * FROM data.orders'
#                                          ^^^^^^^^^^^ reads table
bq load --source_format=CSV proj:data.orders gs://b/o.csv
#                           ^^^^^^^^^^^^^^^^ writes table [proj.data.orders]
#                                            ^^^^^^^^^^^^ reads path
psql <<EOF
TRUNCATE TABLE ml.scores;
#              ^^^^^^^^^ writes table
EOF
cat <<EOF > notes.txt
FROM ml.nothing
EOF
`);
});

test('command lines in others: ssh, sudo, bash -c, docker, loops, substitutions', () => {
  checkReferences(`
//- remote.sh
ssh -i key.pem -o StrictHostKeyChecking=no ubuntu@gpu-1 'cd /srv && aws s3 cp s3://b/m .'
#                                                 ^^^^^ mentions host
#                                                                             ^^^^^^^^ reads path
scp -r out/ gpu-2.acme.io:/srv/out
#           ^^^^^^^^^^^^^ mentions host
ssh gpu-3 <<'END'
#   ^^^^^ mentions host
dbt run -s orders
#          ^^^^^^ runs table
END
sudo -u ml env X=1 bash -lc "airflow dags trigger \\"train\\""
#                                                   ^^^^^ runs job
docker exec -it web airflow dags pause train
#                                      ^^^^^ mentions job
docker run -e MODEL_URI=models:/churn/1 img
#                               ^^^^^ mentions model
for m in a b; do mlflow models serve -m "models:/$m/1"; done
#                                                ^^ reads model [a]
#                                                ^^ reads model [b]
if [ "$(aws s3 ls s3://b/flag)" ]; then python -m mlflow models serve -m runs:/abc123/model; fi
#                 ^^^^^^^^^^^ reads path
#                                                                              ^^^^^^ reads run
git@github.com:acme/x.git
git clone git@github.com:acme/x.git
ssh -T git@github.com
`);
});

test('options with values and without them, in every order', () => {
  checkReferences(`
//- options.sh
airflow dags trigger -c '{"a": 1}' -r manual train
#                                            ^^^^^ runs job
gsutil -h "Cache-Control:no-cache" cp ./x gs://b/x
#                                         ^^^^^^^^ writes path
cat model.pkl | aws s3 cp - "s3://b/model.pkl" --sse
#                            ^^^^^^^^^^^^^^^^ writes path
python -m dbt.cli.main --quiet run --select=orders+ -t prod
#                                           ^^^^^^ runs table
bq --project_id=p query --destination_table=p:d.out --use_legacy_sql=false "SELECT 1 FROM d.src"
#                                           ^^^^^^^ writes table [p.d.out]
#                                                                                         ^^^^^ reads table
HOST=gpu-1
rsync -avz -e "ssh -i k.pem" ./out "ubuntu@$HOST:/srv/out" >> log.txt 2>&1
#                                          ^^^^^ mentions host [gpu-1] constant
curl -sS -X POST -H 'A: b' "$DATABRICKS_HOST/api/2.1/jobs/run-now" -d '{"job_id": 42}'
#                                                                                 ^^ runs job
docker compose -f dev.yml run --rm airflow airflow tasks run train fit 2024-01-01
#                                                            ^^^^^ runs job
#                                                                  ^^^ runs task container=train
`);
});

test('bq: projects before a colon, options with and without values, inside of a container', () => {
  checkReferences(`
//- load.sh
ORDERS=acme-prod:shop.orders
docker run --rm --volumes-from login gcr.io/cloud-sdk bq load --autodetect shop.visits "gs://acme-lake/visits.csv"
#                                                                          ^^^^^^^^^^^ writes table
#                                                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
bq --location=EU load --source_format=CSV --ignore_unknown_values $ORDERS gs://acme-lake/orders.csv
#                                                                 ^^^^^^^ writes table [acme-prod.shop.orders] constant
#                                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^ reads path
bq rm -f -t 'acme-prod:shop.old'
#            ^^^^^^^^^^^^^^^^^^ writes table [acme-prod.shop.old] constant
bq mk shop
bq show --schema shop.orders
#                ^^^^^^^^^^^ reads table
gsutil -m rsync -x '.*pyc$' -cr dags/ gs://acme-dags/dags/
#                                     ^^^^^^^^^^^^^^^^^^^^ writes path
curl -X POST "$URL" --json '{"name": "lake", "at": ["s3://acme-lake/x/*"]}'
#                                                    ^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-lake/x/*] partial
`);
});

test('loops over words, over a list in a variable and over an array: each is named', () => {
  checkReferences(`
//- load.sh
TABLES="orders visits"
DAYS=(shop.mon # the first
  shop.tue)
for t in shop.a shop.b; do bq load $t gs://acme/$t.csv; done
#                                  ^^ writes table [shop.a] constant
#                                  ^^ writes table [shop.b] constant
#                                     ^^^^^^^^^^^^^^^^ reads path [gs://acme/*.csv] partial
for t in $TABLES; do bq load "$t" x.csv; done
#                             ^^ writes table [orders] constant
#                             ^^ writes table [visits] constant
for t in "\${DAYS[@]}"; do bq load $t x.csv; done
#                                 ^^ writes table [shop.mon] constant
#                                 ^^ writes table [shop.tue] constant
for f in *.csv $(ls) $UNKNOWN; do bq load $f x.csv; done
for n in {1..3}; do airflow dags trigger $n; done
`);
});

test('defaults that a script keeps, those of its arguments, and addresses in lists', () => {
  checkReferences(`
//- run.sh
: "\${LAKE:=acme-lake}"
STAGE="\${1:-dev}"
aws s3 ls "s3://$LAKE/$STAGE/"
#          ^^^^^^^^^^^^^^^^^^ reads path [s3://acme-lake/dev/] guess
aws s3 ls "s3://x/$1/"
#          ^^^^^^^^^^ reads path [s3://x/*/] partial
aws emr add-steps --steps Type=Spark,Name=fit,Args=[s3://acme-code/fit.py,--out,s3://acme-out/fit/]
#                                                   ^^^^^^^^^^^^^^^^^^^^^ mentions path
#                                                                               ^^^^^^^^^^^^^^^^^^ mentions path
`);
});
