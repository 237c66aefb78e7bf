// Known facts: what a connection told of a thing before, for listings that know less of it.
import type { Catalog } from '../catalog/catalog.ts';
import type { EntityId } from '../catalog/entity.ts';
import type { Facts } from '../catalog/facts.ts';

/** `place.source` is the connection; undefined when it has said nothing of the thing, or nothing is kept. */
export function knownFacts({
  catalog,
  place,
}: {
  readonly catalog: Catalog | undefined;
  readonly place: { readonly source: string };
}): (id: EntityId) => Facts | undefined {
  return (id) => catalog?.factsBySource(id).find(({ source }) => source === place.source)?.facts;
}
