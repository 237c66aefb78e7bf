// Proxies: which one is used, and what passes through it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../../scripts/live/programs.mjs';
import {
  createHttp,
  type Environment,
  type HttpOptions,
  type ProxySettings,
} from '../../../server/world/http/client.ts';
import { chooseProxy } from '../../../server/world/http/proxy.ts';
import { certificates, failure, join, json, listening, served } from '../../support/web.ts';

const { signal } = new AbortController();
const made = certificates();

/** A proxy that leads every name to `port`; `needs`: user:password. */
async function proxied(context: TestContext, port: number, needs?: string) {
  const asked: string[] = [];
  const allowed = (request: http.IncomingMessage) =>
    needs === undefined || request.headers['proxy-authorization'] === `Basic ${Buffer.from(needs).toString('base64')}`;
  const server = http.createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    if (!allowed(request)) return void answer.writeHead(407).end('who are you');
    const { pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = http.request({ port, method: request.method, path: pathname + search, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 0, got.headers);
      got.pipe(answer);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket: net.Socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (!allowed(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const onward = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      join(socket, onward);
    });
  });
  return { ...(await listening(context, server)), asked };
}

const plain = (context: TestContext) => served(context, (request, answer) => json(answer, request.headers));

function secure(context: TestContext) {
  const { certificate, key } = made.server;
  return served(context, (request, answer) => json(answer, request.headers), {
    cert: readFileSync(certificate),
    key: readFileSync(key),
  });
}

function ask(url: string, proxy: ProxySettings, more: Partial<HttpOptions> = {}) {
  return createHttp({ connection: { name: 'prod', url, caFile: made.ca }, proxy, env: {}, ...more });
}

test('plain HTTP is forwarded, on one socket, GET and POST', async (context) => {
  const server = await plain(context);
  const proxy = await proxied(context, server.port);
  const client = ask('http://tracking.example:5000/ml', { proxy: `http://127.0.0.1:${proxy.port}` });
  const first = await client({ path: '/a', query: [['x', '1']], authorization: 'Bearer abc' }, signal);
  assert.equal((first.json() as Record<string, string>).authorization, 'Bearer abc');
  assert.equal((first.json() as Record<string, string>).host, 'tracking.example:5000');
  await client({ path: '/b', method: 'POST', json: { a: 1 } }, signal);
  await client({ path: '/c' }, signal);
  assert.deepEqual(proxy.asked, [
    'GET http://tracking.example:5000/ml/a?x=1',
    'POST http://tracking.example:5000/ml/b',
    'GET http://tracking.example:5000/ml/c',
  ]);
  assert.equal(proxy.sockets(), 1);
});

test('https goes through a tunnel, checked end to end; the proxy sees no credential', async (context) => {
  const server = await secure(context);
  const proxy = await proxied(context, server.port);
  const client = ask('https://tracking.example', { proxy: `http://127.0.0.1:${proxy.port}` });
  const answer = await client({ path: '/a', authorization: 'Bearer abc' }, signal);
  assert.equal((answer.json() as Record<string, string>).authorization, 'Bearer abc');
  await client({ path: '/b' }, signal);
  assert.deepEqual(proxy.asked, ['CONNECT tracking.example:443']);
  const other = ask('https://elsewhere.example', { proxy: `http://127.0.0.1:${proxy.port}` });
  assert.equal((await failure(other({ path: '/a' }, signal))).kind, 'tls');
});

for (const scheme of ['http', 'https'] as const) {
  test(`a proxy that wants a password says so in words (${scheme})`, async (context) => {
    const server = scheme === 'http' ? await plain(context) : await secure(context);
    const proxy = await proxied(context, server.port, 'ann:pass%word');
    const url = `${scheme}://tracking.example`;
    const error = await failure(ask(url, { proxy: `http://127.0.0.1:${proxy.port}` })({ path: '/a' }, signal));
    assert.equal(error.kind, 'proxy', error.message);
    assert.match(error.message, new RegExp(`the proxy 127\\.0\\.0\\.1:${proxy.port} \\(the setting http\\.proxy\\)`));
    assert.deepEqual(server.asked, []);
    const wrong = `http://ann:wrong-one@127.0.0.1:${proxy.port}`;
    assert.doesNotMatch((await failure(ask(url, { proxy: wrong })({ path: '/a' }, signal))).message, /wrong-one/);
    const right = `http://ann:pass%25word@127.0.0.1:${proxy.port}`;
    const answer = await ask(url, { proxy: right })({ path: '/a' }, signal);
    assert.equal((answer.json() as Record<string, string>)['proxy-authorization'], undefined);
  });
}

test('a proxy that is not there, or silent, is blamed rather than the server', async (context) => {
  const gone = `http://127.0.0.1:${await freePort()}`;
  const silent = await listening(context, net.createServer());
  for (const scheme of ['http', 'https']) {
    const url = `${scheme}://tracking.example`;
    const dead = await failure(ask(url, { proxy: gone })({ path: '/' }, signal));
    assert.equal(dead.kind, 'proxy', dead.message);
    assert.match(dead.message, /\(the setting http\.proxy\) cannot be used \(ECONNREFUSED\), so tracking\.example/);
  }
  const timeouts = { connectMs: 60 };
  const mute = ask('https://tracking.example', { proxy: `http://127.0.0.1:${silent.port}` }, { timeouts });
  const late = await failure(mute({ path: '/' }, signal));
  assert.equal(late.kind, 'proxy');
  assert.match(late.message, /does not answer/);
});

