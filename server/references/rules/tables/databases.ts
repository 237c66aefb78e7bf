// Tables of databases by name: pandas, polars, dask, SQLAlchemy, Alembic, feature stores, expectations (feast 0.67, great-expectations 1.24, read 2026-11; pandas, polars, SQLAlchemy, Alembic from memory).
import { address, rowsOf, table } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('sql');
const feast = (...names: string[]): readonly string[] => names.map((name) => `feast.${name}`);
const op = (...names: string[]): readonly string[] => names.map((name) => `alembic.${name}`);

export const databaseRules: readonly Rule[] = [
  row(
    'read_sql_table',
    ['pandas.read_sql_table', 'dask.read_sql_table', 'modin.read_sql_table'],
    table('reads', [0, 'table_name', 'table'], 'schema'),
  ),
  // A table's name, where it is no SQL.
  row('read_sql', ['pandas.read_sql', 'modin.read_sql', 'dask.read_sql'], table('reads', [0, 'sql'])),
  row('to_sql', ['#to_sql'], table('writes', 'name', 'schema')),
  row('to_sql.position', ['#to_sql'], { ...table('writes', 0, 'schema'), unless: ['name'] }),
  row('write_database', ['#write_database'], table('writes', [0, 'table_name'])),
  row('Table', ['sqlalchemy.Table', 'sqlmodel.Table'], {
    ...table('defines', [0, 'name'], 'schema'),
    unless: ['autoload_with', 'autoload'],
  }),
  row('Table.reflected', ['sqlalchemy.Table'], {
    ...table('reads', [0, 'name'], 'schema'),
    when: ['autoload_with', 'autoload'],
  }),
  row(
    'inspector',
    ['inspect#get_columns', 'inspector:get_columns', 'inspector:has_table'],
    table('reads', [0, 'table_name'], 'schema'),
  ),
  row('alembic', op('create_table', 'drop_table', 'bulk_insert'), table('writes', [0, 'table_name'], 'schema')),
  row(
    'alembic.column',
    op('add_column', 'drop_column', 'alter_column', 'batch_alter_table', 'create_table_comment'),
    table('mentions', [0, 'table_name'], 'schema'),
  ),
  row(
    'alembic.index',
    op('create_index', 'create_unique_constraint', 'create_primary_key'),
    table('mentions', [1, 'table_name'], 'schema'),
  ),
  row('alembic.drop_index', op('drop_index', 'drop_constraint'), table('mentions', 'table_name', 'schema')),
  row(
    'alembic.rename',
    op('rename_table'),
    table('mentions', [0, 'old_table_name'], 'schema'),
    table('writes', [1, 'new_table_name'], 'schema'),
  ),

  row('feast.warehouse', feast('SnowflakeSource', 'RedshiftSource'), table('reads', 'table', 'database', 'schema')),
  row(
    'feast.table',
    feast('BigQuerySource', 'PostgreSQLSource', 'TrinoSource', 'SparkSource', 'ClickhouseSource'),
    table('reads', 'table'),
    address('reads', 'path'),
  ),
  row('feast.athena', feast('AthenaSource'), table('reads', 'table', 'database')),
  row('feast.ref', feast('MsSqlServerSource', 'OracleSource'), table('reads', 'table_ref')),
  row('feast.file', feast('FileSource', 'RaySource'), address('reads', 'path')),
  row(
    'feast.saved',
    feast(
      'SavedDatasetSnowflakeStorage',
      'SavedDatasetBigQueryStorage',
      'SavedDatasetRedshiftStorage',
      'SavedDatasetPostgreSQLStorage',
    ),
    table('writes', ['table_ref', 'table', 0]),
  ),
  row('feast.saved_file', feast('SavedDatasetFileStorage'), address('writes', 0, 'path')),
  row(
    'feast.logging',
    feast('SnowflakeLoggingDestination', 'BigQueryLoggingDestination', 'RedshiftLoggingDestination'),
    table('writes', ['table_name', 'table_ref']),
  ),
  row('expectations', ['#add_table_asset'], table('reads', [1, 'table_name'], 'schema_name')),
  row('ray.databricks', ['ray.read_databricks_tables'], table('reads', 'table', 'catalog', 'schema')),
  row('ray.iceberg', ['ray.read_iceberg', 'daft.read_iceberg'], table('reads', 'table_identifier')),
  row('ray.bigquery', ['ray.read_bigquery'], table('reads', 'dataset')),
  row('ray.write_bigquery', ['#write_bigquery'], table('writes', 'dataset')),
  row('ray.write_snowflake', ['#write_snowflake'], table('writes', [0, 'table'])),
];
