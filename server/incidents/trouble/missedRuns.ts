// Missed runs: scheduled jobs that should have run again by now and did not.
import type { Catalog } from '../../catalog/catalog.ts';
import type { Entity } from '../../catalog/entity.ts';
import type { Facts } from '../../catalog/facts.ts';
import type { Run } from '../../catalog/run.ts';
import type { Incident } from '../../protocol/incident.ts';
import { endOf, startOf } from './runs.ts';

const mostJobs = 10_000;
const recentRuns = 8;
const minute = 60_000;

/** What is known of a job's rhythm; all times epoch ms or ms. */
export interface Rhythm {
  readonly periodMs: number;
  readonly last: Run;
  /** When the run after `last` should have started. */
  readonly expected: number;
  /** How much later it may start before anybody is told. */
  readonly graceMs: number;
}

export function missedRuns(catalog: Catalog, now: number): readonly Incident[] {
  return catalog.list('job', mostJobs).flatMap((job) => missedRun(catalog, job, now));
}

function missedRun(catalog: Catalog, job: Entity, now: number): Incident[] {
  if (job.goneAt !== undefined) return [];
  const facts = catalog.facts(job.id);
  const rhythm = facts.paused || isEarly(catalog, job, facts, now) ? undefined : rhythmOf(catalog, job, facts);
  if (!rhythm || now <= rhythm.expected + rhythm.graceMs) return [];
  const missed = 1 + Math.floor((now - rhythm.expected - rhythm.graceMs) / rhythm.periodMs);
  const many = missed === 1 ? 'A run' : `${missed} runs`;
  const broken = facts.broken ? ` Its definition cannot be loaded: ${facts.broken}` : '';
  return [
    {
      id: `incident:missedRun:${job.id}`,
      kind: 'missedRun',
      title: `${job.name} did not run`,
      entity: job.id,
      run: rhythm.last.id,
      since: rhythm.expected,
      lastSeen: rhythm.expected + (missed - 1) * rhythm.periodMs,
      summary: `${many} should have started since ${utc(rhythm.expected)}, the last one seen is of ${utc(startOf(rhythm.last))}.${broken}`,
    },
  ];
}

/** Most jobs run on time: their newest run alone says so. */
function isEarly(catalog: Catalog, job: Entity, { periodMs }: Facts, now: number): boolean {
  if (periodMs === undefined) return true;
  const newest = catalog.runs(job.id, { limit: 1 })[0];
  return newest === undefined || (isScheduled(newest) && now <= (newest.scheduledFor ?? 0) + periodMs);
}

function isScheduled({ id, scheduledFor }: Run): boolean {
  return scheduledFor !== undefined && !/\/(?:manual|asset_triggered|dataset_triggered)__/.test(id);
}

/**
 * Undefined when the schedule is not regular, nothing scheduled ran yet, or a run is at work. A schedule says for which
 * instant a run is; how long after it a run really starts differs by timetable (Airflow's data intervals start a run
 * one period later, its triggers at once; read 2026-11-23), so that delay is learned from the runs themselves.
 */
export function rhythmOf(catalog: Catalog, job: Entity, facts: Facts): Rhythm | undefined {
  const { periodMs } = facts;
  if (periodMs === undefined || !(periodMs >= minute)) return undefined;
  const runs = catalog.runs(job.id, { limit: recentRuns });
  if (runs.some(({ status }) => status === 'running' || status === 'queued')) return undefined;
  const scheduled = runs.filter(isScheduled).sort((a, b) => (b.scheduledFor ?? 0) - (a.scheduledFor ?? 0));
  const last = scheduled[0];
  if (last?.scheduledFor === undefined) return undefined;
  const delays = scheduled
    .map((run) => startOf(run) - (run.scheduledFor ?? 0))
    .map((delay) => Math.min(Math.max(delay, 0), 1.5 * periodMs))
    .sort((a, b) => a - b);
  const delay = delays[Math.floor(delays.length / 2)] ?? 0;
  const graceMs = Math.min(Math.max(15 * minute, periodMs / 10), 6 * 60 * minute);
  return { periodMs, last, expected: last.scheduledFor + periodMs + delay, graceMs };
}

/** The newest sign of life of any other job of the same instance, epoch ms; undefined when there is none. */
export function othersAlive(catalog: Catalog, job: Entity): { readonly name: string; readonly at: number } | undefined {
  const instance = job.id.slice(0, job.id.indexOf('/', job.id.indexOf('://') + 3) + 1);
  let newest: { readonly name: string; readonly at: number } | undefined;
  for (const other of catalog.list('job', mostJobs)) {
    if (other.id === job.id || !other.id.startsWith(instance)) continue;
    const run = catalog.runs(other.id, { limit: 1 })[0];
    if (run && endOf(run) > (newest?.at ?? 0)) newest = { name: other.name, at: endOf(run) };
  }
  return newest;
}

export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
