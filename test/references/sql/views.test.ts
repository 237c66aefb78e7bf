// Views of a session while a file is edited: what they hide and show again is what a fresh index says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { parseDocument } from '../../../server/syntax/document.ts';
import { checkReferences } from '../../support/fixture.ts';

const uri = 'file:///acme/load.py';
const statements = [
  'df.createOrReplaceTempView("v")',
  'NAME = "v"',
  'NAME = "w"',
  'df.createOrReplaceTempView(NAME)',
  'spark.sql("SELECT * FROM v JOIN w ON true")',
  'spark.sql("CREATE TEMP VIEW w AS SELECT * FROM a.b")',
  'def load():\n    df.createOrReplaceTempView("w")\n    spark.sql(f"INSERT INTO v SELECT * FROM {NAME}")',
  'import duckdb',
  'v = 1',
  '# nothing',
];

function said(index: ReferenceIndex): readonly string[] {
  return index
    .references(uri)
    .map(({ name, role, range }) => `${range.start.line}:${range.start.character} ${role} ${name}`);
}

test('statements that change places', () => {
  const [use = '', mark = '', view = ''] = [statements[4], statements[8], statements[0]];
  const index = new ReferenceIndex();
  for (const lines of [
    [use, mark, view],
    [view, mark, use],
  ])
    index.upsert(summarize(parseDocument({ uri, languageId: 'python', version: 1, text: lines.join('\n') }), allRules));
  assert.deepEqual(said(index), ['2:32 reads w']);
});

test('a view that is made once more, and its reader moved below it', () => {
  const [use = '', view = ''] = [statements[4], statements[0]];
  const index = new ReferenceIndex();
  for (const lines of [
    [use, view, view],
    [view, view, view, use],
  ]) {
    index.upsert(summarize(parseDocument({ uri, languageId: 'python', version: 1, text: lines.join('\n') }), allRules));
    const reads = lines[0] === use ? ['0:25 reads v', '0:32 reads w'] : ['3:32 reads w'];
    assert.deepEqual(said(index), reads);
  }
});

test('any sequence of edits', () => {
  const texts = fc.array(fc.array(fc.constantFrom(...statements), { maxLength: 8 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(texts, (versions) => {
      const index = new ReferenceIndex();
      versions.forEach((lines, version) => {
        const text = lines.join('\n');
        const summary = summarize(parseDocument({ uri, languageId: 'python', version, text }), allRules);
        index.upsert(summary);
        const fresh = new ReferenceIndex();
        fresh.upsert(summary);
        assert.deepEqual(said(index), said(fresh), text);
      });
    }),
    { numRuns: 60 },
  );
});

test('SQL that is kept in a name is run when the views below are there', () => {
  checkReferences(`
QUERY = """
    SELECT * FROM orders o JOIN raw.items i
#                               ^^^^^^^^^ reads table
"""
spark.sql("SELECT * FROM orders")
#                        ^^^^^^ reads table
df.createOrReplaceTempView("orders")
spark.sql(QUERY)
`);
});
