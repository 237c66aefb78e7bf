// Who answers at the address.
import { HttpError } from '../../httpError.ts';
import { oneLine, record } from '../../json.ts';
import { Surprises } from '../../problems.ts';
import type { Live } from './live.ts';
import { rulesOf } from './scan.ts';

/** `Prometheus 2.42.0, 3 alerting rules`. Rejects like `fetch`. What only speaks its API may not say its version. */
export async function greet(live: Live, signal: AbortSignal): Promise<string> {
  const build = await live.api.data('/api/v1/status/buildinfo', [], signal).catch((error: unknown) => {
    if (error instanceof HttpError && (error.kind === 'missing' || error.kind === 'broken')) return undefined;
    throw error;
  });
  const rules = await rulesOf(live, new Surprises(), signal);
  const version = oneLine(record(build).version, 40)?.split('+')[0];
  const count = rules.filter(({ alerts }) => alerts !== undefined).length;
  return `Prometheus${version ? ` ${version}` : ''}, ${count.toLocaleString('en')} alerting ${count === 1 ? 'rule' : 'rules'}`;
}
