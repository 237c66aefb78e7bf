// The account that the fake holds: a few databases, tasks and histories, answered by the beginnings of statements.

/** Columns as `name:type`; cells as the SQL API writes them. */
export interface Result {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Refusal {
  readonly code: string;
  readonly sqlState: string;
  readonly message: string;
}

export interface Warehouse {
  readonly name: string;
  state: 'STARTED' | 'SUSPENDED';
  running: number;
  /** Epoch seconds. */
  resumedOn: string | null;
}

export interface StoredTable {
  readonly database: string;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly owner: string;
  readonly rows: number;
  readonly isDynamic?: true;
  readonly columns: readonly (readonly [name: string, type: object, comment?: string])[];
}

export interface World {
  readonly databases: string[];
  readonly tables: StoredTable[];
  readonly warehouses: Warehouse[];
  /** By the beginning of the statement; the first one that fits. */
  readonly answers: [begins: RegExp, result: Result | Refusal][];
  answer(statement: string): Result | Refusal;
}

const seconds = (at: number): string => `${(at / 1000).toFixed(9)}`;
const varchar = { type: 'TEXT', length: 16777216, nullable: true };
const fixed = { type: 'FIXED', precision: 38, scale: 0, nullable: true };
const real = { type: 'REAL', nullable: true };

export const queryIds = {
  insert: '01b2c3d4-0000-1111-0000-000000000001',
  dbt: '01b2c3d4-0000-1111-0000-000000000002',
  task: '01b2c3d4-0000-1111-0000-000000000003',
} as const;

export const notThere = (what: string): Refusal => ({
  ...{ code: '002003', sqlState: '42S02' },
  message: `SQL compilation error:\n${what} does not exist or not authorized.`,
});

export function worldAt(now: number): World {
  const world: World = {
    databases: ['PROD', 'SNOWFLAKE'],
    tables: [
      table('PROD', 'RAW', 'USERS', {
        columns: [
          ['ID', fixed],
          ['AGE', fixed, 'in years'],
        ],
      }),
      table('PROD', 'ML', 'CHURN_PREDICTIONS', {
        rows: 1000,
        columns: [
          ['USER_ID', fixed],
          ['SCORE', real],
        ],
      }),
      table('PROD', 'ML', 'CHURN_FEATURES', { isDynamic: true, columns: [['AGE', fixed]] }),
      table('PROD', 'ML', 'SCORES', { kind: 'VIEW', columns: [['SCORE', real]] }),
      table('PROD', 'ML', 'Mixed', { columns: [['a.b', varchar]] }),
      table('SNOWFLAKE', 'ACCOUNT_USAGE', 'QUERY_HISTORY', { kind: 'VIEW', columns: [] }),
    ],
    warehouses: [
      { name: 'LOAD_WH', state: 'STARTED', running: 1, resumedOn: seconds(now - 600_000) },
      { name: 'REPORT_WH', state: 'SUSPENDED', running: 0, resumedOn: seconds(now - 9_000_000) },
    ],
    answers: answersAt(now),
    answer: (statement) => answerOf(world, statement, now),
  };
  return world;
}

export function table(
  database: string,
  schema: string,
  name: string,
  more: Partial<Omit<StoredTable, 'database' | 'schema' | 'name'>> = {},
): StoredTable {
  return { ...{ database, schema, name, kind: 'TABLE', owner: 'ML_OWNER', rows: 10, columns: [] }, ...more };
}

function answerOf(world: World, statement: string, now: number): Result | Refusal {
  const canned = world.answers.find(([begins]) => begins.test(statement));
  if (canned) return canned[1];
  const database = /IN DATABASE "([^"]+)"$/.exec(statement)?.[1];
  const schema = /IN SCHEMA "([^"]+)"\."([^"]+)"/.exec(statement);
  if (/^SHOW DATABASES$/.test(statement))
    return {
      columns: ['created_on:timestamp_ltz', 'name', 'owner', 'kind'],
      rows: world.databases.map((name) => [seconds(now), name, 'SYSADMIN', 'STANDARD']),
    };
  if (/^SHOW WAREHOUSES$/.test(statement)) return warehousesOf(world);
  if (/^SHOW SCHEMAS IN DATABASE/.test(statement)) {
    const names = new Set(world.tables.filter((one) => one.database === database).map((one) => one.schema));
    return { columns: ['name', 'database_name'], rows: [...names].map((name) => [name, database ?? null]) };
  }
  const inPlace = world.tables.filter(
    (one) => one.database === (database ?? schema?.[1]) && (schema === null || one.schema === schema[2]),
  );
  if (/^SHOW OBJECTS/.test(statement)) return objectsOf(inPlace, statement, now);
  if (/^SHOW COLUMNS IN/.test(statement)) {
    const [, one] = /IN TABLE "[^"]+"\."[^"]+"\."([^"]+)"$/.exec(statement) ?? [];
    return columnsOf(one === undefined ? inPlace : world.tables.filter(({ name }) => name === one));
  }
  const described = /^DESCRIBE TABLE "([^"]+)"\."([^"]+)"\."([^"]+)"$/.exec(statement);
  const found = world.tables.find((one) => [one.database, one.schema, one.name].join() === described?.slice(1).join());
  if (found)
    return {
      columns: ['name', 'type', 'kind', 'null?', 'comment'],
      rows: found.columns.map(([name, type, comment]) => [name, inSql(type), 'COLUMN', 'Y', comment ?? null]),
    };
  return notThere(described ? `Object '${described[3]}'` : 'Object');
}

