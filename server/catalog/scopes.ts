// Scopes: which ids a source may know, by the beginning of the id.
import type { EntityId } from './entity.ts';

/**
 * Most tools name their instance in their ids. Buckets are named the same whoever is asked for them, so every connection
 * to S3 may know a path, and what lives only there. Marquez knows jobs by their OpenLineage namespace, which names no server.
 */
export function mayKnow({ tool, scope }: { readonly tool: string; readonly scope: string }, id: EntityId): boolean {
  const place = id.slice(id.indexOf(':') + 1);
  if (place.startsWith(`${scope}/`)) return true;
  return (tool === 's3' && place.startsWith('s3://')) || (tool === 'marquez' && place.startsWith('openlineage://'));
}
