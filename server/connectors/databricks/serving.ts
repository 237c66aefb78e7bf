// Serving: endpoints, what they serve and how they are; their shapes and entities (databricks-sdk 0.156, 2026-11-23).
import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import type { EntityId } from '../../catalog/entity.ts';
import type { Facts } from '../../catalog/facts.ts';
import { list, number, oneLine, record, said, text } from '../json.ts';
import { idsOf, type Place } from './ids.ts';

export interface StoredEndpoint {
  readonly name: string;
  readonly creator?: string;
  readonly description?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly tags: readonly string[];
  /** `READY`, `NOT_READY`. */
  readonly ready?: string;
  /** `UPDATE_FAILED` … */
  readonly update?: string;
  readonly served: readonly { readonly model: string; readonly version?: string; readonly trouble?: string }[];
}

export function readEndpoint(value: unknown): StoredEndpoint | undefined {
  const endpoint = record(value);
  const name = text(endpoint.name)?.slice(0, 300);
  if (name === undefined) return undefined;
  const state = record(endpoint.state);
  const config = record(endpoint.config);
  const entities = list(config.served_entities);
  const served = entities.length > 0 ? entities : list(config.served_models);
  return said<StoredEndpoint>({
    name,
    creator: oneLine(endpoint.creator),
    description: oneLine(endpoint.description, 2000),
    createdAt: number(endpoint.creation_timestamp),
    updatedAt: number(endpoint.last_updated_timestamp),
    tags: list(endpoint.tags).flatMap((tag) => {
      const { key, value: given } = record(tag);
      const [label, shown] = [oneLine(key), oneLine(given)];
      return label === undefined ? [] : [shown === undefined ? label : `${label}:${shown}`];
    }),
    ready: oneLine(state.ready),
    update: oneLine(state.config_update),
    served: served.flatMap((one) => {
      const entity = record(one);
      const model = text(entity.entity_name) ?? text(entity.model_name);
      const version = text(entity.entity_version) ?? text(entity.model_version);
      const { deployment, deployment_state_message } = record(entity.state);
      const trouble = /FAILED|ABORTED/.test(text(deployment) ?? '') ? oneLine(deployment_state_message) : undefined;
      return model === undefined ? [] : [said({ model: model.slice(0, 1000), version, trouble })];
    }),
  });
}

/** An endpoint that is not ready, or whose last update failed, is `broken`; a model that is served is read by it. */
export function endpointsOf(
  endpoints: readonly StoredEndpoint[],
  place: Place,
  bundleTags: (id: EntityId, name: string) => readonly string[],
) {
  const ids = idsOf(place);
  const entities: SeenEntity[] = [];
  const edges: Edge[] = [];
  for (const endpoint of endpoints) {
    const id = ids.endpoint(endpoint.name);
    const tags = [...endpoint.tags, ...bundleTags(id, endpoint.name)];
    const facts = said<Facts>({
      description: endpoint.description,
      owner: endpoint.creator,
      url: `${place.url}/ml/endpoints/${encodeURIComponent(endpoint.name)}`,
      tags: tags.length > 0 ? tags : undefined,
      createdAt: endpoint.createdAt,
      updatedAt: endpoint.updatedAt,
      stage: endpoint.ready,
      broken: troubleOf(endpoint),
    });
    entities.push({ id, kind: 'endpoint', name: endpoint.name, facts });
    for (const { model, version } of endpoint.served) {
      // Names of Unity Catalog have three parts; others are of the registry of the workspace.
      const isUnity = model.split('.').length === 3;
      const of = isUnity ? ids.model(model) : ids.ownModel(model);
      const from = version === undefined ? of : (isUnity ? ids.version : ids.ownVersion)(model, version);
      const evidence = `served_entities of endpoint ${endpoint.name}`;
      edges.push({ from, to: id, relation: 'reads', origin: 'reported', evidence });
    }
  }
  return { entities, edges };
}

function troubleOf({ ready, update, served }: StoredEndpoint): string | undefined {
  const troubles = served.flatMap(({ model, trouble }) => (trouble === undefined ? [] : [`${model}: ${trouble}`]));
  const states = [
    ...(ready === 'NOT_READY' ? ['not ready'] : []),
    ...(update === 'UPDATE_FAILED' ? ['its last update failed'] : []),
  ];
  return states.length === 0 && troubles.length === 0 ? undefined : [...states, ...troubles].join('; ').slice(0, 500);
}
