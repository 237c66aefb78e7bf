// Merged names: questions by name asked of two catalogs, with the order of one.
import type { Catalog } from './catalog.ts';
import type { Entity, EntityId, EntityKind } from './entity.ts';
import { lessQualified, matchesStars, nameKey, qualifiedRange } from './names.ts';
import { nearness } from './sqlite/near.ts';
import { mostNamed } from './sqlite/reads.ts';

export interface Sides {
  readonly local: Catalog;
  readonly live: Catalog;
  /** The merged entity. */
  get(id: EntityId): Entity | undefined;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What both sides found, each once; what the other side knows too, perhaps by another name, as merged. */
function both({ local, live, get }: Sides, ask: (catalog: Catalog) => readonly Entity[]): readonly Entity[] {
  const found = new Map<EntityId, Entity>();
  for (const [one, other] of [[local, live] as const, [live, local] as const]) {
    for (const entity of ask(one)) {
      const { id } = entity;
      if (!found.has(id)) found.set(id, (other.get(id) && get(id)) ?? entity);
    }
  }
  return [...found.values()];
}

function keysOf({ kind, name, aliases }: Entity): readonly string[] {
  return [name, ...aliases].map((each) => nameKey(kind, each));
}

/** Place in an answer: first the group, then the key within it, then the id. */
interface Place {
  readonly entity: Entity;
  readonly group: number;
  readonly key: string;
}

function inOrder(places: readonly Place[]): readonly Place[] {
  return [...places].sort((a, b) => a.group - b.group || order(a.key, b.key) || order(a.entity.id, b.entity.id));
}

/** Same name first, then longer ones it may be short for; shorter ones only when neither side has anything else. */
export function findMerged(sides: Sides, kind: EntityKind, name: string, tool?: string): readonly Entity[] {
  const found = both(sides, (catalog) => catalog.find(kind, name, tool));
  if (found.length < 2 || kind === 'run') return found;
  const asked = nameKey(kind, name);
  const range = qualifiedRange(kind, asked);
  const shorter = lessQualified(kind, name);
  const places = inOrder(found.map((entity) => placeOf(entity, asked, range, shorter)));
  const group = (n: number): readonly Entity[] =>
    places.flatMap((place) => (place.group === n ? place.entity : [])).slice(0, mostNamed);
  const proper = [...group(0), ...group(1)];
  return proper.length > 0 ? proper : shorter.flatMap((_, n) => group(n + 2));
}

/** Group 0: this very name (also one that it had until it was gone); 1: longer; from 2 on: shorter ones, the longest first. */
function placeOf(
  entity: Entity,
  asked: string,
  range: { readonly from: string; readonly to: string } | undefined,
  shorter: readonly string[],
): Place {
  const keys = keysOf(entity);
  if (keys.includes(asked)) return { entity, group: 0, key: asked };
  const longer = keys.filter((key) => range && key >= range.from && key < range.to).sort(order);
  if (longer[0] !== undefined) return { entity, group: 1, key: longer[0] };
  const less = shorter.findIndex((key) => keys.includes(key));
  return { entity, group: less < 0 ? 0 : less + 2, key: asked };
}

export function matchMerged(sides: Sides, kind: EntityKind, pattern: string, limit: number): readonly Entity[] {
  const found = both(sides, (catalog) => catalog.match(kind, pattern, limit));
  const asked = nameKey(kind, pattern).replace(/\*+/g, '*');
  const range = qualifiedRange(kind, asked);
  const wholes = range ? [asked, `${range.from}*`] : [asked];
  const places = found.map((entity): Place => {
    const keys = keysOf(entity);
    const group = wholes.findIndex((whole) => keys.some((key) => matchesStars(whole, key)));
    const matching = keys.filter((key) => matchesStars(wholes[group] ?? asked, key)).sort(order);
    return { entity, group: Math.max(0, group), key: matching[0] ?? '' };
  });
  return inOrder(places)
    .slice(0, limit)
    .map(({ entity }) => entity);
}

export function nearMerged(sides: Sides, kind: EntityKind, name: string, limit: number, tool?: string) {
  const found = both(sides, (catalog) => catalog.near(kind, name, limit, tool));
  const away = (entity: Entity): number => Math.min(...keysOf(entity).map((key) => nearness(kind, name, key)));
  return found
    .filter(({ goneAt }) => goneAt === undefined)
    .map((entity) => ({ entity, away: away(entity) }))
    .sort((a, b) => a.away - b.away || order(a.entity.id, b.entity.id))
    .slice(0, limit)
    .map(({ entity }) => entity);
}
