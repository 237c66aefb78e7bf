// What AWS's own variables and files offer: a connection for each profile, where it is, and never a secret of a session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectConnections } from '../../server/connections/detect.ts';
import { awsUsers } from '../../server/connections/tools/awsUser.ts';
import { testFolder } from '../support/folder.ts';

const config = `
[default]
region = eu-west-1
[profile prod]
region = ap-south-1
sso_session = acme
[profile minio]
endpoint_url = http://localhost:9000/
`;

function userWith(home: string, variables: Readonly<Record<string, string>>) {
  return { variable: (name: string) => variables[name], home, platform: 'linux' as const };
}

test('each profile is offered, the chosen one first, where its region or endpoint is', async (t) => {
  const folder = testFolder(t, { '.aws/config': config, '.aws/credentials': '[old]\naws_access_key_id = A\n' });
  const found = await awsUsers(userWith(folder.path, { AWS_PROFILE: 'prod' }), [], 's3');
  assert.deepEqual(
    found.map(({ named, config: offered }) => [named, offered?.profile, offered?.url, offered?.credential]),
    [
      ['AWS_PROFILE', 'prod', 'https://s3.ap-south-1.amazonaws.com', 'environment'],
      ['~/.aws (profile old)', 'old', 'https://s3.us-east-1.amazonaws.com', 'environment'],
      ['~/.aws (profile default)', undefined, 'https://s3.eu-west-1.amazonaws.com', 'environment'],
      ['~/.aws (profile minio)', 'minio', 'http://localhost:9000', 'environment'],
    ],
  );
  assert.ok(found.every(({ secret }) => secret === undefined));
});

test('variables of a key, an endpoint, a session', async (t) => {
  const { path: home } = testFolder(t, { '.keep': '' });
  const key = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'eu-west-1' };
  const of = async (variables: Readonly<Record<string, string>>) =>
    (await awsUsers(userWith(home, variables), [], 's3'))[0];
  assert.deepEqual((await of(key))?.secret, { kind: 'basic', username: 'AKID', password: 's' });
  assert.equal((await of({ ...key, AWS_SESSION_TOKEN: 't' }))?.secret, undefined, 'it ends by itself');
  assert.equal((await of({ ...key, AWS_ENDPOINT_URL_S3: 'http://h:9000' }))?.config?.url, 'http://h:9000');
  const open = await of({ AWS_ENDPOINT_URL: 'http://h:9000' });
  assert.deepEqual([open?.config?.url, open?.config?.credential], ['http://h:9000', 'none'], 'nobody to sign');
  assert.equal(await of({}), undefined);
});

test("files of a workspace are nobody's own", async (t) => {
  const folder = testFolder(t, { 'work/aws': config, 'home/.keep': '' });
  const user = userWith(folder.at('home'), { AWS_CONFIG_FILE: folder.at('work/aws') });
  assert.deepEqual(await awsUsers(user, [folder.at('work')], 's3'), []);
  assert.equal((await awsUsers(user, [], 's3')).length, 3);
});

test('both services are offered under names of their own', async (t) => {
  const folder = testFolder(t, { '.aws/config': config });
  const { connections } = await detectConnections(userWith(folder.path, {}), [], []);
  const names = connections.map(({ config: { name } }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes('s3 prod') && names.includes('cloudwatch prod'));
  assert.ok(connections.every(({ hasSecret, config: { credential } }) => hasSecret && credential === 'environment'));
});
