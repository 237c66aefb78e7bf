// Bad input: nothing that a file may hold makes the reading fail, stall, or point outside of the text.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import type { Reference } from '../../server/references/reference.ts';
import { allRules } from '../../server/references/rules/index.ts';
import { parseDocument } from '../../server/syntax/document.ts';
import { readText } from '../../server/world/files.ts';

const uri = 'file:///w/models/any';

function referencesOf(languageId: string, text: string): readonly Reference[] {
  const index = new ReferenceIndex();
  index.upsert(summarize(parseDocument({ uri, languageId, version: 1, text }), allRules));
  return index.references(uri);
}

function check(languageId: string, text: string): void {
  const { lines } = parseDocument({ uri, languageId: 'none', version: 1, text });
  for (const { range, name } of referencesOf(languageId, text)) {
    const from = lines.offsetAt(range.start);
    const to = lines.offsetAt(range.end);
    assert.ok(from <= to && to <= text.length, `${name} lies in the text`);
    assert.deepEqual(lines.positionAt(from), range.start, `${name} begins on a column that is there`);
    assert.deepEqual(lines.positionAt(to), range.end, `${name} ends on a column that is there`);
  }
}

const words = fc.constantFrom(
  'mlflow.',
  'set_experiment(',
  'load_model(',
  '"models:/',
  's3://',
  '"',
  "'",
  '"""',
  'f"',
  '{',
  '}',
  '{{',
  '}}',
  '(',
  ')',
  '[',
  ']',
  '\n',
  '\r\n',
  '    ',
  ':',
  ',',
  '=',
  '+',
  '%',
  '/',
  '.format(',
  'def f(',
  'class A(',
  'with DAG(',
  'as dag:',
  '@task',
  '@dag(',
  'task_id=',
  'NAME',
  'import ',
  'from ',
  ' as ',
  '*',
  '**',
  'return ',
  'self.x',
  'select * from ',
  'with a as (',
  'join ',
  'insert into ',
  "ref('x')",
  '{% ',
  ' %}',
  '{#',
  '\\',
  '\\n',
  '\\x4',
  '😀',
  '\u0000',
  '\ufeff',
  '\ud800',
  '1',
  'os.path.join(',
  'lambda: ',
  'for x in ',
  ';',
);

test('any words of the languages in any order', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      check('python', text);
      check('sql', text);
    }),
    { numRuns: 400 },
  );
});

test('any characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      check('python', text);
      check('sql', text);
    }),
    { numRuns: 150 },
  );
});

