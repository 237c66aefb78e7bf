// Who asks a Databricks workspace: tokens that end, service principals, what is refused and in which words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { client, fakeDatabricks, personalToken } from '../../fakes/databricks/server.ts';
import { scanned } from '../../support/scan.ts';
import { failure } from '../../support/web.ts';
import { databricksOver, usualSecret } from './connected.ts';

const signal = new AbortController().signal;
const start = Date.parse('2026-11-23T12:00:00Z');
const principal = { kind: 'basic', username: client.id, password: client.secret } as const;

async function fakeFor(t: { after(run: () => unknown): void }) {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  return fake;
}

test('a service principal gets a token once, and a new one when it has run out or was taken back', async (t) => {
  const fake = await fakeFor(t);
  let at = start;
  const { connector } = databricksOver(fake, principal, { now: () => at });
  await Promise.all([connector.greet(signal), connector.greet(signal)]);
  await connector.greet(signal);
  assert.equal(fake.given(), 1);
  at += 3_599_000;
  await connector.greet(signal);
  assert.equal(fake.given(), 2, 'before it ends');
  fake.expired.add('oauth-2');
  assert.match(
    await connector.greet(signal),
    /^Databricks workspace 4167890123456789, as ana@example\.com, with jobs$/,
  );
  assert.equal(fake.given(), 3, 'after 401');
});

test('a wrong secret of a service principal is said so, and never shown', async (t) => {
  const fake = await fakeFor(t);
  const { connector } = databricksOver(fake, { ...principal, password: 'wrong-secret-2' });
  const error = await failure(connector.greet(signal));
  assert.equal(error.kind, 'unauthorized');
  assert.match(error.message, /^live: 127\.0\.0\.1:\d+ gives no token .* OAuth secret/);
  assert.doesNotMatch(error.message, /wrong-secret-2/);
});

test('a token that has run out, and one that nobody knows, want a sign-in', async (t) => {
  const fake = await fakeFor(t);
  const over = databricksOver(fake);
  fake.expired.add(personalToken);
  assert.equal((await failure(over.connector.greet(signal))).kind, 'unauthorized');
  over.secret = { kind: 'token', token: 'dapi-of-somebody-else' };
  const error = await failure(scanned(over.connector));
  assert.equal(error.kind, 'unauthorized');
  assert.match(error.message, /403 PERMISSION_DENIED: Invalid access token/);
  assert.doesNotMatch(error.message, /somebody/);
});

test('a workspace that is busy is unavailable; a page to log in is no workspace', async (t) => {
  const fake = await fakeFor(t);
  const { connector } = databricksOver(fake);
  fake.fault = () => ({
    status: 503,
    body: JSON.stringify({ error_code: 'TEMPORARILY_UNAVAILABLE', message: 'Try again' }),
  });
  assert.equal((await failure(scanned(connector))).kind, 'unavailable');
  fake.fault = () => ({ status: 429, body: '{}', headers: { 'retry-after': '7' } });
  const limited = await failure(scanned(connector));
  assert.deepEqual([limited.kind, limited.retryAfterMs], ['rateLimited', 7_000]);
  fake.fault = () => ({ status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } });
  assert.match((await failure(scanned(connector))).message, /HTML|sign in/i);
});

test('the workspace is what the connection says, what its host says, what its answers say, or its address', async (t) => {
  const fake = await fakeFor(t);
  const declared = databricksOver(fake, usualSecret, { instance: 'mine' }).connector;
  assert.equal(declared.scope, 'databricks://mine');
  const job = (await scanned(declared)).entities.find(({ kind }) => kind === 'job');
  assert.equal(job?.id, 'job:databricks://mine/11');
  const azure = databricksOver({ url: 'https://adb-984752964297111.11.azuredatabricks.net' }).connector;
  assert.equal(azure.scope, 'databricks://adb-984752964297111.11.azuredatabricks.net');
  assert.ok(azure.alsoScopes?.includes('databricks://984752964297111'));
  fake.fault = ({ path }) =>
    path.endsWith('/Me') || path.endsWith('_summary')
      ? { status: 403, body: '{}', headers: { 'x-databricks-org-id': '0' } }
      : undefined;
  const other = databricksOver(fake).connector;
  const found = (await scanned(other)).entities.find(({ kind }) => kind === 'table');
  assert.match(found?.id ?? '', /^table:databricks:\/\/127\.0\.0\.1:\d+\/main\//);
});
