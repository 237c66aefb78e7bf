// awswrangler: objects, Athena, Glue, Redshift and other databases (3.17, read 2026-11).
import { address, rowsOf, table } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('wrangler');
const wr = (...names: string[]): readonly string[] => names.map((name) => `awswrangler.${name}`);

export const wranglerRules: readonly Rule[] = [
  row(
    'read',
    wr(
      'read_parquet',
      'read_parquet_metadata',
      'read_csv',
      'read_fwf',
      'read_json',
      'read_orc',
      'read_excel',
      'read_deltalake',
      'list_objects',
      'list_directories',
      'does_object_exist',
      'describe_objects',
      'size_objects',
      'download',
      'wait_objects_exist',
      'wait_objects_not_exist',
    ),
    address('reads', 0, 'path', 'paths'),
  ),
  row('select_query', wr('select_query'), address('reads', 1, 'path')),
  row('delete', wr('delete_objects'), address('writes', 0, 'path')),
  row(
    'write',
    wr('to_parquet', 'to_csv', 'to_json', 'to_orc', 'to_excel', 'to_deltalake', 'upload'),
    address('writes', 1, 'path'),
    table('writes', 'table', 'database'),
  ),
  row(
    'store_metadata',
    wr('store_parquet_metadata'),
    address('reads', 0, 'path'),
    table('writes', 'table', 'database'),
  ),
  row(
    'copy',
    wr('copy_objects'),
    address('reads', 0, 'paths'),
    address('reads', 1, 'source_path'),
    address('writes', 2, 'target_path'),
  ),
  row('merge', wr('merge_datasets'), address('reads', 0, 'source_path'), address('writes', 1, 'target_path')),
  row('read_sql_query', wr('read_sql_query', 'start_query_execution'), address('writes', 's3_output')),
  row('read_sql_table', wr('read_sql_table', 'read_parquet_table'), table('reads', [0, 'table'], 'database', 'schema')),
  row(
    'describe_table',
    wr('describe_table', 'show_create_table', 'repair_table'),
    table('reads', [0, 'table'], 'database'),
  ),
  row('unload', wr('unload', 'unload_to_files'), address('writes', 1, 'path')),
  row('to_iceberg', wr('to_iceberg', 'delete_from_iceberg_table'), {
    from: [2, 'table'],
    kind: 'table',
    role: 'writes',
    qualify: [[1, 'database']],
  }),
  row('create_ctas_table', wr('create_ctas_table'), table('writes', 'ctas_table', 'ctas_database')),
  row(
    'catalog',
    wr(
      'table',
      'get_table_types',
      'get_table_location',
      'get_table_parameters',
      'get_table_description',
      'get_columns_comments',
      'get_partitions',
      'get_parquet_partitions',
      'does_table_exist',
    ),
    { from: [1, 'table'], kind: 'table', role: 'reads', qualify: [[0, 'database']] },
  ),
  row(
    'catalog.write',
    wr('create_parquet_table', 'create_csv_table', 'create_json_table', 'create_orc_table', 'delete_table_if_exists'),
    { from: [1, 'table'], kind: 'table', role: 'writes', qualify: [[0, 'database']] },
    address('reads', 2, 'path'),
  ),
  row('to_sql', wr('to_sql'), { ...table('writes', [2, 'table']), qualify: [[3, 'schema']] }),
  row('redshift.copy', wr('copy'), address('writes', 1, 'path'), table('writes', [3, 'table'], 'schema')),
  row(
    'redshift.copy_from_files',
    wr('copy_from_files'),
    address('reads', 0, 'path'),
    table('writes', [2, 'table'], 'schema'),
  ),
];
