// Sealed secrets: what is traced of them tells nothing, and only the one they are meant for reads them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Secret } from '../../server/protocol/connection.ts';
import { createSeal, seal } from '../../server/protocol/sealed.ts';

const texts = fc.string({ minLength: 8, unit: 'binary' });
const secrets: fc.Arbitrary<Secret> = fc.oneof(
  texts.map((token): Secret => ({ kind: 'token', token })),
  fc.tuple(texts, texts).map(([username, password]): Secret => ({ kind: 'basic', username, password })),
);

test('the one it is sealed for reads it as it was; nobody else does', () => {
  const own = createSeal();
  const other = createSeal();
  fc.assert(
    fc.property(secrets, (secret) => {
      const sealed = seal(secret, own.publicKey);
      assert.deepEqual(own.open(sealed), secret);
      assert.throws(() => other.open(sealed));
    }),
    { numRuns: 30 },
  );
});

test('neither the secret nor anything of its shape stands in what travels, and never the same twice', () => {
  const { publicKey } = createSeal();
  const secret: Secret = { kind: 'basic', username: 'mallory-user', password: 'correct horse battery' };
  const [one, two] = [JSON.stringify(seal(secret, publicKey)), JSON.stringify(seal(secret, publicKey))];
  assert.notEqual(one, two);
  for (const word of ['mallory', 'correct', 'basic', Buffer.from('correct horse').toString('base64').slice(0, 12)])
    assert.ok(!one.includes(word), word);
});

test('what was changed on the way is refused', () => {
  const own = createSeal();
  const sealed = seal({ kind: 'token', token: 'abcdefgh' }, own.publicKey);
  const flipped = Buffer.from(sealed.text, 'base64');
  flipped[0] = (flipped[0] ?? 0) ^ 1;
  assert.throws(() => own.open({ ...sealed, text: flipped.toString('base64') }));
});
