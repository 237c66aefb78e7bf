// From what an MLflow store holds to entities and facts: models, versions, experiments. Pure.
import type { SeenEntity } from '../../catalog/change.ts';
import type { Edge } from '../../catalog/edge.ts';
import { type EntityId, entityId } from '../../catalog/entity.ts';
import type { ModelAlias } from '../../catalog/facts.ts';
import { longestName, type StoredExperiment, type StoredListing, type StoredVersion, type Tag } from './shape.ts';

/** How this instance writes its ids. */
export interface Ids {
  model(name: string): EntityId;
  version(model: string, version: string): EntityId;
  experiment(name: string): EntityId;
  metric(experiment: string, key: string): EntityId;
  run(id: string): EntityId;
}

export function idsOf(instance: string): Ids {
  return {
    model: (name) => entityId('model', 'mlflow', instance, name),
    version: (model, version) => entityId('version', 'mlflow', instance, model, version),
    experiment: (name) => entityId('experiment', 'mlflow', instance, name),
    metric: (experiment, key) => entityId('metric', 'mlflow', instance, experiment, key),
    run: (id) => entityId('run', 'mlflow', instance, id),
  };
}

/** A version with the run and the files behind it, however the store says them. */
export interface MadeVersion {
  readonly version: StoredVersion;
  readonly runId?: string;
  /** Where the files are; undefined when the store only names another record. */
  readonly artifactUri?: string;
}

/** Pages of the tool's own UI; nothing has one in a local store. */
export interface Links {
  model(name: string): string;
  version(model: string, version: string): string;
  experiment(id: string): string;
  run(experimentId: string, id: string): string;
}

export interface Registry {
  readonly experiments: readonly StoredExperiment[];
  readonly versions: readonly MadeVersion[];
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
  /** Names that were left out because nobody can have meant them. */
  readonly refused: number;
}

type RegistryListing = Pick<StoredListing, 'experiments' | 'models' | 'versions' | 'loggedModels'>;

export function registryOf(listing: RegistryListing, ids: Ids, links?: Links): Registry {
  const usable = (name: string): boolean => name !== '' && name.length <= longestName;
  const experiments = listing.experiments.filter(({ name }) => usable(name));
  const models = listing.models.filter(({ name }) => usable(name));
  const names = new Set(models.map(({ name }) => name));
  const loggedModels = new Map(listing.loggedModels.map((model) => [model.id, model]));
  const versions = listing.versions
    .filter(({ model }) => names.has(model))
    .map((version) => madeVersion(version, loggedModels));
  const byModel = Map.groupBy(versions, ({ version }) => version.model);
  const aliasesOf = new Map(models.map(({ name, aliases }) => [name, aliases]));
  const modelEntities = models.map((model): SeenEntity => {
    const newest = (byModel.get(model.name) ?? [])
      .map(({ version }) => version.version)
      .sort(byNumber)
      .at(-1);
    return {
      id: ids.model(model.name),
      kind: 'model',
      name: model.name,
      facts: {
        description: model.description,
        owner: ownerIn(model.tags),
        tags: shownTags(model.tags),
        createdAt: model.createdAt,
        updatedAt: model.updatedAt,
        modelAliases: model.aliases,
        latestVersion: model.latestVersion ?? newest,
        url: links?.model(model.name),
      },
    };
  });
  const experimentEntities = experiments.map(
    (experiment): SeenEntity => ({
      id: ids.experiment(experiment.name),
      kind: 'experiment',
      name: experiment.name,
      facts: {
        description: tag(experiment.tags, 'mlflow.note.content'),
        owner: tag(experiment.tags, 'mlflow.ownerEmail') ?? ownerIn(experiment.tags),
        tags: shownTags(experiment.tags),
        createdAt: experiment.createdAt,
        updatedAt: experiment.updatedAt,
        artifactUri: experiment.artifactUri,
        url: links?.experiment(experiment.id),
      },
    }),
  );
  const versionEntities = versions.map((made) =>
    versionEntity(made, aliasesOf.get(made.version.model) ?? [], ids, links),
  );
  return {
    experiments,
    versions,
    entities: [...modelEntities, ...versionEntities, ...experimentEntities],
    edges: versions.map(({ version }) => ({
      from: ids.model(version.model),
      to: ids.version(version.model, version.version),
      relation: 'contains',
      origin: 'reported',
      evidence: 'MLflow model registry',
    })),
    refused: listing.experiments.length - experiments.length + listing.models.length - models.length,
  };
}

function versionEntity(
  made: MadeVersion,
  aliases: readonly ModelAlias[],
  ids: Ids,
  links: Links | undefined,
): SeenEntity {
  const { version } = made;
  const mine = aliases.filter((alias) => alias.version === version.version);
  return {
    id: ids.version(version.model, version.version),
    kind: 'version',
    name: `${version.model}/${version.version}`,
    aliases: mine.map(({ alias }) => `${version.model}@${alias}`),
    facts: {
      description: version.description,
      owner: ownerIn(version.tags) ?? version.user,
      tags: shownTags(version.tags),
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      modelAliases: mine,
      stage: version.stage,
      madeBy: made.runId === undefined ? undefined : ids.run(made.runId),
      artifactUri: made.artifactUri,
      url: links?.version(version.model, version.version),
      broken: version.status?.startsWith('FAILED') ? (version.statusMessage ?? version.status) : undefined,
    },
  };
}

/** MLflow 3 names a logged model as the source; 2 a run, or a folder that holds the run's id. */
export function madeVersion(
  version: StoredVersion,
  loggedModels: ReadonlyMap<string, { readonly runId?: string; readonly artifactUri?: string }>,
): MadeVersion {
  const source = version.source ?? '';
  const logged = loggedModels.get(/^models:\/(m-[0-9a-f]+)/.exec(source)?.[1] ?? '');
  const inSource = /^runs:\/([0-9a-f]{32})\b/.exec(source)?.[1] ?? /\/([0-9a-f]{32})\/artifacts\b/.exec(source)?.[1];
  const address = [version.storage, logged?.artifactUri, source].find((uri) => uri && !/^(?:models|runs):/.test(uri));
  return { version, runId: version.runId ?? logged?.runId ?? inSource, artifactUri: address };
}

export function tag(tags: readonly Tag[], key: string): string | undefined {
  return tags.find((candidate) => candidate.key === key && candidate.value !== '')?.value;
}

function ownerIn(tags: readonly Tag[]): string | undefined {
  return tag(tags, 'owner') ?? tag(tags, 'team');
}

/** MLflow's own tags are bookkeeping; what people set is shown. */
function shownTags(tags: readonly Tag[]): readonly string[] | undefined {
  const shown = tags.filter(({ key }) => !key.startsWith('mlflow.')).slice(0, 50);
  return shown.length === 0
    ? undefined
    : shown.map(({ key, value }) => (value === '' ? key : `${key}=${clip(value, 200)}`));
}

export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

export function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);
}
