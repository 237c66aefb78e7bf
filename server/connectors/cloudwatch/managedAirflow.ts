// Managed Airflow: the log groups of MWAA, whose streams are the logs of tries; pure.
// Source: docs.aws.amazon.com/mwaa "Viewing Airflow logs in Amazon CloudWatch"; the names of streams: Airflow's CloudwatchTaskHandler, 2026-11.

/** Of `airflow-MyEnvironment-Task`; undefined of any other group. */
export function managedEnvironment(group: string): string | undefined {
  return /^airflow-(.+)-Task$/.exec(group)?.[1];
}

/**
 * A stream's name is the path of the log with `_` in place of each `:`, which no stream may have. The colons of a time
 * are put back: `run_id=manual__2026-11-20T03_00_00+00_00`.
 */
export function logPathOf(stream: string): string {
  return stream.replace(
    /(T\d\d)_(\d\d)_(\d\d(?:\.\d{1,9})?)(?:([+-]\d\d)_(\d\d))?/g,
    (_, hour, minute, second, zone, rest) =>
      zone === undefined ? `${hour}:${minute}:${second}` : `${hour}:${minute}:${second}${zone}:${rest}`,
  );
}
