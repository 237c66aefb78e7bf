// Run writes: runs with what they are of and what they used, their metric points, and lineage edges become rows.
import type { MetricSeries } from '../change.ts';
import type { Edge } from '../edge.ts';
import type { DataUse, Run } from '../run.ts';
import { recordStatus } from './history/record.ts';
import { decode, encode } from './json.ts';
import { type ScanState, validTime } from './scanState.ts';

/** What a list of runs is ordered by: when it started, else when it was meant to, else when it ended. */
export function runTime(run: Run): number {
  return validTime(run.startedAt) ?? validTime(run.scheduledFor) ?? validTime(run.endedAt) ?? 0;
}

/** True when anything but the time of seeing is new. */
export function writeRun(state: ScanState, run: Run): boolean {
  const { connection, source, scan, at } = state;
  const body = encode(run);
  const time = runTime(run);
  const parent = run.parent ?? null;
  const inserted = connection.run(
    'INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)',
    ...[run.id, source, lastSegment(run.id), time, run.status, parent, body, at, scan],
  );
  if (inserted === 0) {
    const old = connection.get(
      'SELECT body, status, as_of, gone_at FROM runs WHERE id = ? AND source = ?',
      ...[run.id, source],
    );
    if (old?.body === body && old.gone_at === null) {
      connection.run('UPDATE runs SET scan = ?, as_of = ? WHERE id = ? AND source = ?', scan, at, run.id, source);
      return false;
    }
    if (old) removeLinks(state, decode<Run>(String(old.body)));
    if (old && old.status !== run.status)
      recordStatus(state, run.id, String(old.status), Number(old.as_of), run.status);
    connection.run(
      `UPDATE runs SET at = ?, status = ?, parent = ?, body = ?, as_of = ?, scan = ?, gone_at = NULL
       WHERE id = ? AND source = ?`,
      ...[time, run.status, parent, body, at, scan, run.id, source],
    );
  }
  addLinks(state, run);
  return true;
}

function addLinks({ connection, source }: ScanState, run: Run): void {
  const time = runTime(run);
  for (const entity of run.of) {
    connection.run('INSERT OR IGNORE INTO run_of VALUES (?, ?, ?, ?)', entity, time, run.id, source);
  }
  for (const [role, id] of uses(run)) {
    connection.run('INSERT OR IGNORE INTO run_use VALUES (?, ?, ?, ?, ?)', id, role, time, run.id, source);
  }
}

export function removeLinks({ connection, source }: ScanState, run: Run): void {
  const time = runTime(run);
  for (const entity of run.of) {
    connection.run(
      'DELETE FROM run_of WHERE entity = ? AND at = ? AND run = ? AND source = ?',
      ...[entity, time, run.id, source],
    );
  }
  for (const [role, id] of uses(run)) {
    connection.run(
      'DELETE FROM run_use WHERE entity = ? AND role = ? AND at = ? AND run = ? AND source = ?',
      ...[id, role, time, run.id, source],
    );
  }
}

function uses(run: Run): readonly (readonly [string, string])[] {
  const known = (role: string, data: readonly DataUse[]) =>
    data.flatMap(({ id }) => (id === undefined ? [] : [[role, id] as const]));
  return [
    ...known('reads', run.inputs),
    ...known('writes', run.outputs),
    ...run.linked.map((id) => ['names', id] as const),
  ];
}

/** `run:mlflow://1a2b/<id>` is asked for by `<id>` alone, because code names it so. */
function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

export function writeSeries({ connection, source, scan, at }: ScanState, series: MetricSeries): boolean {
  const times = series.points.map((point) => point.at).filter(Number.isFinite);
  if (times.length === 0) return false;
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const points = encode(series.points);
  const old = connection.get(
    'SELECT points FROM series WHERE metric = ? AND run = ? AND source = ?',
    ...[series.metric, series.run, source],
  );
  connection.run(
    'INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[series.metric, series.run, source, first, last, points, at, scan],
  );
  return old?.points !== points;
}

export function writeEdge({ connection, source, scan, at, cleanAt }: ScanState, edge: Edge): boolean {
  const key = [edge.from, edge.to, edge.relation, edge.origin, source] as const;
  const inserted = connection.run(
    `INSERT OR IGNORE INTO edges
       (from_id, to_id, relation, origin, source, evidence, as_of, scan, first_seen, missed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[...key, edge.evidence, at, scan, at, cleanAt ?? null],
  );
  if (inserted === 1) return true;
  const where = 'from_id = ? AND to_id = ? AND relation = ? AND origin = ? AND source = ?';
  const old = connection.get(`SELECT evidence FROM edges WHERE ${where}`, ...key);
  connection.run(`UPDATE edges SET evidence = ?, as_of = ?, scan = ? WHERE ${where}`, edge.evidence, at, scan, ...key);
  return old?.evidence !== edge.evidence;
}
