// plumbline.yaml: what is read, and what is said at which line when something is wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { declaredOwner } from '../../server/workspace/owners.ts';
import { parsePlumblineFile } from '../../server/workspace/plumblineFile.ts';

const good = `version: 1
metrics:
  - name: churn AUC is high enough
    model: churn
    metric: auc
    below: 0.80
  - name: churn AUC fell
    model: churn
    metric: auc
    drop: 0.05
    last: 3
owners:
  - match: "model:churn"
    owner: "@acme/growth-ml"
joins:
  - from: "metric:churn.auc"
    to: "model:churn"
logs:
  - airflow: ./logs/airflow/
  - openlineage: lineage
`;

/** `line: message` of every problem, 1-based lines. */
function said(text: string): string[] {
  return parsePlumblineFile(text).problems.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
}

test('a file without mistakes is read whole', () => {
  const { config, problems } = parsePlumblineFile(good);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    config.metrics.map(({ name, subject, conditions }) => ({ name, subject, conditions })),
    [
      {
        name: 'churn AUC is high enough',
        subject: { by: 'model', name: 'churn', metric: 'auc' },
        conditions: [{ test: 'below', value: 0.8 }],
      },
      {
        name: 'churn AUC fell',
        subject: { by: 'model', name: 'churn', metric: 'auc' },
        conditions: [{ test: 'drop', value: 0.05, last: 3 }],
      },
    ],
  );
  assert.deepEqual(config.metrics[1]?.range.start, { line: 6, character: 10 });
  assert.deepEqual(config.owners, [{ match: 'model:churn', owner: '@acme/growth-ml' }]);
  assert.deepEqual(config.logs, [
    { tool: 'airflow', path: 'logs/airflow' },
    { tool: 'openlineage', path: 'lineage' },
  ]);
  assert.equal(config.joins[0]?.to, 'model:churn');
});

