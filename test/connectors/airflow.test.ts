// Airflow connector: log folders of 3.x and 2.x, what a log says, what a DAG file says, and the runs that follow.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Run } from '../../server/catalog/run.ts';
import { dagsIn } from '../../server/connectors/airflow/dagFiles.ts';
import { airflow } from '../../server/connectors/airflow/index.ts';
import { scheduledFor, tryPlace } from '../../server/connectors/airflow/layout.ts';
import { readLog } from '../../server/connectors/airflow/logText.ts';
import { readModule } from '../../server/connectors/airflow/python.ts';
import { cronPeriod } from '../../server/connectors/airflow/schedule.ts';
import { testFolder } from '../support/folder.ts';
import { hostAt, scanned } from '../support/scan.ts';

const day = 86_400_000;

/** A line of a 3.x log; the shapes are those of Airflow 3.3. */
function line(at: string, event: string, more: object = {}): string {
  return JSON.stringify({ timestamp: `2026-11-20T${at}Z`, level: 'info', event, logger: 'task', ...more });
}

const begun = [line('05:00:01.5', '::group::Pre Execute'), line('05:00:02', '::endgroup::')];
const ended = [line('05:00:09', '::group::Post Execute'), line('05:00:10.25', '::endgroup::')];
const failure = line('05:00:08', 'Task failed with exception', {
  level: 'error',
  error_detail: [
    { exc_type: 'ValueError', exc_value: 'labels are not usable', is_cause: false, frames: [] },
    { exc_type: 'KeyError', exc_value: "'churned'", is_cause: true, frames: [] },
  ],
});

describe('where the log of a try is', () => {
  const places: readonly [string, string][] = [
    ['dag_id=a/run_id=manual__1/task_id=t/attempt=2.log', 'a manual__1 t -1 2'],
    ['dag_id=a/run_id=r/task_id=g.t/map_index=3/attempt=1.log', 'a r g.t 3 1'],
    ['a/t/2026-11-20T00:00:00+00:00/1.log', 'a scheduled__2026-11-20T00:00:00+00:00 t -1 1'],
    ['dag_id=a/run_id=r/task_id=t/attempt=1.log.trigger.7.log', 'none'],
    ['dag_processor_manager/dag_processor_manager.log', 'none'],
  ];
  for (const [file, expected] of places) {
    test(file, () => {
      const place = tryPlace(file);
      const said = place && [place.dag, place.run, place.task, place.mapIndex, place.attempt].join(' ');
      assert.equal(said ?? 'none', expected);
    });
  }

  test('a run id tells when it was meant to run, unless a person or an asset started it', () => {
    assert.equal(scheduledFor('scheduled__2026-11-20T05:00:00+00:00'), Date.parse('2026-11-20T05:00:00Z'));
    assert.equal(scheduledFor('backfill__2026-11-20T05:00:00+00:00'), Date.parse('2026-11-20T05:00:00Z'));
    assert.equal(scheduledFor('manual__2026-11-20T05:00:00.123456+00:00'), undefined);
    assert.equal(scheduledFor('asset_triggered__2026-11-20T05:00:00+00:00_x'), undefined);
    assert.equal(scheduledFor('nightly'), undefined);
  });
});

