// SQL time: instants as statements say them, whatever the zone of the session is; pure.
import { literal } from './ids.ts';

/** Epoch ms, for columns with a zone. */
export function sqlTime(at: number): string {
  return `TO_TIMESTAMP_LTZ(${literal(new Date(at).toISOString())})`;
}

/** Epoch ms, for columns without a zone that are in UTC. */
export function sqlInstant(at: number): string {
  return `TO_TIMESTAMP_NTZ(${literal(new Date(at).toISOString().slice(0, -1))})`;
}
