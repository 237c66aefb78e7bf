// Columns under the cursor: which are told, whose they are, and where nothing is certain enough to be said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { columnAt } from '../../server/features/columnAt.ts';
import { columnDefinition } from '../../server/features/definition.ts';
import { hoverColumn } from '../../server/features/hovers/hoverColumn.ts';
import { sqlColumnAt } from '../../server/references/columns/sqlColumn.ts';
import { yamlColumnAt } from '../../server/references/columns/yamlColumn.ts';
import { LineIndex } from '../../server/syntax/lines.ts';
import { codeWorld } from '../support/code.ts';

const world = `
  source dbt covers=table
  table ml.features columns=customer_id:integer,churn_score:float,model:text owner=ana
  table ml.labels columns=customer_id:integer,churned:boolean
  table ml.bare
`;

function told(files: Readonly<Record<string, string>>): string | undefined {
  const { context, document, at } = codeWorld(files, world);
  const found = columnAt(context, document, at);
  return found && `${found.entity.name}.${found.column.name}`;
}
const inSql = (sql: string): string | undefined => told({ 'q.sql': sql });

const certain: readonly (readonly [string, string, string])[] = [
  ['by an alias', 'SELECT c.churn_$0score FROM ml.features c', 'ml.features.churn_score'],
  [
    'by an alias behind AS, in other letters',
    'select C.CHURN_$0SCORE from ml.features as c',
    'ml.features.churn_score',
  ],
  ['by the name of the table', 'SELECT features.churn_$0score FROM ml.features', 'ml.features.churn_score'],
  ['by its whole name', 'SELECT ml.features.churn_$0score FROM ml.features', 'ml.features.churn_score'],
  ['of the only table', 'SELECT churn_$0score FROM ml.features', 'ml.features.churn_score'],
  ['a name that is a word of SQL as well', 'SELECT mod$0el FROM ml.features', 'ml.features.model'],
  ['in a function, with an alias', 'SELECT max(churn_$0score) AS best FROM ml.features', 'ml.features.churn_score'],
  ['named as before', 'SELECT churn_$0score AS churn_score FROM ml.features', 'ml.features.churn_score'],
  ['in a condition', "SELECT 1 FROM ml.features WHERE churn_$0score > 0.5 AND model = 'x'", 'ml.features.churn_score'],
  [
    'of the one of two tables that has it',
    'SELECT churn$0ed FROM ml.features JOIN ml.labels USING (customer_id)',
    'ml.labels.churned',
  ],
  ['in ON', 'SELECT 1 FROM ml.features f JOIN ml.labels l ON f.customer_id = l.customer$0_id', 'ml.labels.customer_id'],
  ['in a query inside', 'SELECT * FROM (SELECT churn_$0score FROM ml.features) x', 'ml.features.churn_score'],
  [
    'of a query around',
    'SELECT 1 FROM ml.features f WHERE EXISTS (SELECT 1 FROM ml.labels l WHERE f.churn_$0score > 1)',
    'ml.features.churn_score',
  ],
  ['in a part of WITH', 'WITH a AS (SELECT churn_$0score FROM ml.features) SELECT * FROM a', 'ml.features.churn_score'],
  [
    'in one arm of UNION',
    'SELECT churn_score FROM ml.features UNION ALL SELECT churn$0ed FROM ml.labels',
    'ml.labels.churned',
  ],
  ['that is set', 'UPDATE ml.features SET churn_$0score = 0', 'ml.features.churn_score'],
  ['that rows are deleted by', 'DELETE FROM ml.labels WHERE churn$0ed', 'ml.labels.churned'],
  ['in quotes', 'SELECT "churn_$0score" FROM ml.features', 'ml.features.churn_score'],
  [
    'of the statement that it stands in',
    'SELECT 1 FROM ml.labels; SELECT churn_$0score FROM ml.features;',
    'ml.features.churn_score',
  ],
  ['in ORDER BY', 'SELECT * FROM ml.features ORDER BY churn_$0score DESC', 'ml.features.churn_score'],
];
for (const [what, sql, is] of certain) test(`SQL, ${what}`, () => assert.equal(inSql(sql), is));