describe('what a 3.x log says', () => {
  const cases: readonly [string, readonly string[], string | undefined, string | undefined][] = [
    ['a success', [...begun, ...ended], 'success', undefined],
    [
      'the cause at the root, not the exception raised from it',
      [...begun, failure, ...ended],
      'failed',
      "KeyError: 'churned'",
    ],
    ['a skip', [...begun, line('05:00:03', 'Skipping task.'), ...ended], 'skipped', undefined],
    ['a task at work', begun, undefined, undefined],
    [
      'a deferral',
      [...begun, line('05:00:03', 'Pausing task as DEFERRED. '), line('05:00:03', '::endgroup::')],
      'running',
      undefined,
    ],
    [
      'a deferred task that was taken up again',
      [...begun, line('05:00:03', 'Pausing task as DEFERRED. '), ...begun, ...ended],
      'success',
      undefined,
    ],
    [
      'a kill without a traceback',
      [
        ...begun,
        line(
          '05:00:05',
          'Process terminated by signal. Likely out of memory error (OOM). For more information, see https://x/y',
          {
            level: 'critical',
            signal: -9,
            signal_name: 'SIGKILL',
          },
        ),
      ],
      'failed',
      'Process terminated by signal. Likely out of memory error (OOM). (SIGKILL)',
    ],
    [
      'an exit code',
      [...begun, line('05:00:05', 'Task exited', { exit_code: 3 }), ...ended],
      'failed',
      'Task exited (exit code 3)',
    ],
    [
      'the failure, not the kill that followed it',
      [...begun, failure, line('05:00:09', 'Task killed!', { level: 'error' })],
      'failed',
      "KeyError: 'churned'",
    ],
    [
      'an exception that was merely being handled is not the root',
      [
        ...begun,
        line('05:00:08', 'Task failed with exception', {
          error_detail: [
            { exc_type: 'TimeoutError', exc_value: 'warehouse', is_cause: false },
            { exc_type: 'KeyError', exc_value: "'cache'", is_cause: false },
          ],
        }),
        ...ended,
      ],
      'failed',
      'TimeoutError: warehouse',
    ],
    ['lines that are broken JSON are passed over', [...begun, '{"timestamp": "2026', ...ended], 'success', undefined],
  ];
  for (const [title, lines, status, message] of cases) {
    test(title, () => {
      const says = readLog(lines);
      assert.deepEqual([says.status, says.message], [status, message]);
    });
  }

  test('the host stands in the description of the task instance', () => {
    const ti = "RuntimeTaskInstance(task_id='fit', map_index=-1, hostname='worker-1.acme.internal', queue='default')";
    assert.equal(readLog([...begun, line('05:00:03', 'Pushing xcom', { ti })]).host, 'worker-1.acme.internal');
  });

  test('times are those of the first and the last line', () => {
    const says = readLog([...begun, ...ended]);
    assert.equal(says.startedAt, Date.parse('2026-11-20T05:00:01.500Z'));
    assert.equal(says.endedAt, Date.parse('2026-11-20T05:00:10.250Z'));
  });
});

describe('what a 2.x log says', () => {
  const text = (words: string): string => `[2026-11-20T05:00:00.000+0000] {taskinstance.py:1345} INFO - ${words}`;
  const traceback = [
    '[2026-11-20T05:00:01.000+0000] {taskinstance.py:3313} ERROR - Task failed with exception',
    'Traceback (most recent call last):',
    '  File "/opt/airflow/dags/a.py", line 12, in bad',
    '    row["churned"]',
    "KeyError: 'churned'",
    '',
    'The above exception was the direct cause of the following exception:',
    '',
    'Traceback (most recent call last):',
    '  File "/opt/airflow/dags/a.py", line 14, in bad',
    'ValueError: labels are not usable',
  ];
  const marked = (state: string): string => text(`Marking task as ${state}. dag_id=a, task_id=t, run_id=r`);
  const cases: readonly [string, readonly string[], string | undefined, string | undefined][] = [
    [
      'success',
      [
        text('Running <TaskInstance: a.t r [running]> on host ip-10-0-1-7'),
        marked('SUCCESS'),
        text('Task exited with return code 0'),
      ],
      'success',
      undefined,
    ],
    [
      'failure',
      [...traceback, marked('FAILED'), text('Task exited with return code 1')],
      'failed',
      "KeyError: 'churned'",
    ],
    [
      'retry',
      [...traceback, marked('UP_FOR_RETRY'), text('Task exited with return code 1')],
      'failed',
      "KeyError: 'churned'",
    ],
    ['SIGKILL', [text('Task exited with return code -9')], 'failed', 'Task exited with return code -9'],
    ['skipped', [marked('SKIPPED'), text('Task exited with return code 0')], 'skipped', undefined],
    [
      'waiting for a sensor',
      [text('Rescheduling task, marking task as UP_FOR_RESCHEDULE'), text('Task exited with return code 0')],
      'running',
      undefined,
    ],
  ];
  for (const [title, lines, status, message] of cases) {
    test(title, () => {
      const says = readLog(lines);
      assert.deepEqual([says.status, says.message], [status, message]);
    });
  }

  test('the host is known', () => {
    assert.equal(readLog([text('Running <TaskInstance: a.t r [running]> on host ip-10-0-1-7')]).host, 'ip-10-0-1-7');
  });
});

