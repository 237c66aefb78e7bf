// Manners against a real server, on a clock of the test: what goes out is counted at the server.
import assert from 'node:assert/strict';
import type http from 'node:http';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { freePort } from '../../../scripts/live/programs.mjs';
import type { HttpError } from '../../../server/connectors/httpError.ts';
import type { Limits } from '../../../server/sync/manners/limits.ts';
import { createManners } from '../../../server/sync/manners/manners.ts';
import { createHttp } from '../../../server/world/http/client.ts';
import { failure, type Handler, json, served } from '../../support/web.ts';

const { signal } = new AbortController();
const start = Date.parse('2026-11-23T12:00:00Z');

function mannersOf(port: number, limits: Partial<Limits> = {}) {
  const clock = { now: start, slept: [] as number[] };
  const outcomes: (HttpError | undefined)[] = [];
  const manners = createManners({
    name: 'prod',
    place: `127.0.0.1:${port}`,
    http: createHttp({ connection: { name: 'prod', url: `http://127.0.0.1:${port}` }, env: {}, now: () => clock.now }),
    now: () => clock.now,
    sleep: async (ms) => {
      clock.now += ms;
      clock.slept.push(ms);
      await turn();
    },
    random: () => 0.5,
    limits,
    onOutcome: (error) => outcomes.push(error),
  });
  return { manners, clock, outcomes };
}

/** Answers by turns; the last one stays. `Date` is as the test's clock. */
function turns(context: TestContext, ...handlers: readonly Handler[]) {
  let next = 0;
  return served(context, (request, answer) => {
    answer.sendDate = false;
    handlers[Math.min(next, handlers.length - 1)]?.(request, answer);
    next += 1;
  });
}

const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}): Handler =>
  (_request, answer) =>
    void answer.writeHead(code, headers).end('{}');
const good: Handler = (_request, answer) => json(answer, { ok: true });

test('the same question at the same time is asked once; another credential is another question', async (context) => {
  const server = await turns(context, good);
  const { manners } = mannersOf(server.port);
  const ask = (authorization: string) => manners.fetch({ path: '/a', authorization }, signal);
  const answers = await Promise.all([ask('Bearer one'), ask('Bearer one'), ask('Bearer two')]);
  assert.deepEqual(
    answers.map((answer) => answer.json()),
    [{ ok: true }, { ok: true }, { ok: true }],
  );
  assert.equal(server.asked.length, 2);
  await ask('Bearer one');
  assert.equal(server.asked.length, 3);
  assert.equal(manners.requestsLastHour(), 3);
});

test('a search by POST is shared where the caller says so, and no other POST', async (context) => {
  const server = await turns(context, good);
  const { manners } = mannersOf(server.port);
  const ask = (repeatable: boolean) =>
    manners.fetch({ path: '/s', method: 'POST', json: { q: 1 }, repeatable }, signal);
  await Promise.all([ask(true), ask(true)]);
  assert.equal(server.asked.length, 1);
  await Promise.all([ask(false), ask(false)]);
  assert.equal(server.asked.length, 3);
});

test('no more than two are out at once, and the budget holds', async (context) => {
  let inside = 0;
  let most = 0;
  const server = await served(context, (_request, answer) => {
    inside += 1;
    most = Math.max(most, inside);
    setTimeout(() => {
      inside -= 1;
      json(answer, {});
    }, 2);
  });
  const { manners, clock } = mannersOf(server.port, { budget: { burst: 5, perMinute: 60 } });
  await Promise.all(Array.from({ length: 20 }, (_, index) => manners.fetch({ path: `/${index}` }, signal)));
  assert.equal(most, 2);
  assert.equal(server.asked.length, 20);
  assert.ok(clock.now - start >= 15_000, 'five at once, fifteen one second after another');
  assert.deepEqual(server.asked.slice(0, 3), ['GET /0', 'GET /1', 'GET /2']);
});

