// Merged events: the same whatever their order and however often each arrives; metrics, columns, other names, the past.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CatalogChange } from '../../../server/catalog/change.ts';
import { noInstances } from '../../../server/catalog/mine.ts';
import { lineagePages } from '../../../server/connectors/openlineage/pages.ts';
import { readEvent } from '../../../server/connectors/openlineage/said/events.ts';
import { Lineage } from '../../../server/connectors/openlineage/said/lineage.ts';

const runId = '0195f1c2-0000-7000-8000-000000000001';
const users = { namespace: 'snowflake://acme-prod', name: 'RAW.CRM.USERS' };
const features = { namespace: 's3://lake', name: 'features' };
const usersId = 'table:snowflake://acme-prod/raw/crm/users';
const featuresId = 'path:s3://lake/features';
const fitId = 'job:openlineage://acme/churn.fit';

interface Parts {
  readonly type?: string;
  readonly at?: number;
  readonly run?: object;
  readonly job?: object;
  readonly inputs?: readonly object[];
  readonly outputs?: readonly object[];
}

/** `at` in minutes. */
function event({ type = 'COMPLETE', at = 0, run = {}, job = {}, inputs = [], outputs = [] }: Parts): object {
  return {
    eventType: type,
    eventTime: new Date(Date.parse('2026-11-20T10:00:00Z') + at * 60_000).toISOString(),
    run: { runId, facets: run },
    job: { namespace: 'acme', name: 'churn.fit', facets: job },
    inputs,
    outputs,
  };
}

function pagesOf(
  events: readonly unknown[],
): Required<Pick<CatalogChange, 'entities' | 'edges' | 'runs' | 'series' | 'events'>> {
  const lineage = new Lineage();
  for (const json of events) {
    const read = readEvent(json);
    if (read) lineage.add(read);
  }
  const now = Date.parse('2026-11-20T12:00:00Z');
  const pages = [...lineagePages(lineage, { now, instances: noInstances, placeOf: () => undefined })];
  return {
    entities: pages.flatMap(({ entities = [] }) => entities),
    edges: pages.flatMap(({ edges = [] }) => edges),
    runs: pages.flatMap(({ runs = [] }) => runs),
    series: pages.flatMap(({ series = [] }) => series),
    events: pages.flatMap(({ events: past = [] }) => past),
  };
}

