// The registry, the experiments and the logged models of an MLflow database: all of it but the runs.
import type { ReadOnlyDatabase } from '../../connector.ts';
import type { StoredListing, StoredVersion, Tag } from '../shape.ts';
import { deletedStage } from '../shape.ts';
import { group, number, type Row, text } from './rows.ts';
import type { Schema, TableName } from './schema.ts';

export function readListing(database: ReadOnlyDatabase, schema: Schema): StoredListing {
  const all = (table: TableName, rest = ''): readonly Row[] => {
    const columns = schema.columns(table);
    return columns === undefined ? [] : database.all(`SELECT ${columns} FROM ${table} ${rest}`);
  };
  const tagsOf = (table: TableName, key: (row: Row) => string | undefined) => {
    const groups = group(all(table, 'ORDER BY key'), key);
    return (owner: string): readonly Tag[] =>
      (groups.get(owner) ?? []).map((row) => ({ key: text(row, 'key') ?? '', value: text(row, 'value') ?? '' }));
  };
  const experimentTags = tagsOf('experiment_tags', (row) => text(row, 'experiment_id'));
  const modelTags = tagsOf('registered_model_tags', (row) => text(row, 'name'));
  const versionKey = (name: string | undefined, version: string | undefined) => JSON.stringify([name, version]);
  const versionTags = tagsOf('model_version_tags', (row) => versionKey(text(row, 'name'), text(row, 'version')));
  const aliases = group(all('registered_model_aliases', 'ORDER BY alias'), (row) => text(row, 'name'));
  return {
    experiments: all('experiments', "WHERE lifecycle_stage = 'active' ORDER BY experiment_id").map((row) => ({
      id: text(row, 'experiment_id') ?? '',
      name: text(row, 'name') ?? '',
      artifactUri: text(row, 'artifact_location'),
      createdAt: number(row, 'creation_time'),
      updatedAt: number(row, 'last_update_time'),
      tags: experimentTags(text(row, 'experiment_id') ?? ''),
    })),
    models: all('registered_models', 'ORDER BY name').map((row) => ({
      name: text(row, 'name') ?? '',
      description: text(row, 'description'),
      createdAt: number(row, 'creation_time'),
      updatedAt: number(row, 'last_updated_time'),
      tags: modelTags(text(row, 'name') ?? ''),
      aliases: (aliases.get(text(row, 'name') ?? '') ?? []).map((alias) => ({
        alias: text(alias, 'alias') ?? '',
        version: text(alias, 'version') ?? '',
      })),
    })),
    versions: all('model_versions', 'ORDER BY name, version')
      .filter((row) => text(row, 'current_stage') !== deletedStage)
      .map((row) => toVersion(row, versionTags(versionKey(text(row, 'name'), text(row, 'version'))))),
    loggedModels: all('logged_models').map((row) => ({
      id: text(row, 'model_id') ?? '',
      runId: text(row, 'source_run_id'),
      artifactUri: text(row, 'artifact_location'),
    })),
    problems: schema.problems,
  };
}

function toVersion(row: Row, tags: readonly Tag[]): StoredVersion {
  const stage = text(row, 'current_stage');
  return {
    model: text(row, 'name') ?? '',
    version: text(row, 'version') ?? '',
    stage: stage === 'None' ? undefined : stage,
    description: text(row, 'description'),
    user: text(row, 'user_id'),
    source: text(row, 'source'),
    storage: text(row, 'storage_location'),
    runId: text(row, 'run_id'),
    status: text(row, 'status'),
    statusMessage: text(row, 'status_message'),
    createdAt: number(row, 'creation_time'),
    updatedAt: number(row, 'last_updated_time'),
    tags,
  };
}
