// Secrets: after a session that used them, no file of ours and no line of the log holds one.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Secret } from '../../server/protocol/connection.ts';
import { seal } from '../../server/protocol/sealed.ts';
import { tinyMlflow } from './support/tinyMlflow.ts';
import { openWindow } from './support/window.ts';

const password = 'c0rrect-horse-battery';
const base64 = Buffer.from(`ana:${password}`).toString('base64');
const token = 'dapi0123456789abcdefSECRET';
const traces = [password, base64, token, Buffer.from(password).toString('hex')];

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

test('stored and given by variables, basic and token, right and wrong: nothing of them is left', async (context) => {
  const basic: Secret = { kind: 'basic', username: 'ana', password };
  const stored = await tinyMlflow(context, { authorization: `Basic ${base64}` });
  const given = await tinyMlflow(context, { authorization: `Bearer ${token}` });
  const refusing = await tinyMlflow(context, { authorization: 'Bearer another' });
  const opened = await openWindow(context, {
    connections: [
      { name: 'stored', tool: 'mlflow', url: stored.url },
      { name: 'given', tool: 'mlflow', url: given.url, credential: 'environment' },
      { name: 'refusing', tool: 'mlflow', url: refusing.url },
    ],
    variables: { MLFLOW_TRACKING_URI: given.url, MLFLOW_TRACKING_TOKEN: token },
    secrets: ({ name }) => (name === 'stored' ? basic : { kind: 'token', token }),
  });
  const { server, folder, until, close, change } = opened;
  await until('stored is read', ({ health }) => health === 'fresh', 'stored');
  await until('given is read', ({ health }) => health === 'fresh', 'given');
  const refused = await until('refusing is told', ({ reason }) => reason !== undefined, 'refusing');
  assert.match(refused.reason ?? '', /401/);
  const answer = await server.client.connection.sendRequest<{ ok: boolean }>('plumbline/connections/test', {
    config: { name: 'stored', tool: 'mlflow', url: stored.url },
    secret: seal(basic, opened.sealFor),
  });
  assert.equal(answer.ok, true);
  await change({ change: 'pause', name: 'stored' });
  await server.ask('plumbline/page', { page: 'diagnostics' });
  await close();
  assert.ok(stored.authorizations.has(`Basic ${base64}`) && given.authorizations.has(`Bearer ${token}`));
  const files = filesBelow(folder.path);
  assert.ok(files.some((file) => file.endsWith('live.db')) && files.some((file) => file.endsWith('connections.json')));
  for (const trace of traces) {
    assert.deepEqual(
      files.filter((file) => readFileSync(file).includes(trace)),
      [],
    );
    assert.deepEqual(
      server.lines.filter((line) => line.includes(trace)),
      [],
    );
  }
});

test('a secret is asked for by name and origin; at another address it is another one', async (context) => {
  const one = await tinyMlflow(context, { authorization: 'Bearer t' });
  const other = await tinyMlflow(context, { authorization: 'Bearer t' });
  const config = { name: 'ml', tool: 'mlflow', url: one.url } as const;
  const { until, change, secretsAsked } = await openWindow(context, {
    connections: [config],
    secrets: ({ origin }) => (origin === one.url ? { kind: 'token', token: 't' } : undefined),
  });
  await until('it is read', ({ health }) => health === 'fresh');
  await change({ change: 'save', config: { ...config, url: other.url } });
  const status = await until('a sign-in is wanted', ({ needsSecret }) => needsSecret);
  assert.equal(status.url, other.url);
  assert.deepEqual([...other.authorizations], []);
  assert.ok(secretsAsked.includes(`ml ${one.url}`) && secretsAsked.includes(`ml ${other.url}`));
});
