// As of: what is answered for an earlier time, held against a plain list of everything that was seen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AsOf, asOf, changesOf, type Past, surest } from '../../server/catalog/asOf.ts';
import type { CatalogChange } from '../../server/catalog/change.ts';
import { CatalogStore, type SourceIdentity } from '../../server/catalog/store.ts';

const minute = 60_000;
const source: SourceIdentity = { name: 's', tool: 'mlflow', scope: 'mlflow://i', kinds: ['model', 'job', 'run'] };
const churn = 'model:mlflow://i/churn';
const longestGap = 30 * minute;

/** One step of a random life: time goes on, something may change, and somebody looks, or fails to. */
interface Step {
  readonly minutes: number;
  readonly change: 'none' | 'gone' | '1' | '2' | 'unset';
  readonly look: 'none' | 'whole' | 'fails' | 'breaks';
}

interface Look {
  readonly at: number;
  /** Undefined: not there at all; `''`: there, without the alias. */
  readonly value: string | undefined;
}

const step: fc.Arbitrary<Step> = fc.record({
  minutes: fc.constantFrom(1, 5, 20, 29, 45, 300),
  change: fc.constantFrom('none', 'none', 'none', 'gone', '1', '2', 'unset'),
  look: fc.constantFrom('none', 'whole', 'whole', 'whole', 'fails', 'breaks'),
});

function page(value: string | undefined): CatalogChange {
  if (value === undefined) return {};
  const modelAliases = value === '' ? [] : [{ alias: 'champion', version: value }];
  return { entities: [{ id: churn, kind: 'model', name: 'churn', facts: { modelAliases } }] };
}

/** Lives through the steps; what each look that ended saw. */
function live(store: CatalogStore, steps: readonly Step[]): readonly Look[] {
  const looks: Look[] = [];
  let at = 1_000_000;
  let value: string | undefined;
  for (const { minutes, change, look } of steps) {
    at += minutes * minute;
    if (change !== 'none') value = change === 'gone' ? undefined : change === 'unset' ? '' : change;
    const writer = store.writer();
    if (look === 'none') continue;
    if (look === 'fails') {
      writer.register(source);
      writer.fail(source.name, 'failing', 'it is away', at);
      continue;
    }
    const scan = writer.startScan(source, at);
    if (look !== 'breaks') scan.apply(page(value));
    else {
      scan.abandon('it broke off', 'failing');
      continue;
    }
    scan.apply({ covered: [{ kind: 'model', scope: 'mlflow://i' }] });
    scan.finish();
    looks.push({ at, value });
  }
  return looks;
}

/** What the looks alone allow to say, at a time. */
function expected(looks: readonly Look[], time: number, of: (look: Look) => string | undefined): object {
  const before = looks.findLast(({ at }) => at <= time);
  const after = looks.find(({ at }) => at >= time);
  const sighting = (look: Look) => ({ at: look.at, ...(of(look) === undefined ? {} : { value: of(look) }) });
  if (before?.at === time) return { answer: 'known', value: of(before) };
  if (!before || !after) {
    return {
      answer: 'notWatched',
      ...(before ? { seenBefore: sighting(before) } : {}),
      ...(after ? { seenAfter: sighting(after) } : {}),
    };
  }
  if (of(before) !== of(after))
    return { answer: 'between', from: before.at, to: after.at, before: of(before), after: of(after) };
  if (after.at - before.at <= longestGap) return { answer: 'known', value: of(before) };
  return { answer: 'notWatched', seenBefore: sighting(before), seenAfter: sighting(after) };
}

/** Without what the looks alone do not say, and without empty fields. */
function essence(answer: AsOf): object {
  const { answer: kind } = answer;
  if (kind === 'known') return { answer: kind, value: answer.value };
  if (kind === 'notWatched') return answer;
  return { answer: kind, from: answer.from, to: answer.to, before: answer.before, after: answer.after };
}

