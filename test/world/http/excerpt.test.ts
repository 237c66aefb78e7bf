// What a body that refuses says, in words: the shapes of the tools that we read, and any bytes at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { excerpt, wordsOf } from '../../../server/world/http/excerpt.ts';

const bodies: readonly (readonly [string, unknown, string])[] = [
  ['MLflow', { error_code: 'PERMISSION_DENIED', message: 'not you' }, 'PERMISSION_DENIED: not you'],
  [
    'Snowflake',
    { code: '390303', message: 'Invalid OAuth access token.', sqlState: '00000' },
    '390303: Invalid OAuth access token.',
  ],
  [
    'dbt Cloud',
    { status: { code: 401, is_success: false, user_message: 'Invalid token.' }, data: null },
    'Invalid token.',
  ],
  ['Datadog', { errors: ['Forbidden'] }, 'Forbidden'],
  ['Datadog v2', { errors: [{ status: '403', title: 'Forbidden', detail: 'no scope' }] }, 'no scope'],
  ['Airflow', { detail: 'Invalid credentials', title: 'Unauthorized', status: 401 }, 'Invalid credentials'],
  ['Prometheus', { status: 'error', errorType: 'bad_data', error: 'parse error' }, 'parse error'],
  ['OAuth', { error: 'invalid_client', error_description: 'unknown client' }, 'unknown client'],
  ['Google', { error: { code: 403, message: 'no access' } }, 'no access'],
];
for (const [tool, body, words] of bodies)
  test(`a refusal of ${tool}`, () => assert.equal(wordsOf(JSON.stringify(body)), words));

test('what is no such body stays as it is', () => {
  for (const body of [
    '',
    'Who are you?',
    '<html>',
    '{',
    '{}',
    '[]',
    '{"message":7}',
    '{"errors":[]}',
    '{"error":null}',
  ])
    assert.equal(wordsOf(body), body);
});

test('a secret that JSON writes with escapes is not shown', () => {
  const body = String.raw`{"message":"no \u0074oken-of-mine\u001b[31m here"}`;
  assert.equal(excerpt(wordsOf(body), ['token-of-mine']), 'no ••• [31m here');
});

test('any body at all has words, never a crash', () => {
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string()), (body) => typeof wordsOf(body) === 'string'));
  const deep = `${'{"error":'.repeat(300)}1${'}'.repeat(300)}`;
  assert.equal(typeof wordsOf(deep), 'string');
});
