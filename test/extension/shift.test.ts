// Moving recorded times: each form of a time, what is left alone, and that moving back restores the text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Shift, shiftText, shiftTo } from '../../extension/sample/shift.ts';

const newest = new Date('2026-11-21T09:00:40Z');
const shift: Shift = shiftTo(newest, new Date('2027-02-03T20:30:40Z'));
const to = (text: string) => shiftText(text, shift);

test('the newest event becomes two hours old', () => {
  assert.equal(to('2026-11-21T09:00:40.123456Z'), '2027-02-03T18:30:40.123456Z');
});

test('every form that the tools write moves alike', () => {
  assert.equal(to('run_id=scheduled__2026-11-21T09:00:00+00:00'), 'run_id=scheduled__2027-02-03T18:30:00+00:00');
  assert.equal(to('scheduled__2026-11-21T09%3A00%3A00%2B00%3A00'), 'scheduled__2027-02-03T18%3A30%3A00%2B00%3A00');
  assert.equal(to("utc_time_created: '2026-11-21 09:00:40.1'"), "utc_time_created: '2027-02-03 18:30:40.1'");
  assert.equal(to('2026/11/21 09:00:40 WARNING'), '2027/02/03 18:30:40 WARNING');
  assert.equal(
    to('datetime.datetime(2026, 11, 21, 9, 0, 12, 345678, tzinfo=utc)'),
    'datetime.datetime(2027, 2, 3, 18, 30, 12, 345678, tzinfo=utc)',
  );
  assert.equal(to('DateTime(2026, 11, 21, 9, 0, tzinfo=utc)'), 'DateTime(2027, 2, 3, 18, 30, 0, tzinfo=utc)');
  assert.equal(to(String(newest.getTime() + 7)), String(Date.parse('2027-02-03T18:30:40.007Z')));
  assert.equal(
    to(`"created_at": ${newest.getTime() / 1000}.25`),
    `"created_at": ${Date.parse('2027-02-03T18:30:40Z') / 1000}.25`,
  );
  assert.equal(
    to('s3://acme-models/churn-lite/2026-11-21/model.joblib'),
    's3://acme-models/churn-lite/2027-02-03/model.joblib',
  );
});

test('what is no time of the recording stays', () => {
  const others =
    '2019-01-01 2027-06-01T00:00:00Z 01a0dba8-4828-7bc0-9499-8751d2e2409b 1.1795000000 v1794000000x 2026-13-45';
  assert.equal(to(others), others);
});

test('moving back restores the text', () => {
  const time = fc
    .date({ min: new Date('2026-09-21T00:00:00Z'), max: new Date('2026-11-21T08:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString());
  fc.assert(
    fc.property(fc.array(fc.oneof(time, fc.string({ unit: fc.constantFrom('a', ' ', '"', ':', '/') }))), (parts) => {
      const text = parts.join(' | ');
      const back: Shift = { by: -shift.by, from: shift.from + shift.by, to: shift.to + shift.by };
      assert.equal(shiftText(shiftText(text, shift), back), text);
    }),
  );
});
