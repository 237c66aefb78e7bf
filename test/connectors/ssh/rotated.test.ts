// Rotated logs and keys: which part of a log was written at a time, and how a remote log is named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { families, partAt } from '../../../server/connectors/ssh/files.ts';
import { logKey, parseLogKey } from '../../../server/connectors/ssh/logKey.ts';

test('the part of a rotated log that was written at a time', () => {
  const file = (path: string, modifiedAt: number) => ({ path, size: 1, modifiedAt, identity: path });
  const [family] = families([file('/l/a.log', 3000), file('/l/a.log.2.gz', 1000), file('/l/a.log.1', 2000)]);
  assert.ok(family);
  assert.equal(family.log, '/l/a.log');
  assert.equal(partAt(family, 500)?.path, '/l/a.log.2.gz');
  assert.equal(partAt(family, 2_500)?.path, '/l/a.log.1');
  assert.equal(partAt(family, 4_000)?.path, '/l/a.log');
  assert.equal(partAt(family, 9_000)?.path, '/l/a.log');
});

test('keys come back as they were, others do not', () => {
  for (const key of [{ file: '/l/a.log' }, { log: '/l/a.log', since: 1 }, { log: '/l/a.log', since: 1, until: 2 }])
    assert.deepEqual(parseLogKey(logKey(key)), key);
  for (const bad of ['', '{}', '[]', '{"file":"/a b"}', '{"file":"/a/../b"}', '{"log":"/a"}', '{"file":7}'])
    assert.equal(parseLogKey(bad), undefined, bad);
});
