// Incremental scans: one full scan and what changed since give the answers of one full scan of the last state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Catalog } from '../../server/catalog/catalog.ts';
import type { CatalogChange, SeenEntity } from '../../server/catalog/change.ts';
import type { Edge } from '../../server/catalog/edge.ts';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore, type SourceIdentity } from '../../server/catalog/store.ts';

const scope = 'mlflow://i';
const source: SourceIdentity = { name: 's', tool: 'mlflow', scope, kinds: ['model', 'version', 'run'] };
const models = { kind: 'model', scope } as const;
const versions = { kind: 'version', scope } as const;
const runs = { kind: 'run', scope } as const;
const names = ['a', 'b', 'c', 'd'];

const open = (): CatalogStore => CatalogStore.open(':memory:').store;

function scan(store: CatalogStore, at: number, pages: readonly CatalogChange[]) {
  const one = store.writer().startScan(source, at, { coveredDecides: true });
  for (const page of pages) one.apply(page);
  one.finish();
  return one.before;
}

const model = (name: string, owner?: string): SeenEntity => ({
  id: `model:${scope}/${name}`,
  kind: 'model',
  name,
  ...(owner === undefined ? {} : { facts: { owner } }),
});

const run = (name: string, status: Run['status']): Run => ({
  id: `run:${scope}/${name}`,
  of: [`model:${scope}/a`],
  name,
  status,
  startedAt: 5,
  metrics: [],
  params: [],
  inputs: [],
  outputs: [],
  logs: [],
  linked: [],
});

const edge = (from: string, to: string): Edge => ({
  from: `model:${scope}/${from}`,
  to: `model:${scope}/${to}`,
  relation: 'reads',
  origin: 'reported',
  evidence: 'e',
});

/** Models are listed wholly each time and may go away; versions, runs and edges only come and change. */
interface Step {
  readonly models: ReadonlyMap<string, string>;
  readonly versions: ReadonlyMap<string, string>;
  readonly runs: ReadonlyMap<string, Run['status']>;
  readonly edges: readonly Edge[];
}

const name = fc.constantFrom(...names);
const pairs = <T>(value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(name, value), { selector: ([key]) => key }).map((entries) => new Map(entries));
const step: fc.Arbitrary<Step> = fc.record({
  models: pairs(fc.constantFrom('x', 'y')),
  versions: pairs(fc.constantFrom('x', 'y')),
  runs: pairs(fc.constantFrom<Run['status']>('running', 'success', 'failed')),
  edges: fc.array(
    fc.tuple(name, name).map(([from, to]) => edge(from, to)),
    { maxLength: 3 },
  ),
});

function pagesOf({ models: listed, versions: seen, runs: ran, edges }: Step): readonly CatalogChange[] {
  const version = (key: string, owner: string): SeenEntity => ({
    id: `version:${scope}/${key}`,
    kind: 'version',
    name: key,
    facts: { owner },
  });
  return [
    { entities: [...listed].map(([key, owner]) => model(key, owner)) },
    { entities: [...seen].map(([key, owner]) => version(key, owner)), edges },
    { runs: [...ran].map(([key, status]) => run(key, status)) },
  ];
}

/** All that was ever told, except the models of before. */
function summed(steps: readonly Step[]): Step {
  return {
    models: steps.at(-1)?.models ?? new Map(),
    versions: new Map(steps.flatMap((each) => [...each.versions])),
    runs: new Map(steps.flatMap((each) => [...each.runs])),
    edges: steps.flatMap(({ edges }) => edges),
  };
}

function answers(catalog: Catalog) {
  const here = (id: string) => {
    const entity = catalog.get(id);
    return entity && entity.goneAt === undefined ? { entity, facts: catalog.facts(id) } : undefined;
  };
  const ends = (id: string) => catalog.neighbours(id).upstream.map(({ from, to }) => [from, to]);
  return {
    ...Object.fromEntries(
      names.map((key) => [
        key,
        [
          here(`model:${scope}/${key}`),
          here(`version:${scope}/${key}`),
          catalog.run(`run:${scope}/${key}`),
          ends(`model:${scope}/${key}`),
        ],
      ]),
    ),
    runs: catalog.runs(`model:${scope}/a`),
    failed: catalog.failedRuns(0, 9),
    covers: ['model' as const, 'version' as const, 'run' as const].map(
      (kind) => catalog.covers(kind, 'mlflow').covered,
    ),
    size: catalog.size(),
  };
}

