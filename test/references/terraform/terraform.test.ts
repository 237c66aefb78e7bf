// Terraform: what resources define and read, through variables, locals and other resources of the module.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('a Datadog monitor: its title, the metrics of its query, nothing of its message', () => {
  checkReferences(`
//- infra/variables.tf
variable "env" {
  type    = string
  default = "prod"
}
//- infra/monitors.tf
resource "datadog_monitor" "auc" {
  name    = "Churn AUC is low"
#            ^^^^^^^^^^^^^^^^ defines monitor tool=datadog
  type    = "metric alert"
  message = "see s3://runbooks/x @pagerduty"
  query   = <<-EOT
    avg(last_5m):avg:churn.auc{env:\${var.env}} by {host}
#                    ^^^^^^^^^ reads metric
      / max:churn.calls{*} < 0.8
#           ^^^^^^^^^^^ reads metric
  EOT
}
resource "datadog_monitor" "drift" {
  name  = "Drift of \${var.env}"
#          ^^^^^^^^^^^^^^^^^^^ defines monitor [Drift of prod] guess
  query = "avg(last_1h):avg:ml.\${var.env}.drift{*} > 1"
#                           ^^^^^^^^^^^^^^^^^^^ reads metric [ml.prod.drift] guess
}
resource "datadog_monitor" "each" {
#                           ^^^^ defines monitor
  for_each = var.monitors
  name     = each.value.name
  query    = each.value.query
}
resource "datadog_service_level_objective" "slo" {
  name = "quiet"
  query {
    numerator   = "sum:api.ok{*}.as_count()"
#                      ^^^^^^ reads metric
    denominator = "sum:api.all{*}.as_count()"
#                      ^^^^^^^ reads metric
  }
}
resource "datadog_dashboard" "d" {
  widget {
    timeseries_definition {
      request {
        q = "avg:churn.latency{*}"
#                ^^^^^^^^^^^^^ reads metric
      }
    }
  }
}
`);
});

test('Databricks jobs with their tasks, endpoints, experiments and models', () => {
  checkReferences(`
//- main.tf
resource "databricks_job" "score" {
  name = "score-churn"
#         ^^^^^^^^^^^ defines job
  task {
    task_key = "prepare"
#               ^^^^^^^ defines task container=score-churn within.job=score-churn
    notebook_task {
      notebook_path = "/Shared/prepare"
    }
  }
  task {
    task_key = "score"
#               ^^^^^ defines task
    depends_on {
      task_key = "prepare"
#                 ^^^^^^^ mentions task
    }
    run_job_task {
      job_id = databricks_job.other.id
#              ^^^^^^^^^^^^^^^^^^^^^^^ runs job [other-job] constant within.task=score
    }
  }
}
resource "databricks_job" "other" {
  name = "other-job"
#         ^^^^^^^^^ defines job
}
resource "databricks_model_serving" "e" {
  name = "churn-endpoint"
#         ^^^^^^^^^^^^^^ defines endpoint
  config {
    served_entities {
      entity_name    = "prod.ml.churn"
#                       ^^^^^^^^^^^^^ reads model version=3
      entity_version = "3"
    }
  }
}
resource "databricks_mlflow_experiment" "x" {
  name = "/Shared/churn"
#         ^^^^^^^^^^^^^ defines experiment
}
`);
});

test('buckets, objects and what refers to them; locals, tfvars and templates', () => {
  checkReferences(`
//- aws/terraform.tfvars
team = "growth"
//- aws/main.tf
variable "team" {}
locals {
  bucket = "acme-\${var.team}-models"
}
resource "aws_s3_bucket" "models" {
  bucket = local.bucket
#          ^^^^^^^^^^^^ defines path [s3://acme-growth-models/] constant
}
resource "aws_s3_bucket_versioning" "models" {
  bucket = aws_s3_bucket.models.id
#          ^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://acme-growth-models/]
}
resource "aws_s3_object" "o" {
  bucket = aws_s3_bucket.models.bucket
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ writes path [s3://acme-growth-models/churn/model.pkl]
  key    = "churn/model.pkl"
}
resource "aws_s3_bucket" "each" {
  for_each = toset(["a", "b"])
  bucket   = "acme-\${each.key}"
#             ^^^^^^^^^^^^^^^^ defines path [s3://acme-*/] partial
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name  = format("%s-latency", var.team)
#                       ^^^^^^^^^^ defines monitor [growth-latency] constant
  metric_name = "ModelLatency"
#                ^^^^^^^^^^^^ reads metric within.monitor=growth-latency
}
data "aws_iam_policy_document" "p" {
  statement {
    resources = ["arn:aws:s3:::acme-raw", "arn:aws:s3:::acme-raw/in/*", "*"]
#                              ^^^^^^^^ mentions path [s3://acme-raw/]
#                                                       ^^^^^^^^^^^^^ mentions path [s3://acme-raw/in/*]
  }
}
resource "aws_instance" "web" {
  ami = "ami-123"
  user_data = <<EOF
#!/bin/bash
aws s3 cp s3://acme-raw/setup.sh .
#         ^^^^^^^^^^^^^^^^^^^^^^ reads path
EOF
}
resource "aws_lambda_function" "f" {
  environment {
    variables = { MODEL_URI = "models:/churn@champion", MLFLOW_EXPERIMENT_NAME = "churn" }
#                                      ^^^^^ mentions model alias=champion
#                                                                                 ^^^^^ mentions experiment
  }
}
//- other/main.tf
resource "aws_s3_bucket" "x" {
  bucket = var.team
}
`);
});