test('whatever changes and fails, an answer as of a time says what the looks around it say', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 14 }), (steps) => {
      const { store } = CatalogStore.open(':memory:');
      const looks = live(store, steps);
      const catalog = store.snapshot();
      const times = looks.flatMap(({ at }) => [at - 1, at, at + 1, at + 7 * minute]);
      const wasSeen = looks.some(({ value }) => value !== undefined);
      for (const time of wasSeen ? times : []) {
        const alias = (look: Look) => (look.value === '' ? undefined : look.value);
        const there = (look: Look) => (look.value === undefined ? undefined : 'yes');
        if (looks.some((look) => alias(look) !== undefined))
          assert.deepEqual(
            essence(catalog.asOf(churn, 'alias champion', time)),
            expected(looks, time, alias),
            `${time}`,
          );
        assert.deepEqual(essence(catalog.asOf(churn, 'exists', time)), expected(looks, time, there), `exists ${time}`);
      }
      store.close();
    }),
    { numRuns: 300 },
  );
});

const watchedAll = [{ from: 0, until: 1000 }];
const looked = { source: 's', watched: watchedAll, told: [] };

test('a record of the tool says exactly when, also where nobody watched', () => {
  const evidence = 'event log 7';
  const past: Past = {
    source: 's',
    watched: [
      { from: 100, until: 200 },
      { from: 300, until: 400 },
    ],
    held: [
      { value: 'false', from: 100, until: 200 },
      { value: 'true', from: 300, until: 400 },
    ],
    told: [
      { value: 'true', at: 10, evidence },
      { value: 'false', at: 50, evidence },
      { value: 'true', at: 250, evidence },
    ],
  };
  const said = (time: number) => asOf(past, time);
  assert.deepEqual(said(5), { answer: 'notWatched', seenAfter: { value: 'false', at: 100 } });
  assert.deepEqual(said(20), { answer: 'known', value: 'true', since: 10, until: 50, source: 's', evidence });
  assert.deepEqual(said(150), { answer: 'known', value: 'false', since: 50, until: 250, source: 's', evidence });
  assert.deepEqual(said(240), { answer: 'known', value: 'false', since: 50, until: 250, source: 's', evidence });
  assert.deepEqual(said(260), { answer: 'known', value: 'true', since: 250, source: 's', evidence });
  assert.deepEqual(
    changesOf('paused', past).map(({ before, after, from, to }) => [before, after, from, to]),
    [
      ['true', 'false', 50, 50],
      ['false', 'true', 250, 250],
    ],
  );
  const back: Past = {
    ...looked,
    held: [{ value: 'a', from: 0, until: 1000 }],
    told: [
      { value: 'b', at: 400, evidence },
      { value: 'a', at: 500, evidence },
    ],
  };
  assert.deepEqual(asOf(back, 450), { answer: 'known', value: 'b', since: 400, until: 500, source: 's', evidence });
  assert.equal(changesOf('owner', back).length, 2, 'changed and changed back between two looks');
});

test('a change that was not seen lies between two looks; none is a value too', () => {
  const past: Past = {
    ...looked,
    held: [
      { value: '6', from: 100, until: 200 },
      { from: 300, until: 400 },
      { value: '7', from: 500, until: 500 },
    ],
  };
  assert.deepEqual(asOf(past, 250), { answer: 'between', from: 200, to: 300, before: '6', source: 's' });
  assert.deepEqual(asOf(past, 350), { answer: 'known', since: 300, until: 400, source: 's' });
  assert.deepEqual(changesOf('alias champion', past), [
    { field: 'alias champion', before: '6', from: 200, to: 300, source: 's' },
    { field: 'alias champion', after: '7', from: 400, to: 500, source: 's' },
  ]);
  const surer = surest([
    asOf(past, 250),
    asOf({ ...past, source: 't', held: [{ value: 'x', from: 0, until: 900 }] }, 250),
  ]);
  assert.deepEqual([surer.answer, surer.answer === 'known' && surer.source], ['known', 't']);
});

