// Places: what the addresses in a text are about: pages of tools, objects in S3, files on hosts.
import { type EntityId, entityId, pathId } from '../entity.ts';
import { type Address, addressesIn, decoded, withoutEnd } from './addresses.ts';
import type { KnownInstances } from './instances.ts';
import { madeOf } from './made.ts';
import { pagesOfTools } from './pages.ts';
import { fit } from './shape.ts';

/** What a text names, and how it is written there, without users, signatures and other parameters of an address. */
export interface Mined {
  readonly id: EntityId;
  readonly written: string;
}

/** In order of the text; doubles stay. */
export function* placesIn(text: string, known: KnownInstances): Generator<Mined, void, void> {
  for (const address of addressesIn(text)) {
    const { scheme, host, path, hash } = address;
    const whole = `${scheme}://${[host, ...path].join('/')}${hash[0] === '' ? '' : `#/${hash.join('/')}`}`;
    const written = withoutEnd(whole).slice(0, 300);
    for (const id of meantBy(address, known)) yield { id, written };
  }
  if (known.hosts.length === 0) return;
  for (const [, host = ''] of text.matchAll(copied))
    for (const id of hostCalled(host.toLowerCase(), known)) yield { id, written: `${host}:` };
}

function* meantBy(address: Address, known: KnownInstances): Generator<EntityId, void, void> {
  if (address.scheme.startsWith('http')) yield* shownBy(address, known);
  yield* objectAt(address, known);
  if (/^(?:ssh|sftp|scp)$/.test(address.scheme)) yield* hostCalled(address.host, known);
}

/** `ana@worker-1:/var/log/x`, as scp and rsync take it. */
const copied = /(?<![\w.:/@-])(?:[\w.-]{1,64}@)?([A-Za-z0-9][A-Za-z0-9._-]{0,250}):(?=\/[^/\s])/g;

function* shownBy(address: Address, known: KnownInstances): Generator<EntityId, void, void> {
  for (const [tool, pages] of Object.entries(pagesOfTools)) {
    for (const page of pages) {
      const found = fit(page, address);
      if (!found) continue;
      yield* madeOf(tool, { ...found, page, address }, known);
      if (page.of !== undefined) yield* madeOf(tool, { ...found, page: { ...page, id: page.of }, address }, known);
      break;
    }
  }
}

const aws = /^(?:(.{1,250})\.)?s3(?:[.-][a-z0-9-]{1,40}){0,3}\.amazonaws\.com(?:\.cn)?$/;

function* objectAt(address: Address, known: KnownInstances): Generator<EntityId, void, void> {
  const { scheme, host, path } = address;
  if (scheme.startsWith('s3')) yield* objectIn(host, path);
  if (!scheme.startsWith('http')) return;
  const [isAws, bucket] = aws.exec(host) ?? [];
  const keys = path.map(decoded);
  if (bucket !== undefined) yield* objectIn(bucket, keys);
  else if (isAws !== undefined || known.s3.includes(host)) yield* objectIn(keys[0] ?? '', keys.slice(1));
}

function* objectIn(bucket: string, key: readonly string[]): Generator<EntityId, void, void> {
  // What could not be a bucket's name is a variable that nobody filled. docs.aws.amazon.com, "Bucket naming rules", 2026-11.
  if (/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/.test(bucket)) yield pathId(`s3://${bucket}/${key.join('/')}`);
}

/** Only of hosts that are known: a word before a colon is mostly none. */
function* hostCalled(host: string, known: KnownInstances): Generator<EntityId, void, void> {
  const name = host.replace(/:\d{1,5}$/, '');
  const own = known.hosts.filter((one) => one.toLowerCase() === host || one.toLowerCase() === name);
  yield* own.map((one) => entityId('host', 'ssh', one));
  if (own.length === 0 && known.hosts.length > 0) yield* known.named?.('host', 'ssh', name) ?? [];
}
