// Logs of five GB, over a real sshd and in a store on loopback: the error at either end, or at a known time, is shown within a second; none takes 100 MB.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Row } from '../bench/bigLog.ts';

const main = path.join(import.meta.dirname, '../bench/main.ts');

/** In a process of its own, with the young heap that the worker of the sync has. */
async function rowsOf(bench: string): Promise<{ readonly rows: readonly Row[]; readonly gzip?: readonly Row[] }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=1', main, bench, '--json']);
  return JSON.parse(stdout) as { readonly rows: readonly Row[]; readonly gzip?: readonly Row[] };
}

/**
 * A second; on a machine that is so busy that even two MB from the end of a log take long, six times that: what stands
 * elsewhere must not be looked for by reading.
 */
function limitOf(rows: readonly Row[]): number {
  const [end] = rows;
  assert.equal(end?.what, 'at the end');
  return Math.max(1_000, 6 * end.shownMs);
}

function judge(rows: readonly Row[], limit: number, searched: number, told: (line: string) => void): void {
  assert.equal(rows.filter(({ isSearched }) => isSearched).length, searched);
  for (const { what, isSearched, shownMs, memoryMb, questions, found } of rows) {
    told(`${what}: ${shownMs} ms after the first byte, ${questions} questions, ${memoryMb} MB more`);
    assert.ok(found, `the error ${what} is shown`);
    assert.ok(memoryMb <= 100, `${what}: ${memoryMb} MB more`);
    if (isSearched) continue;
    assert.ok(shownMs <= limit, `${what}: ${shownMs} ms after the first byte`);
    assert.ok(questions <= 30, `${what}: ${questions} questions`);
  }
}

test('over ssh', { timeout: 900_000 }, async (context) => {
  const { rows } = await rowsOf('logs');
  judge(rows, limitOf(rows), 2, (line) => context.diagnostic(line));
});

test('in S3, plain and gzip', { timeout: 1_500_000 }, async (context) => {
  const { rows, gzip = [] } = await rowsOf('s3logs');
  judge(rows, limitOf(rows), 2, (line) => context.diagnostic(line));
  judge(gzip, limitOf(rows), 3, (line) => context.diagnostic(line));
});
