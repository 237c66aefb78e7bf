// What the tools' own variables and files offer, and to whom their secrets may go.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectConnections } from '../../server/connections/detect.ts';
import { environmentSecret } from '../../server/connections/secrets.ts';
import { parseIni } from '../../server/connections/tools/ini.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import type { User } from '../../server/world/user.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';

type Variables = Readonly<Record<string, string>>;

const userIn = (folder: TestFolder, variables: Variables = {}): User => ({
  home: folder.at('home'),
  platform: 'linux',
  variable: (name) => variables[name] || undefined,
});
const mlflowAt = (url: string): ConnectionConfig => ({ name: 'm', tool: 'mlflow', url, credential: 'environment' });
const airflowAt = (url: string): ConnectionConfig => ({ name: 'a', tool: 'airflow', url, credential: 'environment' });
const credentialsFile = '[mlflow]\nmlflow_tracking_username = ana\nmlflow_tracking_password = p%%w#1=:\n';

test('MLFLOW_TRACKING_URI is offered with what belongs to it, without its secret', async (context) => {
  const user = userIn(testFolder(context), {
    MLFLOW_TRACKING_URI: 'https://bo:s3cret@mlflow.acme.com/ml/',
    MLFLOW_TRACKING_INSECURE_TLS: 'true',
    MLFLOW_TRACKING_SERVER_CERT_PATH: '/ca.pem',
    MLFLOW_TRACKING_CLIENT_CERT_PATH: '/me.pem',
    MLFLOW_WORKSPACE: 'growth',
  });
  const { connections } = await detectConnections(user, [], []);
  assert.deepEqual(connections, [
    {
      config: {
        name: 'mlflow mlflow.acme.com/ml',
        tool: 'mlflow',
        url: 'https://mlflow.acme.com/ml',
        workspace: 'growth',
        allowSelfSigned: true,
        caFile: '/ca.pem',
        certificateFile: '/me.pem',
        keyFile: '/me.pem',
        credential: 'environment',
      },
      from: 'MLFLOW_TRACKING_URI',
      hasSecret: true,
    },
  ]);
  const found = await environmentSecret(mlflowAt('https://mlflow.acme.com/ml'), user, []);
  assert.deepEqual('secret' in found && found.secret, { kind: 'basic', username: 'bo', password: 's3cret' });
});

for (const uri of [
  'sqlite:///mlflow.db',
  './mlruns',
  'file:/tmp/mlruns',
  'databricks',
  'postgresql+psycopg2://u:p@h/db',
]) {
  test(`${uri} is not offered, with a word why, and its secret goes nowhere`, async (context) => {
    const user = userIn(testFolder(context), { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: 't0ken' });
    const { connections, unusable } = await detectConnections(user, [], []);
    assert.deepEqual(connections, []);
    assert.match(unusable.join(), /^MLFLOW_TRACKING_URI: /);
    assert.ok('reason' in (await environmentSecret(mlflowAt('http://localhost:5000'), user, [])));
  });
}

test('what is connected already is not offered again; a name that is taken gets a number', async (context) => {
  const user = userIn(testFolder(context), { MLFLOW_TRACKING_URI: 'http://h:5000', AIRFLOW_API_URL: 'http://h:8080' });
  const known = [mlflowAt('http://H:5000/'), { ...airflowAt('http://other'), name: 'airflow h:8080' }];
  const { connections } = await detectConnections(user, [], known);
  assert.deepEqual(
    connections.map(({ config }) => config),
    [{ name: 'airflow h:8080 (2)', tool: 'airflow', url: 'http://h:8080', credential: 'none' }],
  );
});

test('a secret goes to the address that its variables name, and to no other', async (context) => {
  const user = userIn(testFolder(context), {
    MLFLOW_TRACKING_URI: 'https://mlflow.acme.com',
    MLFLOW_TRACKING_TOKEN: 't0ken',
    AIRFLOW_API_URL: 'http://localhost:8080',
    AIRFLOW_API_USERNAME: 'ana',
    AIRFLOW_API_PASSWORD: 'pw',
  });
  for (const [config, goes] of [
    [mlflowAt('https://mlflow.acme.com/any/prefix'), true],
    [mlflowAt('http://mlflow.acme.com'), false],
    [mlflowAt('https://mlflow.acme.com:8443'), false],
    [mlflowAt('https://mlflow.acme.com.evil.com'), false],
    [airflowAt('http://localhost:8080'), true],
    [airflowAt('http://localhost:8081'), false],
  ] as const) {
    const found = await environmentSecret(config, user, []);
    assert.equal('secret' in found, goes, config.url);
    if ('reason' in found) assert.match(found.reason, /so nothing of them is sent\. Write the same address/);
  }
});

