// Scans of a Ray head: what recorded answers become, whose run a submission is, what is not kept, and what broken answers do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Run } from '../../../server/catalog/run.ts';
import { CatalogStore } from '../../../server/catalog/store.ts';
import { HttpError } from '../../../server/connectors/httpError.ts';
import { scanned } from '../../support/scan.ts';
import { connectedTo, type FakeHead, fakeHead, jobLike, recorded } from './server.ts';

const signal = new AbortController().signal;
const jobsOf = (head: FakeHead, ...jobs: readonly unknown[]) =>
  head.break(({ path }) => (path === '/api/jobs/' ? [200, jobs] : undefined));

test('each status of a job', async (context) => {
  const head = await fakeHead(context);
  const statuses = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'STOPPED', 'DREAMING'];
  jobsOf(head, ...statuses.map((status) => jobLike({ submission_id: status, status, message: 'ValueError: no' })));
  const { runs } = await scanned(connectedTo(head));
  const found = runs.filter(({ parent, id }) => parent === undefined && !id.includes('/serve/'));
  assert.deepEqual(
    found.map(({ name, status, message, endedAt }) => [name, status, message, endedAt !== undefined]),
    [
      ['PENDING', 'queued', undefined, false],
      ['RUNNING', 'running', undefined, false],
      ['SUCCEEDED', 'success', undefined, true],
      ['FAILED', 'failed', 'ValueError: no', true],
      ['STOPPED', 'failed', 'Ray says STOPPED: it was stopped from outside', true],
      ['DREAMING', 'unknown', undefined, false],
    ],
  );
});

describe('whose run a submission is', () => {
  const airflows = (...instances: readonly string[]) => {
    const { store } = CatalogStore.open(':memory:');
    for (const instance of instances) {
      const scope = `airflow://${instance}`;
      store.writer().register({ name: instance, tool: 'airflow', scope, kinds: ['job', 'task', 'run'] });
    }
    store.writer().register({ name: 'm', tool: 'mlflow', scope: 'mlflow://m', kinds: ['run'] });
    return store.snapshot();
  };
  const firstOf = async (head: FakeHead, ...instances: readonly string[]) => {
    const scan = await scanned(connectedTo(head, { catalog: airflows(...instances) }));
    const run = scan.runs.find(({ id }) => id.endsWith('raysubmit_x'));
    assert.ok(run);
    return { run, entities: scan.entities.filter(({ kind }) => kind === 'job' || kind === 'run') };
  };
  const metadata = { airflow_dag_id: 'train', airflow_run_id: 'manual__1', airflow_task_id: 'fit', job_name: 'churn' };

  test('of the Airflow task that its metadata names, and then nothing of its own', async (context) => {
    const head = await fakeHead(context);
    jobsOf(head, jobLike({ submission_id: 'raysubmit_x', metadata }));
    const { run, entities } = await firstOf(head, 'a1');
    assert.deepEqual(run.of, ['task:airflow://a1/train/fit']);
    assert.equal(run.parent, 'run:airflow://a1/train/manual__1');
    assert.deepEqual(run.linked, ['run:airflow://a1/train/manual__1/fit', 'run:airflow://a1/train/manual__1']);
    assert.deepEqual(entities, []);
  });

  test('of one of several Airflows: nobody says which', async (context) => {
    const head = await fakeHead(context);
    jobsOf(head, jobLike({ submission_id: 'raysubmit_x', metadata }));
    const { run } = await firstOf(head, 'a1', 'a2');
    assert.deepEqual(run.of, ['task:airflow://a1/train/fit', 'task:airflow://a2/train/fit']);
    assert.equal(run.parent, undefined);
  });

  test('of the task whose context is in its environment', async (context) => {
    const head = await fakeHead(context);
    const env_vars = { AIRFLOW_CTX_DAG_ID: 'train', AIRFLOW_CTX_TASK_ID: 'fit', MLFLOW_RUN_ID: 'ab'.repeat(16) };
    jobsOf(head, jobLike({ submission_id: 'raysubmit_x', runtime_env: { env_vars } }));
    const { run } = await firstOf(head, 'a1');
    assert.deepEqual(run.of, ['task:airflow://a1/train/fit']);
    assert.deepEqual(run.linked, [`run:mlflow://m/${'ab'.repeat(16)}`]);
  });

  test('of the name it is submitted under again and again, or of itself', async (context) => {
    const head = await fakeHead(context);
    jobsOf(head, jobLike({ submission_id: 'raysubmit_x', metadata: { job_name: 'churn', team: 'ml' } }));
    const named = await firstOf(head);
    assert.deepEqual(named.run.of, ['job:ray://head/churn']);
    assert.deepEqual(
      named.entities.map(({ id, facts }) => [id, facts?.owner]),
      [['job:ray://head/churn', 'ml']],
    );
    jobsOf(head, jobLike({ submission_id: 'raysubmit_x' }));
    const alone = await firstOf(head);
    assert.deepEqual(alone.run.of, [alone.run.id]);
    assert.deepEqual(
      alone.entities.map(({ id, kind }) => [id, kind]),
      [[alone.run.id, 'run']],
    );
  });

  for (const [submission, name] of [
    ['tune-churn', 'tune-churn'],
    ['nightly-train-2026-11-23', 'nightly-train'],
    ['nightly_20261123T021500Z', 'nightly'],
    ['train-v2', 'train-v2'],
    ['20261123', '20261123'],
  ] as const) {
    test(`of ${name}, as somebody chose the id ${submission}`, async (context) => {
      const head = await fakeHead(context);
      jobsOf(head, jobLike({ submission_id: submission }));
      const { runs } = await scanned(connectedTo(head));
      const run = runs.find(({ id }) => id === `run:ray://head/${submission}`);
      assert.deepEqual([run?.name, run?.of], [name, [`job:ray://head/${name}`]]);
    });
  }

  test('ids in its entry point are links; the commit is in its metadata or in the address of its code', async (context) => {
    const head = await fakeHead(context);
    const working_dir = 'https://github.com/acme/churn/archive/5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a55555.zip';
    const entrypoint = `python -m acme.train --model runs:/${'cd'.repeat(16)}/model`;
    jobsOf(head, jobLike({ submission_id: 'raysubmit_x', entrypoint, runtime_env: { working_dir } }));
    const { run } = await firstOf(head);
    assert.deepEqual(run.linked, [`run:mlflow://m/${'cd'.repeat(16)}`]);
    assert.deepEqual([run.entryPoint, run.commit], ['acme.train', '5be1f0a5be1f0a5be1f0a5be1f0a5be1f0a55555']);
  });
});