test('a proxy that does not allow the host is blamed', async (context) => {
  const server = http.createServer();
  server.on('connect', (_request, socket: net.Socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\nno'));
  const { port } = await listening(context, server);
  const error = await failure(
    ask('https://tracking.example', { proxy: `http://127.0.0.1:${port}` })({ path: '/' }, signal),
  );
  assert.equal(error.kind, 'proxy');
  assert.match(error.message, /answered 403 and does not let us to tracking\.example:443/);
});

test('a proxy with a certificate of its own', async (context) => {
  const server = await secure(context);
  const { asked, port } = await secureProxy(context, server.port);
  const url = 'https://tracking.example';
  const proxy = `https://127.0.0.1:${port}`;
  assert.equal((await ask(url, { proxy })({ path: '/' }, signal)).status, 200);
  const unknown = { connection: { name: 'prod', url, allowSelfSigned: true } };
  const error = await failure(ask(url, { proxy }, unknown)({ path: '/' }, signal));
  assert.equal(error.kind, 'proxy', 'what a connection allows its server is not allowed to a proxy');
  assert.equal((await ask(url, { proxy, proxyStrictSSL: false }, unknown)({ path: '/' }, signal)).status, 200);
  assert.equal(asked.length, 2);
});

async function secureProxy(context: TestContext, to: number) {
  const { certificate, key } = made.server;
  const inner = await proxied(context, to);
  const tls = await import('node:tls');
  const outer = tls.createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) => {
    const onward = net.connect(inner.port, '127.0.0.1');
    join(socket, onward);
  });
  return { ...(await listening(context, outer)), asked: inner.asked };
}

test('a SOCKS proxy resolves the name itself', async (context) => {
  const server = await plain(context);
  const names: string[] = [];
  const socks = net.createServer((socket) => {
    socket.once('data', () => {
      socket.write(Uint8Array.of(5, 0));
      socket.once('data', (asked: Buffer) => {
        names.push(asked.subarray(5, 5 + (asked[4] ?? 0)).toString());
        socket.write(Uint8Array.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 80));
        const onward = net.connect(server.port, '127.0.0.1');
        join(socket, onward);
      });
    });
  });
  const { port } = await listening(context, socks);
  const client = ask('http://tracking.example:5000', { proxy: `socks5://127.0.0.1:${port}` });
  assert.equal((await client({ path: '/a' }, signal)).status, 200);
  assert.deepEqual(names, ['tracking.example']);
});

test('what is no address of a proxy is said at once', () => {
  assert.throws(() => ask('http://x.example', { proxy: 'ftp://proxy' }), {
    kind: 'proxy',
    message: 'prod: the setting http.proxy is no address of a proxy. Write it as http://host:port.',
  });
});

const corporate = {
  HTTP_PROXY: 'http://plain:1',
  HTTPS_PROXY: 'secure:2',
  no_proxy: 'a.example,.b.example, 10.0.0.0/8,c.example:81,[::1]',
};
const choices: readonly (readonly [string, ProxySettings, Environment, string | undefined])[] = [
  ['http://x.example', {}, {}, undefined],
  ['http://x.example', { proxy: '' }, corporate, 'plain:1'],
  ['https://x.example', {}, corporate, 'secure:2'],
  ['https://x.example', {}, { all_proxy: 'socks5://s:3' }, 's:3'],
  ['https://x.example', { proxy: 'http://set:4' }, corporate, 'set:4'],
  ['https://x.example', { proxy: 'http://set:4', proxySupport: 'off' }, corporate, undefined],
  ['https://x.example', { proxy: 'http://set:4', noProxy: ['*.example'] }, {}, undefined],
  ['https://x.example', { proxy: 'http://set:4', noProxy: ['*'] }, {}, undefined],
  ['http://a.example', {}, corporate, undefined],
  ['http://sub.a.example', {}, corporate, undefined],
  ['http://nota.example', {}, corporate, 'plain:1'],
  ['http://sub.b.example:9', {}, corporate, undefined],
  ['http://10.1.2.3', {}, corporate, undefined],
  ['http://11.1.2.3', {}, corporate, 'plain:1'],
  ['http://c.example:81', {}, corporate, undefined],
  ['http://c.example', {}, corporate, 'plain:1'],
  ['http://localhost:5000', {}, corporate, undefined],
  ['http://127.0.0.1:5000', {}, corporate, undefined],
  ['http://[::1]:5000', {}, { HTTP_PROXY: 'http://127.0.0.1:3' }, '127.0.0.1:3'],
  ['http://127.0.0.1:5000', { proxy: 'http://localhost:3' }, {}, 'localhost:3'],
];

for (const [url, settings, env, expected] of choices) {
  test(`${url} with ${JSON.stringify({ ...settings, ...env })} asks ${expected ?? 'directly'}`, () => {
    assert.equal(chooseProxy(new URL(url), settings, env)?.url?.host, expected);
  });
}
