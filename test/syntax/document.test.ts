// Documents: lines as the editor counts them, and edits that leave what a fresh reading gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  editDocument,
  longestParsed,
  type ParsedDocument,
  parseDocument,
  type TextChange,
} from '../../server/syntax/document.ts';
import { LineIndex } from '../../server/syntax/lines.ts';
import type { PythonNode } from '../../server/syntax/pythonTree.ts';

const python = (text: string): ParsedDocument =>
  parseDocument({ uri: 'file:///a.py', languageId: 'python', version: 1, text });

test('lines end with \\n, \\r\\n and \\r; columns are UTF-16 units', () => {
  const lines = LineIndex.of('a\r\n😀b\rc\n');
  assert.deepEqual(lines.starts, [0, 3, 7, 9]);
  assert.deepEqual(lines.positionAt(5), { line: 1, character: 2 });
  assert.equal(lines.offsetAt({ line: 1, character: 2 }), 5);
  assert.equal(lines.offsetAt({ line: 99, character: 0 }), 9);
  assert.equal(lines.offsetAt({ line: 0, character: 99 }), 3);
  assert.equal(lines.offsetAt({ line: -1, character: 5 }), 0);
  assert.deepEqual(lines.positionAt(99), { line: 3, character: 0 });
});

test('only Python and SQL are read, and only Python has a tree', () => {
  assert.equal(python('x = 1').chunks?.length, 1);
  const sql = parseDocument({ uri: 'a.sql', languageId: 'jinja-sql', version: 1, text: 'select 1' });
  assert.deepEqual([sql.language, sql.chunks], ['sql', undefined]);
  assert.equal(parseDocument({ uri: 'a.rb', languageId: 'ruby', version: 1, text: '' }).language, 'none');
});

test('a text that is too long is scanned, and parsed again when it has become short', () => {
  const long = python(`x = "${'a'.repeat(longestParsed)}"`);
  assert.deepEqual([long.reading, long.chunks], ['scanned', undefined]);
  const short = editDocument(long, [{ text: 'x = 1' }], 2);
  assert.equal(short.reading, 'parsed');
  assert.equal(short.chunks?.length, 1);
});

/** Every node with its place. */
function drawn(document: ParsedDocument): string {
  const lines: string[] = [];
  const visit = (node: PythonNode, depth: number): void => {
    lines.push(`${' '.repeat(depth)}${node.name} ${node.from}-${node.to}`);
    for (const child of node.children) visit(child, depth + 1);
  };
  for (const chunk of document.chunks ?? []) {
    lines.push(`chunk ${chunk.from}`);
    visit(chunk.root(), 0);
  }
  return lines.join('\n');
}

const start = `import mlflow
NAME = "churn"
class Trainer:
    def fit(self, frame):
        """Fits."""
        with mlflow.start_run():
            mlflow.log_metric(f"{NAME}.auc", 0.9)  # 😀
        return {"a": [1, 2, (3)], **frame}

@task(retries=2)
def other(a, b="x"):
    rows = query('''
      SELECT * FROM a.b
    ''')
    for row in rows:
        if row: print(row)
    else:
        pass
`.repeat(4);

const piece = fc.oneof(
  fc.constantFrom(
    '"',
    "'",
    '"""',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '\n',
    '\r\n',
    '\r',
    '    ',
    ':',
    ',',
    '#',
    'f"{',
    '😀',
    '\\',
    '@',
    'def g():\n',
    'x = 1\n',
    '.',
    '',
  ),
  fc.string({ maxLength: 5, unit: 'grapheme' }),
);
const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 12 }), insert: piece, again: fc.boolean() });

test('after any edits the lines and the tree are those of a fresh reading', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 25 }), (edits) => {
      let document = python(start);
      for (const { at, remove, insert } of edits) {
        const from = at % (document.text.length + 1);
        const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + remove) };
        const changes: TextChange[] = [{ range, text: insert }];
        document = editDocument(document, changes, document.version + 1);
      }
      const fresh = python(document.text);
      assert.deepEqual(document.lines.starts, fresh.lines.starts);
      assert.equal(drawn(document), drawn(fresh));
    }),
    { numRuns: 60 },
  );
});

test('several changes in one message, each to the text the one before it left; ranges outside are clamped', () => {
  const range = (line: number, from: number, to: number) => ({
    start: { line, character: from },
    end: { line, character: to },
  });
  const edited = editDocument(
    python('a = 1\nb = 2\n'),
    [
      { range: range(0, 0, 1), text: 'first\nline' },
      { range: range(2, 0, 1), text: 'c' },
      { range: range(500, 3, 9), text: '# end' },
      { range: { start: { line: 1, character: 4 }, end: { line: 1, character: 0 } }, text: 'L' },
    ],
    2,
  );
  assert.equal(edited.text, 'first\nL = 1\nc = 2\n# end');
  assert.equal(edited.version, 2);
});
