// SQL: tables by scopes, in files, in dbt's Jinja and in texts of Python.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scanSql } from '../../../server/references/sql/scan.ts';
import { checkReferences, indexOf, readFixture } from '../../support/fixture.ts';

test('what is read', () => {
  checkReferences(`
//- q.sql
select * from sales.orders o
--            ^^^^^^^^^^^^ reads table
join "PROD"."Sales"."Customers" as c on c.id = o.id, warehouse.dates
--   ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [PROD.Sales.Customers]
--                                                   ^^^^^^^^^^^^^^^ reads table
left join \`proj.data.events_*\` e using (id), unnest(o.items) x
--        ^^^^^^^^^^^^^^^^^^^^ reads table [proj.data.events_*] partial
cross join lateral flatten(input => o.list) f
where o.day > (select max(day) from audit.days) and extract(year from o.day) = 2026
--                                  ^^^^^^^^^^ reads table
  and o.a is distinct from o.b and trim(both ' ' from o.name) = 'from nowhere.table'
;
select * from my-project.data.orders, table(generator(rowcount => 3)), orders_b b, b.items
--            ^^^^^^^^^^^^^^^^^^^^^^ reads table
--                                                                     ^^^^^^^^ reads table
;
select * from (select 1) t, (sales.a join sales.b on true) /* from comments.c */
--                           ^^^^^^^ reads table
--                                        ^^^^^^^ reads table
union all select * from db..t -- from comments.d
--                      ^^^^^ reads table
;
from duck.first select a
--   ^^^^^^^^^^ reads table
;
select * from identifier('db.named')
--                        ^^^^^^^^ reads table
`);
});

test('a WITH part hides a table only behind its own closing bracket', () => {
  checkReferences(`
//- q.sql
with orders as (
    select * from orders
--                ^^^^^^ reads table
), recent (a, b) as materialized (
    select * from orders join raw.days using (day)
--                            ^^^^^^^^ reads table
)
select * from recent, orders, other
--                            ^^^^^ reads table
;
select * from orders
--            ^^^^^^ reads table
;
with recursive tree as (select 1 union all select * from tree join sales.nodes on true) select * from tree
--                                                                 ^^^^^^^^^^^ reads table
;
select * from (with inner_part as (select * from a.b) select * from inner_part) x, inner_part
--                                               ^^^ reads table
--                                                                                 ^^^^^^^^^^ reads table
;
insert into t.target with p as (select * from s.source) select * from p
--          ^^^^^^^^ writes table
--                                            ^^^^^^^^ reads table
;
create view v.report as with p as (select * from s.source) select * from p
--          ^^^^^^^^ writes table
--                                               ^^^^^^^^ reads table
`);
});

test('what is written', () => {
  checkReferences(`
//- q.sql
insert into a.t1 (x, y) values (1, 2);
--          ^^^^ writes table
insert overwrite table a.t2 select * from b.s;
--                     ^^^^ writes table
--                                        ^^^ reads table
update a.t3 set x = 1 from b.u where t3.id = u.id;
--     ^^^^ writes table
--                         ^^^ reads table
delete from a.t4 using b.v where true;
--          ^^^^ writes table
--                     ^^^ reads table
merge into a.t5 as t using b.w as s on t.id = s.id when matched then update set x = 1 when not matched then insert (x) values (s.x);
--         ^^^^ writes table
--                         ^^^ reads table
truncate table if exists a.t6;
--                       ^^^^ writes table
create or replace transient table a.t7 (id int, ref int);
--                                ^^^^ writes table
create table if not exists a.t8 as select * from b.x;
--                         ^^^^ writes table
--                                               ^^^ reads table
create table a.t9 clone b.y;
--           ^^^^ writes table
--                      ^^^ reads table
drop view if exists a.t10;
--                  ^^^^^ mentions table
alter table a.t11 add column x int;
--          ^^^^^ mentions table
copy into a.t12 from 's3://acme-lake/raw/' file_format = (type = csv);
--        ^^^^^ writes table
--                    ^^^^^^^^^^^^^^^^^^^ reads path
copy into 's3://acme-lake/out/' from a.t13;
--         ^^^^^^^^^^^^^^^^^^^ writes path
--                                   ^^^^^ reads table
copy into @stage/path from a.t14;
--                         ^^^^^ reads table
create temporary table scratch as select * from a.t15;
--                                              ^^^^^ reads table
select * from scratch join a.t16 on true;
--                         ^^^^^ reads table
select x into a.t17 from a.t18;
--            ^^^^^ writes table
--                       ^^^^^ reads table
`);
});

