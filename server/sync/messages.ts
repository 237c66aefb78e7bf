// Messages: what the main thread and the sync worker say to each other; plain data.
import type { Source } from '../catalog/catalog.ts';

export interface SyncStart {
  /** Absolute path of the store's file. */
  readonly storePath: string;
  readonly folders: readonly string[];
  readonly trusted: boolean;
}

export type ToSync =
  | { readonly type: 'start'; readonly start: SyncStart }
  | { readonly type: 'poke'; readonly paths: readonly string[] }
  | { readonly type: 'rescan'; readonly request: number }
  | { readonly type: 'freshen'; readonly request: number; readonly ids: readonly string[] }
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
  | { readonly type: 'done'; readonly request: number };
