// A store of many objects, listed as S3 lists them: pages of 1,000 keys in their order, by prefix, token and start.
import { type Answer, type Asked, type LargeServer, made, serve } from './serve.ts';

/** In `places` folders of equal size, below `acme-lake/place-000/`. */
export async function largeS3(size: number, now: number, places: number): Promise<LargeServer> {
  const inOne = Math.ceil(size / places);
  return serve(({ method, path, query }) => {
    if (method !== 'GET' || (path !== '/acme-lake' && path !== '/acme-lake/')) return xml(404, refusal('NoSuchKey'));
    if (query.has('tagging')) return xml(404, refusal('NoSuchTagSet'));
    return query.has('list-type') ? xml(200, listed(query, inOne, places, now)) : xml(404, refusal('NoSuchKey'));
  });
}

function xml(status: number, body: string): Answer {
  return { status, type: 'application/xml', body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}

function refusal(code: string): string {
  return `<Error><Code>${code}</Code><Message>What ${code} says.</Message></Error>`;
}

function listed(query: Asked['query'], inOne: number, places: number, now: number): string {
  const prefix = query.get('prefix') ?? '';
  const place = /^place-(\d{3})\/?$/.exec(prefix)?.[1];
  const head = `<Name>acme-lake</Name><Prefix>${prefix}</Prefix><MaxKeys>1000</MaxKeys>`;
  const wrapped = (inner: string) =>
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${inner}</ListBucketResult>`;
  if (place === undefined || Number(place) >= places || query.has('delimiter'))
    return wrapped('<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>');
  const most = Math.min(1_000, Number(query.get('max-keys') ?? 1_000));
  const behind = /part-(\d+)/.exec(query.get('start-after') ?? '')?.[1];
  const from = Number(query.get('continuation-token') ?? (behind === undefined ? 0 : Number(behind) + 1));
  const count = Math.min(most, inOne - from);
  const next = from + count < inOne ? `<NextContinuationToken>${from + count}</NextContinuationToken>` : '';
  const contents = made(
    count,
    (index) => objectXml(`place-${place}/part-${String(index).padStart(7, '0')}.parquet`, now - 86_400_000 + index),
    from,
  );
  return wrapped(
    `<KeyCount>${Math.max(0, count)}</KeyCount><IsTruncated>${next !== ''}</IsTruncated>${next}${contents.join('')}`,
  );
}

function objectXml(key: string, at: number): string {
  const time = new Date(at).toISOString();
  return `<Contents><Key>${key}</Key><LastModified>${time}</LastModified><ETag>"d41d8cd98f00b204e9800998ecf8427e"</ETag><Size>1024</Size><StorageClass>STANDARD</StorageClass></Contents>`;
}
