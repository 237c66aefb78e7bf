// The model registry of an MLflow file store: `models/<name>/` with versions, aliases and tags as small files.
import path from 'node:path';
import { eachOf } from '../../atOnce.ts';
import type { ConnectorHost } from '../../connector.ts';
import type { StoredModel, StoredVersion, StoreProblem, Tag } from '../shape.ts';
import { deletedStage } from '../shape.ts';
import { hasMeta, type Meta, numberIn, readMeta, textIn } from './folderMeta.ts';
import { readTags } from './folderRun.ts';

const filesAtOnce = 16;

export interface FolderRegistry {
  readonly models: readonly StoredModel[];
  readonly versions: readonly StoredVersion[];
  readonly problems: readonly StoreProblem[];
}

export async function readRegistry(folder: string, host: ConnectorHost): Promise<FolderRegistry> {
  const children = (await host.list(folder)).filter(({ kind }) => kind === 'folder');
  const read = await eachOf(children, filesAtOnce, (child) => readModel(child.path, host));
  return {
    models: read.flatMap(({ model }) => (model ? [model] : [])),
    versions: read.flatMap(({ versions }) => versions),
    problems: read.flatMap(({ problems }) => problems),
  };
}

interface FolderModel {
  readonly model?: StoredModel;
  readonly versions: readonly StoredVersion[];
  readonly problems: readonly StoreProblem[];
}

async function readModel(folder: string, host: ConnectorHost): Promise<FolderModel> {
  const none: FolderModel = { versions: [], problems: [] };
  const children = await host.list(folder);
  const versionFolders = children.filter(({ path: child }) => /^version-\d+$/.test(path.basename(child)));
  if (!(await hasMeta(folder, host))) {
    if (versionFolders.length === 0) return none;
    const message = `${folder} holds model versions but no meta.yaml.`;
    return { ...none, problems: [{ part: 'registry', message, advice: 'Restore the file, or move the folder away.' }] };
  }
  const { meta, problem } = await readMeta(folder, host, 'registry');
  if (!meta) return { ...none, problems: problem ? [problem] : [] };
  const name = textIn(meta, 'name') ?? path.basename(folder);
  const problems: StoreProblem[] = [];
  const versions = await eachOf(versionFolders, filesAtOnce, async ({ path: versionFolder }) => {
    if (!(await hasMeta(versionFolder, host))) return undefined;
    const { meta, problem } = await readMeta(versionFolder, host, 'registry');
    if (problem) problems.push(problem);
    if (!meta || textIn(meta, 'current_stage') === deletedStage) return undefined;
    return toVersion(name, versionFolder, meta, await readTags(path.join(versionFolder, 'tags'), host));
  });
  const aliases = await readTags(path.join(folder, 'aliases'), host);
  return {
    model: {
      name,
      description: textIn(meta, 'description'),
      createdAt: numberIn(meta, 'creation_timestamp'),
      updatedAt: numberIn(meta, 'last_updated_timestamp'),
      tags: await readTags(path.join(folder, 'tags'), host),
      aliases: aliases.map(({ key, value }) => ({ alias: key, version: value.trim() })),
    },
    versions: versions.filter((version) => version !== undefined),
    problems,
  };
}

function toVersion(model: string, folder: string, meta: Meta, tags: readonly Tag[]): StoredVersion {
  const stage = textIn(meta, 'current_stage');
  return {
    model,
    version: textIn(meta, 'version') ?? path.basename(folder).replace('version-', ''),
    stage: stage === 'None' ? undefined : stage,
    description: textIn(meta, 'description'),
    user: textIn(meta, 'user_id'),
    source: textIn(meta, 'source'),
    storage: textIn(meta, 'storage_location'),
    runId: textIn(meta, 'run_id'),
    status: textIn(meta, 'status'),
    statusMessage: textIn(meta, 'status_message'),
    createdAt: numberIn(meta, 'creation_timestamp'),
    updatedAt: numberIn(meta, 'last_updated_timestamp'),
    tags,
  };
}
