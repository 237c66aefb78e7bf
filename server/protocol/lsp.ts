// Requests and notifications of ours beyond LSP: names and shapes, "to server" and "to client".
import type { FileAtParams, FileAtResult, RunCommitParams, RunCommitResult } from './commit.ts';
import type { ProxySettings } from './connection.ts';
import type { EvidenceChain, FoundAt, Incident, LinePlace, LogWindow } from './incident.ts';
import type { EntityDetails, LineageExpansion, LineageGraph } from './lineage.ts';
import type { SeriesParams, SeriesResult } from './series.ts';

// region To server
export interface InitializationOptions {
  /** Absolute folder of the store. */
  readonly storeFolder: string;
  /** Absolute folder of the store of what connections give, one per user; absent: nothing is asked over the network. */
  readonly liveFolder?: string;
  /** False in Restricted Mode: local files only, nothing is run. */
  readonly trusted: boolean;
  readonly extensionVersion: string;
  readonly proxy?: ProxySettings;
}

export interface TextPoint {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export const lineageRequest = 'plumbline/lineage';
export interface LineageParams {
  readonly id: string;
  /** Opened beyond the usual depth. */
  readonly expanded: readonly LineageExpansion[];
  /** Closed although within it. */
  readonly collapsed: readonly LineageExpansion[];
  /** Epoch ms: as it was then; absent: as it is now. */
  readonly asOf?: number;
}
export type LineageResult = LineageGraph | undefined;

export const entityAtRequest = 'plumbline/entityAt';
/** What stands under the cursor; `id` is a `code:` id when no tool knows it; undefined when nothing is named there. */
export type EntityAtResult = { readonly id: string; readonly name: string; readonly kind: string } | undefined;

export const detailsRequest = 'plumbline/details';
export interface IdParams {
  readonly id: string;
}
export type DetailsResult = EntityDetails | undefined;

export const seriesRequest = 'plumbline/series';
export type { SeriesParams, SeriesResult };

/** Text of `plumbline:/entity/<id>`, of the comparison of a run with the one before, of what the server sees in a file, of the diagnostics report. */
export const pageRequest = 'plumbline/page';
export type PageParams =
  | { readonly page: 'entity'; readonly id: string }
  | { readonly page: 'compare'; readonly run: string }
  | { readonly page: 'sees'; readonly uri: string }
  | { readonly page: 'diagnostics' };
export type PageResult = { readonly title: string; readonly text: string };

export const sourcePlacesRequest = 'plumbline/sourcePlaces';
export type SourcePlacesResult = readonly LinePlace[];

export const incidentsRequest = 'plumbline/incidents';
export type IncidentsResult = readonly Incident[];

/** From an incident, a metric, a model or a run to the log that explains it. */
export const explainRequest = 'plumbline/explain';
export interface ExplainParams {
  /** Incident id or entity id. */
  readonly id: string;
}
export type ExplainResult = EvidenceChain;

/** Which commit a run came from, and the file to compare with it. */
export const runCommitRequest = 'plumbline/runCommit';
export type { RunCommitParams, RunCommitResult };

/** The text of a file at a commit. */
export const fileAtRequest = 'plumbline/fileAt';
export type { FileAtParams, FileAtResult };

export const logRequest = 'plumbline/log';
export interface LogParams {
  readonly run: string;
  /** One of the run's own log files; default the newest. Anything else is refused. */
  readonly file?: string;
  /** Byte to centre on; default the root line, else the end. */
  readonly around?: number;
  /** The root line as an explanation found it; absent: it is looked for. */
  readonly at?: FoundAt;
}
export type LogResult = LogWindow | { readonly problem: string };

export const syncRequest = 'plumbline/sync';

/** Reading the workspace stands still, or goes on. A request, so that the one who asks knows that it does. */
export const pauseIndexingRequest = 'plumbline/pauseIndexing';
export interface PauseIndexingParams {
  readonly paused: boolean;
}
// endregion

// region To client
export const statusNotification = 'plumbline/status';
export interface SourceStatus {
  readonly name: string;
  readonly tool: string;
  readonly health: 'never' | 'fresh' | 'stale' | 'failing' | 'forbidden';
  readonly scannedAt?: number;
  readonly reason?: string;
}
export interface StatusParams {
  readonly state: 'starting' | 'syncing' | 'ready';
  readonly revision: number;
  readonly entities: number;
  readonly incidents: number;
  readonly sources: readonly SourceStatus[];
  /** Said once: the store was rebuilt, kept aside, is read-only … */
  readonly notice?: string;
}
// endregion

/** Commands that hovers and lenses may name; arguments are entity ids only. */
export const commandNames = {
  openLineage: 'plumbline.openLineage',
  showLogs: 'plumbline.showLogs',
  jumpToLogs: 'plumbline.jumpToLogs',
  compareRuns: 'plumbline.compareRuns',
  openEntity: 'plumbline.openEntity',
  compareWithCommit: 'plumbline.compareWithCommit',
} as const;
