// Root line: a small log for each way in which things go wrong, and the line that a person would point at.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { logText } from '../../server/incidents/logText.ts';
import { pickRoot, type RootKind } from '../../server/incidents/rootLine.ts';

const folder = path.join(import.meta.dirname, 'logs');

/** Log, 1-based line of the file, text without prefix, kind. Nothing wrong in it: undefined. */
const expected: readonly (readonly [string, number | undefined, string | undefined, RootKind | undefined])[] = [
  ['airflow3-cause', 5, "KeyError: 'churned'", 'exception'],
  [
    'airflow3-sigkill',
    5,
    'Process terminated by signal. Likely out of memory error (OOM). signal=-9 signal_name=SIGKILL',
    'death',
  ],
  ['airflow3-heartbeat', 2, "Server indicated the task shouldn't be running anymore. Terminating process", 'death'],
  ['airflow3-succeeded-warning', 5, "no column 'churned' in the features, using inactivity instead", 'warning'],
  [
    'airflow3-listener-after',
    1,
    'HTTPError: 403 Client Error: Forbidden for url: https://adb.example/api/2.2/jobs/run-now',
    'exception',
  ],
  ['airflow3-stderr-lines', 6, 'RuntimeError: No best trial found for the given metric: auc.', 'exception'],
  [
    'airflow3-context-wrap',
    1,
    'ClientError: An error occurred (AccessDenied) when calling the PutObject operation: Access Denied',
    'exception',
  ],
  ['airflow2-failed', 14, "KeyError: 'churned'", 'exception'],
  [
    'airflow2-bash-subprocess',
    8,
    'mlflow.exceptions.RestException: RESOURCE_DOES_NOT_EXIST: Registered model alias champion not found.',
    'exception',
  ],
  [
    'airflow2-retries-one-file',
    13,
    'snowflake.connector.errors.ProgrammingError: 000904 (42000): SQL compilation error: error line 3 at position 7',
    'exception',
  ],
  [
    'airflow2-sigterm-external',
    2,
    'State of this instance has been externally set to failed. Terminating instance.',
    'death',
  ],
  ['airflow2-negsignal', 2, 'Task exited with return code Negsignal.SIGKILL', 'death'],
  ['airflow2-error-only', 3, 'Job score-churn is not in this workspace: known jobs are score-churn-eu, train', 'error'],
  ['airflow2-pod', 5, 'ValueError: Input X contains NaN.', 'exception'],
  ['python-simple', 8, 'ZeroDivisionError: division by zero', 'exception'],
  ['python-direct-cause', 7, "KeyError: 'churned'", 'exception'],
  ['python-pandas', 14, "KeyError: 'churned'", 'exception'],
  [
    'python-fallback-failed',
    16,
    'churn.storage.StorageError: s3://acme-lake/churn/features/2026-11-20 is empty',
    'exception',
  ],
  ['python-raise-in-handler', 5, "KeyError: 'CHURN_LABEL'", 'exception'],
  ['python-requests-chain', 6, 'ConnectionRefusedError: [Errno 111] Connection refused', 'exception'],
  [
    'python-handled-then-failed',
    13,
    'ValueError: This solver needs samples of at least 2 classes in the data, but the data contains only one class: 0',
    'exception',
  ],
  ['python-atexit-after', 4, "ModuleNotFoundError: No module named 'churn.trainin'", 'exception'],
  ['python-group', 9, 'LookupError: no partition 2026-11-20', 'exception'],
  ['python-syntax', 7, "SyntaxError: '(' was never closed", 'exception'],
  [
    'python-remote-traceback',
    8,
    "TypeError: unsupported operand type(s) for -: 'datetime.date' and 'str'",
    'exception',
  ],
  ['python-cut-off', 5, 'File "/app/churn/training.py", line 52, in fit', 'exception'],
  ['python-escapes', 5, "NameError: name 'fit' is not defined", 'exception'],
  ['python-basic-logging', 3, 'no AUC for 2026-11-20, refusing to publish', 'error'],
  [
    'python-progress',
    5,
    'torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 15.78 GiB total capacity)',
    'exception',
  ],
  ['java-caused-by', 8, "Caused by: java.sql.SQLException: Column 'CHURNED' not found", 'exception'],
  [
    'spark-py4j',
    14,
    'Caused by: java.io.FileNotFoundException: No such file or directory: s3a://acme-lake/churn/features/2026-11-20/part-0.parquet',
    'exception',
  ],
  ['spark-python-worker', 5, "KeyError: 'churned'", 'exception'],
  [
    'spark-analysis',
    6,
    'pyspark.errors.exceptions.captured.AnalysisException: [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `churned` cannot be resolved. Did you mean one of the following? [`has_churned`];',
    'exception',
  ],
  ['ray-task-error', 13, "KeyError: 'churned'", 'exception'],
  ['ray-cause', 4, "KeyError: 'churned'", 'exception'],
  ['ray-interleaved', 6, 'ValueError: C must be positive, got -0.1', 'exception'],
  [
    'ray-oom',
    2,
    '1 Workers (tasks / actors) killed due to memory pressure (OOM), 0 Workers crashed due to other reasons',
    'death',
  ],
  ['dbt-database-error', 9, 'Binder Error: Referenced column "churned" not found in FROM clause!', 'tool'],
  ['dbt-test-failed', 6, 'Got 12 results, configured to fail if != 0', 'tool'],
  [
    'dbt-in-airflow',
    4,
    "Model 'model.churn_dbt.churn_features' depends on a node named 'stg_event' which was not found",
    'tool',
  ],
  ['killed-shell', 3, '/entrypoint.sh: line 4:    17 Killed                  python -m churn.training', 'death'],
  ['killed-after-handled', 9, 'Killed', 'death'],
  ['kubernetes-oom', 3, 'container terminated: reason=OOMKilled exitCode=137', 'death'],
  ['segfault', 2, '/entrypoint.sh: line 9:  2121 Segmentation fault      (core dumped) python train.py', 'death'],
  ['bash-not-found', 3, 'run.sh: line 3: dbtt: command not found', 'error'],
  ['torchrun', 6, 'FileNotFoundError: /data/churn/train.parquet', 'exception'],
  ['nothing-wrong', undefined, undefined, undefined],
  ['only-return-code', 2, 'Task exited with return code 1', 'error'],
  ['airflow3-stderr-noise', 4, "no column 'churned' in the features, using inactivity instead", 'warning'],
  ['airflow3-stderr-only', undefined, undefined, undefined],
  ['dbt-logfile', 13, 'Got 12 results, configured to fail if != 0', 'tool'],
];

