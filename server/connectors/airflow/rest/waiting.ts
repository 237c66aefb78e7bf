// Waiting: why a run that has begun does not go on, or one that should have begun has not; pure.
import type { RestDag, RestPool, RestRun, RestTry } from './shapes.ts';

export interface Surroundings {
  readonly dag: RestDag | undefined;
  /** Runs of the same DAG that are at work. */
  readonly running: number;
  readonly pools: ReadonlyMap<string, RestPool>;
}

/** States in which a task instance stands still. */
export const standing: ReadonlySet<string> = new Set([
  'scheduled',
  'queued',
  'up_for_reschedule',
  'up_for_retry',
  'deferred',
  'restarting',
]);

/** Undefined for a task that is at work or has ended. */
export function whyTaskWaits(one: RestTry, pools: ReadonlyMap<string, RestPool>): string | undefined {
  const kind = one.operator === undefined ? '' : ` (${one.operator})`;
  switch (one.state) {
    case 'up_for_reschedule':
      return `${one.task} waits for its condition and looks again from time to time${kind}`;
    case 'deferred':
      return `${one.task} is deferred: it waits for an event outside${kind}`;
    case 'up_for_retry':
      return `${one.task} failed on try ${one.attempt} and waits for its next try`;
    case 'scheduled':
      return `${one.task} waits ${poolWords(one, pools) ?? 'for the scheduler to start it'}`;
    case 'queued':
      return `${one.task} waits for a free worker${one.pool === undefined ? '' : ` (pool ${one.pool})`}`;
    case 'restarting':
      return `${one.task} is started anew`;
    default:
      return undefined;
  }
}

function poolWords({ pool }: RestTry, pools: ReadonlyMap<string, RestPool>): string | undefined {
  const known = pool === undefined ? undefined : pools.get(pool);
  if (!known || known.open > 0) return undefined;
  return `for a slot of the pool ${known.pool}: none of its ${known.slots} is free`;
}

/** Undefined when nothing holds the run up, as far as the server tells. */
export function whyRunWaits(run: RestRun, tries: readonly RestTry[], around: Surroundings): string | undefined {
  const { dag, running, pools } = around;
  if (run.state === 'queued') {
    if (dag?.paused) return 'Queued, and the DAG is paused: resume it in Airflow.';
    const most = dag?.maxActiveRuns;
    if (most !== undefined && running >= most)
      return `Queued: ${running} of at most ${most} runs of the DAG are at work.`;
    return 'Queued: the scheduler has not started it yet.';
  }
  if (run.state !== 'running') return undefined;
  if (tries.some(({ state }) => state === 'running')) return undefined;
  const reasons = tries.flatMap((one) => whyTaskWaits(one, pools) ?? []);
  const [first] = reasons;
  const more = reasons.length > 1 ? `, and ${reasons.length - 1} more` : '';
  if (first !== undefined) return `${first}${more}.`;
  return dag?.paused ? 'The DAG is paused: its remaining tasks are not started.' : undefined;
}
