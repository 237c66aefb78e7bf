// Messages between the extension and the lineage panel: two closed unions by `type`.
import type { EntityDetails, LineageExpansion, LineageGraph } from './lineage.ts';
import type { LineageParams } from './lsp.ts';
import type { SeriesChart, SeriesParams } from './series.ts';

/** What the panel keeps over a reload, and hands back with `ready`. */
export interface PanelState {
  readonly focus?: string;
  readonly expanded: readonly LineageExpansion[];
  readonly collapsed: readonly LineageExpansion[];
  readonly selected?: string;
  readonly following: boolean;
  readonly view: 'graph' | 'list';
  /** Absent until the user zooms or pans: the panel then shows what is readable around the focus. */
  readonly zoom?: { readonly x: number; readonly y: number; readonly k: number };
}

export type ToPanel =
  /** Turn to this entity; the panel then asks. The one already shown keeps what the user opened. */
  | { readonly type: 'show'; readonly id: string }
  /** The answer to the newest `ask`, or the same again because the metadata changed. */
  | { readonly type: 'graph'; readonly graph: LineageGraph }
  | { readonly type: 'details'; readonly details: EntityDetails }
  /** The answer to `chart`: `none` is no metric and watches none; `failed`: there was no answer. */
  | { readonly type: 'chart'; readonly params: SeriesParams; readonly answer: SeriesChart | 'none' | 'failed' }
  | { readonly type: 'notice'; readonly title: string; readonly advice: string };

export type FromPanel =
  | { readonly type: 'ready'; readonly state?: PanelState }
  | { readonly type: 'ask'; readonly params: LineageParams }
  /** Wants the details of this node. */
  | { readonly type: 'select'; readonly id: string }
  /** Wants the values of this node. */
  | { readonly type: 'chart'; readonly params: SeriesParams }
  | { readonly type: 'openSource'; readonly id: string }
  /** An entity or a run of it. */
  | { readonly type: 'showLogs'; readonly id: string }
  /** Of the newest run of this node that says its commit: the file that defines it then, against that of now. */
  | { readonly type: 'compareWithCommit'; readonly id: string }
  | { readonly type: 'follow'; readonly following: boolean };
