// Needs: which places of a store are worth a question: those the user wrote, and those that other entities name; never all there are.
import type { Catalog } from '../../catalog/catalog.ts';
import { type Place, placeOf, placeOfId, stablePlace, uriOf, watchedPlace } from './places.ts';

/** Of one connection; those the user wrote go first. */
export const mostPlaces = 200;
const mostListed = 5_000;

export interface Needs {
  /** By address. */
  readonly places: readonly Place[];
  /** Named beyond the cap. */
  readonly left: number;
}

/** `watch`: as the user wrote them; what cannot be a place is left out. */
export function needs(watch: readonly string[], catalog: Catalog | undefined): Needs {
  const found = new Map<string, Place>();
  const add = (place: Place | undefined): void => {
    if (place) found.set(uriOf(place), place);
  };
  for (const one of watch) add(watchedPlace(one));
  if (catalog) {
    for (const { id, goneAt } of catalog.list('path', mostListed))
      if (goneAt === undefined && id.startsWith('path:s3')) add(stableOf(placeOfId(id)));
    for (const kind of ['model', 'version'] as const) {
      for (const { id, goneAt } of catalog.list(kind, mostListed)) {
        if (goneAt !== undefined) continue;
        if (kind === 'model') add(placeOfId(id));
        // The files of a registered version: their folder is asked about once, not each of them.
        else if (!id.startsWith('version:s3:')) add(folderOf(catalog.facts(id).artifactUri));
      }
    }
  }
  const all = [...found.values()];
  return { places: all.slice(0, mostPlaces).sort(byUri), left: Math.max(0, all.length - mostPlaces) };
}

/** MLflow writes each run below its experiment: the bucket and the folder before the first id. */
function folderOf(uri: string | undefined): Place | undefined {
  const place = uri === undefined ? undefined : placeOf(uri);
  return place && stablePlace(place);
}

function stableOf(place: Place | undefined): Place | undefined {
  return place && stablePlace(place);
}

function byUri(a: Place, b: Place): number {
  const [left, right] = [uriOf(a), uriOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}
