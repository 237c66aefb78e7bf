// Sample: what lies at a place, read off a bounded number of pages of keys; says where it stopped.
import type { ListedObjects, ObjectStore, StoredObject } from '../objectStore.ts';
import type { Place } from './places.ts';

/** Pages of 1,000 keys that one place is worth, and pages more to find the newest behind them. */
const mostPages = 5;
const mostSteps = 3;
/** Files of models that are remembered of one place. */
const mostKept = 1_000;

export interface Sample {
  /** It is one object itself. */
  readonly object?: StoredObject;
  readonly objects: number;
  readonly bytes: number;
  /** There are more than were counted. */
  readonly atLeast: boolean;
  /** Of those that were seen. */
  readonly newest?: StoredObject;
  /** The last key in their order that was counted, where there are more than a page. */
  readonly last?: string;
  /** Those `keep` asked for, newest last. */
  readonly kept: readonly StoredObject[];
}

export interface Sampling {
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  /** Which objects are wanted themselves. */
  readonly keep: (key: string) => boolean;
}

/** Rejects like `ObjectStore`. Nothing there: no objects. `before`: what was a folder is asked as one. */
export async function sample(place: Place, sampling: Sampling, before?: Sample): Promise<Sample> {
  if (before && !before.object && before.objects > 0 && !place.key.endsWith('/') && place.key !== '')
    return sample({ ...place, key: `${place.key}/` }, sampling);
  const first = await page(place, place.key, undefined, sampling);
  const isFolder = place.key === '' || place.key.endsWith('/');
  if (isFolder) return counted(place, place.key, first, sampling);
  const object = first.objects.find(({ key }) => key === place.key);
  if (object) return { object, objects: 1, bytes: object.size, atLeast: false, newest: object, kept: [object] };
  const folder = `${place.key}/`;
  // `churn-old/…` comes before `churn/…`, and may fill the page alone.
  const inside = first.objects.some(({ key }) => !key.startsWith(folder)) || first.next !== undefined;
  return counted(place, folder, inside ? await page(place, folder, undefined, sampling) : first, sampling);
}

/** What was written behind `last` since; the rest is taken as it was. */
export async function sampleOn(place: Place, before: Sample, sampling: Sampling): Promise<Sample> {
  const prefix = place.key === '' || place.key.endsWith('/') ? place.key : `${place.key}/`;
  const { last } = before;
  const more = await sampling.store.list(
    { bucket: place.bucket, prefix, ...(last === undefined ? {} : { after: last }) },
    sampling.signal,
  );
  const fresh = new Counting(sampling.keep, before);
  fresh.add(more.objects);
  return fresh.sample(before.atLeast || more.next !== undefined, true);
}

async function counted(place: Place, prefix: string, first: ListedObjects, sampling: Sampling): Promise<Sample> {
  const counting = new Counting(sampling.keep);
  counting.add(first.objects);
  let { next } = first;
  const isLong = next !== undefined;
  for (let pages = 1; next !== undefined && pages < mostPages; pages += 1) {
    const more = await page(place, prefix, next, sampling);
    // A page that leads nowhere: what was counted is there, and there is more.
    if (more.next === next || more.objects.at(-1)?.key === counting.last) break;
    counting.add(more.objects);
    next = more.next;
  }
  if (next !== undefined) counting.see(await behind(place, prefix, sampling));
  return counting.sample(next !== undefined, isLong);
}

/** Days are folders whose names go up: of each level the last one. */
async function behind(place: Place, prefix: string, sampling: Sampling): Promise<readonly StoredObject[]> {
  let folder = prefix;
  let found: readonly StoredObject[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    const { store, signal } = sampling;
    const level = await store.list({ bucket: place.bucket, prefix: folder, folders: true }, signal);
    found = [...found, ...level.objects];
    const last = level.folders.at(-1);
    if (last === undefined) break;
    folder = last;
  }
  return found;
}

function page(place: Place, prefix: string, from: string | undefined, { store, signal }: Sampling) {
  return store.list({ bucket: place.bucket, prefix, ...(from === undefined ? {} : { from }) }, signal);
}

class Counting {
  readonly #keep: (key: string) => boolean;
  readonly #kept = new Map<string, StoredObject>();
  #objects: number;
  #bytes: number;
  #newest: StoredObject | undefined;
  #last: string | undefined;

  constructor(keep: (key: string) => boolean, before?: Sample) {
    this.#keep = keep;
    this.#objects = before?.objects ?? 0;
    this.#bytes = before?.bytes ?? 0;
    this.#newest = before?.newest;
    this.#last = before?.last;
    for (const object of before?.kept ?? []) this.#kept.set(object.key, object);
  }

  get last(): string | undefined {
    return this.#last;
  }

  add(objects: readonly StoredObject[]): void {
    for (const object of objects) {
      this.#last = object.key;
      // The console makes empty objects for folders.
      if (object.key.endsWith('/') && object.size === 0) continue;
      this.#objects += 1;
      this.#bytes += object.size;
      this.#look(object);
    }
  }

  /** Beside those that are counted. */
  see(objects: readonly StoredObject[]): void {
    for (const object of objects) if (!object.key.endsWith('/')) this.#look(object);
  }

  sample(atLeast: boolean, isLong: boolean): Sample {
    const kept = [...this.#kept.values()].sort((a, b) => a.modifiedAt - b.modifiedAt).slice(-mostKept);
    return {
      objects: this.#objects,
      bytes: this.#bytes,
      atLeast,
      kept,
      ...(this.#newest ? { newest: this.#newest } : {}),
      ...(isLong && this.#last !== undefined ? { last: this.#last } : {}),
    };
  }

  #look(object: StoredObject): void {
    if (!this.#newest || object.modifiedAt >= this.#newest.modifiedAt) this.#newest = object;
    if (this.#keep(object.key)) this.#kept.set(object.key, object);
  }
}
