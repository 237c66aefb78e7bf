// Marquez' connector against our fake Marquez, through a proxy that misbehaves in every way of the table.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { type FakeMarquez, fakeMarquez } from '../fakes/marquez/server.ts';
import { marquezTool } from '../faults/marquezTool.ts';
import { faultSuite } from '../faults/suite.ts';

let first: FakeMarquez | undefined;
let other: FakeMarquez | undefined;

/** Twelve jobs with a run each, in a chain of data; all of the last minutes, so that each poll asks for the whole list. */
function fill(fake: FakeMarquez, namespace: string): void {
  for (let n = 0; n < 12; n++) {
    const facets = {
      schema: { fields: [{ name: 'id', type: 'INTEGER' }] },
      documentation: { description: 'A table.' },
    };
    const data = (at: number) => ({ namespace: `snowflake://${namespace}`, name: `DB.PUBLIC.T${at}`, facets });
    const run = { runId: `01941f29-7c00-7000-8000-${String(n).padStart(12, '0')}`, facets: {} };
    const job = { namespace, name: `job-${n}`, facets: { documentation: { description: 'A job.' } } };
    const whole = {
      run,
      job,
      inputs: [data(n)],
      outputs: [{ ...data(n + 1), outputFacets: { outputStatistics: { rowCount: n } } }],
    };
    const second = String(n + 10);
    fake.post({ ...whole, eventType: 'START', eventTime: `2026-11-20T00:00:${second}Z` });
    fake.post({ ...whole, eventType: n % 3 === 0 ? 'FAIL' : 'COMPLETE', eventTime: `2026-11-20T00:01:${second}Z` });
  }
}

before(async () => {
  first = await fakeMarquez();
  other = await fakeMarquez();
  fill(first, 'one');
  fill(other, 'two');
});

after(async () => {
  await first?.close();
  await other?.close();
});

faultSuite(marquezTool, () => {
  assert.ok(first && other);
  const apart = { first: 'openlineage://one', other: 'openlineage://two', url: other.url };
  return { tool: 'marquez', url: first.url, apart };
});