test('bytes that are no UTF-8, and a byte order mark', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'plumbline-'));
  try {
    const file = path.join(folder, 'a.py');
    await writeFile(
      file,
      Buffer.concat([
        Buffer.from([0xef, 0xbb, 0xbf]),
        Buffer.from('x = "'),
        Buffer.from([0xff, 0xfe, 0x80]),
        Buffer.from('"\nload("s3://b/k")\n'),
      ]),
    );
    const found = referencesOf('python', await readText(file));
    assert.deepEqual(
      found.map(({ name, range }) => [name, range.start]),
      [['s3://b/k', { line: 1, character: 6 }]],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('CRLF and astral characters keep columns right', () => {
  const text =
    'x = "😀"; mlflow.set_experiment("churn")\r\nq = """\r\n😀 SELECT\r\n"""\r\nrun("""SELECT *\r\n  FROM a.b -- 😀\r\n  JOIN 😀.c ON 1""")\r\n';
  const lines = text.split('\r\n');
  const found = referencesOf('python', text);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['churn', 'a.b', '😀.c'].filter((name) => found.some((one) => one.name === name)),
  );
  assert.ok(found.length >= 2);
  for (const { range, name } of found)
    assert.equal(lines[range.start.line]?.slice(range.start.character, range.end.character), name);
});

test('what is unparsable leaves the rest readable', () => {
  const found = referencesOf(
    'python',
    'import mlflow\ndef broken(:\n    x = = (\n\nclass )\nmlflow.set_experiment("churn")\n',
  );
  assert.deepEqual(
    found.map(({ name }) => name),
    ['churn'],
  );
  const open = referencesOf(
    'python',
    'import mlflow\nmlflow.set_experiment("before")\nx = foo(\nmlflow.set_experiment("after")\n',
  );
  assert.deepEqual(
    open.map(({ name }) => name),
    ['before', 'after'],
  );
  const half = referencesOf(
    'python',
    'import mlflow\nmlflow.pyfunc.load_model("models:/chu\nmlflow.set_experiment("after")\n',
  );
  assert.deepEqual(
    half.map(({ name }) => name),
    ['chu', 'after'],
  );
});

test('files of 3 MB and 50 MB are scanned up to a limit, which is said', () => {
  const line = 'load("s3://acme-lake/raw/")  # and so on and on, for a long line\n';
  for (const megabytes of [3, 50]) {
    const text = line.repeat(Math.ceil((megabytes * 1_000_000) / line.length));
    const started = performance.now();
    const summary = summarize(parseDocument({ uri, languageId: 'python', version: 1, text }), allRules);
    assert.match(summary.notice ?? '', /million characters/);
    assert.equal(summary.blocks[0]?.block.sites[0]?.content.site, 'text');
    assert.ok(performance.now() - started < 5000);
    const sql = summarize(
      parseDocument({ uri, languageId: 'sql', version: 1, text: `select * from a.b;\n${text}` }),
      allRules,
    );
    assert.equal(sql.notice !== undefined, megabytes === 50);
    assert.equal(sql.blocks[0]?.block.sites[0]?.content.site, 'table');
  }
});

test('depth, length and cycles run out of fuel and not of stack', () => {
  const texts = [
    '('.repeat(20_000),
    ')]}'.repeat(10_000),
    `x = ${'['.repeat(5000)}${']'.repeat(5000)}`,
    `x = ${'f('.repeat(3000)}${')'.repeat(3000)}`,
    `x = ${'"a" + '.repeat(20_000)}"b"`,
    `x = ${'a.'.repeat(5000)}b`,
    `${'if x:\n '.repeat(1)}${Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth + 1)}if x:\n`).join('')}`,
    `mlflow.set_experiment(${'f"{'.repeat(300)}`,
    Array.from({ length: 3000 }, (_, index) => `a${index} = a${index + 1} + a${index + 1}`).join('\n') +
      '\nmlflow.set_experiment(a0)',
    'def f(x):\n    return f(f(x) + f(x))\nmlflow.set_experiment(f("a"))',
    'class A(B):\n    pass\nclass B(A):\n    pass\nmlflow.set_experiment(A.x)\nA(task_id="t")',
    'from . import x\nfrom .. import y\nfrom ................ import z\nmlflow.set_experiment(z)',
    `x = "${'s3://b/'.repeat(50_000)}"`,
    `x = {${'"k": {'.repeat(3000)}`,
    `run("SELECT * FROM ${'a.'.repeat(20_000)}b")`,
  ];
  for (const text of texts) {
    const started = performance.now();
    check('python', text);
    check('sql', text);
    const took = performance.now() - started;
    assert.ok(took < 4000, `${text.slice(0, 20)}… took ${Math.round(took)} ms`);
  }
});

test('every prefix of a file, as it is typed', () => {
  const text = `import mlflow
from airflow.sdk import dag, task
NAME = "churn"
@dag(dag_id=f"train_{NAME}", schedule=["s3://b/k"])
def train():
    @task(outlets=[File(url="s3://acme/x/")])
    def fit(day="x"):
        with mlflow.start_run():
            mlflow.log_metrics({"auc": 1, **more})
        q = f"""SELECT * FROM {NAME}.t JOIN a.b USING (id) -- x
        """
        return os.path.join("s3://a", NAME) + "%s" % day
`;
  for (let end = 0; end <= text.length; end++) check('python', text.slice(0, end));
});
