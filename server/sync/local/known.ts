// Known: what the workspace's store and the user's live one hold together, for ids of one tool in the text of another.
import type { Catalog } from '../../catalog/catalog.ts';
import { mergeCatalogs } from '../../catalog/merged.ts';
import type { CatalogStore } from '../../catalog/store.ts';

/** Reads are of the moment they are made. */
export function knownIn(store: CatalogStore, live: CatalogStore | undefined): Catalog {
  return live ? mergeCatalogs(store.snapshot(), live.snapshot()) : store.snapshot();
}
