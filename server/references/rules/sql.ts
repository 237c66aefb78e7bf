// SQL's calls: which take a whole text of SQL, and which take a table's name.
import type { Role } from '../reference.ts';
import type { ArgumentKey, Rule, Take } from './rule.ts';

/** Calls whose text is SQL, even where it does not look much like it. */
export const sqlCalls: readonly string[] = [
  'execute',
  'executemany',
  'execute_async',
  'executescript',
  'execute_string',
  'read_sql',
  'read_sql_query',
  'read_gbq',
  'sql',
  'text',
  'run_query',
  'get_records',
  'get_first',
  'get_pandas_df',
  'get_df',
  'SQLExecuteQueryOperator',
  'SnowflakeOperator',
  'SnowflakeSqlApiOperator',
  'SnowflakeCheckOperator',
  'DatabricksSqlOperator',
  'DatabricksSqlSensor',
  'PostgresOperator',
  'RedshiftSQLOperator',
  'RedshiftDataOperator',
  'BigQueryInsertJobOperator',
  'BigQueryExecuteQueryOperator',
  'MySqlOperator',
  'TrinoOperator',
  'AthenaOperator',
  'SQLCheckOperator',
  'SQLValueCheckOperator',
  'SqlSensor',
];

const row = (name: string, calls: readonly string[], ...takes: Take[]): Rule => ({
  id: `sql.${name}`,
  tool: 'sql',
  calls,
  takes,
});
const table = (role: Role, ...from: ArgumentKey[]): Take => ({ from, kind: 'table', role });

export const sqlRules: readonly Rule[] = [
  row('read_sql_table', ['pandas.read_sql_table'], { ...table('reads', 0, 'table_name'), qualify: [['schema']] }),
  row('to_sql', ['#to_sql'], { ...table('writes', 0, 'name'), qualify: [['schema']] }),
  row('to_gbq', ['#to_gbq'], table('writes', 0, 'destination_table')),
  row('write_pandas', ['snowflake.write_pandas'], {
    ...table('writes', 2, 'table_name'),
    qualify: [['database'], ['schema']],
  }),
  row(
    'spark.table',
    ['spark:table', 'session:table', 'SparkSession#table', 'Session#table', 'read:table', 'readStream:table'],
    table('reads', 0, 'tableName', 'name'),
  ),
  row(
    'saveAsTable',
    ['#saveAsTable', '#save_as_table', '#insertInto', '#toTable', '#writeTo'],
    table('writes', 0, 'name', 'tableName', 'table_name'),
  ),
  row('copy_into_table', ['#copy_into_table'], table('writes', 0, 'table_name')),
  row('DeltaTable.forName', ['delta.forName', 'DeltaTable:forName'], table('reads', 1)),
  row('tableExists', ['catalog:tableExists', 'catalog:cacheTable', 'catalog:refreshTable'], table('reads', 0)),
  row('SqlToTable', ['airflow.GenericTransfer'], table('writes', 'destination_table')),
  row(
    'SnowflakeColumnCheck',
    ['airflow.SQLColumnCheckOperator', 'airflow.SQLTableCheckOperator', 'airflow.SQLIntervalCheckOperator'],
    table('reads', 'table'),
  ),
];
