// Scan: a look at the places that somebody names: at all of them first, then at some in turn, so that an idle hour costs the same however many there are.
import type { CatalogChange, ScanProblem } from '../../catalog/change.ts';
import { HttpError } from '../httpError.ts';
import type { Tags } from '../objectStore.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { type Looked, type Looking, look } from './look.ts';
import { mostPlaces, type Needs } from './needs.ts';
import { type Place, uriOf } from './places.ts';
import type { Sample } from './sample.ts';

/** Places of one look in parts: a page of keys each. */
const inTurn = 20;
const atOnce = 4;

/** What says nothing of the connection as a whole. */
const ofPlace = new Set(['forbidden', 'missing', 'refused', 'tooBig']);

export interface Scanning {
  /** `name: host`, for messages. */
  readonly place: string;
  readonly needs: Needs;
  readonly looking: Omit<Looking, 'bucketTags' | 'closely'>;
}

export async function* scan(scanning: Scanning, since: string | undefined): AsyncIterable<CatalogChange> {
  const { needs, looking, place: connection } = scanning;
  const before = since === undefined ? undefined : readCursor(since);
  const chosen = before ? turn(needs.places, before.after, before.samples) : needs.places;
  const samples = new Map<string, Sample>();
  const problems: ScanProblem[] = [];
  if (needs.left > 0) {
    problems.push({
      message: `${connection}: ${needs.left} places are named beyond the ${mostPlaces} that are looked at.`,
      advice: 'Name those that matter in "watch" of the connection.',
    });
  }
  yield { ...(before ? { incremental: true } : {}), problems };
  const bucketTags = before ? undefined : tagsOnce(looking);
  const closely = { ...looking, closely: false, ...(bucketTags ? { bucketTags } : {}) };
  for (let from = 0; from < chosen.length; from += atOnce) {
    looking.signal.throwIfAborted();
    const group = chosen.slice(from, from + atOnce);
    const looked = await Promise.all(
      group.map((place) => attempted(place, before?.samples.get(uriOf(place)), closely)),
    );
    const failed = looked.flatMap((one) => ('problem' in one ? one.problem : []));
    for (const [index, one] of looked.entries()) {
      const place = group[index];
      if (place && 'sample' in one) samples.set(uriOf(place), one.sample);
    }
    yield { ...merged(looked.flatMap((one) => ('page' in one ? one.page : []))), problems: failed };
  }
  const wanted = new Set(needs.places.map(uriOf));
  const kept = [...(before?.samples ?? [])].filter(([uri]) => wanted.has(uri) && !samples.has(uri));
  const last = chosen.at(-1);
  const after = before && last ? uriOf(last) : '';
  yield { cursor: writeCursor({ after, samples: new Map([...kept, ...samples]) }) };
}

/** Those that are new first, then those behind the one that was last, from the beginning again at the end. */
function turn(places: readonly Place[], after: string, known: ReadonlyMap<string, Sample>): readonly Place[] {
  const isNew = (place: Place): boolean => !known.has(uriOf(place));
  const old = places.filter((place) => !isNew(place));
  const behind = old.filter((place) => uriOf(place) > after);
  const round = [...behind, ...old.slice(0, old.length - behind.length)];
  // The last one chosen must be of the round, or it would begin anew.
  const fresh = places.filter(isNew).slice(0, inTurn / 2);
  return [...fresh, ...round.slice(0, inTurn - fresh.length)];
}

async function attempted(
  place: Place,
  before: Sample | undefined,
  looking: Looking,
): Promise<Looked | { readonly problem: ScanProblem }> {
  try {
    return await look(place, before, looking);
  } catch (error) {
    looking.signal.throwIfAborted();
    if (!(error instanceof HttpError) || !ofPlace.has(error.kind)) throw error;
    return { problem: { message: error.message } };
  }
}

/** A bucket is asked once for its tags, by whoever comes first; who may not see them has none. */
function tagsOnce({ store, signal }: Pick<Looking, 'store' | 'signal'>): (bucket: string) => Promise<Tags> {
  const asked = new Map<string, Promise<Tags>>();
  return (bucket) => {
    const known = asked.get(bucket) ?? store.tags(bucket, undefined, signal).catch(noTags);
    asked.set(bucket, known);
    return known;
  };
}

function noTags(error: unknown): Tags {
  if (error instanceof HttpError && (ofPlace.has(error.kind) || error.status === 501)) return [];
  throw error;
}

function merged(pages: readonly CatalogChange[]): CatalogChange {
  return {
    entities: pages.flatMap(({ entities = [] }) => entities),
    runs: pages.flatMap(({ runs = [] }) => runs),
    edges: pages.flatMap(({ edges = [] }) => edges),
    series: pages.flatMap(({ series = [] }) => series),
    events: pages.flatMap(({ events = [] }) => events),
    covered: pages.flatMap(({ covered = [] }) => covered),
  };
}
