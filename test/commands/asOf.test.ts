// lineage --as-of: what was so at an earlier time, over a store that two runs of the command line wrote.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeOf } from '../../server/commands/asOf.ts';
import { runCommand } from '../../server/commands/run.ts';
import type { LineageGraph } from '../../server/protocol/lineage.ts';
import { testFolder } from '../support/folder.ts';
import { mlflowDatabase } from '../support/mlflowDatabase.ts';

const hour = 3_600_000;
const first = Date.parse('2026-11-23T01:40:00Z');
const second = Date.parse('2026-11-23T03:05:00Z');

function worldAt(folder: string, now: number) {
  let out = '';
  let error = '';
  const run = async (...args: readonly string[]) => {
    out = '';
    error = '';
    const exit = await runCommand(args, {
      out: (text) => (out += text),
      error: (text) => (error += text),
      folder,
      now: () => now,
    });
    return { exit, out, error };
  };
  const json = async (...args: readonly string[]): Promise<LineageGraph> => {
    const printed = await run(...args, '--json');
    assert.equal(printed.exit, 0, printed.error);
    return JSON.parse(printed.out);
  };
  return { run, json };
}

test('an alias that moved between two runs: what it was, between, and what was not watched', async (context) => {
  const folder = testFolder(context);
  const database = mlflowDatabase(folder.at('mlflow.db'));
  const version = (number: number, created: number) =>
    database.insert('model_versions', {
      ...{ name: 'churn', version: number, creation_time: created, last_updated_time: created, run_id: `r${number}` },
      ...{ current_stage: 'None', source: 's', status: 'READY' },
    });
  database.insert('registered_models', { name: 'churn', creation_time: first - 9 * hour, last_updated_time: first });
  database.insert('registered_model_aliases', { alias: 'champion', version: 6, name: 'churn' });
  database.run('r6');
  version(6, first - 8 * hour);
  const store = ['--store', folder.at('kept')];
  await worldAt(folder.path, first).json('lineage', 'model:churn', ...store);

  database.raw.exec("UPDATE registered_model_aliases SET version = 7 WHERE alias = 'champion'");
  database.run('r7', { start_time: second - 1000, end_time: second - 500 });
  version(7, second - 100);
  const { run, json } = worldAt(folder.path, second + hour);
  const asOf = async (time: string) => {
    const graph = await json('lineage', 'model:churn', ...store, '--as-of', time);
    assert.ok(graph.asOf);
    const found = graph.asOf.fields.find(({ field }) => field === 'alias champion');
    const champion = Object.fromEntries(
      Object.entries(found ?? {}).filter(([key]) => key !== 'entity' && key !== 'source'),
    );
    return { champion, versions: graph.nodes.map(({ label }) => label), graph };
  };
  await worldAt(folder.path, second).json('lineage', 'model:churn', ...store);

  assert.deepEqual((await asOf('2026-11-23T01:40Z')).champion, {
    ...{ field: 'alias champion', answer: 'known', value: '6', since: first, until: first },
  });
  assert.deepEqual((await asOf('2026-11-23T02:13Z')).champion, {
    ...{ field: 'alias champion', answer: 'between', from: first, to: second, before: '6', after: '7' },
  });
  assert.deepEqual((await asOf('1h')).champion, {
    ...{ field: 'alias champion', answer: 'known', value: '7', since: second },
  });
  assert.deepEqual((await asOf('1w')).champion, {
    ...{ field: 'alias champion', answer: 'notWatched', seenAfter: { value: '6', at: first } },
  });

  const between = await run('lineage', 'model:churn', ...store, '--as-of', '2026-11-23T02:13Z');
  assert.match(between.out, /^As of 2026-11-23 02:13 UTC/);
  assert.match(
    between.out,
    /^ +alias champion +6, then 7: changed between 2026-11-23 01:40 UTC and 2026-11-23 03:05 UTC$/m,
  );
  const before = await run('lineage', 'model:churn', ...store, '--as-of', '1w');
  assert.equal(before.exit, 0);
  assert.match(before.out, /^Not watched before 2026-11-23 01:40 UTC: /m);
});

test('a store that was just begun watched nothing before, and says so', async (context) => {
  const folder = testFolder(context, {
    'train.py': 'import mlflow\nmlflow.register_model("runs:/0123456789abcdef0123456789abcdef/m", "churn")\n',
  });
  const database = mlflowDatabase(folder.at('mlflow.db'));
  database.insert('registered_models', { name: 'churn', creation_time: 1, last_updated_time: 1 });
  const { run } = worldAt(folder.path, second);
  const { exit, out } = await run('lineage', 'model:churn', '--as-of', '2h');
  assert.equal(exit, 0);
  assert.match(out, /^As of 2026-11-23 01:05 UTC.*\nNot watched before 2026-11-23 03:05 UTC: /);
  assert.equal((await run('lineage', 'model:churn', '--as-of', '2099-01-01')).exit, 2);
});

test('times as people write them', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  assert.deepEqual(
    ['2h', '3d', '90m', '2026-11-23T02:13Z', '2026-11-23T02:13:05.5+01:00', '2026-11-23'].map((text) =>
      timeOf(text, now),
    ),
    [
      now - 2 * hour,
      now - 72 * hour,
      now - 1.5 * hour,
      Date.parse('2026-11-23T02:13:00Z'),
      Date.parse('2026-11-23T01:13:05.500Z'),
      Date.parse('2026-11-23T00:00:00Z'),
    ],
  );
  for (const text of ['', 'yesterday', '2', '-2h', '2026-13-45', '1e9h', '2y'])
    assert.equal(timeOf(text, now), undefined);
});
