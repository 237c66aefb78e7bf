// AWS objects: an ObjectStore over the official S3 client: pages, heads, ranges, versions and tags, each bucket asked in its own region.
import type { S3Client } from '@aws-sdk/client-s3';
import { HttpError } from '../../connectors/httpError.ts';
import type {
  ListedObjects,
  ListedVersions,
  ObjectHead,
  ObjectListing,
  ObjectRange,
  ObjectStore,
  StoredObject,
  Tags,
} from '../../connectors/objectStore.ts';
import { failureIn } from './errors.ts';
import { type AwsOptions, AwsSession, type Question } from './session.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

interface Place {
  readonly what: string;
  readonly bucket: string;
  readonly permission: string;
}

/** Opens nothing and loads nothing yet. */
export function createObjects(options: AwsOptions): ObjectStore & { dispose(): void } {
  return new Objects(new AwsSession(options));
}

class Objects implements ObjectStore {
  readonly #session: AwsSession;
  readonly #clients = new Map<string, S3Client>();
  /** Of buckets that turned out to be elsewhere. */
  readonly #regions = new Map<string, string>();

  constructor(session: AwsSession) {
    this.#session = session;
  }

  async buckets(signal: AbortSignal): Promise<readonly string[]> {
    const place = { what: 'the list of buckets', bucket: '', permission: 's3:ListAllMyBuckets' };
    const { Buckets = [] } = await this.#ask(place, signal, (client, sdk, abortSignal) =>
      client.send(new sdk.ListBucketsCommand({ MaxBuckets: 1_000 }), { abortSignal }),
    );
    return Buckets.flatMap(({ Name }) => Name ?? []);
  }

  async list(listing: ObjectListing, signal: AbortSignal): Promise<ListedObjects> {
    const { bucket, prefix, folders, from, after, most = 1_000 } = listing;
    const place = { what: `the list of ${shown(bucket, prefix)}`, bucket, permission: 's3:ListBucket' };
    const answer = await this.#ask(place, signal, (client, sdk, abortSignal) =>
      client.send(
        new sdk.ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          MaxKeys: most,
          ...(folders ? { Delimiter: '/' } : {}),
          ...(from === undefined ? {} : { ContinuationToken: from }),
          ...(after === undefined ? {} : { StartAfter: after }),
        }),
        { abortSignal },
      ),
    );
    this.#mustBe(answer, place);
    const next = answer.IsTruncated ? answer.NextContinuationToken : undefined;
    return {
      objects: (answer.Contents ?? []).flatMap((item) => objectOf(item.Key, item) ?? []),
      folders: (answer.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []),
      ...(next === undefined ? {} : { next }),
    };
  }

  async head(bucket: string, key: string, signal: AbortSignal): Promise<ObjectHead | undefined> {
    const place = { what: `HEAD of ${shown(bucket, key)}`, bucket, permission: 's3:GetObject' };
    try {
      const answer = await this.#ask(place, signal, (client, sdk, abortSignal) =>
        client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal }),
      );
      const object = objectOf(key, { ...answer, Size: answer.ContentLength });
      if (!object) return undefined;
      const { VersionId, ContentType, ContentEncoding, Metadata = {} } = answer;
      return {
        ...object,
        ...(VersionId === undefined ? {} : { version: VersionId }),
        ...(ContentType === undefined ? {} : { contentType: ContentType }),
        ...(ContentEncoding === undefined ? {} : { encoding: ContentEncoding }),
        metadata: Object.entries(Metadata).map(([name, value]) => [name.toLowerCase(), value]),
      };
    } catch (error) {
      if (error instanceof HttpError && error.kind === 'missing') return undefined;
      throw error;
    }
  }

  async read(range: ObjectRange, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const { bucket, key, version, from, length, etag } = range;
    const place = { what: `bytes of ${shown(bucket, key)}`, bucket, permission: 's3:GetObject' };
    const to = length === undefined ? '' : String(from + length - 1);
    // The body flows on when the turn is over; what ends it is the caller's signal alone.
    const body = new AbortController();
    const stop = (): void => body.abort(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const answer = await this.#ask(place, signal, (client, sdk, turn) => {
        turn.addEventListener('abort', () => turn.reason !== undefined && body.abort(turn.reason), { once: true });
        return client.send(
          new sdk.GetObjectCommand({
            Bucket: bucket,
            Key: key,
            Range: `bytes=${from}-${to}`,
            ...(version === undefined ? {} : { VersionId: version }),
            ...(etag === undefined ? {} : { IfMatch: `"${etag}"` }),
          }),
          { abortSignal: body.signal },
        );
      });
      const question = questionOf(place);
      return chunks(answer.Body, {
        idleMs: this.#session.idleMs,
        ended: () => signal.removeEventListener('abort', stop),
        lost: (error) => (signal.aborted ? signal.reason : this.#session.explained(error, question)),
      });
    } catch (error) {
      signal.removeEventListener('abort', stop);
      // Behind the end; of an empty object every range is.
      if (error instanceof HttpError && error.status === 416) return nothing();
      throw error;
    }
  }

  async versions(
    bucket: string,
    prefix: string,
    from: string | undefined,
    signal: AbortSignal,
  ): Promise<ListedVersions> {
    const place = { what: `the versions of ${shown(bucket, prefix)}`, bucket, permission: 's3:ListBucketVersions' };
    const [key, version] = from === undefined ? [] : (JSON.parse(from) as [string, string | undefined]);
    const answer = await this.#ask(place, signal, (client, sdk, abortSignal) =>
      client.send(
        new sdk.ListObjectVersionsCommand({
          Bucket: bucket,
          Prefix: prefix,
          ...(key === undefined ? {} : { KeyMarker: key }),
          ...(version === undefined ? {} : { VersionIdMarker: version }),
        }),
        { abortSignal },
      ),
    );
    this.#mustBe(answer, place);
    const all = [
      ...(answer.Versions ?? []).map((one) => ({ one, size: one.Size ?? 0, isDeletion: false })),
      ...(answer.DeleteMarkers ?? []).map((one) => ({ one, size: 0, isDeletion: true })),
    ];
    const versions = all.flatMap(({ one, size, isDeletion }) => {
      const object = objectOf(one.Key, { ...one, Size: size });
      return object
        ? [{ ...object, version: one.VersionId ?? 'null', isLatest: one.IsLatest === true, isDeletion }]
        : [];
    });
    versions.sort((a, b) => (a.key === b.key ? b.modifiedAt - a.modifiedAt : a.key < b.key ? -1 : 1));
    const more = answer.IsTruncated && answer.NextKeyMarker !== undefined;
    return { versions, ...(more ? { next: JSON.stringify([answer.NextKeyMarker, answer.NextVersionIdMarker]) } : {}) };
  }

  async tags(bucket: string, key: string | undefined, signal: AbortSignal): Promise<Tags> {
    const permission = key === undefined ? 's3:GetBucketTagging' : 's3:GetObjectTagging';
    const place = { what: `the tags of ${shown(bucket, key ?? '')}`, bucket, permission };
    try {
      const { TagSet = [] } = await this.#ask(place, signal, (client, sdk, abortSignal) =>
        key === undefined
          ? client.send(new sdk.GetBucketTaggingCommand({ Bucket: bucket }), { abortSignal }).catch(noneIfUntagged)
          : client.send(new sdk.GetObjectTaggingCommand({ Bucket: bucket, Key: key }), { abortSignal }),
      );
      return TagSet.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ''] as const]));
    } catch (error) {
      // NoSuchTagSet and NoSuchKey: none.
      if (error instanceof HttpError && error.kind === 'missing') return [];
      throw error;
    }
  }

  dispose(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#session.dispose();
  }

  /** Every listing repeats the name of its bucket; a page of a proxy does not, and reads as an empty one. */
  #mustBe({ Name }: { readonly Name?: string | undefined }, { what }: Place): void {
    if (Name !== undefined) return;
    const { name, place } = this.#session.asked({ what, about: '', permission: '' });
    throw new HttpError(
      'broken',
      `${name}: ${place} answered something that is no list when asked for ${what}. If a proxy stands between, sign in to it; else check the url of the connection.`,
      { status: 200 },
    );
  }

  /** A bucket that is in another region says which: it is asked there once more, and from then on. */
  async #ask<T>(
    place: Place,
    signal: AbortSignal,
    call: (client: S3Client, sdk: Sdk, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const sdk = await import('@aws-sdk/client-s3');
    const { bucket } = place;
    const question = questionOf(place);
    const before = this.#regions.get(bucket);
    const client = await this.#client(before, sdk);
    try {
      return await this.#session.ask(question, (turn) => call(client, sdk, turn), signal);
    } catch (error) {
      const cause = error instanceof HttpError ? failureIn(error.cause) : undefined;
      const skewed = cause?.name === 'RequestTimeTooSkewed';
      const wrongRegion = cause && /^(301|307|400|403)$/.test(String(cause.status)) && cause.region;
      if (wrongRegion && wrongRegion !== (before ?? (await client.config.region()))) {
        this.#regions.set(bucket, wrongRegion);
        const there = await this.#client(wrongRegion, sdk);
        return this.#session.ask(question, (turn) => call(there, sdk, turn), signal);
      }
      // The client has read the server's clock off its answer and signs by that now.
      if (skewed) return this.#session.ask(question, (turn) => call(client, sdk, turn), signal);
      throw error;
    }
  }

  async #client(region: string | undefined, sdk: Sdk): Promise<S3Client> {
    const known = this.#clients.get(region ?? '');
    if (known) return known;
    const made = await this.#made(region, sdk);
    this.#clients.set(region ?? '', made);
    return made;
  }

  async #made(region: string | undefined, sdk: Sdk): Promise<S3Client> {
    const settings = this.#session.settings(region);
    const more = {
      // Other stores serve buckets as paths; on AWS names with dots have no certificate.
      forcePathStyle: !this.#session.isAws,
      // Nobody is asked to sum up what is only read in parts.
      responseChecksumValidation: 'WHEN_REQUIRED' as const,
      requestChecksumCalculation: 'WHEN_REQUIRED' as const,
      ...(this.#session.isAnonymous ? { signer: { sign: async <T>(request: T) => request } } : {}),
    };
    const client = new sdk.S3Client({ ...settings, ...more });
    const hasRegion = await client.config.region().then(
      () => true,
      () => false,
    );
    // Nobody names one: a store of one's own needs none, and AWS says which when it is the wrong one.
    return hasRegion ? client : new sdk.S3Client({ ...settings, ...more, region: 'us-east-1' });
  }
}

