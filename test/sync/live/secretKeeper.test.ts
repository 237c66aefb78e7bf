// When a sign-in is wanted: refused while nothing was sent; never because of a right that is lacking, or of what others send.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { SecretKeeper } from '../../../server/sync/live/secretKeeper.ts';

const token: Secret = { kind: 'token', token: 'of-the-test' };
const keeper = (secret: Secret | undefined, credential?: ConnectionConfig['credential']): SecretKeeper => {
  const config = {
    name: 'live',
    tool: 'datadog',
    url: 'https://api.example.com',
    ...(credential && { credential }),
  } as const;
  return new SecretKeeper(config, async () => secret);
};

const cases: readonly (readonly [string, SecretKeeper, 'unauthorized' | 'forbidden', boolean])[] = [
  ['401 to nothing', keeper(undefined), 'unauthorized', true],
  ['403 to nothing', keeper(undefined), 'forbidden', true],
  ['401 to a token, which is asked for anew', keeper(token), 'unauthorized', false],
  ['403 to a token', keeper(token), 'forbidden', false],
  ["403 to what AWS's own files hold", keeper(undefined, 'environment'), 'forbidden', false],
  ['403 where nothing is to be sent', keeper(undefined, 'none'), 'forbidden', false],
];
for (const [what, one, kind, wanted] of cases)
  test(what, async () => {
    await one.get();
    one.heard(kind);
    assert.equal(one.needed, wanted);
    one.heard(undefined);
    assert.equal(one.needed, false);
  });

test('refused before anybody asked for the secret, nothing is known of it', () => {
  const one = keeper(undefined);
  one.heard('forbidden');
  assert.equal(one.needed, false);
});
