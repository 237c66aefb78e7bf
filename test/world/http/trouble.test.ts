// Servers that are slow, too long, cut off, or not there: nothing hangs, and the cap is where reading stops.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { createGzip } from 'node:zlib';
import { freePort } from '../../../scripts/live/programs.mjs';
import { createHttp, type Timeouts } from '../../../server/world/http/client.ts';
import { failure, type Handler, listening, served } from '../../support/web.ts';

const { signal } = new AbortController();

function clientOf(port: number, timeouts: Partial<Timeouts> = {}) {
  return createHttp({ connection: { name: 'prod', url: `http://127.0.0.1:${port}` }, env: {}, timeouts });
}

test('a server that says nothing is left after the idle time', async (context) => {
  const server = await served(context, () => {});
  const error = await failure(clientOf(server.port, { idleMs: 60 })({ path: '/x' }, signal));
  assert.equal(error.kind, 'timeout');
  assert.match(
    error.message,
    new RegExp(`^prod: 127\\.0\\.0\\.1:${server.port} sent nothing for 0\\.06 s to GET /x\\.`),
  );
});

test('a slow drip is left after the total time', async (context) => {
  const server = await served(context, (_request, answer) => {
    const timer = setInterval(() => answer.write('x'), 10);
    answer.on('close', () => clearInterval(timer));
  });
  const error = await failure(clientOf(server.port, { idleMs: 100, totalMs: 200 })({ path: '/' }, signal));
  assert.equal(error.kind, 'timeout');
  assert.match(error.message, /did not finish its answer to GET \/ within 0\.2 s/);
});

test('a body that stops in the middle is left after the idle time', async (context) => {
  const server = await served(context, (_request, answer) => answer.write('{"a":'));
  const error = await failure(clientOf(server.port, { idleMs: 60 })({ path: '/' }, signal));
  assert.equal(error.kind, 'timeout');
});

test('a server that accepts and never speaks TLS is left after the connect time', async (context) => {
  const { port } = await listening(context, net.createServer());
  const http = createHttp({
    connection: { name: 'prod', url: `https://127.0.0.1:${port}` },
    env: {},
    timeouts: { connectMs: 60 },
  });
  const error = await failure(http({ path: '/' }, signal));
  assert.equal(error.kind, 'timeout');
  assert.match(error.message, new RegExp(`no connection to 127\\.0\\.0\\.1:${port} within 0\\.06 s`));
});

const cuts: readonly (readonly [string, Handler])[] = [
  [
    'with a length',
    (_request, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      answer.write('{"a":');
      setTimeout(() => answer.socket?.destroy(), 10);
    },
  ],
  [
    'in chunks',
    (_request, answer) => {
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.write('{"a":');
      setTimeout(() => answer.socket?.destroy(), 10);
    },
  ],
  [
    'by a reset',
    (_request, answer) => {
      answer.writeHead(200, { 'content-length': '100' });
      answer.write('{');
      setTimeout(() => answer.socket?.resetAndDestroy(), 10);
    },
  ],
  ['before the answer', (request) => request.socket.destroy()],
];

for (const [how, handler] of cuts) {
  test(`an answer cut off ${how} is no answer`, async (context) => {
    const server = await served(context, handler);
    const error = await failure(clientOf(server.port)({ path: '/x' }, signal));
    assert.equal(error.kind, 'unreachable', error.message);
    assert.match(error.message, /closed the connection before its answer to GET \/x was complete/);
  });
}

/** Writes as long as somebody reads; tells how much went out. */
function endless(total: number, status = 200): { readonly handler: Handler; readonly written: () => number } {
  let written = 0;
  const chunk = Buffer.alloc(64_000, 'x');
  const handler: Handler = (_request, answer) => {
    answer.writeHead(status, { 'content-type': 'text/plain' });
    const more = () => {
      while (written < total && !answer.destroyed) {
        written += chunk.length;
        if (!answer.write(chunk)) return void answer.once('drain', more);
      }
      answer.end();
    };
    more();
  };
  return { handler, written: () => written };
}

test('40 MB are not read to their end', async (context) => {
  const { handler, written } = endless(40_000_000);
  const server = await served(context, handler);
  const error = await failure(clientOf(server.port)({ path: '/x', maxBytes: 1_000_000 }, signal));
  assert.equal(error.kind, 'tooBig');
  assert.match(error.message, /^prod: the answer of 127\.0\.0\.1:\d+ to GET \/x is longer than 1 MB/);
  assert.ok(written() < 20_000_000, `${written()} bytes were sent`);
});

test('a length over the cap is not read at all', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(200, { 'content-length': '40000000' });
    answer.write('x');
  });
  assert.equal((await failure(clientOf(server.port)({ path: '/' }, signal))).kind, 'tooBig');
});

test('a bomb stops at the cap after decompression', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.on('error', () => {}).pipe(answer);
    gzip.end(Buffer.alloc(30_000_000));
  });
  const error = await failure(clientOf(server.port)({ path: '/', maxBytes: 100_000 }, signal));
  assert.equal(error.kind, 'tooBig');
});

test('an error with an endless body is told without reading it', async (context) => {
  const { handler, written } = endless(40_000_000, 500);
  const server = await served(context, handler);
  const error = await failure(clientOf(server.port)({ path: '/' }, signal));
  assert.equal(error.kind, 'unavailable');
  assert.ok(written() < 20_000_000, `${written()} bytes were sent`);
});

test('compressed data that is none is broken', async (context) => {
  const server = await served(context, (_request, answer) => {
    answer.writeHead(200, { 'content-encoding': 'gzip' });
    answer.end('this is no gzip');
  });
  const error = await failure(clientOf(server.port)({ path: '/x' }, signal));
  assert.equal(error.kind, 'broken');
  assert.match(error.message, /compressed data that cannot be read/);
});

test('a name without an address says so', async () => {
  const http = createHttp({ connection: { name: 'prod', url: 'http://tracking.invalid:5000' }, env: {} });
  const error = await failure(http({ path: '/' }, signal));
  assert.equal(error.kind, 'unreachable');
  assert.match(error.message, /^prod: no address is known for tracking\.invalid:5000 \(E\w+\)\. Check the url/);
});

test('a port where nothing listens says so', async () => {
  const port = await freePort();
  const error = await failure(clientOf(port)({ path: '/' }, signal));
  assert.equal(error.kind, 'unreachable');
  assert.equal(
    error.message,
    `prod: nothing listens at 127.0.0.1:${port}. Start the server, or correct the url of the connection.`,
  );
});

test('what is not HTTP says so', async (context) => {
  const ssh = net.createServer((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  const { port } = await listening(context, ssh);
  const error = await failure(clientOf(port)({ path: '/' }, signal));
  assert.equal(error.kind, 'broken');
  assert.match(error.message, /something that is not HTTP/);
});

test('headers without an end are not read without an end', async (context) => {
  const server = net.createServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write(`x-${'y'.repeat(8_000)}: z\r\n`), 1);
    socket.on('close', () => clearInterval(timer));
  });
  const { port } = await listening(context, server);
  const error = await failure(clientOf(port, { totalMs: 2_000 })({ path: '/' }, signal));
  assert.equal(error.kind, 'tooBig', error.message);
});
