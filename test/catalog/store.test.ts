// The store: what is applied can be asked, and covered, gone and history follow from scans that ended well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Catalog } from '../../server/catalog/catalog.ts';
import type { CatalogChange } from '../../server/catalog/change.ts';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore, type SourceIdentity } from '../../server/catalog/store.ts';

const mlflow: SourceIdentity = {
  name: 'mlflow (metadata/mlflow/mlflow.db)',
  tool: 'mlflow',
  scope: 'mlflow://1a2b',
  kinds: ['model', 'version', 'experiment', 'metric', 'run'],
};
const other: SourceIdentity = { ...mlflow, name: 'mlflow (mlruns)', scope: 'mlflow://9f9f' };
const churn = 'model:mlflow://1a2b/churn';
const fraud = 'model:mlflow://1a2b/fraud';
const models = { kind: 'model', scope: 'mlflow://1a2b' } as const;

function open() {
  const { store } = CatalogStore.open(':memory:');
  const scan = (at: number, pages: readonly CatalogChange[], source = mlflow) => {
    const running = store.writer().startScan(source, at);
    for (const page of pages) running.apply(page);
    return running.finish();
  };
  return { store, catalog: store.snapshot(), scan };
}

const run = (name: string, at: number, more: Partial<Run> = {}): Run => ({
  id: `run:mlflow://1a2b/${name}`,
  of: [churn],
  name,
  status: 'success',
  startedAt: at,
  metrics: [],
  params: [],
  inputs: [],
  outputs: [],
  logs: [],
  linked: [],
  ...more,
});

const named = (catalog: Catalog, name: string, tool?: string) => catalog.find('table', name, tool).map(({ id }) => id);

test('entities are found by name, alias and partial qualification', () => {
  const { catalog, scan } = open();
  const labels = 'table:dbt://churn_dbt/analytics/ml/churn_labels';
  const raw = 'table:openlineage://warehouse/raw/orders';
  scan(1, [
    {
      entities: [
        {
          id: labels,
          kind: 'table',
          name: 'analytics.ml.churn_labels',
          aliases: ['churn_labels', 'model.churn_dbt.churn_labels'],
        },
        { id: raw, kind: 'table', name: 'raw.orders' },
      ],
    },
  ]);
  assert.deepEqual(named(catalog, 'churn_labels'), [labels]);
  assert.deepEqual(named(catalog, '"ANALYTICS"."ML"."CHURN_LABELS"'), [labels]);
  assert.deepEqual(named(catalog, 'ml.churn_labels', 'dbt'), [labels]);
  assert.deepEqual(named(catalog, 'ml.churn_labels', 'openlineage'), []);
  assert.deepEqual(named(catalog, 'prod.raw.orders'), [raw], 'known with fewer qualifiers');
  assert.deepEqual(named(catalog, 'prod.other.orders'), []);
  assert.deepEqual(
    catalog.match('table', 'churn_*', 10).map(({ id }) => id),
    [labels],
  );
  assert.deepEqual(
    catalog.near('table', 'churn_label', 3).map(({ id }) => id),
    [labels],
  );
  assert.deepEqual(catalog.list('table', 10).length, 2);
});

test('how many entities there are: each once, the gone ones not', () => {
  const { store, catalog, scan } = open();
  assert.equal(catalog.size(), 0);
  const both = [churn, fraud].map((id) => ({ id, kind: 'model', name: id }) as const);
  scan(1, [{ entities: both, covered: [models] }]);
  scan(1, [{ entities: both.slice(0, 1) }], other);
  assert.equal(catalog.size(), 2);
  scan(2, [{ entities: both.slice(0, 1), covered: [models] }]);
  assert.equal(catalog.size(), 1);
  store.writer().removeSource(mlflow.name);
  assert.equal(catalog.size(), 1);
  store.writer().removeSource(other.name);
  assert.equal(catalog.size(), 0);
});

test('a renamed entity is no longer found by its old names', () => {
  const { catalog, scan } = open();
  scan(1, [{ entities: [{ id: 'table:dbt://p/a', kind: 'table', name: 'old', aliases: ['older'] }] }]);
  scan(2, [{ entities: [{ id: 'table:dbt://p/a', kind: 'table', name: 'new', aliases: ['old_but_kept'] }] }]);
  assert.deepEqual(
    ['old', 'older', 'new', 'old_but_kept'].map((name) => named(catalog, name).length),
    [0, 0, 1, 1],
  );
});