/** Types as DESCRIBE writes them; SHOW COLUMNS has them as JSON. */
function inSql(type: object): string | null {
  if (type === fixed) return 'NUMBER(38,0)';
  if (type === real) return 'FLOAT';
  if (type === varchar) return 'VARCHAR(16777216)';
  return 'type' in type ? String(type.type) : null;
}

function warehousesOf({ warehouses }: World): Result {
  const columns = ['name', 'state', 'running:fixed', 'queued:fixed', 'auto_suspend:fixed', 'resumed_on:timestamp_ltz'];
  const rows = warehouses.map(({ name, state, running, resumedOn }) => [
    name,
    state,
    String(running),
    '0',
    '600',
    resumedOn,
  ]);
  return { columns, rows };
}

function objectsOf(tables: readonly StoredTable[], statement: string, now: number): Result {
  const begins = / STARTS WITH '((?:[^']|'')*)'/.exec(statement)?.[1]?.replaceAll("''", "'").replaceAll('\\\\', '\\');
  const from = / FROM '((?:[^'\\]|'')*)'$/.exec(statement)?.[1];
  const found = tables
    .filter(({ name }) => (begins === undefined || name.startsWith(begins)) && (from === undefined || name > from))
    // SHOW lists by name, which `FROM` goes on from.
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .slice(0, 10_000);
  return {
    columns: [
      ...['created_on:timestamp_ltz', 'name', 'database_name', 'schema_name', 'kind', 'comment', 'cluster_by'],
      ...['rows:fixed', 'bytes:fixed', 'owner', 'is_dynamic', 'is_iceberg'],
    ],
    rows: found.map(({ database, schema, name, kind, rows, owner, isDynamic }) => [
      ...[seconds(now - 86_400_000), name, database, schema, kind, '', ''],
      ...[String(rows), String(rows * 100), owner, isDynamic ? 'Y' : 'N', 'N'],
    ]),
  };
}

function columnsOf(tables: readonly StoredTable[]): Result {
  return {
    columns: ['table_name', 'schema_name', 'column_name', 'data_type', 'null?', 'kind', 'comment', 'database_name'],
    rows: tables.flatMap(({ database, schema, name, columns }) =>
      columns.map(([column, type, comment]) => [
        name,
        schema,
        column,
        JSON.stringify(type),
        'true',
        'COLUMN',
        comment ?? '',
        database,
      ]),
    ),
  };
}

