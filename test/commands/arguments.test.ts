// Arguments: what is understood, and the words for what is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../server/commands/arguments.ts';

test('a command with its paths and options', () => {
  assert.deepEqual(parseCommandLine(['refs', 'a.py', 'dags', '--json', '--workspace', 'shop'], '/projects'), {
    command: 'refs',
    subjects: ['a.py', 'dags'],
    json: true,
    workspace: '/projects/shop',
    store: ':memory:',
    sync: false,
  });
});

test('incidents needs no argument; a store folder is made absolute', () => {
  assert.deepEqual(parseCommandLine(['incidents', '--store', 'kept'], '/projects'), {
    command: 'incidents',
    subjects: [],
    json: false,
    workspace: '/projects',
    store: '/projects/kept',
    sync: false,
  });
});

test('sync asks the connections, of the file that is named', () => {
  const line = parseCommandLine(['sync', '--connections', 'c.json'], '/projects');
  assert.deepEqual(typeof line === 'object' && [line.sync, line.connections], [true, '/projects/c.json']);
  const check = parseCommandLine(['check', '.', '--sync'], '/projects');
  assert.deepEqual(typeof check === 'object' && [check.sync, check.connections], [true, undefined]);
});

test('sync listens at a port', () => {
  const line = parseCommandLine(['sync', '--listen', '5050'], '/projects');
  assert.equal(typeof line === 'object' && line.listen, 5050);
});

for (const [args, words] of [
  [[], 'no command given'],
  [['reefs'], 'unknown command: reefs'],
  [['lineage'], 'lineage needs at least one argument'],
  [['sync', '--listen', '70000'], '--listen takes a port, 0 to 65535, not 70000'],
  [['doctor', '--listen', '1'], '--listen goes with sync only'],
  [['--help'], ''],
] as const) {
  test(`plumbline ${args.join(' ')} is answered with usage`, () => {
    assert.equal(parseCommandLine(args, '/'), words);
  });
}

test('lineage so far, or the way to another entity, not both', () => {
  const deep = parseCommandLine(['lineage', 'model:a', '--depth', '12'], '/');
  assert.equal(typeof deep === 'object' && deep.depth, 12);
  const way = parseCommandLine(['lineage', 'model:a', '--to', 'job:b'], '/');
  assert.equal(typeof way === 'object' && way.to, 'job:b');
  assert.match(String(parseCommandLine(['lineage', 'a', '--to', 'b', '--depth', '2'], '/')), /--to goes without/);
  assert.match(String(parseCommandLine(['lineage', 'a', '--depth', '21'], '/')), /1 to 20, not 21/);
  assert.match(String(parseCommandLine(['sync', '--to', 'b'], '/')), /go with lineage only/);
});

test('an unknown option is named', () => {
  assert.match(String(parseCommandLine(['refs', 'a.py', '--jsn'], '/')), /--jsn/);
});
