// Dialects of SQL: which classes and packages take SQL of one dialect alone.

/** By how the name of an operator, sensor or hook begins (Airflow's providers, 2026-11). */
export const classDialects: Readonly<Record<string, string>> = {
  Snowflake: 'snowflake',
  BigQuery: 'bigquery',
  Databricks: 'databricks',
  Postgres: 'postgresql',
  Redshift: 'redshift',
  MySql: 'mysql',
  MySQL: 'mysql',
  Oracle: 'oracle',
  MsSql: 'tsql',
  MSSQL: 'tsql',
  Sqlite: 'sqlite',
  Trino: 'trino',
  Presto: 'presto',
  Athena: 'athena',
  Hive: 'hive',
  SparkSql: 'spark',
};

/** Packages that speak to one sort of warehouse. psycopg is none: Redshift is asked through it too. */
export const packageDialects: Readonly<Record<string, string>> = {
  snowflake: 'snowflake',
  'google.cloud.bigquery': 'bigquery',
  pandas_gbq: 'bigquery',
  'databricks.sql': 'databricks',
  redshift_connector: 'redshift',
  asyncpg: 'postgresql',
  pymysql: 'mysql',
  MySQLdb: 'mysql',
  'mysql.connector': 'mysql',
  oracledb: 'oracle',
  cx_Oracle: 'oracle',
  sqlite3: 'sqlite',
  duckdb: 'duckdb',
  trino: 'trino',
  prestodb: 'presto',
  pyathena: 'athena',
  pyhive: 'hive',
  clickhouse_connect: 'clickhouse',
  clickhouse_driver: 'clickhouse',
};

/** Functions and methods that no other package has. */
export const callDialects: Readonly<Record<string, string>> = { read_gbq: 'bigquery', to_gbq: 'bigquery' };

const takesOne = new RegExp(`^(${Object.keys(classDialects).join('|')})\\w{0,60}?(?:Operator|Sensor|Hook)(?:Async)?$`);

/** Of the name of a class or function; undefined where it takes several dialects, or is not known. */
export function dialectOfName(name: string): string | undefined {
  if (Object.hasOwn(callDialects, name)) return callDialects[name];
  const start = takesOne.exec(name)?.[1];
  return start === undefined ? undefined : classDialects[start];
}

/** Of the dotted name of what a call turned out to be. */
export function dialectOfPath(path: string): string | undefined {
  for (const one of Object.keys(packageDialects)) if (path.startsWith(`${one}.`)) return packageDialects[one];
  return path
    .split('.')
    .map(dialectOfName)
    .find((dialect) => dialect !== undefined);
}
