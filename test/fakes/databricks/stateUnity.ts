// The tables, models, endpoints and warehouses of the fake workspace.
import type { FakeState, Json } from './state.ts';
import { hour } from './stateWords.ts';

export function addUnity(state: FakeState, now: number): void {
  const { metastoreId: metastore_id } = state;
  const common = {
    metastore_id,
    owner: 'data@example.com',
    created_at: now - 2000 * hour,
    updated_at: now - 30 * hour,
  };
  for (const name of ['main', 'closed'])
    state.catalogs.push({ ...common, name, full_name: name, catalog_type: 'MANAGED_CATALOG' });
  for (const [catalog_name, name] of [
    ['main', 'ml'],
    ['main', 'raw'],
    ['main', 'information_schema'],
    ['closed', 'secret'],
  ]) {
    state.schemas.push({ ...common, catalog_name, name, full_name: `${catalog_name}.${name}` });
  }
  const column = (name: string, type: string, position: number, comment?: string): Json => ({
    ...{
      name,
      type_text: type.toLowerCase(),
      type_name: type,
      type_json: `"${type.toLowerCase()}"`,
      position,
      nullable: true,
    },
    ...(comment === undefined ? {} : { comment }),
  });
  const table = (schema_name: string, name: string, more: Json, catalog_name = 'main'): Json => ({
    ...{ ...common, catalog_name, schema_name, name, full_name: `${catalog_name}.${schema_name}.${name}` },
    ...{ table_type: 'MANAGED', data_source_format: 'DELTA', table_id: `id-${name}`, ...more },
  });
  state.tables.push(
    table('raw', 'customers', {
      ...{ table_type: 'EXTERNAL', storage_location: 's3://acme-lake/raw/customers' },
      columns: [column('customer_id', 'LONG', 0), column('tenure', 'INT', 1, 'in months')],
    }),
    table('ml', 'churn_predictions', {
      ...{ owner: 'ml@example.com', comment: 'One row a customer and day', updated_at: now - hour },
      columns: [column('customer_id', 'LONG', 0), column('score', 'DOUBLE', 1)],
    }),
    table('ml', 'risky', {
      ...{ table_type: 'VIEW', view_definition: 'SELECT * FROM main.ml.churn_predictions WHERE score > 0.8' },
      view_dependencies: { dependencies: [{ table: { table_full_name: 'main.ml.churn_predictions' } }] },
      columns: [column('customer_id', 'LONG', 0)],
    }),
    table('secret', 'salaries', { columns: [column('salary', 'DOUBLE', 0)] }, 'closed'),
  );
  const infos = (name: string, schema_name: string): Json => ({
    ...{ name, catalog_name: 'main', schema_name, table_type: 'TABLE' },
    lineage_timestamp: '2026-11-20 10:00:00.0',
  });
  const jobInfos = [
    { workspace_id: Number(state.workspaceId), job_id: 11, lineage_timestamp: '2026-11-20 10:00:00.0' },
  ];
  state.lineage.set('main.ml.churn_predictions', {
    upstreams: [
      { tableInfo: infos('customers', 'raw'), jobInfos },
      { fileInfo: { path: 's3://acme-models/churn/model.pkl', has_permission: true } },
    ],
    downstreams: [{ tableInfo: infos('risky', 'ml') }, { tableInfo: { has_permission: false } }],
  });
  state.columnLineage.set('main.ml.churn_predictions score', {
    upstream_cols: [
      { name: 'tenure', catalog_name: 'main', schema_name: 'raw', table_name: 'customers', table_type: 'TABLE' },
    ],
  });
  state.tags.set('main.ml.churn_predictions', [
    { entity_name: 'main.ml.churn_predictions', entity_type: 'tables', tag_key: 'team', tag_value: 'ml' },
    { entity_name: 'main.ml.churn_predictions', entity_type: 'tables', tag_key: 'pii', tag_value: '' },
  ]);
  state.models.push({
    ...{
      ...common,
      catalog_name: 'main',
      schema_name: 'ml',
      name: 'churn',
      full_name: 'main.ml.churn',
      comment: 'Who leaves',
    },
    aliases: [{ alias_name: 'champion', version_num: 2 }],
  });
  for (const version of [1, 2]) {
    const run_id = `${version}`.repeat(32);
    const made = now - (100 - version) * hour;
    state.tracked.push({
      info: {
        ...{ run_id, run_uuid: run_id, run_name: `fit ${version}`, experiment_id: '1', user_id: 'ana@example.com' },
        ...{ status: 'FINISHED', start_time: made - 600_000, end_time: made, lifecycle_stage: 'active' },
      },
      data: {
        metrics: [{ key: 'auc', value: (80 + version) / 100, timestamp: made - 1000, step: 0 }],
        params: [{ key: 'depth', value: '6' }],
        tags: [
          { key: 'mlflow.databricks.jobID', value: '12' },
          { key: 'mlflow.databricks.jobRunID', value: '7601' },
          { key: 'mlflow.databricks.workspaceID', value: state.workspaceId },
        ],
      },
    });
    state.versions.push({
      ...{ catalog_name: 'main', schema_name: 'ml', model_name: 'churn', version, metastore_id, status: 'READY' },
      ...{
        run_id: `${version}`.repeat(32),
        run_workspace_id: Number(state.workspaceId),
        source: `dbfs:/mlruns/1/${version}/model`,
      },
      ...{
        created_by: 'ana@example.com',
        created_at: now - (100 - version) * hour,
        updated_at: now - (100 - version) * hour,
      },
    });
  }
}

