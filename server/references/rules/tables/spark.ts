// Spark's tables and paths: readers, writers, streams, Delta (pyspark 3.5 and 4.0, read 2026-11; readers of Delta from memory).
import type { Role } from '../../reference.ts';
import { address, rowsOf, table } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('spark');
const formats = ['parquet', 'csv', 'json', 'orc', 'text', 'delta', 'avro', 'xml'];
const chained = (links: readonly string[], names: readonly string[]): readonly string[] =>
  links.flatMap((link) => names.map((name) => `${link}>${name}`));
const reading = (...names: string[]): readonly string[] => chained(['read', 'readStream'], names);
const writing = (...names: string[]): readonly string[] => chained(['write', 'writeStream'], names);
/** `.option("dbtable", "sales.orders")`; BigQuery's reader calls it `table`. */
const option = (role: Role): readonly Take[] =>
  ['dbtable', 'table'].map((name) => ({ ...table(role, 1), where: [0, name] }));
/** Formats that load and save tables by their names, too (iceberg-spark 1.6, spark-bigquery 0.41; from memory). */
const named = (role: Role): Take => ({ ...table(role, [0, 'path']), chain: ['format', ['iceberg', 'bigquery']] });

export const sparkRules: readonly Rule[] = [
  row(
    'table',
    ['spark:table', 'session:table', 'SparkSession#table', 'getOrCreate#table', ...reading('table')],
    table('reads', [0, 'tableName', 'name']),
  ),
  row('read', reading('load', ...formats), address('reads', 0, 'path', 'paths'), named('reads')),
  row('write', writing('save', 'start', ...formats), address('writes', 0, 'path'), named('writes')),
  row('read.jdbc', reading('jdbc'), table('reads', [1, 'table'])),
  row('write.jdbc', writing('jdbc'), table('writes', [1, 'table'])),
  row('read.option', reading('option'), ...option('reads'), { ...address('reads', 1), where: [0, 'path'] }),
  row('write.option', writing('option'), ...option('writes'), { ...address('writes', 1), where: [0, 'path'] }),
  row('read.options', reading('options'), table('reads', 'dbtable')),
  row('write.options', writing('options'), table('writes', 'dbtable')),
  row(
    'saveAsTable',
    ['#saveAsTable', '#insertInto', '#toTable', '#writeTo'],
    table('writes', [0, 'name', 'tableName']),
  ),
  row(
    'catalog',
    [
      'catalog:tableExists',
      'catalog:cacheTable',
      'catalog:uncacheTable',
      'catalog:refreshTable',
      'catalog:listColumns',
      'catalog:getTable',
    ],
    table('reads', [0, 'tableName']),
  ),
  row(
    'catalog.write',
    ['catalog:createTable', 'catalog:createExternalTable'],
    table('writes', [0, 'tableName']),
    address('reads', 1, 'path'),
  ),
  row('DeltaTable.forName', ['delta.forName', 'DeltaTable:forName'], table('reads', [1, 'tableOrViewName'])),
  row(
    'DeltaTable.forPath',
    ['delta.forPath', 'DeltaTable:forPath', 'DeltaTable:isDeltaTable'],
    address('reads', 1, 'path', 'identifier'),
  ),
  row(
    'DeltaTable.create',
    chained(['createIfNotExists', 'createOrReplace', 'create', 'replace'], ['tableName']),
    table('writes', 0),
  ),
  row('DeltaTable.location', chained(['createIfNotExists', 'createOrReplace'], ['location']), address('writes', 0)),
  row('deltalake', ['deltalake.DeltaTable'], address('reads', 0, 'table_uri')),
  row(
    'iceberg.read',
    ['load_catalog#load_table', 'load_catalog#table_exists', 'catalog:load_table', 'catalog:table_exists'],
    { ...table('reads', [0, 'identifier']), read: 'dotted' },
  ),
  row(
    'iceberg.write',
    [
      'load_catalog#create_table',
      'load_catalog#create_table_if_not_exists',
      'load_catalog#drop_table',
      'catalog:create_table_if_not_exists',
    ],
    { ...table('writes', [0, 'identifier']), read: 'dotted' },
    address('writes', 'location'),
  ),
];