describe('what a DAG file says', () => {
  const settings = readModule('OWNER = "growth-ml"\nARGS = {"owner": OWNER, "retries": 2}\nNAME = "churn"\n');
  const modules = (name: string) => (name === 'churn.settings' ? settings : undefined);

  test('id, schedule, owner and tasks, through constants, f-strings and imports', () => {
    const [dag] = dagsIn(
      [
        'from datetime import timedelta',
        'import pendulum',
        'from churn import settings',
        'with DAG(',
        '    dag_id=f"train_{settings.NAME}",',
        '    schedule=timedelta(days=7),',
        '    start_date=pendulum.datetime(2026, 9, 26, 3, tz="UTC"),',
        '    default_args={**settings.ARGS, "retries": 1},',
        '    tags=["ml"],',
        ') as dag:',
        '    with TaskGroup("load"):',
        '        fetch = PythonOperator(task_id="fetch", pool="small", python_callable=f)',
        '    @task(retries=4)',
        '    def fit():',
        '        pass',
      ].join('\n'),
      modules,
    );
    assert.deepEqual(dag, {
      id: 'train_churn',
      line: 4,
      schedule: { words: 'every 7 days', periodMs: 7 * day },
      startDate: Date.parse('2026-09-26T03:00:00Z'),
      owner: 'growth-ml',
      description: undefined,
      tags: ['ml'],
      tasks: [
        { id: 'load.fetch', line: 12, operator: 'PythonOperator', pool: 'small', owner: 'growth-ml', retries: 1 },
        { id: 'fit', line: 14, operator: '@task', pool: undefined, owner: 'growth-ml', retries: 4 },
      ],
    });
  });

  const ids: readonly [string, string, readonly string[]][] = [
    [
      'a decorated function',
      '@dag(schedule="@daily")\ndef score():\n    @task\n    def run(): ...\nscore()',
      ['score: run'],
    ],
    ['dag= instead of a block', 'd = DAG("a")\ne = DAG("b")\nx = Op(task_id="t", dag=e)', ['a: ', 'b: t']],
    ['an id that nobody can read', 'DAG(dag_id=make())\nwith DAG(prefix + "x"):\n    Op(task_id="t")', []],
    [
      'a waiting task does not own what it waits for',
      'with DAG("a"):\n    Sensor(task_id="w", external_task_id="other")',
      ['a: w'],
    ],
    ['half-typed code', 'with DAG("a") as dag:\n    x = Op(task_id="t", ', ['a: t']],
    ['a name that is its own value', 'A = A\nwith DAG(A):\n    pass', []],
  ];
  for (const [title, code, expected] of ids) {
    test(title, () => {
      assert.deepEqual(
        dagsIn(code).map(({ id, tasks }) => `${id}: ${tasks.map((task) => task.id).join(' ')}`),
        expected,
      );
    });
  }

  const schedules: readonly [string, string | undefined, number | undefined][] = [
    ['"@weekly"', '@weekly', 7 * day],
    ['"0 5 * * 1"', '0 5 * * 1', 7 * day],
    ['CronTriggerTimetable("0 5 * * *", timezone="UTC")', '0 5 * * *', day],
    ['timedelta(hours=6)', 'every 6 hours', day / 4],
    ['[Asset("s3://lake/a")]', 'on s3://lake/a', undefined],
    ['"@once"', '@once', undefined],
    ['"not a cron"', 'not a cron', undefined],
    ['None', undefined, undefined],
  ];
  for (const [written, words, periodMs] of schedules) {
    test(`schedule=${written}`, () => {
      const [dag] = dagsIn(`DAG("a", schedule=${written})`);
      assert.deepEqual([dag?.schedule.words, dag?.schedule.periodMs], [words, periodMs]);
    });
  }

  test('a wait is late only after the longest one there is', () => {
    assert.equal(cronPeriod('0 0 * * 1-5'), 3 * day);
    assert.equal(cronPeriod('0 0 1 * *'), 31 * day);
  });
});

