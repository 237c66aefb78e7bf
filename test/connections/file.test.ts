// connections.json on disk: where it is, how it is changed, who may read it, and that others' changes are followed.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { test } from 'node:test';
import { Connections } from '../../server/connections/connections.ts';
import { connectionsPlace } from '../../server/connections/place.ts';
import type { ConnectionConfig } from '../../server/protocol/connection.ts';
import type { User } from '../../server/world/user.ts';
import { until } from '../support/clock.ts';
import { type TestFolder, testFolder } from '../support/folder.ts';
import { memoryLog } from '../support/log.ts';

const prod: ConnectionConfig = { name: 'prod', tool: 'mlflow', url: 'https://mlflow.acme.com' };
const air: ConnectionConfig = { name: 'air', tool: 'airflow', url: 'http://localhost:8080' };

function opened(context: Parameters<typeof testFolder>[0], text?: string, everyMs = 60_000) {
  const folder = testFolder(context, text === undefined ? {} : { 'config/connections.json': text });
  const log = memoryLog();
  const seen: (readonly ConnectionConfig[])[] = [];
  const problems: string[] = [];
  const connections = new Connections({
    file: folder.at('config/connections.json'),
    log,
    onChanged: (all) => seen.push(all),
    onProblems: (found) => problems.push(...found),
    everyMs,
  });
  context.after(() => connections.dispose());
  return { folder, log, seen, problems, connections };
}

const written = (folder: TestFolder): unknown => JSON.parse(readFileSync(folder.at('config/connections.json'), 'utf8'));

test('saving makes the file, for this user alone, and leaves nothing beside it', async (context) => {
  const { folder, connections, seen } = opened(context);
  await connections.load();
  await connections.save(prod);
  assert.deepEqual(written(folder), [prod]);
  assert.equal(statSync(folder.at('config/connections.json')).mode & 0o777, 0o600);
  assert.equal(statSync(folder.at('config')).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(folder.at('config')), ['connections.json']);
  assert.deepEqual(seen, [[], [prod]]);
});

test('what another version wrote stays: entries and fields', async (context) => {
  const other = { name: 'pages', tool: 'grafana', site: 'eu' };
  const { folder, connections } = opened(context, JSON.stringify([other, { ...prod, budget: 3, environment: 'dev' }]));
  await connections.save({ ...prod, url: 'https://new.acme.com' });
  await connections.pause('prod', true);
  assert.deepEqual(written(folder), [other, { ...prod, url: 'https://new.acme.com', budget: 3, paused: true }]);
  await connections.pause('prod', false);
  await connections.save(air);
  await connections.remove('prod');
  assert.deepEqual(written(folder), [other, air]);
  assert.deepEqual(connections.all(), [air]);
});

test('two changes at once lose neither', async (context) => {
  const { connections } = opened(context);
  await Promise.all([connections.save(prod), connections.save(air)]);
  assert.deepEqual(
    connections.all().map(({ name }) => name),
    ['prod', 'air'],
  );
});

test('a file that is no JSON is never written over', async (context) => {
  const text = '[ // mine\n]';
  const { folder, connections, problems } = opened(context, text);
  await assert.rejects(connections.save(prod), /it is not JSON.*Nothing was written/);
  assert.equal(readFileSync(folder.at('config/connections.json'), 'utf8'), text);
  await connections.load();
  assert.match(problems.join(), /comments and a comma after the last entry are not allowed/);
});

test('a link to the file stays a link', async (context) => {
  const { folder, connections } = opened(context);
  folder.write('dotfiles/c.json', '[]');
  mkdirSync(folder.at('config'));
  symlinkSync(folder.at('dotfiles/c.json'), folder.at('config/connections.json'));
  await connections.save(prod);
  assert.deepEqual(JSON.parse(readFileSync(folder.at('dotfiles/c.json'), 'utf8')), [prod]);
});

test('what cannot be changed says why', async (context) => {
  const { connections } = opened(context, JSON.stringify([prod]));
  await connections.load();
  await assert.rejects(connections.remove('nope'), /There is no connection "nope" in /);
  await assert.rejects(connections.save({ ...prod, url: 'http://a:b@c' }), /user and password do not belong in it/);
  await connections.useSetting([air]);
  await assert.rejects(
    connections.pause('air', true),
    /"air" stands in the setting plumbline.connections; change it there/,
  );
});

test('the setting goes before the file, and the log says so once', async (context) => {
  const { connections, log } = opened(context, JSON.stringify([prod, air]));
  const mine = { ...prod, url: 'http://localhost:5000' };
  await connections.useSetting([mine]);
  await connections.load();
  assert.deepEqual(connections.all(), [mine, air]);
  assert.equal(
    log.lines.filter((line) => /"prod" is in the setting and in .*: the setting counts/.test(line)).length,
    1,
  );
});

test('a change that somebody else makes is followed', async (context) => {
  const { folder, connections, seen } = opened(context, undefined, 20);
  await connections.load();
  folder.write('config/connections.json', JSON.stringify([prod]));
  await until('the file was read again', () => seen.length === 2, 5_000);
  assert.deepEqual(seen[1], [prod]);
});

test('the file is where each operating system keeps such things', () => {
  const place = (platform: User['platform'], home: string, variables: Readonly<Record<string, string>> = {}) =>
    connectionsPlace({ platform, home, variable: (name) => variables[name] });
  assert.equal(place('linux', '/h'), '/h/.config/plumbline/connections.json');
  assert.equal(place('linux', '/h', { XDG_CONFIG_HOME: '/x' }), '/x/plumbline/connections.json');
  assert.equal(place('linux', '/h', { XDG_CONFIG_HOME: 'x' }), '/h/.config/plumbline/connections.json');
  assert.equal(place('darwin', '/h'), '/h/Library/Application Support/plumbline/connections.json');
  assert.equal(place('win32', 'C:\\h', { APPDATA: 'C:\\a' }), 'C:\\a\\plumbline\\connections.json');
  assert.equal(place('win32', 'C:\\h', { PLUMBLINE_CONFIG_DIR: 'D:\\p' }), 'D:\\p\\connections.json');
});