test('an answer that has not changed is not sent again', async (context) => {
  const server = await served(context, (request, answer) => {
    if (request.headers['if-none-match'] === '"v1"') return void answer.writeHead(304).end();
    json(answer, { body: 'long' }, { etag: '"v1"' });
  });
  const { manners } = mannersOf(server.port);
  await manners.fetch({ path: '/a' }, signal);
  const again = await manners.fetch({ path: '/a' }, signal);
  assert.equal(again.status, 200);
  assert.deepEqual(again.json(), { body: 'long' });
  const other = await manners.fetch({ path: '/a', authorization: 'Bearer other' }, signal);
  assert.deepEqual(other.json(), { body: 'long' });
  assert.equal(server.asked.length, 3);
});

test('what fails for now is tried twice more, after growing pauses', async (context) => {
  const server = await turns(context, status(503), status(500), good);
  const { manners, clock, outcomes } = mannersOf(server.port);
  assert.deepEqual((await manners.fetch({ path: '/a' }, signal)).json(), { ok: true });
  assert.equal(server.asked.length, 3);
  assert.deepEqual(clock.slept, [500, 1_000]);
  assert.deepEqual(
    outcomes.map((error) => error?.kind),
    ['unavailable', 'unavailable', undefined],
  );
});

test('what would be no better, or may not be asked twice, is not tried again', async (context) => {
  for (const code of [400, 401, 403, 404]) {
    const server = await turns(context, status(code));
    assert.equal((await failure(mannersOf(server.port).manners.fetch({ path: '/a' }, signal))).status, code);
    assert.equal(server.asked.length, 1);
  }
  const server = await turns(context, status(503));
  await failure(mannersOf(server.port).manners.fetch({ path: '/a', method: 'POST', json: {} }, signal));
  assert.equal(server.asked.length, 1);
});

test('Retry-After holds for the whole connection; a short one is waited, a long one is told', async (context) => {
  const server = await turns(
    context,
    status(429, { 'retry-after': '7' }),
    good,
    status(429, { 'retry-after': '600' }),
    good,
  );
  const { manners, clock } = mannersOf(server.port);
  await manners.fetch({ path: '/a' }, signal);
  assert.equal(clock.now - start, 7_000);
  const refused = await failure(manners.fetch({ path: '/b' }, signal));
  assert.equal(refused.kind, 'rateLimited');
  assert.equal(refused.retryAfterMs, 600_000);
  const waiting = await failure(manners.fetch({ path: '/c' }, signal));
  assert.equal(waiting.kind, 'waiting');
  assert.equal(waiting.retryAfterMs, 600_000);
  assert.match(
    waiting.message,
    /^prod: 127\.0\.0\.1:\d+ is not asked for another 600 s, because it asked to be left alone/,
  );
  assert.equal(server.asked.length, 3);
  assert.equal(manners.state().restMs, 600_000);
  clock.now += 600_000;
  assert.equal((await manners.fetch({ path: '/c' }, signal)).status, 200);
});

test('a 429 that does not say how long is left longer each time', async (context) => {
  const server = await turns(context, status(429));
  const { manners, clock } = mannersOf(server.port);
  const error = await failure(manners.fetch({ path: '/a' }, signal));
  assert.equal(error.kind, 'rateLimited');
  assert.equal(server.asked.length, 3);
  assert.ok(clock.now - start >= 30_000, `${clock.now - start}`);
});

test('headers that say nothing remains are obeyed before it is refused', async (context) => {
  const server = await turns(context, (_request, answer) =>
    json(answer, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '20' }),
  );
  const { manners, clock } = mannersOf(server.port);
  await manners.fetch({ path: '/a' }, signal);
  await manners.fetch({ path: '/b' }, signal);
  assert.equal(clock.now - start, 20_000);
});

