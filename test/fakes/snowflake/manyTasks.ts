// Many tasks: graphs of one task each, with a run of each, for tests that need more of them.
import type { World } from './world.ts';

export function manyTasks(now: number, count: number): World['answers'] {
  const at = (minutes: number): string => ((now + minutes * 60_000) / 1000).toFixed(9);
  const all = Array.from({ length: count }, (_, n) => ({ name: `TASK_${n}`, id: `01b-${n}` }));
  return [
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
        rows: all.map(({ name, id }) => [
          ...[at(-9999), name, id, 'PROD', 'ML', 'ML_OWNER', '', 'LOAD_WH', '60 MINUTE', '[]', 'started'],
          ...['INSERT INTO T SELECT 1', '{}'],
        ]),
      },
    ],
    [
      /^SELECT .* FROM TABLE\("PROD"\.INFORMATION_SCHEMA\.TASK_HISTORY/,
      {
        columns: [
          ...['NAME', 'DATABASE_NAME', 'SCHEMA_NAME', 'STATE', 'QUERY_ID', 'SCHEDULED_TIME:timestamp_ltz'],
          ...['QUERY_START_TIME:timestamp_ltz', 'COMPLETED_TIME:timestamp_ltz', 'ROOT_TASK_ID', 'RUN_ID:fixed'],
        ],
        rows: all.map(({ name, id }, n) => [
          ...[
            name,
            'PROD',
            'ML',
            n % 2 === 0 ? 'SUCCEEDED' : 'FAILED',
            `01b2c3d4-0000-2222-0000-${String(n).padStart(12, '0')}`,
          ],
          ...[at(-60), at(-59), at(-58), id, String(now - 3_600_000)],
        ]),
      },
    ],
  ];
}