describe('a folder of logs', () => {
  const at = (attempt: number, task: string, run = 'scheduled__2026-11-20T05:00:00+00:00'): string =>
    `logs/dag_id=validate_churn/run_id=${run}/task_id=${task}/attempt=${attempt}.log`;
  const dagFile = [
    'from settings import ARGS',
    'with DAG("validate_churn", schedule="@daily", default_args=ARGS):',
    '    Op(task_id="join_labels")',
    '    Op(task_id="evaluate", pool="small")',
    '    Op(task_id="emit")',
  ].join('\n');
  const source = (folder: string) => ({
    name: 'airflow logs',
    tool: 'airflow',
    path: `${folder}/logs`,
    workspaceFolder: folder,
  });
  const short = (run: Run): string => `${run.id.replace(/^run:airflow:\/\/[0-9a-f]{8}\//, '')} ${run.status}`;

  test('becomes jobs with what their code says, tries, and the DAG run they add up to', async (context) => {
    const folder = testFolder(context, {
      'dags/validate.py': dagFile,
      'dags/settings.py': 'ARGS = {"owner": "growth-ml", "retries": 1}',
      [at(1, 'join_labels')]: [...begun, ...ended].join('\n'),
      [at(1, 'evaluate')]: [...begun, failure, ...ended].join('\n'),
      [at(2, 'evaluate')]: [...begun, failure, ...ended].join('\n'),
    });
    const connector = await airflow.create(source(folder.path), hostAt('2026-11-20T18:00:00Z'));
    const seen = await scanned(connector);
    const run = 'validate_churn/scheduled__2026-11-20T05:00:00+00:00';
    assert.deepEqual(seen.runs.map(short), [
      `${run} failed`,
      `${run}/evaluate/-1/1 failed`,
      `${run}/evaluate/-1/2 failed`,
      `${run}/join_labels/-1/1 success`,
    ]);
    const [dagRun, , lastTry] = seen.runs;
    assert.equal(dagRun?.message, "evaluate: KeyError: 'churned'");
    assert.equal(dagRun?.logs[0]?.file, folder.at(at(2, 'evaluate')));
    assert.equal(dagRun?.scheduledFor, Date.parse('2026-11-20T05:00:00Z'));
    assert.equal(lastTry?.attempt, 2);
    assert.equal(lastTry?.where, 'pool small');
    assert.equal(lastTry?.parent, dagRun?.id);
    const job = seen.entities.find(({ kind }) => kind === 'job');
    assert.deepEqual(job?.facts, {
      owner: 'growth-ml',
      schedule: '@daily',
      periodMs: day,
      definedAt: { path: folder.at('dags/validate.py'), line: 2 },
    });
    assert.deepEqual(
      seen.entities.filter(({ kind }) => kind === 'task').map(({ name }) => name),
      ['validate_churn.join_labels', 'validate_churn.evaluate', 'validate_churn.emit'],
    );
    assert.deepEqual(seen.covered, [], 'logs never list all DAGs there are');
  });

  const statuses: readonly [string, Readonly<Record<string, readonly string[]>>, string, string][] = [
    ['a task at work', { [at(1, 'join_labels')]: begun }, '2026-11-20T06:00:00Z', 'running'],
    ['a log that fell silent', { [at(1, 'join_labels')]: begun }, '2026-11-22T06:00:00Z', 'unknown'],
    [
      'a failure that will be tried again',
      { [at(1, 'evaluate')]: [...begun, failure, ...ended] },
      '2026-11-20T05:01:00Z',
      'running',
    ],
    [
      'a failure that was never tried again',
      { [at(1, 'evaluate')]: [...begun, failure, ...ended] },
      '2026-11-21T05:01:00Z',
      'failed',
    ],
    [
      'a second try that went well',
      { [at(1, 'evaluate')]: begun, [at(2, 'evaluate')]: [...begun, ...ended] },
      '2026-11-21T00:00:00Z',
      'success',
    ],
  ];
  for (const [title, logs, now, status] of statuses) {
    test(`the DAG run of ${title} is ${status}`, async (context) => {
      const folder = testFolder(context, {
        'dags/validate.py': dagFile,
        'dags/settings.py': 'ARGS = {"retries": 1}',
        ...Object.fromEntries(Object.entries(logs).map(([file, lines]) => [file, lines.join('\n')])),
      });
      const { runs } = await scanned(await airflow.create(source(folder.path), hostAt(now)));
      assert.equal(runs[0]?.status, status);
      if (Object.keys(logs).length === 2)
        assert.equal(runs[1]?.status, 'failed', 'a try with a successor did not end well');
    });
  }

  test('of a large log only both ends are read', async (context) => {
    const filler = Array.from({ length: 20_000 }, (_, index) => line('05:00:05', `epoch ${index} ${'x'.repeat(200)}`));
    const folder = testFolder(context, { [at(1, 'fit')]: [...begun, ...filler, failure, ...ended].join('\n') });
    const host = hostAt('2026-11-21T00:00:00Z');
    let bytes = 0;
    const counting = {
      ...host,
      readRange: async (file: string, offset: number, length: number) => {
        bytes += length;
        return host.readRange(file, offset, length);
      },
    };
    const { runs } = await scanned(await airflow.create(source(folder.path), counting));
    assert.equal(runs[1]?.message, "KeyError: 'churned'");
    assert.equal(runs[1]?.startedAt, Date.parse('2026-11-20T05:00:01.500Z'));
    assert.ok(bytes <= 256 * 1024, `${bytes} bytes were read`);
  });

  test('what did not change is not read again, and of very many runs the newest are read', async (context) => {
    const folder = testFolder(context);
    const start = Date.parse('2026-01-01T00:00:00Z');
    for (let index = 0; index < 230; index += 1) {
      const run = `scheduled__${new Date(start + index * day).toISOString().replace('.000Z', '+00:00')}`;
      folder.write(at(1, 'fit', run), [...begun, ...ended].join('\n'));
    }
    const host = hostAt('2026-11-21T00:00:00Z');
    let reads = 0;
    const readRange: typeof host.readRange = (...place) => {
      reads += 1;
      return host.readRange(...place);
    };
    const connector = await airflow.create(source(folder.path), { ...host, readRange });
    const names = (await scanned(connector)).runs.filter(({ parent }) => parent === undefined).map(({ name }) => name);
    assert.deepEqual([names.length, reads], [200, 200]);
    assert.equal(names.sort().at(0), 'scheduled__2026-01-31T00:00:00+00:00');
    assert.equal((await scanned(connector)).runs.length, 400);
    assert.equal(reads, 200);
  });

  test('the fingerprint changes with a new line, a new run and an edited DAG file, and only then', async (context) => {
    const folder = testFolder(context, { 'dags/validate.py': dagFile, [at(1, 'evaluate')]: begun.join('\n') });
    const connector = await airflow.create(source(folder.path), hostAt('2026-11-20T06:00:00Z'));
    const signal = new AbortController().signal;
    const seen = [await connector.fingerprint(signal)];
    assert.equal(await connector.fingerprint(signal), seen[0]);
    folder.write(at(1, 'evaluate'), [...begun, ...ended].join('\n'));
    seen.push(await connector.fingerprint(signal));
    folder.write(at(1, 'evaluate', 'manual__2026-11-20T07:00:00+00:00'), begun.join('\n'));
    seen.push(await connector.fingerprint(signal));
    folder.write('dags/validate.py', `${dagFile}\n`);
    seen.push(await connector.fingerprint(signal));
    assert.equal(new Set(seen).size, 4);
  });

  test('the older layout is read', async (context) => {
    const folder = testFolder(context, {
      'logs/score/run/2026-11-20T05:00:00+00:00/1.log':
        '[2026-11-20T05:00:00.000+0000] {taskinstance.py:1345} INFO - Marking task as SUCCESS. dag_id=score',
      'logs/scheduler/latest/x.log': 'noise',
    });
    const { runs } = await scanned(await airflow.create(source(folder.path), hostAt('2026-11-21T00:00:00Z')));
    assert.deepEqual(runs.map(short), [
      'score/scheduled__2026-11-20T05:00:00+00:00 success',
      'score/scheduled__2026-11-20T05:00:00+00:00/run/-1/1 success',
    ]);
  });

  test('a folder that is not there fails with its name and the next step', async (context) => {
    const folder = testFolder(context);
    const connector = await airflow.create(source(folder.path), hostAt('2026-11-21T00:00:00Z'));
    await assert.rejects(scanned(connector), /logs is not a folder\. Correct "logs: - airflow:" in plumbline\.yaml/);
  });

  test('is found by its dag_id folders and by plumbline.yaml, once', async () => {
    const listing = {
      root: '/w',
      files: [],
      folders: ['metadata', 'metadata/logs', 'metadata/logs/dag_id=a', 'metadata/logs/dag_id=b'],
      declared: [
        { tool: 'airflow', path: 'metadata/logs/' },
        { tool: 'airflow', path: 'old' },
      ],
    };
    const found = await airflow.discover(listing);
    assert.deepEqual(
      found.map(({ path }) => path),
      ['/w/metadata/logs', '/w/old'],
    );
  });
});
