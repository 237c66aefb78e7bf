// Databricks' connector against our fake workspace, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { usualSecret } from '../connectors/databricks/connected.ts';
import { type FakeDatabricks, fakeDatabricks } from '../fakes/databricks/server.ts';
import { databricksTool } from '../faults/databricksTool.ts';
import { faultSuite } from '../faults/suite.ts';

let fake: FakeDatabricks | undefined;

before(async () => {
  fake = await fakeDatabricks(Date.now());
});

after(() => fake?.close());

faultSuite(databricksTool, () => {
  assert.ok(fake);
  return { tool: 'databricks', url: fake.url, secret: usualSecret };
});
