// Secrets of connections: bound to name and origin, removed as a whole, and in no trace of the messages that carry them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type * as vscode from 'vscode';
import { createConnection, ProposedFeatures, Trace } from 'vscode-languageserver/node';
import { Secrets } from '../../../extension/connections/secrets.ts';
import { Secrets as Asking } from '../../../server/handlers/secrets.ts';
import { type Secret, type SecretParams, secretRequest } from '../../../server/protocol/connection.ts';
import { createSeal, seal } from '../../../server/protocol/sealed.ts';
import { memoryClient } from '../../support/client.ts';

const password: Secret = { kind: 'basic', username: 'ada-lovelace', password: 'correct horse battery staple' };
const token: Secret = { kind: 'token', token: 'glsa_0123456789abcdef' };

/** As much of VS Code as its secret storage needs, in memory. */
function editor() {
  const stored = new Map<string, string>();
  const state = new Map<string, unknown>();
  const context = {
    secrets: {
      get: async (key: string) => stored.get(key),
      store: async (key: string, value: string) => void stored.set(key, value),
      delete: async (key: string) => void stored.delete(key),
      onDidChange: () => ({ dispose: () => undefined }),
    },
    globalState: {
      get: (key: string, otherwise: unknown) => state.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void state.set(key, value),
    },
  };
  return { stored, state, secrets: new Secrets(context as unknown as vscode.ExtensionContext) };
}

async function told(secrets: Secrets, name: string, origin: string): Promise<Secret | undefined> {
  const seal = createSeal();
  const sealed = await secrets.answer({ name, origin, sealFor: seal.publicKey });
  return sealed ? seal.open(sealed) : undefined;
}

test('a secret is given for the origin it was stored for, and for no other', async () => {
  const { secrets } = editor();
  await secrets.store('prod', 'https://mlflow.acme.com/prefix', password);
  assert.deepEqual(await told(secrets, 'prod', 'https://mlflow.acme.com'), password);
  for (const origin of ['http://mlflow.acme.com', 'https://mlflow.acme.com:8443', 'https://evil.com'])
    assert.equal(await told(secrets, 'prod', origin), undefined, origin);
  assert.equal(await told(secrets, 'dev', 'https://mlflow.acme.com'), undefined);
});

test('a name that looks like a port does not reach what is stored for that port', async () => {
  const { secrets } = editor();
  await secrets.store('prod', 'http://host:5000', password);
  assert.equal(await told(secrets, '5000:prod', 'http://host'), undefined);
});

test('a connection that moved keeps nothing at the old origin; removal takes all', async () => {
  const { secrets, stored } = editor();
  await secrets.store('prod: mine/50%', 'http://old:5000', password);
  await secrets.store('prod: mine/50%', 'http://new:5000', token);
  await secrets.store('other', 'http://old:5000', token);
  assert.equal(await told(secrets, 'prod: mine/50%', 'http://old:5000'), undefined);
  assert.deepEqual(await told(secrets, 'prod: mine/50%', 'http://new:5000'), token);
  await secrets.remove('prod: mine/50%', 'http://new:5000');
  assert.equal(stored.size, 1);
  assert.deepEqual(await told(secrets, 'other', 'http://old:5000'), token);
});

test('the list of what is stored, which is no secret storage, holds no secret', async () => {
  const { secrets, state } = editor();
  await secrets.store('prod', 'http://host:5000', password);
  const text = JSON.stringify([...state]);
  assert.ok(text.includes('http://host:5000'));
  assert.ok(!text.includes('horse') && !text.includes('ada-lovelace'));
});

test('the server gets the secret it asks for, and the most verbose trace of both sides does not hold it', async () => {
  const { secrets } = editor();
  await secrets.store('prod', 'http://host:5000', password);
  let asking: Asking | undefined;
  const client = memoryClient((reader, writer) => {
    const connection = createConnection(ProposedFeatures.all, reader, writer);
    asking = new Asking(connection);
    connection.onInitialize(() => ({ capabilities: {} }));
    connection.listen();
  });
  const traced: string[] = [];
  const log = (...parts: readonly unknown[]): void =>
    void traced.push(parts.map((part) => JSON.stringify(part)).join());
  await client.connection.trace(Trace.Verbose, { log });
  client.connection.onRequest(secretRequest, (params: SecretParams) => secrets.answer(params));
  await client.initialize([], {});
  assert.deepEqual(await asking?.ask('prod', 'http://host:5000'), password);
  assert.equal(await asking?.ask('prod', 'http://host:5001'), undefined);
  await client.close();
  const text = traced.join('\n');
  assert.match(text, /plumbline\/secret/);
  assert.match(text, /Sending response 'plumbline\/secret.*nonce/);
  for (const word of ['correct horse', 'ada-lovelace', Buffer.from('correct horse').toString('base64').slice(0, 16)])
    assert.ok(!text.includes(word), `the trace holds ${word}`);
});

test('the password of a proxy travels sealed and is put back into its address', () => {
  const asking = new Asking(createConnection(ProposedFeatures.all, process.stdin, process.stdout));
  const secret: Secret = { kind: 'basic', username: 'me@acme', password: 'p:w/d' };
  const credential = seal(secret, asking.sealFor);
  const { proxy } = asking.proxySettings({ proxy: 'http://proxy:3128/', noProxy: ['a'], credential });
  assert.equal(proxy, 'http://me%40acme:p%3Aw%2Fd@proxy:3128/');
  assert.deepEqual(asking.proxySettings({ proxy: 'http://proxy:3128/' }), { proxy: 'http://proxy:3128/' });
});
