// Models: machine-learning models that live only in a store: their versions by the day or number in their keys, else by the versions of one object; pure.
import type { PastChange, SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId, pathId } from '../../catalog/entity.ts';
import { changingPart } from '../../catalog/keys.ts';
import { isModelFile, storeModel } from '../../catalog/storeModels.ts';
import { said } from '../json.ts';
import type { ObjectVersion, StoredObject } from '../objectStore.ts';

export interface ModelVersion {
  readonly name: string;
  readonly id: EntityId;
  /** Epoch ms. */
  readonly at: number;
  readonly uri: string;
  /** The file that makes it one. */
  readonly key: string;
  /** Of a bucket that keeps versions. */
  readonly version?: string;
}

export interface Model {
  readonly id: EntityId;
  readonly bucket: string;
  /** `s3://bucket/churn/` */
  readonly uri: string;
  /** In order of time. */
  readonly versions: readonly ModelVersion[];
  /** It is written over and over under one key: its versions are those of the object. */
  readonly fixedKey?: string;
}

const mostVersions = 200;
/** MLflow's own layout (3.17, 2026-11): what lies there is known by its registry. */
const ofMlflow = /(?:^|\/)(?:m-)?[0-9a-f]{32}\/artifacts\//;

export { isModelFile };

/** Of all files of models at one place. Two files of one version are one version, of the time of the later one. */
export function modelsIn(bucket: string, objects: readonly StoredObject[]): readonly Model[] {
  const models = new Map<EntityId, { uri: string; fixedKey?: string; versions: Map<EntityId, ModelVersion> }>();
  for (const object of objects) {
    const found = isModelFile(object.key) && !ofMlflow.test(object.key) ? versionOf(bucket, object) : undefined;
    if (!found) continue;
    const { model, uri, fixedKey, version } = found;
    const known = models.get(model) ?? { uri, versions: new Map<EntityId, ModelVersion>() };
    const before = known.versions.get(version.id);
    known.versions.set(version.id, before && before.at > version.at ? before : version);
    if (fixedKey !== undefined) known.fixedKey ??= fixedKey;
    models.set(model, known);
  }
  return [...models].map(([id, { uri, fixedKey, versions }]) => {
    const all = [...versions.values()].sort((a, b) => a.at - b.at).slice(-mostVersions);
    const isDated = all.some(({ key }) => key !== fixedKey);
    return said<Model>({ id, bucket, uri, versions: all, fixedKey: isDated ? undefined : fixedKey });
  });
}

interface Found {
  readonly model: EntityId;
  readonly uri: string;
  readonly fixedKey?: string;
  readonly version: ModelVersion;
}

function versionOf(bucket: string, { key, modifiedAt, etag }: StoredObject): Found | undefined {
  const dated = storeModel(`s3://${bucket}/${key}`);
  if (dated) {
    const uri = `${dated.uri}${dated.versionName}`;
    const version = { name: dated.versionName, id: dated.version, at: modifiedAt, uri, key };
    return { model: dated.model, uri: dated.uri, version };
  }
  const folder = key.split('/').slice(0, -1);
  // A dated file in no folder, and a file at the top of a bucket, are nobody's model.
  if (folder.length === 0 || changingPart(folder) >= 0) return undefined;
  const model = entityId('model', 's3', bucket, ...folder, '');
  const uri = `s3://${bucket}/${folder.join('/')}/`;
  const name = (etag ?? String(modifiedAt)).slice(0, 12);
  return {
    model,
    uri,
    fixedKey: key,
    version: {
      ...{ name, id: entityId('version', 's3', bucket, ...folder, name) },
      ...{ at: modifiedAt, uri: `s3://${bucket}/${key}`, key },
    },
  };
}

/** The same model with the versions that its bucket keeps of the one object. */
export function withObjectVersions(model: Model, versions: readonly ObjectVersion[]): Model {
  const kept = versions.filter(
    ({ key, isDeletion, version }) => key === model.fixedKey && !isDeletion && version !== 'null',
  );
  if (kept.length === 0) return model;
  const folder = (model.fixedKey ?? '').split('/').slice(0, -1);
  // Newest first, as they come: those of one second keep their order.
  const all = kept
    .toReversed()
    .map((one) => ({
      name: one.version.slice(0, 32),
      id: entityId('version', 's3', model.bucket, ...folder, one.version),
      at: one.modifiedAt,
      uri: `s3://${model.bucket}/${one.key}?versionId=${encodeURIComponent(one.version)}`,
      key: one.key,
      version: one.version,
    }))
    .sort((a, b) => a.at - b.at)
    .slice(-mostVersions);
  return { ...model, versions: all };
}

export interface ModelFacts {
  readonly owner?: string;
  /** Who wrote a version, where that is known. */
  readonly madeBy: ReadonlyMap<
    EntityId,
    { readonly run: EntityId; readonly evidence: string; readonly isGuess: boolean }
  >;
}

export function modelPage(
  model: Model,
  { owner, madeBy }: ModelFacts,
): {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
  readonly events: readonly PastChange[];
} {
  const latest = model.versions.at(-1);
  const evidence = model.fixedKey === undefined ? 'the key of a model file' : 'a model file that is written over';
  const entities: SeenEntity[] = [
    {
      id: model.id,
      kind: 'model',
      name: model.uri,
      aliases: [model.uri.slice(0, -1)],
      facts: said({
        owner,
        latestVersion: latest?.name,
        updatedAt: latest?.at,
        artifactUri: model.uri,
      }),
    },
  ];
  const edges: Edge[] = [
    {
      from: pathId(model.uri),
      to: model.id,
      relation: 'same',
      origin: 'matched',
      evidence: 'the files below this path are model files',
    },
  ];
  const events: PastChange[] = [];
  for (const version of model.versions) {
    const maker = madeBy.get(version.id);
    const facts = said({ createdAt: version.at, artifactUri: version.uri, madeBy: maker?.run });
    entities.push({ id: version.id, kind: 'version', name: `${model.uri}${version.name}`, facts });
    edges.push({ from: model.id, to: version.id, relation: 'contains', origin: 'matched', evidence });
    if (maker) {
      const origin = maker.isGuess ? 'matched' : 'reported';
      edges.push({ from: maker.run, to: version.id, relation: 'made', origin, evidence: maker.evidence });
    }
    const written = `S3: ${version.uri} was written`;
    events.push({ entity: model.id, field: 'latestVersion', value: version.name, at: version.at, evidence: written });
  }
  return { entities, edges, events };
}