test('MLflow: variables before the file, user and password before the token', async (context) => {
  const folder = testFolder(context, { 'home/.mlflow/credentials': credentialsFile });
  const at = mlflowAt('http://localhost:5000');
  const secretOf = async (variables: Variables) => {
    const found = await environmentSecret(at, userIn(folder, variables), []);
    return 'secret' in found ? found : undefined;
  };
  const ofFile = { kind: 'basic', username: 'ana', password: 'p%w#1=:' };
  assert.deepEqual(await secretOf({}), { secret: ofFile, from: '~/.mlflow/credentials' });
  assert.deepEqual((await secretOf({ MLFLOW_TRACKING_TOKEN: 't' }))?.secret, ofFile);
  assert.deepEqual((await secretOf({ MLFLOW_TRACKING_PASSWORD: 'new' }))?.secret, { ...ofFile, password: 'new' });
  const token = userIn(testFolder(context), { MLFLOW_TRACKING_TOKEN: 't' });
  assert.deepEqual(await environmentSecret(at, token, []), {
    secret: { kind: 'token', token: 't' },
    from: 'MLFLOW_TRACKING_TOKEN',
  });
  const none = await environmentSecret(at, userIn(testFolder(context)), []);
  assert.match('reason' in none ? none.reason : '', /neither MLFLOW_TRACKING_USERNAME .* Set one of them/);
});

test('an Airflow under AIRFLOW_HOME is offered with its generated password', async (context) => {
  const folder = testFolder(context, {
    'air/airflow.cfg': '[api]\n# where\nbase_url = http://localhost:8080\n',
    'air/simple_auth_manager_passwords.json.generated': '{"bob": "b", "admin": "RfQ"}\n',
  });
  const user = userIn(folder, { AIRFLOW_HOME: folder.at('air') });
  const { connections } = await detectConnections(user, [folder.at('elsewhere')], []);
  const url = 'http://localhost:8080';
  assert.deepEqual(connections, [
    {
      config: { name: 'airflow localhost:8080', tool: 'airflow', url, credential: 'environment' },
      from: '$AIRFLOW_HOME/airflow.cfg',
      hasSecret: true,
    },
  ]);
  const found = await environmentSecret(airflowAt(url), user, []);
  assert.deepEqual('secret' in found && found.secret, { kind: 'basic', username: 'admin', password: 'RfQ' });
  assert.ok('reason' in (await environmentSecret(airflowAt('http://localhost:9999'), user, [])));
});

test('nothing of the workspace is read, even where AIRFLOW_HOME leads into it', async (context) => {
  const folder = testFolder(context, {
    'ws/air/airflow.cfg': '[api]\nbase_url = http://evil:1\n',
    'ws/air/simple_auth_manager_passwords.json.generated': '{"admin": "RfQ"}',
    'ws/.env': 'MLFLOW_TRACKING_URI=http://evil:2\n',
  });
  for (const home of [folder.at('ws/air'), 'air', './ws/air']) {
    const { connections } = await detectConnections(userIn(folder, { AIRFLOW_HOME: home }), [folder.at('ws')], []);
    assert.deepEqual(connections, [], home);
  }
  const open = { ...userIn(folder, { AIRFLOW_HOME: folder.at('ws/air') }), home: folder.at('ws') };
  assert.equal(
    (await detectConnections(open, [folder.path], [])).connections.length,
    1,
    'the home folder itself is open',
  );
});

test('ini files are read as Python reads them', () => {
  const ini = parseIni('top = 1\n[a]\n; no\nKey : v = 1\nlong = one\n  two\n[b]\nkey=\n[a]\nlater = x # y\n???\n');
  assert.deepEqual(
    [...(ini.get('a') ?? [])],
    [
      ['key', 'v = 1'],
      ['long', 'one\ntwo'],
      ['later', 'x # y'],
    ],
  );
  assert.equal(ini.get('b')?.get('key'), '');
});

test('PROMETHEUS_URL and ALERTMANAGER_URL, else amtool, are offered; secrets are for their origin alone', async (context) => {
  const folder = testFolder(context, {
    'home/.config/amtool/config.yml': 'alertmanager.url: "http://bo:s3cret@am.acme.com:9093/"\nauthor: bo\n',
  });
  const user = userIn(folder, { PROMETHEUS_URL: 'https://prom.acme.com/p/', PROMETHEUS_TOKEN: 't0ken' });
  const { connections } = await detectConnections(user, [], []);
  assert.deepEqual(
    connections.map(({ config: { tool, url, credential }, from, hasSecret }) => [
      tool,
      url,
      credential,
      from,
      hasSecret,
    ]),
    [
      ['prometheus', 'https://prom.acme.com/p', 'environment', 'PROMETHEUS_URL', true],
      ['alertmanager', 'http://am.acme.com:9093', 'none', '~/.config/amtool/config.yml', false],
    ],
  );
  const at = (url: string): ConnectionConfig => ({ name: 'p', tool: 'prometheus', url, credential: 'environment' });
  const own = await environmentSecret(at('https://prom.acme.com/p'), user, []);
  assert.deepEqual('secret' in own && own.secret, { kind: 'token', token: 't0ken' });
  assert.ok('reason' in (await environmentSecret(at('https://elsewhere.acme.com'), user, [])));
  folder.write('home/.config/amtool/config.yml', '{{{ no yaml: [');
  assert.equal((await detectConnections(user, [], [])).connections.length, 1);
});
