// OwnProcess: what a process of ours says and is told, and that it goes when it should.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { OwnProcess } from '../../server/world/ownProcess.ts';
import { until } from '../support/clock.ts';
import { testFolder } from '../support/folder.ts';

const patience = 120_000;
const own = new URL('../../server/world/ownProcess.ts', import.meta.url).href;
const program = `
import { getPriority } from 'node:os';
import { startedByUs } from '${own}';
const post = startedByUs((question) => {
  if (question.end !== undefined) process.exit(question.end);
  post({ pid: process.pid, priority: getPriority(), bytes: question.bytes, shared: new Uint8Array(new SharedArrayBuffer(2)) });
  while (question.busy);
});
`;

interface Question {
  readonly bytes?: Uint8Array;
  readonly end?: number;
  readonly busy?: boolean;
}

interface Answer {
  readonly pid: number;
  readonly priority: number;
  readonly bytes?: Uint8Array;
  readonly shared: Uint8Array;
}

function started(context: TestContext, text = program) {
  const folder = testFolder(context, { 'program.mjs': text });
  const answers: Answer[] = [];
  const failures: string[] = [];
  const own = new OwnProcess<Question, Answer>(pathToFileURL(folder.at('program.mjs')), {
    onMessage: (answer) => answers.push(answer),
    onFailed: (message) => failures.push(message),
  });
  context.after(() => own.stop());
  return { own, answers, failures };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('bytes arrive as bytes, in both directions, from a process that steps back', async (context) => {
  const { own, answers, failures } = started(context);
  own.post({ bytes: Uint8Array.of(1, 2, 3) });
  await until('it answers', () => answers.length > 0, patience);
  assert.deepEqual([...(answers[0]?.bytes ?? [])], [1, 2, 3]);
  assert.deepEqual([...(answers[0]?.shared ?? [])], [0, 0]);
  assert.ok((answers[0]?.priority ?? 0) >= constants.priority.PRIORITY_BELOW_NORMAL);
  assert.deepEqual(failures, []);
});

test('one that ends by itself is a failure, said once, and what it is told then is lost', async (context) => {
  const { own, failures } = started(context);
  own.post({ end: 3 });
  await until('it is said', () => failures.length > 0, patience);
  own.post({ bytes: Uint8Array.of(1) });
  await own.stop();
  assert.deepEqual(failures, ['its process ended with 3']);
});

test('one that is stopped in the middle of its work is gone, and that is no failure', async (context) => {
  const { own, answers, failures } = started(context);
  own.post({ busy: true });
  await until('it answers', () => answers.length > 0, patience);
  const pid = answers[0]?.pid ?? 0;
  await own.stop();
  assert.equal(isThere(pid), false);
  assert.deepEqual(failures, []);
});

test('it goes when whoever started it was killed', async (context) => {
  const starts = `
import { OwnProcess } from '${own}';
const started = new OwnProcess(new URL('./program.mjs', import.meta.url), {
  onMessage: ({ pid }) => console.log(pid),
  onFailed: () => {},
});
started.post({});
`;
  const folder = testFolder(context, { 'program.mjs': program, 'starts.mjs': starts });
  const parent = spawn(process.execPath, [folder.at('starts.mjs')], { stdio: ['ignore', 'pipe', 'pipe'] });
  let isOver = false;
  // Both hold this end of it.
  parent.stderr.resume().on('end', () => {
    isOver = true;
  });
  await once(parent.stdout, 'data');
  assert.equal(isOver, false);
  parent.kill('SIGKILL');
  await until('both are gone', () => isOver, patience);
});
