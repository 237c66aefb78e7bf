// Chunks: where Python is cut never hides anything, and however a text was typed, its chunks are those of a fresh reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { summarize } from '../../server/references/index.ts';
import { allRules } from '../../server/references/rules/index.ts';
import { chunksOf } from '../../server/syntax/chunks.ts';
import { editDocument, type ParsedDocument, parseDocument } from '../../server/syntax/document.ts';
import { PythonNode, parsePython } from '../../server/syntax/pythonTree.ts';

const python = (text: string): ParsedDocument =>
  parseDocument({ uri: 'file:///a.py', languageId: 'python', version: 1, text });

/** Names and places of the statements, from one tree of the whole text or from the chunks. */
const statementsOf = (roots: readonly PythonNode[]): string[] =>
  roots.flatMap((root) =>
    root.children.filter(({ name }) => name !== 'Comment').map((node) => `${node.name} ${node.from}-${node.to}`),
  );

const valid: Readonly<Record<string, string>> = {
  'arguments at the left margin': 'f(\na = 1,\nb = g(\nc = 2,\n),\n)\nx = [\n1,\n2,\n]\n',
  'arguments under a comment': 'f(  # why\n# so\na = 1,  # and\n\nb = 2\n)\ny = 1\n',
  'a comprehension at the left margin': 'f(x\nasync for x in y\nif x)\ny = 1\n',
  'a long text that looks like code': 'x = """\nimport a\ndef f():\n  (\n"""\ny = \'\'\'(\n@b\n\'\'\'\nz = 1\n',
  'decorators, comments and blank lines between': '@a(\n 1,\n)\n# b\n\n@c\nasync def d(): pass\n@e\nclass F: pass\n',
  'branches at the left margin':
    'if a:\n  b\n# c\nelif d:\n  e\nelse:\n  f\ntry:\n  g\nexcept H:\n  i\nfinally:\n  j\n',
  'lines that go on': 'a = 1 + \\\n2\nb = "x\\\ny = 1"\nc = 3\n',
  'quotes in comments and texts': '# don\'t\na = "\'"\nb = \'"""\'\nc = r"\\""\nd = f"{a!r}("\ne = 1\n',
  'other line ends': 'a = f(\r\n1,\r\n)\r\nb = """\r\nc = 1\r\n"""\rd = 1\r',
  'no statement at the beginning': '\n\n  \n# a\n@b\ndef c(): pass\nd = 1',
};

for (const [name, text] of Object.entries(valid)) {
  test(`cutting changes nothing: ${name}`, () => {
    assert.deepEqual(
      statementsOf(chunksOf(text).map((chunk) => chunk.root())),
      statementsOf([PythonNode.root(parsePython(text))]),
    );
    assert.ok(chunksOf(text).length > 1);
  });
}

test('a bracket or a quote that is open hides nothing beyond the statement it is typed in', () => {
  for (const open of ['f(', 'f("a', 'x = {"a": [', 'f(a, b=', '@task(', 'def f(a', '"""']) {
    const text = `a = 1\n${open}\nimport b\n\n\n@task\ndef c(d):\n    return d\n`;
    const starts = chunksOf(text).map(({ from }) => text.slice(from).split('\n')[0]);
    if (open === '"""') assert.deepEqual(starts, ['a = 1', '"""']);
    else assert.deepEqual(starts, ['a = 1', open, 'import b', '@task'], open);
  }
});

/** Long enough that parts of the old tree are taken over. */
const long = (method: number): string => `    @task(retries=${method})
    def method_${method}(self, frame, limit={"a": ${method}}):
        """Method ${method}."""
        model = mlflow.pyfunc.load_model(f"models:/{NAME}_${method}@champion")
        rows = query('''
          SELECT * FROM a.b_${method}
        ''')
        for row in rows:
            if row: mlflow.log_metric("m_${method}", row.score)
        else:
            pass

`;
const start = `import mlflow
NAME = "churn"
class Trainer:
${Array.from({ length: 30 }, (_, method) => long(method)).join('')}
@task
def other(a, b="x"):
    return {"a": [1, 2, (3)], **a}
x = 1
`;

