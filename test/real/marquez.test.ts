/*
 * Marquez, filled by OpenLineage's own client and read back by Marquez' own: what our connector makes of it, and how often it asks.
 * Its server is in no package registry, so a fake of ours stands in for it, whose answers are held against recorded ones of
 * 0.51.2 (commit a89b89c, 2026-11-23). PLUMBLINE_MARQUEZ=http://localhost:5000 takes a real, empty one instead.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { environment } from '../../scripts/python/environments.mjs';
import { CatalogStore } from '../../server/catalog/store.ts';
import type { LiveConnector } from '../../server/connectors/connector.ts';
import { incidents } from '../../server/incidents/list.ts';
import { LiveScan } from '../../server/sync/live/liveScan.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { type FakeMarquez, fakeMarquez } from '../fakes/marquez/server.ts';
import { memoryLog } from '../support/log.ts';
import { connectedTo } from './motoServer.ts';

const signal = new AbortController().signal;
const features = 'path:s3://acme-lake/churn/features/';
const users = 'table:snowflake://acme-prod/raw/crm/users';
const build = 'job:openlineage://acme/churn.build_features';
const score = 'job:openlineage://acme/churn.score';

let fake: FakeMarquez | undefined;
let url: string;
let python: string;
let store: CatalogStore;
let connector: LiveConnector;
let asked: () => number;

async function run(script: string, argument: string | undefined, input: string): Promise<string> {
  const args = [path.join(import.meta.dirname, script), ...(argument === undefined ? [] : [argument])];
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let said = '';
  child.stdout.on('data', (part) => (out += String(part)));
  child.stderr.on('data', (part) => (said += String(part)));
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, said);
  return out;
}

before(async () => {
  ({ python } = await environment('openlineage'));
  const real = process.env.PLUMBLINE_MARQUEZ;
  fake = real ? undefined : await fakeMarquez();
  url = real || (fake?.url ?? '');
  await run('openlineage_emit.py', undefined, JSON.stringify({ type: 'http', url }));
  store = CatalogStore.open(':memory:').store;
  const config = { name: 'lineage', tool: 'marquez', credential: 'none' } as const;
  ({ connector, asked } = connectedTo(url, config, { known: [store] }));
});

after(async () => {
  store?.close();
  await fake?.close();
});

/** How many questions it took. */
async function sync(): Promise<number> {
  const from = asked();
  const scan = new LiveScan({ connector, store, now: Date.now, log: memoryLog() });
  const { problems } = await scan.scan(false, 6 * 3_600_000, signal);
  assert.deepEqual(problems, []);
  return asked() - from;
}

test("Marquez' own client understands every answer", async () => {
  const told = JSON.parse(await run('marquez_read.py', url, ''));
  const jobs = Object.fromEntries(told.jobs.map(([, name, states]: [string, string, string[]]) => [name, states]));
  const expected = { churn: ['ABORTED'], 'churn.build_features': ['COMPLETED'], 'churn.score': ['FAILED'], report: [] };
  assert.deepEqual(jobs, expected);
  assert.ok(told.datasets.some(([, name]: [string, string]) => name === 'RAW.CRM.USERS'));
});

test('the answers have the fields and types of recorded ones', async () => {
  const file = path.join(import.meta.dirname, '../connectors/openlineage/marquezAnswers.json');
  const recorded: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(Object.keys(recorded).length >= 10);
  for (const [question, answer] of Object.entries(recorded)) {
    const own = await (await fetch(`${url}${question}`)).json();
    assert.deepEqual(differences(answer, own, question), []);
  }
});

/** Where the two are not of one shape; null may stand for anything, and a list for any of its length. */
function differences(one: unknown, other: unknown, at: string): readonly string[] {
  if (one === null || other === null) return [];
  if (Array.isArray(one) && Array.isArray(other))
    return one.length > 0 && other.length > 0 ? differences(one[0], other[0], `${at}[0]`) : [];
  if (typeof one !== typeof other || Array.isArray(one) !== Array.isArray(other))
    return [`${at}: ${JSON.stringify(one)} and ${JSON.stringify(other)}`];
  if (typeof one !== 'object') return [];
  const isFacets = /\.facets$|\.args$|\.data$/.test(at);
  const fields = Object.entries(one as object).filter(([key]) => !isFacets || key in (other as object));
  return fields.flatMap(([key, value]) => {
    const mine: unknown = Object(other)[key];
    return mine === undefined ? [`${at}.${key} is missing`] : differences(value, mine, `${at}.${key}`);
  });
}

