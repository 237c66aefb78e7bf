// A hundred thousand things of each tool: the first sync ends well within bounded memory, and later ones ask no more for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LargeTool, largeSync } from '../fakes/large/start.ts';

const size = 100_000;
/** The store's own pages, a listing that has no pages as one answer, and what is made of it. */
const mostMb = 1_000;

interface Row {
  /** Entities and runs that the store must hold afterwards: of what has a cap, the cap. */
  readonly least: number;
  /** Requests at most: of the first sync, and of one in which nothing changed. */
  readonly first: number;
  readonly second: number;
}

const rows: Partial<Readonly<Record<LargeTool, Row>>> = {
  mlflow: { least: size, first: 150, second: 12 },
  airflow: { least: 60_000, first: 720, second: 40 },
  databricks: { least: size, first: 1_000, second: 40 },
  // Pages of a thousand monitors and of ten thousand metrics, SLOs, and the tags of twenty metrics that monitors read.
  datadog: { least: size, first: 95, second: 60 },
  // Of runs the latest five hundred; jobs a few times an hour.
  dbt: { least: size, first: 700, second: 2 },
  ray: { least: size, first: 8, second: 6 },
  prometheus: { least: size, first: 10, second: 4 },
  alertmanager: { least: size, first: 4, second: 2 },
  // Jobs and data in pages of a hundred.
  marquez: { least: size, first: 1_050, second: 4 },
  s3: { least: 200, first: 1_400, second: 40 },
};

for (const [tool, row] of Object.entries(rows) as readonly (readonly [LargeTool, Row])[]) {
  test(`${tool}: a hundred thousand things`, { timeout: 900_000 }, async (context) => {
    const seen = await largeSync(tool, size, 6);
    context.diagnostic(JSON.stringify(seen));
    assert.deepEqual([seen.health, seen.reason], ['fresh', undefined]);
    assert.deepEqual([seen.healthAfter, seen.reasonAfter], ['fresh', undefined]);
    assert.ok(seen.entities + seen.runs >= row.least, `${seen.entities} entities and ${seen.runs} runs`);
    assert.ok(seen.first > 0 && seen.first <= row.first, `${seen.first} requests at first`);
    assert.ok(seen.second > 0 && seen.second <= row.second, `${seen.second} requests when nothing changed`);
    assert.ok(seen.idle > 0 && seen.idle <= 2 * row.second, `${seen.idle} requests while nobody looks`);
    assert.equal(seen.statements.background, 0, 'no warehouse works for us');
    assert.ok(seen.mb <= mostMb, `${seen.mb} MB more`);
  });
}