const job = 'job:mlflow://i/train';
const table = 'table:mlflow://i/t';
const edge = { from: table, to: job, relation: 'reads', origin: 'reported', evidence: 'e' } as const;
const scannedAt = (store: CatalogStore, at: number, change: CatalogChange) => {
  const scan = store.writer().startScan(source, at);
  scan.apply(change);
  return scan.finish();
};

test('edges that nobody says any more are remembered with when they were said', () => {
  const { store } = CatalogStore.open(':memory:');
  const catalog = store.snapshot();
  for (const [at, edges] of [
    [1, []],
    [2, [edge]],
    [3, [edge]],
    [5, []],
    [20, []],
    [90, [edge]],
  ] as const)
    scannedAt(store, at * minute, { edges });
  const then = (time: number) => {
    const { upstream } = catalog.neighboursAt(job, time * minute);
    assert.deepEqual(catalog.neighboursAt(table, time * minute).downstream, upstream);
    return upstream.map((one) => one.unsure ?? 'seen').join() || 'none';
  };
  assert.deepEqual([0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 25, 90].map(then), [
    'notWatched',
    'none',
    'between',
    'seen',
    'seen',
    'seen',
    'between',
    'none',
    'none',
    'between',
    'seen',
  ]);
  assert.deepEqual(catalog.neighbours(job).upstream.length, 1);
  store.close();
});

test('what a scan of changes does not mention is as it was', () => {
  const { store } = CatalogStore.open(':memory:');
  const catalog = store.snapshot();
  const covered = [{ kind: 'model', scope: 'mlflow://i' }] as const;
  scannedAt(store, minute, { ...page('6'), edges: [edge], covered });
  for (const at of [20, 40, 60]) scannedAt(store, at * minute, { incremental: true, continued: covered });
  const alias = (at: number) => catalog.asOf(churn, 'alias champion', at * minute);
  const there = (at: number) =>
    catalog
      .neighboursAt(job, at * minute)
      .upstream.map((one) => one.unsure ?? 'seen')
      .join();
  assert.deepEqual([alias(30).answer, there(30)], ['known', 'seen']);
  scannedAt(store, 80 * minute, { ...page('7'), incremental: true, continued: covered });
  assert.deepEqual([alias(59).answer, alias(70).answer, alias(80).answer], ['known', 'between', 'known']);
  scannedAt(store, 100 * minute, { ...page('7'), covered });
  assert.deepEqual([there(1), there(30), there(90), there(100)], ['seen', 'between', 'between', '']);
  store.close();
});

test('history does not grow when nothing changes', () => {
  const { store } = CatalogStore.open(':memory:');
  const change: CatalogChange = {
    ...page('6'),
    edges: [edge],
    events: [{ entity: churn, field: 'owner', value: 'ana', at: 5, evidence: 'log 1' }],
    covered: [{ kind: 'model', scope: 'mlflow://i' }],
  };
  scannedAt(store, minute, change);
  const rows = () => store.snapshot().history(churn).length;
  const before = rows();
  for (let n = 2; n < 20; n++) assert.equal(scannedAt(store, n * minute, change).changed, false);
  assert.deepEqual([before, rows()], [2, 2]);
  store.close();
});

test('what a scan that broke off wrote is in history after the next one', () => {
  const { store } = CatalogStore.open(':memory:');
  const catalog = store.snapshot();
  scannedAt(store, minute, page('6'));
  const broken = store.writer().startScan(source, 2 * minute);
  broken.apply(page('7'));
  broken.abandon('it broke off', 'failing');
  assert.equal(catalog.asOf(churn, 'alias champion', 2 * minute).answer, 'notWatched');
  scannedAt(store, 3 * minute, page('7'));
  assert.deepEqual(catalog.asOf(churn, 'alias champion', 2 * minute), {
    answer: 'between',
    from: minute,
    to: 3 * minute,
    before: '6',
    after: '7',
    source: 's',
  });
  store.close();
});

