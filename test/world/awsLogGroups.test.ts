// Log groups of CloudWatch over whatever JSON answers: groups, streams and events of the right shape, or a failure in words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpError } from '../../server/connectors/httpError.ts';
import { createLogGroups } from '../../server/world/aws/logGroups.ts';
import { served } from '../support/web.ts';

const signal = new AbortController().signal;

test('any JSON is a list of what it should be, or a failure that names the connection', async (context) => {
  let said: unknown;
  const { port } = await served(context, (_request, answer) => {
    answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(said));
  });
  const url = `http://127.0.0.1:${port}`;
  const groups = createLogGroups({
    connection: { name: 'logs', tool: 'cloudwatch', url, region: 'eu-west-1', credential: 'stored' },
    secret: async () => ({ kind: 'basic', username: 'AKIDEXAMPLE', password: 'secret-of-the-test' }),
    turn: (work) => work(),
    now: Date.now,
  });
  const lists = {
    logGroups: () => groups.groups('/ec2', undefined, signal).then((page) => page.groups),
    logStreams: () => groups.streams('/ec2', undefined, signal).then((page) => page.streams),
    events: () => groups.events({ group: '/ec2', stream: 'i-1' }, {}, signal).then((page) => page.events),
  };
  for (const [field, ask] of Object.entries(lists)) {
    for (const odd of [7, 'none', { of: 'somebody' }, true]) {
      said = { [field]: odd };
      await assert.rejects(ask, (error: unknown) => {
        assert.ok(error instanceof HttpError && error.kind === 'broken', String(error));
        assert.match(error.message, /^logs: 127\.0\.0\.1:\d+ answered something that is no list when asked for /);
        return true;
      });
    }
    for (const empty of [{}, { [field]: null }, { [field]: [null, 7, 'x', [], {}] }, { [field]: [], nextToken: 7 }]) {
      said = empty;
      assert.deepEqual(await ask(), [], JSON.stringify(empty));
    }
  }
  said = {
    logGroups: [{ logGroupName: '/ec2/a', storedBytes: 'many', creationTime: '1795000000000' }],
    logStreams: [{ logStreamName: 'i-1', lastEventTimestamp: 'yesterday', firstEventTimestamp: 5 }],
    events: [{ message: 'one', timestamp: 'now' }, { message: 7 }],
  };
  assert.deepEqual(await lists.logGroups(), [{ name: '/ec2/a', createdAt: 1_795_000_000_000 }]);
  assert.deepEqual(await lists.logStreams(), [{ name: 'i-1', firstAt: 5 }]);
  assert.deepEqual(await lists.events(), [{ at: 0, message: 'one' }]);
});
