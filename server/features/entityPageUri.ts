// The address of an entity's facts page in the editor.
import type { EntityId } from '../catalog/entity.ts';

/** `plumbline:/entity/<id>`, with what a uri reserves percent-encoded once. */
export function entityPageUri(id: EntityId): string {
  return `plumbline:/entity/${encodeURIComponent(id).replaceAll('%2F', '/')}`;
}
