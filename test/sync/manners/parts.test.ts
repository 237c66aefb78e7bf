// The small parts of good manners: the line at the gate, answers shared and kept, the clock of the server, the count.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { HttpAnswer } from '../../../server/connectors/connector.ts';
import { Counted } from '../../../server/sync/manners/counted.ts';
import { Gate } from '../../../server/sync/manners/gate.ts';
import { Kept } from '../../../server/sync/manners/kept.ts';
import { Rest } from '../../../server/sync/manners/rest.ts';
import { Shared } from '../../../server/sync/manners/shared.ts';
import { Skew } from '../../../server/sync/manners/skew.ts';

const { signal } = new AbortController();

function held<T>() {
  let let_go: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    let_go = resolve;
  });
  return { promise, letGo: let_go };
}

test('at most so many pass at once, first come first served, and who gives up leaves the line', async () => {
  const gate = new Gate({ atOnce: 2, admit: () => 0, sleep: async () => {} });
  const began: number[] = [];
  const works = Array.from({ length: 5 }, () => held<void>());
  const impatient = new AbortController();
  const passes = works.map((work, index) =>
    gate.pass(index === 2 ? impatient.signal : signal, () => {
      began.push(index);
      return work.promise;
    }),
  );
  await turn();
  assert.deepEqual(began, [0, 1]);
  assert.deepEqual([gate.inside, gate.waiting], [2, 3]);
  impatient.abort(new Error('enough'));
  await assert.rejects(passes[2] as Promise<void>, { message: 'enough' });
  works[1]?.letGo();
  await turn();
  assert.deepEqual(began, [0, 1, 3]);
  for (const work of works) work.letGo();
  await Promise.all(passes.filter((_, index) => index !== 2));
  assert.deepEqual([gate.inside, gate.waiting], [0, 0]);
});

test('the gate stays passable after refusals, failures and givers-up in any order', async () => {
  const kind = fc.constantFrom('good', 'bad', 'refused', 'gaveUp');
  await fc.assert(
    fc.asyncProperty(fc.array(kind, { maxLength: 20 }), async (kinds) => {
      let most = 0;
      const next = [...kinds];
      const gate = new Gate({
        atOnce: 2,
        sleep: async () => {},
        admit: () => {
          if (next.shift() === 'refused') throw new Error('refused');
          return 0;
        },
      });
      const passes = kinds.map((kind) =>
        gate
          .pass(kind === 'gaveUp' ? AbortSignal.abort(new Error('gone')) : signal, async () => {
            most = Math.max(most, gate.inside);
            await turn();
            if (kind === 'bad') throw new Error('bad');
          })
          .catch(() => {}),
      );
      await Promise.all(passes);
      assert.ok(most <= 2);
      assert.deepEqual([gate.inside, gate.waiting], [0, 0]);
    }),
    { numRuns: 50 },
  );
});

test('callers who want the same share one request, and it ends when the last has given up', async () => {
  const shared = new Shared<string>();
  const answer = held<string>();
  let asked = 0;
  let ended = false;
  const ask = (inner: AbortSignal) => {
    asked += 1;
    inner.addEventListener('abort', () => {
      ended = true;
    });
    return answer.promise;
  };
  const callers = [new AbortController(), new AbortController()] as const;
  const waits = callers.map((caller) => shared.join('a', caller.signal, ask));
  const third = shared.join('b', signal, ask);
  assert.equal(asked, 2);
  callers[0].abort(new Error('one'));
  await assert.rejects(waits[0] as Promise<string>, { message: 'one' });
  assert.equal(ended, false);
  callers[1].abort(new Error('two'));
  await assert.rejects(waits[1] as Promise<string>, { message: 'two' });
  assert.equal(ended, true);
  answer.letGo('x');
  assert.equal(await third, 'x');
  assert.equal(await shared.join('b', signal, async () => 'anew'), 'anew');
});

