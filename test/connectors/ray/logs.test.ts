// Logs of Ray: only the end that is new is asked for, no line is lost or doubled, and what was written whole is read whole.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { newLines } from '../../../server/connectors/ray/rest/logs/tail.ts';
import { rootOf } from '../../../server/connectors/ray/rest/told/errors.ts';
import { workMs } from '../../support/work.ts';
import { connectedTo, fakeHead, jobLike } from './server.ts';

const signal = new AbortController().signal;
const key = JSON.stringify({ of: 'job', submission: 'raysubmit_x' });
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `line ${from + index}`);

test('the new lines of a tail, whatever was written', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2_000), { minLength: 60, maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 55, max: 300 }),
      (numbers, cut, asked) => {
        // Each line is like some others, and unlike all of them together with its neighbours.
        const log = numbers.map((number, index) => `${number % 7} ${index % 13 === 0 ? index : ''}`);
        const known = log.slice(0, 1 + (cut % log.length));
        const tail = log.slice(-asked);
        const fresh = newLines(known, tail);
        if (fresh === undefined) assert.ok(log.length - known.length > asked - 55 || known.length < 55);
        else assert.deepEqual([...known, ...fresh], log);
      },
    ),
  );
});

test('a tail that does not surely meet what is known is none', () => {
  assert.equal(newLines(lines(0, 100), lines(200, 300)), undefined);
  assert.equal(newLines([...lines(0, 100), ''], ['', ...lines(200, 300)]), undefined);
  assert.deepEqual(newLines([], ['a']), ['a']);
  assert.deepEqual(newLines(['a'], ['a', 'b']), ['b']);
  assert.ok(workMs(() => newLines(new Array(200_000).fill('a'), [...new Array(99_999).fill('a'), 'b'])) < 1_000);
});

describe('the log of a driver', () => {
  const asking = async (context: Parameters<typeof fakeHead>[0]) => {
    const head = await fakeHead(context);
    const state = { log: lines(0, 300), status: 'RUNNING', asked: [] as number[], end: '\n', hasNode: true };
    head.break(({ path, query }) => {
      if (path === '/api/jobs/raysubmit_x') {
        const node = state.hasNode ? 'n1' : null;
        return [200, jobLike({ submission_id: 'raysubmit_x', status: state.status, driver_node_id: node })];
      }
      if (path === '/api/jobs/raysubmit_x/logs') return [200, { logs: `${state.log.join('\n')}${state.end}` }];
      if (path !== '/api/v0/logs/file') return undefined;
      assert.deepEqual([query.get('node_id'), query.get('filename')], ['n1', 'job-driver-raysubmit_x.log']);
      const count = Number(query.get('lines'));
      state.asked.push(count);
      return [200, `${state.log.slice(-count).join('\n')}${state.end}`];
    });
    const connector = connectedTo(head);
    const read = () => connector.readLog?.(key, signal);
    return { state, read };
  };

  test('grows', async (context) => {
    const { state, read } = await asking(context);
    assert.deepEqual(await read(), { text: `${lines(0, 300).join('\n')}\n`, complete: false });
    state.log = lines(0, 400);
    assert.deepEqual(await read(), { text: `${lines(0, 400).join('\n')}\n`, complete: false });
    state.log = lines(0, 3_000);
    assert.equal((await read())?.text, `${lines(0, 3_000).join('\n')}\n`);
    assert.deepEqual(state.asked, [100_000, 200, 200, 5_000]);
    state.status = 'SUCCEEDED';
    state.end = '\nunfinished';
    assert.deepEqual(await read(), { text: `${lines(0, 3_000).join('\n')}\nunfinished`, complete: true });
    assert.equal(state.asked.at(-1), 100_000);
    await read();
    assert.equal(state.asked.length, 5, 'a log that is complete is not asked for again');
  });

  test('a line that is still being written is shown, and told once', async (context) => {
    const { state, read } = await asking(context);
    state.end = '\nhal';
    assert.match((await read())?.text ?? '', /line 299\nhal$/);
    state.log = [...lines(0, 300), 'half a line'];
    state.end = '\n';
    assert.match((await read())?.text ?? '', /line 299\nhalf a line\n$/);
  });

  test('where Ray does not say on which node, it is read whole', async (context) => {
    const { state, read } = await asking(context);
    state.hasNode = false;
    assert.equal((await read())?.text, `${lines(0, 300).join('\n')}\n`);
    assert.deepEqual(state.asked, []);
  });

  test('a log of 60 MB: its end, in words', async (context) => {
    const { state, read } = await asking(context);
    state.log = lines(0, 60_000).map((line) => `${line} ${'x'.repeat(1_000)}`);
    const text = (await read())?.text ?? '';
    assert.match(text, /^\[Plumbline: the end of a long log; the dashboard of Ray has all of it\]\nline \d+ x/);
    assert.match(text.slice(-1_100), /\nline 59999 x+\n$/);
    assert.ok(text.length < 8_100_000);
  });
});

