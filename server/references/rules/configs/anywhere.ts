// Rows for every configuration: commands, queries, variables of the environment, and keys that mean one thing alone.

import { environmentNames } from '../environment.ts';
import { airflowArguments } from './airflow.ts';
import { sodaRows } from './data.ts';
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

const queries = ['sql', 'query', 'statement', 'sql_query', 'select', 'query_text'];

/** `NAME: value`, `- name: NAME` with `value: …`, and `- NAME=value`. */
const environment = environmentNames.flatMap(({ name, kind, tool, role, read }): ConfigRow[] => {
  const row = rowOf(tool);
  const id = `env.${name}`;
  const parts = read === undefined ? {} : { read };
  return [
    row(`**.${name}`, id, kind, role, parts),
    row('**.env.[].value', id, kind, role, { ...parts, when: [['^name', `^${name}$`]] }),
    row('**.environment.[]', id, kind, role, { ...parts, pattern: `^${name}=(.+)$` }),
  ];
});

export const anywhere: ConfigShape = {
  id: 'anywhere',
  rows: [
    ...lines.map((key) => shell(`**.${key}`, 'lines', 'path', 'mentions', { read: 'shell' })),
    ...lines.map((key) => shell(`**.${key}.[]`, 'lines', 'path', 'mentions', { read: 'shell' })),
    ...words.map((key) => shell(`**.${key}`, 'words', 'path', 'mentions', { read: 'shell' })),
    ...queries.map((key) => sql(`**.${key}`, 'text', 'table', 'reads', { read: 'sql' })),
    ...environment,
    ...mlflowKeys,
    ...airflowArguments,
    ...sodaRows,
  ],
};
