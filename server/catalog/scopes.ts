// Scopes: which ids a source may know, by the beginning of the id.
import type { EntityId } from './entity.ts';

/**
 * Most tools name their instance in their ids. Buckets are named the same whoever is asked for them, so every connection
 * to S3 may know a path, and what lives only there.
 */
export function mayKnow({ tool, scope }: { readonly tool: string; readonly scope: string }, id: EntityId): boolean {
  const place = id.slice(id.indexOf(':') + 1);
  return place.startsWith(`${scope}/`) || (tool === 's3' && place.startsWith('s3://'));
}
