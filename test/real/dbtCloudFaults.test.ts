// dbt Cloud's connector against our fake account, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { type FakeDbtCloud, fakeDbtCloud, serviceToken } from '../fakes/dbtCloud/server.ts';
import { dbtCloudTool } from '../faults/dbtCloudTool.ts';
import { faultSuite } from '../faults/suite.ts';

let fake: FakeDbtCloud | undefined;

before(async () => {
  fake = await fakeDbtCloud(Date.now());
});

after(() => fake?.close());

faultSuite(dbtCloudTool, () => {
  assert.ok(fake);
  return { tool: 'dbt', url: fake.url, secret: { kind: 'token', token: serviceToken } };
});
