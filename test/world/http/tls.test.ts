// TLS: whom a connection trusts, and how it shows who it is, against servers with certificates made here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { createHttp, type HttpOptions } from '../../../server/world/http/client.ts';
import { certificates, failure, json, type Pair, served } from '../../support/web.ts';

const { signal } = new AbortController();
const made = certificates();

function secure(context: TestContext, pair: Pair, more: object = {}) {
  return served(context, (_request, answer) => json(answer, { ok: true }), {
    cert: readFileSync(pair.certificate),
    key: readFileSync(pair.key),
    ...more,
  });
}

function ask(port: number, more: Partial<HttpOptions['connection']> = {}) {
  const http = createHttp({ connection: { name: 'prod', url: `https://127.0.0.1:${port}`, ...more }, env: {} });
  return http({ path: '/x' }, signal);
}

test('an authority that nobody here knows is told, with the two ways out', async (context) => {
  const server = await secure(context, made.server);
  const error = await failure(ask(server.port));
  assert.equal(error.kind, 'tls');
  assert.match(
    error.message,
    new RegExp(`^prod: the certificate of 127\\.0\\.0\\.1:${server.port} is signed by nobody`),
  );
  assert.match(error.message, /caFile of the connection, or set allowSelfSigned/);
  assert.deepEqual(server.asked, []);
});

test('caFile adds an authority; sockets are kept', async (context) => {
  const server = await secure(context, made.server);
  const http = createHttp({
    connection: { name: 'prod', url: `https://127.0.0.1:${server.port}`, caFile: made.ca },
    env: {},
  });
  assert.deepEqual((await http({ path: '/x' }, signal)).json(), { ok: true });
  assert.deepEqual((await http({ path: '/y' }, signal)).json(), { ok: true });
  assert.equal(server.sockets(), 1);
});

test('allowSelfSigned accepts what nobody vouches for, for that connection alone', async (context) => {
  const server = await secure(context, made.selfSigned);
  assert.equal((await ask(server.port, { allowSelfSigned: true })).status, 200);
  const error = await failure(ask(server.port));
  assert.equal(error.kind, 'tls');
  assert.match(error.message, /SELF_SIGNED/);
});

test('a name that is not on the certificate is told, also where self-signed ones are allowed', async (context) => {
  const server = await secure(context, made.wrongName);
  for (const allowSelfSigned of [false, true]) {
    const error = await failure(ask(server.port, { caFile: made.ca, allowSelfSigned }));
    assert.equal(error.kind, 'tls');
    assert.match(error.message, /is for another name\. Use the name it was made for/);
  }
  assert.deepEqual(server.asked, []);
});

for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`a client certificate is shown where it is wanted (${maxVersion})`, async (context) => {
    const wants = { requestCert: true, rejectUnauthorized: true, ca: readFileSync(made.ca), maxVersion };
    const server = await secure(context, made.server, wants);
    const { certificate: certificateFile, key: keyFile } = made.client;
    const answer = await ask(server.port, { caFile: made.ca, certificateFile, keyFile });
    assert.deepEqual(answer.json(), { ok: true });
    const error = await failure(ask(server.port, { caFile: made.ca }));
    assert.equal(error.kind, 'tls', error.message);
    assert.match(error.message, /client certificate/);
    assert.match(error.message, /certificateFile/);
    assert.equal(server.asked.length, 1);
  });
}

test('files that are not there or no certificates are named', async (context) => {
  const server = await secure(context, made.server);
  const missing = await failure(ask(server.port, { caFile: '/nowhere/ca.pem' }));
  assert.equal(missing.kind, 'tls');
  assert.match(missing.message, /was not asked: \/nowhere\/ca\.pem cannot be read .* correct caFile/);
  const swapped = { certificateFile: made.client.certificate, keyFile: made.server.key };
  const wrong = await failure(ask(server.port, { caFile: made.ca, ...swapped }));
  assert.equal(wrong.kind, 'tls');
  assert.match(wrong.message, /cannot be used .* must be PEM/);
  assert.equal(server.sockets(), 0);
});

test('https to a server of plain HTTP, and the other way round', async (context) => {
  const plain = await served(context, (_request, answer) => json(answer, {}));
  const error = await failure(ask(plain.port));
  assert.equal(error.kind, 'tls');
  assert.match(error.message, /does not speak TLS.*should begin with http\./);
  const server = await secure(context, made.server);
  const http = createHttp({ connection: { name: 'prod', url: `http://127.0.0.1:${server.port}` }, env: {} });
  const other = await failure(http({ path: '/' }, signal));
  assert.match(other.message, /^prod: 127\.0\.0\.1:/);
  assert.ok(other.kind === 'broken' || other.kind === 'unreachable', other.kind);
});
