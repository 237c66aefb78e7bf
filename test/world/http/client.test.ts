// One request and its answer: what is sent, what comes back, and what errors say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createHttp } from '../../../server/world/http/client.ts';
import { failure, json, served } from '../../support/web.ts';

const { signal } = new AbortController();

function clientOf(port: number, prefix = '') {
  return createHttp({ connection: { name: 'prod', url: `http://127.0.0.1:${port}${prefix}` }, env: {} });
}

test('path, prefix, query and headers arrive as they were asked', async (context) => {
  const server = await served(context, (request, answer) => json(answer, request.headers));
  const answer = await clientOf(server.port, '/mlflow/')(
    {
      path: '/api/a%2Fb/%2E',
      query: [
        ['q', 'x & y'],
        ['q', 'ü'],
      ],
      authorization: 'Bearer abc',
      headers: [['x-workspace', 'w1']],
    },
    signal,
  ).catch((error) => error);
  assert.equal(answer.kind, 'broken', 'a dot segment, encoded or not, is another path');
  const good = await clientOf(server.port, '/mlflow/')(
    {
      path: '/api/a%2Fb',
      query: [
        ['q', 'x & y'],
        ['q', 'ü'],
      ],
      authorization: 'Bearer abc',
      headers: [['x-workspace', 'w1']],
    },
    signal,
  );
  assert.deepEqual(server.asked, ['GET /mlflow/api/a%2Fb?q=x+%26+y&q=%C3%BC']);
  const headers = good.json() as Record<string, string>;
  assert.equal(headers.authorization, 'Bearer abc');
  assert.equal(headers['x-workspace'], 'w1');
  assert.equal(headers.accept, 'application/json');
});

test('a POST carries JSON; sockets are used again', async (context) => {
  const server = await served(context, (request, answer) => {
    let text = '';
    request.on('data', (bytes) => {
      text += bytes;
    });
    request.on('end', () => json(answer, JSON.parse(text)));
  });
  const ask = clientOf(server.port);
  for (const name of ['a', 'b', 'c']) {
    const answer = await ask({ path: '/x', method: 'POST', json: { name } }, signal);
    assert.deepEqual(answer.json(), { name });
  }
  assert.equal(server.sockets(), 1);
});

test('a path that leads elsewhere is not asked', async (context) => {
  const server = await served(context, (_request, answer) => json(answer, {}));
  for (const path of ['/a/../b', '/a/%2e%2e/b', 'x', '@127.0.0.2/', '/a?b', '/a b']) {
    const error = await failure(clientOf(server.port)({ path }, signal));
    assert.equal(error.kind, 'broken', path);
  }
  assert.deepEqual(server.asked, []);
});

test('a compressed answer is read', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    answer.end(gzipSync('{"a":1}'));
  });
  const answer = await clientOf(server.port)({ path: '/' }, signal);
  assert.deepEqual(answer.json(), { a: 1 });
});

const kinds = [
  [400, 'refused'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'missing'],
  [407, 'proxy'],
  [429, 'rateLimited'],
  [500, 'unavailable'],
  [503, 'unavailable'],
] as const;

for (const [status, kind] of kinds) {
  test(`${status} is ${kind}, in words`, async (context) => {
    const server = await served(context, (_request, answer) => {
      answer.writeHead(status, { 'retry-after': '7' });
      answer.end('{"message":"no\u001b[31m such\u0000 thing"}');
    });
    const error = await failure(clientOf(server.port)({ path: '/api/x', query: [['t', 'hidden']] }, signal));
    assert.equal(error.name, 'HttpError');
    assert.equal(error.kind, kind);
    assert.equal(error.status, status);
    assert.match(
      error.message,
      new RegExp(`^prod: 127\\.0\\.0\\.1:${server.port} answered ${status} to GET /api/x\\. `),
    );
    assert.match(error.message, /It says: \{"message":"no \[31m such thing"\}$/);
    assert.doesNotMatch(error.message, /hidden/);
    if (status === 429 || status === 503) assert.equal(error.retryAfterMs, 7_000);
  });
}

