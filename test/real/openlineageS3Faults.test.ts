// OpenLineage events in S3 through a proxy that misbehaves as S3, and what stands before it, do: what was read stays, the reason says what to do, all comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, on, rewritten } from '../faults/answers.ts';
import { passed } from '../faults/table.ts';
import {
  arranged,
  awsFaults,
  lists,
  motoOfFile,
  polls,
  type Row,
  type Suffering,
  storeRows,
  xml,
} from './awsFaults.ts';
import type { Moto } from './motoServer.ts';

const minute = 60_000;
const objects = /\.json/;
const jobs = 8;

/** A job each, with a run and what it wrote. */
function event(n: number): string {
  const run = { runId: `01941f29-7c00-7000-8000-${String(n).padStart(12, '0')}` };
  const outputs = [{ namespace: 'snowflake://acme', name: `DB.PUBLIC.T${n}` }];
  const eventTime = `2026-11-20T00:00:${String(n + 10)}Z`;
  return JSON.stringify({
    eventType: 'COMPLETE',
    eventTime,
    run,
    job: { namespace: 'acme', name: `job-${n}` },
    outputs,
  });
}

async function put({ url }: Moto, place: string, body = ''): Promise<void> {
  const answer = await fetch(`${url}/${place}`, { method: 'PUT', body });
  assert.ok(answer.ok, await answer.text());
}

const moto = motoOfFile(async (started) => {
  for (const bucket of ['acme-lineage', 'acme-other']) await put(started, bucket);
  for (let n = 0; n < jobs; n += 1)
    await put(started, `acme-${n < jobs / 2 ? 'lineage' : 'other'}/events/event-${n}.json`, event(n));
});

const rows: readonly Row[] = [
  ...storeRows,
  {
    name: 'listing is denied',
    fault: () => on(lists, () => xml(403, 'AccessDenied')),
    health: ['forbidden', 'failing'],
    says: /AccessDenied.*ask for s3:ListBucket/,
    most: polls,
  },
  {
    name: 'one bucket is gone',
    fault: () => on(/acme-other/, () => xml(404, 'NoSuchBucket')),
    health: ['fresh'],
    says: /no such bucket acme-other/,
    most: polls,
  },
  {
    name: 'objects that were written again, and may not be read',
    fault: () => (asked, pass) =>
      lists.test(asked.path)
        ? rewritten((body) => body.replace(/<Size>\d+/g, '<Size>77'))(asked, pass)
        : xml(403, 'AccessDenied'),
    health: ['fresh', 'forbidden'],
    says: /AccessDenied.*s3:GetObject/,
    most: polls * 2,
  },
  {
    name: 'times and sizes that are none, and events that are none',
    fault: () => (asked, pass) =>
      lists.test(asked.path)
        ? rewritten((body) =>
            body.replace(/<Size>\d+/g, '<Size>NaN').replace(/<LastModified>[^<]*/g, '<LastModified>yesterday'),
          )(asked, pass)
        : html(200, '<html>no event</html>'),
    health: ['fresh', 'failing'],
    most: polls * 2,
  },
];

const suffering: Suffering = {
  config: {
    ...{ tool: 'openlineage', region: 'eu-west-1' },
    watch: ['acme-lineage/events/', 'acme-other/events/'],
  },
  known(catalog) {
    const known = catalog.list('job', 100).flatMap(({ id, goneAt }) => (goneAt === undefined ? [id] : []));
    return [...known, ...known.flatMap((id) => catalog.runs(id, { limit: 10 }).map((run) => run.id))];
  },
  least: 2 * jobs - 1,
  mostAtRandom: 300,
};

awsFaults(rows, moto, suffering);

test('one event that may not be read is told, the others are read', { timeout: 300_000 }, async (context) => {
  const bench = await arranged(context, moto(), suffering);
  const before = bench.known();
  await put(moto(), 'acme-other/events/late-1.json', event(20));
  await put(moto(), 'acme-other/events/late-2.json', event(21));
  bench.proxy.break((asked, pass) =>
    objects.test(asked.path) && asked.path.includes('late-1') ? xml(403, 'AccessDenied') : passed(pass),
  );
  const patience = AbortSignal.timeout(240_000);
  while (bench.known().length < before.length + 2) {
    patience.throwIfAborted();
    await bench.window.pass(minute);
  }
  bench.proxy.clear();
  await bench.window.pass(10 * minute);
  assert.equal(
    bench.proxy.asked.filter(({ path }) => objects.test(path)).length,
    0,
    'it is not asked for at each look',
  );
  assert.match(bench.window.status?.reason ?? '', /late-1.*AccessDenied|AccessDenied.*late-1/);
  bench.proxy.break(undefined);
  while (bench.known().length < before.length + 4) {
    patience.throwIfAborted();
    await bench.window.pass(minute);
  }
  assert.equal(bench.window.status?.reason, undefined);
});