/** docs.snowflake.com/sql-reference/sql/show-models, and its change bcr-1653, read 2026-11-24. */
function modelsAt(at: (minutes: number) => string): Result {
  return {
    columns: [
      ...['created_on:timestamp_ltz', 'name', 'model_type', 'database_name', 'schema_name', 'comment', 'owner'],
      ...['default_version_name', 'versions:array', 'aliases:object'],
    ],
    rows: [
      [
        ...[at(-900), 'CHURN', 'USER_MODEL', 'PROD', 'ML', 'Who leaves', 'ML_OWNER'],
        ...['V1', '["V1","V2"]', '{"DEFAULT":"V1","FIRST":"V1","LAST":"V2","CHALLENGER":"V2"}'],
      ],
    ],
  };
}

function answersAt(now: number): World['answers'] {
  const at = (minutes: number): string => seconds(now + minutes * 60_000);
  const run = String(now - 3_600_000);
  const comment =
    '/* {"app": "dbt", "dbt_version": "1.12.0", "node_id": "model.churn.scores", "target_name": "prod"} */';
  const wait = { id: '01a-nightly', validate: '01a-validate' };
  return [
    [
      /^SELECT CURRENT_ORGANIZATION_NAME/,
      {
        columns: ['ORGANIZATION', 'ACCOUNT', 'LOCATOR', 'REGION', 'USER_NAME', 'ROLE_NAME', 'VERSION'],
        rows: [['ACME', 'PROD_EU', 'XY12345', 'AWS_EU_WEST_1', 'PLUMB', 'READER', '9.40.1']],
      },
    ],
    [
      /^SHOW TASKS IN ACCOUNT/,
      {
        columns: [
          ...[
            'created_on:timestamp_ltz',
            'name',
            'id',
            'database_name',
            'schema_name',
            'owner',
            'comment',
            'warehouse',
          ],
          ...['schedule', 'predecessors', 'state', 'definition', 'task_relations'],
        ],
        rows: [
          [
            at(-9999),
            'NIGHTLY',
            wait.id,
            'PROD',
            'ML',
            'ML_OWNER',
            'scores all',
            'LOAD_WH',
            'USING CRON 0 3 * * * UTC',
            '[]',
            'started',
            'CALL score_all()',
            '{}',
          ],
          [
            at(-9999),
            'VALIDATE',
            wait.validate,
            'PROD',
            'ML',
            'ML_OWNER',
            '',
            null,
            null,
            '["PROD.ML.NIGHTLY"]',
            'started',
            'INSERT INTO churn_metrics SELECT 1',
            '{}',
          ],
          [
            at(-9999),
            'NOTIFY',
            '01a-notify',
            'PROD',
            'ML',
            'ML_OWNER',
            '',
            null,
            null,
            '["PROD.ML.VALIDATE"]',
            'suspended',
            'SELECT 1',
            '{}',
          ],
        ],
      },
    ],
    [/^SHOW MODELS (?:IN ACCOUNT$|LIKE 'CHURN' IN SCHEMA "PROD"\."ML"$)/, modelsAt(at)],
    // docs.snowflake.com/sql-reference/sql/show-stages, read 2026-11-24; an internal one has no address.
    [
      /^SHOW STAGES IN ACCOUNT$/,
      {
        columns: [
          'created_on:timestamp_ltz',
          'name',
          'database_name',
          'schema_name',
          'url',
          'owner',
          'comment',
          'type',
        ],
        rows: [
          [at(-9999), 'LANDING', 'PROD', 'RAW', 's3://acme-landing/crm/', 'LOADER', '', 'EXTERNAL'],
          [at(-9999), 'UPLOADS', 'PROD', 'RAW', '', 'LOADER', '', 'INTERNAL'],
        ],
      },
    ],
    [
      /^SHOW PARAMETERS LIKE 'EVENT_TABLE' IN ACCOUNT$/,
      {
        columns: ['key', 'value', 'default', 'level', 'description', 'type'],
        rows: [['EVENT_TABLE', 'SNOWFLAKE.TELEMETRY.EVENTS', 'SNOWFLAKE.TELEMETRY.EVENTS', '', '', 'STRING']],
      },
    ],
    // As the question names them; what unhandled exceptions leave: docs.snowflake.com/developer-guide/logging-tracing, read 2026-11-24.
    [
      /^SELECT TIMESTAMP AS AT.* FROM SNOWFLAKE\.TELEMETRY\.EVENTS WHERE .*'01b2c3d4-0000-1111-0000-000000000009'/,
      {
        columns: [
          ...['AT:timestamp_ntz', 'SEVERITY', 'LOGGER', 'MESSAGE', 'EXCEPTION_TYPE', 'EXCEPTION_MESSAGE', 'STACKTRACE'],
        ],
        rows: [
          [
            ...[at(-59), 'FATAL', null, 'exception', 'KeyError', "'tenure'"],
            `Traceback (most recent call last):\n  File "score.py", line 7, in main\n    row["tenure"]\nKeyError: 'tenure'`,
          ],
          [at(-60), 'INFO', 'score', 'scoring 4711 rows', null, null, null],
        ],
      },
    ],
    [/^SELECT TIMESTAMP AS AT/, { columns: ['AT:timestamp_ntz'], rows: [] }],
    // docs.snowflake.com/sql-reference/sql/show-versions-in-model, read 2026-11-24.
    [
      /^SHOW VERSIONS IN MODEL "PROD"\."ML"\."CHURN"$/,
      {
        columns: [
          ...['created_on:timestamp_ltz', 'name', 'aliases:array', 'comment', 'database_name', 'schema_name'],
          ...['model_name', 'is_default_version', 'functions:array', 'metadata:object', 'user_data:object'],
        ],
        rows: [
          [
            at(-900),
            'V1',
            '["DEFAULT","FIRST"]',
            'first try',
            'PROD',
            'ML',
            'CHURN',
            'true',
            '["PREDICT"]',
            '{}',
            '{}',
          ],
          [at(-300), 'V2', '["LAST","CHALLENGER"]', '', 'PROD', 'ML', 'CHURN', 'false', '["PREDICT"]', '{}', '{}'],
        ],
      },
    ],
    [
      /^SHOW DYNAMIC TABLES IN ACCOUNT/,
      {
        columns: [
          'name',
          'database_name',
          'schema_name',
          'target_lag',
          'refresh_mode',
          'warehouse',
          'scheduling_state',
          'data_timestamp:timestamp_ltz',
          'text',
        ],
        rows: [
          [
            'CHURN_FEATURES',
            'PROD',
            'ML',
            '1 hour',
            'INCREMENTAL',
            'LOAD_WH',
            'ACTIVE',
            at(-30),
            'CREATE DYNAMIC TABLE CHURN_FEATURES AS SELECT AGE FROM PROD.RAW.USERS',
          ],
        ],
      },
    ],
    [
      /^SELECT .* FROM TABLE\("PROD"\.INFORMATION_SCHEMA\.TASK_HISTORY/,
      {
        columns: [
          ...[
            'NAME',
            'DATABASE_NAME',
            'SCHEMA_NAME',
            'STATE',
            'QUERY_ID',
            'ERROR_CODE',
            'ERROR_MESSAGE',
            'SCHEDULED_TIME:timestamp_ltz',
          ],
          ...[
            'QUERY_START_TIME:timestamp_ltz',
            'COMPLETED_TIME:timestamp_ltz',
            'ROOT_TASK_ID',
            'RUN_ID:fixed',
            'ATTEMPT_NUMBER:fixed',
          ],
        ],
        rows: [
          [
            'VALIDATE',
            'PROD',
            'ML',
            'FAILED',
            queryIds.task,
            '000904',
            "SQL compilation error: invalid identifier 'SCORE2'",
            at(-60),
            at(-58),
            at(-57),
            wait.id,
            run,
            '1',
          ],
          [
            'NIGHTLY',
            'PROD',
            'ML',
            'SUCCEEDED',
            '01b2c3d4-0000-1111-0000-000000000009',
            null,
            null,
            at(-60),
            at(-60),
            at(-59),
            wait.id,
            run,
            '1',
          ],
        ],
      },
    ],
    [
      /^SELECT .* FROM TABLE\("PROD"\.INFORMATION_SCHEMA\.DYNAMIC_TABLE_REFRESH_HISTORY/,
      {
        columns: [
          ...[
            'NAME',
            'DATABASE_NAME',
            'SCHEMA_NAME',
            'STATE',
            'STATE_MESSAGE',
            'QUERY_ID',
            'DATA_TIMESTAMP:timestamp_ltz',
          ],
          ...['REFRESH_START_TIME:timestamp_ltz', 'REFRESH_END_TIME:timestamp_ltz', 'REFRESH_ACTION'],
        ],
        rows: [
          [
            'CHURN_FEATURES',
            'PROD',
            'ML',
            'SUCCEEDED',
            null,
            '01b2c3d4-0000-1111-0000-000000000010',
            at(-30),
            at(-30),
            at(-29),
            'INCREMENTAL',
          ],
          ['CHURN_FEATURES', 'PROD', 'ML', 'SUCCEEDED', null, null, at(-20), at(-20), at(-20), 'NO_DATA'],
        ],
      },
    ],
    [
      /^SELECT .* FROM TABLE\("PROD"\.INFORMATION_SCHEMA\.QUERY_HISTORY/,
      {
        columns: [
          ...[
            'QUERY_ID',
            'QUERY_TEXT',
            'DATABASE_NAME',
            'SCHEMA_NAME',
            'QUERY_TYPE',
            'USER_NAME',
            'ROLE_NAME',
            'WAREHOUSE_NAME',
          ],
          ...[
            'QUERY_TAG',
            'EXECUTION_STATUS',
            'ERROR_CODE',
            'ERROR_MESSAGE',
            'START_TIME:timestamp_ltz',
            'END_TIME:timestamp_ltz',
          ],
          'ROWS_PRODUCED:fixed',
        ],
        rows: [
          [
            ...[
              queryIds.insert,
              'insert into churn_predictions select * from stage',
              'PROD',
              'ML',
              'INSERT',
              'LOADER',
              'ML',
              'LOAD_WH',
            ],
            ...[
              '{"dag_id": "score_churn", "task_id": "load", "run_id": "manual__1"}',
              'FAIL',
              '100038',
              "Numeric value 'x' is not recognized",
              at(-50),
              at(-49),
              '0',
            ],
          ],
          [
            ...[
              queryIds.dbt,
              `create or replace table PROD.ML.SCORES as (select 1)\n${comment}`,
              'PROD',
              'ML',
              'CREATE_TABLE_AS_SELECT',
              'DBT',
              'DBT',
              'LOAD_WH',
            ],
            ...['', 'SUCCESS', null, null, at(-40), at(-39), '1000'],
          ],
          // What was done to things themselves; kinds of statements as the history names them (not all are documented).
          ...[
            ['11', 'alter task if exists prod.ml.nightly suspend', 'ALTER_TASK', 'SUCCESS', -35],
            ['12', 'ALTER TASK nightly RESUME', 'ALTER_TASK', 'FAIL', -34],
            [
              '13',
              'GRANT OWNERSHIP ON TABLE churn_predictions TO ROLE data_eng COPY CURRENT GRANTS',
              'GRANT',
              'SUCCESS',
              -33,
            ],
            ['14', 'ALTER MODEL prod.ml.churn SET DEFAULT_VERSION = v2', 'ALTER', 'SUCCESS', -32],
            [
              '15',
              '-- wider\nALTER TABLE churn_predictions ADD COLUMN\n  score2 FLOAT',
              'ALTER_TABLE_ADD_COLUMN',
              'SUCCESS',
              -31,
            ],
            ['16', 'DROP TABLE tmp_4711', 'DROP', 'SUCCESS', -30],
          ].map(([id, text, type, status, minutes]) => [
            ...[`01b2c3d4-0000-1111-0000-0000000000${id}`, String(text), 'PROD', 'ML', String(type), 'ANA', 'ML', null],
            ...[null, String(status), null, null, at(Number(minutes)), at(Number(minutes)), null],
          ]),
        ],
      },
    ],
    [
      /^SELECT QUERY_ID, BASE_OBJECTS_ACCESSED, OBJECTS_MODIFIED/,
      {
        columns: ['QUERY_ID', 'BASE_OBJECTS_ACCESSED:array', 'OBJECTS_MODIFIED:array'],
        rows: [
          [
            queryIds.insert,
            '[{"objectDomain":"Table","objectName":"PROD.RAW.USERS"}]',
            '[{"objectDomain":"Table","objectName":"PROD.ML.CHURN_PREDICTIONS","columns":[{"columnName":"USER_ID","directSources":[{"columnName":"ID","objectDomain":"Table","objectName":"PROD.RAW.USERS"}]}]}]',
          ],
          [
            queryIds.dbt,
            '[{"objectDomain":"Stage","locations":["s3://acme-raw/users/"]}]',
            '[{"objectDomain":"Table","objectName":"PROD.RAW.USERS"}]',
          ],
        ],
      },
    ],
    [
      /^SELECT REFERENCED_DATABASE/,
      {
        columns: ['REFERENCED', 'REFERENCING'].flatMap((side) =>
          ['DATABASE', 'SCHEMA', 'OBJECT_NAME', 'OBJECT_DOMAIN'].map((part) => `${side}_${part}`),
        ),
        rows: [['PROD', 'ML', 'CHURN_PREDICTIONS', 'TABLE', 'PROD', 'ML', 'SCORES', 'VIEW']],
      },
    ],
    [
      /^SELECT NAME, DATABASE_NAME, SCHEMA_NAME, INPUTS/,
      {
        columns: ['NAME', 'DATABASE_NAME', 'SCHEMA_NAME', 'INPUTS:array'],
        rows: [['CHURN_FEATURES', 'PROD', 'ML', '[{"name":"PROD.RAW.USERS","kind":"TABLE"}]']],
      },
    ],
    [
      /^SELECT TABLE_CATALOG/,
      {
        columns: [
          'TABLE_CATALOG',
          'TABLE_SCHEMA',
          'TABLE_NAME',
          'ROW_COUNT:fixed',
          'BYTES:fixed',
          'LAST_ALTERED:timestamp_ltz',
        ],
        rows: [['PROD', 'ML', 'CHURN_PREDICTIONS', '1001', '100100', at(-49)]],
      },
    ],
    [
      /^SELECT \* FROM TABLE\(SNOWFLAKE\.CORE\.GET_LINEAGE\('"PROD"\."ML"\."SCORES"', 'TABLE', 'UPSTREAM'/,
      {
        columns: ['SOURCE', 'TARGET'].flatMap((side) =>
          ['OBJECT_DATABASE', 'OBJECT_SCHEMA', 'OBJECT_NAME', 'OBJECT_DOMAIN', 'STATUS'].map(
            (part) => `${side}_${part}`,
          ),
        ),
        rows: [['PROD', 'ML', 'CHURN_PREDICTIONS', 'TABLE', 'ACTIVE', 'PROD', 'ML', 'SCORES', 'VIEW', 'ACTIVE']],
      },
    ],
    [/^SELECT \* FROM TABLE\(SNOWFLAKE\.CORE\.GET_LINEAGE/, { columns: ['SOURCE_OBJECT_DATABASE'], rows: [] }],
  ];
}
