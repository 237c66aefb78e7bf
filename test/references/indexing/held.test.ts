// Held: what is held says what came from the worker, name by name and reference by reference.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { HeldFile, held } from '../../../server/references/indexing/held.ts';
import { pack } from '../../../server/references/indexing/packed.ts';
import { Tables } from '../../../server/references/indexing/tables/tables.ts';
import { parseDocument } from '../../../server/syntax/document.ts';

const text = `import mlflow
MODEL = "churn"
def load(name):
    return mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")
class Tables:
    orders = "ml.orders"
`;

function packed() {
  const index = new ReferenceIndex();
  return pack(summarize(parseDocument({ uri: 'file:///w/a.py', languageId: 'python', version: 1, text }), index.rules));
}

test('a held file says what the packed one says, and keeps none of the message that it came in', () => {
  const one = packed();
  const message = new Uint8Array(one.bytes.length + 10);
  message.set(one.bytes, 5);
  const file = new HeldFile({ ...one, bytes: message.subarray(5, 5 + one.bytes.length) });
  for (const key of ['uri', 'rules', 'size', 'sites', 'bound', 'definitions', 'cells'] as const)
    assert.deepEqual(file[key], one[key], key);
  assert.deepEqual([...file.bytes], [...one.bytes]);
  assert.equal(file.bytes.buffer.byteLength, one.bytes.length);
});

test('names of any characters are held', () => {
  const one = packed();
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', '\0', '\n', '', '.') })), (bound) => {
      const file = new HeldFile({ ...one, bound });
      assert.deepEqual(file.bound, bound);
    }),
  );
});

test('a held reference is the same as plain data', () => {
  const index = new ReferenceIndex();
  index.take(packed());
  const references = index.references('file:///w/a.py');
  assert.notEqual(references.length, 0);
  for (const reference of references) {
    const came: typeof reference = JSON.parse(JSON.stringify(reference));
    assert.equal(JSON.stringify(held(came)), JSON.stringify(reference));
  }
});

test('readers of a key come and go', () => {
  const entry = (uri: string) => ({
    uri,
    stale: true,
    reads: [],
    names: [],
    evaluate: () => {},
    references: () => [],
  });
  const entries = ['a', 'b', 'c'].map(entry);
  const steps = fc.array(fc.tuple(fc.constantFrom(0, 1, 2), fc.subarray(['x', 'y', 'z'])));
  fc.assert(
    fc.property(steps, (taken) => {
      const tables = new Tables();
      const read = new Map<number, readonly string[]>();
      for (const [at, keys] of taken) {
        const one = entries[at];
        if (!one) continue;
        if (keys.length === 0) tables.drop(one);
        else tables.learn(one, new Set(keys), keys);
        read.set(at, keys);
        for (const key of ['x', 'y', 'z']) {
          const readers = [...read].flatMap(([reader, all]) => (all.includes(key) ? [entries[reader]] : []));
          assert.deepEqual(new Set(tables.readersOf(key)), new Set(readers));
          assert.deepEqual(new Set(tables.byName.files(key).flat()), new Set(readers));
        }
      }
      for (const one of entries) tables.drop(one);
    }),
  );
});
