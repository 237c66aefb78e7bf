// Ray's connector against a real head, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { environment } from '../../../scripts/python/environments.mjs';
import { rayTool } from '../../faults/rayTool.ts';
import { faultSuite } from '../../faults/suite.ts';
import { RayHead } from './head.ts';

let head: RayHead | undefined;

before(
  async () => {
    head = await RayHead.make(await environment('ray', (message) => console.error(message)));
    await head.start();
    await head.fill();
  },
  { timeout: 600_000 },
);

after(() => head?.remove());

faultSuite(rayTool, () => {
  assert.ok(head);
  return { tool: 'ray', url: head.url, secret: { kind: 'token', token: head.token } };
});