const silent: readonly (readonly [string, string])[] = [
  ['both tables have it', 'SELECT customer_$0id FROM ml.features, ml.labels'],
  ['one of the tables is not known', 'SELECT churn_$0score FROM ml.features JOIN other.t USING (x)'],
  ['the columns of one of the tables are not known', 'SELECT churn_$0score FROM ml.features JOIN ml.bare USING (x)'],
  ['one of them is a query', 'SELECT churn_$0score FROM ml.features, (SELECT 1) x'],
  ['one of them is a function', 'SELECT churn_$0score FROM ml.features, LATERAL FLATTEN(input => model) f'],
  ['the table has no such column', 'SELECT nothing_$0known FROM ml.features'],
  ['it is of a part of WITH', 'WITH a AS (SELECT 1 AS churn_score FROM ml.features) SELECT a.churn_$0score FROM a'],
  ['it is an alias', 'SELECT 1 AS churn_$0score FROM ml.features'],
  ['it is an alias without AS', 'SELECT count(*) churn_$0score FROM ml.features'],
  ['it is ordered by an alias', 'SELECT 1 AS churn_score FROM ml.features ORDER BY churn_$0score'],
  ['it is a function', 'SELECT churn_$0score(1) FROM ml.features'],
  ['it is an alias of a table', 'SELECT 1 FROM ml.features churn_$0score'],
  ['it is a type', 'SELECT customer_id::mod$0el FROM ml.features'],
  ['it is a field', 'SELECT x.y.churn_$0score FROM ml.features x'],
  ['it is a text', "SELECT 'churn_$0score' FROM ml.features"],
  ['it is in a comment', 'SELECT 1 -- churn_$0score\nFROM ml.features'],
  ['it is a column that is made', 'CREATE TABLE x (churn_$0score float)'],
  ['rows are put into another table', 'INSERT INTO ml.labels (churn$0ed) SELECT 1 FROM ml.features'],
  ['the table stands elsewhere', 'SELECT churn_$0score; SELECT 1 FROM ml.features'],
  ['an unknown alias', 'SELECT z.churn_$0score FROM ml.features f'],
];
for (const [what, sql] of silent) test(`SQL, silent: ${what}`, () => assert.equal(inSql(sql), undefined));

test('in Python: a text, an f-string whose table is a variable; names outside of it are none', () => {
  const python = (text: string) => told({ 'a.py': text });
  assert.equal(python('rows = db.execute("SELECT churn_$0score FROM ml.features")'), 'ml.features.churn_score');
  assert.equal(
    python('T = "ml.features"\nrows = db.execute(f"""\n  SELECT f.churn_$0score\n  FROM {T} f\n""")\n'),
    'ml.features.churn_score',
  );
  assert.equal(python('rows = db.execute("SELECT churn_score FROM ml.features"$0)'), undefined);
  assert.equal(python('churn_$0score = 1\nrows = db.execute("SELECT 1 FROM ml.features")'), undefined);
});

test('in a file of many statements, of which the one around the place is read', () => {
  const many = 'SELECT 1 FROM ml.labels;\n'.repeat(2_000);
  assert.equal(inSql(`${many}SELECT churn_$0score\nFROM ml.features;\n${many}`), 'ml.features.churn_score');
  assert.equal(inSql(`${many}SELECT churn_$0score\nFROM ml.features`), 'ml.features.churn_score');
  assert.equal(inSql(`SELECT churn_$0score,${' 1,'.repeat(30_000)} 2\nFROM ml.features`), undefined, 'too long');
});

test('in a cell of SQL in a notebook', () => {
  const cell = { cell_type: 'code', metadata: {}, source: ['%%sql\n', 'SELECT churn_$0score FROM ml.features'] };
  const notebook = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
  const { context, document } = codeWorld({ 'a.ipynb': notebook.replace('$0', '') }, world);
  const at = document.lines.positionAt(document.text.indexOf('churn_score') + 3);
  assert.equal(columnAt(context, document, at)?.column.name, 'churn_score');
});

