// Schedule: what a DAG's schedule says in words, and the longest wait between two of its runs; pure.
import { CronExpressionParser } from 'cron-parser';
import { asText, type Value } from './python.ts';

export interface Schedule {
  /** As one would say it: `@daily`, `0 5 * * 1`, `every 7 days`, `on s3://lake/features/`. */
  readonly words?: string;
  /** Longest wait between two runs in ms; absent when it does not run by the clock, or so irregularly that no wait is late. */
  readonly periodMs?: number;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const presets: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@quarterly': '0 0 1 */3 *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/** Airflow 3 says `schedule`, 2 also `schedule_interval` and `timetable`. */
export function readSchedule(named: ReadonlyMap<string, Value>): Schedule {
  const value = named.get('schedule') ?? named.get('schedule_interval') ?? named.get('timetable');
  return value ? scheduleOf(value) : {};
}

function scheduleOf(value: Value): Schedule {
  if (value.is === 'text') return cronSchedule(value.text);
  if (value.is === 'list') return { words: `on ${value.items.map(assetName).join(', ')}` };
  if (value.is !== 'call') return {};
  const callee = value.callee.split('.').at(-1) ?? '';
  const [first] = value.args;
  if (callee === 'timedelta' || callee === 'duration') return deltaSchedule(value.args, value.named);
  if (/^Cron/.test(callee)) return cronSchedule(asText(first ?? value.named.get('cron')) ?? '');
  if (/^Delta/.test(callee) && first) return scheduleOf(first);
  if (/^(Asset|Dataset)/.test(callee)) return { words: `on ${assetName(value)}` };
  return { words: callee };
}

function assetName(value: Value): string {
  if (value.is === 'text') return value.text;
  return value.is === 'call' ? (asText(value.args[0] ?? value.named.get('uri')) ?? value.callee) : 'an asset';
}

function cronSchedule(written: string): Schedule {
  const cron = presets[written] ?? written;
  return { words: written || undefined, periodMs: cronPeriod(cron) };
}

/** Over the next year at most 400 runs: weekdays wait 3 days at most, months 31. Undefined for what is no cron. */
export function cronPeriod(cron: string): number | undefined {
  if (cron.startsWith('@') || cron.trim().split(/\s+/).length < 5) return undefined;
  try {
    const runs = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: new Date(Date.UTC(2026, 0, 1)) });
    const times = runs.take(400).map((date) => date.getTime());
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? time));
    return waits.length > 0 ? Math.max(...waits) : undefined;
  } catch {
    return undefined;
  }
}

const units: Readonly<Record<string, number>> = {
  weeks: 7 * day,
  days: day,
  hours: hour,
  minutes: minute,
  seconds: 1000,
  milliseconds: 1,
};

function deltaSchedule(args: readonly Value[], named: ReadonlyMap<string, Value>): Schedule {
  const parts: readonly (readonly [string, Value])[] = [
    ...args.slice(0, 1).map((arg) => ['days', arg] as const),
    ...named,
  ];
  let total = 0;
  for (const [unit, value] of parts) {
    const size = units[unit];
    if (size === undefined || value.is !== 'number') return {};
    total += value.number * size;
  }
  return total > 0 ? { words: `every ${spanWords(total)}`, periodMs: total } : {};
}

/** `day`, `6 hours`: what stands after "every". */
export function spanWords(ms: number): string {
  for (const [unit, size] of Object.entries(units)) {
    if (unit === 'weeks' || ms % size !== 0) continue;
    const count = ms / size;
    return count === 1 ? unit.slice(0, -1) : `${count} ${unit}`;
  }
  return `${ms} milliseconds`;
}