const typed = [
  '()',
  '("a",)',
  '"""b"""',
  "'''",
  '\n@task\ndef g(x):\n    return [x]\n',
  '\r\n',
  '[1, {2: 3}]\n',
  'class A:\n',
  '# é😀"',
  'f"{x}"',
  '\\\n',
  ')',
  '\n    y = 1',
  '\n  else:\n',
];
const burst = fc.record({
  at: fc.nat(),
  keys: fc.constantFrom(...typed),
  back: fc.boolean(),
  remove: fc.nat({ max: 3 }),
});

/** Everything the trees say, and what is made of them. */
function told(document: ParsedDocument): string {
  const lines: string[] = [];
  const visit = (node: PythonNode, depth: number): void => {
    lines.push(`${depth} ${node.name} ${node.from}-${node.to}`);
    for (const child of node.children) visit(child, depth + 1);
  };
  for (const chunk of document.chunks ?? []) {
    lines.push(`chunk ${chunk.from}-${chunk.to}`);
    visit(chunk.root(), 0);
  }
  lines.push(JSON.stringify(summarize(document, allRules).blocks));
  return lines.join('\n');
}

test('typed one character at a time and taken back, the chunks and the summary are those of a fresh reading', () => {
  fc.assert(
    fc.property(fc.array(burst, { minLength: 1, maxLength: 4 }), (bursts) => {
      let document = python(start);
      const change = (from: number, removed: number, text: string): void => {
        const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + removed) };
        document = editDocument(document, [{ range, text }], document.version + 1);
        summarize(document, allRules);
      };
      for (const { at, keys, back, remove } of bursts) {
        const from = at % (document.text.length + 1);
        change(from, remove, '');
        let offset = from;
        for (const key of keys.split('')) change(offset++, 0, key);
        assert.equal(told(document), told(python(document.text)));
        if (back) while (offset > from) change(--offset, 1, '');
      }
      assert.equal(told(document), told(python(document.text)));
    }),
    { numRuns: 10 },
  );
});

test('a long statement is read by the statements inside of it: a mistake stays in one of them, and the others are not read again', () => {
  const text = `class Trainer:\n${Array.from({ length: 30 }, (_, method) => long(method)).join('')}`;
  const whole = (node: PythonNode): string[] =>
    node.children
      .filter(({ name }) => name !== 'Comment')
      .flatMap((child) => [`${child.name} ${child.from}`, ...whole(child)]);
  const document = python(text);
  const roots = document.chunks?.map((chunk) => chunk.root()) ?? [];
  assert.deepEqual(roots.flatMap(whole), whole(PythonNode.root(parsePython(text))));
  const identities = (one: ParsedDocument): object[] =>
    one.chunks
      ?.flatMap((chunk) => chunk.root().child('ClassDefinition')?.child('Body')?.parts() ?? [])
      .filter(({ node }) => !node)
      .map(({ identity }) => identity) ?? [];
  const at = document.lines.positionAt(text.indexOf('(f"models:/{NAME}_7@') + 1);
  const edited = editDocument(document, [{ range: { start: at, end: at }, text: '(' }], 2);
  const before = identities(document);
  assert.equal(before.length, 30);
  assert.deepEqual(
    identities(edited).flatMap((identity, index) => (identity === before[index] ? [] : [index])),
    [7],
  );
});

test('statements inside that are indented otherwise than before stand in a body of their own', () => {
  const body = Array.from({ length: 30 }, (_, method) => long(method)).join('');
  const text = `class A:\n${body}`;
  const document = python(text);
  told(document);
  const indented = editDocument(
    document,
    [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: '      x = 1\n' }],
    2,
  );
  assert.equal(told(indented), told(python(indented.text)));
  const back = editDocument(
    indented,
    [{ range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, text: '' }],
    3,
  );
  assert.equal(told(back), told(document));
});

/** What of a class was cut, and which statements in it are other objects than before. */
function otherMethods(
  edit: (text: string) => { readonly at: number; readonly remove?: number; readonly insert: string },
) {
  const text = `class Trainer:\n${Array.from({ length: 30 }, (_, method) => long(method)).join('')}x = 1\n`;
  const document = python(text);
  const { at, remove = 0, insert } = edit(text);
  const range = { start: document.lines.positionAt(at), end: document.lines.positionAt(at + remove) };
  const edited = editDocument(document, [{ range, text: insert }], 2);
  const [before = [], after = []] = [document, edited].map((one) => one.chunks?.[0]?.content.statementsInside ?? []);
  const known = new Set(before);
  const chunks = edited.chunks?.map((chunk) => edited.text.slice(chunk.from).split(/\W/, 1)[0]);
  return { chunks, other: after.flatMap((content, index) => (known.has(content) ? [] : [index])), same: before.length };
}

