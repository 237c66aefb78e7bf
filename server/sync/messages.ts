// Messages: what the main thread and the sync worker say to each other; plain data. A secret in one is in memory only.
import type { Source } from '../catalog/catalog.ts';
import type {
  AttentionParams,
  ConnectionConfig,
  ConnectionStatus,
  ProxySettings,
  Secret,
} from '../protocol/connection.ts';
import type { LogAnswer, LogQuestion } from './live/logQuestions.ts';
import type { SeriesAnswer, SeriesQuestion } from './live/seriesQuestions.ts';

export interface SyncStart {
  /** Absolute path of the store's file. */
  readonly storePath: string;
  /** Of the store of what connections give; absent: this worker asks no servers. */
  readonly livePath?: string;
  readonly proxy?: ProxySettings;
  readonly folders: readonly string[];
  /** Absolute folder of the events that were posted to us. */
  readonly received?: string;
  readonly trusted: boolean;
}

export type ToSync =
  | { readonly type: 'start'; readonly start: SyncStart }
  | { readonly type: 'poke'; readonly paths: readonly string[] }
  | { readonly type: 'folders'; readonly folders: readonly string[] }
  | { readonly type: 'rescan'; readonly request: number }
  | { readonly type: 'freshen'; readonly request: number; readonly ids: readonly string[] }
  | { readonly type: 'connections'; readonly connections: readonly ConnectionConfig[]; readonly isWhole: boolean }
  | { readonly type: 'proxy'; readonly proxy: ProxySettings | undefined }
  | { readonly type: 'attention'; readonly attention: AttentionParams }
  | { readonly type: 'secretChanged'; readonly name: string }
  /** The answer to a question of the worker. */
  | { readonly type: 'secret'; readonly request: number; readonly secret?: Secret; readonly problem?: string }
  | { readonly type: 'statuses'; readonly request: number }
  | { readonly type: 'syncNow'; readonly request: number; readonly name: string | undefined }
  | { readonly type: 'askLog'; readonly request: number; readonly question: LogQuestion }
  | { readonly type: 'askSeries'; readonly request: number; readonly question: SeriesQuestion }
  | { readonly type: 'stop' };

export type FromSync =
  | { readonly type: 'changed'; readonly revision: number }
  | {
      readonly type: 'status';
      /** `reading`: another window writes; this one follows. */
      readonly state: 'syncing' | 'ready' | 'reading';
      readonly sources: readonly Source[];
      /** Our own store cannot be written, and why. */
      readonly trouble?: string;
    }
  | { readonly type: 'notice'; readonly notice: string }
  | {
      readonly type: 'log';
      readonly level: 'error' | 'warn' | 'info' | 'debug';
      readonly message: string;
      readonly fields?: object;
    }
  | { readonly type: 'secret'; readonly request: number; readonly name: string; readonly origin: string }
  | {
      readonly type: 'done';
      readonly request: number;
      readonly statuses?: readonly ConnectionStatus[];
      readonly log?: LogAnswer;
      readonly series?: readonly SeriesAnswer[];
      /** It could not be done, in words for the user. */
      readonly problem?: string;
    };
