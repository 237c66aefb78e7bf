// State: everything the panel shows, and the pure reducer that changes it.
import type { EntityDetails, LineageDirection, LineageExpansion, LineageGraph } from '../server/protocol/lineage.ts';
import type { PanelState, ToPanel } from '../server/protocol/panel.ts';

export interface State extends PanelState {
  readonly graph?: LineageGraph;
  readonly details?: EntityDetails;
  readonly notice?: { readonly title: string; readonly advice: string };
  readonly busy: boolean;
}

export type Action =
  | ToPanel
  | { readonly type: 'selected'; readonly id: string | undefined }
  | { readonly type: 'expanded'; readonly id: string; readonly direction: LineageDirection }
  | { readonly type: 'collapsed'; readonly id: string; readonly direction: LineageDirection }
  | { readonly type: 'viewed'; readonly view: 'graph' | 'list' }
  | { readonly type: 'following'; readonly following: boolean }
  | { readonly type: 'zoomed'; readonly zoom: PanelState['zoom'] };

export function initialState(kept: PanelState | undefined): State {
  return {
    focus: kept?.focus,
    expanded: kept?.expanded ?? [],
    collapsed: kept?.collapsed ?? [],
    selected: kept?.selected,
    following: kept?.following ?? true,
    view: kept?.view ?? 'graph',
    zoom: kept?.zoom,
    busy: true,
  };
}

export function update(state: State, action: Action): State {
  switch (action.type) {
    case 'graph':
      return withGraph(state, action.graph);
    case 'details':
      return action.details.id === state.selected ? { ...state, details: action.details } : state;
    case 'notice':
      return { ...state, busy: false, graph: undefined, notice: { title: action.title, advice: action.advice } };
    case 'busy':
      return { ...state, busy: action.busy };
    case 'selected':
      return action.id === state.selected ? state : { ...state, selected: action.id, details: undefined };
    case 'expanded':
      return {
        ...state,
        expanded: [...without(state.expanded, action), { id: action.id, direction: action.direction }],
        collapsed: without(state.collapsed, action),
      };
    case 'collapsed':
      return {
        ...state,
        collapsed: [...without(state.collapsed, action), { id: action.id, direction: action.direction }],
        expanded: without(state.expanded, action),
      };
    case 'viewed':
      return { ...state, view: action.view };
    case 'following':
      return { ...state, following: action.following };
    case 'zoomed':
      return { ...state, zoom: action.zoom };
  }
}

/** What is kept over a reload. */
export function kept({ focus, expanded, collapsed, selected, following, view, zoom }: State): PanelState {
  return { focus, expanded, collapsed, selected, following, view, zoom };
}

/** Another focus begins anew: what was opened around the old one says nothing about it. */
function withGraph(state: State, graph: LineageGraph): State {
  const same = graph.focus === state.focus;
  const stays = graph.nodes.some(({ id }) => id === state.selected);
  return {
    ...state,
    graph,
    busy: false,
    notice: undefined,
    focus: graph.focus,
    expanded: same ? state.expanded : [],
    collapsed: same ? state.collapsed : [],
    zoom: same ? state.zoom : undefined,
    selected: stays ? state.selected : graph.focus,
    details: stays ? state.details : undefined,
  };
}

function without(list: readonly LineageExpansion[], one: LineageExpansion): LineageExpansion[] {
  return list.filter(({ id, direction }) => id !== one.id || direction !== one.direction);
}
