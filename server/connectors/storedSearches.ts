// StoredSearches: what one tool makes of the folder of a search for settings that another tool stores; handed to that other one by the registry.
import type { CatalogChange } from '../catalog/change.ts';
import type { ConnectorHost, FileStat } from './connector.ts';

/** Files below the folder, by paths that are joined with `/`. */
export type SearchFiles = Pick<ConnectorHost, 'stat' | 'list' | 'readText' | 'readRange'>;

export interface SearchContext {
  /** Of the tool whose search it is: where its searches are kept. */
  readonly instance: string;
  readonly environment?: string;
  /** Of a file, as a log. */
  readonly address: (path: string) => string;
}

export interface StoredSearches {
  /** Whether this is the file that says how a search stands; the newest of its folder counts. */
  isState(key: string): boolean;
  /** Rejects in words when the file is no such state. */
  page(
    state: FileStat,
    files: SearchFiles,
    context: SearchContext,
    signal: AbortSignal,
  ): Promise<Pick<CatalogChange, 'entities' | 'edges' | 'runs' | 'series'>>;
}
