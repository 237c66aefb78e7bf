// Messages between the extension and the lineage panel: two closed unions by `type`.
import type { EntityDetails, LineageDirection, LineageExpansion, LineageGraph } from './lineage.ts';

/** What the panel keeps over a reload, and hands back with `ready`. */
export interface PanelState {
  readonly focus?: string;
  readonly expanded: readonly LineageExpansion[];
  readonly collapsed: readonly LineageExpansion[];
  readonly selected?: string;
  readonly following: boolean;
  readonly view: 'graph' | 'list';
  readonly zoom?: { readonly x: number; readonly y: number; readonly k: number };
}

export type ToPanel =
  | { readonly type: 'graph'; readonly graph: LineageGraph }
  | { readonly type: 'details'; readonly details: EntityDetails }
  | { readonly type: 'notice'; readonly title: string; readonly advice: string }
  | { readonly type: 'busy'; readonly busy: boolean };

export type FromPanel =
  | { readonly type: 'ready'; readonly state?: PanelState }
  | { readonly type: 'focus'; readonly id: string }
  | { readonly type: 'expand'; readonly id: string; readonly direction: LineageDirection }
  | { readonly type: 'collapse'; readonly id: string; readonly direction: LineageDirection }
  | { readonly type: 'select'; readonly id: string }
  | { readonly type: 'openSource'; readonly id: string }
  | { readonly type: 'showLogs'; readonly id: string }
  | { readonly type: 'follow'; readonly following: boolean };