test('rows for own calls become rules', () => {
  const { config, problems } = parsePlumblineFile(
    'version: 1\nreferences:\n  - call: acme.io.load_table\n    argument: [0, name]\n    kind: table\n    role: reads\n  - call: Lake#query\n    read: sql\n',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(config.references.rules[0]?.calls, ['acme.io.load_table']);
  assert.deepEqual(config.references.rules[0]?.takes, [{ from: [0, 'name'], kind: 'table', role: 'reads' }]);
  assert.deepEqual(config.references.sqlCalls, ['query']);
});

test('the file of the sample has no mistakes', () => {
  const file = path.join(import.meta.dirname, '../../scripts/sample/repository/plumbline.yaml');
  const { config, problems } = parsePlumblineFile(readFileSync(file, 'utf8'));
  assert.deepEqual(problems, []);
  assert.ok(config.metrics.length >= 2);
});

test('an empty file says nothing and declares nothing', () => {
  assert.deepEqual(parsePlumblineFile(''), parsePlumblineFile('# only words\n'));
  assert.deepEqual(said(''), []);
});

/** What is written, and the problems that must be said of it. */
const mistakes: readonly (readonly [string, readonly string[]])[] = [
  ['metrics: []\n', ['1: version is missing: write "version: 1" at the top.']],
  ['version: 2\n', ['1: this file: "version" must be 1, not 2.']],
  ['version: one\n', ['1: this file: "version" must be 1, not the text "one".']],
  ['version: 1\nmetric:\n  - a\n', ['2: this file: "metric" is not known. Did you mean "metrics"?']],
  [
    'version: 1\nzzzzzzzz: 1\n',
    ['2: this file: "zzzzzzzz" is not known. Known here: version, metrics, owners, joins, logs, references.'],
  ],
  [
    '- a\n- b\n',
    ['1: this file: keys with values are expected (version, metrics, owners, joins, logs, references), not a list.'],
  ],
  [
    'version: 1\nmetrics:\n  name: x\n',
    ['3: metrics: a list is expected, each part on a line of its own that begins with "- ".'],
  ],
  [
    'version: 1\nmetrics:\n  - model: churn\n    metric: auc\n    bellow: 0.8\n',
    [
      '5: metrics, rule 1: "bellow" is not known. Did you mean "below"?',
      '3: metrics, rule 1: say what is wrong: "below", "above", "drop" or "rise" with a number.',
    ],
  ],
  [
    'version: 1\nmetrics:\n  - model: churn\n    metric: auc\n    below: high\n',
    ['5: metrics, rule 1: "below" must be a number, for example 0.8, not the text "high".'],
  ],
  [
    'version: 1\nmetrics:\n  - model: churn\n    below: 0.8\n',
    ['3: metrics, rule 1: "metric" is missing: the name of a metric such as auc.'],
  ],
  [
    'version: 1\nmetrics:\n  - metric: auc\n    below: 0.8\n',
    ['3: metrics, rule 1: whose metric? Add "model: <name>" or "table: <name>".'],
  ],
  [
    'version: 1\nmetrics:\n  - model: a\n    table: b\n    metric: auc\n    below: 1\n',
    ['4: metrics, rule 1: name a model or a table, not both; write two rules.'],
  ],
  [
    'version: 1\nmetrics:\n  - {model: a, metric: auc, drop: -1}\n  - {model: a, metric: auc, drop: 1, last: 0}\n',
    [
      '3: metrics, rule 1: "drop" must be a number above 0, for example 0.05, not -1.',
      '4: metrics, rule 2: "last" must be a whole number from 1 to 1000, not 0.',
    ],
  ],
  [
    'version: 1\nmetrics:\n  - {model: a, metric: auc, below: 1, last: 3}\n',
    ['3: metrics, rule 1: "last" goes with "drop" or "rise" only.'],
  ],
  [
    'version: 1\nmetrics:\n  - {name: x, model: a, metric: auc, below: 1}\n  - {name: x, model: b, metric: auc, below: 1}\n',
    ['4: Another rule is called "x" already; give each its own name.'],
  ],
  ['version: 1\nowners:\n  - match: model:churn\n', ['3: owners, rule 1: "owner" is missing.']],
  [
    'version: 1\nowners:\n  - match: modle:churn\n    owner: me\n',
    ['3: owners, rule 1: "match" must be kind:name, such as model:churn. Did you mean "model:"?'],
  ],
  [
    'version: 1\njoins:\n  - from: churn.auc\n    to: model:churn\n',
    [
      '3: joins, rule 1: "from" must be kind:name, such as model:churn. Kinds are model, version, experiment, job, task, run, table, path, metric, monitor, endpoint, host.',
    ],
  ],
  [
    'version: 1\nlogs:\n  - airflow: ../other\n  - airflow: /var/log\n  - airflow: https://x\n',
    [3, 4, 5].map(
      (line) => `${line}: logs, folder ${line - 2}: the folder must be inside the workspace folder and relative to it.`,
    ),
  ],
  ['version: 1\nlogs:\n  - aiflow: logs\n', ['3: logs, folder 1: "aiflow" is not known. Did you mean "airflow"?']],
  [
    'version: 1\nreferences:\n  - call: acme.load\n    kind: tabel\n    role: reads\n',
    [
      '4: references, rule 1: "kind" must be one of model, experiment, job, task, run, table, path, metric, monitor, endpoint, host.',
    ],
  ],
  [
    'version: 1\nreferences:\n  - kind: table\n    role: reads\n',
    ['3: references, rule 1: "call" is missing: the call that names something, such as acme.io.load_table.'],
  ],
  [
    'version: 1\nreferences:\n  - call: load\n    kind: table\n    role: reads\n    argment: 0\n',
    [
      '6: references, rule 1: "argment" is not known. Did you mean "argument"?',
      '3: references, rule 1: "call" must be a function with its package, such as acme.io.load_table, or a method, such as Lake#load; "*#load" is the method of anything.',
    ],
  ],
  [
    'version: 1\nreferences:\n  - call: acme.sql\n    read: sql\n    kind: table\n',
    ['5: references, rule 1: "kind" says nothing beside "read: sql": SQL says it itself.'],
  ],
  [
    'version: 1\nreferences:\n  - call: acme.load\n    kind: table\n    role: reads\n    argument: [0, -1]\n',
    ['6: references, rule 1: "argument" must be a position counted from 0, a keyword, or a list of them.'],
  ],
  [
    'version: 1\nreferences:\n  - acme.load\n',
    [
      '3: references, rule 1: keys with values are expected (call, argument, kind, role, read, key, scheme, qualify, version, alias, stage, decorator, opens, tool), not the text "acme.load".',
    ],
  ],
];

for (const [text, expected] of mistakes) {
  test(`a mistake is said at its line: ${JSON.stringify(text)}`, () => assert.deepEqual(said(text), expected));
}

test('text that is no YAML is said at its line, and the rest is still read', () => {
  const { config, problems } = parsePlumblineFile(`${good}owners2: [unclosed\n`);
  assert.ok(problems.some(({ range }) => range.start.line >= 18));
  assert.equal(config.metrics.length, 2);
});

test('a rule with a mistake does not take the others with it', () => {
  const { config } = parsePlumblineFile(good.replace('below: 0.80', 'below: low'));
  assert.deepEqual(
    config.metrics.map(({ name }) => name),
    ['churn AUC fell'],
  );
});

test('a file of another version is not used at all', () => {
  assert.deepEqual(parsePlumblineFile(good.replace('version: 1', 'version: 3')).config.metrics, []);
});

test('no text makes it throw, and every place it names is in the text', () => {
  const word = fc.constantFrom(
    'version',
    'metrics',
    'name',
    ':',
    '-',
    '\n',
    '  ',
    '1',
    '&a',
    '*a',
    '[',
    '{',
    '"',
    '\t',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (text) => {
        const lines = text.split('\n').length;
        for (const { range } of parsePlumblineFile(text).problems) assert.ok(range.start.line < lines);
      },
    ),
    { numRuns: 500 },
  );
});

test('owners: the last rule that matches wins, stars match, case does not matter', () => {
  const owners = [
    { match: 'model:*', owner: '@all' },
    { match: 'model:CHURN', owner: '@churn' },
    { match: 'table:analytics.*.churn_*', owner: '@tables' },
  ];
  const entity = (kind: 'model' | 'table', name: string) => ({ id: `${kind}:x://y/${name}`, kind, name, aliases: [] });
  assert.equal(declaredOwner(owners, entity('model', 'churn')), '@churn');
  assert.equal(declaredOwner(owners, entity('model', 'other')), '@all');
  assert.equal(declaredOwner(owners, entity('table', 'ANALYTICS.ML.CHURN_METRICS')), '@tables');
  assert.equal(declaredOwner(owners, entity('table', 'raw.crm.customers')), undefined);
});
