// Every tool of the requests bench at two sizes: how often it is asked at first, when nothing changed, and in an hour in which nobody looks.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { environment } from '../../../scripts/python/environments.mjs';
import type { LiveTool } from '../../../server/protocol/connection.ts';
import { type LargeTool, largeSync } from '../../fakes/large/start.ts';
import { motoServer } from '../../real/motoServer.ts';
import { LiveWindow } from '../../support/liveWindow.ts';
import { SimulatedClock } from '../../support/simulatedClock.ts';
import { Counter, progress } from './counter.ts';
import { hostsCounted } from './hosts.ts';

export interface Counted {
  readonly tool: LiveTool;
  /** What is counted: a real server, or one of ours that gives recorded shapes. */
  readonly server: string;
  /** How many things the server has. */
  readonly size: number;
  readonly firstSync: number;
  readonly secondSync: number;
  readonly idleHour: number;
  /** For SQL warehouses: statements of the first sync, and of what comes after it. */
  readonly statements?: { readonly first: number; readonly background: number };
  readonly health: string;
}

const minute = 60_000;
/** Places of S3 are looked at in turn, 20 a poll: 50 and 200 of them. */
const sizes: Readonly<Record<Exclude<LargeTool, 'mlflow'>, readonly [number, number]>> = {
  airflow: [100, 10_000],
  databricks: [100, 10_000],
  datadog: [100, 10_000],
  dbt: [100, 10_000],
  ray: [100, 10_000],
  prometheus: [200, 10_000],
  alertmanager: [100, 2_000],
  s3: [5_000, 50_000],
  snowflake: [100, 10_000],
  marquez: [100, 2_000],
};

async function madeUp(tool: keyof typeof sizes): Promise<readonly Counted[]> {
  const counted: Counted[] = [];
  for (const size of sizes[tool]) {
    progress(`${tool}: ${size} things`);
    const seen = await largeSync(tool, size, 60);
    counted.push({
      ...{
        tool,
        server: /^(databricks|snowflake|datadog|marquez|dbt)$/.test(tool) ? 'a fake' : 'recorded shapes',
        size: seen.size,
        health: seen.healthAfter,
      },
      ...{ firstSync: seen.first, secondSync: seen.second, idleHour: seen.idle },
      ...(tool === 'databricks' || tool === 'snowflake' ? { statements: seen.statements } : {}),
    });
  }
  return counted;
}

async function cloudwatchCounted(folder: string): Promise<readonly Counted[]> {
  const { python } = await environment('aws', progress);
  const counted: Counted[] = [];
  for (const size of [20, 400]) {
    progress(`cloudwatch: ${size} streams`);
    const stops: (() => Promise<void>)[] = [];
    const moto = await motoServer({ after: (stop) => void stops.push(stop), diagnostic: () => undefined });
    const counter = await Counter.to(moto.url);
    try {
      await promisify(execFile)(python, [path.join(import.meta.dirname, 'cloudwatch_fill.py'), moto.url, String(size)]);
      const window = new LiveWindow({
        file: path.join(folder, `cloudwatch-${size}.db`),
        clock: new SimulatedClock(Date.now()),
        config: {
          ...{ name: 'logs', tool: 'cloudwatch', url: counter.url, region: 'eu-west-1', watch: ['/ec2/'] },
          credential: 'stored',
        },
        secret: { kind: 'basic', username: 'someone', password: 'else' },
      });
      counted.push({ tool: 'cloudwatch', server: 'moto', size, ...(await hours(window, () => counter.count())) });
    } finally {
      counter.close();
      for (const stop of stops) await stop();
    }
  }
  return counted;
}

/** `count`: since the last time. */
export async function hours(
  window: LiveWindow,
  count: () => Promise<number>,
): Promise<Pick<Counted, 'firstSync' | 'secondSync' | 'idleHour' | 'health'>> {
  await window.synced();
  const firstSync = await count();
  await window.pass(10 * minute);
  await count();
  await window.during(window.side.syncNow());
  const secondSync = await count();
  await window.pass(60 * minute);
  const idleHour = await count();
  const health = window.status?.health ?? 'never';
  await window.close();
  return { firstSync, secondSync, idleHour, health };
}

export async function everyTool(folder: string): Promise<readonly Counted[]> {
  const counted: Counted[] = [];
  for (const tool of Object.keys(sizes) as (keyof typeof sizes)[]) counted.push(...(await madeUp(tool)));
  counted.push(...(await cloudwatchCounted(folder)));
  counted.push(...(await hostsCounted(folder, hours)));
  return counted;
}
