// Moved: what a tool's own record says was altered before a run went bad is evidence, with who did it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../server/catalog/run.ts';
import { CatalogStore } from '../../server/catalog/store.ts';
import { movedHops } from '../../server/incidents/evidence/moved.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-23T12:00:00Z');
const table = 'table:snowflake://acme/prod/ml/users';

test('a table that was altered, and what was deployed, between the last good run and the bad one', () => {
  const { store } = CatalogStore.open(':memory:');
  const scan = store
    .writer()
    .startScan({ name: 'sf', tool: 'snowflake', scope: 'snowflake://acme', kinds: ['table'] }, now);
  const altered = (value: string, at: number) => ({
    ...{ entity: table, field: 'definition', value, at },
    evidence: `Snowflake query 01b2: ANA ran ${value}`,
  });
  const deployed = (value: string, at: number) => ({
    ...{ entity: table, field: 'deployment', value, at },
    evidence: `Datadog event 7: ${value}`,
  });
  scan.apply({
    entities: [{ id: table, kind: 'table', name: 'PROD.ML.USERS', facts: { owner: 'ML' } }],
    events: [
      altered('ALTER TABLE users DROP COLUMN age', now - 2 * hour),
      altered('ALTER TABLE users ADD COLUMN x INT', now - 90 * hour),
      deployed('loader 2.2 rolled out', now - 80 * hour),
      deployed('loader 2.3 rolled out', now - 3 * hour),
    ],
  });
  scan.finish();
  const run = (id: string, startedAt: number): Run => ({
    ...{ id: `run:airflow://a/${id}`, of: [], name: id, status: 'failed', startedAt, endedAt: startedAt + 60_000 },
    ...{ metrics: [], params: [], inputs: [{ id: table, name: 'users' }], outputs: [], logs: [], linked: [] },
  });
  const start = { title: '', evidence: [], lastGood: run('good', now - 24 * hour) };
  const hops = movedHops(start, run('bad', now - hour), store.snapshot());
  assert.deepEqual(
    hops.map(({ title, at }) => [title, at]),
    [
      ['PROD.ML.USERS was altered: ALTER TABLE users DROP COLUMN age', now - 2 * hour],
      ['PROD.ML.USERS was deployed: loader 2.3 rolled out', now - 3 * hour],
    ],
  );
  assert.deepEqual(
    hops.map(({ reason }) => /ANA ran ALTER TABLE users DROP|Datadog event 7/.test(reason)),
    [true, true],
  );
});
