// Property: however often pages were applied before, the answers are those of a fresh store with the last state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Catalog } from '../../server/catalog/catalog.ts';
import type { CatalogChange, SeenEntity } from '../../server/catalog/change.ts';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore, type SourceIdentity } from '../../server/catalog/store.ts';

const source: SourceIdentity = { name: 's', tool: 'mlflow', scope: 'mlflow://i', kinds: ['model', 'run'] };
const names = ['a', 'b', 'c', 'd', 'e'];
const modelId = (name: string) => `model:mlflow://i/${name}`;
const runId = (name: string) => `run:mlflow://i/${name}`;

const entity: fc.Arbitrary<SeenEntity> = fc
  .record({
    name: fc.constantFrom(...names),
    alias: fc.constantFrom(...names),
    owner: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  })
  .map(({ name, alias, owner }) => ({
    id: modelId(name),
    kind: 'model',
    name,
    aliases: [`${alias}-alias`],
    facts: owner ? { owner } : {},
  }));

const run: fc.Arbitrary<Run> = fc
  .record({
    name: fc.constantFrom(...names),
    of: fc.constantFrom(...names),
    at: fc.integer({ min: 1, max: 9 }),
    failed: fc.boolean(),
  })
  .map(({ name, of, at, failed }) => ({
    id: runId(name),
    of: [modelId(of)],
    name,
    status: failed ? 'failed' : 'success',
    startedAt: at,
    metrics: [],
    params: [],
    inputs: [{ id: modelId(of), name: of }],
    outputs: [],
    logs: [],
    linked: [],
  }));

const page: fc.Arbitrary<CatalogChange> = fc.record({
  entities: fc.uniqueArray(entity, { selector: ({ id }) => id }),
  runs: fc.uniqueArray(run, { selector: ({ id }) => id }),
  edges: fc.array(
    fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).map(([from, to]) => ({
      from: modelId(from),
      to: modelId(to),
      relation: 'reads' as const,
      origin: 'reported' as const,
      evidence: 'e',
    })),
  ),
});

const covered = [
  { kind: 'model', scope: 'mlflow://i' },
  { kind: 'run', scope: 'mlflow://i' },
] as const;

function scanned(store: CatalogStore, at: number, pages: readonly CatalogChange[]): void {
  const scan = store.writer().startScan(source, at);
  for (const change of pages) scan.apply(change);
  scan.apply({ covered });
  scan.finish();
}

function answers(catalog: Catalog) {
  return names.map((name) => {
    const id = modelId(name);
    const live = (entities: readonly { readonly goneAt?: number; readonly id: string }[]) =>
      entities
        .filter(({ goneAt }) => goneAt === undefined)
        .map((found) => found.id)
        .sort();
    const entity = catalog.get(id);
    return {
      entity: entity?.goneAt === undefined ? entity : undefined,
      facts: entity?.goneAt === undefined ? catalog.factsBySource(id) : [],
      found: live(catalog.find('model', name)),
      alias: live(catalog.find('model', `${name}-alias`)),
      neighbours: catalog.neighbours(id),
      runs: catalog.runs(id),
      using: catalog.runsUsing(id, 'reads', 10),
      failed: catalog.failedRuns(0, 10),
      covers: catalog.covers('model', 'mlflow'),
    };
  });
}

test('pages applied over earlier scans give the answers of a fresh store', () => {
  fc.assert(
    fc.property(fc.array(fc.array(page, { maxLength: 3 }), { minLength: 1, maxLength: 4 }), (scans) => {
      const { store } = CatalogStore.open(':memory:');
      for (const [at, pages] of scans.entries()) scanned(store, at + 1, pages);
      const { store: fresh } = CatalogStore.open(':memory:');
      scanned(fresh, scans.length, scans.at(-1) ?? []);
      assert.deepEqual(answers(store.snapshot()), answers(fresh.snapshot()));
      store.close();
      fresh.close();
    }),
    { numRuns: 100 },
  );
});
