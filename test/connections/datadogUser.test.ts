// What DD_* and DATADOG_* variables and ~/.dogrc offer, and to whom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectConnections } from '../../server/connections/detect.ts';
import { environmentSecret } from '../../server/connections/secrets.ts';
import { datadogUsers } from '../../server/connections/tools/datadogUser.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { datadogPages, datadogSiteOf, datadogSites } from '../../server/protocol/datadogSites.ts';
import type { User } from '../../server/world/user.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';

const userIn = (folder: TestFolder, variables: Readonly<Record<string, string>> = {}): User => ({
  home: folder.at('home'),
  platform: 'linux',
  variable: (name) => variables[name] || undefined,
});
const at = (url: string): ConnectionConfig => ({ name: 'd', tool: 'datadog', url, credential: 'environment' });
const both = { DD_API_KEY: 'api-1', DD_APP_KEY: 'app-1' };
const dogrc = '[Connection]\napikey = api-2\nappkey = app-2\napi_host = https://api.datadoghq.eu\n';

const told = async (folder: TestFolder, variables: Readonly<Record<string, string>> = {}) =>
  (await datadogUsers(userIn(folder, variables), [])).map(({ named, config, secret, from, unusable }) =>
    [named, config?.url, secret?.kind === 'basic' ? secret.password : secret?.kind, from, unusable].join(' | '),
  );

test('each site by its name, whole addresses, US1 without any', async (t) => {
  const folder = testFolder(t, { 'home/.keep': '' });
  for (const { site } of datadogSites)
    assert.deepEqual(await told(folder, { ...both, DD_SITE: site }), [
      `DD_SITE | https://api.${site} | app-1 | DD_API_KEY | `,
    ]);
  assert.deepEqual(await told(folder, both), ['DD_API_KEY | https://api.datadoghq.com | app-1 | DD_API_KEY | ']);
  const old = { DATADOG_API_KEY: 'k', DATADOG_APP_KEY: 'a', DATADOG_HOST: 'https://app.datadoghq.eu/' };
  assert.deepEqual(await told(folder, old), ['DATADOG_HOST | https://api.datadoghq.eu | a | DATADOG_API_KEY | ']);
  const own = { ...both, DATADOG_HOST: 'http://127.0.0.1:8126' };
  assert.deepEqual(await told(folder, own), ['DATADOG_HOST | http://127.0.0.1:8126 | app-1 | DD_API_KEY | ']);
  assert.deepEqual(await told(folder, { DD_BEARER_TOKEN: 't', DD_SITE: 'datadoghq.eu' }), [
    'DD_SITE | https://api.datadoghq.eu | token | DD_BEARER_TOKEN | ',
  ]);
  assert.deepEqual(await told(folder), []);
});

test('the file of the command line, also when the home folder is open', async (t) => {
  const folder = testFolder(t, { 'home/.dogrc': dogrc });
  assert.deepEqual(await told(folder), ['~/.dogrc | https://api.datadoghq.eu | app-2 | ~/.dogrc | ']);
  assert.equal(
    (await datadogUsers(userIn(folder), [folder.at('home')])).length,
    1,
    'a home that is open is still a home',
  );
});

test('what cannot be used says why', async (t) => {
  const folder = testFolder(t, { 'home/.dogrc': '[Connection]\napikey = api-2\n' });
  assert.match((await told(folder)).join(), /no application key stands beside it/);
  for (const host of ['ftp://x', 'http://user:secret@h', 'not an address']) {
    const [first = ''] = await told(folder, { ...both, DATADOG_HOST: host });
    assert.match(first, /names no site of Datadog and no http or https address/);
    assert.doesNotMatch(first, /secret@/);
  }
});

test('the keys go to their own site alone', async (t) => {
  const folder = testFolder(t, { 'home/.keep': '' });
  const user = userIn(folder, { ...both, DD_SITE: 'datadoghq.eu' });
  assert.deepEqual(await environmentSecret(at('https://api.datadoghq.eu'), user, []), {
    secret: { kind: 'basic', username: 'api-1', password: 'app-1' },
    from: 'DD_API_KEY',
  });
  assert.match(
    JSON.stringify(await environmentSecret(at('https://api.datadoghq.com'), user, [])),
    /nothing of them is sent/,
  );
  // Without a site they are for whichever the user's own file names.
  const anywhere = await environmentSecret(at('https://api.us5.datadoghq.com'), userIn(folder, both), []);
  assert.ok('secret' in anywhere);
  assert.match(
    JSON.stringify(await environmentSecret(at('https://api.datadoghq.eu'), userIn(folder), [])),
    /DD_API_KEY/,
  );
});

test('it is offered without its secret', async (t) => {
  const folder = testFolder(t, { 'home/.keep': '' });
  const { connections } = await detectConnections(userIn(folder, { ...both, DD_SITE: 'us5.datadoghq.com' }), [], []);
  const offered = connections.filter(({ config }) => config.tool === 'datadog');
  assert.deepEqual(
    offered.map(({ config, hasSecret }) => [config.url, config.credential, hasSecret]),
    [['https://api.us5.datadoghq.com', 'environment', true]],
  );
  assert.doesNotMatch(JSON.stringify(connections), /api-1|app-1/);
});

test('pages and sites of addresses', () => {
  assert.equal(datadogPages('https://api.datadoghq.eu'), 'https://app.datadoghq.eu');
  assert.equal(datadogPages('https://api.us3.datadoghq.com'), 'https://us3.datadoghq.com');
  assert.equal(datadogPages('http://127.0.0.1:9/x'), 'http://127.0.0.1:9');
  assert.equal(datadogSiteOf('https://acme.datadoghq.com/monitors/1'), 'datadoghq.com');
  assert.equal(datadogSiteOf('https://app.us5.datadoghq.com'), 'us5.datadoghq.com');
  assert.equal(datadogSiteOf('https://api.datadoghq.com.evil.example'), undefined);
  assert.equal(datadogSiteOf('https://evildatadoghq.com'), undefined);
});
