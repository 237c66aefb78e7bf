// Airflow's logs in a bucket: runs told from the ends of the logs that its workers left there (`remote_base_log_folder`).
import type { CatalogChange } from '../../../catalog/change.ts';
import type { EntityId } from '../../../catalog/entity.ts';
import type { KnownInstances } from '../../../catalog/mine.ts';
import { type Run, remoteLog } from '../../../catalog/run.ts';
import type { FoundLog, LogRuns } from '../../logRuns.ts';
import type { ObjectStore, StoredObject } from '../../objectStore.ts';
import type { Place } from '../places.ts';
import { collected } from './stream.ts';

/** Logs whose ends are read at one look, and how much of an end. */
const mostRead = 40;
const endBytes = 64_000;
const startBytes = 8_000;

export interface ReadingLogs {
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  readonly logRuns: LogRuns;
  /** Of the connection. */
  readonly source: string;
  /** Epoch ms. */
  readonly now: number;
  readonly instances: KnownInstances;
  readonly known: (id: EntityId) => Run | undefined;
}

/** `churn/airflow/dag_id=…`: what stands before the first folder of a DAG; undefined when it is no log of a try. */
function split(key: string, logRuns: LogRuns): { readonly base: string; readonly relative: string } | undefined {
  const at = key.indexOf('dag_id=');
  if (at < 0 || (at > 0 && key[at - 1] !== '/')) return undefined;
  const relative = key.slice(at).replace(/\.gz$/, '');
  return logRuns.reads(relative) ? { base: key.slice(0, at), relative } : undefined;
}

export function isTryLog(key: string, logRuns: LogRuns): boolean {
  return split(key, logRuns) !== undefined;
}

/**
 * `since`: epoch ms; runs none of whose logs is newer are as they were. All logs of a run are read again, since its
 * status is that of all of them. Undefined: there are none.
 */
export async function airflowRuns(
  place: Place,
  objects: readonly StoredObject[],
  since: number,
  reading: ReadingLogs,
): Promise<CatalogChange | undefined> {
  const { logRuns, source, signal, now, instances } = reading;
  const tries = objects.flatMap((object) => {
    const found = split(object.key, logRuns);
    return found && !object.key.endsWith('.gz') ? [{ object, ...found }] : [];
  });
  const fresh = new Set(
    tries.filter(({ object }) => object.modifiedAt >= since).map(({ relative }) => logRuns.groupOf(relative)),
  );
  const wanted = tries.filter(({ relative }) => fresh.has(logRuns.groupOf(relative))).slice(-mostRead);
  const [first] = wanted;
  if (!first) return undefined;
  const logs: FoundLog[] = await Promise.all(
    wanted.map(async ({ object, relative }) => ({
      relative,
      address: remoteLog(source, `s3://${place.bucket}/${object.key}`),
      modifiedAt: object.modifiedAt,
      lines: await ends(place.bucket, object, reading.store, signal),
    })),
  );
  const [only] = instances.airflow;
  const own = `${place.bucket}/${first.base}`.replace(/\/$/, '');
  const instance = only !== undefined && instances.airflow.length === 1 ? only : own;
  const page = logRuns.page(logs, { instance, now, instances });
  // Who asks Airflow itself knows more of its runs than their logs say.
  return { ...page, runs: (page.runs ?? []).filter(({ id }) => reading.known(id) === undefined) };
}

async function ends(
  bucket: string,
  { key, size }: StoredObject,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const text = async (from: number, length: number): Promise<string> =>
    new TextDecoder().decode(await collected(await store.read({ bucket, key, from, length }, signal)));
  if (size === 0) return [];
  if (size <= endBytes + startBytes) return (await text(0, size)).split(/\r?\n/);
  const [start, end] = [await text(0, startBytes), await text(size - endBytes, endBytes)];
  return [...start.split(/\r?\n/).slice(0, -1), ...end.split(/\r?\n/).slice(1)];
}