function questionOf({ what, bucket, permission }: Place): Question {
  return { what, about: bucket === '' ? 'account' : `bucket ${bucket}`, permission };
}

/** A bucket without tags says that as an error. */
function noneIfUntagged(error: unknown): { readonly TagSet?: never[] } {
  if (failureIn(error).name === 'NoSuchTagSet') return {};
  throw error;
}

function shown(bucket: string, key: string): string {
  const name = `s3://${bucket}/${key}`;
  return name.length > 120 ? `…${name.slice(-119)}` : name;
}

interface Said {
  readonly Size?: number | undefined;
  readonly LastModified?: Date | undefined;
  readonly ETag?: string | undefined;
}

/** Undefined when it has no name. */
function objectOf(key: string | undefined, { Size, LastModified, ETag }: Said): StoredObject | undefined {
  if (key === undefined) return undefined;
  const etag = ETag?.replace(/^(?:W\/)?"|"$/g, '');
  const at = LastModified?.getTime() ?? 0;
  return {
    key,
    size: Size ?? 0,
    modifiedAt: Number.isFinite(at) ? at : 0,
    ...(etag === undefined || etag === '' ? {} : { etag }),
  };
}

interface Reading {
  readonly idleMs: number;
  readonly ended: () => void;
  readonly lost: (error: unknown) => unknown;
}

/** The body of an answer, whose socket is closed when nobody reads on. */
async function* chunks(body: unknown, { idleMs, ended, lost }: Reading): AsyncGenerator<Uint8Array> {
  const stream = body as AsyncIterable<unknown> & { destroy: (error?: Error) => void };
  const silent = Object.assign(new Error('nothing came any more'), { code: 'ECONNRESET' });
  let isWaiting = true;
  // While whoever reads is at work nobody waits for the place.
  const timer = setTimeout(() => (isWaiting ? stream.destroy(silent) : timer.refresh()), idleMs);
  try {
    for await (const chunk of stream) {
      isWaiting = false;
      if (chunk instanceof Uint8Array) yield chunk;
      isWaiting = true;
      timer.refresh();
    }
  } catch (error) {
    throw lost(error);
  } finally {
    clearTimeout(timer);
    ended();
    stream.destroy();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
