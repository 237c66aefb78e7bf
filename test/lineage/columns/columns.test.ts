// Columns: statements as queries by themselves, templates without their Jinja, and where columns come from.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { ColumnClient } from '../../../server/lineage/columns/columnClient.ts';
import { queriesIn } from '../../../server/lineage/columns/queries.ts';
import { withoutJinja } from '../../../server/lineage/columns/withoutJinja.ts';

const client = new ColumnClient();
after(() => client.dispose());

async function says(text: string, table?: string): Promise<readonly string[]> {
  const edges = await client.edges(text, table === undefined ? {} : { table });
  return edges.map(({ to, from, change, open, line }) => {
    const sources = [...from.map((one) => `${one.table}.${one.column}`), ...open.map((name) => `?.${name}`)];
    return `${line} ${to.table}.${to.column} ${change} ${sources.join(' ')}`.trim();
  });
}

test('columns of tables that statements fill', async () => {
  assert.deepEqual(
    await says(`insert into lake.t (a, b) select x, sum(y) from crm.u group by 1;
create or replace view db.v as
with u as (select * from u) select u.y, 1 as one, upper(v.name) as name from u join v using (id);
select a from u union all select d from w; this is no SQL at all (;
create table q with (format = 'PARQUET') as select * from z`),
    [
      '0 lake.t.a direct crm.u.x',
      '0 lake.t.b aggregation crm.u.y',
      '2 db.v.y direct u.y',
      '2 db.v.one constant',
      '2 db.v.name expression v.name',
      '3 .a direct u.a w.d',
      '4 q.* direct z.*',
    ],
  );
});

test('a dbt model, its Jinja left out', async () => {
  assert.deepEqual(
    await says(
      `{{ config(materialized='table') }} {# select nothing from here #}
with o as (select * from {{ ref('stg_orders') }}),
{% for m in ['a', 'b'] %} p_{{ m }} as (select id, amount from {{ source('crm', 'payments') }}){% if not loop.last %},{% endif %} {% endfor %}
select o.id, max(p_jinja__.amount) as top, {{ dbt_utils.star(ref('other')) }} {% if var('x') %}, o.extra {% else %}, o.nothing {% endif %}
from o join p_jinja__ on p_jinja__.id = o.id`,
      'fct_orders',
    ),
    [
      '1 fct_orders.id direct stg_orders.id',
      '1 fct_orders.top aggregation crm.payments.amount',
      '1 fct_orders.extra direct stg_orders.extra',
    ],
  );
});

test('what stands for Jinja is as long as it was, on the same lines', () => {
  const pieces = [
    '{{ ',
    ' }}',
    '{% if x %}',
    '{% else %}',
    '{% endif %}',
    '{# ',
    ' #}',
    "ref('a')",
    'select 1 ',
    '\n',
    '{% set x %}',
    '{% endset %}',
    ';',
    "'",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const plain = withoutJinja(text);
      assert.equal(plain.length, text.length);
      assert.deepEqual(
        plain.split('\n').map((row) => row.length),
        text.split('\n').map((row) => row.length),
      );
      for (const { line, sql } of queriesIn(text))
        assert.ok(
          plain
            .split('\n')
            .slice(line)
            .join('\n')
            .includes(sql.split('\n')[0] ?? ''),
        );
    }),
  );
});
