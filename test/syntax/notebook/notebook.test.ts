// Notebooks as one text: whatever is done to the cells, it is as if the notebook had been opened like that.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { type ParsedDocument, parseDocument, parseNotebook } from '../../../server/syntax/document.ts';
import { LineIndex } from '../../../server/syntax/lines.ts';
import { Cell } from '../../../server/syntax/notebook/cell.ts';
import { cellAt } from '../../../server/syntax/notebook/cells.ts';
import { cellsOfFile } from '../../../server/syntax/notebook/ipynb.ts';
import { readCell } from '../../../server/syntax/notebook/magics.ts';
import type { CodeCell } from '../../../server/syntax/notebook/notebook.ts';

const uri = 'file:///acme/a.ipynb';
const pieces = [
  'import mlflow\n',
  'NAME = "churn"\n',
  'mlflow.log_metric("auc", 1)',
  'mlflow.pyfunc.load_model(f"models:/{NAME}@champion")\r\n',
  '%%sql\n',
  '%sql select * from sales.orders\n',
  'select * from a.b join c.d',
  '!aws s3 cp s3://a/b \\\n c\n',
  '%run ./other\n',
  'if x:\n    %pip install (\n',
  '"""',
  '(',
  ')',
  '\r',
  '\n',
  '%time ',
  '# MAGIC %sql',
  'x = """\nmodels:/a/1\n"""\n',
  'x',
  ' ',
  '=',
  '\\',
  '"',
  '?',
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
const language = fc.constantFrom('python', 'sql', 'none', 'yaml');
const cell = fc.record({ text, language, isDatabricks: fc.boolean() });
const step = fc.oneof(
  fc.record({ do: fc.constant('edit' as const), at: fc.nat(9), from: fc.nat(80), length: fc.nat(30), text }),
  fc.record({ do: fc.constant('add' as const), at: fc.nat(9), cell }),
  fc.record({ do: fc.constant('remove' as const), at: fc.nat(9) }),
  fc.record({ do: fc.constant('move' as const), at: fc.nat(9), to: fc.nat(9) }),
  fc.record({ do: fc.constant('language' as const), at: fc.nat(9), language }),
);

test('any sequence of changes to cells leaves what opening anew gives', () => {
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 5 }), fc.array(step, { maxLength: 12 }), (first, steps) => {
      let cells = cellsOf(first);
      let document = parseNotebook(uri, 0, coded(cells));
      const index = new ReferenceIndex();
      index.upsert(summarize(document, allRules));
      for (const one of steps) {
        const place = cells.length === 0 ? 0 : one.at % cells.length;
        const there = cells[place];
        if (one.do === 'edit') {
          if (!there) continue;
          const lines = LineIndex.of(there.text);
          const from = Math.min(one.from, there.text.length);
          const to = Math.min(from + (one.text.length < 3 ? 1 : one.length), there.text.length);
          const range = { start: lines.positionAt(from), end: lines.positionAt(to) };
          const edited = there.edited([{ range, text: one.text }]);
          assert.equal(edited.text, there.text.slice(0, from) + one.text + there.text.slice(to));
          cells[place] = edited;
        } else if (one.do === 'add') cells.splice(place, 0, ...cellsOf([one.cell]));
        else if (one.do === 'remove') cells.splice(place, 1);
        else if (one.do === 'move') cells.splice(one.to % Math.max(1, cells.length), 0, ...cells.splice(place, 1));
        else cells = cells.map((old, at) => (at === place ? cellOf(old.text, one.language) : old));
        document = parseNotebook(uri, document.version + 1, coded(cells));
        index.upsert(summarize(document, allRules));
        const fresh = parseNotebook(uri, 0, coded(cells.map(({ text: own, rules }) => new Cell(own, rules))));
        assertSame(document, fresh);
        const anew = new ReferenceIndex();
        anew.upsert(summarize(fresh, allRules));
        assert.deepEqual(index.references(uri), anew.references(uri));
        assertInCells(document, index);
      }
    }),
    { numRuns: 150 },
  );
});

test('what is no Python is blanked, and everything keeps its place', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), language, fc.boolean(), (own, sort, isDatabricks) => {
      const { code, parts } = readCell(own, sort === 'none' || sort === 'yaml' ? 'none' : sort, isDatabricks);
      assert.equal(code.length, own.length);
      assert.deepEqual(LineIndex.of(code).starts, LineIndex.of(own).starts);
      const rows = own.split(/\r\n|\r|\n/);
      for (const part of parts) {
        part.text.split(/\r\n|\r|\n/).forEach((row, line) => {
          const there = rows[part.line + line] ?? '';
          const masked = [...row.split('').keys()].map((at) => (row[at] === ' ' ? ' ' : there[at]));
          assert.equal(masked.join(''), row);
        });
      }
    }),
  );
});

