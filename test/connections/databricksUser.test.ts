// What DATABRICKS_* variables, the profiles of ~/.databrickscfg and the token cache of the CLI offer, and to whom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectConnections } from '../../server/connections/detect.ts';
import { environmentSecret } from '../../server/connections/secrets.ts';
import { databricksUsers } from '../../server/connections/tools/databricksUser.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import type { User } from '../../server/world/user.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';

const userIn = (folder: TestFolder, variables: Readonly<Record<string, string>> = {}): User => ({
  home: folder.at('home'),
  platform: 'linux',
  variable: (name) => variables[name] || undefined,
});
const at = (url: string): ConnectionConfig => ({ name: 'd', tool: 'databricks', url, credential: 'environment' });
const now = Date.parse('2026-11-23T12:00:00Z');

const profiles = `
[DEFAULT]
host = https://dbc-1.cloud.databricks.com/
token = dapi-one

[prod]
host  = adb-416789.7.azuredatabricks.net/?o=416789
client_id = c-1
client_secret = s%%1

[me]
host = https://dbc-2.cloud.databricks.com
auth_type = databricks-cli

[azure]
host = https://adb-5.1.azuredatabricks.net
auth_type = azure-cli

[account]
host = https://accounts.cloud.databricks.com
token = dapi-account

[__settings__]
default_profile = prod
`;
const cache = JSON.stringify({
  version: 1,
  tokens: {
    'https://dbc-2.cloud.databricks.com': { access_token: 'u2m', refresh_token: 'r', expiry: '2026-11-23T12:30:00Z' },
    broken: { access_token: 7 },
  },
});

test('every profile with a host is offered without its secret, the default one first', async (t) => {
  const folder = testFolder(t, { 'home/.databrickscfg': profiles, 'home/.databricks/token-cache.json': cache });
  const told = await databricksUsers(userIn(folder), [], () => now);
  const offered = told.map(({ config, secret, from }) => [config?.url, secret?.kind, from]);
  assert.deepEqual(offered.slice(0, 3), [
    ['https://adb-416789.7.azuredatabricks.net', 'basic', '~/.databrickscfg [prod]'],
    ['https://dbc-1.cloud.databricks.com', 'token', '~/.databrickscfg [DEFAULT]'],
    ['https://dbc-2.cloud.databricks.com', 'token', '~/.databricks/token-cache.json'],
  ]);
  const { connections, unusable } = await detectConnections(userIn(folder), [], []);
  assert.doesNotMatch(JSON.stringify(connections), /dapi|s%1|u2m/);
  assert.equal(connections[0]?.config.name, 'databricks adb-416789.7.azuredatabricks.net');
  assert.ok(unusable.some((words) => /\[azure\] signs in by azure-cli, which Plumbline cannot/.test(words)));
  assert.ok(unusable.some((words) => /\[account\] is an account, not a workspace/.test(words)));
});

test('variables go before profiles, and are not mixed with them', async (t) => {
  const folder = testFolder(t, { 'home/.databrickscfg': profiles });
  const variables = { DATABRICKS_HOST: 'https://dbc-9.cloud.databricks.com', DATABRICKS_TOKEN: 'dapi-nine' };
  const [first] = await databricksUsers(userIn(folder, variables), []);
  assert.deepEqual([first?.named, first?.origin], ['DATABRICKS_HOST', 'https://dbc-9.cloud.databricks.com']);
  const onlyHost = await databricksUsers(userIn(folder, { DATABRICKS_HOST: 'https://dbc-9.cloud.databricks.com' }), []);
  assert.equal(onlyHost[0]?.secret, undefined);
  const [chosen] = await databricksUsers(userIn(folder, { DATABRICKS_CONFIG_PROFILE: 'DEFAULT' }), []);
  assert.equal(chosen?.origin, 'https://dbc-1.cloud.databricks.com');
});

test('a secret goes to the host that its profile names, and to no other', async (t) => {
  const folder = testFolder(t, { 'home/.databrickscfg': profiles });
  const user = userIn(folder);
  assert.deepEqual(await environmentSecret(at('https://adb-416789.7.azuredatabricks.net'), user, []), {
    secret: { kind: 'basic', username: 'c-1', password: 's%1' },
    from: '~/.databrickscfg [prod]',
  });
  const other = await environmentSecret(at('https://evil.example'), user, []);
  assert.ok('reason' in other);
  assert.match(other.reason, /nothing of them is sent/);
  assert.doesNotMatch(other.reason, /dapi|s%1/);
});

test('a token of the CLI that has run out is not used, and not renewed behind its back', async (t) => {
  const folder = testFolder(t, { 'home/.databrickscfg': profiles, 'home/.databricks/token-cache.json': cache });
  const late = await databricksUsers(userIn(folder), [], () => now + 3_600_000);
  const me = late.find(({ named }) => named === '~/.databrickscfg [me]');
  assert.equal(me?.secret, undefined);
  assert.match(me?.unusable ?? '', /has run out\. Run: databricks auth login --profile me\./);
  const without = testFolder(t, { 'home/.databrickscfg': profiles });
  const kept = await environmentSecret(at('https://dbc-2.cloud.databricks.com'), userIn(without), []);
  assert.ok('reason' in kept);
  assert.match(kept.reason, /keeps its tokens elsewhere.*auth_storage = plaintext/);
});

test('a configuration inside the workspace is nobody’s own, and hostile files offer nothing', async (t) => {
  const folder = testFolder(t, { 'w/.databrickscfg': profiles, 'home/.databricks/token-cache.json': '[[[' });
  const variables = { DATABRICKS_CONFIG_FILE: folder.at('w/.databrickscfg') };
  assert.deepEqual(await databricksUsers(userIn(folder, variables), [folder.at('w')]), []);
  const strange = testFolder(t, {
    'home/.databrickscfg': '[a\nhost=ftp://x\n[b]\nhost=::\ntoken=t\n[c]\ntoken=alone\n',
    'home/.databricks/token-cache.json': '{"tokens":[1,null,{"access_token":"x"}]}',
  });
  const told = await databricksUsers(userIn(strange), []);
  assert.deepEqual(
    told.map(({ config }) => config),
    [undefined, undefined],
  );
});
