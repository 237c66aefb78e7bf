// What an MLflow dataset source is in our terms: a path with an id, or only a name. Pure.
import { type EntityId, parseEntityId, pathId } from '../../catalog/entity.ts';
import { stableUri } from '../../catalog/keys.ts';
import type { DataUse } from '../../catalog/run.ts';
import type { StoredDataset } from './shape.ts';

/**
 * The data a run read. It has an id when the source is an address (`s3://…`, `gs://…`, a local file); a table of
 * Spark, Delta or a database has none, because MLflow does not say which instance it is in.
 * Sources by type: mlflow/data/*_dataset_source.py of 3.17, read 2026-11-23.
 */
export function dataUse(dataset: StoredDataset): DataUse {
  const source = fields(dataset.source);
  const profile = fields(dataset.profile ?? '');
  const address = source.uri ?? source.url ?? (dataset.sourceType === 'hugging_face' ? undefined : source.path);
  // The file of one day is data of the folder above, as in every other connector.
  const id = address === undefined ? undefined : addressId(stableUri(address));
  const table = source.delta_table_name ?? source.table_name;
  const rows = Number(profile.num_rows);
  return {
    ...(id ? { id } : {}),
    name: (id ? address : table) ?? dataset.name,
    ...(dataset.digest ? { digest: dataset.digest } : {}),
    ...(profile.num_rows !== undefined && Number.isFinite(rows) ? { rows } : {}),
  };
}

/** The `path:` id of an address: a URI with a scheme, or an absolute local path. Undefined for anything else. */
export function addressId(address: string): EntityId | undefined {
  if (address.length > 4000) return undefined;
  const local = /^(?:file:(?:\/\/)?)?(\/.*)$/s.exec(address);
  if (local?.[1]) return pathId(`file://${local[1]}`);
  const windows = /^(?:file:\/{0,3})?([a-z]:[\\/].*)$/is.exec(address);
  if (windows?.[1]) return pathId(`file:///${windows[1].replaceAll('\\', '/')}`);
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.+)$/is.exec(address) ?? [];
  if (scheme === undefined || rest === undefined) return undefined;
  const lower = scheme.toLowerCase();
  // Hadoop's names of the same store.
  return pathId(`${lower === 's3a' || lower === 's3n' ? 's3' : lower}://${rest}`);
}

/** The address that a `path:` id stands for; a run may have used one file of it. */
export function addressOf(id: EntityId): string {
  const parts = parseEntityId(id);
  return parts ? `${parts.tool}://${parts.instance}/${parts.segments.join('/')}` : id;
}

interface SourceFields {
  readonly uri?: string;
  readonly url?: string;
  readonly path?: string;
  readonly delta_table_name?: string;
  readonly table_name?: string;
  readonly num_rows?: string;
}

/** The fields we know of a JSON object, as text; nothing of what is no JSON object. */
function fields(json: string): SourceFields {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const known: Record<keyof SourceFields, string | undefined> = {
    uri: undefined,
    url: undefined,
    path: undefined,
    delta_table_name: undefined,
    table_name: undefined,
    num_rows: undefined,
  };
  for (const [key, field] of Object.entries(value)) {
    if (Object.hasOwn(known, key) && (typeof field === 'string' || typeof field === 'number') && field !== '') {
      known[key as keyof SourceFields] = String(field);
    }
  }
  return known;
}
