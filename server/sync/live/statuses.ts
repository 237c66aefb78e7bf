// Statuses: how each connection stands, from the store, which every window sees, and from the window that asks.
import type { Source } from '../../catalog/catalog.ts';
import { scopeOf } from '../../connections/statuses.ts';
import type { ConnectionConfig, ConnectionStatus } from '../../protocol/connection.ts';
import type { LiveState } from './liveConnection.ts';

export interface StatusParts {
  /** As the store says; undefined: never asked. */
  readonly source: Source | undefined;
  readonly entities: number;
  /** Of the window that asks; undefined: not known here. */
  readonly state: LiveState | undefined;
  /** Epoch ms. */
  readonly now: number;
  readonly staleMs: number;
}

export function statusOf(config: ConnectionConfig, parts: StatusParts): ConnectionStatus {
  const { source, entities, state, now, staleMs } = parts;
  const { name, tool, url, environment, paused = false } = config;
  const scope = scopeOf(config);
  // The name may have meant another thing before.
  const known = source?.scope === scope ? source : undefined;
  const isOld = known?.scannedAt !== undefined && now - known.scannedAt > staleMs;
  const usual = known?.health === 'fresh' && isOld ? 'stale' : (known?.health ?? 'never');
  const reason = state?.mistake ?? known?.reason;
  return {
    name,
    tool,
    url,
    scope,
    ...(environment === undefined ? {} : { environment }),
    health: state?.mistake === undefined ? usual : 'failing',
    paused,
    ...(known?.scannedAt === undefined ? {} : { scannedAt: known.scannedAt }),
    ...(reason === undefined ? {} : { reason }),
    entities: known ? entities : 0,
    requestsLastHour: state?.requestsLastHour ?? 0,
    ...(state?.nextAt === undefined || paused ? {} : { nextAt: state.nextAt }),
    needsSecret: state?.needsSecret ?? false,
  };
}