test('facts of several sources: the later wins field by field', () => {
  const { catalog, scan } = open();
  scan(1, [{ entities: [{ id: churn, kind: 'model', name: 'churn', facts: { owner: 'ana', stage: 'None' } }] }]);
  scan(2, [{ entities: [{ id: churn, kind: 'model', name: 'churn', facts: { owner: 'bo' } }] }], other);
  assert.deepEqual(catalog.facts(churn), { owner: 'bo', stage: 'None' });
  assert.deepEqual(
    catalog.factsBySource(churn).map(({ source, asOf }) => [source, asOf]),
    [
      [mlflow.name, 1],
      [other.name, 2],
    ],
  );
});

test('the classic mistake: the first page of the first source covers nothing', () => {
  const { store, catalog } = open();
  const writer = store.writer();
  writer.register(other);
  const scan = writer.startScan(mlflow, 10);
  scan.apply({ entities: [{ id: churn, kind: 'model', name: 'churn' }], covered: [models] });
  assert.deepEqual(catalog.covers('model', 'mlflow'), {
    covered: false,
    reason: { why: 'neverScanned', source: mlflow.name },
  });
  scan.finish();
  assert.deepEqual(
    catalog.covers('model', 'mlflow'),
    { covered: false, reason: { why: 'neverScanned', source: other.name } },
    'the other source was not asked yet',
  );
  assert.deepEqual(catalog.covers('model', 'mlflow', 'mlflow://1a2b'), { covered: true, asOf: 10 });
  const second = writer.startScan(other, 20);
  second.apply({ covered: [{ kind: 'model', scope: 'mlflow://9f9f' }] });
  second.finish();
  assert.deepEqual(catalog.covers('model', 'mlflow'), { covered: true, asOf: 10 });
  assert.deepEqual(catalog.covers('experiment', 'mlflow'), {
    covered: false,
    reason: { why: 'partial', source: mlflow.name },
  });
  assert.deepEqual(catalog.covers('job', 'airflow'), {
    covered: false,
    reason: { why: 'noConnection', tool: 'airflow' },
  });
});

test('one schema covered is not the warehouse covered', () => {
  const { catalog, scan } = open();
  const warehouse: SourceIdentity = { name: 'w', tool: 'snowflake', scope: 'snowflake://acme', kinds: ['table'] };
  scan(1, [{ covered: [{ kind: 'table', scope: 'snowflake://acme/raw' }] }], warehouse);
  assert.equal(catalog.covers('table', 'sql').covered, false);
  assert.equal(catalog.covers('table', 'sql', 'snowflake://acme/raw').covered, true);
  assert.equal(catalog.covers('table', 'sql', 'snowflake://acme/rawer').covered, false);
});

test('problems, abandoned scans and failures withdraw coverage and keep the facts', () => {
  const { store, catalog, scan } = open();
  const whole = { entities: [{ id: churn, kind: 'model', name: 'churn' }], covered: [models] } as const;
  scan(1, [whole]);
  scan(2, [{ covered: [models], problems: [{ message: 'mlruns/3 cannot be read.', advice: 'Check its rights.' }] }]);
  assert.deepEqual(catalog.covers('model', 'mlflow'), {
    covered: false,
    reason: { why: 'partial', source: mlflow.name },
  });
  assert.equal(catalog.sources()[0]?.reason, 'mlruns/3 cannot be read. Check its rights.');
  assert.equal(catalog.get(churn)?.goneAt, undefined, 'a partial listing makes nothing gone');

  scan(3, [whole]);
  store.writer().startScan(mlflow, 4).abandon('the disk went away', 'failing');
  assert.deepEqual(catalog.covers('model', 'mlflow'), {
    covered: false,
    reason: { why: 'failing', source: mlflow.name, since: 4, message: 'the disk went away' },
  });
  store.writer().fail(mlflow.name, 'forbidden', 'not your folder', 5);
  assert.deepEqual(catalog.covers('model', 'mlflow'), {
    covered: false,
    reason: { why: 'forbidden', source: mlflow.name, message: 'not your folder' },
  });
  assert.equal(catalog.get(churn)?.name, 'churn');
  scan(6, [whole]);
  assert.equal(catalog.covers('model', 'mlflow').covered, true);
  assert.deepEqual(catalog.watched(mlflow.name), [
    { from: 1, until: 3 },
    { from: 6, until: 6 },
  ]);
});