test('warehouses: tables with the schema beside them, SQL of views', () => {
  checkReferences(`
//- wh.tf
resource "google_bigquery_dataset" "d" { 
  dataset_id = "marts"
}
resource "google_bigquery_table" "t" {
  dataset_id = google_bigquery_dataset.d.dataset_id
  table_id   = "orders"
#               ^^^^^^ defines table [marts.orders] constant
  view {
    query = "SELECT * FROM raw.orders"
#                          ^^^^^^^^^^ reads table
  }
}
resource "snowflake_task" "refresh" {
  name          = "REFRESH"
  sql_statement = <<SQL
INSERT INTO ml.scores
#           ^^^^^^^^^ writes table
SELECT * FROM ml.raw_scores
#             ^^^^^^^^^^^^^ reads table
SQL
}
`);
});

test('a half-typed block leaves the others alone', () => {
  checkReferences(`
//- half.tf
resource "aws_s3_bucket" "half" {
  bucket = "
}
resource "aws_s3_bucket" "whole" {
  bucket = "acme-raw"
#           ^^^^^^^^ defines path [s3://acme-raw/]
}
`);
});

test('modules and locals: queries of monitors and addresses, no descriptions', () => {
  checkReferences(`
//- modules.tf
module "drift" {
  source            = "./monitor"
  alarm_description = "s3://not/this"
  query             = "avg(last_5m):avg:ml.drift{*} > 1"
#                                       ^^^^^^^^ reads metric
  model_uri         = "models:/churn/3"
#                              ^^^^^ mentions model version=3
}
resource "databricks_catalog" "main" {
  name = "prod"
}
resource "databricks_sql_table" "t" {
  catalog_name = databricks_catalog.main.name
  schema_name  = "ml"
  name         = "scores"
#                 ^^^^^^ defines table [prod.ml.scores] constant
}
`);
});

test('the metric of a query in MQL', () => {
  checkReferences(`
//- alerts.tf
resource "google_monitoring_alert_policy" "writes" {
  display_name = "Few writes"
#                 ^^^^^^^^^^ defines monitor
  conditions {
    condition_monitoring_query_language {
      query = <<-EOT
        fetch gcs_bucket
        | metric 'storage.googleapis.com/api/request_count'
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads metric
        | filter (metric.method =~ '.*Write.*')
      EOT
    }
  }
}
`);
});

test('a monitor carries what it asks, where all of that is written', () => {
  checkReferences(`
//- monitors.tf
resource "datadog_monitor" "auc" {
  name  = "Churn AUC is low"
#          ^^^^^^^^^^^^^^^^ defines monitor query=avg(last_1h):avg:churn.auc{*}<0.8
  query = "avg(last_1h): avg:churn.auc{*} < 0.80"
#                            ^^^^^^^^^ reads metric
}
resource "datadog_monitor" "errors" {
  name  = "\${var.env} errors"
#          ^^^^^^^^^^^^^^^^^ defines monitor [* errors] query=logs("service:train").last("5m")>5
  query = "logs(\\"service:train\\").last(\\"5m\\") > 5"
}
`);
});

test('buckets of Google as they are imported', () => {
  checkReferences(`
//- iam.tf
resource "google_storage_bucket_iam_binding" "all" {
  bucket = "b/acme-raw"
#             ^^^^^^^^ mentions path [gs://acme-raw/]
}
`);
});

test('Terraform in JSON', () => {
  checkReferences(`
//- monitors.tf.json
{
  "resource": {
    "datadog_monitor": {
      "latency": {
        "name": "Latency of churn",
#                ^^^^^^^^^^^^^^^^ defines monitor
        "type": "metric alert",
        "query": "avg(last_5m):avg:churn.latency{env:\${var.env}} > 1"
#                                  ^^^^^^^^^^^^^ reads metric
      }
    },
    "aws_s3_bucket": {"raw": {"bucket": "acme-\${var.env}-raw"}},
#                                        ^^^^^^^^^^^^^^^^^^^ defines path [s3://acme-*-raw/] partial
    "databricks_job": {"score": {"name": "score", "task": [{"task_key": "predict"}]}}
#                                         ^^^^^ defines job
#                                                                        ^^^^^^^ defines task
  }
}
`);
});

