// How long a server asks us to wait.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfter } from '../../../server/world/http/retryAfter.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const date = 'Mon, 23 Nov 2026 15:00:00 GMT';

const cases: readonly (readonly [Readonly<Record<string, string>>, number | undefined])[] = [
  [{}, undefined],
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '1.5' }, 1_500],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '-3' }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{ 'retry-after': '999999999' }, 86_400_000],
  [{ 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'Mon, 23 Nov 2026 15:00:30 GMT', date }, 30_000],
  [{ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': '60' }, undefined],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '60' }, 60_000],
  [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${now / 1_000 + 20}` }, 20_000],
  [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '9', 'retry-after': '2' }, 2_000],
  [{ 'ratelimit-remaining': '0' }, undefined],
];

test('a 429 that says when, but not that nothing remains', () => {
  const header = (name: string) => (name === 'x-ratelimit-reset' ? '40' : undefined);
  assert.equal(retryAfter(header, now), undefined);
  assert.equal(retryAfter(header, now, true), 40_000);
});

for (const [headers, expected] of cases) {
  test(`${JSON.stringify(headers)} is ${expected ?? 'nothing'}`, () => {
    assert.equal(
      retryAfter((name) => headers[name], now),
      expected,
    );
  });
}
