// Events in a store of objects: those below the prefixes that the connection watches, read once each, as a folder of event files is.
/*
 * A look lists each prefix (a page holds 1,000 keys) and reads the objects that are new or were written again, the newest
 * first. What they add up to is kept in memory: after a restart they are read once more. Nothing is asked for one object
 * that is known, so an hour without events costs its listings.
 */
import type { Catalog } from '../../../catalog/catalog.ts';
import type { CatalogChange, ScanProblem } from '../../../catalog/change.ts';
import { entityId } from '../../../catalog/entity.ts';
import { knownInstances } from '../../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../../protocol/connection.ts';
import type { LiveConnector, LiveHost } from '../../connector.ts';
import { HttpError } from '../../httpError.ts';
import type { ObjectStore, StoredObject } from '../../objectStore.ts';
import { lineagePages } from '../pages.ts';
import { Lineage } from '../said/lineage.ts';
import { eventsIn, textOf } from './texts.ts';

const most = { objects: 5_000, listed: 50_000, objectBytes: 32 * 1024 * 1024, atOnce: 8, broken: 20, refused: 20 };
/** What may not be read is tried again after so long, or when it was written again. */
const refusedMs = 60 * 60_000;
const isEvents = /\.(json|jsonl|ndjson|log)(\.gz)?$/i;

interface Refused {
  readonly stamp: string;
  /** Epoch ms. */
  readonly at: number;
  readonly error: HttpError;
}

interface Found extends StoredObject {
  readonly bucket: string;
}

/** Asks nothing yet. */
export function connect(connection: ConnectionConfig, host: LiveHost, catalog?: Catalog): LiveConnector {
  const { name, url, environment, instance = addressOf(url) } = connection;
  const { objects } = host;
  if (!objects) throw new Error(`${name}: the store of events cannot be asked here. Restart the editor.`);
  const stored = new StoredEvents(connection, objects, () => host.now());
  return {
    source: { name, tool: 'openlineage', ...(environment === undefined ? {} : { environment }) },
    scope: entityId('job', 'openlineage', instance).replace(/^job:|\/$/g, ''),
    alsoScopes: ['openlineage:/'],
    kinds: ['job', 'run', 'table', 'path', 'metric', 'model', 'version'],
    mines: true,
    async *scan(signal, since) {
      const isNews = await stored.read(signal);
      const instances = knownInstances(catalog?.sources() ?? [], []);
      const context = { now: host.now(), instances, placeOf: () => undefined };
      if (isNews || since === undefined)
        for (const page of lineagePages(stored.lineage, context)) yield page satisfies CatalogChange;
      const unchanged = isNews || since === undefined ? {} : { incremental: true };
      yield { ...unchanged, problems: stored.problems, cursor: `${host.now()}` };
    },
    // Events are read as soon as they are there; there is no more to ask for.
    async *describe() {},
    greet: (signal) => stored.greet(signal),
  };
}

class StoredEvents {
  lineage = new Lineage();
  problems: readonly ScanProblem[] = [];
  readonly #connection: ConnectionConfig;
  readonly #store: ObjectStore;
  /** By address: what was read. */
  readonly #read = new Map<string, string>();
  readonly #broken = new Map<string, string>();
  readonly #refused = new Map<string, Refused>();
  readonly #now: () => number;

  constructor(connection: ConnectionConfig, store: ObjectStore, now: () => number) {
    this.#connection = connection;
    this.#store = store;
    this.#now = now;
  }

