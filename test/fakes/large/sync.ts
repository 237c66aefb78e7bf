// A process of its own that syncs with many things of one tool, twice and for some idle minutes, and says what it took: node sync.ts TOOL SIZE MINUTES
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ConnectionConfig, Secret } from '../../../server/protocol/connection.ts';
import { LiveWindow } from '../../support/liveWindow.ts';
import { SimulatedClock } from '../../support/simulatedClock.ts';
import { personalToken } from '../databricks/server.ts';
import { keys } from '../datadog/server.ts';
import { serviceToken } from '../dbtCloud/server.ts';
import { personalToken as snowflakeToken } from '../snowflake/server.ts';
import { LargeProcess, type LargeSynced, type LargeTool } from './start.ts';

const minute = 60_000;
const token: Secret = { kind: 'token', token: personalToken };
const ofTools: Partial<Record<LargeTool, Secret>> = {
  s3: { kind: 'basic', username: 'someone', password: 'secret-of-the-test' },
  datadog: { kind: 'basic', username: keys.api, password: keys.application },
  dbt: { kind: 'token', token: serviceToken },
  snowflake: { kind: 'token', token: snowflakeToken },
};

function places(size: number): readonly string[] {
  const count = Math.min(200, Math.ceil(size / 100));
  return Array.from({ length: count }, (_, n) => `acme-lake/place-${String(n).padStart(3, '0')}/`);
}

function configOf(tool: LargeTool, url: string, size: number): ConnectionConfig {
  const usual: ConnectionConfig = { name: 'large', tool, url, instance: 'large' };
  return tool === 's3' ? { ...usual, region: 'eu-west-1', credential: 'stored', watch: places(size) } : usual;
}

function count(file: string, table: 'entities' | 'runs'): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const { count } = database.prepare(`SELECT count(*) AS count FROM ${table}`).get() ?? {};
  database.close();
  return Number(count);
}

/** Statements that a warehouse would run. */
function statements(asked: readonly string[]): number {
  return asked.filter((one) => /^POST .*\/statements/.test(one)).length;
}

async function synced(tool: LargeTool, size: number, minutes: number, folder: string): Promise<LargeSynced> {
  const server = await LargeProcess.start(tool, size);
  const file = path.join(folder, 'live.db');
  const clock = new SimulatedClock(Date.now());
  const config = configOf(tool, server.url, size);
  const window = new LiveWindow({ file, clock, config, secret: ofTools[tool] ?? token, knows: true });
  const before = process.resourceUsage().maxRSS;
  const began = performance.now();
  await window.synced();
  const firstMs = performance.now() - began;
  const first = await server.asked();
  const mb = (process.resourceUsage().maxRSS - before) / 1024;
  const { health = 'never', reason } = window.status ?? {};
  // What is under way ends before the one that is counted begins.
  await window.pass(minute);
  await window.during(window.side.syncNow(config.name));
  await server.asked();
  await window.during(window.side.syncNow(config.name));
  const second = await server.asked();
  await window.pass(minutes * minute);
  const idle = await server.asked();
  const status = window.status;
  await window.close();
  server.close();
  return {
    ...{ tool, size, entities: count(file, 'entities'), runs: count(file, 'runs') },
    ...{ first: first.length, second: second.length, idle: idle.length },
    ...{
      firstMs: Math.round(firstMs),
      mb: Math.round(mb),
      statements: { first: statements(first), background: statements([...second, ...idle]) },
    },
    ...{ health, ...(reason === undefined ? {} : { reason }) },
    ...{
      healthAfter: status?.health ?? 'never',
      ...(status?.reason === undefined ? {} : { reasonAfter: status.reason }),
    },
  };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-large-'));
try {
  const [, , tool = '', size = '', minutes = ''] = process.argv;
  process.send?.(await synced(tool as LargeTool, Number(size), Number(minutes), folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
  process.disconnect();
}
