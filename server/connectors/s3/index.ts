// The S3 connector: datasets and models in buckets that somebody names, and logs of any size; asks a store of objects, never lists one blindly.
import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogChange } from '../../catalog/change.ts';
import { type EntityId, type EntityKind, entityId } from '../../catalog/entity.ts';
import { knownInstances } from '../../catalog/mine.ts';
import { addressOf, type ConnectionConfig } from '../../protocol/connection.ts';
import type { ConnectorFactory, LiveConnector, LiveHost, SourceName } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import { said } from '../json.ts';
import type { LogRuns } from '../logRuns.ts';
import type { ObjectStore, Tags } from '../objectStore.ts';
import type { StoredSearches } from '../storedSearches.ts';
import { ObjectLogs } from './logs/logs.ts';
import { type Looking, look } from './look.ts';
import { needs } from './needs.ts';
import { type Place, placeOfId, uriOf } from './places.ts';
import { scan } from './scan.ts';

/** `logRuns`: what Airflow's logs say that it left in a bucket; `searches`: what Tune's results say. */
export function s3(logRuns: LogRuns, searches: StoredSearches): ConnectorFactory {
  return {
    tool: 's3',
    discover: () => [],
    create: () => {
      throw new Error('S3 is asked over the network; add it as a connection.');
    },
    connect: (connection, host, catalog) => new S3(connection, host, catalog, { logRuns, searches }),
  };
}

/** On one screen. */
const mostDescribed = 10;
const tagsMs = 10 * 60_000;
const mostBuckets = 200;

/** Of what other tools left there. */
interface Readers {
  readonly logRuns: LogRuns;
  readonly searches: StoredSearches;
}

class S3 implements LiveConnector {
  readonly source: SourceName;
  readonly scope: string;
  readonly kinds: readonly EntityKind[] = ['path', 'model', 'version'];
  readonly mines = true;
  /** Whatever bucket: `path:s3://…`. */
  readonly alsoScopes = ['s3:/'];
  readonly logs: ObjectLogs;
  readonly #connection: ConnectionConfig;
  readonly #host: LiveHost;
  readonly #store: ObjectStore;
  readonly #catalog: Catalog | undefined;
  readonly #readers: Readers;
  readonly #tags = new Map<string, { readonly tags: Promise<Tags>; readonly at: number }>();
  readonly #asked = new Set<EntityId>();

  constructor(connection: ConnectionConfig, host: LiveHost, catalog: Catalog | undefined, readers: Readers) {
    const { name, environment, instance, url } = connection;
    if (!host.objects) throw new Error(`${name}: S3 cannot be asked here. Restart the editor.`);
    this.#connection = connection;
    this.#host = host;
    this.#store = host.objects;
    this.#catalog = catalog;
    this.#readers = readers;
    this.logs = new ObjectLogs(name, host.objects, () => host.now());
    this.source = said<SourceName>({ name, tool: 's3', environment });
    this.scope = entityId('path', 's3', instance ?? addressOf(url)).slice('path:'.length, -1);
  }

  async *scan(signal: AbortSignal, since?: string): AsyncIterable<CatalogChange> {
    const wanted = needs(this.#connection.watch ?? [], this.#catalog);
    yield* scan({ place: this.#place, needs: wanted, looking: this.#looking(signal) }, since);
  }

  async *describe(ids: readonly EntityId[], signal: AbortSignal): AsyncIterable<CatalogChange> {
    const places = new Map<string, Place>();
    for (const id of ids) {
      const place = placeOfId(id);
      if (place) places.set(uriOf(place), place);
    }
    const tags = (bucket: string) => this.#tagsOf(bucket, signal);
    for (const place of [...places.values()].slice(0, mostDescribed)) {
      signal.throwIfAborted();
      try {
        const { page } = await look(place, undefined, {
          ...this.#looking(signal),
          closely: true,
          bucketTags: tags,
        });
        const { covered: _, ...told } = page;
        // What nobody wrote yet is no entity, only because somebody points at its name.
        const isThere = told.entities?.some(({ id, facts }) => facts?.updatedAt !== undefined || this.#said(id));
        if (isThere) yield { ...told, incremental: true };
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof HttpError) || !/^(missing|forbidden|refused)$/.test(error.kind)) throw error;
        this.#host.log.debug('S3 does not tell of what is on screen', { reason: error.message });
      }
    }
  }

  dispose(): void {
    this.logs.dispose();
  }

  async greet(signal: AbortSignal): Promise<string> {
    const { places } = needs(this.#connection.watch ?? [], this.#catalog);
    const [first] = places;
    if (first) {
      await this.#store.list({ bucket: first.bucket, prefix: first.key, most: 1 }, signal);
      return `S3, ${places.length} ${places.length === 1 ? 'place' : 'places'} to look at`;
    }
    try {
      const buckets = await this.#store.buckets(signal);
      return `S3, ${buckets.length} ${buckets.length === 1 ? 'bucket' : 'buckets'}; those are looked at that something names, or that "watch" of the connection names`;
    } catch (error) {
      if (!(error instanceof HttpError) || error.kind !== 'forbidden') throw error;
      return 'S3 answers, and does not show its buckets; name some in "watch" of the connection';
    }
  }

  get #place(): string {
    return `${this.#connection.name}: ${addressOf(this.#connection.url)}`;
  }

  #looking(signal: AbortSignal): Omit<Looking, 'bucketTags' | 'closely'> {
    const jobs = this.#catalog?.list('job', 1000).map(({ id }) => id) ?? [];
    const { region, url } = this.#connection;
    return {
      store: this.#store,
      signal,
      ...this.#readers,
      source: this.source.name,
      now: this.#host.now(),
      asked: this.#asked,
      instances: knownInstances(this.#catalog?.sources() ?? [], jobs),
      said: (id) => this.#said(id),
      isAws: /\.amazonaws\.com(\.cn)?$/.test(new URL(url).hostname),
      ...(this.#catalog ? { catalog: this.#catalog } : {}),
      ...(region === undefined ? {} : { region }),
    };
  }

  /** Owners change seldom: asked again after a while. Who may not see them has none. */
  #tagsOf(bucket: string, signal: AbortSignal): Promise<Tags> {
    const known = this.#tags.get(bucket);
    if (known && this.#host.now() - known.at < tagsMs) return known.tags;
    const tags = this.#store.tags(bucket, undefined, signal).catch((error: unknown) => {
      if (error instanceof HttpError && /^(forbidden|missing|refused)$/.test(error.kind)) return [];
      this.#tags.delete(bucket);
      if (error instanceof HttpError && error.status === 501) return [];
      throw error;
    });
    if (this.#tags.size >= mostBuckets) this.#tags.clear();
    this.#tags.set(bucket, { tags, at: this.#host.now() });
    return tags;
  }

  #said(id: EntityId) {
    return this.#catalog?.factsBySource(id).find(({ source }) => source === this.source.name)?.facts;
  }
}
