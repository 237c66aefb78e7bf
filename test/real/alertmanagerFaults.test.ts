// Alertmanager's connector against a real Alertmanager, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { alertmanagerTool } from '../faults/alertmanagerTool.ts';
import { faultSuite } from '../faults/suite.ts';
import { startPrometheus, type Watching } from './prometheusServer.ts';

let watching: Watching | undefined;

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${answer.status} ${await answer.text()}`);
}

before(async () => {
  watching = await startPrometheus();
  const { alertmanager } = watching;
  const now = Date.now();
  const [startsAt, endsAt] = [now - 60_000, now + 86_400_000].map((at) => new Date(at).toISOString());
  const names = ['AucLow', 'Drift', 'Late', 'Queue', 'Latency', 'Errors', 'Cost', 'Moved'];
  const labelsOf = (alertname: string) => ({ alertname, instance: `${alertname}.acme.com`, severity: 'page' });
  await post(
    `${alertmanager}/api/v2/alerts`,
    names.map((name) => ({
      ...{ labels: labelsOf(name), annotations: { summary: `${name} of churn`, description: 'Look at it.' } },
      ...{ startsAt, endsAt, generatorURL: 'http://prometheus.acme.com/graph' },
    })),
  );
  const matchers = [{ name: 'alertname', value: 'Moved', isRegex: false, isEqual: true }];
  await post(`${alertmanager}/api/v2/silences`, {
    matchers,
    startsAt,
    endsAt,
    createdBy: 'ana',
    comment: 'being moved',
  });
  const patience = AbortSignal.timeout(120_000);
  // Each alert is taken in, and told as silenced, a moment later.
  while (!/"silencedBy":\["/.test(await (await fetch(`${alertmanager}/api/v2/alerts`)).text())) {
    patience.throwIfAborted();
    await pause(200);
  }
});

after(() => watching?.kill());

faultSuite(alertmanagerTool, () => {
  assert.ok(watching);
  return { tool: 'alertmanager', url: watching.alertmanager };
});