test('no secret is kept: of the environment, of metadata, of the entry point', async (context) => {
  const head = await fakeHead(context);
  jobsOf(
    head,
    jobLike({
      submission_id: 'raysubmit_x',
      status: 'FAILED',
      message: 'Job failed\nValueError: cannot log in with S3cr3t-one as ana',
      entrypoint:
        'DB_PASSWORD=S3cr3t-two python t.py --api-key S3cr3t-three --token="S3cr3t four" --dsn=postgres://u:S3cr3t-five@h/d --epochs 3 S3cr3t-one',
      metadata: {
        owner: 'ml',
        api_key: 'S3cr3t-six',
        note: 'uses S3cr3t-six',
        code: 'https://h/c.zip?v=1&X-Amz-Signature=S3cr3t-nine&d=2#job',
      },
      runtime_env: {
        env_vars: { API_TOKEN: 'S3cr3t-one', PLAIN: 'S3cr3t-seven' },
        pip: ['torch', 'git+https://x:S3cr3t-eight@h/r'],
      },
    }),
  );
  const scan = await scanned(connectedTo(head));
  assert.doesNotMatch(JSON.stringify(scan), /S3cr3t/);
  const run = scan.runs.find(({ id }) => id.endsWith('raysubmit_x'));
  const params = new Map(run?.params.map(({ name, value }) => [name, value]));
  assert.match(params.get('entrypoint') ?? '', /^DB_PASSWORD=••• python t\.py --api-key ••• .* --epochs 3 •••$/);
  assert.equal(params.get('environment variables'), 'API_TOKEN, PLAIN');
  assert.equal(params.get('metadata api_key'), '•••');
  assert.equal(params.get('metadata code'), 'https://h/c.zip?v=1&X-Amz-Signature=•••&d=2#job');
  assert.equal(run?.message, 'ValueError: cannot log in with ••• as ana');
});

