// What the rows of the table must know of Ray, none of whose listings has pages.
import { json, on } from './answers.ts';
import type { Fault } from './proxy.ts';
import type { FaultTool } from './table.ts';

const jobs = /\/api\/jobs\/$/;

/** The answer's list, changed. */
const relisted = (change: (listed: readonly object[]) => readonly object[]): Fault =>
  on(jobs, async (_asked, pass) => {
    const listed: unknown = JSON.parse((await pass()).body.toString('utf8'));
    return json(200, change(Array.isArray(listed) ? listed : []));
  });

/** Each is as short as a job can be. */
const flood = relisted((listed) => [
  ...listed,
  ...Array.from({ length: 100_000 }, (_, index) => {
    return { type: 'SUBMISSION', submission_id: `made-${index}`, status: 'SUCCEEDED', start_time: 1_795_464_000_000 };
  }),
]);

export const rayTool: FaultTool = {
  tool: 'ray',
  scan: /\/api\/(?:jobs|v0|serve)\//,
  one: { path: /\/api\/serve\//, kinds: ['endpoint'] },
  pages: { path: jobs, items: 'jobs', name: 'submission_id' },
  many: { path: /\/api\//, small: (path, body) => ({ path, body }) },
  numbers: /_time$|_time_ms$|^attempt_number$|^driver_exit_code$/,
  name: 'submission_id',
  emptyFirst: relisted(() => []),
  circle: relisted((listed) => [...listed, ...listed]),
  flood,
};
