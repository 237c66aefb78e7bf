// What several parts of the fake's state are made of.
import type { Json } from './state.ts';

export const commit = '5be1f0a7c3d2e4b6a8091f2e3d4c5b6a79880716';
export const hour = 3_600_000;

/** As Databricks tells it twice: `status` is the new form, `state` the old. */
export function ended(code: string, type: string, message = ''): Json {
  const ok = code === 'SUCCESS';
  return {
    status: { state: 'TERMINATED', termination_details: { code, type, message } },
    state: { life_cycle_state: 'TERMINATED', result_state: ok ? 'SUCCESS' : 'FAILED', state_message: message },
  };
}
