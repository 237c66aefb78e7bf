// How an SLO is named in the catalog.
import type { EntityId } from '../../../catalog/entity.ts';
import { idIn, type Live } from '../ask/live.ts';

/** A metric of two segments: names of metrics have no slash, so it is none of those. */
export function sloId(live: Live, id: string): EntityId {
  return idIn(live, 'metric', 'slo', id);
}
