// Agreement: the tolerant scan and the parser name the same tables, on written and on random queries; where they do not, it is said why.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyzeQuery } from '@polyglot-sql/sdk';
import fc from 'fast-check';
import { scanSql } from '../../../server/references/sql/scan.ts';

const scanned = (sql: string): string[] =>
  [...new Set(scanSql(sql).names.flatMap(({ sort, name }) => (sort === 'table' ? [name.toLowerCase()] : [])))].sort();

function parsed(sql: string, dialect: string): string[] | undefined {
  const { success, analysis } = analyzeQuery(sql, dialect);
  if (!success || !analysis) return undefined;
  return [...new Set(analysis.baseTables.map(({ name }) => name.replace(/["`[\]]/g, '').toLowerCase()))].sort();
}

const written: readonly (readonly [dialect: string, sql: string])[] = [
  ['snowflake', 'select * from db.s.t at (offset => -60) x, lateral flatten(input => x.list) f'],
  [
    'snowflake',
    'with a as (select * from a) select * from a join b on true qualify row_number() over (order by 1) = 1',
  ],
  ['snowflake', 'select * from t pivot (sum(x) for y in (1, 2)) p'],
  ['snowflake', "select extract(year from d), trim(both ' ' from n) from t where d is distinct from e"],
  ['bigquery', 'select * from `proj.ds.t`, unnest(items) i where exists (select 1 from ds.u)'],
  ['bigquery', 'select (select as struct x from ds.v limit 1) from ds.t for system_time as of current_timestamp()'],
  ['databricks', 'select * from c.s.t lateral view explode(x) e as k, v'],
  ['databricks', 'select * from t tablesample (10 percent) left anti join u using (id)'],
  ['postgresql', 'select * from only a.t natural join b cross join lateral (select * from c where c.x = b.x) y'],
  ['postgresql', 'select $$from x.y$$, substring(n from 2 for 3) from t where (a, b) in (select a, b from u)'],
  ['tsql', 'select top 5 * from [dbo].[t] with (nolock) cross apply (select * from dbo.u) v order by 1 offset 0 rows'],
  ['duckdb', 'from a.t select x union all select y from b.u'],
  ['mysql', 'select * from `a`.`t` straight_join b where x = "from c.d"'],
  ['trino', 'select * from c.s.t cross join unnest(l) with ordinality as x (a, n)'],
  ['clickhouse', 'select * from t final prewhere a = 1 where b in (select c from u)'],
];

/** The parser gives up on these, or says something else; the scan is right. */
const explained: ReadonlyMap<string, string> = new Map([
  [
    'select * from t pivot (sum(x) for y in (1, 2)) p',
    'the parser takes the pivot for the source, and leaves its table out',
  ],
  [
    'select (select as struct x from ds.v limit 1) from ds.t for system_time as of current_timestamp()',
    'the parser does not read a table as of a time that a function gives',
  ],
]);

test('written queries of many dialects', () => {
  const differ = written.filter(([dialect, sql]) => {
    const tables = parsed(sql, dialect);
    return tables === undefined || tables.join() !== scanned(sql).join();
  });
  const open = differ.filter(([, sql]) => !explained.has(sql));
  assert.deepEqual(
    open.map(([dialect, sql]) => [sql, scanned(sql), parsed(sql, dialect)]),
    [],
  );
  assert.equal(differ.length, explained.size, 'what is explained differs still');
});

const name = fc.constantFrom('orders', 'items', 's.orders', 's.days', 'c.s.facts', 'people');
const part = fc.constantFrom('a', 'b', 'orders', 'items');

interface Made {
  readonly sql: string;
}

const { query } = fc.letrec<{ query: Made; source: Made }>((tie) => ({
  source: fc.oneof(
    { depthSize: 'small' },
    name.map((one) => ({ sql: one })),
    part.map((one) => ({ sql: one })),
    tie('query').map(({ sql }) => ({ sql: `(${sql})` })),
  ),
  query: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(tie('source'), tie('source')).map(([one, other]) => ({
      sql: `select extract(day from q1.d) as x from ${one.sql} as q1 left join ${other.sql} as q2 on q1.x = q2.x`,
    })),
    tie('source').map(({ sql }) => ({ sql: `select x from ${sql} as q3 where x is not distinct from 1 group by x` })),
    fc.tuple(part, tie('query'), tie('query')).map(([own, inner, outer]) => ({
      sql: outer.sql.startsWith('with') ? outer.sql : `with ${own} as (${inner.sql}) ${outer.sql}`,
    })),
    fc.tuple(tie('source'), tie('query')).map(([one, inner]) => ({
      sql: `select x, (select max(x) from (${inner.sql}) as q5) as m from ${one.sql} as q4 where x in (select x from (${inner.sql}) as q6)`,
    })),
  ),
}));

test('random queries', () => {
  let compared = 0;
  fc.assert(
    fc.property(query, ({ sql }) => {
      if (sql.length > 700) return;
      const tables = parsed(sql, 'postgresql');
      if (!tables) return;
      compared++;
      assert.deepEqual(scanned(sql), tables, sql);
    }),
    { numRuns: 60 },
  );
  assert.ok(compared > 30, `only ${compared} were read by the parser`);
});