const inSeven = (text: string, what: string): number => text.indexOf(what, text.indexOf('def method_7('));
const mistakes: Readonly<Record<string, Parameters<typeof otherMethods>[0]>> = {
  'a line that is broken in two': (text) => ({ at: inSeven(text, 'load_model'), insert: '\n' }),
  'a line that is broken in two, with a colon at its end': (text) => ({ at: inSeven(text, 'rows:'), insert: '\n' }),
  'a call over several lines that is moved to the margin': (text) => ({ at: inSeven(text, 'query('), insert: '\n' }),
  'a statement written at the margin': (text) => ({ at: inSeven(text, '        rows ='), insert: 'a = 1\n' }),
  'a bracket at the margin': (text) => ({ at: inSeven(text, '        rows ='), insert: '(' }),
  'else at the margin': (text) => ({ at: inSeven(text, '        rows ='), insert: 'else:\n' }),
  'an indentation that lost a space': (text) => ({ at: text.indexOf('    def method_7('), remove: 1, insert: '' }),
  'a bracket that is open': (text) => ({ at: inSeven(text, 'frame'), insert: '(' }),
  'a quote that is open': (text) => ({ at: inSeven(text, 'f"models') + 3, insert: '"' }),
};
for (const [name, edit] of Object.entries(mistakes)) {
  test(`half typed, a class stays one: ${name}`, () => {
    const { chunks, other, same } = otherMethods(edit);
    assert.equal(same, 30);
    assert.deepEqual(chunks, ['class', 'x']);
    assert.ok(other.length > 0 && other.every((index) => index >= 6 && index <= 9), `${other}`);
  });
}

test('what opens a statement at the margin ends the class, and so does what only stands there in brackets', () => {
  const body = Array.from({ length: 30 }, (_, method) => long(method)).join('');
  const starts = (text: string) => python(text).chunks?.map((chunk) => text.slice(chunk.from).split('\n', 1)[0]);
  const more = 'x = [\n    1,\n]\nif x:\n    y = 2\n';
  assert.deepEqual(starts(`class A:\n${body}${more}`), ['class A:', 'x = [', 'if x:']);
  assert.deepEqual(starts(`class A:\n${body}def f():\n    return 1\nz = 1\n`), ['class A:', 'def f():', 'z = 1']);
});

/** Where everything is cut, at all depths. */
function cuts(document: ParsedDocument): string {
  type Content = NonNullable<ParsedDocument['chunks']>[number]['content'];
  const lines: string[] = [];
  const visit = (content: Content, depth: number): void => {
    lines.push(`${depth} ${JSON.stringify(content.margin)} ${content.text.length} ${content.inside.starts.join()}`);
    for (const inside of content.statementsInside) visit(inside, depth + 1);
  };
  for (const { from, content } of document.chunks ?? []) {
    lines.push(`chunk ${from}`);
    visit(content, 0);
  }
  return lines.join('\n');
}

const quotes = ['"', "'''", '"""'];
const struck = fc.record({
  at: fc.nat(),
  remove: fc.constantFrom(0, 0, 1, 1, 2, 5, 80),
  text: fc.constantFrom(
    ...['', 'x', ...quotes, '(', ')', '\n', ' ', '\t', '\r', '#', ':', '@a\n', 'a = 1\n', '\n  ', 'else:\n', '\\\n'],
    ...['    else:\n', 'class B:\n', '\n    def g(self):\n', 'with a:\n', 'try:\n'],
  ),
});

test('after any edits of a giant class everything is cut as in a fresh reading', () => {
  fc.assert(
    fc.property(fc.array(struck, { minLength: 1, maxLength: 30 }), fc.boolean(), (edits, piledUp) => {
      let document = python(start);
      for (const { at, remove, text } of edits) {
        const from = at % (document.text.length + 1);
        const range = { start: document.lines.positionAt(from), end: document.lines.positionAt(from + remove) };
        const edited = editDocument(document, [{ range, text }], document.version + 1);
        assert.equal(cuts(edited), cuts(python(edited.text)));
        if (piledUp) document = edited;
      }
    }),
    { numRuns: 60 },
  );
});