function pick(bytes: Uint8Array) {
  const { lines } = logText(bytes, 0, bytes.length);
  const picked = pickRoot(lines);
  const line = picked && lines[picked.root.line - 1];
  return { picked, fileLine: line && line.from + 1 };
}

const right: string[] = [];
for (const [name, line, text, kind] of expected) {
  test(`the line that matters: ${name}`, () => {
    const { picked, fileLine } = pick(readFileSync(path.join(folder, `${name}.log`)));
    assert.deepEqual([fileLine, picked?.root.text, picked?.kind], [line, text, kind]);
    right.push(name);
  });
}

test('score of the picker: every log right, none left out of the table', (context) => {
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  context.diagnostic(`root line: ${right.length} of ${logs.length} logs right`);
  assert.equal(right.length, logs.length);
  assert.ok(logs.length >= 30);
});

test("the user's own frame is told even where the first cause was raised inside a library", () => {
  const { picked } = pick(readFileSync(path.join(folder, 'airflow3-cause.log')));
  assert.equal(picked?.own && `${picked.own.file}:${picked.own.line}`, '/opt/airflow/churn/validation.py:36');
  assert.equal(
    picked?.root.reason,
    'Exception raised in evaluate (validation.py:36); first cause of 3 chained exceptions',
  );
});