test('a log that is not there any more, and a key that is not ours', async (context) => {
  const head = await fakeHead(context);
  head.break(({ path }) => (path === '/api/v0/logs/file' ? [500, 'A file is not found at: /tmp/x'] : undefined));
  const { readLog } = connectedTo(head);
  const gone = JSON.stringify({ of: 'file', node: 'n1', file: 'worker-a-01-1.out' });
  await assert.rejects(async () => readLog?.(gone, signal), /does not have the file worker-a-01-1\.out \(any more\)/);
  await assert.rejects(async () => readLog?.(key, signal), /does not have the job raysubmit_x/);
  head.break(({ path }) => (path === '/api/v0/logs/file' ? [500, 'Given node id n1 is not available'] : undefined));
  const cannot = {
    kind: 'unavailable',
    message: /^live: .* cannot read this log now \(Given node id n1 is not available\)/,
  };
  await assert.rejects(async () => readLog?.(gone, signal), cannot);
  const asked = head.asked.length;
  for (const wrong of ['', '{}', '[]', '{"of":"file","node":"n","file":"../../etc/passwd"}', '{"of":"job"}'])
    await assert.rejects(async () => readLog?.(wrong, signal), /has no log/);
  assert.equal(head.asked.length, asked);
});

describe('why something failed', () => {
  const rows: readonly [string | undefined, string | undefined][] = [
    [
      'ray.exceptions.RayTaskError(ValueError): ray::score() (pid=1)\n  File "a.py"\nValueError: no rows\n',
      'ValueError: no rows',
    ],
    [
      'User exception:\n  File "a.py", line 1\ntorch.cuda.OutOfMemoryError: CUDA out of memory',
      'torch.cuda.OutOfMemoryError: CUDA out of memory',
    ],
    [
      'Job entrypoint command failed with exit code 137, last available logs (truncated to 20,000 chars):\nKilled',
      'Job entrypoint command failed with exit code 137: Killed',
    ],
    [
      'Unexpected error occurred: The actor died because its node has died.',
      'Unexpected error occurred: The actor died because its node has died.',
    ],
    ['', undefined],
    [undefined, undefined],
  ];
  for (const [text, root] of rows) test(String(root), () => assert.equal(rootOf(text), root));
});

test('a task of which Ray does not know the lines: all of its worker, said so; without a worker it is missing', async (context) => {
  const head = await fakeHead(context);
  const failed = { task_id: 't1', attempt_number: 1, state: 'FAILED', node_id: 'n1', worker_id: 'abc1' };
  const listed = (result: readonly object[]) => ({ result: true, data: { result: { total: result.length, result } } });
  let tasks: readonly object[] = [{ ...failed, attempt_number: 0, worker_id: 'abc0' }, failed];
  head.break(({ path, query }) => {
    if (path === '/api/v0/tasks') return [200, listed(query.getAll('filter_values').includes('t1') ? tasks : [])];
    if (path === '/api/v0/logs' && query.get('glob') === 'worker-abc1-*.err')
      return [200, { result: true, data: { result: { worker_err: ['worker-abc1-01000000-7.err'] } } }];
    if (path !== '/api/v0/logs/file') return undefined;
    if (query.get('filename') === 'worker-abc1-01000000-7.err') return [200, 'one\ntwo\n'];
    return [500, 'Could not find log file for task attempt:t1(1).Worker id = abc1, node id = n1,log_info = None'];
  });
  const { readLog } = connectedTo(head);
  const errors = JSON.stringify({ of: 'task', task: 't1', attempt: 1, errors: true });
  assert.deepEqual(await readLog?.(errors, signal), {
    text: '[Plumbline: Ray does not say which lines are of this task; these are all of its worker]\none\ntwo\n',
    complete: true,
  });
  tasks = [];
  const other = JSON.stringify({ of: 'task', task: 't1', attempt: 1 });
  await assert.rejects(
    async () => readLog?.(other, signal),
    /does not have a log of attempt 1 of the task t1 \(any more\)/,
  );
});
