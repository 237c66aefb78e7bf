// Metrics and monitors, a line each, and what only looks like them.
import { test } from 'node:test';
import { checkReferences } from '../../../support/fixture.ts';

test('metrics and monitors', () => {
  checkReferences(`
from datadog import DogStatsd, api, statsd
from datadog.threadstats import ThreadStats
from statsd import StatsClient
from airflow.stats import Stats
from datadog_api_client.v1.model.monitor import Monitor
from prometheus_client import Counter, Gauge, Histogram
from collections import Counter as Words
from opentelemetry import metrics
import boto3
statsd.gauge("churn.auc", 0.9, tags=["env:prod"])
#             ^^^^^^^^^ writes metric
statsd.count("churn.rows", 3)
#             ^^^^^^^^^^ writes metric
mine = DogStatsd(namespace="churn")
mine.increment("runs")
#               ^^^^ writes metric [churn.runs]
with mine.timed("fit"):
#                ^^^ writes metric [churn.fit]
    pass
StatsClient("localhost", 8125, prefix="ml").incr("runs")
#                                                 ^^^^ writes metric [ml.runs]
Stats.incr("scheduler.beat")
#           ^^^^^^^^^^^^^^ writes metric
api.Metric.send(metric="churn.auc", points=1)
#                       ^^^^^^^^^ writes metric
api.Metric.send([{"metric": "churn.a", "points": 1}, {"metric": "churn.b", "points": 2}])
#                            ^^^^^^^ writes metric
#                                                                ^^^^^^^ writes metric
api.Monitor.create(type="query alert", query="avg(last_5m):avg:churn.auc{env:prod} < 0.8", name="AUC is low")
#                                                              ^^^^^^^^^ reads metric
#                                                                                                ^^^^^^^^^^ defines monitor
Monitor(name="AUC fell", query="avg(last_5m):avg:churn.auc{*} < 0.8")
#             ^^^^^^^^ defines monitor
#                                                ^^^^^^^^^ reads metric
Counter("churn_requests_total", "Requests")
#        ^^^^^^^^^^^^^^^^^^^^ writes metric
Histogram("latency", "Seconds", namespace="churn", subsystem="api", unit="seconds")
#          ^^^^^^^ writes metric [churn_api_latency_seconds]
Histogram("latency_seconds", "Seconds", [], "churn", "", "seconds")
#          ^^^^^^^^^^^^^^^ writes metric [churn_latency_seconds]
Words("abracadabra")
meter = metrics.get_meter("churn")
meter.create_counter("churn.requests")
#                     ^^^^^^^^^^^^^^ writes metric
boto3.client("cloudwatch").put_metric_data(Namespace="churn", MetricData=[{"MetricName": "auc", "Value": 1}])
#                                                                                         ^^^ writes metric
boto3.client("cloudwatch").put_metric_alarm(AlarmName="auc-low", MetricName="auc")
#                                                      ^^^^^^^ defines monitor
#                                                                            ^^^ reads metric
redis.set("key", 1)
words.count("a")
stats.count("a")
db.increment("x")
`);
});

test("monitors of a team's own class, as dicts, and queries inside of them", () => {
  checkReferences(`
from datadog_api_client.v1.models import *
from datadog_api_client.v1.model.monitor_update_request import MonitorUpdateRequest
from datadog_api_client.v1.model.distribution_points_series import DistributionPointsSeries
from datadog_api_client.v1.model.monitor_formula_and_function_metrics_query_definition import (
    MonitorFormulaAndFunctionMetricsQueryDefinition,
)
from deployer.monitor import Monitor
from torch.utils import Monitor as Watch
MonitorUpdateRequest(name="AUC fell further")
#                          ^^^^^^^^^^^^^^^^ defines monitor
MonitorFormulaAndFunctionMetricsQueryDefinition(name="query1", query="max:container.cpu{*} by {host}")
#                                                                         ^^^^^^^^^^^^^ reads metric
DistributionPointsSeries(metric="churn.latency", points=[])
#                                ^^^^^^^^^^^^^ writes metric
Monitor(name="Drift", type="metric alert", query="avg(last_5m):avg:churn.drift{*} > 1")
#             ^^^^^ defines monitor
#                                                                  ^^^^^^^^^^^ reads metric
Monitor(name="loss", type="scalar", query="loss")
Monitor(name="loss")
rule = {
    "name": "High CPU",
#            ^^^^^^^^ defines monitor
    "type": "query alert",
    "query": "avg(last_5m):avg:system.cpu.user{*} > 80",
#                              ^^^^^^^^^^^^^^^ reads metric
}
page = {"name": "orders", "type": "chart", "query": "select 1"}
more = {"monitors": [{"name": "Slow", "type": "metric alert", "query": f"avg(last_5m):avg:{METRIC}{{*}} > 1", "message": m}]}
#                              ^^^^ defines monitor
`);
});
