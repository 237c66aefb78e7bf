// Owns the story that is recorded: on which day, at which commit, what happens and which Airflow runs come of it.

/** Weekly training until both daily DAGs start; `step` is the newest commit that was deployed then. */
const weekly = [
  ['2026-09-26', '03'],
  ['2026-10-03', '04'],
  ['2026-10-10', '05'],
  ['2026-10-17', '06'],
  ['2026-10-24', '06'],
  ['2026-10-31', '07'],
  ['2026-11-07', '09'],
].map(([day, step]) => ({ day, step, at: `${day}T03:00:00Z`, runs: [['train_churn', '03:00:00']] }));

const daily = ['14', '15', '16', '17', '18', '19', '20'].map((date) => ({
  day: `2026-11-${date}`,
  step: date === '20' ? '12' : '11',
}));

/**
 * The moments at which the clock is set, oldest first. `runs` are the DAG runs waited for (dag, time of the scheduled
 * run); `manual` is started by a person; `build` lets dbt build first, as every night.
 */
export const moments = [
  ...weekly.map((one) => ({ ...one, build: true, refuse: one.day === '2026-10-24' })),
  ...daily.flatMap(({ day, step }) => [
    ...(day === '2026-11-14'
      ? [{ day, step, at: `${day}T03:00:00Z`, runs: [['train_churn', '03:00:00']], build: true }]
      : []),
    { day, step, at: `${day}T05:00:00Z`, runs: [['score_churn', '05:00:00']], build: day !== '2026-11-14' },
    { day, step, at: `${day}T09:00:00Z`, runs: [['validate_churn', '09:00:00']] },
  ]),
  // The night after the rename: training falls back to inactivity, Dana stops scoring, trains again, to no avail.
  { day: '2026-11-21', step: '13', at: '2026-11-21T03:00:00Z', runs: [['train_churn', '03:00:00']], build: true },
  { day: '2026-11-21', step: '13', at: '2026-11-21T04:40:00Z', pause: 'score_churn', runs: [] },
  { day: '2026-11-21', step: '13', at: '2026-11-21T07:10:00Z', manual: { dag: 'train_churn', by: 'dana' }, runs: [] },
  { day: '2026-11-21', step: '13', at: '2026-11-21T09:00:00Z', runs: [['validate_churn', '09:00:00']], fails: true },
];

/** dbt's own nightly build on the last day, whose artifacts are kept. */
export const lastBuild = '2026-11-21T01:30:00Z';
