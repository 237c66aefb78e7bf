// Entity ids and kinds: what there is in the world, and how it is named for ever.

export const entityKinds = [
  'model',
  'version',
  'experiment',
  'job',
  'task',
  'run',
  'table',
  'path',
  'metric',
  'monitor',
  'endpoint',
  'host',
] as const;
export type EntityKind = (typeof entityKinds)[number];

/**
 * `kind:tool://instance/segment/segment`, each segment percent-encoded, e.g.
 * `version:mlflow://3f9c2a/churn/7`. Store and compare it as a string; build it with `entityId`.
 */
export type EntityId = string;

export interface EntityIdParts {
  readonly kind: EntityKind;
  readonly tool: string;
  readonly instance: string;
  /** Decoded; never empty strings except where the name itself has one. */
  readonly segments: readonly string[];
}

const unsafe = /[/#?%\u0000-\u0020\u007f]/g;
const encode = (text: string): string =>
  text.replace(unsafe, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
const decode = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

export function entityId(kind: EntityKind, tool: string, instance: string, ...segments: readonly string[]): EntityId {
  return `${kind}:${tool}://${encode(instance)}/${segments.map(encode).join('/')}`;
}

/** `path:s3://bucket/key/…`: keys keep their slashes, because a path is compared by prefix. */
export function pathId(uri: string): EntityId {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)\/?(.*)$/is.exec(uri);
  if (!match) return entityId('path', 'file', '', uri);
  const [, scheme = '', bucket = '', key = ''] = match;
  return `path:${scheme.toLowerCase()}://${encode(bucket)}/${key.split('/').map(encode).join('/')}`;
}

/** Undefined when the text is not an entity id of a known kind. */
export function parseEntityId(id: string): EntityIdParts | undefined {
  const match = /^([a-z]+):([a-z0-9+.-]+):\/\/([^/]*)(?:\/(.*))?$/s.exec(id);
  if (!match) return undefined;
  const [, kind, tool = '', instance = '', rest] = match;
  const known = entityKinds.find((candidate) => candidate === kind);
  if (!known) return undefined;
  return { kind: known, tool, instance: decode(instance), segments: rest ? rest.split('/').map(decode) : [] };
}

/** Something that exists in a tool. A dbt model is a `table`; a `model` is always a machine-learning model. */
export interface Entity {
  readonly id: EntityId;
  readonly kind: EntityKind;
  /** As people write it: `churn`, `analytics.ml.churn_predictions`, `s3://acme-models/churn/`, `train_churn.fit`. */
  readonly name: string;
  /** Other names of the same thing (OpenLineage names, `source.table` of dbt, relation names); compared like `name`. */
  readonly aliases: readonly string[];
  /** Set once a covering listing no longer held it: epoch ms of that listing. */
  readonly goneAt?: number;
}
