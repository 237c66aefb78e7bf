// Words: every phrase that a user reads in hovers, lenses, diagnostics and pages; ages, durations and numbers.
import type { UnknownReason } from '../catalog/catalog.ts';
import type { EntityKind } from '../catalog/entity.ts';
import type { RunStatus } from '../catalog/run.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `2 h ago`, `in 3 d`; a date when it is more than 60 days away. Times in epoch ms. */
export function age(at: number, now: number): string {
  const away = Math.abs(now - at);
  if (away < minute) return 'just now';
  if (away >= 60 * day) return date(at);
  const size = away < hour ? minute : away < day ? hour : day;
  const unit = size === minute ? 'min' : size === hour ? 'h' : 'd';
  const count = Math.floor(away / size);
  return at > now ? `in ${count} ${unit}` : `${count} ${unit} ago`;
}

/** `2026-11-21`; what is no time at all is `at no known time`. */
export function date(at: number): string {
  return isTime(at) ? new Date(at).toISOString().slice(0, 10) : 'at no known time';
}

/** `2026-11-21 02:13 UTC`. */
export function instant(at: number): string {
  return isTime(at) ? `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'at no known time';
}

/** The time of day, `02:07 UTC`, when it was today; else with its date. */
export function clock(at: number, now: number): string {
  return date(at) === date(now) ? instant(at).slice(11) : instant(at);
}

function isTime(at: number): boolean {
  return Math.abs(at) <= 8.64e15;
}

/** `850 ms`, `12 s`, `3 min 20 s`, `1 h 5 min`, `2 d 3 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < minute) return `${Math.round(ms / 1000)} s`;
  if (ms < hour) return twoUnits(ms, minute, 'min', 1000, 's');
  if (ms < day) return twoUnits(ms, hour, 'h', minute, 'min');
  return twoUnits(ms, day, 'd', hour, 'h');
}

function twoUnits(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  const whole = `${Math.floor(ms / large)} ${largeUnit}`;
  return rest > 0 ? `${whole} ${rest} ${smallUnit}` : whole;
}

/** At most four significant digits: `0.8731`, `12,345`, `1.2e-7`. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US');
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e15) return value.toExponential(1);
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

/** `0.71 (-0.16)`; without a value before, the value alone; a change too small to see is `(=)`. */
export function changed(value: number, before: number | undefined): string {
  const said = number(value);
  if (before === undefined || !Number.isFinite(value) || !Number.isFinite(before)) return said;
  // No finer than the values themselves are shown; a value like 1.2e-7 has no digits to count.
  const decimals = Math.max(...[said, number(before)].map((one) => one.split('.')[1]?.length ?? 0));
  const difference = said.includes('e')
    ? Number((value - before).toPrecision(2))
    : Number((value - before).toFixed(decimals));
  if (difference === 0) return `${said} (=)`;
  return `${said} (${difference > 0 ? '+' : '-'}${number(Math.abs(difference))})`;
}

/** `3.4 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let size = count;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}

export const marks: Readonly<Record<RunStatus, string>> = {
  queued: '○',
  running: '▶',
  success: '✓',
  failed: '✗',
  skipped: '–',
  unknown: '?',
};

export const statusWords: Readonly<Record<RunStatus, string>> = {
  queued: 'queued',
  running: 'running',
  success: 'succeeded',
  failed: 'failed',
  skipped: 'skipped',
  unknown: 'ended unknown',
};

/** `✗ failed`: the mark for the eye, the word for everybody. */
export function status(of: RunStatus): string {
  return `${marks[of]} ${statusWords[of]}`;
}

/** `✓✓✗ last 3 runs: 2 succeeded, 1 failed`; given newest first, drawn oldest first. */
export function markRow(statuses: readonly RunStatus[]): string {
  const counts = (Object.keys(statusWords) as RunStatus[])
    .map((one) => ({ one, count: statuses.filter((candidate) => candidate === one).length }))
    .filter(({ count }) => count > 0)
    .map(({ one, count }) => `${count} ${statusWords[one]}`);
  const row = [...statuses].reverse().map((one) => marks[one]);
  return `${row.join('')} last ${count(statuses.length, 'run')}: ${counts.join(', ')}`;
}

/** `1 run`, `2 runs`, `2 queries`, `2 matches`. */
export function count(many: number, noun: string): string {
  return `${many.toLocaleString('en-US')} ${many === 1 ? noun : plural(noun)}`;
}

export function plural(noun: string): string {
  if (noun.endsWith('y')) return `${noun.slice(0, -1)}ies`;
  return noun.endsWith('ch') ? `${noun}es` : `${noun}s`;
}

export const kindWords: Readonly<Record<EntityKind, string>> = {
  model: 'Model',
  version: 'Model version',
  experiment: 'Experiment',
  job: 'Job',
  task: 'Task',
  run: 'Run',
  table: 'Table',
  path: 'Path',
  metric: 'Metric',
  monitor: 'Monitor',
  endpoint: 'Endpoint',
  host: 'Host',
};

/** What would have to be there for a tool's names to be known. */
const supplied: Readonly<Record<string, string>> = {
  mlflow: 'an MLflow store (`mlflow.db` or `mlruns/`) in the workspace, or a server (Plumbline: Add Connection)',
  airflow:
    'an Airflow log folder in the workspace, `logs:` in `plumbline.yaml`, or a server (Plumbline: Add Connection)',
  dbt: 'a dbt `target/manifest.json` (run `dbt parse` or `dbt build`)',
  sql: 'a warehouse; tables of dbt projects and OpenLineage events are recognised by name',
  s3: 'OpenLineage events that name the path',
  statsd: 'Datadog or another monitoring system; `joins:` in `plumbline.yaml` says what the metric measures',
};

/** Why nobody can say, in markdown, without a full stop; `safe` makes tool text harmless where it is shown. */
export function reasonWords(reason: UnknownReason, now: number, safe: (said: string) => string): string {
  switch (reason.why) {
    case 'noConnection': {
      const next = supplied[reason.tool];
      return `nothing is connected that lists its names (${safe(reason.tool)})${next ? `. What would help: ${next}` : ''}`;
    }
    case 'neverScanned':
      return `${safe(reason.source)} has not been read yet`;
    case 'failing': {
      const since = reason.since === undefined ? '' : ` since ${age(reason.since, now)}`;
      return `${safe(reason.source)} cannot be read${since}: ${safe(unended(reason.message))}`;
    }
    case 'forbidden':
      return `${safe(reason.source)} may not be read: ${safe(unended(reason.message))}`;
    case 'partial':
      return `${safe(reason.source)} could be read only in part, so what it does not hold proves nothing`;
    case 'otherEnvironment':
      return `it is known in the environment ${safe(reason.environment)} only`;
  }
}

/** Reasons are sentences; here one stands at the end of another. */
function unended(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

export const words = {
  openLineage: 'Open lineage',
  showLogs: 'Show logs',
  jumpToLogs: 'Jump to logs',
  compare: 'Compare with the run before',
  compareCommit: 'Compare with its commit',
  openFacts: 'All facts',
  inTool: 'Open in its own page',
  noRuns: 'No run of it is recorded.',
  notWritten: 'Not there yet: this code writes it.',
  undeployed: 'Defined in this workspace; no tool has seen it yet.',
} as const;