test('half typed and strange', () => {
  checkReferences(`
//- q.sql
select * from
where x = 1;
select * from a.b where (
--            ^^^ reads table
;
select ) ) from c.d join
--              ^^^ reads table
`);
  for (const text of [
    '',
    'from',
    'with',
    'with a as (',
    'select * from "',
    "'",
    '{{',
    '{%',
    '/*',
    '((((',
    'from a.',
    'merge into',
    'from a..',
    '`',
  ])
    assert.doesNotThrow(() => scanSql(text), text);
});

test('dbt: ref, source, blocks, comments and holes', () => {
  checkReferences(`
//- dbt/models/marts/report.sql
{{ config(materialized='table', alias='x') }}
{% set events = ref('stg_events') %}
--                   ^^^^^^^^^^ reads table tool=dbt via=dbt.ref
{# {{ ref('nothing') }} #}
with a as (select * from {{ ref("stg_customers") }} where x in (select 1))
--                               ^^^^^^^^^^^^^ reads table
select * from a join {{ source('crm', 'customers') }} c on true
--                                     ^^^^^^^^^ reads table [crm.customers] package=crm
join {{ ref('other_package', 'model_b') }} using (id)
--                            ^^^^^^^ reads table package=other_package
join {{ ref('versioned', v=2) }} using (id)
--           ^^^^^^^^^ reads table
join {{ var('schema') }}.orders on true
--   ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [*.orders] partial
join {{ this }} on true
join raw.plain on true
--   ^^^^^^^^^ reads table tool=sql
{% if is_incremental() %} join {{ builtins.ref('late') }} {% endif %}
--                                              ^^^^ reads table
join {{ my_ref('not_this') }} on x.ref('neither') = 1
`);
});

test('a dbt model is defined by its file, for who asks by name', () => {
  const index = indexOf(
    readFixture(`
//- dbt/models/marts/churn_labels.sql
select 1
//- dbt/models/x.sql
select * from {{ ref('churn_labels') }}
//- sql/other.sql
select 1
`),
  );
  const found = index.named('table', 'analytics.ml.churn_labels');
  assert.deepEqual(
    found.map(({ uri, reference }) => [uri, reference.role]),
    [
      ['file:///acme/churn/dbt/models/marts/churn_labels.sql', 'defines'],
      ['file:///acme/churn/dbt/models/x.sql', 'reads'],
    ],
  );
  assert.deepEqual(index.references('file:///acme/churn/dbt/models/marts/churn_labels.sql'), []);
  assert.deepEqual(index.named('table', 'other'), []);
});

