// Run table: the last runs side by side, with the metrics that matter and how they changed.
import type { Run } from '../../catalog/run.ts';
import type { FeatureContext } from '../context.ts';
import { commandLink, table, text } from '../markdown.ts';
import { age, changed, duration, status } from '../words.ts';

const mostRows = 5;
const mostMetrics = 3;

/** Undefined without runs. `runs` newest first; more than are shown, so that the last row has one to compare with. `named`: how a run is called, in markdown. */
export function runTable(
  { now }: FeatureContext,
  runs: readonly Run[],
  named: (run: Run) => string = ({ id, name }) => commandLink(name, 'openEntity', id),
): string | undefined {
  if (runs.length === 0) return undefined;
  const metrics = keyMetrics(runs);
  const rows = runs
    .slice(0, mostRows)
    .map((run, index) => [
      named(run),
      status(run.status),
      when(run, now),
      took(run) ?? '',
      ...metrics.map((name) => metricCell(name, run, runs.slice(index + 1))),
    ]);
  return table(['run', 'status', 'when', 'took', ...metrics.map(text)], rows);
}

/** Those that most of the runs logged, machine metrics left out. */
export function keyMetrics(runs: readonly Run[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of runs.slice(0, 10).flatMap(({ metrics }) => metrics)) {
    if (!name.startsWith('system/')) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const byUse = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return byUse.slice(0, mostMetrics).map(([name]) => name);
}

export function metricOf(run: Run, name: string): number | undefined {
  return run.metrics.find((point) => point.name === name)?.value;
}

function metricCell(name: string, run: Run, older: readonly Run[]): string {
  const value = metricOf(run, name);
  if (value === undefined) return '';
  const before = older.map((one) => metricOf(one, name)).find((one) => one !== undefined);
  return changed(value, before);
}

export function when(run: Run, now: number): string {
  const at = run.startedAt ?? run.scheduledFor ?? run.endedAt;
  return at === undefined ? 'at no known time' : age(at, now);
}

/** Undefined while running and when the tool does not say. */
export function took({ startedAt, endedAt }: Run): string | undefined {
  return startedAt === undefined || endedAt === undefined || endedAt < startedAt
    ? undefined
    : duration(endedAt - startedAt);
}
