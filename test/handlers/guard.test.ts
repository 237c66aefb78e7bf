// Guard: cancelled requests never run, failing features answer their fallback, sweeps stop between slices.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationToken, CancellationTokenSource, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import { Cancelled, createGuard, sweep } from '../../server/handlers/guard.ts';
import { memoryLog } from '../support/log.ts';

function clock(step: number): () => number {
  let time = 0;
  return () => {
    time += step;
    return time;
  };
}

test('a request cancelled before its turn does not run', async () => {
  const source = new CancellationTokenSource();
  let ran = false;
  const handler = createGuard({ log: memoryLog(), now: clock(1) })('hover', null, () => {
    ran = true;
    return null;
  });
  const answer = handler({}, source.token);
  source.cancel();
  const result = await answer;
  assert.ok(result instanceof ResponseError);
  assert.equal(result.code, LSPErrorCodes.RequestCancelled);
  assert.equal(ran, false);
});

test('a request cancelled while it runs answers cancelled', async () => {
  const source = new CancellationTokenSource();
  const handler = createGuard({ log: memoryLog(), now: clock(1) })('hover', 'fallback', () => {
    source.cancel();
    return 'result';
  });
  assert.ok((await handler({}, source.token)) instanceof ResponseError);
});

test('a throwing feature is logged and answered with the fallback', async () => {
  const log = memoryLog();
  const handler = createGuard({ log, now: clock(1) })('hover', 'fallback', (): string => {
    throw new Error('broken feature');
  });
  assert.equal(await handler({}, CancellationToken.None), 'fallback');
  assert.match(log.lines.join('\n'), /hover failed.*broken feature/s);
});

test('slow work is logged with its method', async () => {
  const log = memoryLog();
  await createGuard({ log, now: clock(150) })('textDocument/hover', null, () => null)({}, CancellationToken.None);
  assert.match(log.lines.join('\n'), /textDocument\/hover took 150 ms/);
});

test('a sweep returns its result and lets other work through between slices', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  function* work() {
    for (let step = 0; step < 200; step++) yield step;
    return 'done';
  }
  assert.equal(await sweep(work(), CancellationToken.None, clock(4)), 'done');
  clearInterval(timer);
  assert.ok(turns > 0, 'timers ran during the sweep');
});

test('a cancelled sweep stops at the next slice', async () => {
  const source = new CancellationTokenSource();
  let steps = 0;
  function* work() {
    for (;;) {
      steps++;
      if (steps === 5) source.cancel();
      yield;
    }
  }
  await assert.rejects(sweep(work(), source.token, clock(4)), Cancelled);
  assert.ok(steps < 20, `stopped soon after the cancellation, at step ${steps}`);
});
