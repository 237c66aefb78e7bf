// dbt's files: properties of models, sources, seeds and snapshots, the project; `ref` and `source` wherever they stand (dbt 1.11, read 2026-11).
import { type ConfigRow, type ConfigShape, rowOf } from './row.ts';

const row = rowOf('dbt');

const declared = (list: string, id: string): ConfigRow => row(`${list}.[].name`, id, 'table', 'defines');

const refs: readonly ConfigRow[] = [
  row('**.*', 'ref', 'table', 'reads', { read: 'ref' }),
  row('**.[]', 'ref', 'table', 'reads', { read: 'ref' }),
];

const properties: readonly ConfigRow[] = [
  declared('models', 'model'),
  declared('seeds', 'seed'),
  declared('snapshots', 'snapshot'),
  row('sources.[].tables.[].name', 'source', 'table', 'defines', {
    prefix: '^^name',
    qualify: ['^^database', '^^schema'],
    qualifiedName: '^identifier',
  }),
  row('unit_tests.[].model', 'unit_test', 'table', 'mentions'),
  ...refs,
];

const hooks = [
  'pre-hook',
  'post-hook',
  '+pre-hook',
  '+post-hook',
  'pre_hook',
  'post_hook',
  'on-run-start',
  'on-run-end',
];

const hookRows = hooks.flatMap((hook): ConfigRow[] => [
  row(`**.${hook}`, 'hook', 'table', 'reads', { read: 'sql' }),
  row(`**.${hook}.sql`, 'hook', 'table', 'reads', { read: 'sql' }),
]);

const lists = ['models', 'seeds', 'snapshots', 'exposures', 'semantic_models', 'unit_tests', 'sources'];

export const dbtShapes: readonly ConfigShape[] = [
  {
    id: 'dbt.properties',
    has: [
      ...lists.map((list) => ['version=^2$', `${list}.[].name`]),
      ['version=^2$', 'metrics.[].name'],
      ['sources.[].tables.[].name'],
      ['sources.[].name', 'sources.[].schema'],
      ['models.[].columns.[].name'],
      ['models.[].data_tests.[]'],
      ['models.[].latest_version'],
      ['models.[].config.{}', 'models.[].name'],
      ['seeds.[].columns.[].name'],
      ['seeds.[].config.{}'],
      ['snapshots.[].relation'],
      ['snapshots.[].columns.[].name'],
      ['snapshots.[].config.{}'],
      ['exposures.[].depends_on.[]'],
      ['semantic_models.[].model'],
      ['unit_tests.[].given.[]'],
    ],
    rows: [...properties, ...hookRows],
  },
  {
    id: 'dbt.propertiesOfFolder',
    file: '/(?:models|seeds|snapshots|analyses|dbt[^/]*)/(?:[^/]+/)*[^/]+\\.ya?ml$',
    has: [...lists, 'metrics'].map((list) => [`${list}.[].name`]),
    both: true,
    rows: [...properties, ...hookRows],
  },
  { id: 'dbt.project', file: '/dbt_project\\.ya?ml$', rows: [...hookRows, ...refs] },
];