test('a full scan equals any split into one full and incremental scans, some of which break', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.boolean()), { minLength: 1, maxLength: 4 }), (all) => {
      const store = open();
      for (const [index, [each, breaks]] of all.entries()) {
        const [first, ...rest] = pagesOf(each);
        if (index === 0) {
          scan(store, 1, [...pagesOf(each), { covered: [models, versions, runs], cursor: 'c' }]);
          continue;
        }
        const begun = { incremental: true, ...first };
        if (breaks) {
          const broken = store.writer().startScan(source, index * 10, { coveredDecides: true });
          broken.apply(begun);
          broken.abandon('reset', 'failing');
        }
        scan(store, index * 10 + 1, [begun, ...rest, { covered: [models], continued: [versions, runs], cursor: 'd' }]);
      }
      const fresh = open();
      scan(fresh, 100, [...pagesOf(summed(all.map(([each]) => each))), { covered: [models, versions, runs] }]);
      assert.deepEqual(answers(store.snapshot()), answers(fresh.snapshot()));
      store.close();
      fresh.close();
    }),
    { numRuns: 60 },
  );
});

test('the next scan goes on from the last one that ended well', () => {
  const store = open();
  assert.deepEqual(scan(store, 1, [{ cursor: 'one' }, { cursor: 'two' }]), { hadProblems: false });
  const broken = store.writer().startScan(source, 2);
  assert.deepEqual(broken.before, { cursor: 'two', fullScannedAt: 1, hadProblems: false });
  broken.apply({ incremental: true, cursor: 'three' });
  broken.abandon('reset', 'failing');
  assert.equal(store.snapshot().covers('model', 'mlflow').covered, false);
  assert.equal(scan(store, 3, [{ incremental: true }]).cursor, 'two');
  assert.deepEqual(scan(store, 4, [{ incremental: true, cursor: 'four', problems: [{ message: 'p' }] }]), {
    cursor: 'two',
    fullScannedAt: 1,
    hadProblems: false,
  });
  assert.deepEqual(scan(store, 5, [{}]), { cursor: 'four', fullScannedAt: 1, hadProblems: true });
  assert.deepEqual(scan(store, 6, []), { fullScannedAt: 5, hadProblems: false }, 'it named no place to go on from');
});

test('a problem in one part leaves what the connector says is covered, and only of live ones', () => {
  const [live, local] = [open(), open()];
  const pages = [{ entities: [model('a', 'x')], covered: [models], problems: [{ message: 'no runs: 403' }] }];
  scan(live, 1, pages);
  assert.equal(live.snapshot().covers('model', 'mlflow').covered, true);
  assert.deepEqual(live.snapshot().covers('run', 'mlflow'), {
    covered: false,
    reason: { why: 'partial', source: 's' },
  });
  const one = local.writer().startScan(source, 1);
  for (const page of pages) one.apply(page);
  one.finish();
  assert.equal(local.snapshot().covers('model', 'mlflow').covered, false);
  scan(live, 2, [{ incremental: true, continued: [models, runs] }]);
  assert.equal(live.snapshot().covers('run', 'mlflow').covered, false, 'what was not covered does not go on');
  assert.equal(live.snapshot().covers('model', 'mlflow').covered, true);
});

test('a look brings facts of now, says nothing of the source, and its changes are history', () => {
  const store = open();
  scan(store, 100, [
    { entities: [model('a', 'x'), model('b', 'x')], edges: [edge('a', 'b')], covered: [models], cursor: 'c' },
  ]);
  const look = store.writer().startScan(source, 200, { as: 'look' });
  look.apply({ entities: [model('a', 'y')], runs: [run('r', 'running')] });
  assert.deepEqual(look.finish(), { changed: true });
  const catalog = store.snapshot();
  assert.equal(catalog.factsBySource(`model:${scope}/a`)[0]?.asOf, 200);
  assert.equal(catalog.sources()[0]?.scannedAt, 100);
  assert.equal(catalog.get(`model:${scope}/b`)?.goneAt, undefined);
  assert.equal(catalog.neighbours(`model:${scope}/b`).upstream.length, 1);
  assert.deepEqual(
    catalog.changes(`model:${scope}/a`, 'owner').map(({ before, after, from, to }) => [before, after, from, to]),
    [['x', 'y', 100, 200]],
  );
  assert.equal(scan(store, 300, [{ incremental: true, entities: [model('a')] }]).cursor, 'c');
  assert.equal(catalog.facts(`model:${scope}/a`).owner, 'y', 'a mere mention takes nothing away');
});

test('a page of a long scan carries the time it was read', () => {
  const store = open();
  const long = store.writer().startScan(source, 100);
  long.apply({ entities: [model('a', 'x')] }, 150);
  long.finish();
  assert.equal(store.snapshot().factsBySource(`model:${scope}/a`)[0]?.asOf, 150);
});

test('what windows want: those with the focus first, silent ones and closed ones not', () => {
  const store = open();
  store.want('one', { focused: false, ids: ['a'] }, 10);
  store.want('two', { focused: true, ids: ['b'] }, 5);
  store.want('three', { focused: true, ids: ['c'] }, 1);
  assert.deepEqual(store.wanted(5), [
    { focused: true, ids: ['b'] },
    { focused: false, ids: ['a'] },
  ]);
  store.dropWanted('one', 2);
  assert.deepEqual(store.wanted(0), [{ focused: true, ids: ['b'] }]);
});
