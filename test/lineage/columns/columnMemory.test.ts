// Columns remembered: never waited for, worked out once, and looked at again when the file may be another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnEdge } from '../../../server/lineage/columns/columnEdges.ts';
import { ColumnMemory } from '../../../server/lineage/columns/columnMemory.ts';

function world() {
  const asked: string[] = [];
  const files = new Map([['/w/a.sql', 'first']]);
  let now = 0;
  const memory = new ColumnMemory({
    edges: async (text, { table = '' }): Promise<readonly ColumnEdge[]> => {
      asked.push(text);
      return [{ to: { table, column: text }, from: [], change: 'direct', open: [], line: 0 }];
    },
    read: async (file) => files.get(file) ?? Promise.reject(new Error('gone')),
    now: () => now,
  });
  return {
    ...{ asked, files, memory },
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('the first look says nothing yet, the next one all; a text is worked out once', async () => {
  const { memory, asked } = world();
  const source = { text: 'select 1', table: 't' };
  assert.equal(memory.known(source), undefined);
  const [one, other] = await Promise.all([memory.ask(source), memory.ask(source)]);
  assert.equal(one, other);
  assert.equal(memory.known(source), one);
  assert.deepEqual(asked, ['select 1']);
  assert.equal(memory.known({ ...source, table: 'u' }), undefined, 'another table is another answer');
});

test('a file is looked at again after a while, and what was known is said meanwhile', async () => {
  const { memory, asked, files, pass } = world();
  const source = { file: '/w/a.sql' };
  await memory.ask(source);
  files.set('/w/a.sql', 'second');
  assert.equal(memory.known(source)?.[0]?.to.column, 'first');
  pass(60_000);
  assert.equal(memory.known(source)?.[0]?.to.column, 'first');
  assert.equal((await memory.ask(source))[0]?.to.column, 'second');
  assert.deepEqual(asked, ['first', 'second']);
});

test('what cannot be read says nothing, and so does data that is no query', async () => {
  const { memory, asked } = world();
  assert.deepEqual(await memory.ask({ file: '/w/none.sql' }), []);
  assert.deepEqual(await memory.ask({ text: 'x'.repeat(200_001) }), []);
  assert.deepEqual(asked, []);
});
