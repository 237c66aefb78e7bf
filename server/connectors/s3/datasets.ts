// Datasets: a sampled place as an entity: how much lies there, what was written last and when, by its tags whose it is; pure.
import type { PastChange, SeenEntity } from '../../catalog/change.ts';
import { oneLine, said } from '../json.ts';
import type { StoredObject, Tags } from '../objectStore.ts';
import { consolePage, type Place, pathIdOf, uriOf } from './places.ts';
import type { Sample } from './sample.ts';

export interface Seen {
  readonly place: Place;
  readonly sample: Sample;
  /** Of the bucket and of the object that was written last. */
  readonly tags?: Tags;
  /** Where AWS's own pages show it: false of another store. */
  readonly isAws: boolean;
  readonly region?: string;
}

const ownerTag = /^(owner|team|owned[-_ ]?by|maintainer|contact|data[-_ ]?owner)$/i;
const mostTags = 20;

export function dataset({ place, sample, tags = [], isAws, region }: Seen): SeenEntity {
  const uri = uriOf(place);
  const other = uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`;
  const { newest, objects, bytes, atLeast } = sample;
  return {
    id: pathIdOf(place),
    kind: 'path',
    name: uri,
    aliases: [other],
    facts: said({
      description: describe(place, sample),
      owner: ownerIn(tags),
      tags: tags.length === 0 ? undefined : tags.slice(0, mostTags).map(tagText),
      updatedAt: newest?.modifiedAt || undefined,
      bytes: atLeast || objects === 0 ? undefined : bytes,
      url: isAws ? consolePage(place, region) : undefined,
    }),
  };
}

/** What the store's own times say of the last write. */
export function lastWrite({ place, sample }: Seen): readonly PastChange[] {
  const { newest } = sample;
  if (!newest || newest.modifiedAt === 0) return [];
  const value = below(newest.key, place);
  const evidence = `S3: ${uriOf({ bucket: place.bucket, key: newest.key })} was written, ${size(newest.size)}`;
  return [{ entity: pathIdOf(place), field: 'newest object', value, at: newest.modifiedAt, evidence }];
}

function describe(place: Place, { object, objects, bytes, atLeast, newest }: Sample): string {
  if (object) return `one object, ${size(object.size)}`;
  if (objects === 0) return 'nothing is there (any more)';
  const count = `${objects.toLocaleString('en')} ${objects === 1 ? 'object' : 'objects'}, ${size(bytes)}`;
  const last = newest ? `; newest${atLeast ? ' of those seen' : ''}: ${newestText(newest, place)}` : '';
  return atLeast ? `at least ${count} (counting stopped there)${last}` : `${count}${last}`;
}

function newestText(newest: StoredObject, place: Place): string {
  return `${oneLine(below(newest.key, place), 200) ?? ''} (${size(newest.size)})`;
}

function below(key: string, { key: folder }: Place): string {
  const start = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  return key !== start && key.startsWith(start) ? key.slice(start.length) : key;
}

export function ownerIn(tags: Tags): string | undefined {
  return oneLine(tags.find(([name, value]) => ownerTag.test(name) && value.trim() !== '')?.[1], 200);
}

function tagText([name, value]: readonly [string, string]): string {
  return oneLine(value === '' ? name : `${name}: ${value}`, 200) ?? '';
}

export function size(bytes: number): string {
  if (bytes === 1) return '1 byte';
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
