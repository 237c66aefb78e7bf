// Regions, profiles, buckets and log groups as they are typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  awsAddress,
  endpointRegion,
  namesIn,
  profileProblem,
  regionOf,
  regionProblem,
  watchProblem,
} from '../../../extension/connections/guided/awsAddress.ts';
import { liveTools } from '../../../server/protocol/connection.ts';

test('a region becomes an address, and is found in it again', () => {
  assert.ok(liveTools.includes('s3'));
  for (const region of ['eu-west-1', 'us-gov-west-1', 'ap-southeast-2', 'cn-north-1', 'us-iso-east-1']) {
    assert.equal(regionProblem(region), undefined, region);
    assert.equal(regionOf(awsAddress('s3', region)), region);
    assert.equal(regionOf(awsAddress('cloudwatch', region)), region);
  }
  assert.equal(awsAddress('cloudwatch', 'eu-west-1'), 'https://logs.eu-west-1.amazonaws.com');
  assert.equal(awsAddress('s3', 'cn-north-1'), 'https://s3.cn-north-1.amazonaws.com.cn');
  assert.equal(regionOf('https://minio.example.com:9000'), undefined);
  assert.equal(endpointRegion('https://vpce-1a2b-3c.logs.eu-north-1.vpce.amazonaws.com'), 'eu-north-1');
  assert.equal(endpointRegion('http://127.0.0.1:4566'), undefined);
  for (const wrong of ['', 'europe', 'eu-west', 'eu-west-1.evil.example/', 'EU-WEST-1'])
    assert.match(String(regionProblem(wrong)), /^A region/, wrong);
});

test('buckets and prefixes, log groups by their beginnings', () => {
  assert.deepEqual(namesIn(' s3://acme-models, acme-lake/churn/  acme-models'), ['acme-models', 'acme-lake/churn/']);
  assert.equal(watchProblem('s3', ''), undefined);
  assert.equal(watchProblem('s3', 'acme-models acme-lake/churn/2026'), undefined);
  assert.match(String(watchProblem('s3', 'Acme_Models')), /^Acme_Models: no bucket/);
  assert.equal(watchProblem('cloudwatch', '/aws/mwaa/churn airflow-prod-Task'), undefined);
  assert.match(String(watchProblem('cloudwatch', 'airflow;drop')), /no log group/);
  assert.equal(watchProblem('s3', Array.from({ length: 51 }, (_, at) => `bucket-${at}`).join(' ')), 'At most 50');
});

test('a profile may be left out', () => {
  assert.equal(profileProblem(''), undefined);
  assert.equal(profileProblem('acme prod'), undefined);
  assert.match(String(profileProblem('a]b')), /No profile/);
});
