// What one live connection keeps in mind between questions: how it names things, and what it was told that changes seldom.
import type { Catalog } from '../../../catalog/catalog.ts';
import type { ScanProblem } from '../../../catalog/change.ts';
import { type EntityId, type EntityKind, entityId, parseEntityId } from '../../../catalog/entity.ts';
import type { HttpError } from '../../httpError.ts';
import type { Links } from '../links.ts';
import type { Api } from './api.ts';

/** Parts of what there is that are asked for each in its own rhythm. */
export type Part =
  | 'monitors'
  | 'downtimes'
  | 'metrics'
  | 'owners'
  | 'events'
  | 'changes'
  | 'slos'
  | 'tags'
  | 'integrations';

export interface Memory {
  /** The key of the organisation, as ids have it. */
  org?: string;
  /** Of services, by the name of the service; and when they were listed, epoch ms. */
  owners?: { readonly at: number; readonly of: ReadonlyMap<string, string> };
  /** Those that were listed last. */
  metrics?: { readonly at: number; readonly names: ReadonlySet<string> };
  /** Names of metrics that monitors read; those of monitors that are not well first. */
  readonly watched: Set<string>;
  /** When deployments and the like were asked for. */
  changesAt?: number;
  /** The last listing of all monitors, and how many there were. */
  monitors?: { readonly at: number; readonly count: number };
  /** When the metrics of integrations were asked for by their tags. */
  integrationsAt?: number;
  /** What went wrong with a part the last time, told until it is asked again. */
  readonly problems: Map<Part, readonly ScanProblem[]>;
  /** Why lists failed that every Datadog has, the last time they were asked for. */
  readonly failed: Map<Part, HttpError>;
  /** The tags by which the values of a metric are shown. */
  readonly shownBy: Map<string, readonly string[]>;
  /** Types of metrics, as Datadog calls them. */
  readonly types: Map<string, string>;
}

export interface Live {
  readonly api: Api;
  readonly instance: string;
  /** `datadog://instance`. */
  readonly scope: string;
  readonly links: Links;
  readonly catalog?: Catalog;
  readonly memory: Memory;
}

/** An organisation that does not tell its name. */
const unnamed = 'default';

/** `metric:datadog://site/org/name`. Only once it is known who answers. */
export function idIn({ instance, memory }: Live, kind: EntityKind, ...segments: readonly string[]): EntityId {
  return entityId(kind, 'datadog', instance, memory.org ?? unnamed, ...segments);
}

/** What follows the organisation; undefined for an id of another instance or organisation. */
export function segmentsIn({ instance, memory }: Live, id: EntityId): readonly string[] | undefined {
  const parts = parseEntityId(id);
  const [org, ...rest] = parts?.segments ?? [];
  return parts?.tool === 'datadog' && parts.instance === instance && org === (memory.org ?? unnamed) ? rest : undefined;
}