test('what a covering listing no longer holds is gone, and may come back', () => {
  const { catalog, scan } = open();
  const both = [churn, fraud].map((id) => ({ id, kind: 'model', name: id.slice(-5) }) as const);
  scan(1, [{ entities: both, runs: [run('a', 1), run('b', 2)], edges: [edge] }]);
  scan(2, [{ entities: both.slice(0, 1), runs: [run('b', 2)] }]);
  assert.equal(catalog.get(fraud)?.goneAt, undefined, 'models were not covered');
  assert.deepEqual(catalog.neighbours(churn).downstream, [], 'an edge that a whole scan does not repeat goes');
  scan(3, [
    { entities: both.slice(0, 1), runs: [run('b', 2)], covered: [models, { kind: 'run', scope: 'mlflow://1a2b' }] },
  ]);
  assert.equal(catalog.get(fraud)?.goneAt, 3);
  assert.deepEqual(
    catalog.find('model', 'fraud').map(({ goneAt }) => goneAt),
    [3],
  );
  assert.deepEqual(
    catalog.runs(churn).map(({ name }) => name),
    ['b'],
  );
  assert.equal(catalog.run('run:mlflow://1a2b/a')?.name, 'a', 'a link to a forgotten run still answers');
  scan(4, [{ entities: both, covered: [models] }]);
  assert.equal(catalog.get(fraud)?.goneAt, undefined);
});
const edge = { from: churn, to: fraud, relation: 'reads', origin: 'reported', evidence: 'a test' } as const;

test('an entity is gone only when every source that saw it says so', () => {
  const { catalog, scan } = open();
  const page = { entities: [{ id: churn, kind: 'model', name: 'churn' }] } as const;
  scan(1, [page]);
  scan(1, [page], other);
  scan(2, [{ covered: [models] }]);
  assert.equal(catalog.get(churn)?.goneAt, undefined);
  scan(3, [{ covered: [models] }], other);
  assert.equal(catalog.get(churn)?.goneAt, 3);
});

test('a rescan with nothing new changes nothing but the age', () => {
  const { catalog, scan } = open();
  const page: CatalogChange = {
    entities: [{ id: churn, kind: 'model', name: 'churn', facts: { owner: 'ana' } }],
    runs: [run('a', 1)],
    edges: [edge],
    series: [
      {
        metric: 'metric:mlflow://1a2b/churn/auc',
        run: 'run:mlflow://1a2b/a',
        points: [{ name: 'auc', value: 0.87, at: 5 }],
      },
    ],
    covered: [models],
  };
  assert.deepEqual(scan(1, [page]), { changed: true });
  const { revision } = catalog;
  assert.deepEqual(scan(2, [page]), { changed: false });
  assert.equal(catalog.revision, revision);
  assert.equal(catalog.factsBySource(churn)[0]?.asOf, 2);
  assert.deepEqual(scan(3, [{ ...page, runs: [run('a', 1, { status: 'failed' })] }]), { changed: true });
  assert.ok(catalog.revision > revision);
});

test('history: the change lies between the scan that saw the old value last and the one that saw the new', () => {
  const { catalog, scan } = open();
  const labels = 'table:dbt://churn_dbt/analytics/ml/churn_labels';
  const at = (time: number, column: string, owner?: string) =>
    scan(time, [
      { entities: [{ id: labels, kind: 'table', name: 'churn_labels', facts: { owner } }] },
      {
        entities: [
          {
            id: labels,
            kind: 'table',
            name: 'churn_labels',
            facts: { columns: [{ name: 'id', type: 'int' }, { name: column }] },
          },
        ],
      },
    ]);
  at(100, 'churned', 'ana');
  at(200, 'churned', 'ana');
  at(300, 'has_churned');
  assert.deepEqual(catalog.history(labels, 'columns'), [
    { entity: labels, field: 'columns', value: 'id int\nchurned', seenFrom: 100, seenUntil: 200 },
    { entity: labels, field: 'columns', value: 'id int\nhas_churned', seenFrom: 300 },
  ]);
  assert.deepEqual(catalog.history(labels, 'owner'), [
    { entity: labels, field: 'owner', value: 'ana', seenFrom: 100, seenUntil: 200 },
  ]);
});

test('history of aliases is kept under the name of the alias', () => {
  const { catalog, scan } = open();
  const champion = (version: string) => ({ modelAliases: [{ alias: 'champion', version }], latestVersion: version });
  scan(1, [{ entities: [{ id: churn, kind: 'model', name: 'churn', facts: champion('6') }] }]);
  scan(2, [{ entities: [{ id: churn, kind: 'model', name: 'churn', facts: champion('7') }] }]);
  assert.deepEqual(
    catalog.history(churn).map(({ field, value, seenFrom, seenUntil }) => [field, value, seenFrom, seenUntil]),
    [
      ['alias champion', '6', 1, 1],
      ['latestVersion', '6', 1, 1],
      ['alias champion', '7', 2, undefined],
      ['latestVersion', '7', 2, undefined],
    ],
  );
});

