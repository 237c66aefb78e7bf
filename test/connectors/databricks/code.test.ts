// What tasks of a workspace run: notebooks and files are exported for what is on screen alone, hashed, and found in git.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeenEntity } from '../../../server/catalog/change.ts';
import type { LiveConnector } from '../../../server/connectors/connector.ts';
import { gitContent } from '../../../server/connectors/contentHash.ts';
import { createExec } from '../../../server/world/exec.ts';
import { openRepository } from '../../../server/world/git.ts';
import { fakeDatabricks } from '../../fakes/databricks/server.ts';
import { testRepository } from '../../support/repository.ts';
import { scanned } from '../../support/scan.ts';
import { databricksOver, usualSecret } from './connected.ts';

const start = Date.parse('2026-11-23T12:00:00Z');
const signal = new AbortController().signal;
const ws = '4167890123456789';
const task = `task:databricks://${ws}/12/check`;
const job = `job:databricks://${ws}/12`;
const exportPath = 'GET /api/2.0/workspace/export';

async function look(connector: LiveConnector, id: string): Promise<SeenEntity[]> {
  const entities: SeenEntity[] = [];
  for await (const page of connector.describe([id], signal)) entities.push(...(page.entities ?? []));
  return entities;
}

const contentOf = (entities: readonly SeenEntity[], id: string) =>
  entities.find((one) => one.id === id)?.facts?.content;

test('a notebook: of its task and of a job that has no other; found in git by what it is, in line with its ending', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  let now = start;
  const { connector } = databricksOver(fake, usualSecret, { now: () => now });
  await scanned(connector);
  const exports = () => fake.asked.filter((one) => one === exportPath).length;
  const bundles = exports();
  const seen = await look(connector, task);
  const content = contentOf(seen, task);
  const text = '# Databricks notebook source\ncheck(1)\n';
  assert.deepEqual(content, gitContent(text, { file: '/Repos/bob/check.py', isNotebook: true, at: start }));
  assert.deepEqual(contentOf(seen, job), content);
  assert.equal(exports(), bundles + 1);

  const scan = await scanned(connector);
  assert.deepEqual(contentOf(scan.entities, task), content, 'a scan does not forget it');
  const second = exports();
  now += 60_000;
  await look(connector, job);
  assert.equal(exports(), second, 'nor is it asked for again within five minutes');
  now += 300_000;
  assert.equal(contentOf(await look(connector, job), task)?.at, now);
  assert.equal(exports(), second + 1);

  const repository = testRepository(t);
  const first = repository.commit('begin', { 'notebooks/check.py': text });
  const git = await openRepository(repository.path, createExec(true));
  const match = content && (await git?.holding(content, []));
  assert.deepEqual([match?.is, match && 'first' in match && match.first], ['checkedOut', first]);
});

test('a file of the workspace; what lies in git, in DBFS, in a volume or is a wheel is not asked for', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  const python = (task_key: string, python_file: string, source?: string) => ({
    task_key,
    spark_python_task: { python_file, ...(source ? { source } : {}) },
  });
  const settings = {
    name: 'files',
    format: 'MULTI_TASK',
    tasks: [
      python('score', '/Workspace/Users/bob/jobs/score.py', 'WORKSPACE'),
      python('git', 'jobs/score.py', 'GIT'),
      python('dbfs', 'dbfs:/jobs/score.py'),
      python('volume', '/Volumes/main/ml/score.py'),
      python('up', '/Workspace/../../etc/passwd'),
      { task_key: 'wheel', python_wheel_task: { package_name: 'score', entry_point: '/main' } },
      { task_key: 'gone', notebook_task: { notebook_path: '/Repos/bob/gone' } },
    ],
  };
  fake.state.jobs.push({ job_id: 13, creator_user_name: 'bob@example.com', created_time: start, settings });
  const { connector } = databricksOver(fake, usualSecret, { now: () => start });
  fake.asked.length = 0;
  const seen = await look(connector, `job:databricks://${ws}/13`);
  assert.equal(fake.asked.filter((one) => one === exportPath).length, 2);
  const coded = seen.filter(({ facts }) => facts?.content !== undefined).map(({ id }) => id);
  assert.deepEqual(coded, [`task:databricks://${ws}/13/score`]);
  const given = { file: '/Workspace/Users/bob/jobs/score.py', at: start };
  assert.deepEqual(contentOf(seen, coded[0] ?? ''), gitContent('score()\n', given));
  assert.ok(seen.length > 6, 'what cannot be exported leaves the rest');
});

test('a notebook above the limit of the workspace, and one above ours', async (t) => {
  const fake = await fakeDatabricks(start);
  t.after(() => fake.close());
  for (const size of [1_100_000, 3_000_000, 11_000_000]) {
    fake.state.files.set('/Repos/bob/check', '#'.repeat(size));
    const { connector } = databricksOver(fake, usualSecret, { now: () => start });
    const seen = await look(connector, task);
    assert.equal(contentOf(seen, task), undefined);
    assert.ok(seen.some(({ id }) => id === task));
  }
});
