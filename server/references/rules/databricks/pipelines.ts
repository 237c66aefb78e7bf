// Databricks' pipelines (Delta Live Tables, pyspark.pipelines of Spark 4.1) and feature tables (feature-engineering 0.18, read 2026-11).
import { methods, named, rowsOf, table } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('dlt');
const features = rowsOf('features');
const dlt = (...names: string[]): readonly string[] =>
  names.flatMap((name) => [`dlt.${name}`, `pyspark.${name}`, `databricks.${name}`]);
const client = (...names: string[]): readonly string[] =>
  ['FeatureEngineeringClient', 'FeatureStoreClient'].flatMap((owner) => methods(owner, undefined, ...names));
const called = (...names: string[]): readonly string[] => names.flatMap((name) => [`fe:${name}`, `fs:${name}`]);

export const pipelineRules: readonly Rule[] = [
  row('table', ['dlt.table', 'dlt.view', 'pyspark.table', 'pyspark.materialized_view'], {
    ...named('table', 'writes', 'name'),
    orFunction: true,
  }),
  row(
    'streaming_table',
    dlt('create_streaming_table', 'create_target_table', 'create_streaming_live_table', 'create_sink'),
    table('writes', [0, 'name']),
  ),
  row('read', ['dlt.read', 'dlt.read_stream', 'dlt.readStream'], table('reads', [0, 'name'])),
  row(
    'apply_changes',
    dlt('apply_changes', 'create_auto_cdc_flow', 'apply_changes_from_snapshot', 'create_auto_cdc_from_snapshot_flow'),
    table('writes', [0, 'target']),
    table('reads', [1, 'source']),
  ),
  row('append_flow', dlt('append_flow'), table('writes', 'target')),

  features('FeatureLookup', ['databricks.FeatureLookup'], table('reads', [0, 'table_name'])),
  features(
    'read',
    [...client('read_table', 'get_table'), ...called('read_table', 'get_table')],
    table('reads', [0, 'name']),
  ),
  features(
    'write',
    [
      ...client('create_table', 'write_table', 'drop_table', 'register_table', 'create_feature_table'),
      ...called('create_table', 'write_table', 'drop_table', 'create_feature_table'),
    ],
    table('writes', [0, 'name']),
  ),
  features(
    'publish',
    client('publish_table'),
    table('reads', ['source_table_name', 'name']),
    table('writes', 'online_table_name'),
  ),
];
