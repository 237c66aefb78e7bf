// Redirects: followed within the origin, and nothing ever sent to another.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { createHttp } from '../../../server/world/http/client.ts';
import { failure, json, listening, served } from '../../support/web.ts';

const { signal } = new AbortController();
const authorization = 'Bearer very-secret';

function clientOf(port: number) {
  return createHttp({ connection: { name: 'prod', url: `http://127.0.0.1:${port}` }, env: {} });
}

/** A server that says `location` to /from and answers everything else. */
function sending(context: import('node:test').TestContext, status: number, location: string) {
  return served(context, (request, answer) => {
    if (request.url !== '/from') return json(answer, { authorization: request.headers.authorization ?? null });
    answer.writeHead(status, { location });
    answer.end();
  });
}

test('within the origin it is followed, and the credential goes along', async (context) => {
  const server = await sending(context, 307, '/to?x=1');
  const answer = await clientOf(server.port)({ path: '/from', authorization }, signal);
  assert.deepEqual(answer.json(), { authorization });
  assert.deepEqual(server.asked, ['GET /from', 'GET /to?x=1']);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`${status} to another origin: not one byte goes there`, async (context) => {
    let bytes = 0;
    const trap = net.createServer((socket) => {
      socket.on('data', (data) => {
        bytes += data.length;
      });
    });
    const other = await listening(context, trap);
    for (const location of [`http://127.0.0.1:${other.port}/x`, `//127.0.0.1:${other.port}/x`]) {
      const server = await sending(context, status, location);
      for (const method of ['GET', 'POST'] as const) {
        const error = await failure(clientOf(server.port)({ path: '/from', method, authorization }, signal));
        assert.equal(error.kind, 'redirect');
        assert.match(
          error.message,
          new RegExp(`sends ${method} /from on to http://127\\.0\\.0\\.1:${other.port}\\. Nothing was sent`),
        );
        assert.match(error.message, /change the url of the connection/);
      }
    }
    assert.equal(other.sockets(), 0);
    assert.equal(bytes, 0);
  });
}

test('the same host with https is another origin, and is named', async (context) => {
  const server = await sending(context, 301, 'https://127.0.0.1/from');
  const error = await failure(clientOf(server.port)({ path: '/from', authorization }, signal));
  assert.equal(error.kind, 'redirect');
  assert.match(error.message, /on to https:\/\/127\.0\.0\.1\. Nothing was sent there/);
});

test('a hostile address is not repeated whole', async (context) => {
  const server = await sending(context, 302, 'javascript:alert(1)');
  const error = await failure(clientOf(server.port)({ path: '/from' }, signal));
  assert.equal(error.kind, 'redirect');
  assert.doesNotMatch(error.message, /alert/);
});

test('a circle and a long way are left', async (context) => {
  const circle = await served(context, (request, answer) => {
    answer.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' });
    answer.end();
  });
  const round = await failure(clientOf(circle.port)({ path: '/a' }, signal));
  assert.equal(round.kind, 'redirect');
  assert.match(round.message, /in a circle/);
  assert.equal(circle.asked.length, 2);

  const way = await served(context, (request, answer) => {
    answer.writeHead(302, { location: `${request.url}x` });
    answer.end();
  });
  const long = await failure(clientOf(way.port)({ path: '/a' }, signal));
  assert.equal(long.kind, 'redirect');
  assert.match(long.message, /more than 5 times/);
  assert.equal(way.asked.length, 6);
});

test('a POST is repeated only where the server says that it stays one', async (context) => {
  const stays = await sending(context, 308, '/to');
  await clientOf(stays.port)({ path: '/from', method: 'POST', json: {} }, signal);
  assert.deepEqual(stays.asked, ['POST /from', 'POST /to']);
  const changes = await sending(context, 302, '/to');
  const error = await failure(clientOf(changes.port)({ path: '/from', method: 'POST', json: {} }, signal));
  assert.equal(error.kind, 'redirect');
  assert.deepEqual(changes.asked, ['POST /from']);
});

test('a redirect to a login page within the origin names it', async (context) => {
  const server = await served(context, (request, answer) => {
    if (request.url === '/login') return void answer.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    answer.writeHead(302, { location: '/login' });
    answer.end();
  });
  const answer = await clientOf(server.port)({ path: '/api' }, signal);
  assert.throws(() => answer.json(), { message: /after a redirect to \/login/ });
});

test('no address is no redirect', async (context) => {
  const server = await served(context, (_request, answer) => void answer.writeHead(302).end());
  assert.equal((await failure(clientOf(server.port)({ path: '/a' }, signal))).kind, 'redirect');
});
