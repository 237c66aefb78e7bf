// Asides: what is said to a log or put in place of something in a test is no call that may name a thing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarize } from '../../../server/references/index.ts';
import { allRules } from '../../../server/references/rules/index.ts';
import { parseDocument } from '../../../server/syntax/document.ts';

function sitesOf(text: string): readonly string[] {
  const document = parseDocument({ uri: 'file:///w/a.py', languageId: 'python', version: 1, text });
  return summarize(document, allRules).blocks.flatMap(({ block }) => block.sites.map(({ content }) => content.site));
}

for (const text of [
  'logger.info("orders")\n',
  'self.log.info("orders", path)\n',
  'mock.patch("app.jobs.run_job")\n',
  '@mock.patch.object(Job, "run")\ndef test_it(run): pass\n',
])
  test(`nothing may be named by ${text.trim()}`, () => assert.deepEqual(sitesOf(text), []));

for (const text of ['logger.log_metric("auc", 1)\n', 'fs.info("s3://lake/a")\n', 'logger.info("s3://lake/a")\n'])
  test(`something may be named by ${text.trim()}`, () => assert.notDeepEqual(sitesOf(text), []));