test('a status that was expected is an answer', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(404, { 'content-type': 'application/json' });
    answer.end('{"error_code":"RESOURCE_DOES_NOT_EXIST"}');
  });
  const answer = await clientOf(server.port)({ path: '/' }, signal, [404]);
  assert.equal(answer.status, 404);
  assert.deepEqual(answer.json(), { error_code: 'RESOURCE_DOES_NOT_EXIST' });
});

test('what we sent in secret is not in a message, however it is echoed', async (context) => {
  const server = await served(context, (request, answer) => {
    const basic = Buffer.from(String(request.headers.authorization).slice(6), 'base64').toString();
    answer.writeHead(400);
    answer.end(
      `seen ${request.headers.authorization} ${basic} ${basic.split(':')[1]} pw=hunter22 eyJhbGciOi.eyJzdWIi.c2ln`,
    );
  });
  const authorization = `Basic ${Buffer.from('ann:s3cret-word').toString('base64')}`;
  const error = await failure(
    clientOf(server.port)({ path: '/', method: 'POST', authorization, json: { password: 'hunter22' } }, signal),
  );
  assert.match(error.message, /seen/);
  assert.doesNotMatch(error.message, /s3cret|hunter22|eyJ|YW5u/);
});

test('a body is shown with 200 characters at most', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(500);
    answer.end('x'.repeat(5_000));
  });
  const error = await failure(clientOf(server.port)({ path: '/' }, signal));
  assert.equal(error.message.match(/x+…$/)?.[0].length, 200);
});

test('a login page is no answer', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(200, { 'content-type': 'text/html' });
    answer.end('<!doctype html>\n<title>Sign in</title>');
  });
  const answer = await clientOf(server.port)({ path: '/api' }, signal);
  assert.throws(() => answer.json(), {
    kind: 'broken',
    message: /answered GET \/api with text\/html; .*login page.*It begins: <!doctype html> <title>Sign in<\/title>$/,
  });
});

test('another type, and JSON that ends too early, are no answers', async (context) => {
  const bodies: Record<string, readonly [string, string]> = {
    '/xml': ['application/xml', '{"a":1}'],
    '/cut': ['application/json', '{"a":[1,2'],
    '/empty': ['application/json', ''],
  };
  const server = await served(context, (request, answer) => {
    const [type = '', body = ''] = bodies[request.url ?? ''] ?? [];
    answer.writeHead(200, { 'content-type': type });
    answer.end(body);
  });
  for (const [path, begins] of [
    ['/xml', '{"a":1}'],
    ['/cut', '{"a":[1,2'],
    ['/empty', '(nothing)'],
  ] as const) {
    const answer = await clientOf(server.port)({ path }, signal);
    assert.throws(
      () => answer.json(),
      (error: Error) => error.message.endsWith(`It begins: ${begins}`) && error.message.startsWith('prod: '),
    );
  }
});

test('who gives up gets its own reason back', async (context) => {
  const server = await served(context, () => {});
  const controller = new AbortController();
  const asked = failure(clientOf(server.port)({ path: '/' }, controller.signal));
  setTimeout(() => controller.abort(new Error('enough')), 20);
  assert.equal((await asked).message, 'enough');
  assert.equal((await failure(clientOf(server.port)({ path: '/' }, controller.signal))).message, 'enough');
});

test('a url that is no address of a server is refused at once', () => {
  for (const url of ['ftp://x', 'nonsense', 'file:///etc/passwd']) {
    assert.throws(() => createHttp({ connection: { name: 'prod', url }, env: {} }), { kind: 'refused' });
  }
});

test('a credential that no header can hold is not sent, and not shown', async (context) => {
  const server = await served(context, (_request, answer) => json(answer, {}));
  const error = await failure(clientOf(server.port)({ path: '/x', authorization: 'Bearer two\nlines' }, signal));
  assert.equal(error.kind, 'refused');
  assert.match(error.message, /Enter the credential of the connection again/);
  assert.doesNotMatch(error.message, /lines$|two/);
  assert.deepEqual(server.asked, []);
});

test('a long path is shown by its end', async (context) => {
  const server = await served(context, (_request, answer) => void answer.writeHead(500).end());
  const error = await failure(clientOf(server.port)({ path: `/${'x'.repeat(3_000)}/end` }, signal));
  assert.match(error.message, /to GET …x+\/end\./);
  assert.ok(error.message.length < 400);
});