test('a first sync tells jobs, runs, data, columns, metrics, owners, commits and what failed', async () => {
  const count = await sync();
  // Namespaces, jobs, jobs once more, and the data of each of the five namespaces of the story (and `default`).
  assert.ok(count <= 9, `${count} questions`);
  const catalog = store.snapshot();
  const [run] = catalog.runs(build, { limit: 5 });
  assert.deepEqual(
    [run?.status, run?.commit, run?.endedAt, run?.scheduledFor],
    [
      'success',
      '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a5be1f',
      Date.parse('2026-11-20T00:03:00Z'),
      Date.parse('2026-11-20T00:00:00Z'),
    ],
  );
  assert.equal(run?.parent, 'run:openlineage://acme/01941f29-7c00-7000-8000-0000000000ff');
  assert.equal(run?.outputs.find(({ id }) => id === features)?.rows, 997);
  assert.deepEqual(
    catalog.runs(score, { limit: 5 }).map(({ status, message }) => [status, message]),
    [['failed', "KeyError: 'age'"]],
  );
  const facts = (id: string) => catalog.factsBySource(id)[0]?.facts;
  assert.deepEqual(
    [facts(build)?.owner, facts(build)?.operator, facts(build)?.tags],
    ['team:growth', 'AIRFLOW', ['tier: gold']],
  );
  assert.deepEqual(
    [facts(users)?.description, facts(users)?.columns],
    ['All of them.', [{ name: 'AGE', type: 'NUMBER' }]],
  );
  assert.ok(catalog.get(features)?.aliases.includes('ml.features'));
  const edges = catalog
    .neighbours(features)
    .upstream.map(({ from, relation, evidence }) => `${from} ${relation} ${evidence}`);
  assert.ok(edges.includes(`${build} writes Marquez: what its latest run read and wrote`), edges.join('\n'));
  assert.ok(edges.includes(`${users} reads OpenLineage says what it is made of; columns AGE → age`), edges.join('\n'));
  const nulls = catalog.list('metric', 50).find(({ name }) => name === 'RAW.CRM.USERS.AGE.nullCount');
  assert.deepEqual(
    catalog.series(nulls?.id ?? '', { limit: 5 }).map(({ value }) => value),
    [3],
  );
  const failing = incidents(catalog, parsePlumblineFile('version: 1\n').config, Date.parse('2026-11-20T12:00:00Z'));
  assert.ok(
    failing.some(({ title }) => title.includes('churn')),
    JSON.stringify(failing),
  );
});

test('a second sync asks twice, and a run that began since is known', async () => {
  assert.equal(await sync(), 2);
  const event = {
    ...{ eventType: 'START', eventTime: '2026-11-20T00:30:00Z', producer: 'https://example.com/acme' },
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: { runId: '01941f29-7c00-7000-8000-000000000009' },
    ...{
      job: { namespace: 'acme', name: 'churn.score' },
      inputs: [],
      outputs: [{ namespace: 's3://acme-lake', name: 'new' }],
    },
  };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1/lineage`, { method: 'POST', headers, body: JSON.stringify(event) });
  assert.ok(answer.ok, await answer.text());
  assert.equal(await sync(), 2);
  const catalog = store.snapshot();
  assert.deepEqual(new Set(catalog.runs(score, { limit: 5 }).map(({ id }) => id.slice(-1))), new Set(['2', '9']));
  assert.equal(catalog.get('path:s3://acme-lake/new')?.name, 's3://acme-lake/new');
  assert.equal(catalog.factsBySource(users)[0]?.facts.description, 'All of them.', 'what was not told again stays');
});

test('what is on screen is asked for: versions, columns, runs, and what events without a run said', async () => {
  const pages = [];
  for await (const page of connector.describe([features, score], signal)) pages.push(page);
  const edges = pages.flatMap(({ edges = [] }) => edges);
  assert.ok(edges.some(({ from, to, evidence }) => from === users && to === features && /AGE → age/.test(evidence)));
  assert.ok(
    pages.flatMap(({ events = [] }) => events).some(({ entity, field }) => entity === features && field === 'version'),
  );
  assert.ok(pages.flatMap(({ runs = [] }) => runs).length >= 2);
  const report = 'job:openlineage://acme/report';
  const found = [];
  for await (const page of connector.describe([report], signal)) found.push(...(page.edges ?? []));
  assert.ok(
    found.some(({ from, to }) => from === 'table:snowflake://acme-prod/analytics/ml/predictions' && to === report),
  );
  const unknown = [];
  for await (const page of connector.describe(['job:openlineage://acme/nope', 'table:x://y/z'], signal))
    unknown.push(page);
  assert.deepEqual(unknown, []);
});

test('who answers is said', async () => {
  assert.match(await connector.greet(signal), /^Marquez, 5 namespaces, 4 jobs$/);
});