/** Whatever the order of lists. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value))
    return value
      .map(sorted)
      .map((one) => JSON.stringify(one))
      .sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, one]) => [key, sorted(one)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

const minutes = fc.integer({ min: 0, max: 3 });
const some = <T>(value: fc.Arbitrary<T>, key: string) =>
  fc.option(value).map((one) => (one === null ? {} : { [key]: one }));
const words = fc.constantFrom('a', 'b', 'c');
const datasetFacets = fc
  .tuple(
    some(
      words.map((name) => ({ fields: [{ name }] })),
      'schema',
    ),
    some(fc.constant({ _deleted: true }), 'ownership'),
    some(
      words.map((name) => ({ owners: [{ name }] })),
      'ownership',
    ),
    some(
      words.map((field) => ({ fields: { x: { inputFields: [{ ...users, field }] } } })),
      'columnLineage',
    ),
    some(
      words.map((name) => ({ identifiers: [{ namespace: 'hive://m', name }] })),
      'symlinks',
    ),
    some(
      fc.integer({ min: 0, max: 3 }).map((rowCount) => ({ rowCount, columnMetrics: { AGE: { nullCount: rowCount } } })),
      'dataQualityMetrics',
    ),
    some(
      fc.boolean().map((success) => ({ assertions: [{ assertion: 'not_null', column: 'AGE', success }] })),
      'dataQualityAssertions',
    ),
    some(
      fc.constantFrom('CREATE', 'DROP').map((lifecycleStateChange) => ({ lifecycleStateChange })),
      'lifecycleStateChange',
    ),
  )
  .map((all) => Object.assign({}, ...all) as object);
const use = fc
  .tuple(
    fc.constantFrom(users, features),
    datasetFacets,
    some(
      fc.integer({ min: 0, max: 3 }).map((rowCount) => ({ rowCount })),
      'outputStatistics',
    ),
  )
  .map(([name, facets, outputFacets]) => ({ ...name, facets, outputFacets }));
const runEvent = fc
  .record({
    type: fc.constantFrom('START', 'RUNNING', 'COMPLETE', 'FAIL', 'ABORT', 'OTHER'),
    at: minutes,
    run: some(
      words.map((message) => ({ message })),
      'errorMessage',
    ),
    job: fc
      .tuple(
        some(
          words.map((path) => ({ path, version: 'x' })),
          'sourceCodeLocation',
        ),
        some(
          words.map((query) => ({ query })),
          'sql',
        ),
      )
      .map((all) => Object.assign({}, ...all) as object),
    inputs: fc.array(use, { maxLength: 2 }),
    outputs: fc.array(use, { maxLength: 2 }),
  })
  .map(event);
const datasetEvent = fc
  .tuple(minutes, use)
  .map(([at, dataset]) => ({ ...event({ at }), run: undefined, job: undefined, dataset }));
const jobEvent = runEvent.map((each) => ({ ...each, run: undefined, eventType: undefined }));

describe('merged events', () => {
  test('are the same in any order and however often each arrives', () => {
    const events = fc.array(fc.oneof({ weight: 3, arbitrary: runEvent }, datasetEvent, jobEvent), { maxLength: 8 });
    const shuffled = events.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, mixed]) => {
        assert.deepEqual(sorted(pagesOf(mixed)), sorted(pagesOf(inOrder)));
      }),
      { numRuns: 200 },
    );
  });

  test('a facet of an event in the middle that arrives last stands against an older one, beside a newer one', () => {
    const schema = (name: string) => [{ ...users, facets: { schema: { fields: [{ name }] } } }];
    const owner = [{ ...users, facets: { ownership: { owners: [{ name: 'ana' }] } } }];
    const { entities } = pagesOf([
      event({ type: 'START', at: 0, inputs: schema('old') }),
      event({ type: 'COMPLETE', at: 2, inputs: owner }),
      event({ type: 'RUNNING', at: 1, inputs: schema('new') }),
    ]);
    const { facts } = entities.find(({ id }) => id === usersId) ?? {};
    assert.deepEqual([facts?.columns, facts?.owner], [[{ name: 'new' }], 'ana']);
  });

  test('any JSON is read without a crash', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const inputs = [{ ...users, facets: a, inputFacets: b }];
        const whole = {
          ...event({}),
          inputs,
          outputs: inputs,
          job: { name: 'x', facets: b },
          run: { runId: 'r', facets: a },
        };
        assert.ok(pagesOf([a, whole, { ...whole, dataset: { name: 'd', facets: a } }]).entities.length >= 2);
      }),
    );
  });
});

describe('what data quality facets say', () => {
  const quality = {
    dataQualityMetrics: { rowCount: 1000, columnMetrics: { AGE: { nullCount: 3, quantiles: { '0.5': 41 } } } },
    dataQualityAssertions: { assertions: [{ assertion: 'not_null', column: 'AGE', success: false, expected: '0' }] },
  };

  test('is a metric each, measured by the run, of the data', () => {
    const { entities, edges, series, runs } = pagesOf([
      event({ type: 'FAIL', inputs: [{ ...users, inputFacets: quality }] }),
    ]);
    const metrics = entities.filter(({ kind }) => kind === 'metric');
    assert.deepEqual(
      metrics.map(({ name }) => name),
      ['rowCount', 'AGE.nullCount', 'AGE.quantile 0.5', 'not_null AGE'].map((name) => `RAW.CRM.USERS.${name}`),
    );
    assert.match(metrics.at(-1)?.facts?.description ?? '', /1 when it holds.*expects 0\./);
    const measured = edges.filter(({ relation }) => relation === 'measures');
    assert.deepEqual(new Set(measured.map(({ from }) => from)), new Set([usersId]));
    assert.deepEqual(
      series.map(({ run, points: [point] }) => [run, point?.value]),
      [1000, 3, 41, 0].map((value) => [`run:openlineage://acme/${runId}`, value]),
    );
    assert.equal(runs[0]?.message, 'assertions failed: not_null AGE');
    assert.equal(runs[0]?.metrics.length, 4);
  });

  test('of a dataset event has no run', () => {
    const dataset = { ...users, facets: quality };
    const { series, runs } = pagesOf([{ eventTime: '2026-11-20T10:00:00Z', dataset }]);
    assert.deepEqual([series.length, new Set(series.map(({ run }) => run)), runs], [4, new Set(['{}']), []]);
  });
});

describe('lineage facets', () => {
  const fields = { age: { inputFields: [{ ...users, field: 'AGE', transformations: [] }] } };

  test('columns stand at the edge into the job that makes them', () => {
    const { edges } = pagesOf([event({ outputs: [{ ...features, facets: { columnLineage: { fields } } }] })]);
    const read = edges.find(({ from, to }) => from === usersId && to === fitId);
    assert.match(read?.evidence ?? '', /^OpenLineage run .*; columns AGE → age$/);
    assert.ok(!edges.some(({ from, to }) => from === usersId && to === featuresId));
  });

  test('of data that no job is named for join the data itself', () => {
    const lineage = {
      inputs: [{ ...users, type: 'DATASET' }],
      fields: { age: { inputs: [{ ...users, type: 'DATASET', field: 'AGE' }] } },
    };
    const { edges } = pagesOf([{ eventTime: '2026-11-20T10:00:00Z', dataset: { ...features, facets: { lineage } } }]);
    assert.deepEqual(
      edges.map(({ from, relation, to, evidence }) => [from, relation, to, evidence]),
      [[usersId, 'reads', featuresId, 'OpenLineage says what it is made of; columns AGE → age']],
    );
  });

  test('of a job name what it reads and writes, and leave other jobs alone', () => {
    const entries = [
      {
        ...features,
        type: 'DATASET',
        inputs: [
          { ...users, type: 'DATASET' },
          { namespace: 'acme', name: 'other', type: 'JOB' },
        ],
      },
      { type: 'JOB', inputs: [{ namespace: 's3://lake', name: 'settings', type: 'DATASET' }] },
      {
        type: 'JOB',
        namespace: 'acme',
        name: 'other',
        inputs: [{ namespace: 's3://lake', name: 'not-mine', type: 'DATASET' }],
      },
    ];
    const { edges } = pagesOf([event({ job: { lineage: { entries } } })]);
    assert.deepEqual(
      edges.map(({ from, relation, to }) => `${from} ${relation} ${to}`),
      [`${usersId} reads ${fitId}`, `path:s3://lake/settings reads ${fitId}`, `${fitId} writes ${featuresId}`],
    );
  });
});

test('symlinks join the two names of one thing', () => {
  const symlinks = { identifiers: [{ namespace: 'hive://metastore:9083', name: 'ml.features', type: 'TABLE' }] };
  const { edges } = pagesOf([event({ outputs: [{ ...features, facets: { symlinks } }] })]);
  const same = edges.filter(({ relation }) => relation === 'same');
  assert.deepEqual(
    same.map(({ from, to }) => [from, to]),
    [[featuresId, 'table:hive://metastore:9083/ml/features']],
  );
});

test('the past of data is what its events say, each change once', () => {
  const rename = {
    lifecycleStateChange: 'RENAME',
    previousIdentifier: { namespace: 'snowflake://acme-prod', name: 'RAW.CRM.OLD' },
  };
  const renamed = event({ at: 3, outputs: [{ ...users, facets: { lifecycleStateChange: rename } }] });
  const { events } = pagesOf([renamed, renamed]);
  assert.deepEqual(
    events.map(({ entity, field, value, at }) => [entity, field, value, at]),
    [[usersId, 'lifecycle', 'rename, before RAW.CRM.OLD', Date.parse('2026-11-20T10:03:00Z')]],
  );
});

test('the tests that a run made are told, and the one that stopped it', () => {
  const test = (name: unknown, status: unknown, severity?: string) => ({ name, status, type: 'not_null', severity });
  const tests = [
    test('unique_id', 'pass'),
    test('fresh', 'fail', 'warn'),
    test('not_null_id', 'fail'),
    test('x', 'skip'),
  ];
  const { runs } = pagesOf([event({ type: 'FAIL', run: { test: { tests: [...tests, null, 7] } } })]);
  assert.deepEqual(
    [runs[0]?.message, runs[0]?.params],
    [
      'the test not_null_id failed',
      [{ name: 'tests', value: '1 passed, 2 failed, 1 skipped: fresh, not_null_id failed' }],
    ],
  );
  for (const odd of [{ tests: 'x' }, { tests: [] }, { tests: {} }])
    assert.deepEqual(pagesOf([event({ run: { test: odd } })]).runs[0]?.params, []);
});

test('a commit is also read off the address of the code', () => {
  const hash = '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f';
  const url = `https://git.acme.example/dags/blob/${hash}/train.py`;
  const { runs } = pagesOf([event({ job: { sourceCodeLocation: { type: 'git', url } } })]);
  assert.equal(runs[0]?.commit, hash);
});

test('a hundred thousand runs are kept, and what is left out is said', () => {
  const lineage = new Lineage();
  const at = Date.parse('2026-11-20T10:00:00Z');
  const job = { namespace: 'acme', name: 'fit', facets: {} };
  for (let n = 0; n < 100_003; n++)
    lineage.add({ at, type: 'COMPLETE', run: { id: `run-${n}`, facets: {} }, job, inputs: [], outputs: [] });
  assert.deepEqual([lineage.runs.size, lineage.runs.has('run-2'), lineage.runs.has('run-3')], [100_000, false, true]);
  const pages = [...lineagePages(lineage, { now: at, instances: noInstances, placeOf: () => undefined })];
  assert.match(pages.at(-1)?.problems?.[0]?.message ?? '', /the 3 that were told first are left out/);
});
