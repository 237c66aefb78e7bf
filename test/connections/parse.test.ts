// Connections as written by hand: what is used, and what each mistake is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseConnections, parseConnectionsText } from '../../server/connections/parse.ts';

const good = { name: 'prod', tool: 'mlflow', url: 'https://mlflow.acme.com/prefix/' };
const problemsOf = (entry: unknown): string => parseConnections([entry], 'here').problems.join('\n');

test('every field that is known is kept as written', () => {
  const full = {
    ...good,
    environment: 'prod',
    instance: 'acme-mlflow',
    credential: 'environment',
    workspace: 'growth',
    allowSelfSigned: true,
    caFile: '/etc/ca.pem',
    certificateFile: '/etc/me.pem',
    keyFile: 'C:\\keys\\me.pem',
    paused: false,
  };
  assert.deepEqual(parseConnections([full], 'here'), { connections: [full], problems: [] });
});

test('a bad entry hides none of the good ones', () => {
  const other = { name: 'air', tool: 'airflow', url: 'http://localhost:8080' };
  const { connections, problems } = parseConnections([good, 7, { name: 'x' }, null, other], 'here');
  assert.deepEqual(connections, [good, other]);
  for (const entry of ['entry 2:', 'entry 3 ("x"):', 'entry 4:'])
    assert.ok(
      problems.some((problem) => problem.startsWith(`here, ${entry}`)),
      `${entry} is not among ${problems}`,
    );
});

for (const [what, entry, words] of [
  ['no name', { ...good, name: undefined }, /"name" is missing/],
  ['a tool of another version', { ...good, tool: 'grafana' }, /cannot ask "grafana"; it can ask "mlflow" or "airflow"/],
  ['no url', { ...good, url: undefined }, /"url" is missing: the address you open in the browser/],
  ['a url without scheme', { ...good, url: 'localhost:5000' }, /write "http:\/\/localhost:5000"/],
  ['ftp', { ...good, url: 'ftp://host/x' }, /must begin with http/],
  ['a database', { ...good, url: 'sqlite:///mlflow.db' }, /a store of files is no server/],
  ['Databricks', { ...good, url: 'databricks://prod' }, /Databricks is not asked/],
  [
    'a query',
    { ...good, url: 'https://a.com/x?y=1' },
    /what follows "\?" does not belong in it; write "https:\/\/a.com\/x"/,
  ],
  ['a fragment', { ...good, url: 'https://a.com/#/experiments' }, /what follows "#"/],
  ['a word that is no credential', { ...good, credential: 'Env' }, /"none", "stored", "environment"/],
  ['a flag in quotes', { ...good, paused: 'true' }, /"paused" must be true or false, without quotes/],
  ['a relative file', { ...good, caFile: 'ca.pem' }, /"caFile" must be the whole path/],
  ['a key alone', { ...good, keyFile: '/k.pem' }, /"keyFile" goes with "certificateFile"/],
  ['a number for a text', { ...good, environment: 3 }, /"environment" must be a text, not the number/],
] as const) {
  test(`${what} is told, and the entry not used`, () => {
    assert.match(problemsOf(entry), words);
    assert.deepEqual(parseConnections([entry], 'here').connections, []);
  });
}

for (const [what, entry, words] of [
  [
    'a mistyped field',
    { ...good, enviroment: 'prod' },
    /"enviroment" is not known and not used; did you mean "environment"\?/,
  ],
  ['a field of nobody', { ...good, colour: 'red' }, /"colour" is not known and not used; known are name, tool/],
  ['a workspace of Airflow', { ...good, tool: 'airflow', workspace: 'x' }, /"workspace" is a thing of MLflow/],
] as const) {
  test(`${what} is told, and the rest used`, () => {
    assert.match(problemsOf(entry), words);
    assert.equal(parseConnections([entry], 'here').connections.length, 1);
  });
}

test('no secret is used or repeated, wherever it was written', () => {
  for (const entry of [
    { ...good, url: 'https://ana:hunter2@mlflow.acme.com/x' },
    { ...good, password: 'hunter2' },
    { ...good, url: 'https://mlflow.acme.com/?token=hunter2' },
    { ...good, credential: 'hunter2' },
  ]) {
    const parsed = parseConnections([entry], 'here');
    assert.equal(parsed.problems.length, 1);
    assert.doesNotMatch(JSON.stringify(parsed), /hunter2/);
  }
  assert.match(problemsOf({ ...good, password: 'x' }), /secrets do not belong here/);
  assert.match(parseConnectionsText('[\n{"a" 1}]', 'c').problems.join(), /it is not JSON \(see line 2\); comments/);
  const broken = parseConnectionsText('[{"name": "a", "token": hunter2}]', '/c.json');
  assert.match(broken.problems.join(), /^\/c.json: it is not JSON/);
  assert.doesNotMatch(broken.problems.join(), /hunt/);
});

test('of two with one name the first counts', () => {
  const { connections, problems } = parseConnections([good, { ...good, url: 'http://b' }], 'here');
  assert.deepEqual(connections, [good]);
  assert.match(problems.join(), /entry 2 \("prod"\): another entry has this name already/);
});

test('nothing at all is no mistake; something else than a list is', () => {
  for (const nothing of [undefined, null, []]) assert.deepEqual(parseConnections(nothing, 'x').problems, []);
  assert.deepEqual(parseConnectionsText(' \n', 'x'), { connections: [], problems: [] });
  assert.match(parseConnections({ prod: good }, 'here').problems.join(), /^here: a list of connections is expected/);
});

test('any value is read without failing, and what is used has a usable address', () => {
  const field = fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string(), fc.jsonValue());
  const entry = fc.dictionary(fc.constantFrom(...Object.keys(good), 'paused', 'caFile', 'other', '__proto__'), field);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.jsonValue(),
          entry,
          entry.map((one) => ({ ...good, ...one })),
        ),
      ),
      (value) => {
        for (const { url } of parseConnections(value, 'here').connections) {
          const { protocol, username, search, hash } = new URL(url);
          assert.match(protocol, /^https?:$/);
          assert.equal(username + search + hash, '');
        }
      },
    ),
    { numRuns: 300 },
  );
});
