// How Snowflake is asked: tokens and keys, long statements and results in parts, and what its refusals are called.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { HttpError } from '../../../server/connectors/httpError.ts';
import { accountOfToken, privateKeyOf } from '../../../server/connectors/snowflake/ask/keyPair.ts';
import type { Secret } from '../../../server/protocol/connection.ts';
import { type FakeSnowflake, fakeSnowflake, personalToken } from '../../fakes/snowflake/server.ts';
import { table } from '../../fakes/snowflake/world.ts';
import { scanned } from '../../support/scan.ts';
import { snowflakeOver, usualSecret } from './connected.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;

async function faked(t: TestContext): Promise<FakeSnowflake> {
  const fake = await fakeSnowflake(now);
  t.after(() => fake.close());
  return fake;
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

test('a user with a key signs for the account of the connection', async (t) => {
  const fake = await faked(t);
  fake.users.set('ACME-PROD_EU.ANA', publicKey);
  const secret: Secret = { kind: 'basic', username: 'ana', password: privateKey };
  const over = (given: Secret) => snowflakeOver(fake, given, { now: () => now, instance: 'acme-prod_eu' }).connector;
  assert.match(await over(secret).greet(signal), /^Snowflake 9\.40\.1 acme-prod_eu/);
  // Typed into a field of one line.
  assert.match(await over({ ...secret, password: privateKey.replaceAll('\n', ' ') }).greet(signal), /acme-prod_eu/);
  await assert.rejects(over({ ...secret, username: 'eve' }).greet(signal), { kind: 'unauthorized' });
  const none = over({ ...secret, password: 'hunter2' }).greet(signal);
  await assert.rejects(none, (error) => {
    assert.ok(error instanceof HttpError);
    assert.match(error.message, /live: 127\.0\.0\.1:\d+ takes no password .* Sign in with an unencrypted private key/);
    assert.ok(!error.message.includes('hunter2'));
    return error.kind === 'unauthorized';
  });
  assert.equal(accountOfToken('xy12345.eu-west-1'), 'XY12345');
  assert.throws(() => privateKeyOf(publicKey));
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  assert.throws(() => privateKeyOf(String(curve)), /none of RSA/);
});

test('a token is sent as it is; a wrong one is refused as such', async (t) => {
  const fake = await faked(t);
  assert.match(
    await snowflakeOver(fake, { kind: 'token', token: personalToken }).connector.greet(signal),
    /2 warehouses seen, 1 awake$/,
  );
  await assert.rejects(snowflakeOver(fake, { kind: 'token', token: 'x' }).connector.greet(signal), {
    kind: 'unauthorized',
  });
});

test('a role is sent in the case that Snowflake keeps it in', async (t) => {
  const fake = await faked(t);
  for (const role of ['ml_reader', '"odd"']) await snowflakeOver(fake, usualSecret, { role }).connector.greet(signal);
  assert.deepEqual([...new Set(fake.asked.map(({ role }) => role))], ['ML_READER', 'odd']);
});

test('a result in several parts is read to its end, and what is not done yet is asked for again', async (t) => {
  const fake = await faked(t);
  fake.partitionRows = 2;
  fake.pending = 1;
  const told = await scanned(snowflakeOver(fake, usualSecret, { now: () => now }).connector);
  assert.deepEqual(told.problems, []);
  assert.equal(told.entities.filter(({ kind, facts }) => kind === 'table' && facts).length, 6);
  assert.equal(told.runs.length, 6);
});

test('who gives up ends what he began', { timeout: 120_000 }, async (t) => {
  const fake = await faked(t);
  fake.pending = 1_000_000;
  const giving = new AbortController();
  const scan = scanned(snowflakeOver(fake, usualSecret, { now: () => now }).connector, giving.signal);
  const isWaiting = () => fake.others.some((one) => one.startsWith('GET /api/v2/statements'));
  while (!isWaiting()) await new Promise((resolve) => setTimeout(resolve, 5));
  giving.abort(new Error('enough'));
  await assert.rejects(scan, /enough/);
  while (!fake.others.includes('POST /api/v2/statements/…/cancel'))
    await new Promise((resolve) => setTimeout(resolve, 5));
});

test('what is on screen is told as of now, and names with quotes are the things that they mean', async (t) => {
  const fake = await faked(t);
  fake.world.tables.push(table('PROD', 'ML', "o'k %_\\", { owner: 'ODD' }));
  const { connector } = snowflakeOver(fake, usualSecret, { now: () => now });
  const told = await scanned(connector);
  const id = told.entities.find(({ facts }) => facts?.owner === 'ODD')?.id;
  assert.ok(id);
  fake.asked.length = 0;
  const looked = [];
  for await (const page of connector.describe(
    [id, 'table:snowflake://other/a/b/c', 'table:snowflake://acme-prod_eu/a'],
    signal,
  ))
    looked.push(...(page.entities ?? []));
  assert.deepEqual(
    looked.map(({ facts }) => facts?.owner),
    ['ODD'],
  );
  const scores = [];
  for await (const page of connector.describe(['table:snowflake://acme-prod_eu/prod/ml/scores'], signal))
    scores.push(page);
  assert.deepEqual(
    scores.flatMap(({ edges = [] }) => edges.map(({ from, evidence }) => [from.split('/').at(-1), evidence])),
    [['churn_predictions', 'GET_LINEAGE of Snowflake']],
  );
  // Ten minutes long it is not traced again.
  fake.asked.length = 0;
  for await (const _ of connector.describe(['table:snowflake://acme-prod_eu/prod/ml/scores'], signal));
  assert.deepEqual(
    fake.asked.map(({ statement }) => statement.split(' ')[0]),
    ['SHOW', 'SHOW', 'DESCRIBE'],
  );
});

test('a page that is no answer of Snowflake is not taken for one', async (t) => {
  const fake = await faked(t);
  for (const body of [
    {},
    { data: [] },
    { resultSetMetaData: { rowType: 7 }, data: [] },
    { resultSetMetaData: { rowType: [] } },
  ]) {
    fake.fault = () => ({ status: 200, body });
    await assert.rejects(scanned(snowflakeOver(fake).connector), { kind: 'broken' });
  }
});
