// OpenLineage's own client sends a story over HTTP to the command line, packed and with a key, and to files in all its ways: all tell the same.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { environment } from '../../scripts/python/environments.mjs';
import { CatalogStore } from '../../server/catalog/store.ts';
import { runSync } from '../../server/sync/local/run.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const root = path.join(import.meta.dirname, '..', '..');
const features = 'path:s3://acme-lake/churn/features/';
const users = 'table:snowflake://acme-prod/raw/crm/users';
const build = 'job:openlineage://acme/churn.build_features';
let python: string;

before(async () => {
  ({ python } = await environment('openlineage'));
});

/** Rejects unless all ten events went out. */
async function emit(transport: object): Promise<void> {
  const child = spawn(python, [path.join(import.meta.dirname, 'openlineage_emit.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)));
  child.stdin.end(JSON.stringify(transport));
  const [code] = await once(child, 'close');
  assert.deepEqual([code, said.trim().split('\n').at(-1)], [0, '10'], said);
}

interface Listening {
  readonly url: string;
  /** Ctrl+C; resolves with its exit code and what it said. */
  end(): Promise<readonly [number, string]>;
}

/** Of the command line, in a process of its own. */
async function listen(folder: TestFolder, key: string): Promise<Listening> {
  const args = [
    'server/cli.ts',
    'sync',
    '--listen',
    '0',
    '--workspace',
    folder.at('ws'),
    '--connections',
    folder.at('c.json'),
  ];
  const env = { ...process.env, PLUMBLINE_LISTEN_KEY: key };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (part) => {
      said += String(part);
      const found = /OPENLINEAGE_URL=(http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.on('close', () => reject(new Error(said)));
  });
  return {
    url,
    async end() {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      const [code] = await closed;
      return [Number(code), said];
    },
  };
}

function arranged(context: TestContext): TestFolder {
  const folder = testFolder(context, { 'c.json': '[]' });
  mkdirSync(folder.at('ws'));
  return folder;
}

async function told(context: TestContext, folder: TestFolder, received?: string): Promise<string> {
  const { store } = CatalogStore.open(':memory:');
  context.after(() => store.close());
  const now = (): number => Date.parse('2026-11-20T12:00:00Z');
  const options = { folders: [folder.at('ws')], store, trusted: true, log: memoryLog(), now };
  const { sources } = await runSync({ ...options, ...(received === undefined ? {} : { received }) });
  assert.deepEqual(
    sources.map(({ health, problems }) => [health, problems]),
    [['fresh', []]],
  );
  return JSON.stringify(summary(store), undefined, 1);
}

/** What a person would look for, the same however it came. */
function summary(store: CatalogStore): object {
  const catalog = store.snapshot();
  const facts = (id: string) => catalog.factsBySource(id)[0]?.facts;
  const runs = (id: string) =>
    catalog
      .runs(id, { limit: 10 })
      .map(({ name, status, message, commit, startedAt, endedAt, scheduledFor, inputs, outputs }) => {
        return { name, status, message, commit, startedAt, endedAt, scheduledFor, inputs, outputs };
      });
  const edges = (id: string) =>
    catalog
      .neighbours(id)
      .upstream.map(({ from, relation, evidence }) => `${from} ${relation}: ${evidence}`)
      .sort();
  return {
    jobs: catalog
      .list('job', 50)
      .map(({ id }) => id)
      .sort(),
    metrics: catalog
      .list('metric', 50)
      .map(({ name }) => name)
      .sort(),
    users: facts(users),
    features: facts(features),
    build: [facts(build), runs(build), edges(build)],
    score: runs('job:openlineage://acme/churn.score'),
    dag: runs('job:openlineage://acme/churn'),
    report: edges('job:openlineage://acme/report'),
    values: catalog
      .series(catalog.list('metric', 50).find(({ name }) => name.endsWith('AGE.nullCount'))?.id ?? '', { limit: 5 })
      .map(({ value }) => value),
  };
}

let first: string | undefined;
/** The same as what was told before it. */
function agrees(summary: string): void {
  first ??= summary;
  assert.equal(summary, first);
}

test('over HTTP to the command line, with a key, plain and packed', async (context) => {
  const folder = arranged(context);
  const listening = await listen(folder, 'only-for-this-test');
  const auth = { type: 'api_key', apiKey: 'only-for-this-test' };
  await emit({ type: 'http', url: listening.url, auth });
  await emit({ type: 'http', url: listening.url, auth, compression: 'gzip' });
  const [code, said] = await listening.end();
  assert.equal(code, 0, said);
  assert.match(said, /20 events were received/);
  assert.ok(!said.includes('only-for-this-test'), 'the key is said nowhere');
  const summary = await told(context, folder, folder.at('received-events'));
  assert.match(summary, /5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f/);
  assert.match(summary, /KeyError: 'age'/);
  assert.match(summary, /columns AGE → age/);
  assert.match(summary, /RAW\.CRM\.USERS\.not_null AGE/);
  assert.match(summary, /All of them\./);
  agrees(summary);
});

test('with a wrong key nothing is taken, and the client says so', async (context) => {
  const folder = arranged(context);
  const listening = await listen(folder, 'only-for-this-test');
  await assert.rejects(emit({ type: 'http', url: listening.url, auth: { type: 'api_key', apiKey: 'wrong' } }), /401/);
  assert.match((await listening.end())[1], /0 events were received/);
});

test('to one file, and to a folder of files, one line or many lines each', async (context) => {
  const one = arranged(context);
  await emit({ type: 'file', log_file_path: one.at('ws/openlineage.jsonl'), append: true });
  agrees(await told(context, one));
  for (const debug_mode of [false, true]) {
    const many = arranged(context);
    mkdirSync(many.at('ws/lineage'));
    writeFileSync(many.at('ws/plumbline.yaml'), 'version: 1\nlogs:\n  - openlineage: lineage\n');
    await emit({ type: 'file', log_file_path: many.at('ws/lineage/event'), append: false, debug_mode });
    assert.equal(readdirSync(many.at('ws/lineage')).length, 10);
    agrees(await told(context, many));
  }
});

after(() => assert.ok(first, 'something was told'));