test('a part that could not be read does not vouch for what it holds', () => {
  const { store } = CatalogStore.open(':memory:');
  scannedAt(store, minute, page('6'));
  scannedAt(store, 2 * minute, { problems: [{ message: 'models may not be listed' }] });
  scannedAt(store, 3 * minute, page('7'));
  const [change] = store.snapshot().changes(churn, 'alias champion');
  assert.deepEqual([change?.from, change?.to], [minute, 3 * minute]);
  store.close();
});

test('a run says itself when it ran; a status that was set later is remembered', () => {
  const { store } = CatalogStore.open(':memory:');
  const catalog = store.snapshot();
  const id = 'run:mlflow://i/r';
  const none = { of: [], name: 'r', metrics: [], params: [], inputs: [], outputs: [], logs: [], linked: [] };
  const seen = (at: number, more: object) =>
    scannedAt(store, at * minute, { runs: [{ id, status: 'running', startedAt: 10 * minute, ...none, ...more }] });
  const status = (at: number) => {
    const found = catalog.asOf(id, 'status', at * minute);
    return found.answer === 'known' ? (found.value ?? 'none') : found.answer;
  };
  seen(40, { status: 'failed', endedAt: 30 * minute });
  assert.deepEqual([5, 20, 35].map(status), ['none', 'running', 'failed']);
  seen(50, { status: 'success', endedAt: 30 * minute });
  assert.deepEqual([40, 45, 50].map(status), ['failed', 'between', 'success']);
  store.close();
});

test('versions say themselves when they were made', () => {
  const { store } = CatalogStore.open(':memory:');
  const version = (name: string, createdAt: number) => ({
    entity: { id: `version:mlflow://i/churn/${name}`, kind: 'version' as const, name, facts: { createdAt } },
    edge: {
      ...{ from: churn, to: `version:mlflow://i/churn/${name}` },
      ...({ relation: 'contains', origin: 'reported', evidence: 'registry' } as const),
    },
  });
  const versions = [version('9', 20), version('10', 30)];
  scannedAt(store, 100, {
    entities: [
      { id: churn, kind: 'model', name: 'churn', facts: { latestVersion: '10' } },
      ...versions.map(({ entity }) => entity),
    ],
    edges: versions.map((one) => one.edge),
  });
  const catalog = store.snapshot();
  const evidence = 'creation of the versions that are there now';
  const own = { answer: 'known', source: 's', evidence };
  assert.deepEqual(catalog.asOf(churn, 'latestVersion', 25), { ...own, value: '9', since: 20, until: 30 });
  assert.deepEqual(catalog.asOf(churn, 'latestVersion', 40), { ...own, value: '10', since: 30 });
  assert.equal(catalog.asOf(churn, 'latestVersion', 10).answer, 'notWatched');
  assert.equal(catalog.asOf(versions[0]?.entity.id ?? '', 'exists', 25).answer, 'known');
  store.close();
});

test('columns of a table too wide to keep are cut, and a change beyond the cut still shows', () => {
  const { store } = CatalogStore.open(':memory:');
  const wide = (last: string) => ({
    entities: [
      {
        id: churn,
        kind: 'model' as const,
        name: 'churn',
        facts: { columns: [...Array.from({ length: 4000 }, (_, n) => ({ name: `column_${n}` })), { name: last }] },
      },
    ],
  });
  scannedAt(store, 1, wide('a'));
  scannedAt(store, 2, wide('b'));
  const [change, ...more] = store.snapshot().changes(churn, 'columns');
  assert.ok(change?.before && change.before.length < 17_000);
  assert.match(change.before, /\n… cut from \d+ characters, [0-9a-f]{16}$/);
  assert.equal(more.length, 0);
  store.close();
});
