// Merged catalogs: two stores answer as one store that holds the sources of both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Catalog } from '../../server/catalog/catalog.ts';
import type { CatalogChange, SeenEntity } from '../../server/catalog/change.ts';
import type { Edge } from '../../server/catalog/edge.ts';
import type { EntityKind } from '../../server/catalog/entity.ts';
import { mergeCatalogs, mergeSnapshots } from '../../server/catalog/merged.ts';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore, type SourceIdentity } from '../../server/catalog/store.ts';

const kinds: readonly EntityKind[] = ['model', 'table', 'run'];
const source = (name: string, tool: string): SourceIdentity => ({ name, tool, scope: `${tool}://${name}`, kinds });
/** The names interleave, so that their order counts; the tool of the last is known to one side only. */
const localSources = [source('a', 'mlflow'), source('c', 'mlflow')];
const liveSources = [source('b', 'mlflow'), source('d', 'mlflow'), source('e', 'airflow')];

const words = ['x', 'y', 'xy', 'z.x', 'p.z.x', 'q.z.x', 'xyz'] as const;
const word = fc.constantFrom(...words);
const runWord = fc.constantFrom('r1', 'r2', 'r3', 'r4');

/** Ids of no source: two tools may name one table. */
const entity: fc.Arbitrary<SeenEntity> = fc
  .record({ kind: fc.constantFrom('model' as const, 'table' as const), id: word, name: word, alias: word, owner: word })
  .map(({ kind, id, name, alias, owner }) => ({
    id: `${kind}:mlflow://i/${id}`,
    kind,
    name,
    aliases: [alias],
    facts: { owner, freshness: 'warn' },
  }));

const edge: fc.Arbitrary<Edge> = fc.record({ from: word, to: word }).map(({ from, to }) => ({
  from: `model:mlflow://i/${from}`,
  to: `model:mlflow://i/${to}`,
  relation: 'reads',
  origin: 'reported',
  evidence: 'e',
}));

/** A run belongs to one source: which one says is told by its id. */
const runIn = (name: string): fc.Arbitrary<Run> =>
  fc.record({ id: runWord, of: word, at: fc.integer({ min: 1, max: 4 }), failed: fc.boolean() }).map((run) => ({
    id: `run:mlflow://${name}/${run.id}`,
    of: [`model:mlflow://i/${run.of}`],
    name: run.id,
    status: run.failed ? 'failed' : 'success',
    startedAt: run.at,
    parent: 'run:mlflow://i/p',
    metrics: [],
    params: [],
    inputs: [{ id: `model:mlflow://i/${run.of}`, name: run.of }],
    outputs: [],
    logs: [],
    linked: [],
  }));

const point = fc.record({ name: fc.constant('m'), value: fc.integer(), at: fc.integer({ min: 1, max: 5 }) });

interface Told {
  readonly source: SourceIdentity;
  readonly scans: readonly CatalogChange[];
  readonly ending: 'finish' | 'covered' | 'problem' | 'abandon';
}

const told = (of: SourceIdentity): fc.Arbitrary<Told> => {
  const page: fc.Arbitrary<CatalogChange> = fc.record({
    entities: fc.uniqueArray(entity, { selector: ({ id }) => id, maxLength: 4 }),
    edges: fc.array(edge, { maxLength: 3 }),
    runs: fc.uniqueArray(runIn(of.name), { selector: ({ id }) => id, maxLength: 3 }),
    series: fc
      .array(point, { minLength: 1, maxLength: 3 })
      .map((points) => [{ metric: 'metric:mlflow://i/m', run: `run:mlflow://${of.name}/r1`, points }]),
  });
  return fc.record({
    source: fc.constant(of),
    scans: fc.array(page, { maxLength: 2 }),
    ending: fc.constantFrom('finish', 'covered', 'problem', 'abandon'),
  });
};

/** A source that told nothing is not there at all. */
function write(store: CatalogStore, { source: of, scans, ending }: Told): void {
  const begins = of.name.charCodeAt(0);
  for (const [index, change] of scans.entries()) {
    const scan = store.writer().startScan(of, begins + index * 10);
    scan.apply(change);
    const scope = of.scope;
    const models = { kind: 'model', scope: 'mlflow://i' } as const;
    if (ending === 'covered') scan.apply({ covered: [models, ...kinds.map((kind) => ({ kind, scope }))] });
    if (ending === 'problem') scan.apply({ problems: [{ message: `${of.name} in part` }] });
    if (ending === 'abandon' && index > 0) scan.abandon(`${of.name} is down`, 'failing');
    else scan.finish();
  }
}

