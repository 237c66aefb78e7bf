// Datadog's connector against our fake, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { usualSecret } from '../connectors/datadog/connected.ts';
import { type FakeDatadog, fakeDatadog } from '../fakes/datadog/server.ts';
import { datadogTool } from '../faults/datadogTool.ts';
import { faultSuite } from '../faults/suite.ts';

let fake: FakeDatadog | undefined;

before(async () => {
  fake = await fakeDatadog(Date.now());
});

after(() => fake?.close());

faultSuite(datadogTool, () => {
  assert.ok(fake);
  return { tool: 'datadog', url: fake.url, secret: usualSecret };
});
