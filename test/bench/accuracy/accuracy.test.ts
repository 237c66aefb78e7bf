// Tests of the accuracy bench: the reader of labels, the scorer, the unpacking, and that the committed labels can be read.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { readLabels } from './labels.ts';
import { type Found, languageOf, score } from './score.ts';
import { unpack } from './unpack.ts';

const header = `package some-package
registry pypi
version 1.2.0
archive some_package-1.2.0.tar.gz
sha256 ${'0a'.repeat(32)}
`;
const read = (body: string) => readLabels(`${header}${body}`, 'a.labels');
const filesOf = (body: string) => read(body).files;

test('the reader reads every form of a line', () => {
  const labelled = read(`context dags/common.py
## dags/a.py
// a comment
3 job defines daily
4|9 path writes s3://bucket/key
12 task defines "my task" cell=2
13 table reads orders ?
14 table * * ?

## dags/empty.py
`);
  assert.equal(labelled.package, 'some-package');
  assert.deepEqual(labelled.context, ['dags/common.py']);
  assert.deepEqual(labelled.files, [
    {
      path: 'dags/a.py',
      labels: [
        { lines: [3], kind: 'job', roles: ['defines'], name: 'daily', unsure: false },
        { lines: [4, 9], kind: 'path', roles: ['writes'], name: 's3://bucket/key', unsure: false },
        { lines: [12], cell: 2, kind: 'task', roles: ['defines'], name: 'my task', unsure: false },
        { lines: [13], kind: 'table', roles: ['reads'], name: 'orders', unsure: true },
        { lines: [14], kind: 'table', roles: ['*'], name: '*', unsure: true },
      ],
    },
    { path: 'dags/empty.py', labels: [] },
  ]);
});

test('the reader names the line that is wrong', () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['## a.py\n1 jobs defines x', /a\.labels:7: "jobs" is no kind/],
    ['## a.py\n1 job define x', /"define" is no role/],
    ['## a.py\n0 job defines x', /not LINE KIND ROLE NAME/],
    ['## a.py\n1 job defines two words', /names with spaces are JSON strings/],
    ['## a.py\n1 job * x', /"\*" is no role/],
    ['## a.py\n1 job defines *', /no reference/],
    ['## ../a.py', /not a path inside/],
    ['## a.py\n## a.py', /was there before/],
    ['version', /not a line of the header/],
  ];
  for (const [body, message] of wrong) assert.throws(() => read(body), message);
  assert.throws(() => readLabels('registry pypi\n', 'b.labels'), /b\.labels: the header needs "package"/);
});

const at = (line: number, kind: string, role: string, name: string, cell?: number): Found => ({
  path: cell === undefined ? 'a.py' : 'b.ipynb',
  line,
  kind,
  role,
  name,
  ...(cell === undefined ? {} : { cell }),
});

test('a label counts only when line, kind, role and name are right', () => {
  const files = filesOf(
    '## a.py\n3 job defines daily\n4 task defines load\n5 task defines save\n6 table reads t\n7 task defines x\n',
  );
  const { overall, misses, wrong } = score(files, [
    at(3, 'job', 'defines', 'daily'),
    at(4, 'task', 'runs', 'load'),
    at(5, 'job', 'defines', 'save'),
    at(6, 'table', 'reads', 'other'),
    at(8, 'task', 'defines', 'x'),
  ]);
  assert.deepEqual(
    { labels: overall.labels, hits: overall.hits, misses: overall.misses, wrong: overall.wrong },
    { labels: 5, hits: 1, misses: 4, wrong: 4 },
  );
  assert.equal(overall.precision, 0.2);
  assert.equal(overall.recall, 0.2);
  assert.deepEqual(
    misses.map((one) => one.line),
    [4, 5, 6, 7],
  );
  assert.deepEqual(
    wrong.map((one) => one.line),
    [4, 5, 6, 8],
  );
});

test('unsure lines count neither for nor against, and other files do not count', () => {
  const files = filesOf('## a.py\n3 table * t ?\n4 * * * ?\n5 job defines sure\n');
  const found = [at(3, 'table', 'writes', 't'), at(4, 'path', 'reads', 's3://b/'), at(5, 'job', 'defines', 'sure')];
  const { overall } = score(files, [...found, { ...at(1, 'job', 'defines', 'x'), path: 'other.py' }]);
  assert.deepEqual(overall, { files: 1, labels: 1, hits: 1, misses: 0, wrong: 0, open: 2, precision: 1, recall: 1 });
  assert.equal(score(files, [at(3, 'table', 'writes', 'u')]).overall.wrong, 1);
});