test('runs: newest first, by range, by what they used, by parent, failed ones', () => {
  const { catalog, scan } = open();
  const lake = 'path:s3://acme-lake/churn/';
  scan(1, [
    {
      runs: [
        run('a', 100, { outputs: [{ id: lake, name: 'x' }] }),
        run('b', 300, { status: 'failed', parent: 'run:mlflow://1a2b/a' }),
        run('c', 200, { inputs: [{ id: lake, name: 'x' }, { name: 'unknown' }], parent: 'run:mlflow://1a2b/a' }),
        run('d', Number.NaN, { startedAt: undefined, scheduledFor: 150 }),
      ],
    },
  ]);
  const names = (runs: readonly Run[]) => runs.map(({ name }) => name).join('');
  assert.equal(names(catalog.runs(churn)), 'bcda');
  assert.equal(names(catalog.runs(churn, { since: 150, until: 300 })), 'cd');
  assert.equal(names(catalog.runs(churn, { limit: 1 })), 'b');
  assert.equal(names(catalog.childRuns('run:mlflow://1a2b/a')), 'cb');
  assert.equal(names(catalog.runsUsing(lake, 'writes', 5)), 'a');
  assert.equal(names(catalog.runsUsing(lake, 'reads', 5)), 'c');
  assert.equal(names(catalog.failedRuns(0, 5)), 'b');
  assert.deepEqual(
    catalog.find('run', 'a').map(({ id }) => id),
    ['run:mlflow://1a2b/a'],
  );
  scan(2, [{ runs: [run('a', 100)] }]);
  assert.equal(names(catalog.runsUsing(lake, 'writes', 5)), '', 'a use that is no longer told goes');
});

test('series over runs in order of time, with numbers that JSON does not have', () => {
  const { catalog, scan } = open();
  const metric = 'metric:mlflow://1a2b/churn/auc';
  const points = (name: string, ...values: readonly (readonly [number, number])[]) => ({
    metric,
    run: `run:mlflow://1a2b/${name}`,
    points: values.map(([at, value]) => ({ name: 'auc', at, value })),
  });
  scan(1, [{ series: [points('b', [30, 0.5], [10, Number.NaN]), points('a', [20, Number.NEGATIVE_INFINITY])] }]);
  assert.deepEqual(
    catalog.series(metric).map(({ at, value }) => [at, value]),
    [
      [10, Number.NaN],
      [20, Number.NEGATIVE_INFINITY],
      [30, 0.5],
    ],
  );
  assert.deepEqual(
    catalog.series(metric, { since: 20, until: 30 }).map(({ at }) => at),
    [20],
  );
  assert.deepEqual(
    catalog.series(metric, { limit: 1 }).map(({ at }) => at),
    [30],
  );
});

test('removing a source leaves what others say', () => {
  const { store, catalog, scan } = open();
  const page: CatalogChange = { entities: [{ id: churn, kind: 'model', name: 'churn' }], runs: [run('a', 1)] };
  scan(1, [page]);
  scan(1, [{ entities: page.entities }], other);
  store.writer().removeSource(mlflow.name);
  assert.equal(catalog.get(churn)?.name, 'churn');
  assert.deepEqual(catalog.runs(churn), []);
  store.writer().removeSource(other.name);
  assert.equal(catalog.get(churn), undefined);
  assert.deepEqual(catalog.find('model', 'churn'), []);
});

test('names are only text, whatever they are made of', () => {
  const { catalog, scan } = open();
  for (const name of [
    "'; DROP TABLE entities; --",
    'a\u0000b',
    'a%_*?[b]',
    '"',
    '\u202Eevil',
    '😀\n',
    'x'.repeat(5000),
  ]) {
    const id = `model:mlflow://1a2b/${encodeURIComponent(name.slice(0, 50))}`;
    scan(1, [{ entities: [{ id, kind: 'model', name, facts: { description: name } }] }]);
    assert.deepEqual(
      catalog.find('model', name).map((entity) => entity.name),
      [name],
    );
    assert.equal(catalog.facts(id).description, name);
  }
});

test('a reader in a transaction sees one state', () => {
  const { store, scan } = open();
  scan(1, [{ entities: [{ id: churn, kind: 'model', name: 'churn' }] }]);
  assert.equal(
    store.read((catalog) => store.read((inner) => inner.get(churn)?.name === catalog.get(churn)?.name)),
    true,
  );
});