test('a server that is down is left alone; one request tries it; it is welcome back', async (context) => {
  let down = true;
  const server = await served(context, (_request, answer) => void answer.writeHead(down ? 503 : 200).end('{}'));
  const { manners, clock } = mannersOf(server.port);
  // Two rounds of three tries each: the fifth failure opens it.
  await failure(manners.fetch({ path: '/a' }, signal));
  assert.equal((await failure(manners.fetch({ path: '/b' }, signal))).kind, 'unavailable');
  assert.equal(server.asked.length, 5);
  assert.equal(manners.state().breaker, 'open');

  const many = await Promise.all(
    Array.from({ length: 50 }, (_, index) => failure(manners.fetch({ path: `/${index}` }, signal))),
  );
  assert.deepEqual([...new Set(many.map((error) => error.kind))], ['waiting']);
  assert.match(
    many[0]?.message ?? '',
    /because it failed several times in a row\. The last time: prod: .* answered 503/,
  );
  assert.equal(server.asked.length, 5);

  clock.now += 15_000;
  assert.equal(manners.state().breaker, 'halfOpen');
  const tried = await Promise.all(['/x', '/y', '/z'].map((path) => failure(manners.fetch({ path }, signal))));
  assert.deepEqual(
    tried.map((error) => error.kind),
    ['unavailable', 'waiting', 'waiting'],
  );
  assert.equal(server.asked.length, 6);

  down = false;
  clock.now += 30_000;
  assert.equal((await manners.fetch({ path: '/a' }, signal)).status, 200);
  assert.equal(manners.state().breaker, 'closed');
  assert.equal(manners.state().restMs, 0);
});

test('the user may have it tried at once', async (context) => {
  const server = await turns(context, status(503), status(503), good);
  const { manners } = mannersOf(server.port, { breaker: { failures: 2, firstMs: 15_000, mostMs: 15_000 } });
  await failure(manners.fetch({ path: '/a' }, signal));
  assert.equal((await failure(manners.fetch({ path: '/a' }, signal))).kind, 'waiting');
  manners.wake();
  assert.equal((await manners.fetch({ path: '/a' }, signal)).status, 200);
});

test('an hour of asking a server that is not there costs some dozen tries', async () => {
  const { manners, clock } = mannersOf(await freePort());
  while (clock.now < start + 3_600_000) {
    await failure(manners.fetch({ path: '/a' }, signal));
    clock.now += 5_000;
  }
  assert.ok(manners.requestsLastHour() < 25, `${manners.requestsLastHour()} tries`);
});

test('a wrong credential is not a server that is down', async (context) => {
  const server = await turns(context, status(401));
  const { manners } = mannersOf(server.port);
  for (let count = 0; count < 10; count += 1) await failure(manners.fetch({ path: '/a' }, signal));
  assert.equal(manners.state().breaker, 'closed');
});

test('who gives up in the middle leaves no trace', async (context) => {
  const server = await turns(context, () => {});
  const { manners } = mannersOf(server.port);
  const controller = new AbortController();
  const waits = Array.from({ length: 5 }, (_, index) =>
    failure(manners.fetch({ path: `/${index}` }, controller.signal)),
  );
  while (server.asked.length < 2) await turn();
  assert.deepEqual([manners.state().inFlight, manners.state().waiting], [2, 3]);
  controller.abort(new Error('enough'));
  for (const error of await Promise.all(waits)) assert.equal(error.message, 'enough');
  while (manners.state().inFlight > 0) await turn();
  assert.equal(manners.state().waiting, 0);
  assert.equal(server.asked.length, 2);
});

test('the clock of the server is told from its Date', async (context) => {
  const server = await turns(context, (_request, answer) =>
    json(answer, {}, { date: new Date(start + 3 * 3_600_000).toUTCString() }),
  );
  const { manners } = mannersOf(server.port);
  assert.equal(manners.skewMs(), 0);
  await manners.fetch({ path: '/a' }, signal);
  assert.ok(Math.abs(manners.skewMs() - 3 * 3_600_000) <= 1_000);
});

test('a try that its caller gives up lets the next one try', async (context) => {
  const silent: Handler = () => {};
  const server = await turns(context, status(503), silent, good);
  const { manners, clock } = mannersOf(server.port, { breaker: { failures: 1, firstMs: 15_000, mostMs: 15_000 } });
  await failure(manners.fetch({ path: '/a' }, signal));
  clock.now += 15_000;
  const controller = new AbortController();
  const given = failure(manners.fetch({ path: '/b' }, controller.signal));
  while (server.asked.length < 2) await turn();
  assert.equal((await failure(manners.fetch({ path: '/c' }, signal))).kind, 'waiting');
  controller.abort(new Error('enough'));
  await given;
  while (manners.state().inFlight > 0) await turn();
  assert.equal((await manners.fetch({ path: '/c' }, signal)).status, 200);
});