  /** True when something is told that was not. Rejects when no prefix can be listed. */
  async read(signal: AbortSignal): Promise<boolean> {
    const problems: ScanProblem[] = [];
    const found = await this.#listAll(problems, signal);
    const newest = found.toSorted((a, b) => b.modifiedAt - a.modifiedAt);
    const left = newest.length - most.objects;
    const { name } = this.#connection;
    if (left > 0)
      problems.push({
        message: `${name}: of ${newest.length} objects with events, the newest ${most.objects} are read.`,
        advice: 'Watch a narrower prefix.',
      });
    const fresh = newest.slice(0, most.objects).filter((one) => this.#isFresh(one));
    await this.#takeAll(fresh, signal);
    const broken = [...this.#broken.values()].slice(0, most.broken);
    const refused = found.flatMap((one) => this.#refusedNow(one)?.error.message ?? []).slice(0, most.refused);
    const parts = [...refused, ...broken];
    this.problems = [...problems, ...parts.map((message) => ({ message, advice: 'The other events are read.' }))];
    return fresh.length > 0;
  }

  #isFresh(object: Found): boolean {
    const refused = this.#refusedNow(object);
    if (refused) return this.#now() - refused.at > refusedMs;
    return this.#read.get(uriOf(object)) !== stampOf(object);
  }

  /** Undefined when it was read, as it is now. */
  #refusedNow(object: Found): Refused | undefined {
    const refused = this.#refused.get(uriOf(object));
    return refused?.stamp === stampOf(object) ? refused : undefined;
  }

  /** Those that may not be read are left, until there are too many: the rest has its turn at the next look. */
  async #takeAll(fresh: readonly Found[], signal: AbortSignal): Promise<void> {
    const refused: Refused[] = [];
    for (let from = 0; from < fresh.length && refused.length < most.refused; from += most.atOnce) {
      signal.throwIfAborted();
      const taken = await Promise.all(fresh.slice(from, from + most.atOnce).map((one) => this.#take(one, signal)));
      refused.push(...taken.filter((one) => one !== undefined));
    }
    // None may be read: it is no matter of some events.
    const [first] = refused;
    if (first && this.#read.size === 0) throw first.error;
  }

  async #listAll(problems: ScanProblem[], signal: AbortSignal): Promise<readonly Found[]> {
    const places = this.#places();
    if (places.length === 0) throw new HttpError('refused', `${this.#connection.name}: ${nameSome}`);
    const found: Found[] = [];
    let last: unknown;
    let asked = 0;
    for (const { bucket, prefix } of places) {
      try {
        found.push(...(await this.#list(bucket, prefix, signal)));
        asked += 1;
      } catch (error) {
        signal.throwIfAborted();
        if (!isOfOne(error)) throw error;
        last = error;
        problems.push({ message: error.message, advice: 'Events of the other prefixes are read.' });
      }
    }
    if (asked === 0) throw last;
    return found;
  }

  async #list(bucket: string, prefix: string, signal: AbortSignal): Promise<readonly Found[]> {
    const found: Found[] = [];
    let from: string | undefined;
    let listed = 0;
    do {
      const page = await this.#store.list({ bucket, prefix, ...(from === undefined ? {} : { from }) }, signal);
      found.push(
        ...page.objects.filter(({ key, size }) => isEvents.test(key) && size > 0).map((one) => ({ ...one, bucket })),
      );
      listed += page.objects.length;
      from = page.next;
    } while (from !== undefined && listed < most.listed);
    return found;
  }

  async #take(object: Found, signal: AbortSignal): Promise<Refused | undefined> {
    const uri = uriOf(object);
    const stamp = stampOf(object);
    try {
      const why = await this.#events(object, signal);
      if (why === undefined) this.#broken.delete(uri);
      else this.#broken.set(uri, `${this.#connection.name}: ${uri} ${why}.`);
      this.#refused.delete(uri);
      this.#read.set(uri, stamp);
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (!isOfOne(error)) throw error;
      const refused = { stamp, at: this.#now(), error };
      this.#refused.set(uri, refused);
      return refused;
    }
  }

  /** Why it could not be read, wholly or in part. */
  async #events({ bucket, key, size }: Found, signal: AbortSignal): Promise<string | undefined> {
    if (size > most.objectBytes) return `is longer than ${most.objectBytes / 1024 / 1024} MB`;
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of await this.#store.read({ bucket, key, from: 0 }, signal)) {
      length += part.length;
      if (length > most.objectBytes) return `is longer than ${most.objectBytes / 1024 / 1024} MB`;
      parts.push(part);
    }
    const text = textOf(Buffer.concat(parts));
    if (text === undefined) return 'is no gzip, although it begins like one';
    const { events, broken } = eventsIn(text);
    for (const event of events) this.lineage.add(event);
    return broken > 0 ? `holds ${broken} × what is no OpenLineage event` : undefined;
  }

  async greet(signal: AbortSignal): Promise<string> {
    const places = this.#places();
    const [first] = places;
    if (!first) return nameSome;
    const { objects } = await this.#store.list({ ...first, most: 1 }, signal);
    const count = `${places.length} ${places.length === 1 ? 'prefix' : 'prefixes'}`;
    return `OpenLineage events in S3, ${count}${objects.length === 0 ? '; nothing is there yet' : ''}`;
  }

  #places(): readonly { readonly bucket: string; readonly prefix: string }[] {
    return (this.#connection.watch ?? []).flatMap((place) => {
      const [bucket = '', ...key] = place.split('/');
      return bucket === '' ? [] : [{ bucket, prefix: key.join('/') }];
    });
  }
}

/** It is about one place or object; of the others it says nothing. */
function isOfOne(error: unknown): error is HttpError {
  return error instanceof HttpError && /^(forbidden|missing|refused)$/.test(error.kind);
}

const nameSome = 'it is not said where the events are. Name the bucket and prefix in "watch" of the connection.';
const uriOf = ({ bucket, key }: Found): string => `s3://${bucket}/${key}`;
const stampOf = ({ etag, modifiedAt, size }: Found): string => `${etag ?? ''} ${modifiedAt} ${size}`;
