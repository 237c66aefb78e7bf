// The schema that the editor checks connections with, held against what is really read.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseConnections } from '../../server/connections/parse.ts';
import { liveTools } from '../../server/protocol/connection.ts';

const file = path.join(import.meta.dirname, '..', '..', 'extension', 'schemas', 'connections.schema.json');
const { items } = JSON.parse(readFileSync(file, 'utf8'));

test('every field of the schema is known, with each of its words', () => {
  const sample: Record<string, unknown> = {
    keyFile: '/k.pem',
    certificateFile: '/c.pem',
    caFile: '/a.pem',
    watch: ['x'],
    logs: ['/var/log/churn/*.log'],
    sshConfigFile: '/s/config',
    queries: [{ metric: 'rate', query: 'SELECT 1' }],
  };
  const base = { name: 'a', url: 'http://h', certificateFile: '/c.pem' };
  const ownTools: Record<string, string> = {
    region: 's3',
    profile: 's3',
    role: 'snowflake',
    warehouse: 'snowflake',
    queries: 'snowflake',
    watch: 's3',
    logs: 'ssh',
    sshConfigFile: 'ssh',
  };
  const toolOf = (field: string) => ownTools[field] ?? 'mlflow';
  const addressOf = (tool: unknown) => (tool === 'ssh' ? { url: 'ssh://h' } : {});
  for (const [field, { type, enum: words }] of Object.entries<{ type?: string; enum?: unknown[] }>(items.properties)) {
    for (const value of words ?? [sample[field] ?? (type === 'boolean' ? true : field === 'url' ? 'http://h' : 'x')]) {
      const tool = field === 'tool' ? value : toolOf(field);
      const entry = { tool, ...base, ...addressOf(tool), [field]: value };
      const { connections, problems } = parseConnections([entry], 'here');
      assert.deepEqual([problems, Object(connections[0])[field]], [[], value], field);
    }
  }
  assert.deepEqual(items.properties.tool.enum, [...liveTools]);
});

test('every field that is read stands in the schema', () => {
  const said = parseConnections([{ name: 'a', tool: 'mlflow', url: 'http://h', zzz: 1 }], 'here').problems.join();
  const known = /known are (.*)\.$/.exec(said)?.[1]?.split(', ');
  assert.deepEqual(known?.sort(), Object.keys(items.properties).sort());
});

test('the address is held to the same rule', () => {
  for (const url of [
    'http://h:5000/p',
    'https://h',
    'h:5000',
    'https://u:p@h',
    'http://h/?a',
    'http://h/#/x',
    'sqlite:///x',
  ])
    assert.equal(
      new RegExp(items.properties.url.pattern).test(url),
      parseConnections([{ name: 'a', tool: 'mlflow', url }], 'here').connections.length === 1,
      url,
    );
});
