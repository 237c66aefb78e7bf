// Ids: how things of a Databricks workspace and of its metastore are named in the catalog; pure.
import { type EntityId, entityId } from '../../catalog/entity.ts';

/** Which workspace, and which metastore, once they are known. */
export interface Place {
  /** Id of the workspace, or what the connection declares, or its address. */
  readonly workspace: string;
  /** Id of the metastore; the workspace where there is none. */
  readonly metastore: string;
  /** Of the pages of its UI, without a slash at the end. */
  readonly url: string;
  /** Name of the source: its logs are addressed by it. */
  readonly source: string;
  readonly environment?: string;
}

export type Ids = ReturnType<typeof idsOf>;

/** Models and their versions are `mlflow`'s, because code names them by `models:/…` wherever they are kept. */
export function idsOf({ workspace, metastore }: Pick<Place, 'workspace' | 'metastore'>) {
  return {
    job: (job: string): EntityId => entityId('job', 'databricks', workspace, job),
    /** Of a one-off submission: what is submitted under this name, in a space of its own, since no listing holds it. */
    submitted: (name: string): EntityId => entityId('job', 'databricks', `${workspace}/submit`, name),
    task: (job: string, key: string): EntityId => entityId('task', 'databricks', workspace, job, key),
    run: (run: string): EntityId => entityId('run', 'databricks', workspace, run),
    endpoint: (name: string): EntityId => entityId('endpoint', 'databricks', workspace, name),
    table: (parts: readonly string[]): EntityId => entityId('table', 'databricks', metastore, ...parts),
    model: (name: string): EntityId => entityId('model', 'mlflow', metastore, name),
    version: (name: string, version: string): EntityId => entityId('version', 'mlflow', metastore, name, version),
    /** Models of the registry that a workspace had before Unity Catalog. */
    ownModel: (name: string): EntityId => entityId('model', 'mlflow', workspace, name),
    ownVersion: (name: string, version: string): EntityId => entityId('version', 'mlflow', workspace, name, version),
    trackedRun: (run: string, of: string = workspace): EntityId => entityId('run', 'mlflow', of, run),
  };
}

/** `tool://instance` as it begins ids. */
export function scopeOf(tool: string, ...segments: readonly string[]): string {
  const [instance = '', ...rest] = segments;
  return entityId('job', tool, instance, ...rest)
    .replace(/^job:/, '')
    .replace(/\/$/, '');
}