test('time grows with the text, whatever is in it', async (context) => {
  const head = await fakeHead(context);
  const floods = [
    '1'.repeat(499),
    'https://a?sig'.repeat(4_000),
    '--token '.repeat(6_000),
    'E.'.repeat(25_000),
    '://'.repeat(15_000),
  ];
  const jobs = floods.map((flood, index) =>
    jobLike({
      ...{
        submission_id: index === 0 ? flood : `raysubmit_${index}`,
        status: 'FAILED',
        message: flood,
        entrypoint: flood,
      },
      metadata: { note: flood, token: 'abcd' },
    }),
  );
  const connector = connectedTo(head);
  jobsOf(head, ...jobs);
  const before = process.cpuUsage().user;
  const { runs } = await scanned(connector);
  assert.ok(process.cpuUsage(undefined).user - before < 2_000_000);
  assert.ok(runs.length > 5);
});

test('failed tasks are asked for in detail only when one is new', async (context) => {
  const head = await fakeHead(context);
  const connector = connectedTo(head);
  const details = () => head.asked.splice(0).filter(({ query }) => query.get('detail') === 'true').length;
  const first = await scanned(connector);
  assert.equal(details(), 1);
  const second = await scanned(connector, signal, first.cursor);
  assert.equal(details(), 0);
  const failed = ({ parent }: Run) => parent !== undefined;
  assert.deepEqual(second.runs.filter(failed), first.runs.filter(failed), 'what was told stays told');
});

test('since a cursor only what has not ended is told again, and what ended since', async (context) => {
  const head = await fakeHead(context);
  const jobs = ['a', 'b'].map((name) => jobLike({ submission_id: `raysubmit_${name}`, status: 'RUNNING' }));
  const told = async (since?: string) => {
    const { runs, cursor } = await scanned(connector, signal, since);
    return {
      names: runs.filter(({ id }) => /raysubmit_.$/.test(id)).map(({ name, status }) => `${name} ${status}`),
      cursor,
    };
  };
  const connector = connectedTo(head);
  jobsOf(head, ...jobs, jobLike({ submission_id: 'raysubmit_c', status: 'SUCCEEDED' }));
  const { names, cursor } = await told();
  assert.deepEqual(names, ['raysubmit_a running', 'raysubmit_b running', 'raysubmit_c success']);
  jobsOf(
    head,
    jobs[0],
    ...['b', 'c'].map((name) => jobLike({ submission_id: `raysubmit_${name}`, status: 'SUCCEEDED' })),
  );
  assert.deepEqual((await told(cursor)).names, ['raysubmit_a running', 'raysubmit_b success']);
  assert.deepEqual((await told(cursor)).names, ['raysubmit_a running']);
  assert.equal((await told()).names.length, 3, 'a whole scan tells all');
});

test('Serve: a model and files that an application is given are read by it', async (context) => {
  const head = await fakeHead(context);
  const { applications, ...rest } = recorded('serve') as { readonly applications: { readonly churn: object } };
  const deployed_app_config = {
    import_path: 'serving:app',
    args: { model: 'models:/churn@champion', api_token: 's3://secret/place', nested: [{ at: 's3://models/churn/' }] },
  };
  const serve = { ...rest, applications: { churn: { ...applications.churn, deployed_app_config } } };
  head.break(({ path }) => (path.includes('serve') ? [200, serve] : undefined));
  const { store } = CatalogStore.open(':memory:');
  store.writer().register({ name: 'm', tool: 'mlflow', scope: 'mlflow://m', kinds: ['model'] });
  const { edges } = await scanned(connectedTo(head, { catalog: store.snapshot() }));
  assert.deepEqual(
    edges.filter(({ relation }) => relation === 'reads').map(({ from, to }) => [from, to]),
    [
      ['model:mlflow://m/churn', 'endpoint:ray://head/churn'],
      ['path:s3://models/churn/', 'endpoint:ray://head/churn'],
    ],
  );
});