export function addServing(state: FakeState, now: number): void {
  state.endpoints.push({
    ...{
      name: 'churn-live',
      id: 'e1',
      creator: 'ana@example.com',
      creation_timestamp: now - 200 * 3_600_000,
      last_updated_timestamp: now - 3_600_000,
    },
    state: { ready: 'READY', config_update: 'UPDATE_FAILED' },
    config: {
      served_entities: [
        {
          name: 'churn-2',
          entity_name: 'main.ml.churn',
          entity_version: '2',
          state: { deployment: 'DEPLOYMENT_READY', deployment_state_message: '' },
        },
      ],
    },
    tags: [{ key: 'team', value: 'ml' }],
  });
  state.warehouses.push(
    { id: 'w-stopped', name: 'Big', state: 'STOPPED', enable_serverless_compute: false, warehouse_type: 'PRO' },
    { id: 'w-running', name: 'Small', state: 'RUNNING', enable_serverless_compute: true, warehouse_type: 'PRO' },
  );
  const query = (query_id: string, more: Json): Json => ({
    ...{ query_id, status: 'FAILED', query_start_time_ms: now - 90 * 60_000, query_end_time_ms: now - 89 * 60_000 },
    ...{ user_name: 'ana@example.com', warehouse_id: 'w-running', statement_type: 'INSERT', ...more },
  });
  state.queries.push(
    query('01f0a1b2-0001-1111-2222-333344445555', {
      query_text: 'INSERT INTO main.ml.churn_predictions\nSELECT tenure FROM main.raw.customers',
      error_message: '[UNRESOLVED_COLUMN] A column named `tenure` cannot be resolved.',
      query_source: { job_info: { job_id: '11', job_run_id: '77', job_task_run_id: '7702' } },
    }),
    query('01f0a1b2-0002-1111-2222-333344445555', { query_text: 'SELEC 1', error_message: '[PARSE_SYNTAX_ERROR]' }),
    query('01f0a1b2-0003-1111-2222-333344445555', { query_text: 'SELECT 1', status: 'FINISHED' }),
  );
  state.statements.push({
    holds: 'system.access.table_lineage',
    columns: [
      'entity_type',
      'entity_id',
      'source_table_full_name',
      'source_path',
      'target_table_full_name',
      'target_path',
    ],
    rows: [['JOB', '11', 'main.raw.customers', null, 'main.ml.churn_predictions', null]],
  });
  // docs.databricks.com/admin/system-tables/lineage, read 2026-08.
  state.statements.push({
    holds: 'system.access.column_lineage',
    columns: ['source_table_full_name', 'source_column_name', 'target_table_full_name', 'target_column_name'],
    rows: [
      ['main.raw.customers', 'tenure', 'main.ml.churn_predictions', 'score'],
      ['main.raw.customers', 'id', 'main.ml.churn_predictions', 'customer_id'],
    ],
  });
}