test('a failure is shared too, and not kept', async () => {
  const shared = new Shared<string>();
  const bad = () => Promise.reject(new Error('bad'));
  const waits = await Promise.allSettled([shared.join('a', signal, bad), shared.join('a', signal, bad)]);
  assert.deepEqual(
    waits.map((wait) => wait.status),
    ['rejected', 'rejected'],
  );
  assert.equal(await shared.join('a', signal, async () => 'good'), 'good');
});

function answer(text: string, etag?: string, status = 200): HttpAnswer {
  return { status, text, header: (name) => (name === 'etag' ? etag : undefined), json: () => text };
}

test('only what has an ETag is kept, within the cap, the latest used the longest', () => {
  const kept = new Kept({ total: 10, each: 6 });
  kept.put('none', answer('x'));
  kept.put('long', answer('1234567', '"l"'));
  kept.put('odd', answer('1', '"o"', 203));
  assert.deepEqual(
    ['none', 'long', 'odd'].map((key) => kept.get(key)),
    [undefined, undefined, undefined],
  );
  kept.put('a', answer('12345', '"a"'));
  kept.put('b', answer('12345', '"b"'));
  assert.equal(kept.get('a')?.etag, '"a"');
  kept.put('c', answer('1', '"c"'));
  assert.equal(kept.get('b'), undefined);
  assert.equal(kept.get('a')?.answer.text, '12345');
  kept.put('a', answer('1'));
  assert.equal(kept.get('a'), undefined, 'an answer without ETag replaces what was kept');
});

test('the clock of the server is found to within what can be told', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
      fc.array(fc.record({ at: fc.nat(500_000), there: fc.nat(3_000), back: fc.nat(3_000) }), {
        minLength: 1,
      }),
      (ahead, requests) => {
        const skew = new Skew();
        const start = Date.parse('2026-11-23T12:00:00Z');
        let best = Number.POSITIVE_INFINITY;
        for (const { at, there, back } of requests.sort((a, b) => a.at - b.at)) {
          const sent = start + at;
          skew.heard(new Date(sent + there + ahead).toUTCString(), undefined, sent, sent + there + back);
          best = Math.min(best, 500 + (there + back) / 2);
        }
        assert.ok(Math.abs(skew.ms - ahead) <= 2 * best, `${skew.ms} for ${ahead}`);
      },
    ),
  );
  const skew = new Skew();
  skew.heard('Mon, 23 Nov 2026 15:00:00 GMT', '100', 0, 1);
  skew.heard('nonsense', undefined, 0, 1);
  skew.heard(undefined, undefined, 0, 1);
  assert.equal(skew.ms, 0);
});

test('a clock that is right is no skew; one that is set right is believed', () => {
  const skew = new Skew();
  const now = Date.parse('2026-11-23T12:00:00.700Z');
  skew.heard(new Date(now).toUTCString(), undefined, now - 20, now);
  assert.equal(skew.ms, 0);
  skew.heard(new Date(now + 7_200_000).toUTCString(), undefined, now, now + 900);
  assert.ok(Math.abs(skew.ms - 7_200_000) < 1_000);
});

test('the count is of the last hour', () => {
  const counted = new Counted();
  const start = Date.parse('2026-11-23T12:00:00Z');
  for (let minute = 0; minute < 90; minute += 1) counted.add(start + minute * 60_000);
  assert.equal(counted.lastHour(start + 89 * 60_000), 60);
  assert.equal(counted.lastHour(start + 119 * 60_000), 30);
  assert.equal(counted.lastHour(start + 200 * 60_000), 0);
});

test('a server that wants rest gets the longest it asked for; one that does not say, more each time', () => {
  const rest = new Rest({ firstMs: 1_000, mostMs: 3_000 }, () => 0.5);
  rest.wished(5_000, 0);
  rest.wished(1_000, 0);
  assert.equal(rest.waitMs(1_000), 4_000);
  assert.deepEqual(
    [10_000, 20_000, 30_000].map((now) => {
      rest.refused(undefined, now);
      return rest.waitMs(now);
    }),
    [1_000, 2_000, 3_000],
  );
  rest.answered();
  rest.refused(undefined, 40_000);
  assert.equal(rest.waitMs(40_000), 1_000);
});
