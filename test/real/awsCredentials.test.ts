// AWS's own client finds what signs: a key of a profile, a program, a role of another profile; nothing of it is copied, and what fails says how to sign in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import { type FaultProxy, faultProxy } from '../faults/proxy.ts';
import { testFolder } from '../support/folder.ts';
import { connectedTo, type Moto, motoServer } from './motoServer.ts';

const signal = new AbortController().signal;
const stops: (() => Promise<void>)[] = [];
let moto: Moto | undefined;
let proxy: FaultProxy | undefined;

before(async () => {
  moto = await motoServer({ after: (stop) => void stops.push(stop), diagnostic: () => {} });
  await moto.script('s3_fill.py');
  proxy = await faultProxy({ target: moto.url });
});

after(async () => {
  await proxy?.close();
  for (const stop of stops) await stop();
});

const config = `
[profile plain]
region = eu-west-1
[profile program]
region = eu-west-1
credential_process = node -e "console.log(JSON.stringify({Version:1,AccessKeyId:'AKIDPROGRAM',SecretAccessKey:'s'}))"
[profile broken]
credential_process = node -e "process.stderr.write('hunter2'); process.exit(3)" --password hunter2
[profile role]
region = eu-west-1
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = plain
[profile sso]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = reader
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-west-1
`;
const credentials = `
[plain]
aws_access_key_id = AKIDPLAIN
aws_secret_access_key = s
`;

/** Whose key signed the first request. */
async function signedBy(
  t: Parameters<typeof testFolder>[0],
  more: Partial<ConnectionConfig>,
): Promise<string | undefined> {
  const folder = testFolder(t, { config, credentials });
  const own = {
    AWS_CONFIG_FILE: folder.at('config'),
    AWS_SHARED_CREDENTIALS_FILE: folder.at('credentials'),
    AWS_ENDPOINT_URL_STS: moto?.url,
    AWS_EC2_METADATA_DISABLED: 'true',
    HOME: folder.path,
  };
  const kept = Object.keys(own).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, own);
  proxy?.clear();
  try {
    const { connector } = connectedTo(proxy?.url ?? '', {
      credential: 'environment',
      watch: ['acme-models/churn/'],
      ...more,
    });
    assert.equal(await connector.greet(signal), 'S3, 1 place to look at');
    return /Credential=([^/]+)\//.exec(proxy?.asked[0]?.authorization ?? '')?.[1];
  } finally {
    for (const [name, value] of kept) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

const options = { timeout: 120_000 };

test('a key of a profile', options, async (t) => {
  assert.equal(await signedBy(t, { profile: 'plain' }), 'AKIDPLAIN');
});

test('a program that hands out keys', options, async (t) => {
  assert.equal(await signedBy(t, { profile: 'program' }), 'AKIDPROGRAM');
});

test('a role that another profile may take', options, async (t) => {
  const key = await signedBy(t, { profile: 'role' });
  assert.ok(key !== undefined && key !== 'AKIDPLAIN' && key.startsWith('ASIA'), key);
});

test('a stored key', options, async (t) => {
  assert.equal(await signedBy(t, { credential: 'stored' }), 'AKIDEXAMPLE');
});

test('a program that fails: its words are not repeated', options, async (t) => {
  await assert.rejects(signedBy(t, { profile: 'broken' }), (error: Error) => {
    assert.match(
      error.message,
      /the profile broken gave no credentials: .*\. Sign in as you do for the AWS command line/,
    );
    assert.doesNotMatch(error.message, /hunter2/);
    return true;
  });
  assert.deepEqual(proxy?.asked, []);
});

test('nobody has signed in with SSO', options, async (t) => {
  await assert.rejects(
    signedBy(t, { profile: 'sso' }),
    /the profile sso gave no credentials: .*aws sso login --profile sso/,
  );
});

test('a profile that is not there', options, async (t) => {
  await assert.rejects(signedBy(t, { profile: 'nobody' }), /the profile nobody gave no credentials/);
});