test('in Jinja of dbt', () => {
  const files = { 'dbt_project.yml': 'name: shop\n', 'models/features.sql': 'select 1\n' };
  const sql = "select f.churn_$0score from {{ ref('features') }} f";
  assert.equal(told({ ...files, 'models/daily.sql': sql }), 'ml.features.churn_score');
});

const yaml = (rest: string): string => `version: 2\nmodels:\n  - name: features\n    description: x\n${rest}`;
const inYaml = (text: string): string | undefined =>
  told({ 'dbt_project.yml': 'name: shop\n', 'models/schema.yml': text });

test("dbt's YAML: under columns of a table, at any of the usual margins", () => {
  assert.equal(inYaml(yaml('    columns:\n      - name: churn_$0score\n')), 'ml.features.churn_score');
  assert.equal(
    inYaml(
      yaml('    columns:\n    - name: customer_id\n      tests: [unique]\n\n    # so\n    - name: churn_$0score\n'),
    ),
    'ml.features.churn_score',
  );
  assert.equal(
    inYaml(yaml('    columns:\n      - description: y\n        name: "churn_$0score"\n')),
    'ml.features.churn_score',
  );
  assert.equal(inYaml(yaml('    columns:\n      - name: other_$0one\n')), undefined);
  assert.equal(inYaml(yaml('    tests:\n      - name: churn_$0score\n')), undefined);
  assert.equal(inYaml(yaml('    columns:\n      - na$0me: churn_score\n')), undefined);
});

test('the hover says type, table, owner and who said it; definition leads to the table', () => {
  const files = {
    'q.sql': 'SELECT c.churn_$0score FROM ml.features c',
    'make.sql': 'CREATE TABLE ml.features AS SELECT 1',
  };
  const { context, document, at } = codeWorld(files, world);
  const hover = hoverColumn(context, document, at);
  assert.ok(hover);
  const { value } = hover.contents as { value: string };
  assert.match(value, /^\*\*Column\*\* `churn_score` float of table `ml\.features`/);
  assert.match(value, /Owner: ana/);
  assert.match(value, /Said by .*, as of /);
  assert.deepEqual(hover.range, { start: { line: 0, character: 9 }, end: { line: 0, character: 20 } });
  const [link] = columnDefinition(context, document, at);
  assert.match(link?.targetUri ?? '', /make\.sql$/);
  assert.deepEqual(link?.originSelectionRange, hover.range);
});

test('a column is no reference', () => {
  const { context, document } = codeWorld({ 'q.sql': 'SELECT c.churn_score FROM ml.features c' }, world);
  assert.deepEqual(
    context.references(document.uri).map(({ name }) => name),
    ['ml.features'],
  );
});

test('any text at any place: no crash, and what is found stands where it is said to', () => {
  const word = fc.constantFrom(
    'SELECT',
    'FROM',
    'a.b',
    'x',
    ',',
    '(',
    ')',
    '.',
    ';',
    'AS',
    'WITH',
    'UNION',
    "'",
    '"',
    '{{',
    '}}',
    '-- ',
    '\n',
    'name:',
    '- ',
    '  ',
    'columns:',
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 40 }).map((words) => words.join(' ')),
    fc.string(),
  );
  fc.assert(
    fc.property(text, fc.nat(), (said, where) => {
      const at = where % (said.length + 1);
      const lines = LineIndex.of(said);
      for (const use of [sqlColumnAt(said, at, 0, said.length), yamlColumnAt(said, lines, at)]) {
        if (!use) continue;
        assert.ok(use.from <= at && at <= use.to);
        assert.ok(said.slice(use.from, use.to).includes(use.name));
        assert.ok(use.tables.every(({ from, to }) => from < to && to <= said.length));
      }
    }),
    { numRuns: 500 },
  );
});

test('many brackets and many names take linear time', () => {
  const texts = [
    '('.repeat(50_000),
    'SELECT x FROM '.repeat(4_000),
    `SELECT ${'a.'.repeat(25_000)}b FROM t`,
    'FROM a,'.repeat(8_000),
  ];
  for (const one of texts) {
    const started = process.cpuUsage();
    sqlColumnAt(one, one.length - 2, 0, one.length);
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 3_000_000, `${one.slice(0, 20)} took ${user + system} µs`);
  }
});
