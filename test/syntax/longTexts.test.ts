// Long texts: broken quotes turn code and texts around in one function, not in all that follow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { chunksOf } from '../../server/syntax/chunks.ts';
import { editDocument, parseDocument } from '../../server/syntax/document.ts';
import { opensNothing, statementEnd } from '../../server/syntax/longTexts.ts';
import { PythonNode, parsePython } from '../../server/syntax/pythonTree.ts';

/** A class of so many is long enough to be cut. */
const functions = 40;

function method(at: number, indent: string): string {
  const text = `def step_${at}(frame):
    """Step ${at} of the pipeline.

    Args:
        frame: what it isn't (yet).
    """
    return mlflow.pyfunc.load_model("models:/churn_${at}@champion")

`;
  return text.replaceAll(/^(?=.)/gm, indent);
}

const all = (indent: string): string =>
  Array.from({ length: functions }, (_nothing, at) => method(at, indent)).join('\n');
const texts = {
  'functions of a module': `import mlflow\n\n${all('')}`,
  'methods of a class': `import mlflow\nclass A:\n${all('    ')}`,
};

/** Numbers of the functions in which a name is found. */
function named(text: string): readonly number[] {
  const index = new ReferenceIndex();
  const uri = 'file:///a.py';
  index.upsert(summarize(parseDocument({ uri, languageId: 'python', version: 1, text }), index.rules));
  return index
    .references(uri)
    .flatMap(({ name, kind }) => (kind === 'model' ? [Number(name.slice('churn_'.length))] : []));
}

for (const [name, text] of Object.entries(texts)) {
  for (const quotes of [0, 1]) {
    test(`a quote that is missing ${quotes ? 'at the end' : 'at the beginning'} of a docstring hides nothing in the functions below: ${name}`, () => {
      const start = text.indexOf('"""Step 3');
      const at = quotes ? text.indexOf('"""', start + 3) : start;
      const broken = text.slice(0, at) + text.slice(at + 1);
      const others = Array.from({ length: functions }, (_nothing, one) => one).filter((one) => one !== 3);
      assert.deepEqual(
        named(broken).filter((one) => one !== 3),
        others,
      );
    });
  }
}

test('however many docstrings of a long class are broken, no piece that is parsed alone is long', () => {
  const text = `class A:\n${Array.from({ length: 200 }, (_nothing, at) => method(at, '    ')).join('\n')}`;
  let document = parseDocument({ uri: 'file:///a.py', languageId: 'python', version: 1, text });
  for (let at = 0; at < 200; at += 3) {
    const start = document.lines.positionAt(document.text.indexOf(`"""Step ${at} `));
    const end = { line: start.line, character: start.character + 1 };
    document = editDocument(document, [{ range: { start, end }, text: '' }], at + 2);
  }
  const pieces = (document.chunks ?? []).flatMap(({ content }) =>
    content.statementsInside.length > 0 ? content.statementsInside : [content],
  );
  assert.ok(pieces.length >= 200);
  assert.ok(Math.max(...pieces.map((piece) => piece.text.length)) < 1000);
});

test('quotes open nothing right behind what no text can follow', () => {
  const opens = [
    'x = """',
    'f("""',
    'return"""',
    'x = rb"""',
    '    """',
    'a in"""',
    '{1: """',
    '"a" """',
    "'''",
    'not"""',
  ];
  const not = ['pipeline."""', 'word"""', 'f(x)"""', 'a[1]"""', '{a}"""', 'really?"""', 'yes!"""', 'x1"""', 'é"""'];
  for (const text of opens) assert.equal(opensNothing(text, text.length - 3), false, text);
  for (const text of not) assert.equal(opensNothing(text, text.length - 3), true, text);
});

test('only a text that is a statement of its own, and more indented than the function in it, is broken off', () => {
  const end = (text: string): number => statementEnd(text, text.indexOf('"""'), text.length);
  const stays = [
    'x = """\ndef f():\n"""',
    '"""\ndef f():\n"""',
    '    """\n    def f():\n    """',
    '    """\n  define it\n  class of things\n  @param a\n"""',
    '    x = """\ndef f():\n"""',
  ];
  for (const text of stays) assert.equal(end(text), text.length, text);
  for (const line of ['def f(a):', 'class A:', '  async def f(', 'class A(B):']) {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const before = `    r"""Doc.${lineBreak}${lineBreak}    more`;
      assert.equal(end(`${before}${lineBreak}${line}\n"""`), before.length, JSON.stringify(line + lineBreak));
    }
  }
});

test('a text in brackets, or behind a backslash, may hold code that is less indented', () => {
  for (const text of [
    'def a():\n    f(\n        """\ndef b():\n    pass\n""",\n    )\n    return 1\nx = 1\n',
    'def a():\n    x = \\\n        """\ndef b():\n    pass\n"""\n    return 1\nx = 1\n',
  ]) {
    const starts = chunksOf(text).map(({ from }) => text.slice(from).split('\n')[0]);
    assert.deepEqual(starts, ['def a():', 'x = 1']);
    assert.equal(PythonNode.root(parsePython(text)).children.length, 2);
  }
});
