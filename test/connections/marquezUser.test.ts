// What Marquez' and OpenLineage's own variables and files offer, and to whom the key may go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectConnections } from '../../server/connections/detect.ts';
import { environmentSecret } from '../../server/connections/secrets.ts';
import type { User } from '../../server/world/user.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';

const userIn = (folder: TestFolder, variables: Readonly<Record<string, string>> = {}): User => ({
  home: folder.at('home'),
  platform: 'linux',
  variable: (name) => variables[name] || undefined,
});

const cases: readonly (readonly [Readonly<Record<string, string>>, string, string, boolean])[] = [
  [{ MARQUEZ_URL: 'http://m:5000/', OPENLINEAGE_URL: 'http://other:1' }, 'http://m:5000', 'MARQUEZ_URL', false],
  [{ OPENLINEAGE_URL: 'http://m:5000', OPENLINEAGE_API_KEY: 'k-1' }, 'http://m:5000', 'OPENLINEAGE_URL', true],
  [
    { OPENLINEAGE_URL: 'https://acme.com/lineage/api/v1/lineage' },
    'https://acme.com/lineage',
    'OPENLINEAGE_URL',
    false,
  ],
  [{ OPENLINEAGE__TRANSPORT__URL: 'http://m:5000' }, 'http://m:5000', 'OPENLINEAGE__TRANSPORT__URL', false],
];
for (const [variables, url, from, hasSecret] of cases) {
  test(`${Object.keys(variables).join(', ')}: ${url}`, async (context) => {
    const { connections } = await detectConnections(userIn(testFolder(context), variables), [], []);
    const [only] = connections;
    assert.deepEqual(
      [only?.config.tool, only?.config.url, only?.from, only?.hasSecret, connections.length],
      ['marquez', url, from, hasSecret, 1],
    );
    assert.doesNotMatch(JSON.stringify(connections), /k-1/);
  });
}

const yml = 'transport:\n  type: http\n  url: http://m:5000\n  auth: {type: api_key, api_key: k-of-the-file}\n';

test("the user's own openlineage.yml, and its key for that address alone", async (context) => {
  const user = userIn(testFolder(context, { 'home/.openlineage/openlineage.yml': yml }));
  const { connections } = await detectConnections(user, [], []);
  assert.deepEqual(
    connections.map(({ config, from }) => [config.url, from]),
    [['http://m:5000', '~/.openlineage/openlineage.yml']],
  );
  const at = (url: string) => ({ name: 'm', tool: 'marquez', url, credential: 'environment' }) as const;
  const mine = await environmentSecret(at('http://m:5000'), user, []);
  assert.deepEqual(mine, { secret: { kind: 'token', token: 'k-of-the-file' }, from: '~/.openlineage/openlineage.yml' });
  const other = await environmentSecret(at('http://m:5001'), user, []);
  assert.ok('reason' in other && /are for http:\/\/m:5000/.test(other.reason));
});

test('a file of the workspace, one that is no YAML, and other transports offer nothing', async (context) => {
  const folder = testFolder(context, {
    'ws/openlineage.yml': yml,
    'home/.openlineage/openlineage.yml': 'transport: {type: kafka, url: x}\n',
  });
  const user = userIn(folder, { OPENLINEAGE_CONFIG: folder.at('ws/openlineage.yml') });
  assert.deepEqual((await detectConnections(user, [folder.at('ws')], [])).connections, []);
  folder.write('home/.openlineage/openlineage.yml', '{{{');
  assert.deepEqual((await detectConnections(user, [folder.at('ws')], [])).connections, []);
  const own = await detectConnections(user, [], []);
  assert.deepEqual(
    own.connections.map(({ from }) => from),
    ['OPENLINEAGE_CONFIG'],
  );
});