test('a name with several lines is found on any of them, once; the same reference twice is one', () => {
  const files = filesOf('## a.py\n3|7 path writes s3://b/k\n');
  const twice = [at(7, 'path', 'writes', 's3://b/k'), at(3, 'path', 'writes', 's3://b/k')];
  for (const found of [twice, twice.slice(1), [...twice, ...twice]]) {
    const { hits, wrong } = score(files, found).overall;
    assert.deepEqual({ hits, wrong }, { hits: 1, wrong: 0 });
  }
});

test('a role that the conventions leave open counts as either, once', () => {
  const files = filesOf('## a.py\n3 experiment mentions|writes churn\n');
  for (const role of ['mentions', 'writes'])
    assert.equal(score(files, [at(3, 'experiment', role, 'churn')]).overall.hits, 1);
  const { misses, wrong } = score(files, [at(3, 'experiment', 'reads', 'churn')]).overall;
  assert.deepEqual({ misses, wrong }, { misses: 1, wrong: 1 });
});

test('in notebooks the cell must be right, and languages and kinds are counted apart', () => {
  const files = filesOf(
    '## b.ipynb\n1 run reads abc cell=4\n2 run reads abc cell=5\n## a.py\n1 job defines j\n## none.sql\n',
  );
  const { languages, kinds } = score(files, [at(1, 'run', 'reads', 'abc', 4), at(2, 'run', 'reads', 'abc', 6)]);
  assert.deepEqual(
    languages.map(({ language, files: count, labels, hits, wrong }) => [language, count, labels, hits, wrong]),
    [
      ['notebook', 1, 2, 1, 1],
      ['python', 1, 1, 0, 0],
      ['sql', 1, 0, 0, 0],
    ],
  );
  assert.deepEqual(
    kinds.map(({ kind, precision, recall }) => [kind, precision, recall]),
    [
      ['job', 1, 0],
      ['run', 0.5, 0.5],
    ],
  );
});

test('languages are told by name', () => {
  const names = ['x/a.PY', 'MLproject', 'x/databricks.yml', 'Makefile', '.env', 'x/run.sh', 'main.tf', 'a.json'];
  assert.deepEqual(names.map(languageOf), ['python', 'yaml', 'yaml', 'shell', 'shell', 'shell', 'terraform', 'json']);
});

/** One header and its content, as tar writes them. */
function tarred(name: string, content: string, type = '0'): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write(Buffer.byteLength(content).toString(8).padStart(11, '0'), 124);
  head.write(type, 156);
  const body = Buffer.alloc(Math.ceil(Buffer.byteLength(content) / 512) * 512);
  body.write(content);
  return Buffer.concat([head, body]);
}

test('tar archives give the files asked for, without their top folder, also with long names', () => {
  const long = `${'folder/'.repeat(20)}a.py`;
  const pax = `path=p-1/${long}x\n`;
  const record = `${pax.length + 4} ${pax}`;
  const tar = Buffer.concat([
    tarred('p-1/', '', '5'),
    tarred('p-1/b.py', 'b = 1\n'),
    tarred('././@LongLink', `p-1/${long}\0`, 'L'),
    tarred('p-1/short', 'long = 1\n'),
    tarred('p-1/pax', record, 'x'),
    tarred('p-1/short2', 'pax = 1\n'),
    Buffer.alloc(1024),
  ]);
  const contents = unpack(gzipSync(tar), 'p-1.tar.gz', new Set(['b.py', long, `${long}x`]));
  assert.deepEqual(
    [...contents].map(([name, content]) => [name, content.toString()]),
    [
      ['b.py', 'b = 1\n'],
      [long, 'long = 1\n'],
      [`${long}x`, 'pax = 1\n'],
    ],
  );
});

function zipped(name: string, content: string): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}

test('wheels give the files asked for; other bytes are refused', () => {
  const contents = unpack(zipped('pkg/a.py', 'a = 1\n'), 'p-1-py3-none-any.whl', new Set(['pkg/a.py', 'pkg/b.py']));
  assert.deepEqual(
    [...contents].map(([name, content]) => [name, content.toString()]),
    [['pkg/a.py', 'a = 1\n']],
  );
  assert.throws(() => unpack(Buffer.from('nothing'), 'p.whl', new Set()), /not a zip archive/);
});

test('every committed label file can be read, and none labels a package twice', () => {
  const folder = path.join(import.meta.dirname, 'labels');
  const names = readdirSync(folder).filter((name) => name.endsWith('.labels'));
  assert.ok(names.length > 0);
  const seen = names.flatMap((name) => {
    const { package: of, version, files } = readLabels(readFileSync(path.join(folder, name), 'utf8'), name);
    assert.ok(files.length > 0, name);
    return files.map((file) => `${of} ${version} ${file.path}`);
  });
  assert.deepEqual(
    seen.filter((one, index) => seen.indexOf(one) !== index),
    [],
  );
});
