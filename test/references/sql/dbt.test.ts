// dbt's Jinja: names in calls, variables and macros, wherever they stand; texts in Jinja that are SQL.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('calls in every place of Jinja', () => {
  checkReferences(`
//- models/a.sql
{{ config(materialized='incremental', pre_hook="insert into audit.log select 1 from {{ ref('hooked') }}") }}
--                                                          ^^^^^^^^^ writes table
--                                                                                          ^^^^^^ reads table tool=dbt
{%- set pairs = [ref('one'), (source('crm', "two"), 'x')] -%}
--                    ^^^ reads table
--                                           ^^^ reads table [crm.two]
{% set columns = dbt_utils.star(from=ref('three'), except=['a', 'b']) %}
--                                        ^^^^^ reads table
{% if var('flag', false) and execute %} {% for row in run_query("select a, b from raw.rows") %} {{ row }} {% endfor %} {% endif %}
--                                                                                ^^^^^^^^ reads table
select '{{ ref("in_text") }}', "{{ var('x') }}" from {{ ref(
--              ^^^^^^^ reads table
  'later'
-- ^^^^^ reads table
) }} where x = '}}' {% raw %} {{ ref('never') }} {% endraw %}
union all {{ dbt_utils.union_relations(relations=[ref('four'), ref('five', version=2)]) }}
--                                                     ^^^^ reads table
--                                                                  ^^^^ reads table
`);
});

test('values of variables', () => {
  checkReferences(`
//- models/b.sql
{% set schema = 'raw' %}{% set source_table = 'lake.sales.orders' %}
{% set model = ref('kept') %}
--                  ^^^^ reads table
select * from {{ schema }}.orders join {{ source_table }} on true join {{ model }} on true
--            ^^^^^^^^^^^^^^^^^^^ reads table [raw.orders] constant
--                                     ^^^^^^^^^^^^^^^^^^ reads table [lake.sales.orders] constant
join {{ var('schema', 'fallback') }}.items on true
--   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [fallback.items] guess
join {{ env_var('DB') }}.{{ target.schema }}.events on true
--   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reads table [*.*.events] partial
join {{ ref(var('model', 'chosen')) }} on true
--          ^^^^^^^^^^^^^^^^^^^^^^ reads table [chosen] guess
join {{ "pre_" ~ schema }}.x on true
--   ^^^^^^^^^^^^^^^^^^^^^^^ reads table [pre_raw.x]
join {{ this }} on true join {{ this.schema }}.y on true
--                           ^^^^^^^^^^^^^^^^^^^ reads table [*.y] partial
{% for t in ['a', 'b'] %} join raw.{{ t }}_x on true join {{ ref(t) }} {% endfor %}
--                             ^^^^^^^^^^^^^ reads table [raw.*_x] partial
`);
});

test('a macro of the workspace that hands its name on to ref', () => {
  checkReferences(`
//- macros/refs.sql
{% macro smart_ref(kind, model_name='x') %}
  {%- if kind %}{{ return(ref(model_name)) }}{% endif %}
--                            ^^^^^^^^^^ reads table [x] guess
{% endmacro %}
{% macro other(name) %}{{ name }}{% endmacro %}
//- models/c.sql
select * from {{ smart_ref('live', 'orders') }} join {{ smart_ref(kind='x', model_name="items") }} on true
--                                  ^^^^^^ reads table tool=dbt
--                                                                                      ^^^^^ reads table
join {{ other('nothing') }} on {{ unknown_macro('nothing') }}
`);
});

test('WITH parts made by Jinja, and braces that are still open', () => {
  checkReferences(`
//- models/d.sql
{% set named = 'known' %} with {% for x in ['a', 'b'] %} part_{{ x }} as (select * from raw.{{ x }}), {% endfor %}
--                                                                                      ^^^^^^^^^^^ reads table [raw.*] partial
last as (select * from part_a union all select * from part_{{ x }}), {{ named }} as (select 1)
select * from last, {{ named }} {{ dbt_utils.group_by(2) }}
union all select * from {{ ref('half') }} where {{ ref('open
--                              ^^^^ reads table
union all select * from raw.after
--                      ^^^^^^^^^ reads table
`);
});

test('macros and blocks of text are statements of their own', () => {
  checkReferences(`
//- macros/e.sql
{% macro one() %}
  {% set query %}
    with orders as (select * from raw.orders) select * from orders
--                                ^^^^^^^^^^ reads table
  {% endset %}
  {% set other -%} with items as (select * from raw.items) select * from items {%- endset %}
--                                              ^^^^^^^^^ reads table
  {% call statement('x') %} select * from customers {% endcall %}
--                                        ^^^^^^^^^ reads table
  with a as (select 1), b as (
    {% set columns %} x, y {% endset %} select {{ columns }} from a), c as (select * from b) select * from a, b, c
{% endmacro %}
{% macro two() %} select * from c join lines on true {% endmacro %}
--                                     ^^^^^ reads table
//- models/f.sql
select * from c
--            ^ reads table
`);
});