function answers(catalog: Catalog) {
  const named = words.flatMap((name) =>
    (['model', 'table'] as const).map((kind) => ({
      entity: catalog.get(`${kind}:mlflow://i/${name}`),
      facts: catalog.facts(`${kind}:mlflow://i/${name}`),
      bySource: catalog.factsBySource(`${kind}:mlflow://i/${name}`),
      neighbours: catalog.neighbours(`${kind}:mlflow://i/${name}`),
      runs: catalog.runs(`${kind}:mlflow://i/${name}`),
      someRuns: catalog.runs(`${kind}:mlflow://i/${name}`, { limit: 2, since: 2 }),
      using: catalog.runsUsing(`${kind}:mlflow://i/${name}`, 'reads', 3),
      history: catalog
        .history(`${kind}:mlflow://i/${name}`)
        .map(({ field, value, seenFrom }) => [field, value, seenFrom]),
    })),
  );
  return {
    named,
    childRuns: catalog.childRuns('run:mlflow://i/p'),
    failed: catalog.failedRuns(0, 3),
    run: localSources.map(({ name }) => catalog.run(`run:mlflow://${name}/r1`)),
    runByName: catalog
      .find('run', 'r1')
      .map(({ id }) => id)
      .sort(),
    series: catalog.series('metric:mlflow://i/m'),
    someSeries: catalog.series('metric:mlflow://i/m', { since: 2, until: 5, limit: 3 }),
    covers: kinds.map((kind) => [catalog.covers(kind, 'mlflow'), catalog.covers(kind, 'airflow', 'airflow://e')]),
    noTool: catalog.covers('model', 'dbt'),
    sources: catalog.sources(),
    stale: catalog.staleTables(3),
    alerting: catalog.alertingMonitors(3),
    watched: catalog.watched('b'),
  };
}

/** Questions by name: where every entity has one name for all, since a store keeps names that a gone row had. */
function byName(catalog: Catalog) {
  const ids = (entities: readonly { readonly id: string }[]) => entities.map(({ id }) => id);
  return words.flatMap((name) =>
    (['model', 'table'] as const).map((kind) => ({
      find: ids(catalog.find(kind, name)),
      inTool: ids(catalog.find(kind, name, 'mlflow')),
      match: ids(catalog.match(kind, `${name}*`, 3)),
      list: ids(catalog.list(kind, 3)),
      near: ids(catalog.near(kind, name, 3)),
    })),
  );
}

function compared(all: readonly Told[], ask: (catalog: Catalog) => object): void {
  const open = (): CatalogStore => CatalogStore.open(':memory:').store;
  const [one, local, live] = [open(), open(), open()];
  for (const each of all) {
    write(one, each);
    write(localSources.includes(each.source) ? local : live, each);
  }
  const merged = mergeCatalogs(local.snapshot(), live.snapshot());
  assert.deepEqual(ask(merged), ask(one.snapshot()));
  assert.deepEqual(ask(mergeSnapshots(local.snapshot(), live.snapshot())), ask(one.snapshot()));
  for (const store of [one, local, live]) store.close();
}

const world = fc.tuple(...[...localSources, ...liveSources].map(told));

test('two stores answer as one that holds the sources of both', () => {
  fc.assert(
    fc.property(world, (all) => compared(all, answers)),
    { numRuns: 40 },
  );
});

test('names are found in two stores as in one', () => {
  const plainly = (change: CatalogChange): CatalogChange => ({
    entities: change.entities?.map((seen) => ({
      ...seen,
      name: seen.id.slice(seen.id.lastIndexOf('/') + 1),
      aliases: [],
    })),
  });
  fc.assert(
    fc.property(world, (all) =>
      compared(
        all.map((each) => ({ ...each, scans: each.scans.map(plainly) })),
        byName,
      ),
    ),
    { numRuns: 40 },
  );
});

test('the revision changes when either side does; the size is of both', () => {
  const [local, live] = [CatalogStore.open(':memory:').store, CatalogStore.open(':memory:').store];
  const merged = mergeCatalogs(local.snapshot(), live.snapshot());
  const seen = new Set([merged.revision]);
  for (const [index, store] of [local, live, live, local].entries()) {
    const scan = store.writer().startScan(localSources[0] as SourceIdentity, index);
    scan.apply({ entities: [{ id: `model:mlflow://i/${index}`, kind: 'model', name: `n${index}` }] });
    scan.finish();
    assert.equal(seen.has(merged.revision), false);
    seen.add(merged.revision);
  }
  assert.equal(merged.size(), 4);
  const empty = CatalogStore.open(':memory:').store.snapshot();
  const alone = mergeSnapshots(empty, live.snapshot());
  assert.deepEqual([alone.size(), alone.revision], [2, empty.revision + live.snapshot().revision]);
});
