// Snowflake's tables and models: Snowpark 1.56, connector 3.x, snowflake-ml 2.6 (read 2026-11).
import { methods, named, rowsOf, table } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('snowflake');
const dotted = (take: Take): Take => ({ ...take, read: 'dotted' });
const registry = (...names: string[]): readonly string[] => [
  ...methods('Registry', 'registry', ...names),
  ...names.map((name) => `reg:${name}`),
];

export const snowflakeRules: readonly Rule[] = [
  row(
    'session.table',
    [
      'snowflake.Session#table',
      'create#table',
      'get_active_session#table',
      'session:table',
      'snowpark:table',
      'Session#table',
    ],
    dotted(table('reads', [0, 'name'])),
  ),
  row('save_as_table', ['#save_as_table'], dotted(table('writes', [0, 'table_name']))),
  row('insert_into', ['write>insert_into'], dotted(table('writes', [0, 'table_name']))),
  row('copy_into_table', ['#copy_into_table'], dotted(table('writes', [0, 'table_name']))),
  row(
    'create_or_replace',
    ['#create_or_replace_view', '#create_or_replace_dynamic_table'],
    dotted(table('writes', [0, 'name'])),
  ),
  row('write_pandas', ['snowflake.write_pandas'], table('writes', [2, 'table_name'], 'database', 'schema')),
  row(
    'session.write_pandas',
    ['session:write_pandas', 'snowflake.Session#write_pandas', 'create#write_pandas'],
    table('writes', [1, 'table_name'], 'database', 'schema'),
  ),
  row('read_snowflake', ['modin.read_snowflake', 'ray.read_snowflake'], table('reads', [0, 'name_or_query'])),
  row('to_snowflake', ['#to_snowflake'], dotted(table('writes', [0, 'name']))),
  row('log_model', registry('log_model'), { ...named('model', 'writes', 'model_name'), version: ['version_name'] }),
  row('get_model', ['Registry#get_model', 'reg:get_model'], named('model', 'reads', 0, 'model_name')),
  row('delete_model', ['Registry#delete_model', 'reg:delete_model'], named('model', 'writes', 0, 'model_name')),
  row(
    'experiment',
    ['ExperimentTracking#set_experiment', 'ExperimentTracking#delete_experiment'],
    named('experiment', 'writes', 0, 'experiment_name'),
  ),
  row('experiment.log_metric', ['ExperimentTracking#log_metric'], named('metric', 'writes', 0, 'key')),
  row('experiment.log_metrics', ['ExperimentTracking#log_metrics'], {
    ...named('metric', 'writes', 0, 'metrics'),
    read: 'keys',
  }),
];