describe('what is refused', () => {
  test('a token that is missing or wrong, and how to get one', async (context) => {
    const head = await fakeHead(context);
    head.break(({ authorization }) =>
      authorization === undefined
        ? [401, 'Unauthorized: Missing authentication token']
        : [403, 'Forbidden: Invalid authentication token'],
    );
    const says = (message: RegExp) => ({ kind: 'unauthorized', message });
    await assert.rejects(connectedTo(head).greet(signal), says(/^live: .*wants a token \(401\).*get-auth-token/));
    const secret = { kind: 'token', token: 'wrong-token' } as const;
    await assert.rejects(connectedTo(head, { secret }).greet(signal), says(/refuses this token \(403\)/));
    assert.equal(head.asked.at(-1)?.authorization, 'Bearer wrong-token');
  });

  test('one part alone: a problem, and nothing is concluded from it', async (context) => {
    const head = await fakeHead(context);
    head.break(({ path }) => (path.includes('serve') ? [403, 'RBAC: access denied'] : undefined));
    const scan = await scanned(connectedTo(head));
    assert.deepEqual(scan.covered, []);
    assert.match(
      scan.problems[0]?.message ?? '',
      /does not allow \/api\/serve\/applications\/ \(403 RBAC: access denied\)/,
    );
    assert.ok(scan.runs.length > 5 && scan.cursor !== undefined);
  });

  test('a Ray without Serve has no endpoints that anybody could miss', async (context) => {
    const head = await fakeHead(context);
    head.break(({ path }) => (path.includes('serve') ? [404, 'Not Found'] : undefined));
    const scan = await scanned(connectedTo(head));
    assert.deepEqual([scan.covered, scan.problems], [[], []]);
  });

  test('what is no Ray', async (context) => {
    const head = await fakeHead(context);
    head.break(() => [200, { hello: 'world' }]);
    await assert.rejects(connectedTo(head).greet(signal), /is no Ray dashboard.*ray\[default\]/);
  });
});

test('a new session forgives what nobody can put right any more, and keeps it known', async (context) => {
  const head = await fakeHead(context);
  const { store } = CatalogStore.open(':memory:');
  const connector = connectedTo(head, { catalog: store.snapshot() });
  const first = await scanned(connector);
  const writing = store.writer().startScan({ name: 'live', tool: 'ray', scope: 'ray://head', kinds: ['run'] }, 1);
  writing.apply(first);
  writing.finish();
  head.break(({ path }) => {
    if (path === '/api/version') return [200, { ...Object(recorded('version')), session_name: 'session_2027-01-01_1' }];
    if (path === '/api/jobs/') return [200, []];
    return path.includes('serve') ? [200, { applications: {} }] : undefined;
  });
  const next = await scanned(connector, signal, first.cursor);
  assert.deepEqual(next.runs.map(({ name, status, of }) => [name, status, of]).sort(), [
    ['deployment of broken', 'failed', []],
    ['raysubmit_fail', 'failed', []],
  ]);
});

test('hostile answers are problems or errors in words, never a crash', async (context) => {
  const head = await fakeHead(context);
  const connector = connectedTo(head);
  const real = [recorded('jobs'), recorded('tasks'), recorded('serve')];
  const hostile = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constantFrom(...real).chain((value) => broken(value)),
  );
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (jobs, tasks, serve) => {
      head.break(({ path }) => {
        if (path === '/api/version') return undefined;
        return [200, path === '/api/jobs/' ? jobs : path.includes('serve') ? serve : tasks];
      });
      try {
        const scan = await scanned(connector);
        for (const { id } of [...scan.entities, ...scan.runs]) assert.match(id, /^(?:run|job|endpoint|path):/);
      } catch (error) {
        assert.ok(error instanceof HttpError, String(error));
        assert.match(error.message, /127\.0\.0\.1/);
      }
    }),
    { numRuns: 60 },
  );
});

/** The value with some of its parts replaced by others. */
function broken(value: unknown): fc.Arbitrary<unknown> {
  const junk = fc.constantFrom<unknown>(
    null,
    -1,
    '',
    '../..',
    [],
    {},
    [null],
    1e308,
    true,
    '\u0000\u202e',
    'x'.repeat(2_000),
  );
  return fc.array(fc.tuple(fc.nat(400), junk), { maxLength: 6 }).map((changes) => {
    const at = new Map(changes);
    let count = 0;
    return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
      at.has(++count) ? at.get(count) : inner,
    ) as unknown;
  });
}
