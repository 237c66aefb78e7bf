// Bad input of configurations: half typed, broken and hostile YAML and JSON never fail, and every range lies on the text it names.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { yamlDocuments } from '../../../server/references/configs/trees/yamlTree.ts';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import type { Reference } from '../../../server/references/reference.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { editDocument, type ParsedDocument, parseDocument } from '../../../server/syntax/document.ts';

const samples: readonly (readonly [string, string])[] = [
  [
    'models/schema.yml',
    `version: 2
models:
  - name: orders # the orders
    description: >-
      folded {{ doc('x') }}
      s3://not/this
    columns: [{name: "a\\tb", data_tests: [{relationships: {to: ref('days'), field: d}}]}]
sources:
- name: 'crm'
  tables: &tables
  - {name: customers, external: {location: 's3://b/{{ var("x", "y") }}/z'}}
  - name: two
x: *tables
`,
  ],
  [
    'databricks.yml',
    `bundle: {name: churn}
variables:\r
  c: {default: main}\r
resources:
  jobs:
    score:
      name: a-\${bundle.name}
      tasks:
        - task_key: "one"
          sql: |
            insert into \${var.c}.a.b
              select * from c.d
        - depends_on: [{task_key: one}]
          run_job_task: {job_id: "\${resources.jobs.o.id}"}
`,
  ],
  [
    'deploy.yaml',
    `{{- if .Values.on }}
kind: ConfigMap
data:
  r.yml: |
    groups:
      - rules:
          - alert: Down
            expr: up{a="b"} == 0
{{ end }}
---
services: {x: {command: [aws, s3, cp, "s3://a/\\u0062", '$OUT'], environment: [MLFLOW_RUN_ID=1]}}
`,
  ],
  [
    'job.json',
    `{"name": "s\\u0063ore", // said
  "tasks": [{"task_key": "one", "args": ["models:/churn@live", "s3://b/x"],}, {"task_key": "t", "depends_on": [{"task_key": "one"}]}],
}`,
  ],
];

function documentOf(name: string, text: string): ParsedDocument {
  const languageId = name.endsWith('.json') ? 'json' : 'yaml';
  return parseDocument({ uri: `file:///w/${name}`, languageId, version: 1, text });
}

function referencesOf(document: ParsedDocument): readonly Reference[] {
  const index = new ReferenceIndex();
  index.upsert(summarize(document, allRules));
  return index.references(document.uri);
}

/** A name that stands there letter by letter is what the range is on; others lie in the text at least. */
function check(document: ParsedDocument): number {
  const { text, lines } = document;
  const found = referencesOf(document);
  for (const { range, name, confidence, kind } of found) {
    const [from, to] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
    const there = text.slice(from, to);
    assert.ok(from < to && to <= text.length, `${name} lies in the text`);
    assert.deepEqual(lines.positionAt(from), range.start, `${name} begins on a column that is there`);
    assert.deepEqual(lines.positionAt(to), range.end, `${name} ends on a column that is there`);
    if (confidence === 'literal' && /^[\w.:/@-]+$/.test(there) && kind !== 'path')
      assert.ok(name === there || name.endsWith(`.${there}`), `${name} is not ${there}`);
  }
  return found.length;
}

test('every beginning of a file is read', () => {
  for (const [name, text] of samples) {
    let most = 0;
    for (let end = 0; end <= text.length; end++) most = Math.max(most, check(documentOf(name, text.slice(0, end))));
    assert.ok(most >= 4, `${name} names something: ${most}`);
  }
});

test('a mistake in one entry leaves the others', () => {
  const entries = Array.from({ length: 40 }, (_, at) => `  - name: m${at}\n    columns:\n      - name: c\n`);
  const names = (text: string): Set<string> =>
    new Set(referencesOf(documentOf('models/s.yml', text)).map(({ name }) => name));
  for (const mistake of [
    '    x: [a\n',
    '    x: {a: \n',
    '    - b\n',
    '  y: : :\n',
    '    x: "a\n',
    '    {{ a\n',
    '   \t- &\n',
  ]) {
    const broken = entries.toSpliced(20, 0, mistake);
    const found = names(`version: 2\nmodels:\n${broken.join('')}`);
    assert.ok(found.size >= 38, `${JSON.stringify(mistake)} leaves ${found.size} of 40`);
  }
});

