// Host logs: what a workspace names is asked about once for each exact text, and kept as the user's own connection.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Connections } from '../../server/connections/connections.ts';
import { Declined } from '../../server/connections/declined.ts';
import { type HostAnswer, HostLogs } from '../../server/connections/hostLogs.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';
import { testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

async function setUp(folder: string, answers: readonly HostAnswer[]) {
  const file = path.join(folder, 'connections.json');
  const connections = new Connections({ file, log: memoryLog(), onChanged: () => {}, onProblems: () => {} });
  await connections.load();
  const asked: string[] = [];
  const left = [...answers];
  const open = (): HostLogs =>
    new HostLogs({
      connections,
      declined: new Declined(file),
      ask: async (host, patterns) => {
        asked.push(`${host}: ${patterns.join(' ')}`);
        return left.shift() ?? 'later';
      },
    });
  return { connections, asked, open };
}

const score = { host: 'worker-1', path: '/var/log/score/*.log' };
const fit = { host: 'worker-1', path: '/var/log/fit/*.log' };

test('allowed once, it is a connection of the user and never asked about again; another text is', async (t) => {
  const { connections, asked, open } = await setUp(testFolder(t).path, ['allow', 'allow']);
  t.after(() => connections.dispose());
  await open().declared([score]);
  await open().declared([score]);
  assert.deepEqual(connections.all(), [{ name: 'worker-1', tool: 'ssh', url: 'ssh://worker-1', logs: [score.path] }]);
  await open().declared([score, fit]);
  assert.deepEqual(connections.all()[0]?.logs, [score.path, fit.path]);
  assert.deepEqual(asked, [`worker-1: ${score.path}`, `worker-1: ${fit.path}`]);
});

test('never is remembered, later is not; nothing is kept of either', async (t) => {
  const folder = testFolder(t).path;
  const { connections, asked, open } = await setUp(folder, ['never', 'later', 'later']);
  t.after(() => connections.dispose());
  const window = open();
  await window.declared([score]);
  await window.declared([score, fit]);
  await window.declared([score, fit]);
  assert.equal(asked.length, 2, 'once in each window');
  await open().declared([score, fit]);
  assert.deepEqual(asked.slice(2), [`worker-1: ${fit.path}`]);
  assert.deepEqual(connections.all(), []);
  assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'declined.json'), 'utf8')), [
    `ssh worker-1 ${score.path}`,
  ]);
});

test('plumbline.yaml names hosts, and mistakes in it stand at their lines', () => {
  const { config, problems } = parsePlumblineFile(`version: 1
logs:
  - airflow: logs
  - ssh: worker-1
    path: /var/log/score/*.log
    job: score_churn
  - ssh: -oProxyCommand=id
    path: /var/log/x/*.log
  - ssh: worker-2
    path: /var/../etc/*
  - ssh: worker-3
`);
  assert.deepEqual(config.hostLogs, [{ host: 'worker-1', path: '/var/log/score/*.log', job: 'score_churn' }]);
  assert.deepEqual(config.logs, [{ tool: 'airflow', path: 'logs' }]);
  assert.deepEqual(
    problems.map(({ range, message }) => `${range.start.line + 1} ${message}`),
    [
      '7 logs, host 3: "ssh" is no name of a host; write what you type after ssh.',
      '10 logs, host 4: "path": it goes through ".." or "."; write the folder itself.',
      '11 logs, host 5: "path" is missing.',
    ],
  );
});
