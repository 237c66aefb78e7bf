// Rows for every configuration: commands, queries, variables of the environment, and keys that mean one thing alone.

import { namingVariables } from '../commands/index.ts';
import { airflowArguments } from './airflow.ts';
import { sodaRows } from './data.ts';
import { tasksAnywhere } from './databricks.ts';
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';
import { mlflowKeys } from './serving.ts';

const shell = rowOf('shell');
const sql = rowOf('sql');

/** One command line each, or a list of them. */
const lines = [
  'run',
  'script',
  'before_script',
  'after_script',
  'commands',
  'bash',
  'bash_command',
  'cmd',
  'inlineScript',
  'pre_build',
  'post_build',
];
/** One command; as a list, its words. */
const words = ['command', 'args', 'entrypoint', 'install'];

const queries = ['sql', 'sql_query', 'query_text'];
/** Questions to a model or a search, too. */
const sometimesQueries = ['query', 'statement', 'select', 'post_hook', 'pre_hook'];

/** What everybody calls a registered model. */
const modelNames = ['MLFLOW_REGISTERED_MODEL_NAME', 'REGISTERED_MODEL_NAME', 'MLFLOW_MODEL_NAME'].map(
  (name) => ({ name, kind: 'model', tool: 'mlflow' }) as const,
);

/** `NAME: value`, `- name: NAME` with `value: …`, and `- NAME=value`. */
const environment = [...namingVariables.values(), ...modelNames].flatMap(({ name, kind, tool }): ConfigRow[] => {
  const row = rowOf(tool);
  const id = `env.${name}`;
  const parts = kind === 'model' ? ({ read: 'modelOrName' } as const) : {};
  return [
    row(`**.${name}`, id, kind, 'mentions', parts),
    row('**.env.[].value', id, kind, 'mentions', { ...parts, when: [['^name', `^${name}$`]] }),
    row('**.environment.[]', id, kind, 'mentions', { ...parts, pattern: `^${name}=(.+)$` }),
  ];
});

export const anywhere: ConfigShape = {
  id: 'anywhere',
  rows: [
    ...lines.map((key) => shell(`**.${key}`, 'lines', 'path', 'mentions', { read: 'shell' })),
    ...lines.map((key) => shell(`**.${key}.[]`, 'lines', 'path', 'mentions', { read: 'shell' })),
    ...words.map((key) => shell(`**.${key}`, 'words', 'path', 'mentions', { read: 'shell' })),
    ...queries.map((key) => sql(`**.${key}`, 'text', 'table', 'reads', { read: 'sql' })),
    ...sometimesQueries.map((key) => sql(`**.${key}`, 'text', 'table', 'reads', { read: 'maybeSql' })),
    ...environment,
    ...mlflowKeys,
    ...tasksAnywhere,
    ...airflowArguments,
    ...sodaRows,
  ],
};
