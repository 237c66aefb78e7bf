// Past lifetime: which facts a hover would show although their server could be asked for newer ones.
import type { Source } from '../catalog/catalog.ts';
import { type EntityId, entityId, parseEntityId, pathId } from '../catalog/entity.ts';
import { stableUri } from '../catalog/keys.ts';
import { mayKnow } from '../catalog/scopes.ts';
import type { FeatureContext, FeatureDocument } from '../features/context.ts';
import { referenceAt } from '../features/referenceAt.ts';
import type { Reference } from '../references/reference.ts';
import type { Resolution } from '../resolve/resolution.ts';
import type { Position } from '../syntax/text.ts';

/** Facts younger than this are shown as they are. */
export const lifetimeMs = 10_000;
const most = 5;

/** `live`: the sources that are servers. Of those that are not well nothing is asked. */
export function pastLifetime(
  context: FeatureContext,
  document: FeatureDocument,
  at: Position,
  live: readonly Source[],
): readonly EntityId[] {
  const healthy = live.filter(({ health }) => health === 'fresh');
  const reference = healthy.length > 0 ? referenceAt(context, document, at) : undefined;
  if (!reference) return [];
  const names = new Set(healthy.map(({ name }) => name));
  const isOld = (id: EntityId): boolean => {
    const told = context.catalog.factsBySource(id).find(({ source }) => names.has(source));
    return context.now - (told?.asOf ?? 0) >= lifetimeMs;
  };
  return idsOf(reference, context.resolve(reference), healthy)
    .filter((id) => isAt(id, healthy) && isOld(id))
    .slice(0, most);
}

function idsOf(reference: Reference, resolution: Resolution, live: readonly Source[]): readonly EntityId[] {
  switch (resolution.status) {
    case 'resolved':
    case 'gone':
      return [resolution.entity.id];
    case 'ambiguous':
      return resolution.candidates.map(({ id }) => id);
    case 'matches':
      return resolution.entities.map(({ id }) => id);
    default:
      return guessed(reference, live);
  }
}

/** What was made seconds ago is in no store yet, but kinds that are named by one word have an id that can be asked for. */
function guessed({ kind, name }: Reference, live: readonly Source[]): readonly EntityId[] {
  if (name.includes('*')) return [];
  if (kind === 'path' && /^s3[an]?:\/\//.test(name)) return [pathId(stableUri(name.replace(/^s3[an]:/, 's3:')))];
  if (kind !== 'model' && kind !== 'job') return [];
  return (
    live
      // What lives in a bucket has an address, and no name of one word.
      .filter(({ tool, kinds }) => kinds.includes(kind) && tool !== 's3')
      .flatMap(({ tool, scope }) => {
        const instance = parseEntityId(`${kind}:${scope}/`)?.instance;
        return instance === undefined ? [] : [entityId(kind, tool, instance, name)];
      })
  );
}

function isAt(id: EntityId, live: readonly Source[]): boolean {
  return live.some((source) => mayKnow(source, id));
}
