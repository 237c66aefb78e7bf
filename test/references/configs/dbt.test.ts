// dbt's YAML: what is declared, and `ref` and `source` wherever they stand.
import { test } from 'node:test';
import { checkReferences } from '../../support/fixture.ts';

test('models, seeds, snapshots and tables of sources are defined; columns, tests and groups are nothing', () => {
  checkReferences(`
//- models/schema.yml
version: 2
models:
  - name: orders
    #     ^^^^^^ defines table via=dbt.model tool=dbt
    description: all of ref('them'), from s3 and elsewhere
    group: finance
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: "customer"
        data_tests:
          - relationships:
              arguments:
                to: ref('customers')
                #        ^^^^^^^^^ reads table via=dbt.ref
                field: id
          - dbt_utils.equal_rowcount:
              compare_model: ref('finance', 'orders_old')
              #                              ^^^^^^^^^^ reads table package=finance
    versions:
      - v: 1
seeds:
- name: "days"
  #      ^^^^ defines table
snapshots:
  - {name: orders_snapshot, config: {}}
  #        ^^^^^^^^^^^^^^^ defines table
  - name: lines_snapshot
    #     ^^^^^^^^^^^^^^ defines table
    relation: source('crm', 'lines')
    #                        ^^^^^ reads table [crm.lines] via=dbt.source
sources:
  - name: crm
    database: "{{ env_var('DB', 'prod') }}"
    schema: raw
    tables:
      - name: customers
        #     ^^^^^^^^^ defines table [crm.customers] qualified=prod.raw.CUST_V2 literal
        identifier: CUST_V2
        loaded_at_field: at
groups:
  - name: finance
    owner: {name: f, email: f@acme.com}
metrics:
  - name: revenue
    type: simple
`);
});

test('exposures, semantic models and unit tests read; hooks are SQL', () => {
  checkReferences(`
//- models/marts/more.yml
exposures:
  - name: weekly
    owner: {email: a@acme.com}
    depends_on:
      - ref('orders')
      #      ^^^^^^ reads table
      - source("crm", "customers")
      #                ^^^^^^^^^ reads table [crm.customers]
      - metric('revenue')
semantic_models:
  - name: orders_semantic
    model: ref('orders', v=2)
    #           ^^^^^^ reads table
unit_tests:
  - name: counts
    model: orders
    #      ^^^^^^ mentions table
    given:
      - input: ref('stg')
        #           ^^^ reads table
        rows: []
//- dbt_project.yml
name: acme
models:
  acme:
    +post-hook: insert into audit.log select 1 from {{ ref('orders') }}
    #                       ^^^^^^^^^ writes table
    #                                                       ^^^^^^ reads table
on-run-end:
  - "delete from audit.runs"
  #              ^^^^^^^^^^ writes table
`);
});

test('a list called models is only dbt where something says so', () => {
  checkReferences(`
//- llm.yml
models:
  - name: gpt
    provider: x
//- charts/models/list.yaml
models: [a, b]
//- project/models/plain.yml
models:
  - name: orders
    #     ^^^^^^ defines table
`);
});

test('vars of a project are known to its models', () => {
  checkReferences(`
//- dbt_project.yml
vars:
  bucket: lake
  acme:
    zone: raw
    story: "{{ ref('stg_story') }}"
    #               ^^^^^^^^^ reads table
//- models/m.sql
select * from {{ var('story') }}
--            ^^^^^^^^^^^^^^^^^^ reads table [stg_story]
//- models/s.yml
sources:
  - name: files
    tables:
      - name: events
        #     ^^^^^^ defines table [files.events]
        external:
          location: "s3://{{ var('bucket') }}/{{ var('zone', 'x') }}/{{ var('day') }}/"
          #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ mentions path [s3://lake/raw/*/] partial
`);
});
