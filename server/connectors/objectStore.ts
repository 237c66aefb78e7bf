// ObjectStore: what may be asked of a store of objects (S3 and what speaks like it); read-only, made real in `server/world/aws/`.

export interface StoredObject {
  readonly key: string;
  readonly size: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
  /** Without its quotes; no checksum of the content where it was sent in parts. */
  readonly etag?: string;
}

export interface ListedObjects {
  /** In the order of the UTF-8 bytes of their keys. */
  readonly objects: readonly StoredObject[];
  /** Whole prefixes up to and with the next `/`; only where folders were asked for. */
  readonly folders: readonly string[];
  /** Where the next page begins; absent: this is the last one. */
  readonly next?: string;
}

export interface ObjectListing {
  readonly bucket: string;
  /** Empty: the whole bucket. */
  readonly prefix: string;
  /** What stands below another `/` is told as its folder alone. */
  readonly folders?: boolean;
  /** Of the page before. */
  readonly from?: string;
  /** Only keys behind this one. */
  readonly after?: string;
  /** Of a page, at most 1,000, which is the default. */
  readonly most?: number;
}

export interface ObjectHead extends StoredObject {
  /** Of a bucket that keeps versions. */
  readonly version?: string;
  readonly contentType?: string;
  /** `gzip` …, as its writer said. */
  readonly encoding?: string;
  /** What its writer wrote beside it, by name in lower case. */
  readonly metadata: readonly (readonly [string, string])[];
}

export interface ObjectVersion extends StoredObject {
  readonly version: string;
  readonly isLatest: boolean;
  /** It was deleted then: there is nothing to read. */
  readonly isDeletion: boolean;
}

export interface ListedVersions {
  /** By key, then newest first. */
  readonly versions: readonly ObjectVersion[];
  readonly next?: string;
}

export interface ObjectRange {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
  /** Byte of the object to begin with. */
  readonly from: number;
  /** At most so many bytes; absent: to its end. */
  readonly length?: number;
  /** Rejects with `changed` when it was written again since. */
  readonly etag?: string;
}

export type Tags = readonly (readonly [string, string])[];

/**
 * Every call is one request within the budget of the connection (two where a bucket turns out to be in another region)
 * and rejects with an `HttpError` in words that name the connection, the bucket and the next step.
 */
export interface ObjectStore {
  /** Names of the buckets that are one's own, the first thousand. Most users may not ask this. */
  buckets(signal: AbortSignal): Promise<readonly string[]>;
  list(listing: ObjectListing, signal: AbortSignal): Promise<ListedObjects>;
  /** Undefined when there is no such object; where listing is forbidden S3 says `forbidden` of those too. */
  head(bucket: string, key: string, signal: AbortSignal): Promise<ObjectHead | undefined>;
  /** Empty behind its end. The bytes as they are stored, packed or not; they must be read to the end or left by `break`. */
  read(range: ObjectRange, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Versions of all objects whose keys begin so; of a bucket that keeps none, the one there is, called `null`. */
  versions(bucket: string, prefix: string, from: string | undefined, signal: AbortSignal): Promise<ListedVersions>;
  /** Of an object, or of the bucket itself; empty when there are none. */
  tags(bucket: string, key: string | undefined, signal: AbortSignal): Promise<Tags>;
}
