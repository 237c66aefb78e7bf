// What Ray's own variables and token file offer, and to whom the token may go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectConnections } from '../../server/connections/detect.ts';
import { environmentSecret } from '../../server/connections/secrets.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import type { User } from '../../server/world/user.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';

const userIn = (folder: TestFolder, variables: Readonly<Record<string, string>> = {}): User => ({
  home: folder.at('home'),
  platform: 'linux',
  variable: (name) => variables[name] || undefined,
});
const rayAt = (url: string): ConnectionConfig => ({ name: 'r', tool: 'ray', url, credential: 'environment' });
const token = (value: string) => ({ kind: 'token', token: value });

for (const [address, url] of [
  ['http://head:8265/', 'http://head:8265'],
  ['https://ray.acme.com/prod', 'https://ray.acme.com/prod'],
  ['ray://Head:10001', 'http://head:8265'],
  ['10.0.0.4:6379', 'http://10.0.0.4:8265'],
  ['auto', 'http://127.0.0.1:8265'],
] as const) {
  test(`RAY_ADDRESS=${address} is the dashboard at ${url}`, async (context) => {
    const user = userIn(testFolder(context), { RAY_ADDRESS: address });
    const { connections } = await detectConnections(user, [], []);
    assert.deepEqual(
      connections.map(({ config, from, hasSecret }) => [config.tool, config.url, config.credential, from, hasSecret]),
      [['ray', url, 'none', 'RAY_ADDRESS', false]],
    );
  });
}

test('the address of the API goes before that of the cluster, and the token is for it alone', async (context) => {
  const folder = testFolder(context, { 'home/.ray/auth_token': 'tok-of-the-file\n' });
  const user = userIn(folder, { RAY_API_SERVER_ADDRESS: 'http://one:8265', RAY_ADDRESS: 'ray://two:10001' });
  const { connections } = await detectConnections(user, [], []);
  assert.deepEqual(
    connections.map(({ config, hasSecret }) => [config.url, hasSecret]),
    [['http://one:8265', true]],
  );
  assert.doesNotMatch(JSON.stringify(connections), /tok-of/);
  const found = await environmentSecret(rayAt('http://one:8265'), user, []);
  assert.deepEqual(found, { secret: token('tok-of-the-file'), from: '~/.ray/auth_token' });
  const elsewhere = await environmentSecret(rayAt('http://two:8265'), user, []);
  assert.ok('reason' in elsewhere && /are for http:\/\/one:8265/.test(elsewhere.reason));
});

test("the token in Ray's own order; none where Ray sends none", async (context) => {
  const folder = testFolder(context, { 'home/.ray/auth_token': 'c', 'tokens/b': ' b ', 'tokens/broken': 'a b\nc' });
  const secret = async (variables: Readonly<Record<string, string>>, workspace: readonly string[] = []) => {
    const found = await environmentSecret(rayAt('http://h:8265'), userIn(folder, variables), workspace);
    return 'secret' in found ? [found.secret, found.from] : found.reason;
  };
  const path = { RAY_AUTH_TOKEN_PATH: folder.at('tokens/b') };
  assert.deepEqual(await secret({ RAY_AUTH_TOKEN: 'a', ...path }), [token('a'), 'RAY_AUTH_TOKEN']);
  assert.deepEqual(await secret(path), [token('b'), 'RAY_AUTH_TOKEN_PATH']);
  assert.deepEqual(await secret({}), [token('c'), '~/.ray/auth_token']);
  assert.match(
    String(await secret({ RAY_AUTH_TOKEN: 'a', RAY_AUTH_MODE: 'disabled' })),
    /^"r": neither RAY_AUTH_TOKEN/,
  );
  assert.match(String(await secret(path, [folder.at('tokens')])), /neither/, "a file of the workspace is nobody's own");
  assert.match(String(await secret({ RAY_AUTH_TOKEN_PATH: folder.at('tokens/broken') })), /neither/);
  assert.match(String(await secret({ RAY_AUTH_TOKEN_PATH: 'tokens/b' })), /neither/);
});

test('what is no address of a head is not offered, and the token goes nowhere', async (context) => {
  const user = userIn(testFolder(context), { RAY_ADDRESS: 'unix:/tmp/ray', RAY_AUTH_TOKEN: 'a' });
  const { connections, unusable } = await detectConnections(user, [], []);
  assert.deepEqual(connections, []);
  assert.match(unusable.join(), /^RAY_ADDRESS: .*for example "http:\/\/head:8265"/);
  assert.ok('reason' in (await environmentSecret(rayAt('http://h:8265'), user, [])));
});
