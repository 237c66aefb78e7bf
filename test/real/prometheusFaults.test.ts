// Prometheus' connector against a real Prometheus, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { prometheusTool } from '../faults/prometheusTool.ts';
import { faultSuite } from '../faults/suite.ts';
import { startPrometheus, type Watching } from './prometheusServer.ts';

let watching: Watching | undefined;

before(async () => {
  watching = await startPrometheus();
  await watching.set('churn', 0.71);
  // The first scrape comes some seconds after the start.
  const patience = AbortSignal.timeout(60_000);
  while (!(await (await fetch(`${watching.prometheus}/api/v1/label/__name__/values`)).text()).includes('churn_auc')) {
    patience.throwIfAborted();
    await pause(300);
  }
  await pause(2_000);
});

after(() => watching?.kill());

faultSuite(prometheusTool, () => {
  assert.ok(watching);
  return { tool: 'prometheus', url: watching.prometheus };
});