test('an edit in one cell keeps the statements of all others, also of those below it', () => {
  const many = Array.from({ length: 200 }, (_, at) => cellOf(`x${at} = 1\ny${at} = 2`));
  const before = parseNotebook(uri, 0, coded(many));
  const start = { line: 0, character: 0 };
  const edited = many.map((one, at) =>
    at === 100 ? one.edited([{ range: { start, end: start }, text: '#\n' }]) : one,
  );
  const after = parseNotebook(uri, 1, coded(edited));
  const known = new Set(before.chunks?.map(({ identity }) => identity));
  assert.equal(after.chunks?.filter(({ identity }) => !known.has(identity)).length, 1);
  assert.equal(after.chunks?.length, 401);
});

test('a mistake stays in its cell', () => {
  const cells = ['x = """ (', 'import mlflow\nmlflow.log_metric("auc", 1)'];
  const document = parseNotebook(uri, 0, coded(cells.map((one) => cellOf(one))));
  const index = new ReferenceIndex();
  index.upsert(summarize(document, allRules));
  assert.deepEqual(
    index.references(uri).map(({ name, range }) => [name, range.start.line]),
    [['auc', 2]],
  );
});

test('any bytes for a file give a notebook, often an empty one', () => {
  const shape = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 1, 'code', 'import mlflow', '%%sql'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('cells', 'cell_type', 'source', 'metadata', 'worksheets', '__proto__'),
        tie('value'),
      ),
    ),
  })).value;
  const file = fc.oneof(
    fc.string({ unit: 'binary' }),
    shape.map((value) => JSON.stringify({ cells: value, metadata: value })),
  );
  fc.assert(
    fc.property(file, (bytes) => {
      const document = parseDocument({ uri, languageId: 'ipynb', version: 1, text: bytes });
      const index = new ReferenceIndex();
      index.upsert(summarize(document, allRules));
      assertInCells(document, index);
    }),
  );
});

test('deep nesting and megabytes of output are passed over', () => {
  assert.deepEqual(cellsOfFile('['.repeat(1_000_000)), []);
  const outputs = [{ data: { 'image/png': 'A'.repeat(20_000_000) } }];
  const file = JSON.stringify({ cells: [{ cell_type: 'code', outputs, source: 'x = 1' }] });
  const began = performance.now();
  assert.deepEqual(
    cellsOfFile(file).map((one) => one.cell.text),
    ['x = 1'],
  );
  assert.ok(performance.now() - began < 2000);
});

test('long lines of signs are read in no time', () => {
  for (const hostile of ['%', '! ', '=', ' ', '? ', '(', '"', '\\', '%%sql ', 'x='].map((sign) =>
    sign.repeat(50_000),
  )) {
    const began = performance.now();
    readCell(hostile, 'python', false);
    readCell(`%sql ${hostile}\n${hostile}%`, 'python', true);
    readCell(`%time ${hostile}\n!${hostile}`, 'python', false);
    assert.ok(performance.now() - began < 1000, hostile.slice(0, 5));
  }
});

function cellOf(own: string, sort = 'python', isDatabricks = false): Cell {
  const known = sort === 'python' || sort === 'sql' || sort === 'yaml' ? sort : 'none';
  return new Cell(own, { language: known, isDatabricks });
}

function cellsOf(
  given: readonly { readonly text: string; readonly language: string; readonly isDatabricks: boolean }[],
): Cell[] {
  return given.map((one) => cellOf(one.text, one.language, one.isDatabricks));
}

function coded(cells: readonly Cell[]): readonly CodeCell[] {
  return cells.map((own, index) => ({ index, uri: `cell:${index}`, cell: own }));
}

function assertSame(one: ParsedDocument, other: ParsedDocument): void {
  assert.equal(one.text, other.text);
  assert.equal(one.notebook?.code, other.notebook?.code);
  assert.deepEqual(one.lines, other.lines);
  assert.deepEqual(one.lines.starts, LineIndex.of(one.text).starts);
  assert.deepEqual(
    one.chunks?.map(({ from, to }) => [from, to]),
    other.chunks?.map(({ from, to }) => [from, to]),
  );
  const places = ({ notebook }: ParsedDocument) =>
    notebook?.cells.map(({ index, line, from, cell: own }) => [index, line, from, own.text, own.parts]);
  assert.deepEqual(places(one), places(other));
}

/** Every range lies in one cell, and within its text. */
function assertInCells(document: ParsedDocument, index: ReferenceIndex): void {
  const cells = document.notebook?.cells ?? [];
  for (const { range } of index.references(uri)) {
    const own = cellAt(cells, range.start.line);
    assert.equal(own, cellAt(cells, range.end.line));
    assert.ok(own);
    const { lines } = own.cell;
    assert.ok(range.end.line - own.line < lines.count);
    const from = document.lines.offsetAt(range.start);
    assert.ok(document.lines.offsetAt(range.end) >= from);
    assert.deepEqual(document.lines.positionAt(from), range.start);
  }
}
