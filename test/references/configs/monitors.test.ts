// Monitors with the metrics they read, data in events and checks, and what is none of it.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('Datadog, Prometheus and CloudWatch', () => {
  checkReferences(`
//- monitor.json
{"name": "Churn drops", "type": "query alert", "query": "avg(last_5m):avg:churn.auc{env:prod} by {host} < 0.8"}
//        ^^^^^^^^^^^ defines monitor
//                                                                        ^^^^^^^^^ reads metric
//- rules.yml
groups:
  - name: g
    rules:
      - alert: TooSlow
        #      ^^^^^^^ defines monitor
        expr: |
          rate(http_requests_total{job="x"}[5m])
          #    ^^^^^^^^^^^^^^^^^^^ reads metric within.monitor=TooSlow
            > 2
      - record: job:rate
        #       ^^^^^^^^ writes metric
        expr: sum by (job) (up)
        #                   ^^ reads metric
//- configmap.yaml
kind: ConfigMap
data:
  rules.yml: |
    groups:
      - rules:
          - alert: Down
            #      ^^^^ defines monitor
            expr: up == {{ .Values.none }}
            #     ^^ reads metric within.monitor=Down
//- stack.yaml
Resources:
  A:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: late
      #          ^^^^ defines monitor
      MetricName: delay
      #           ^^^^^ reads metric
  B:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: acme-lake
      #           ^^^^^^^^^ defines path [s3://acme-lake/]
`);
});

test('events, checks, stages', () => {
  checkReferences(`
//- event.json
{"eventType": "COMPLETE", "run": {"runId": "ea04-1"}, "job": {"namespace": "n", "name": "d.t"},
//                                          ^^^^^^ mentions run
//                                                                                       ^^^ mentions job
 "inputs": [{"namespace": "s3://lake", "name": "raw/x"}, {"namespace": "file", "name": "/tmp/x"}],
 //                                             ^^^^^ reads path [s3://lake/raw/x]
 "outputs": [{"name": "db.s.t", "namespace": "snowflake://acme"}]}
 //                    ^^^^^^ writes table tool=snowflake
//- child.json
{"eventType": "START", "eventTime": "2026-11-23T00:00:00Z", "producer": "https://acme.io", "run": {"runId": "",
 "facets": {"parent": {"run": {"runId": "3f5e-2"}, "root": {"run": {"runId": "3bb7-3"}}}}}, "job": {"name": "d.t"}}
 //                                      ^^^^^^ mentions run
 //                                                                           ^^^^^^ mentions run
 //                                                                                                          ^^^ mentions job
//- checks.yml
checks for orders:
#          ^^^^^^ reads table
  - row_count > 0
//- dvc.yaml
stages:
  a:
    cmd: python x.py
    deps: ["s3://in/x", local.csv]
    #       ^^^^^^^^^ reads path
    outs:
      - s3://out/y:
      # ^^^^^^^^^^ writes path
          cache: false
`);
});

test('locks, recordings, schemas and data say nothing', () => {
  checkReferences(`
//- package-lock.json
{"packages": {"a": {"resolved": "s3://b/a.tgz"}}}
//- tests/cassettes/answer.json
{"location": "s3://b/x"}
//- tests/cassettes/a.yaml
interactions: [{request: {uri: s3://b/x}}]
//- api.yml
openapi: 3.0.0
paths: {/x: {example: s3://b/x}}
//- list.json
[{"path": "s3://b/1"}, {"path": "s3://b/2"}]
//- words.yml
query: Select a restaurant from the list and book it
example: s3://bucket/key
title: select your plan from the list
note: the models:/ scheme and s3://bucket are explained elsewhere
`);
});
