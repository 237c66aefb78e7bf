// A hostile workspace: files that name servers are not listened to; only the user's own connection is asked, and its secret goes there alone.
import assert from 'node:assert/strict';
import net from 'node:net';
import { type TestContext, test } from 'node:test';
import { until as untilSo } from '../support/clock.ts';
import { listening } from '../support/web.ts';
import { tinyMlflow } from './support/tinyMlflow.ts';
import { openWindow } from './support/window.ts';

interface Trap {
  readonly url: string;
  /** Sockets opened and bytes that came. */
  heard(): number;
}

async function trap(context: TestContext): Promise<Trap> {
  let bytes = 0;
  const server = net.createServer((socket) => socket.on('data', (data) => (bytes += data.length)));
  const { port, sockets } = await listening(context, server);
  return { url: `http://127.0.0.1:${port}`, heard: () => sockets() + bytes };
}

/** Everything of a workspace that some tool would take an address from. */
function hostileFiles(one: string, two: string): Readonly<Record<string, string>> {
  const config = JSON.stringify([
    { name: 'real', tool: 'mlflow', url: one },
    { name: 'mine', tool: 'airflow', url: two, credential: 'environment' },
  ]);
  const variables = `MLFLOW_TRACKING_URI=${one}\nAIRFLOW_API_URL=${two}\nHTTP_PROXY=${one}\nPLUMBLINE_CONFIG_DIR=./\nAIRFLOW_HOME=.\n`;
  return {
    '.vscode/settings.json': `{"plumbline.connections": ${config}, "http.proxy": "${two}", "plumbline": {"connections": ${config}}}`,
    'connections.json': config,
    '.plumbline/connections.json': config,
    '.config/plumbline/connections.json': config,
    'plumbline.yaml': `version: 1\nconnections:\n  - {name: mine, tool: mlflow, url: "${one}"}\nlogs:\n  - airflow: logs\n`,
    '.env': variables,
    'dags/.env': variables,
    '.mlflow/credentials': '[mlflow]\nmlflow_tracking_username = a\nmlflow_tracking_password = b\n',
    'openlineage.yml': `transport:\n  type: http\n  url: ${one}\n`,
    'profiles.yml': `shop:\n  target: dev\n  outputs:\n    dev: {type: postgres, host: 127.0.0.1, port: ${new URL(two).port}}\n`,
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'pyproject.toml': `[tool.mlflow]\ntracking_uri = "${one}"\n[tool.plumbline]\nconnections = ["${two}"]\n`,
    'airflow.cfg': `[api]\nbase_url = ${two}\n[webserver]\nbase_url = ${one}\n`,
    'simple_auth_manager_passwords.json.generated': '{"admin": "x"}',
    'train.py': `import mlflow\nmlflow.set_tracking_uri("${one}")\nmodel = mlflow.pyfunc.load_model("models:/churn/1")\n`,
    MLproject: `name: x\ntracking_uri: ${two}\n`,
  };
}

test('a hostile workspace: not a byte to the addresses it names, trusted or not', async (context) => {
  const [one, two] = [await trap(context), await trap(context)];
  const real = await tinyMlflow(context);
  const files = hostileFiles(one.url, two.url);
  const connections = [{ name: 'real', tool: 'mlflow', url: real.url, credential: 'none' }] as const;
  const { server, folder, until, statuses } = await openWindow(context, { connections, files });
  await until('the real connection is read', ({ health }) => health === 'fresh');
  const uri = await server.open(folder.at('ws/train.py'), files['train.py'] ?? '');
  assert.match(await server.hover(uri, { line: 2, character: 44 }), /\*\*Model\*\* `churn`/);
  assert.deepEqual(await server.ask('plumbline/connections/detect', {}), []);
  await server.ask('plumbline/sync', {});
  assert.deepEqual(
    (await statuses()).map(({ url }) => url),
    [real.url],
  );
  assert.ok(real.asked.length > 0);
  assert.equal(one.heard() + two.heard(), 0);
});

test('Restricted Mode: nobody is asked at all, and each connection says why', async (context) => {
  const [one, two] = [await trap(context), await trap(context)];
  const real = await trap(context);
  const config = { name: 'real', tool: 'mlflow', url: real.url, credential: 'none' } as const;
  const files = hostileFiles(one.url, two.url);
  const { server, folder, statuses, change } = await openWindow(context, {
    connections: [config],
    files,
    trusted: false,
  });
  await server.ready();
  const [status] = await statuses();
  assert.match(status?.reason ?? '', /^paused: the workspace is not trusted/);
  assert.equal(status?.paused, true);
  const tested = await server.ask<{ ok: boolean; message: string }>('plumbline/connections/test', { config });
  assert.equal(tested.ok, false);
  assert.match(tested.message, /the workspace is not trusted/);
  await change({ change: 'syncNow', name: 'real' });
  await server.client.connection.sendNotification('plumbline/attention', {
    focused: true,
    ids: ['model:mlflow://x/a'],
  });
  const uri = await server.open(folder.at('ws/train.py'), files['train.py'] ?? '');
  await server.hover(uri, { line: 2, character: 44 });
  await server.ask('plumbline/sync', {});
  assert.equal(one.heard() + two.heard() + real.heard(), 0);
});

test("a folder of connections inside the workspace is not the user's own", async (context) => {
  const listener = await trap(context);
  const file = JSON.stringify([{ name: 'evil', tool: 'mlflow', url: listener.url, credential: 'none' }]);
  const { server, statuses, change } = await openWindow(context, {
    files: { '.config/connections.json': file, 'mlflow.db': '' },
    variables: (folder) => ({ PLUMBLINE_CONFIG_DIR: folder.at('ws/.config') }),
  });
  await untilSo('it is said', () => server.lines.some((line) => line.includes('is inside the workspace')), 10_000);
  assert.deepEqual(await statuses(), []);
  const config = { name: 'mine', tool: 'mlflow', url: listener.url } as const;
  assert.match((await change({ change: 'save', config })).problem ?? '', /Let PLUMBLINE_CONFIG_DIR/);
  assert.equal(listener.heard(), 0);
});

test('a server that redirects elsewhere takes neither us nor the secret along', async (context) => {
  const other = await trap(context);
  const basic = `Basic ${Buffer.from('ana:s3cret').toString('base64')}`;
  const real = await tinyMlflow(context, {
    authorization: basic,
    first: ({ url = '' }, answer) => {
      if (!url.includes('registered-models')) return false;
      answer.writeHead(307, { location: `${other.url}${url}` });
      answer.end();
      return true;
    },
  });
  const { until } = await openWindow(context, {
    connections: [{ name: 'real', tool: 'mlflow', url: real.url }],
    secrets: () => ({ kind: 'basic', username: 'ana', password: 's3cret' }),
  });
  const told = await until('the redirect is told', ({ reason }) => reason !== undefined);
  assert.match(told.reason ?? '', new RegExp(new URL(other.url).host));
  assert.deepEqual([...real.authorizations], [basic]);
  assert.equal(other.heard(), 0);
});
