// A real moto server, filled by boto3, is read as CloudWatch Logs is: groups, streams by ranges and by time, tries of managed Airflow.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../scripts/live/programs.mjs';
import { parseRemoteLog } from '../../server/catalog/run.ts';
import { json } from '../faults/answers.ts';
import { faultProxy } from '../faults/proxy.ts';
import { testFolder } from '../support/folder.ts';
import { type Scanned, scanned } from '../support/scan.ts';
import { connectedTo, type Moto, motoServer } from './motoServer.ts';

const signal = new AbortController().signal;
const watch = ['/ec2/scoring', 'airflow-Prod'];
const cloudwatchAt = (moto: Moto, more = {}) => connectedTo(moto.url, { tool: 'cloudwatch', watch, ...more });

test('log groups that boto3 filled', { timeout: 600_000 }, async (t) => {
  const moto = await motoServer(t);
  await moto.script('cloudwatch_fill.py');
  const { connector, asked } = cloudwatchAt(moto);
  assert.equal(await connector.greet(signal), 'CloudWatch Logs, 1 log group named /ec2/scoring…');
  const whole = await scanned(connector);
  assert.deepEqual(whole.problems, []);
  await t.test('groups and streams', () => streams(whole));
  await t.test('tries of managed Airflow', () => tries(whole));
  await t.test('a log by ranges', () => byRanges(moto, whole));
  await t.test('a log by time', () => byTime(moto));
  await t.test('a second look asks for a page of streams of each group', async () => {
    const before = asked();
    const again = await scanned(connector, signal, whole.cursor);
    assert.equal(again.incremental, true);
    // Two lists of groups, two of streams, and the tries of the run that was written last.
    assert.ok(asked() - before <= 6, String(asked() - before));
  });
  await t.test('what goes wrong says what to do', async (inner) => faults(inner, moto));
  await t.test('doctor tells what it got, and what a refused question needs', (inner) => doctor(inner, moto));
  await t.test('a name that is none is said', async () => {
    const scan = await scanned(cloudwatchAt(moto, { watch: ['/nobody'] }).connector);
    assert.match(scan.problems[0]?.message ?? '', /^store: no log group is named \/nobody…/);
  });
});

async function doctor(t: TestContext, moto: Moto): Promise<void> {
  const proxy = await faultProxy({ target: moto.url });
  t.after(() => proxy.close());
  const denied = { __type: 'AccessDeniedException', message: 'not allowed' };
  proxy.break(async (asked, pass) => {
    if (!asked.body.includes('"/ec2/scoring"')) return { kind: 'answer', answer: await pass() };
    return json(400, denied, { 'content-type': 'application/x-amz-json-1.1' });
  });
  const port = await freePort();
  const urls = [moto.url, proxy.url, `http://127.0.0.1:${port}`] as const;
  const [good, narrow, dead] = await Promise.all([doctorOf(t, urls[0]), doctorOf(t, urls[1]), doctorOf(t, urls[2])]);
  assert.equal(good.exit, 0, good.out);
  assert.match(
    good.out,
    /✓ logs: cloudwatch at http.*credential: the AWS environment\n {3}CloudWatch Logs, 1 log group named/,
  );
  for (const asked of ['DescribeLogGroups', 'DescribeLogStreams', 'GetLogEvents'])
    assert.match(good.out, new RegExp(`ok +200 +logs:${asked} +\\d+ asked`));
  assert.equal(narrow.exit, 3, narrow.out);
  assert.match(narrow.out, /✗ logs: [\s\S]*log group \/ec2\/scoring: ask for logs:DescribeLogGroups/);
  assert.match(narrow.out, /forbidden +400 +logs:DescribeLogGroups/);
  assert.equal(dead.exit, 3, dead.out);
  assert.match(dead.out, /nothing listens at 127\.0\.0\.1:\d+\. Start the server/);
  for (const { out } of [good, narrow, dead]) assert.doesNotMatch(out, /secret-of-the-test|AKIDEXAMPLE/);
}

