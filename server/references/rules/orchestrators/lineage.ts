// OpenLineage's client: jobs and datasets of events (openlineage-python 1.54, read 2026-11).

import type { Role } from '../../reference.ts';
import { named, of, rowsOf } from '../rows.ts';
import type { Rule, Take } from '../rule.ts';

const row = rowsOf('openlineage');
const dataset = (role: Role): Take => ({
  from: [1, 'name'],
  key: [0, 'namespace'],
  kind: 'table',
  role,
  read: 'dataset',
});

export const lineageRules: readonly Rule[] = [
  row('Job', of('openlineage', 'Job'), named('job', 'mentions', 1, 'name')),
  row('Run', of('openlineage', 'Run', 'RootRun'), named('run', 'mentions', 0, 'runId')),
  row('ParentRunFacet.create', ['openlineage.ParentRunFacet.create'], named('run', 'mentions', 0, 'runId')),
  row('Dataset', of('openlineage', 'Dataset'), dataset('mentions')),
  row('InputDataset', of('openlineage', 'InputDataset'), dataset('reads')),
  row('OutputDataset', of('openlineage', 'OutputDataset'), dataset('writes')),
];
