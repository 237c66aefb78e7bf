// What is posted as events: one, batches, what is no event, and what of an event is not kept.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { receiveBody } from '../../../server/connectors/openlineage/receive.ts';

const event = { eventTime: '2026-11-20T10:00:00Z', job: { namespace: 'acme', name: 'fit' }, inputs: [], outputs: [] };

describe('a body of events', () => {
  test('of one event is kept as one line', () => {
    const { lines, status } = receiveBody(JSON.stringify(event, null, 2));
    assert.deepEqual([lines, status], [[JSON.stringify(event)], 200]);
  });

  test('of a batch is answered as the specification says', () => {
    assert.deepEqual(receiveBody(JSON.stringify([event, event])).status, 204);
    const partly = receiveBody(JSON.stringify([event, { a: 1 }, event]));
    assert.deepEqual([partly.lines.length, partly.status], [2, 200]);
    assert.deepEqual(partly.answer, {
      status: 'partial_success',
      summary: { received: 3, successful: 2, failed: 1, retriable: 0, non_retriable: 1 },
      failed_events: [{ index: 1, reason: 'It is no OpenLineage event.', retriable: false }],
    });
    assert.equal(receiveBody('[{}]').status, 400);
    assert.equal(receiveBody(JSON.stringify(Array.from({ length: 20_001 }, () => ({})))).status, 400);
  });

  test('that is no JSON or no event is refused for good', () => {
    for (const body of ['', '{', '"x"', '{}', 'null', '{"eventTime": 3, "job": {"name": "x"}}'])
      assert.deepEqual([body, receiveBody(body).status, receiveBody(body).lines], [body, 400, []]);
  });

  test('is kept without the variables of its environment', () => {
    const facets = {
      environmentVariables: { environmentVariables: [{ name: 'KEY', value: 'hunter2' }] },
      nominalTime: {},
    };
    const { lines } = receiveBody(JSON.stringify({ ...event, run: { runId: 'r', facets } }));
    assert.ok(!lines.join().includes('hunter2'));
    assert.deepEqual(JSON.parse(lines[0] ?? '').run, { runId: 'r', facets: { nominalTime: {} } });
  });

  test('of any text makes whole lines, one an event', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.array(fc.oneof(fc.constant(event), fc.jsonValue())).map((all) => JSON.stringify(all)),
        ),
        (text) => {
          const { lines, status } = receiveBody(text);
          assert.ok(lines.every((line) => !line.includes('\n')) && (status !== 400 || lines.length === 0));
        },
      ),
    );
  });
});