test('SQL in texts of Python', () => {
  checkReferences(`
import pandas as pd
SCHEMA = "analytics.ml"
TABLE = f"{SCHEMA}.churn"
QUERY = """
    -- reads nothing.here
    SELECT *
    FROM analytics.ml.features f
#        ^^^^^^^^^^^^^^^^^^^^^ reads table literal via=sql.text
    JOIN {schema}.labels USING (id)
#        ^^^^^^^^^^^^^^^ reads table [*.labels] partial
    JOIN "{0}" ON true
"""
cursor.execute("select id from crm.customers")
#                              ^^^^^^^^^^^^^ reads table
cursor.execute("Select id From crm.customers")
#                              ^^^^^^^^^^^^^ reads table
cursor.execute(f"SELECT * FROM {TABLE} WHERE day = '{day}'")
#                               ^^^^^ reads table [analytics.ml.churn] constant
cursor.execute(f"SELECT * FROM {SCHEMA}.events_{day}")
#                              ^^^^^^^^^^^^^^^^^^^^^ reads table [analytics.ml.events_*] partial
cursor.execute(f"SELECT * FROM {unknown}")
cursor.execute("DELETE FROM {}.old".format(SCHEMA))
#                           ^^^^^^ writes table [analytics.ml.old] constant
cursor.execute("DELETE FROM {name}".format(name=TABLE))
#                           ^^^^^^ writes table [analytics.ml.churn] constant
cursor.execute("INSERT INTO %s SELECT * FROM crm.a" % TABLE)
#                           ^^ writes table [analytics.ml.churn] constant
#                                            ^^^^^ reads table
cursor.execute("SELECT a " "FROM crm.b " + "JOIN crm.c USING (id)")
#                                ^^^^^ reads table
#                                                ^^^^^ reads table
pd.read_sql("SELECT \\"x\\" FROM crm.d", con)
#                              ^^^^^ reads table
pd.read_sql_table("churn", con, schema="analytics")
#                  ^^^^^ reads table [analytics.churn]
df.to_sql("churn", engine)
#          ^^^^^ writes table
spark.table("analytics.churn")
#            ^^^^^^^^^^^^^^^ reads table
df.write.mode("overwrite").saveAsTable("analytics.churn")
#                                       ^^^^^^^^^^^^^^^ writes table
spark.sql("SELECT 1 FROM analytics.churn")
#                        ^^^^^^^^^^^^^^^ reads table
rows = warehouse.run("SELECT * FROM crm.sniffed")
#                                   ^^^^^^^^^^^ reads table
print("Select a file from the list, then update it")
print("select one from the list")
log.info("delete from cache failed")
raise ValueError("optimize must be 0, 1, or 2")
TEXT = "with love from me"
def documented():
    """SELECT * FROM nothing.here"""
from snowflake.connector.pandas_tools import write_pandas
write_pandas(conn, df, "CHURN", database="ANALYTICS", schema="ML")
#                       ^^^^^ writes table [ANALYTICS.ML.CHURN]
`);
});

test('time grows with the length only', () => {
  const hard = [
    '('.repeat(5000),
    'with a as ('.repeat(900),
    "'".repeat(10000),
    '{{'.repeat(5000),
    'from a, '.repeat(1200),
    '"a".'.repeat(2500),
    '-'.repeat(10000),
    '/*'.repeat(5000),
    'from '.repeat(2000),
    'a.'.repeat(5000),
  ];
  const best = (text: string): number => {
    const times = [1, 2, 3, 4, 5].map(() => {
      const started = performance.now();
      scanSql(text);
      return performance.now() - started;
    });
    return Math.min(...times);
  };
  for (const text of hard) best(text);
  for (const text of hard) {
    const once = best(text);
    const fourTimes = best(text.repeat(4));
    assert.ok(
      fourTimes < 80 || fourTimes < 12 * once,
      `${text.slice(0, 12)}…: ${once} ms, four times as long ${fourTimes} ms`,
    );
  }
});

test('a quoted name may hold spaces and brackets; what fills a hole may not', () => {
  checkReferences(`
//- q.sql
select * from "my table" t join \`raw data\`.orders on true join "db"."my schema"."t (old)" on true
--            ^^^^^^^^^^ reads table [my table]
--                              ^^^^^^^^^^^^^^^^^ reads table [raw data.orders]
--                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [db.my schema.t (old)]
//- q.py
import pandas as pd
INNER = "(select 1 from dual)"
pd.read_sql("select * from \\"my table\\" where true", db)
#                          ^^^^^^^^^^^^ reads table [my table]
pd.read_sql(f"select * from {INNER} join \\"a b\\".{x} on true", db)
#                                        ^^^^^^^^^^^ reads table [a b.*] partial
spark.table("\`my table\`")
#            ^^^^^^^^^^ reads table [my table]
spark.table("select a table")
`);
});
