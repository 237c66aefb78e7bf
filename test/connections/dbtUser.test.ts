// What dbt Cloud's variables and ~/.dbt/dbt_cloud.yml offer, and to whom a token may go.
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
const at = (url: string, instance?: string): ConnectionConfig => ({
  ...{ name: 'd', tool: 'dbt', url, credential: 'environment' },
  ...(instance === undefined ? {} : { instance }),
});
const token = (value: string) => ({ kind: 'token', token: value });

for (const [variables, url, from, hasSecret] of [
  [{ DBT_CLOUD_HOST: 'ab123.us1.dbt.com' }, 'https://ab123.us1.dbt.com', 'DBT_CLOUD_HOST', false],
  [{ DBT_CLOUD_HOST_URL: 'https://emea.dbt.com/api' }, 'https://emea.dbt.com', 'DBT_CLOUD_HOST_URL', false],
  [{ DBT_CLOUD_API_TOKEN: 'dbtc_1' }, 'https://cloud.getdbt.com', 'DBT_CLOUD_API_TOKEN', true],
  [
    { DBT_CLOUD_HOST: 'ab123.us1.dbt.com', DBT_CLOUD_SERVICE_TOKEN: 'dbtc_1', DBT_CLOUD_ACCOUNT_ID: '4242' },
    ...(['https://ab123.us1.dbt.com', 'DBT_CLOUD_HOST', true] as const),
  ],
] as const) {
  test(`${Object.keys(variables).join(', ')} offer ${url}`, async (context) => {
    const user = userIn(testFolder(context), variables);
    const { connections } = await detectConnections(user, [], []);
    assert.deepEqual(
      connections.map(({ config, from: named, hasSecret: has }) => [config.tool, config.url, named, has]),
      [['dbt', url, from, hasSecret]],
    );
    assert.equal(connections[0]?.config.instance, 'DBT_CLOUD_ACCOUNT_ID' in variables ? '4242' : undefined);
    assert.doesNotMatch(JSON.stringify(connections), /dbtc_1/);
  });
}

const file = `version: "1"
context:
  active-project: "11"
  active-host: "ab123.us1.dbt.com"
projects:
  - {project-id: "10", account-name: "Other", account-id: "7", account-host: "cloud.getdbt.com", token-value: "dbtc_of_7"}
  - {project-id: 11, account-name: "Acme", account-id: 4242, account-host: "ab123.us1.dbt.com", token-value: "dbtc_of_4242"}
  - {project-id: "12", account-name: "Acme", account-id: "4242", account-host: "ab123.us1.dbt.com", token-value: "dbtc_else"}
  - {project-id: "13", account-id: "8", account-host: "cloud.getdbt.com", api-key: "dbtc_of_8"}
  - {project-id: "14", account-host: "ftp://x"}
`;

test('the file offers each account, the active one first, and its token is for its host and account', async (context) => {
  const user = userIn(testFolder(context, { 'home/.dbt/dbt_cloud.yml': file }));
  const { connections } = await detectConnections(user, [], []);
  assert.deepEqual(
    connections.map(({ config, from, hasSecret }) => [config.url, config.instance, from, hasSecret]),
    [
      ['https://ab123.us1.dbt.com', '4242', '~/.dbt/dbt_cloud.yml (Acme)', true],
      ['https://cloud.getdbt.com', '7', '~/.dbt/dbt_cloud.yml (Other)', true],
    ],
  );
  assert.doesNotMatch(JSON.stringify(connections), /dbtc_/);
  const secret = async (config: ConnectionConfig) => {
    const found = await environmentSecret(config, user, []);
    return 'secret' in found ? found.secret : found.reason;
  };
  assert.deepEqual(await secret(at('https://ab123.us1.dbt.com')), token('dbtc_of_4242'));
  assert.deepEqual(await secret(at('https://cloud.getdbt.com', '8')), token('dbtc_of_8'));
  assert.deepEqual(await secret(at('https://cloud.getdbt.com', '7')), token('dbtc_of_7'));
  assert.match(String(await secret(at('https://evil.example.com'))), /nothing of them is sent/);
});

test('a file of any shape, and one of the workspace, offer nothing', async (context) => {
  for (const written of ['', '[', 'projects: 7', 'projects: [1, null, {account-host: [x]}]', '- a', '&a [*a]']) {
    const user = userIn(testFolder(context, { 'home/.dbt/dbt_cloud.yml': written }));
    assert.deepEqual((await detectConnections(user, [], [])).connections, [], written);
  }
  const folder = testFolder(context, { 'home/.dbt/dbt_cloud.yml': file });
  assert.deepEqual((await detectConnections(userIn(folder), [folder.at('home/.dbt')], [])).connections, []);
  const wrong = userIn(testFolder(context), { DBT_CLOUD_HOST: 'not a host', DBT_CLOUD_API_TOKEN: 'dbtc_1' });
  assert.match((await detectConnections(wrong, [], [])).unusable.join(), /DBT_CLOUD_HOST: this is no address/);
});
