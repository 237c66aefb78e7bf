// What SNOWFLAKE_* variables, connections.toml and config.toml offer, and to whom.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
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
const at = (url: string): ConnectionConfig => ({ name: 's', tool: 'snowflake', url, credential: 'environment' });
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open' },
});

const connections = `
[dev]
account = "acme-dev"
user = "ana"
password = "hunter2"

[prod]
account = "ACME-MY_PROD"
user = "ana"
authenticator = "SNOWFLAKE_JWT"
private_key_file = "~/keys/rsa.p8"
role = "reader"
warehouse = "load_wh"

[pat]
account = "xy12345.eu-west-1"
authenticator = "PROGRAMMATIC_ACCESS_TOKEN"
token = "pat-1"
`;

test('connections of the file, the default one first; keys are opened with their passphrase', async (t) => {
  const folder = testFolder(t, {
    'home/.snowflake/connections.toml': connections,
    'home/.snowflake/config.toml': 'default_connection_name = "prod"\n[connections.hidden]\naccount = "nobody"\n',
    'home/keys/rsa.p8': privateKey,
  });
  const user = userIn(folder, { PRIVATE_KEY_PASSPHRASE: 'open' });
  const { connections: found, unusable } = await detectConnections(user, [], []);
  assert.deepEqual(
    found.map(({ config, from, hasSecret }) => [
      config.url,
      config.instance,
      config.role,
      config.warehouse,
      from,
      hasSecret,
    ]),
    [
      [
        'https://acme-my-prod.snowflakecomputing.com',
        'acme-my_prod',
        'reader',
        'load_wh',
        'connections.toml [prod]',
        true,
      ],
      ['https://acme-dev.snowflakecomputing.com', undefined, undefined, undefined, 'connections.toml [dev]', false],
      [
        'https://xy12345.eu-west-1.snowflakecomputing.com',
        undefined,
        undefined,
        undefined,
        'connections.toml [pat]',
        true,
      ],
    ],
  );
  assert.match(unusable.join(), /\[dev\] signs in by a password, which Snowflake's SQL API does not take/);
  assert.ok(!unusable.join().includes('hunter2'));
  const key = await environmentSecret(at('https://acme-my-prod.snowflakecomputing.com'), user, []);
  assert.ok('secret' in key && key.secret.kind === 'basic');
  assert.deepEqual([key.secret.username, key.from], ['ana', 'connections.toml [prod]']);
  assert.match(key.secret.password, /^-----BEGIN PRIVATE KEY-----/);
  const pat = await environmentSecret(at('https://xy12345.eu-west-1.snowflakecomputing.com'), user, []);
  assert.deepEqual('secret' in pat && pat.secret, { kind: 'token', token: 'pat-1' });
  const other = await environmentSecret(at('https://else.snowflakecomputing.com'), user, []);
  assert.ok('reason' in other);
  const locked = await environmentSecret(at('https://acme-my-prod.snowflakecomputing.com'), userIn(folder), []);
  assert.match('reason' in locked ? locked.reason : '', /its private key cannot be used/);
});

test('variables: of one connection before its file, plain ones last; config.toml where there is no other file', async (t) => {
  const folder = testFolder(t, {
    'home/.config/snowflake/config.toml': '[connections.default]\naccount = "acme-dev"\n',
    'home/token': 'oauth-1\n',
  });
  const variables = {
    ...{
      SNOWFLAKE_CONNECTIONS_DEFAULT_AUTHENTICATOR: 'oauth',
      SNOWFLAKE_CONNECTIONS_DEFAULT_TOKEN_FILE_PATH: folder.at('home/token'),
    },
    ...{ SNOWFLAKE_ACCOUNT: 'acme-prod', SNOWFLAKE_TOKEN: 'plain-1' },
  };
  const user = userIn(folder, variables);
  const { connections: found } = await detectConnections(user, [], []);
  assert.deepEqual(
    found.map(({ config, from }) => [config.url, from]),
    [
      ['https://acme-dev.snowflakecomputing.com', 'config.toml [default]'],
      ['https://acme-prod.snowflakecomputing.com', 'SNOWFLAKE_ACCOUNT'],
    ],
  );
  const secrets = await Promise.all(
    ['dev', 'prod'].map((name) => environmentSecret(at(`https://acme-${name}.snowflakecomputing.com`), user, [])),
  );
  assert.deepEqual(
    secrets.map((one) => 'secret' in one && one.secret),
    [
      { kind: 'token', token: 'oauth-1' },
      { kind: 'token', token: 'plain-1' },
    ],
  );
});

test('a file of the workspace, one that is no TOML and odd values offer nothing', async (t) => {
  const folder = testFolder(t, { 'ws/sf/connections.toml': connections, 'home/.snowflake/connections.toml': '[[[' });
  const inside = userIn(folder, { SNOWFLAKE_HOME: folder.at('ws/sf') });
  assert.deepEqual((await detectConnections(inside, [folder.at('ws')], [])).connections, []);
  assert.deepEqual((await detectConnections(userIn(folder), [], [])).connections, []);
  const odd = userIn(folder, {
    SNOWFLAKE_HOME: folder.at('none'),
    SNOWFLAKE_ACCOUNT: 'a b/../c',
    SNOWFLAKE_TOKEN: 'x',
  });
  const { connections: none, unusable } = await detectConnections(odd, [], []);
  assert.deepEqual(none, []);
  assert.match(unusable.join(), /SNOWFLAKE_ACCOUNT: neither its account nor its host is an address/);
});
