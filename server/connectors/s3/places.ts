// Places: buckets, prefixes and keys as addresses, as ids and as what was asked for; pure.
import { type EntityId, parseEntityId, pathId } from '../../catalog/entity.ts';
import { stableUri } from '../../catalog/keys.ts';

export interface Place {
  readonly bucket: string;
  /** Empty: the bucket itself. Ends with `/` where it is known to be a folder. */
  readonly key: string;
}

/** `s3://bucket/key`, also as Hadoop writes it (`s3a://`, `s3n://`); undefined for anything else and for patterns. */
export function placeOf(uri: string): Place | undefined {
  const [, bucket = '', key = ''] = /^s3[an]?:\/\/([^/?#*\s]+)\/?(.*)$/is.exec(uri) ?? [];
  // A name that could not be a bucket's is a variable that nobody filled. docs.aws.amazon.com, "Bucket naming rules", 2026-11.
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/.test(bucket) || /[*\u0000-\u001f]|[{}]{2}/.test(key) || key.length > 1024)
    return undefined;
  return { bucket, key: key.replace(/^\/+/, '') };
}

/** A line of the user's own `watch`: `bucket`, `bucket/prefix`, `s3://bucket/prefix`. */
export function watchedPlace(written: string): Place | undefined {
  return placeOf(/^s3[an]?:\/\//i.test(written) ? written : `s3://${written}`);
}

export function uriOf({ bucket, key }: Place): string {
  return `s3://${bucket}/${key}`;
}

/** What is kept by day is one thing: `s3://lake/churn/2026-11-20/part-0.parquet` is asked about as `s3://lake/churn/`. */
export function stablePlace(place: Place): Place {
  return placeOf(stableUri(uriOf(place))) ?? place;
}

export function pathIdOf(place: Place): EntityId {
  return pathId(uriOf(place));
}

/** Of a path, of a model that lives only in a store, and of its versions: their folder. Undefined for all others. */
export function placeOfId(id: EntityId): Place | undefined {
  const parts = parseEntityId(id);
  if (parts?.tool !== 's3') return undefined;
  const { kind, instance, segments } = parts;
  if (kind === 'path') return placeOf(`s3://${instance}/${segments.join('/')}`);
  if (kind === 'model') return placeOf(`s3://${instance}/${segments.join('/')}`);
  return kind === 'version' ? placeOf(`s3://${instance}/${segments.slice(0, -1).join('/')}/`) : undefined;
}

/** Where AWS's own pages show it; undefined of a store of one's own. */
export function consolePage({ bucket, key }: Place, region: string | undefined): string {
  const isFolder = key === '' || key.endsWith('/');
  const query = new URLSearchParams({
    ...(region === undefined ? {} : { region }),
    ...(key === '' ? {} : { prefix: key }),
  });
  const words = query.toString();
  return `https://s3.console.aws.amazon.com/s3/${isFolder ? 'buckets' : 'object'}/${bucket}${words === '' ? '' : `?${words}`}`;
}
