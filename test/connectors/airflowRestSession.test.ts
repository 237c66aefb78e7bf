// How an Airflow connection logs in, and what it does when a token has run out or nobody may ask.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpError } from '../../server/connectors/httpError.ts';
import { scanned } from '../support/scan.ts';
import { connected, recordedAirflow } from './airflowServer.ts';

const signal = new AbortController().signal;

test('one login serves a whole scan', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  await scanned(connected(server).connector);
  assert.equal(server.logins, 1);
});

for (const how of ['expired', 'foreign'] as const) {
  test(`a token that is ${how} in the middle of a scan is renewed once`, async (context) => {
    const server = await recordedAirflow(context, 'v2');
    let asked = 0;
    server.letIn = (given) => {
      asked += 1;
      if (asked > 4) return given === 'Bearer token-2' ? 'yes' : how;
      return given === 'Bearer token-1' ? 'yes' : 'no';
    };
    const scan = await scanned(connected(server).connector);
    assert.equal(server.logins, 2);
    assert.deepEqual(scan.problems, []);
    assert.ok(scan.runs.length > 10);
  });
}

test('a server that refuses every token is asked twice, not for ever', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  server.letIn = () => 'expired';
  const { connector } = connected(server);
  await assert.rejects(connector.greet(signal), (error) => error instanceof HttpError && error.kind === 'unauthorized');
  assert.equal(server.logins, 2);
});

test('a ready token is sent as it is; refused, the message says to sign in again', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  server.letIn = (given) => (given === 'Bearer ready' ? 'yes' : 'foreign');
  assert.match(
    await connected(server, { secret: { kind: 'token', token: 'ready' } }).connector.greet(signal),
    /7 DAGs/,
  );
  const { connector } = connected(server, { secret: { kind: 'token', token: 'old' } });
  await assert.rejects(
    connector.greet(signal),
    (error) =>
      error instanceof HttpError && error.kind === 'unauthorized' && /flow: .*Sign in again/.test(error.message),
  );
  assert.equal(server.logins, 0);
});

test('without a secret, a server whose users are all administrators gives a token', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  server.allAdmins = true;
  assert.match(await connected(server, { secret: null }).connector.greet(signal), /7 DAGs/);
});

test('without a secret, any other server is said to want one', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  const { connector } = connected(server, { secret: null });
  await assert.rejects(connector.greet(signal), (error) => error instanceof HttpError && error.kind === 'unauthorized');
});

test('a server without /auth/token says that it wants a ready token', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  server.instead = ({ path }) => (path === '/auth/token' ? { status: 404, body: { detail: 'Not Found' } } : undefined);
  await assert.rejects(connected(server).connector.greet(signal), /Sign in with a token instead/);
});

test('Airflow 2 without basic_auth: the message names the setting', async (context) => {
  const server = await recordedAirflow(context, 'v1');
  server.letIn = () => 'no';
  await assert.rejects(connected(server).connector.greet(signal), /auth_backends/);
});

test('what is no Airflow is said to be none', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  server.instead = () => ({ status: 404, body: { detail: 'Not Found' } });
  await assert.rejects(connected(server).connector.greet(signal), /neither \/api\/v2\/version .* nor/);
});

test('what may not be asked is left out and said; the rest is there', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  const closed = new Set(['/importErrors', '/eventLogs', '/assets', '/pools']);
  server.instead = ({ path }) => (closed.has(path) ? { status: 403, body: { detail: 'Forbidden' } } : undefined);
  const { connector } = connected(server);
  const scan = await scanned(connector);
  assert.equal(scan.problems.length, 4);
  for (const { message } of scan.problems) assert.match(message, /flow: .*does not allow/);
  assert.ok(scan.runs.length > 10);
  assert.equal(server.logins, 1);
});

test('DAGs that may not be listed: the whole scan is refused', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  server.instead = ({ path }) => (path === '/dags' ? { status: 403, body: { detail: 'Forbidden' } } : undefined);
  const { connector } = connected(server);
  await assert.rejects(scanned(connector), (error) => error instanceof HttpError && error.kind === 'forbidden');
});

test('a server that became the other generation is found anew', async (context) => {
  const server = await recordedAirflow(context, 'v2');
  const { connector } = connected(server);
  await scanned(connector);
  server.instead = ({ path }) => (path.startsWith('/') ? { status: 404, body: {} } : undefined);
  await assert.rejects(scanned(connector));
  server.instead = () => undefined;
  server.asked.length = 0;
  await scanned(connector);
  assert.equal(server.asked[0], 'GET /version');
});