test('what a caller passes to a module is worth more than a default; what differs between callers is not known', () => {
  checkReferences(`
//- infra/prod/main.tf
variable "lake" {
  default = "acme-lake"
}
module "store" {
  source = "../modules/store"
  lake   = var.lake
  stage  = "prod"
  team   = var.nobody_gives_it
}
resource "aws_s3_object" "model" {
  bucket = module.store.bucket
#          ^^^^^^^^^^^^^^^^^^^ writes path [s3://acme-lake/models/churn.pkl] guess
  key    = "models/churn.pkl"
}
//- infra/modules/store/main.tf
resource "aws_s3_bucket" "lake" {
  bucket = var.lake
#          ^^^^^^^^ defines path [s3://acme-lake/] guess
}
resource "datadog_monitor" "size" {
  name  = "Lake of \${var.stage} for \${var.team}"
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ defines monitor [Lake of prod for *] partial
  query = "avg(last_1h):avg:\${var.prefix}.size{*} > 1"
#                           ^^^^^^^^^^^^^^^^^^ reads metric [lake.size] guess
}
//- infra/modules/store/variables.tf
variable "lake" {}
variable "stage" {
  default = "dev"
}
variable "team" {
  default = "data"
}
variable "prefix" {
  default = "lake"
}
//- infra/modules/store/outputs.tf
output "arn" {
  value = aws_s3_bucket.lake.arn
}
output "bucket" {
  value = aws_s3_bucket.lake.id
}
//- infra/east/main.tf
module "alarm" {
  source = "../modules/alarm"
  region = "east"
}
//- infra/west/main.tf
module "alarm" {
  source = "../modules/alarm"
  region = "west"
}
//- infra/modules/alarm/main.tf
variable "region" {
  default = "north"
}
resource "datadog_monitor" "slow" {
  name = "Slow in \${var.region}"
#         ^^^^^^^^^^^^^^^^^^^^^ defines monitor [Slow in *] partial
}
`);
});

test('metrics that Google makes of logs, and the alerts that ask for them', () => {
  checkReferences(`
//- main.tf
resource "google_logging_metric" "errors" {
  name   = "score_errors"
#           ^^^^^^^^^^^^ writes metric tool=monitoring
  filter = "severity>=ERROR"
}
resource "google_monitoring_alert_policy" "errors" {
  display_name = "Scoring fails"
#                 ^^^^^^^^^^^^^ defines monitor
  conditions {
    condition_threshold {
      filter = "metric.type=\\"logging.googleapis.com/user/\${google_logging_metric.errors.name}\\" AND resource.type=\\"global\\""
#                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads metric [logging.googleapis.com/user/score_errors]
    }
  }
}
data "databricks_aws_bucket_policy" "root" {
  bucket = "acme-root"
#           ^^^^^^^^^ mentions path [s3://acme-root/]
}
`);
});

test('a query of Datadog that is passed to a module from elsewhere, its period filled in', () => {
  checkReferences(`
//- main.tf
variable "period" {}
module "cpu" {
  source = "acme/monitor/datadog"
  query  = "avg(\${var.period}):avg:host.cpu.user{\${var.scope}} by {host} + avg:host.cpu.wait{*} > 90"
#                                  ^^^^^^^^^^^^^ reads metric
#                                                                              ^^^^^^^^^^^^^ reads metric
}
`);
});

test('for_each and count over what stands in the code: each is named, a part of a name stays a pattern', () => {
  checkReferences(`
//- main.tf
locals {
  names  = ["orders", "visits"]
  alarms = { slow = { title = "Too slow", metric = "api.slow" }, bad = { title = "Too bad", metric = "api.bad" } }
  lakes  = { raw = "acme-raw", out = "acme-out" }
}
resource "databricks_job" "run" {
  for_each = toset(["nightly", "weekly"])
  name     = each.key
#            ^^^^^^^^ defines job [nightly] constant
#            ^^^^^^^^ defines job [weekly] constant
}
resource "databricks_job" "load" {
  for_each = toset(local.names)
  name     = "load-\${each.value}"
#             ^^^^^^^^^^^^^^^^^^ defines job [load-*] partial
}
resource "datadog_monitor" "alarm" {
  for_each = local.alarms
  name     = each.value.title
#            ^^^^^^^^^^^^^^^^ defines monitor [Too slow] constant
#            ^^^^^^^^^^^^^^^^ defines monitor [Too bad] constant
  query    = "avg(last_5m):avg:\${each.value.metric}{*} > 1"
#                                ^^^^^^^^^^^^^^^^^ reads metric [api.slow]
#                                ^^^^^^^^^^^^^^^^^ reads metric [api.bad]
}
resource "aws_s3_bucket" "counted" {
  count  = length(local.names)
  bucket = local.names[count.index]
#          ^^^^^^^^^^^^^^^^^^^^^^^^ defines path [s3://orders/] constant
#          ^^^^^^^^^^^^^^^^^^^^^^^^ defines path [s3://visits/] constant
}
resource "aws_s3_bucket" "asked" {
  for_each = toset(["raw"])
  bucket   = local.lakes[each.key]
#            ^^^^^^^^^^^^^^^^^^^^^ defines path [s3://acme-raw/] constant
}
resource "datadog_monitor" "given" {
#                           ^^^^^ defines monitor
  for_each = var.alarms
  name     = each.value.title
  query    = each.value.query
}
`);
});
