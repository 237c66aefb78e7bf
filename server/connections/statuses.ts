// Statuses: how a connection stands of which nothing else is known: not asked yet, or not allowed to be asked here.
import { entityId } from '../catalog/entity.ts';
import { addressOf, type ConnectionConfig, type ConnectionStatus } from '../protocol/connection.ts';

export const untrusted =
  'paused: the workspace is not trusted. Nothing is asked over the network in Restricted Mode; trust the workspace to go on.';
export const noLiveFolder = 'paused: the editor named no folder to keep what servers give. Start it again.';

/** `tool://instance`, encoded as in ids. */
export function scopeOf({ tool, instance, url }: ConnectionConfig): string {
  return entityId('model', tool, instance ?? addressOf(url)).slice('model:'.length, -1);
}

/** `reason` is why it is not asked here, if it is not. */
export function unaskedStatus(config: ConnectionConfig, reason?: string): ConnectionStatus {
  const { name, tool, url, environment } = config;
  return {
    name,
    tool,
    url,
    scope: scopeOf(config),
    ...(environment === undefined ? {} : { environment }),
    health: 'never',
    paused: config.paused === true || reason !== undefined,
    ...(reason === undefined ? {} : { reason }),
    entities: 0,
    requestsLastHour: 0,
    needsSecret: false,
  };
}
