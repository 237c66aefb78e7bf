// Snowflake's connector against our fake account, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { usualSecret } from '../connectors/snowflake/connected.ts';
import { manyTasks } from '../fakes/snowflake/manyTasks.ts';
import { type FakeSnowflake, fakeSnowflake } from '../fakes/snowflake/server.ts';
import { snowflakeTool } from '../faults/snowflakeTool.ts';
import { faultSuite } from '../faults/suite.ts';

let fake: FakeSnowflake | undefined;

before(async () => {
  const now = Date.now();
  fake = await fakeSnowflake(now);
  fake.world.answers.unshift(...manyTasks(now, 8));
});

after(() => fake?.close());

faultSuite(snowflakeTool, () => {
  assert.ok(fake);
  return { tool: 'snowflake', url: fake.url, secret: usualSecret };
});
