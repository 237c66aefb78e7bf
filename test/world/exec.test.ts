// Programs: exact arguments, a clean environment, bounded time and output, and never in Restricted Mode.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExec, ExecFailure } from '../../server/world/exec.ts';
import { WorldError } from '../../server/world/failure.ts';
import { testFolder } from '../support/folder.ts';

const node = process.execPath;
const exec = createExec(true);

function failure(kind: string, words: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof WorldError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, words);
    return true;
  };
}

test('arguments reach the program as they are, without a shell', async (t) => {
  const cwd = testFolder(t).path;
  const said = await exec([node, '-p', 'JSON.stringify(process.argv.slice(1))', '$HOME; rm -rf *', '"a b"'], { cwd });
  assert.deepEqual(JSON.parse(said), ['$HOME; rm -rf *', '"a b"']);
});

test('tokens of our environment do not reach it', async (t) => {
  process.env.PLUMBLINE_TEST_TOKEN = 'secret';
  t.after(() => delete process.env.PLUMBLINE_TEST_TOKEN);
  const said = await exec([node, '-p', 'JSON.stringify(Object.keys(process.env))'], { cwd: testFolder(t).path });
  assert.ok(!said.includes('PLUMBLINE_TEST_TOKEN'));
  assert.ok(JSON.parse(said).includes('PATH'));
});

test('in Restricted Mode nothing is run', async (t) => {
  const cwd = testFolder(t).path;
  await assert.rejects(
    createExec(false)([node, '-e', 'require("fs").writeFileSync("ran", "")'], { cwd }),
    failure('forbidden', /is not run in Restricted Mode\. Trust the workspace/),
  );
});

test('a program that waits is ended after its time', async (t) => {
  await assert.rejects(
    exec([node, '-e', 'setInterval(() => {}, 1000)'], { cwd: testFolder(t).path, timeout: 300 }),
    failure('busy', /did not answer within 0\.3 s/),
  );
});

test('a program that reads its input meets the end of it', async (t) => {
  const script = 'process.stdin.resume(); process.stdin.on("end", () => console.log("ended"))';
  assert.equal(await exec([node, '-e', script], { cwd: testFolder(t).path, timeout: 10_000 }), 'ended\n');
});

test('output over the cap, an exit code, a missing program and a stop are told apart', async (t) => {
  const cwd = testFolder(t).path;
  await assert.rejects(
    exec([node, '-e', 'console.log("x".repeat(1e6))'], { cwd, maxBytes: 1000 }),
    failure('tooBig', /answered more than is read at once/),
  );
  await assert.rejects(exec([node, '-e', 'console.error("no such thing"); process.exit(3)'], { cwd }), (error) => {
    assert.ok(error instanceof ExecFailure);
    assert.equal(error.exitCode, 3);
    assert.match(error.message, /ended with code 3: no such thing/);
    return true;
  });
  await assert.rejects(exec(['plumbline-no-such-program'], { cwd }), failure('missing', /was not found\. Install it/));
  const stop = new AbortController();
  const running = exec([node, '-e', 'setInterval(() => {}, 1000)'], { cwd, signal: stop.signal });
  stop.abort();
  await assert.rejects(running, failure('busy', /was stopped before it answered/));
});
