// What one live connection to Marquez keeps in mind between questions: which namespaces there are, and how data is called there.
import type { Catalog } from '../../../catalog/catalog.ts';
import { type EntityId, entityId } from '../../../catalog/entity.ts';
import { knownInstances } from '../../../catalog/mine.ts';
import type { LiveHost } from '../../connector.ts';
import { dataOf } from '../datasets.ts';
import type { Name } from '../said/events.ts';
import type { Api } from './api.ts';
import type { PageContext } from './pages.ts';

export interface Live {
  readonly api: Api;
  readonly host: LiveHost;
  /** `marquez://instance`. */
  readonly scope: string;
  readonly catalog?: Catalog;
  /** How data of ours is called there; of several files that are one thing of ours, the one seen last. */
  readonly names: Map<EntityId, Name>;
  /** `tool://instance` of that data. */
  readonly dataScopes: Set<string>;
}

const mostNames = 200_000;

const mostScopes = 200;

export function remember({ names, dataScopes }: Live, seen: readonly Name[]): void {
  for (const name of seen) {
    const { id } = dataOf(name);
    if (names.size < mostNames || names.has(id)) names.set(id, name);
    const place = /^[^:]*:([^:]+:\/\/[^/]*)\//.exec(id)?.[1];
    if (place !== undefined && dataScopes.size < mostScopes) dataScopes.add(place);
  }
}

/** The scope of the jobs and runs of a namespace. */
export function scopeOf(namespace: string): string {
  return entityId('job', 'openlineage', namespace).replace(/^job:|\/$/g, '');
}

export function contextOf({ host, catalog }: Live): PageContext {
  return { now: host.now(), instances: knownInstances(catalog?.sources() ?? [], []), placeOf: () => undefined };
}
