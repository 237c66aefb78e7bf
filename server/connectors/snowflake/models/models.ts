// Models: the registry's models and their versions as entities; pure.
import type { SeenEntity } from '../../../catalog/change.ts';
import type { Edge } from '../../../catalog/edge.ts';
import type { Facts, ModelAlias } from '../../../catalog/facts.ts';
import { list, oneLine, record, said } from '../../json.ts';
import type { Row } from '../ask/rows.ts';
import { idsOf, type ObjectName, type Place, written } from '../ids.ts';
import { objectName } from '../objects/shapes.ts';

export interface StoredModel {
  readonly name: ObjectName;
  readonly owner?: string;
  readonly comment?: string;
  /** `USER_MODEL`, `CORTEX_FINETUNED` … */
  readonly type?: string;
  /** Epoch ms. */
  readonly createdAt?: number;
  readonly versions: readonly string[];
  /** With `DEFAULT`; not `FIRST` and `LAST`, which say nothing that the versions do not. */
  readonly aliases: readonly ModelAlias[];
  /** The one that was made last. */
  readonly last?: string;
  /** There were more versions than are kept. */
  readonly isCut: boolean;
}

export interface StoredVersion {
  readonly version: string;
  readonly createdAt?: number;
  readonly comment?: string;
}

const longest = 255;
const mostVersions = 500;

/** Of SHOW MODELS (docs.snowflake.com/sql-reference/sql/show-models and its change bcr-1653, read 2026-11-24). */
export function readModel(row: Row): StoredModel | undefined {
  const found = objectName(row);
  if (!found) return undefined;
  const pairs = Object.entries(record(row.json('aliases'))).flatMap(([alias, version]): ModelAlias[] => {
    const named = oneLine(version, longest);
    return named === undefined || alias.length > longest ? [] : [{ alias, version: named }];
  });
  const own = pairs.filter(({ alias }) => !/^(?:FIRST|LAST|DEFAULT)$/i.test(alias));
  const usual = row.line('default_version_name', longest) ?? at(pairs, 'DEFAULT');
  const versions = list(row.json('versions')).flatMap((version) => oneLine(version, longest) ?? []);
  return said<StoredModel>({
    name: found,
    owner: row.line('owner', 200),
    comment: row.line('comment', 2000),
    type: row.line('model_type', 60),
    createdAt: row.time('created_on'),
    versions: [...new Set(versions)].slice(-mostVersions),
    aliases: [...(usual === undefined ? [] : [{ alias: 'DEFAULT', version: usual }]), ...own].slice(0, mostVersions),
    last: at(pairs, 'LAST'),
    isCut: versions.length > mostVersions,
  });
}

function at(aliases: readonly ModelAlias[], name: string): string | undefined {
  return aliases.find(({ alias }) => alias.toUpperCase() === name)?.version;
}

/** Of SHOW VERSIONS IN MODEL (docs.snowflake.com/sql-reference/sql/show-versions-in-model, read 2026-11-24). */
export function readVersion(row: Row): StoredVersion | undefined {
  const version = row.line('name', longest);
  if (version === undefined) return undefined;
  return said<StoredVersion>({ version, createdAt: row.time('created_on'), comment: row.line('comment', 2000) });
}

export interface Models {
  readonly entities: readonly SeenEntity[];
  readonly edges: readonly Edge[];
}

/** `known`: what we told of a version before, which the listing of models does not say; `told`: what is known now. */
export function modelOf(
  model: StoredModel,
  place: Place,
  known: (id: string) => Facts | undefined,
  told: readonly StoredVersion[] = [],
): Models {
  const ids = idsOf(place);
  const id = ids.model(model.name);
  const names = [...new Set([...model.versions, ...told.map(({ version }) => version)])];
  const entity: SeenEntity = {
    id,
    kind: 'model',
    name: written(model.name),
    aliases: spellings(model.name).slice(1),
    facts: said<Facts>({
      description: model.comment,
      owner: model.owner,
      url: modelUrl(model.name, place),
      createdAt: model.createdAt,
      tags: model.type === undefined ? undefined : [model.type.toLowerCase().replaceAll('_', ' ')],
      modelAliases: model.aliases,
      latestVersion: model.last ?? names.at(-1),
    }),
  };
  const versions = names.map((name): SeenEntity => {
    const version = ids.version(model.name, name);
    const now = told.find((one) => one.version === name);
    const own = model.aliases.filter((alias) => alias.version === name);
    return {
      id: version,
      kind: 'version',
      name: `${written(model.name)}/${name}`,
      aliases: own.map(({ alias }) => `${written(model.name)}@${alias}`),
      facts: said<Facts>({
        ...known(version),
        owner: model.owner,
        url: modelUrl(model.name, place),
        ...said<Facts>({ createdAt: now?.createdAt, description: now?.comment }),
      }),
    };
  });
  const edges = versions.map(
    (version): Edge => ({
      ...{ from: id, to: version.id, relation: 'contains', origin: 'reported' },
      evidence: 'SHOW MODELS of Snowflake',
    }),
  );
  return { entities: [entity, ...versions], edges };
}

/** Code writes it in any case, with or without database and schema; the first is how it is shown. */
function spellings(name: ObjectName): readonly string[] {
  const forms = [name, name.slice(1), name.slice(2)].map(written);
  return [...new Set([...forms, ...forms.map((form) => (form.includes('"') ? form : form.toLowerCase()))])];
}

/** Snowsight (its own links, 2026-08; not opened by ourselves). */
function modelUrl([database, schema, model]: ObjectName, { url }: Place): string | undefined {
  if (url === undefined) return undefined;
  const [d, s, m] = [database, schema, model].map(encodeURIComponent);
  return `${url}/#/data/databases/${d}/schemas/${s}/model/${m}`;
}
