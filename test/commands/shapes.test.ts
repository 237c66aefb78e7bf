// Shapes: what ARCHITECTURE.md says of the JSON of the commands, held against what they print on the sample.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { freePort } from '../../scripts/live/programs.mjs';
import { runCommand } from '../../server/commands/run.ts';
import { freshSample, type Sample } from '../vscode/support/sample.ts';

interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
}

const shapes = readShapes();
let sample: Sample;

before(async () => {
  sample = await freshSample();
  const url = `http://127.0.0.1:${await freePort()}`;
  const [one, other] = ['mlflow', 'airflow'].map((tool) => ({ name: tool, tool, url, credential: 'none' }));
  const connections = [one, { ...other, paused: true }, { name: 'wrong' }];
  writeFileSync(path.join(sample.folder, 'connections.json'), JSON.stringify(connections));
});
after(() => sample.remove());

for (const [args, type] of [
  [['refs', '.'], 'ReferenceJson[]'],
  [['resolve', '.'], 'ResolvedJson[]'],
  [['lineage', 'model:churn'], 'LineageGraph'],
  [['lineage', 'model:churn', '--as-of', '1h'], 'LineageGraph'],
  [['lineage', 'model:nope'], 'null'],
  [['columns', '.'], 'ColumnJson[]'],
  [['check', '.'], 'FindingJson[]'],
  [['incidents'], 'IncidentJson[]'],
  [['logs', 'model:churn'], 'LogsJson'],
  [['logs', 'run:nowhere'], 'LogsJson'],
  [['sync', '--connections', 'connections.json'], 'SyncJson'],
  [['doctor', '--connections', 'connections.json'], 'DoctorJson'],
] as const) {
  test(`plumbline ${args.join(' ')} --json is ${type}`, async () => {
    assert.deepEqual(mismatches(await printed(args), type, 'it'), []);
  });
}

test('a shape that does not fit is seen', () => {
  assert.deepEqual(mismatches([{ file: 'a', line: '3', more: 1 }, {}], 'LinePlace[]', 'it'), [
    'it[0].more is not documented',
    'it[0].line: "3" is no number',
    'it[1].file is missing',
    'it[1].line is missing',
  ]);
  assert.deepEqual(mismatches('x', "'a' | 'b'", 'it'), [`it: "x" is no 'a' | 'b'`]);
});

async function printed(args: readonly string[]): Promise<unknown> {
  let out = '';
  const world = { error: () => undefined, folder: sample.folder, now: () => Date.now() };
  await runCommand([...args, '--json'], { ...world, out: (text) => (out += text) });
  return JSON.parse(out);
}

/** Each place where the value is not of the type, in words. */
function mismatches(value: unknown, type: string, at: string): string[] {
  if (type.endsWith('[]')) {
    const of = type.slice(0, -2).replace(/^\((.*)\)$/, '$1');
    if (!Array.isArray(value)) return [`${at} is no array`];
    return value.flatMap((one, index) => mismatches(one, of, `${at}[${index}]`));
  }
  const fields = shapes.fields.get(type);
  if (fields)
    return typeof value === 'object' && value !== null ? inFields(value, fields, at) : [`${at} is no ${type}`];
  const alias = shapes.aliases.get(type);
  if (alias) return mismatches(value, alias, at);
  const fits = type.split(' | ').some((one) => (/^'.*'$/.test(one) ? `'${value}'` === one : one === nameOf(value)));
  return fits ? [] : [`${at}: ${JSON.stringify(value)} is no ${type}`];
}

function inFields(value: object, fields: readonly Field[], at: string): string[] {
  const known = new Set(fields.map(({ name }) => name));
  const found = new Map<string, unknown>(Object.entries(value));
  return [
    ...[...found.keys()].filter((name) => !known.has(name)).map((name) => `${at}.${name} is not documented`),
    ...fields.flatMap(({ name, isOptional, type }) => {
      if (found.has(name)) return mismatches(found.get(name), type, `${at}.${name}`);
      return isOptional ? [] : [`${at}.${name} is missing`];
    }),
  ];
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : typeof value;
}

function readShapes() {
  const text = readFileSync(path.join(import.meta.dirname, '..', '..', 'ARCHITECTURE.md'), 'utf8');
  const section = text.split('\n## JSON of the command line\n')[1]?.split('\n## ')[0] ?? '';
  const code = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]).join('');
  const fields = new Map<string, readonly Field[]>();
  for (const [, name = '', base = '', body = ''] of code.matchAll(
    /interface (\w+)(?: extends (\w+))? \{\n([\s\S]*?)\n\}/g,
  )) {
    const own = [...body.matchAll(/^ {2}(\w+)(\??): ([^;]+);/gm)].map(
      ([, field = '', optional, type = '']): Field => ({ name: field, isOptional: optional === '?', type }),
    );
    fields.set(name, [...(fields.get(base) ?? []), ...own]);
  }
  const aliases = new Map(
    [...code.matchAll(/^type (\w+) = ([^;]+);/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  return { fields, aliases };
}
