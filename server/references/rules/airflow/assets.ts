// Airflow's assets, datasets and lineage entities (task-sdk 1.3, common-compat 1.23, read 2026-11).
import { address, of, rowsOf } from '../rows.ts';
import type { Rule } from '../rule.ts';

const row = rowsOf('airflow');

export const assetRules: readonly Rule[] = [
  row(
    'Asset',
    of('airflow', 'Asset', 'Dataset'),
    // The first argument is the name of an asset; without `uri` it is its address too.
    { from: ['uri', 'name', 0], kind: 'path', role: 'mentions', read: 'assets' },
  ),
  row('AssetOrTimeSchedule', of('airflow', 'AssetOrTimeSchedule', 'DatasetOrTimeSchedule'), {
    from: ['assets', 'datasets'],
    kind: 'path',
    role: 'reads',
    read: 'assets',
  }),
  row('File', of('airflow', 'File'), address('mentions', 'url', 0)),
  row('Table', of('airflow', 'Table'), { from: ['name'], kind: 'table', role: 'mentions', qualify: [['database']] }),
  row('ObjectStoragePath', ['airflow.ObjectStoragePath', 'upath.UPath'], address('mentions', 0)),
];
