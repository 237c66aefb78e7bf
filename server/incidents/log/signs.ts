// Signs: tables of the words that logs use for failures, and what each is worth beside the others.

/**
 * What the first line of trouble in a log of many GB holds, as plain words, so that it can be looked for where the log
 * lies. None begins with a blank, a quote or a bracket: grep takes five times as long for those (GNU grep 3.8,
 * 0.5 GB in 0.4 s and 2.4 s, 2026-11-23).
 */
export const loud: readonly string[] = [
  'Traceback (most recent call last)',
  'Exception',
  'Error: ',
  'ERROR',
  'FATAL',
  'CRITICAL',
  'level":"error"',
  'level": "error"',
  'panic: ',
  'Out of memory',
  'OOMKilled',
  'Segmentation fault',
];

/** Exceptions that only report that something else failed; what they report on is usually further up in the log. */
export const reportsAnother =
  /\b(?:ChildFailedError|CalledProcessError|BrokenProcessPool|WorkerCrashedError|RayActorError|ActorDiedError|ExceptionGroup)\b|Bash command failed|[Cc]ommand returned a non-zero exit code|Pod .{0,200} returned a failure|[Tt]ask received SIGTERM|failed with terminal state|Cannot execute: .{0,300} Error code is: \d|non-zero exit status|dbt (?:command|run|test|build) failed|SystemExit/;

/** Records that only say that the run failed. */
export const saysOnlyFailed =
  /Task (?:exited|failed)|[Ff]ailed to execute job|Marking task as|Process exited|exited with (?:return )?code|exit(?:ed)? (?:status|code)|^Traceback|^::|Command exited|error\(s\), \d+ warning|Completed with \d+ error/;

/** What stands by a traceback that nobody waits for: cleaning up, callbacks, the logger itself. */
export const byTheWay =
  /Exception ignored in|Error in atexit|--- Logging error ---|Task exception was never retrieved|error calling listener|[Cc]allback|[Ff]ailed to (?:send|emit|upload|flush|close|clean)|Unable to (?:send|emit|upload)|OpenLineage|Sentry|^Exception in thread Thread-\d+ \(_?monitor/;

/** What stands after a failure that the program got over. */
export const wentOn =
  /\b(?:retrying|will (?:be )?retr(?:y|ied)|next (?:try|attempt) in|trying again|falling back|using .{1,60} instead|continuing|skipping|ignoring it)\b/i;

/** A new attempt begins; what stands before it belongs to an attempt that was made good. */
export const attemptBegins =
  /^(?:Starting attempt \d+ of \d+|Running with dbt=|=+ \d\d:\d\d:\d\d\.\d+ \| [\da-f-]{36} =+$)|^-+ attempt \d+/i;

export interface Death {
  readonly pattern: RegExp;
  readonly score: number;
  readonly reason: string;
}

const killed =
  'SIGKILL (signal 9; exit code 137 is 128 + 9): nothing in the process can catch it or log why; most often it ran out of memory';
const asked =
  'SIGTERM (signal 15; exit code 143 is 128 + 15): something outside asked the process to stop; look just above for who';
const crashed =
  'SIGSEGV (signal 11; exit code 139 is 128 + 11): native code crashed; update or bisect the native library named above';

/** Ends without a traceback, most telling first. */
export const deaths: readonly Death[] = [
  {
    pattern:
      /OOMKilled|[Oo]ut of memory: Kill|oom-kill|memory cgroup out of memory|killed due to memory pressure|Container killed .{0,60}memory/,
    score: 78,
    reason: 'The system ended the process because memory ran out: give it more, or let it hold less at once',
  },
  {
    pattern:
      /externally set to (?:failed|success|skipped)|task shouldn't be running anymore|[Dd]etected (?:as )?zombie|Too many failed heartbeats|heartbeat timeout/,
    score: 76,
    reason: 'The scheduler gave the task up: it was marked by someone, or its heartbeats stopped coming',
  },
  { pattern: /(?:^|\s|:)Killed(?:\s|$)|^Killed$/, score: 74, reason: killed },
  {
    pattern:
      /SIGKILL|(?:exit(?:ed)?[ _]?(?:code|status)?|return(?:ed)?[ _]?code|code)\W{0,3}(?:with )?(?:-9|137)\b|signal\W{0,2}-?9\b|Negsignal\.SIGKILL/i,
    score: 72,
    reason: killed,
  },
  {
    pattern:
      /Segmentation fault|SIGSEGV|(?:exit(?:ed)?[ _]?(?:code|status)?|return(?:ed)?[ _]?code|code)\W{0,3}(?:-11|139)\b/i,
    score: 72,
    reason: crashed,
  },
  {
    pattern: /SIGTERM|(?:exit(?:ed)?[ _]?(?:code|status)?|return(?:ed)?[ _]?code|code)\W{0,3}(?:-15|143)\b/i,
    score: 65,
    reason: asked,
  },
];

/** dbt: the header of an error; the line that says why follows it. */
export const dbtError =
  /^\s*(?:(?:Database|Compilation|Runtime|Parsing|Dependency|Validation|Unhandled|dbt) Error(?: in .{1,300})?$|Failure in (?:unit_)?test \S|in (?:model|test|unit_test|snapshot|seed|source|operation|sql operation|function) \S+ \(.{1,300}\)$)/;
export const dbtLine = /^\s*\d+ of \d+ (?:ERROR|FAIL) /;

/** Lines of programs without a logger that begin as errors do. */
export const errorWords =
  /^\s*(?:(?:[\w./-]{1,80}: )?(?:fatal|error|FATAL|ERROR|Error)\b ?:|E {2,4}\S)|^[\w./-]{1,80}: line \d+: |: (?:command not found|No such file or directory|Permission denied)$/;

/** Warnings about the making of the code, not about the run. */
export const housekeeping =
  /(?:Deprecation|PendingDeprecation|Future|Resource|User|Import|Runtime)Warning\b|\bdeprecated\b/;

/** Loggers that are not the user's. */
export const foreignLogger =
  /^(?:airflow|mlflow|py\.warnings|urllib3|botocore|boto3|s3transfer|ray|snowflake|databricks|openlineage|matplotlib|numba|git|alembic|sqlalchemy|asyncio|root\.airflow|task\.airflow)(?:\.|$)|\b(?:taskinstance|taskmixin|dagbag|logging_mixin|standard_task_runner|local_task_job_runner|warnings)\.py:\d/;