test('a name does not end with the line end behind it', () => {
  const job = 'resources:\n  jobs:\n    a:\n      tasks:\n        - run_job_task: {job_id: "${resources: 2\n ';
  const document = documentOf('databricks.yml', job);
  check(document);
  assert.deepEqual(
    referencesOf(document).map(({ name }) => name),
    ['a', '${resources: 2'],
  );
});

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'version: 2\n',
      'models:\n',
      '  - name: a\n',
      'sources:',
      '- ',
      '? ',
      ': ',
      '\n',
      '\r\n',
      '  ',
      '\t',
      '|\n',
      '>-\n',
      '"',
      "'",
      '[',
      ']',
      '{',
      '}',
    ],
    ...[
      '{{ ',
      ' }}',
      '{% ',
      ' %}',
      '${',
      '}',
      '$x',
      '&a ',
      '*a',
      '<<: *a\n',
      '!Sub ',
      '# ',
      '---\n',
      '...\n',
      '%YAML\n',
      'null',
      '\\u0041',
      '\\',
    ],
    ...[
      'ref("a")',
      'sql: ',
      'run: ',
      'select * from ',
      's3://b/x',
      'models:/m/1',
      'kind: ConfigMap\ndata:\n  a: |\n',
      'resources:\n  jobs:\n    a:\n',
      'task_key: ',
      '{# a #}\n',
      '#}',
      '  {# b #}\n',
    ],
  ),
  fc.constantFrom(...samples.flatMap(([, text]) => text.split(/(?<=\n)/))),
  fc.string({ maxLength: 4, unit: 'binary' }),
);
/** Mostly a few characters, sometimes whole entries. */
const length = fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 400 }));

/** A second reader of YAML, which remembers nothing of what the first one read. */
async function forgetful(): Promise<typeof yamlDocuments> {
  const second: { yamlDocuments: typeof yamlDocuments } = await import(
    `${import.meta.resolve('../../../server/references/configs/trees/yamlTree.ts')}?forgetful`
  );
  return second.yamlDocuments;
}

test('an entry is the same entry whatever stood around it before', async () => {
  const afresh = await forgetful();
  assert.notEqual(afresh, yamlDocuments);
  const entry = 'models:\n  - name: a\n    {# of the shop #}\n    columns: []\n';
  for (const text of [entry, `${entry}x: {{ y }}\n`, `{% if z %}\n${entry}`, entry])
    assert.deepEqual(yamlDocuments(text, true), afresh(text));
});

test('any text is read, and read the same after an edit as afresh', async () => {
  const afresh = await forgetful();
  fc.assert(
    fc.property(
      fc.constantFrom(...samples, ['x.yml', ''] as const, ['y.json', '{}'] as const),
      fc.array(fc.tuple(fc.nat(), length, fc.array(piece, { maxLength: 6 })), { maxLength: 6 }),
      ([name, text], edits) => {
        const index = new ReferenceIndex();
        let document = documentOf(name, text);
        index.upsert(summarize(document, allRules));
        for (const [at, removed, pieces] of edits) {
          const start = document.lines.positionAt(at % (document.text.length + 1));
          const end = document.lines.positionAt(document.lines.offsetAt(start) + removed);
          document = editDocument(document, [{ range: { start, end }, text: pieces.join('') }], document.version + 1);
          index.upsert(summarize(document, allRules));
          index.references(document.uri);
        }
        check(document);
        assert.deepEqual(index.references(document.uri), referencesOf(document));
        if (document.language === 'yaml') assert.deepEqual(yamlDocuments(document.text, true), afresh(document.text));
      },
    ),
    { numRuns: 200 },
  );
});

test('brackets, dashes and templates without end are read in linear time', () => {
  const many = 30_000;
  const hostile = ['[', '{', '- ', '? ', '{{', '{%', '${', 'a: {', '[1,', '&a ', '*a\n', 'a:\n', '|\n', "'", '"\\'];
  for (const part of hostile) {
    const start = performance.now();
    for (const name of ['models/x.yml', 'x.json']) check(documentOf(name, `models:/ ${part.repeat(many)}`));
    assert.ok(performance.now() - start < 4000, `${JSON.stringify(part)} takes ${performance.now() - start} ms`);
  }
});

test('a file that is too long says so, unless a program wrote it for itself', () => {
  const long = `a: s3://b/x\n${'# filler\n'.repeat(240_000)}`;
  const summary = summarize(documentOf('conf.yml', long), allRules);
  assert.match(summary.notice ?? '', /million characters/);
  assert.equal(summarize(documentOf('package-lock.json', long), allRules).notice, undefined);
});