/** With the keys that AWS's own tools would take for that address. */
async function doctorOf(t: TestContext, url: string): Promise<{ readonly exit: number; readonly out: string }> {
  const connection = { name: 'logs', tool: 'cloudwatch', url, region: 'eu-west-1', watch };
  const folder = testFolder(t, { 'c.json': JSON.stringify([connection]) });
  const cli = path.join(import.meta.dirname, '../../server/cli.ts');
  const all = [cli, 'doctor', '--connections', folder.at('c.json'), '--workspace', folder.path];
  const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret-of-the-test' };
  const settings = { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url, AWS_EC2_METADATA_DISABLED: 'true' };
  const child = spawn(process.execPath, all, {
    env: { ...process.env, ...keys, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout.on('data', (part) => (out += String(part)));
  child.stderr.on('data', (part) => (out += String(part)));
  const [exit] = await once(child, 'close');
  return { exit, out };
}

function streams(whole: Scanned): void {
  const groups = whole.entities.filter(({ kind }) => kind === 'host');
  assert.deepEqual(
    groups.map(({ name, facts }) => [name, facts?.description]),
    [
      ['/ec2/scoring', 'CloudWatch log group, kept for 14 days'],
      ['airflow-Prod-Task', 'CloudWatch log group, kept for ever'],
    ],
  );
  const runs = whole.runs.filter(({ id }) => id.startsWith('run:cloudwatch:'));
  assert.deepEqual(runs.map(({ name }) => name).sort(), ['i-0abc123', 'i-0def456']);
}

function tries(whole: Scanned): void {
  const runs = whole.runs.filter(({ id }) => id.startsWith('run:airflow:'));
  const told = runs.map(({ id, status, message }) => [id, status, message]);
  const run = 'run:airflow://Prod/train_churn/scheduled__2026-11-20T03:00:00+00:00';
  assert.deepEqual(
    told.sort(),
    [
      [run, 'failed', 'fit: ValueError: no rows'],
      [`${run}/fit/-1/1`, 'failed', 'ValueError: no rows'],
      [`${run}/load/-1/1`, 'success', undefined],
    ].sort(),
  );
}

async function byRanges(moto: Moto, whole: Scanned): Promise<void> {
  const { logs } = cloudwatchAt(moto).connector;
  const file = whole.runs.find(({ name }) => name === 'i-0abc123')?.logs[0]?.file ?? '';
  const key = parseRemoteLog(file)?.key ?? '';
  const at = await logs?.search?.(key, { words: ['ERROR'], from: 0 }, signal);
  const line = Buffer.from((await logs?.readRange(key, at ?? 0, 49, signal)) ?? []).toString();
  assert.equal(line, '020000 ERROR MemoryError: no room for batch 20000');
  const stat = await logs?.stat(key, signal);
  const all: Buffer[] = [];
  for (let from = 0; from < (stat?.size ?? 0); from += 100_000)
    all.push(Buffer.from((await logs?.readRange(key, from, 100_000, signal)) ?? []));
  const lines = Buffer.concat(all).toString().split('\n');
  assert.deepEqual(
    [stat?.atLeast, stat?.complete, lines.length, lines[24_999]],
    [undefined, false, 25_001, '024999 INFO scored batch 24999 in 12 ms, größe 2'],
  );
}

async function byTime(moto: Moto): Promise<void> {
  const { logs } = cloudwatchAt(moto).connector;
  const since = Date.now() - 600_000;
  const key = JSON.stringify({ group: '/ec2/scoring', stream: 'i-0def456', since, until: Date.now() });
  assert.equal(Buffer.from((await logs?.readRange(key, 0, 1000, signal)) ?? []).toString(), 'one line\n');
  const empty = JSON.stringify({ group: '/ec2/scoring', stream: 'i-0abc123', since, until: Date.now() });
  assert.equal((await logs?.stat(empty, signal))?.size, 0);
  await assert.rejects(async () => logs?.readRange('nonsense', 0, 1, signal), /store has no such log/);
}

const refusal = (status: number, type: string) => json(status, { __type: type, message: `What ${type} says.` });

async function faults(t: TestContext, moto: Moto): Promise<void> {
  const proxy = await faultProxy({ target: moto.url });
  t.after(() => proxy.close());
  const { connector } = cloudwatchAt({ ...moto, url: proxy.url });
  proxy.break(() => refusal(400, 'ExpiredTokenException'));
  await assert.rejects(scanned(connector), {
    kind: 'unauthorized',
    message: /^store: .*ExpiredTokenException.* is over/,
  });
  proxy.break(() => refusal(400, 'UnrecognizedClientException'));
  await assert.rejects(scanned(connector), { kind: 'unauthorized' });
  proxy.break(async (asked, pass) =>
    asked.body.includes('orderBy') ? refusal(400, 'AccessDeniedException') : { kind: 'answer', answer: await pass() },
  );
  const { problems, entities } = await scanned(connector);
  assert.match(
    problems[0]?.message ?? '',
    /AccessDeniedException.*log group \/ec2\/scoring: ask for logs:DescribeLogStreams/,
  );
  assert.equal(entities.length, 2, 'the groups are known all the same');
  proxy.break(() => refusal(400, 'ThrottlingException'));
  await assert.rejects(connector.greet(AbortSignal.timeout(5_000)), (error: unknown) => error instanceof Error);
}
