// Our fake workspace is taken by Databricks' own Python SDK on every call that our connector makes, and both see the same.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { before, describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { environment } from '../../scripts/python/environments.mjs';
import type { CatalogChange, SeenEntity } from '../../server/catalog/change.ts';
import { parseRemoteLog, type Run } from '../../server/catalog/run.ts';
import { databricksOver, readAt } from '../connectors/databricks/connected.ts';
import { client, type FakeDatabricks, fakeDatabricks, type Json, personalToken } from '../fakes/databricks/server.ts';
import { testFolder } from '../support/folder.ts';
import { type Scanned, scanned } from '../support/scan.ts';

const signal = new AbortController().signal;

/** What `databricks_sdk.py` prints: the SDK's own objects, as they write themselves. */
interface Seen {
  readonly [key: string]: unknown;
  readonly jobs: readonly Json[];
  readonly runs: readonly Json[];
  readonly errors: Readonly<Record<string, { readonly type: string; readonly code: string } | null>>;
}

let python = '';
before(async () => {
  ({ python } = await environment('databricks'));
});

async function bySdk(t: TestContext, { url }: FakeDatabricks, ...args: readonly string[]): Promise<Seen> {
  const home = testFolder(t, { 'nothing/.keep': '' }).path;
  const own = Object.entries(process.env).filter(([name]) => !/^(DATABRICKS|ARM|AZURE|GOOGLE)_/.test(name));
  const script = path.join(import.meta.dirname, 'databricks_sdk.py');
  const { stdout } = await promisify(execFile)(python, [script, url, ...args, '0'], {
    env: { ...Object.fromEntries(own), HOME: home },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Seen;
}

describe('the fake workspace', () => {
  test('is read by the SDK as by our connector', { timeout: 300_000 }, async (t) => {
    const fake = await fakeDatabricks(Date.now());
    t.after(() => fake.close());
    const seen = await bySdk(t, fake, 'pat', personalToken);
    const bySdkAsked = new Set([...fake.asked.splice(0), ...fake.parameters].map(shapeOf));
    fake.parameters.clear();
    const { connector } = databricksOver(fake);
    const whole = await scanned(connector);
    const looks = await looked(
      connector.describe(
        [...whole.entities, ...whole.runs].map(({ id }) => id),
        signal,
      ),
    );
    await logsOf(connector, whole.runs);
    await t.test('every question of ours, with its parameters, is one that the SDK asks and understands', () => {
      const own = new Set([...fake.asked, ...fake.parameters].map(shapeOf));
      assert.deepEqual(
        [...own].filter((question) => !bySdkAsked.has(question)),
        [],
      );
      assert.ok(own.size > 40, [...own].join('\n'));
    });
    await t.test('jobs and tasks', () => sameJobs(whole, seen));
    await t.test('runs and runs of tasks', () => sameRuns(whole, seen));
    await t.test('tables with columns and owners', () => sameTables(looks, seen));
    await t.test('models, versions and aliases', () => sameModels(whole, seen));
    await t.test('statements that failed in a job', () => {
      const theirs = (readAt(seen.queries, 'res') as readonly Json[]).filter((one) => one.query_source);
      const own = whole.runs.filter(({ id }) => id.includes('/01f0a1b2-'));
      assert.deepEqual(
        own.map(({ id, parent }) => [id.split('/').at(-1), parent?.split('/').at(-1)]),
        theirs.map((one) => [one.query_id, readAt(one, 'query_source', 'job_info', 'job_task_run_id')]),
      );
    });
    await t.test('who answers, and what it refuses', () => {
      assert.equal(String(seen.workspace), fake.state.workspaceId);
      assert.equal(connector.alsoScopes?.[0], `databricks://${fake.state.workspaceId}`);
      const types = Object.fromEntries(Object.entries(seen.errors).map(([what, error]) => [what, error?.type]));
      assert.deepEqual(types, {
        ...{ job: 'ResourceDoesNotExist', run: 'ResourceDoesNotExist', severalTasks: 'InvalidParameterValue' },
        ...{ table: 'NotFound', limit: 'InvalidParameterValue', endpoint: 'ResourceDoesNotExist' },
      });
    });
    await t.test('a statement, now and when it has ended', () => {
      const { status } = seen.statement as { status: { state: string } };
      const later = seen.statementLater as { status: { state: string }; result: { data_array: string[][] } };
      assert.deepEqual([status.state, later.status.state], ['RUNNING', 'SUCCEEDED']);
      assert.equal(later.result.data_array[0]?.[2], 'main.raw.customers');
      assert.equal((seen.failed as { status: { state: string } }).status.state, 'FAILED');
    });
  });

  test('gives the SDK and our connector tokens for the same service principal', { timeout: 300_000 }, async (t) => {
    const fake = await fakeDatabricks(Date.now());
    t.after(() => fake.close());
    const seen = await bySdk(t, fake, 'm2m', client.id, client.secret);
    assert.equal(seen.user, 'ana@example.com');
    const given = fake.given();
    assert.ok(given > 0);
    const { connector } = databricksOver(fake, { kind: 'basic', username: client.id, password: client.secret });
    assert.match(await connector.greet(signal), /^Databricks workspace 4167890123456789, as ana@example\.com/);
    assert.equal(fake.given(), given + 1);
  });
});

/** Names of things are not what is asked. */
function shapeOf(asked: string): string {
  return asked
    .replace(/(tables|models)\/main\.[^/]+/, '$1/…')
    .replace(/(tables|models)\/closed\.[^/]+/, '$1/…')
    .replace(/statements\/[^/]+/, 'statements/…');
}

async function looked(pages: AsyncIterable<CatalogChange>): Promise<readonly SeenEntity[]> {
  const entities: SeenEntity[] = [];
  for await (const page of pages) entities.push(...(page.entities ?? []));
  return entities;
}

async function logsOf(connector: ReturnType<typeof databricksOver>['connector'], runs: readonly Run[]): Promise<void> {
  for (const { file } of runs.flatMap(({ logs }) => logs)) {
    await connector.readLog?.(parseRemoteLog(file)?.key ?? '', signal).catch(() => undefined);
  }
  await connector.readLog?.('file//Volumes/main/ml/logs/driver.txt', signal);
}

function sameJobs(whole: Scanned, { jobs }: Seen): void {
  const own = whole.entities.filter(({ kind, id }) => kind === 'job' && !id.includes('%2Fsubmit'));
  assert.deepEqual(
    own.map(({ id, name }) => [id.split('/').at(-1), name]),
    jobs.map((job) => [String(job.job_id), readAt(job, 'settings', 'name')]),
  );
  assert.deepEqual(
    whole.entities.filter(({ kind }) => kind === 'task').map(({ id }) => id.split('/').slice(-2).join(' ')),
    jobs.flatMap((job) =>
      (readAt(job, 'settings', 'tasks') as readonly Json[]).map((task) => `${job.job_id} ${task.task_key}`),
    ),
  );
}

function sameRuns(whole: Scanned, { runs }: Seen): void {
  const plain = (run: Json): string => `${run.run_id} ${run.start_time || ''} ${run.end_time || ''}`;
  const told = runs.flatMap((run) => [run, ...((run.tasks ?? []) as Json[])]).map(plain);
  const own = whole.runs.map(
    ({ id, startedAt, endedAt }) => `${id.split('/').at(-1)} ${startedAt ?? ''} ${endedAt ?? ''}`,
  );
  // Runs of MLflow and SQL statements are no runs of the Jobs API.
  const tracked = /^[0-9a-f-]{32,36} /;
  assert.deepEqual(own.filter((line) => !tracked.test(line)).sort(), told.sort());
  const failed = whole.runs.find(({ id }) => id.endsWith('/7702'));
  const theirs = runs.flatMap((run) => (run.tasks ?? []) as Json[]).find((task) => task.run_id === 7702);
  assert.equal(failed?.status, 'failed');
  assert.equal(failed?.commit, readAt(theirs, 'git_source', 'git_snapshot', 'used_commit'));
  assert.ok(failed?.message?.includes(String(readAt(theirs, 'status', 'termination_details', 'message'))));
}

function sameTables(looks: readonly SeenEntity[], { tables, summaries, tags }: Seen): void {
  const own = looks.filter(({ kind, facts }) => kind === 'table' && facts?.columns);
  const mine = own.filter(({ name }) => name.startsWith('main.ml.'));
  assert.deepEqual(
    mine
      .map(({ name, facts }) => [name, facts?.owner, facts?.columns?.map((column) => `${column.name} ${column.type}`)])
      .sort(),
    (tables as readonly Json[])
      .map((table) => [
        table.full_name,
        table.owner,
        (table.columns as readonly Json[]).map((column) => `${column.name} ${column.type_text}`),
      ])
      .sort(),
  );
  const all = (summaries as readonly Json[]).map((one) => one.full_name).sort();
  assert.deepEqual(
    own
      .map(({ name }) => name)
      .filter((name) => name.startsWith('main.'))
      .sort(),
    all,
  );
  const predicted = own.find(({ name }) => name === 'main.ml.churn_predictions');
  const theirs = (tags as readonly Json[]).map(({ tag_key, tag_value }) =>
    tag_value ? `${tag_key}:${tag_value}` : tag_key,
  );
  assert.deepEqual(predicted?.facts?.tags, theirs);
}

function sameModels(whole: Scanned, { models, model, versions, champion }: Seen): void {
  const own = whole.entities.filter(({ kind }) => kind === 'model');
  assert.deepEqual(
    own.map(({ name }) => name),
    (models as readonly Json[]).map((one) => one.full_name),
  );
  const aliases = (model as { aliases: readonly Json[] }).aliases;
  assert.deepEqual(
    own[0]?.facts?.modelAliases,
    aliases.map(({ alias_name, version_num }) => ({ alias: alias_name, version: String(version_num) })),
  );
  const told = whole.entities.filter(({ kind }) => kind === 'version');
  assert.deepEqual(
    told.map(({ name, facts }) => [name.split('/').at(-1), facts?.madeBy?.split('/').at(-1)]),
    (versions as readonly Json[]).map(({ version, run_id }) => [String(version), run_id]),
  );
  const best = told.find(({ aliases: names }) => names?.includes('main.ml.churn@champion'));
  assert.equal(best?.name, `main.ml.churn/${(champion as Json).version}`);
}
