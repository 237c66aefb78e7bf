// What an MLflow store or server holds, in one shape for all of them; times are epoch ms.
import type { ScanProblem } from '../../catalog/change.ts';

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface StoredExperiment {
  readonly id: string;
  readonly name: string;
  readonly artifactUri?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly tags: readonly Tag[];
}

/** NaN and the infinities are themselves; a store keeps an infinity as the largest number (see `pointValue`). */
export interface StoredPoint {
  readonly key: string;
  readonly value: number;
  readonly at: number;
  readonly step: number;
}

export interface StoredDataset {
  readonly name: string;
  readonly digest?: string;
  /** `s3`, `local`, `delta_table`, `http`, `code`, … */
  readonly sourceType: string;
  /** JSON text, its keys by source type. */
  readonly source: string;
  /** JSON text; `num_rows` for data frames. */
  readonly profile?: string;
}

export interface StoredRun {
  readonly id: string;
  readonly experimentId: string;
  readonly name?: string;
  /** RUNNING, SCHEDULED, FINISHED, FAILED or KILLED; anything else is unknown to us. */
  readonly status: string;
  readonly user?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly artifactUri?: string;
  readonly sourceName?: string;
  readonly sourceVersion?: string;
  /** The last value of each metric. */
  readonly metrics: readonly StoredPoint[];
  /** Every value of each metric in order of time; a long one is thinned to about 500 points. */
  readonly history: readonly StoredPoint[];
  readonly params: readonly Tag[];
  readonly tags: readonly Tag[];
  readonly inputs: readonly StoredDataset[];
  /** Ids of logged models (MLflow 3) that it wrote. */
  readonly loggedModels: readonly string[];
}

export interface StoredModel {
  readonly name: string;
  readonly description?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly tags: readonly Tag[];
  readonly aliases: readonly { readonly alias: string; readonly version: string }[];
  /** Where the store says it; absent: the highest of the versions that were read. */
  readonly latestVersion?: string;
}

export interface StoredVersion {
  readonly model: string;
  readonly version: string;
  /** Absent for `None`. */
  readonly stage?: string;
  readonly description?: string;
  readonly user?: string;
  /** `models:/m-…`, `runs:/…` or where the files are. */
  readonly source?: string;
  readonly storage?: string;
  readonly runId?: string;
  readonly status?: string;
  readonly statusMessage?: string;
  readonly createdAt?: number;
  readonly updatedAt?: number;
  readonly tags: readonly Tag[];
}

export interface StoredLoggedModel {
  readonly id: string;
  readonly runId?: string;
  readonly artifactUri?: string;
}

/** Everything but the runs: it is small. Deleted things are left out. */
export interface StoredListing {
  readonly experiments: readonly StoredExperiment[];
  readonly models: readonly StoredModel[];
  readonly versions: readonly StoredVersion[];
  readonly loggedModels: readonly StoredLoggedModel[];
  readonly problems: readonly StoreProblem[];
}

/** `part` is what the problem leaves incomplete, and therefore not covered. */
export interface StoreProblem extends ScanProblem {
  readonly part: 'registry' | 'experiments' | 'runs' | 'details';
}

export interface StoredRunPage {
  readonly runs: readonly StoredRun[];
  readonly problems: readonly StoreProblem[];
}

export interface MlflowStore {
  /** The folder that artifacts of the store are kept in or beside. */
  readonly folder: string;
  /** A cheap text that changes when the store does. */
  fingerprint(): Promise<string>;
  /** Rejects when the store as a whole cannot be read. */
  read(signal: AbortSignal): Promise<OpenStore>;
}

export interface OpenStore {
  readonly listing: StoredListing;
  /** Active runs, newest first where the store knows the order. */
  pages(signal: AbortSignal): AsyncIterable<StoredRunPage>;
  close(): void;
}

/** More points of one metric of one run than these are thinned, the last one always kept. */
export const seriesPoints = 500;
/** Longer names of models, experiments, metrics and runs are not believed. */
export const longestName = 1000;
export const runsPerPage = 250;
/** MLflow keeps a deleted version with this stage (model_version_stages.py, read 2026-11-23). */
export const deletedStage = 'Deleted_Internal';

/** Databases have no infinity: MLflow keeps the largest number instead (sqlalchemy_store.py, read 2026-11-23). */
export function pointValue(kept: number): number {
  return Math.abs(kept) >= 1.7976931348623157e308 ? kept * 10 : kept;
}

/** At most about `seriesPoints` of them, evenly, the last one always kept. */
export function thinned(points: readonly StoredPoint[]): readonly StoredPoint[] {
  const every = Math.floor((points.length - 1) / seriesPoints) + 1;
  return every <= 1 ? points : points.filter((_, index) => index % every === 0 || index === points.length - 1);
}
