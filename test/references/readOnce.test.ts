// Read once: a closed file of which nothing is remembered says what the same text says in the editor.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReferenceIndex, summarize } from '../../server/references/index.ts';
import { parseDocument } from '../../server/syntax/document.ts';

const rules = new ReferenceIndex().rules;

const method = (at: number): string =>
  `    def load_${at}(self, name, table="orders_${at}"):\n        path = f"s3://lake/{name}/${at}"\n        return spark.table(table)\n`;
const texts: Readonly<Record<string, string>> = {
  'a long class, cut into its methods': `class Lake:\n${Array.from({ length: 60 }, (_, at) => method(at)).join('\n')}`,
  'a USE that later statements of the same function feel': `def run(spark):
    spark.sql("USE CATALOG prod")
    if spark:
        spark.sql("USE SCHEMA sales")
    spark.sql("SELECT * FROM orders")
def other(spark):
    spark.sql("SELECT * FROM orders")
`,
  'statements that say the same': 'load("a")\nload("a")\nif x:\n    load("a")\n    load("a")\n',
  'a long match': `def run(sort):
    match sort:
${Array.from({ length: 80 }, (_, at) => `        case "kind_${at}":\n            spark.table("orders_${at}")\n`).join('')}`,
  'a short text that goes on behind a backslash':
    'job = {\n    "schema": \'{"fields":[{"name"\\\n        :"a"},{"name":"b"}]}\',\n    "path": "s3://lake/a",\n}\nload("s3://lake/b")\n',
  'comments at the end of a class':
    'class A:\n    def f(self):\n        load("s3://a/b")\n    # def g\n\nload("s3://a/c")\n',
  'half typed': 'class A:\n    def f(self):\n        load("s3://a/b\n    def g(self):\n        load("s3://a/c")\n',
};

for (const [about, text] of Object.entries(texts))
  test(about, () => {
    const read = (isReadOnce: boolean) => {
      const document = parseDocument({ uri: 'file:///w/a.py', languageId: 'python', version: 1, text });
      return JSON.stringify(summarize(document, rules, isReadOnce));
    };
    assert.ok(read(false).includes('"sites":[{'));
    assert.equal(read(true), read(false));
  });
