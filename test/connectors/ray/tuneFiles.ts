// Files as Tune writes them: the state of a search with its trials, and what a trial reported.

export interface Told {
  readonly id: string;
  readonly status?: string;
  readonly result?: string;
  readonly folder?: string;
  readonly error?: string;
}

/** As Tune writes it: two texts of JSON for each trial, with Infinity in them. */
export function state(metric: string | undefined, trials: readonly Told[]): string {
  const pairs = trials.map(({ id, status = 'TERMINATED', result = '{}', folder = id, error }, index) => [
    JSON.stringify({
      ...{ trial_id: id, trainable_name: 'fit', status, relative_logdir: folder },
      config: { lr: 0.1, layers: { units: 8 }, loss: 'a "NaN" \\ Infinity' },
    }),
    `{"start_time": ${100 + index}.5, "last_result_time": -Infinity, "last_result": ${result}, "error_filename": ${JSON.stringify(error ?? null)}}`,
  ]);
  const runner_data = { _metric: metric, _start_time: 100 };
  return JSON.stringify({ trial_data: pairs, runner_data, stats: { start_time: 100 } });
}

export const results = (auc: string) =>
  `{"auc": ${auc}, "eval": {"loss": 0.5}, "timestamp": 200, "pid": 7, "training_iteration": 3}`;

/** How Python pickles the direction: opcodes between the words. */
export function pickled(mode: string): Buffer {
  return Buffer.from(`\u0080\u0005\u008c\u0004mode\u0094\u008c\u0003${mode}\u0094`, 'latin1');
}
