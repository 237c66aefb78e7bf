// Searches for settings whose results lie in a bucket (Tune's `storage_path`): each is listed once, then its state and newest trials are read.
import path from 'node:path';
import type { CatalogChange } from '../../catalog/change.ts';
import { remoteLog } from '../../catalog/run.ts';
import type { FileStat } from '../connector.ts';
import { HttpError } from '../httpError.ts';
import type { ObjectStore, StoredObject } from '../objectStore.ts';
import type { SearchFiles, StoredSearches } from '../storedSearches.ts';
import { collected } from './logs/stream.ts';
import type { Place } from './places.ts';

/** Of one place at one look, the newest; and the pages of keys of one. */
const mostSearches = 5;
const mostPages = 5;

export interface ReadingSearches {
  readonly store: ObjectStore;
  readonly signal: AbortSignal;
  readonly searches: StoredSearches;
  /** Of the connection. */
  readonly source: string;
}

/**
 * `since`: epoch ms; searches whose state is older are as they were. What cannot be read is left for the next look: Tune
 * writes it anew while it runs. Rejects like `ObjectStore` for what concerns the whole connection.
 */
export async function searchPages(
  { bucket }: Place,
  objects: readonly StoredObject[],
  since: number,
  reading: ReadingSearches,
): Promise<readonly CatalogChange[]> {
  const states = objects.filter(({ key }) => reading.searches.isState(key));
  const newest = new Map(states.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map((one) => [folderOf(one.key), one]));
  const fresh = [...newest.values()]
    .filter(({ modifiedAt }) => modifiedAt >= since)
    .sort((a, b) => a.modifiedAt - b.modifiedAt)
    .slice(-mostSearches);
  const pages: CatalogChange[] = [];
  for (const state of fresh) {
    try {
      pages.push(await pageOf(bucket, state, reading));
    } catch (error) {
      reading.signal.throwIfAborted();
      if (error instanceof HttpError && !/^(forbidden|missing|refused|tooBig|changed)$/.test(error.kind)) throw error;
    }
  }
  return pages;
}

async function pageOf(bucket: string, state: StoredObject, reading: ReadingSearches): Promise<CatalogChange> {
  const folder = folderOf(state.key);
  const base = folderOf(folder.slice(0, -1));
  const files = await filesBelow(bucket, folder, reading);
  const context = {
    instance: `${bucket}/${base}`.replace(/\/$/, ''),
    address: (file: string) => remoteLog(reading.source, file),
  };
  return reading.searches.page(statOf(bucket, state), files, context, reading.signal);
}

/** Files beside the state of a search or below are what the search keeps of itself: pickles, checkpoints. */
export function withoutSearches(
  objects: readonly StoredObject[],
  { isState }: StoredSearches,
): readonly StoredObject[] {
  const folders = new Set(objects.flatMap(({ key }) => (isState(key) ? folderOf(key) : [])));
  if (folders.size === 0) return objects;
  return objects.filter(({ key }) => !foldersAbove(key).some((folder) => folders.has(folder)));
}

/** The two that Tune makes around its files, and what is below a trial. */
function foldersAbove(key: string): readonly string[] {
  const found: string[] = [];
  for (let folder = folderOf(key); found.length < 8; folder = folderOf(folder.slice(0, -1))) {
    found.push(folder);
    if (folder === '') break;
  }
  return found;
}

/** `results/search/` of `results/search/state.json`; empty at the top. */
function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}

function statOf(bucket: string, { key, size, modifiedAt }: StoredObject): FileStat {
  return { path: `s3://${bucket}/${key}`, kind: 'file', size, modifiedAt };
}

/** What is there is listed once, whole pages of it; looking for a file asks nothing more. */
async function filesBelow(bucket: string, prefix: string, { store, signal }: ReadingSearches): Promise<SearchFiles> {
  const found = new Map<string, FileStat>();
  let from: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const listed = await store.list({ bucket, prefix, ...(from === undefined ? {} : { from }) }, signal);
    for (const stat of listed.objects.map((object) => statOf(bucket, object))) found.set(stat.path, stat);
    from = listed.next;
    if (from === undefined) break;
  }
  const keyOf = (file: string): string => file.slice(`s3://${bucket}/`.length);
  const range = async (file: string, at: number, length: number): Promise<Uint8Array> => {
    const { size = 0 } = found.get(file) ?? {};
    if (at >= size || length <= 0) return new Uint8Array();
    return collected(
      await store.read({ bucket, key: keyOf(file), from: at, length: Math.min(length, size - at) }, signal),
    );
  };
  return {
    stat: async (file) => found.get(file),
    list: async (folder) => childrenOf(folder, [...found.values()]),
    readRange: range,
    readText: async (file, maxBytes = 64 * 1024 * 1024) => {
      const { size = 0 } = found.get(file) ?? {};
      if (size > maxBytes) throw new Error(`${file} is longer than ${maxBytes} bytes.`);
      return new TextDecoder().decode(await range(file, 0, size));
    },
  };
}

function childrenOf(folder: string, all: readonly FileStat[]): readonly FileStat[] {
  const children = new Map<string, FileStat>();
  for (const file of all) {
    if (!file.path.startsWith(`${folder}/`)) continue;
    const [name = '', ...rest] = file.path.slice(folder.length + 1).split('/');
    const child = `${folder}/${name}`;
    if (rest.length === 0) children.set(child, file);
    else if (name !== '') children.set(child, { path: child, kind: 'folder', size: 0, modifiedAt: file.modifiedAt });
  }
  return [...children.values()].sort((a, b) => (path.posix.basename(a.path) < path.posix.basename(b.path) ? -1 : 1));
}
