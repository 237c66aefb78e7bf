// Models: registered models and their versions as entities, what made them and what serves them; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import type { Facts } from '../../../catalog/facts.ts';
import { said } from '../../json.ts';
import { idsOf, type Place } from '../ids.ts';
import type { StoredModel, StoredVersion } from './shapes.ts';

export interface Models {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

/** `versions` are all of them; undefined: not asked for now. `known`: the facts we gave before. */
export function modelOf(
  model: StoredModel,
  versions: readonly StoredVersion[] | undefined,
  place: Place,
  known: (id: EntityId) => Facts | undefined,
  bundleTags: (id: EntityId, name: string) => readonly string[],
): Models {
  const ids = idsOf(place);
  const id = ids.model(model.name);
  const newest = versions?.map(({ version }) => Number(version)).reduce((a, b) => Math.max(a, b), 0);
  const before = known(id);
  const tags = bundleTags(id, model.name);
  const entity: SeenEntity = {
    id,
    kind: 'model',
    name: model.name,
    facts: said<Facts>({
      ...{ modelAliases: before?.modelAliases, latestVersion: before?.latestVersion },
      description: model.comment,
      owner: model.owner,
      url: urlOf(model.name, place),
      createdAt: model.createdAt,
      updatedAt: model.updatedAt,
      tags: tags.length > 0 ? tags : undefined,
      ...(model.aliases ? { modelAliases: model.aliases } : {}),
      ...(newest ? { latestVersion: String(newest) } : {}),
    }),
  };
  const all = (versions ?? []).map((version) => versionOf(model, version, place));
  return { entities: [entity, ...all.map((one) => one.entity)], edges: all.flatMap((one) => one.edges) };
}

function versionOf(model: StoredModel, version: StoredVersion, place: Place) {
  const ids = idsOf(place);
  const id = ids.version(model.name, version.version);
  const of = version.runWorkspace ?? place.workspace;
  const madeBy = version.run === undefined ? undefined : ids.trackedRun(version.run, of);
  const aliases = (model.aliases ?? []).filter((alias) => alias.version === version.version);
  const status = version.status === 'READY' ? undefined : version.status;
  const entity: SeenEntity = {
    id,
    kind: 'version',
    name: `${model.name}/${version.version}`,
    aliases: aliases.map(({ alias }) => `${model.name}@${alias}`),
    facts: said<Facts>({
      description: version.comment,
      owner: version.creator,
      url: `${urlOf(model.name, place)}/version/${encodeURIComponent(version.version)}`,
      createdAt: version.createdAt,
      updatedAt: version.updatedAt,
      artifactUri: version.source,
      madeBy,
      broken: status,
    }),
  };
  const edges: Edge[] = [
    { from: ids.model(model.name), to: id, relation: 'contains', origin: 'reported', evidence: 'Unity Catalog' },
  ];
  if (madeBy !== undefined) {
    const evidence = `run_id of ${model.name} version ${version.version}`;
    edges.push({ from: madeBy, to: id, relation: 'made', origin: 'reported', evidence });
  }
  return { entity, edges };
}

function urlOf(name: string, { url }: Place): string {
  return `${url}/explore/data/models/${name.split('.').map(encodeURIComponent).join('/')}`;
}
