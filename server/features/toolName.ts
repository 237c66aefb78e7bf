// Tool name: the tool whose thing an id names, as it calls itself.
import { type EntityId, parseEntityId } from '../catalog/entity.ts';

export function toolName(id: EntityId): string {
  return parseEntityId(id)?.tool ?? '';
}
