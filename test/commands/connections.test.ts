// sync and doctor, and --sync of the other commands, against servers on loopback.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { freePort } from '../../scripts/live/programs.mjs';
import type { DoctorJson } from '../../server/commands/doctor.ts';
import { runCommand } from '../../server/commands/run.ts';
import type { SyncJson } from '../../server/commands/sync.ts';
import { tinyMlflow } from '../connections/support/tinyMlflow.ts';
import { testFolder } from '../support/folder.ts';

function commandLine(context: TestContext, connections: readonly object[]) {
  const folder = testFolder(context, {
    'c.json': JSON.stringify(connections),
    'ws/train.py': 'import mlflow\nmlflow.pyfunc.load_model("models:/chrn/1")\n',
  });
  return async (...args: readonly string[]) => {
    let out = '';
    let error = '';
    const world = { folder: folder.at('ws'), now: () => Date.now() };
    const exit = await runCommand([...args, '--connections', folder.at('c.json')], {
      ...world,
      out: (text) => (out += text),
      error: (text) => (error += text),
    });
    return { exit, out, error };
  };
}

test('sync asks every connection and says what came of each; one that is dead keeps no other', async (context) => {
  const mlflow = await tinyMlflow(context);
  const port = await freePort();
  const run = commandLine(context, [
    { name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' },
    { name: 'dead', tool: 'airflow', url: `http://127.0.0.1:${port}`, credential: 'none' },
    { name: 'later', tool: 'mlflow', url: 'http://127.0.0.1:9', paused: true },
  ]);
  const { exit, out } = await run('sync', '--json');
  const { sources, entities }: SyncJson = JSON.parse(out);
  assert.equal(exit, 3);
  assert.deepEqual(
    sources.map(({ name, health }) => [name, health]),
    [
      ['ml', 'fresh'],
      ['dead', 'failing'],
      ['later', 'paused'],
    ],
  );
  assert.ok(entities > 0 && (sources[0]?.requests ?? 0) > 0);
  assert.match(sources[1]?.reason ?? '', new RegExp(`127\\.0\\.0\\.1:${port}`));
});

test('sync of a server that is well ends with 0, in words', async (context) => {
  const mlflow = await tinyMlflow(context);
  const run = commandLine(context, [{ name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' }]);
  const { exit, out } = await run('sync');
  assert.deepEqual([exit, /^fresh +mlflow +ml +http/.test(out), /entities are known/.test(out)], [0, true, true], out);
});

test('the other commands read local files alone, unless --sync', async (context) => {
  const mlflow = await tinyMlflow(context);
  const run = commandLine(context, [{ name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' }]);
  assert.equal((await run('check', '.')).exit, 0);
  assert.deepEqual(mlflow.asked, []);
  const { exit, out } = await run('check', '.', '--sync');
  assert.equal(exit, 1);
  assert.match(out, /chrn.*churn/s);
});

test('lineage with --sync asks for what stands around, as a panel does; a connection that fails then is said', async (context) => {
  let fails = false;
  const mlflow = await tinyMlflow(context, {
    first: ({ url = '' }, answer) => {
      if (!fails || !url.includes('registered-models/get')) return false;
      answer.writeHead(401, { 'content-type': 'text/plain' });
      answer.end('You are not authenticated.');
      return true;
    },
  });
  const run = commandLine(context, [{ name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' }]);
  const { exit } = await run('lineage', 'model:churn', '--sync');
  assert.equal(exit, 0);
  assert.ok(mlflow.asked.some((asked) => asked.includes('registered-models/get')));
  fails = true;
  const failing = await run('lineage', 'model:churn', '--sync');
  assert.deepEqual([failing.exit, /plumbline: ml: .*401/.test(failing.error)], [0, true], failing.error);
});

test('doctor tells how each group of endpoints answers, and what a refused one needs', async (context) => {
  const mlflow = await tinyMlflow(context, {
    first: ({ url = '' }, answer) => {
      if (!url.includes('model-versions')) return false;
      answer.writeHead(403, { 'content-type': 'application/json' });
      answer.end('{"error_code": "PERMISSION_DENIED", "message": "no"}');
      return true;
    },
  });
  const locked = await tinyMlflow(context, { authorization: 'Bearer t' });
  const port = await freePort();
  const run = commandLine(context, [
    { name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' },
    { name: 'locked', tool: 'mlflow', url: locked.url },
    { name: 'dead', tool: 'mlflow', url: `http://127.0.0.1:${port}`, credential: 'none' },
  ]);
  const { exit, out } = await run('doctor', '--json');
  assert.equal(exit, 3);
  const { connections }: DoctorJson = JSON.parse(out);
  assert.deepEqual(
    connections.map(({ name, reachable, allowed }) => [name, reachable, allowed]),
    [
      ['ml', true, true],
      ['locked', true, false],
      ['dead', false, false],
    ],
  );
  const groups = new Map(connections[0]?.endpoints.map((one) => [one.group.replace(/^\w+ /, ''), one.answer]));
  assert.equal(groups.get('/api/2.0/mlflow/model-versions/search'), 'forbidden');
  assert.equal(groups.get('/api/2.0/mlflow/experiments/search'), 'ok');
  assert.match(connections[1]?.message ?? '', /401.*neither MLFLOW_TRACKING_USERNAME/s);
  assert.match(connections[2]?.message ?? '', new RegExp(`:${port}`));
  assert.match((await run('doctor')).out, /! ml: mlflow at .*\n.*\n(.*\n)*.*forbidden +403 /);
});

test('doctor sees a clock that is wrong by hours', async (context) => {
  const mlflow = await tinyMlflow(context, {
    first: (_request, answer) => {
      answer.setHeader('date', new Date(Date.now() + 7_200_000).toUTCString());
      return false;
    },
  });
  const run = commandLine(context, [{ name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' }]);
  const { exit, out } = await run('doctor');
  assert.equal(exit, 0);
  assert.match(out, /its clock is 7\d{3} s ahead/);
});

test('doctor stops when it has seen enough of a big server, and changes nothing on it', async (context) => {
  let page = 0;
  const mlflow = await tinyMlflow(context, {
    first: ({ url = '' }, answer) => {
      if (!url.includes('registered-models/search')) return false;
      page += 1;
      const model = { name: `m${page}`, creation_timestamp: 1, last_updated_timestamp: 1 };
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ registered_models: [model], next_page_token: `p${page}` }));
      return true;
    },
  });
  const run = commandLine(context, [{ name: 'ml', tool: 'mlflow', url: mlflow.url, credential: 'none' }]);
  const { exit, out } = await run('doctor', '--json');
  const { connections }: DoctorJson = JSON.parse(out);
  assert.deepEqual([exit, connections[0]?.allowed, connections[0]?.problems], [0, true, []]);
  assert.ok(mlflow.asked.length < 100, `${mlflow.asked.length} requests`);
  assert.deepEqual(
    mlflow.asked.filter((asked) => !/^GET |^POST .*\/search$/.test(asked)),
    [],
  );
});
