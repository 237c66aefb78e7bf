// Hostile input of the readers of shell, make, Dockerfile, .env and Terraform: no crash, ranges in the file, linear time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ReferenceIndex, summarize } from '../../../server/references/index.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { parseDocument } from '../../../server/syntax/document.ts';
import { languageIdOf } from '../../../server/syntax/languages.ts';

const files = ['a.sh', 'Makefile', 'Dockerfile', '.env', 'a.tf', 'a.tfvars'];

const samples = [
  `#!/bin/bash
X="\${X:-s3://b/$(date "+%F" | tr -d '-')/}" ; for i in 1 2; do aws s3 cp "$X\${i}" ./x; done
ssh -p 22 u@h <<-EOF
	mlflow models serve -m "models:/\${M}/1" && echo \`ray job logs a\`
	EOF
bash -c 'dbt run -s +a+,b "source:c.d" --vars '"'"'{a: 1}'"'"' ' # end
aws s3api get-object --bucket "$B" --key k {{ ds }} \${{ secrets.X }} $'a\\n' <(ls) 2>&1
`,
  `A := s3://x/$(B)
B ?= $(shell cat x)
all: a
	@dbt run -s $(A) $$(aws s3 ls s3://$$B/)
`,
  `FROM x
ENV A=s3://x/ B="y" \\
  C=z
RUN --mount=type=a <<EOF
aws s3 ls $A
EOF
CMD ["mlflow", "run", "\\"x\\""]
`,
  `resource "datadog_monitor" "m" {
  name = "a \${var.x} \${local.y["z"]}"
  query = <<-EOT
    avg(last_5m):avg:a.b{x:\${join("-", [var.x, "a"])}} > 1
  EOT
  dynamic "task" { content { a = [for x in y : upper(x)] } }
}
locals { y = { z = format("%s", var.x) } }
x = "s3://a/\${x ? "b" : "c"}"
`,
];

function check(name: string, text: string): void {
  const uri = `file:///w/${name}`;
  const document = parseDocument({ uri, languageId: languageIdOf(name), version: 1, text });
  const index = new ReferenceIndex();
  index.upsert(summarize(document, allRules));
  for (const { range } of index.references(uri)) {
    const [from, to] = [document.lines.offsetAt(range.start), document.lines.offsetAt(range.end)];
    assert.deepEqual(document.lines.positionAt(from), range.start);
    assert.deepEqual(document.lines.positionAt(to), range.end);
    assert.ok(from < to, 'a reference stands on some text');
  }
}

test('every prefix of every sample, in every language', () => {
  for (const sample of samples)
    for (let length = 0; length <= sample.length; length += 7)
      for (const name of files) check(name, sample.slice(0, length));
});

test('any bytes and any pieces', () => {
  const piece = fc.constantFrom(
    ...[
      '"',
      "'",
      '$(',
      '${',
      '}',
      ')',
      '(',
      '`',
      '\\',
      '\n',
      '\t',
      '<<EOF',
      'EOF',
      ' ',
      'aws s3 cp ',
      's3://b/k',
      '$X',
      'X=',
    ],
    ...[
      'resource "aws_s3_bucket" "x" {',
      '{{',
      '{%',
      '$$',
      'dbt run -s ',
      'ssh ',
      'RUN ',
      '[',
      ']',
      ':=',
      '#',
      '\r\n',
      '+a,',
    ],
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 40 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(fc.constantFrom(...files), text, (name, content) => check(name, content)),
    { numRuns: 400 },
  );
});

test('long hostile files take linear time', () => {
  const pieces = [
    '$(',
    '"$(',
    '`',
    "'",
    '${X:-',
    '<<E\n$(\nE\n',
    '{{',
    'X=$X$X\n',
    'aws s3 cp ',
    '\\\n',
    'ssh a ',
    '(',
    '#',
    '[ ',
  ];
  for (const piece of pieces) {
    for (const name of ['a.sh', 'Makefile', 'Dockerfile', '.env']) {
      const started = performance.now();
      check(name, piece.repeat(Math.ceil(30_000 / piece.length)));
      const took = performance.now() - started;
      assert.ok(took < 2500, `${JSON.stringify(piece)} in ${name}: ${took} ms`);
    }
  }
});

test('long hostile Terraform takes linear time', () => {
  for (const piece of [
    'resource "x" "y" {\n',
    '"${',
    '{',
    'a = "\n',
    '<<E\n',
    'x = [',
    `a = "\${var.x}"\n`,
    'a = f(',
  ]) {
    const started = performance.now();
    check('a.tf', `x = 1\n${piece.repeat(Math.ceil(40_000 / piece.length))}`);
    const took = performance.now() - started;
    assert.ok(took < 4000, `${JSON.stringify(piece)}: ${took} ms`);
  }
});
