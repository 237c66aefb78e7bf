// State: everything the panel shows, and the pure reducer that changes it and says what to ask of the extension.
import type { EntityDetails, LineageDirection, LineageExpansion, LineageGraph } from '../server/protocol/lineage.ts';
import type { FromPanel, PanelState, ToPanel } from '../server/protocol/panel.ts';
import type { SeriesChart } from '../server/protocol/series.ts';

/** What is drawn of values. */
export interface Charted {
  readonly id: string;
  readonly hours: number;
  readonly busy: boolean;
  /** The newest that came, also while it is asked for anew. */
  readonly answer?: SeriesChart | 'none' | 'failed';
}

export interface State extends PanelState {
  readonly graph?: LineageGraph;
  /** Of the selected node, once they came. */
  readonly details?: EntityDetails;
  /** Of the selected node, if it is a metric or a monitor. */
  readonly chart?: Charted;
  readonly notice?: { readonly title: string; readonly advice: string };
  readonly busy: boolean;
  /** Epoch ms of the earlier time that is asked for; absent: now. */
  readonly asOf?: number;
  /** Keys of the rows that are closed in the list. */
  readonly closed: readonly string[];
}

export type Action =
  | ToPanel
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly id: string }
  | { readonly type: 'hours'; readonly hours: number }
  | { readonly type: 'asOf'; readonly time: number | undefined }
  | { readonly type: 'expand' | 'collapse'; readonly id: string; readonly direction: LineageDirection }
  | { readonly type: 'view'; readonly view: 'graph' | 'list' }
  | { readonly type: 'follow'; readonly following: boolean }
  | { readonly type: 'zoom'; readonly zoom: PanelState['zoom'] }
  | { readonly type: 'row'; readonly key: string; readonly open: boolean };

const usualHours = 24;

export interface Update {
  readonly state: State;
  readonly send: readonly FromPanel[];
}

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
    closed: [],
  };
}

export function update(state: State, action: Action): Update {
  switch (action.type) {
    case 'ready':
      return { state, send: [{ type: 'ready', state: kept(state) }] };
    case 'show':
      return asking(action.id === state.focus ? state : turnedTo(state, action.id));
    case 'graph':
      return withGraph(state, action.graph);
    case 'details':
      return only(action.details.id === state.selected ? { ...state, details: action.details } : state);
    case 'notice':
      return only({ ...state, busy: false, graph: undefined, notice: { title: action.title, advice: action.advice } });
    case 'select':
      if (action.id === state.selected) return only(state);
      return selecting({ ...state, selected: action.id, details: undefined }, action.id);
    case 'hours':
      return state.selected === undefined ? only(state) : charting(state, state.selected, action.hours);
    case 'asOf':
      return asking({ ...state, asOf: action.time });
    case 'chart': {
      const { id, hours } = action.params;
      const isWanted = state.chart?.id === id && state.chart.hours === hours;
      return only(isWanted ? { ...state, chart: { id, hours, busy: false, answer: action.answer } } : state);
    }
    case 'expand':
      return asking(opened({ ...state, collapsed: without(state.collapsed, action) }, 'expanded', action));
    case 'collapse':
      return asking(opened({ ...state, expanded: without(state.expanded, action) }, 'collapsed', action));
    case 'view':
      return only({ ...state, view: action.view });
    case 'follow':
      return {
        state: { ...state, following: action.following },
        send: [{ type: 'follow', following: action.following }],
      };
    case 'zoom':
      return only({ ...state, zoom: action.zoom });
    case 'row': {
      const others = state.closed.filter((key) => key !== action.key);
      return only({ ...state, closed: action.open ? others : [...others, action.key] });
    }
  }
}

/** What is kept over a reload. */
export function kept({ focus, expanded, collapsed, selected, following, view, zoom }: State): PanelState {
  return { focus, expanded, collapsed, selected, following, view, zoom };
}

function only(state: State): Update {
  return { state, send: [] };
}

/** Another focus begins anew: what was opened around the old one says nothing about it. */
function turnedTo(state: State, id: string): State {
  return {
    ...state,
    focus: id,
    selected: id,
    details: undefined,
    expanded: [],
    collapsed: [],
    closed: [],
    zoom: undefined,
  };
}

function asking(state: State): Update {
  const { focus: id, expanded, collapsed, asOf } = state;
  if (!id) return only(state);
  return {
    state: { ...state, busy: true },
    send: [{ type: 'ask', params: { id, expanded, collapsed, ...(asOf !== undefined && { asOf }) } }],
  };
}

function opened(state: State, list: 'expanded' | 'collapsed', { id, direction }: LineageExpansion): State {
  return { ...state, [list]: [...without(state[list], { id, direction }), { id, direction }] };
}

/** The selection stays where it was if that is still drawn; its details are asked for again, since they may be newer. */
function withGraph(state: State, graph: LineageGraph): Update {
  const stays = graph.nodes.some(({ id }) => id === state.selected);
  const selected = stays && state.selected !== undefined ? state.selected : graph.focus;
  const details = stays ? state.details : undefined;
  const next = { ...state, graph, busy: false, notice: undefined, focus: graph.focus, selected, details };
  return selecting(next, selected);
}

/** Details are cheap and come from memory; values are asked of servers, so only when another node is selected. */
function selecting(state: State, id: string): Update {
  const select = { type: 'select', id } as const;
  if (!hasValues(state, id)) return { state: { ...state, chart: undefined }, send: [select] };
  if (state.chart?.id === id) return { state, send: [select] };
  const { state: next, send } = charting(state, id, state.chart?.hours ?? usualHours);
  return { state: next, send: [select, ...send] };
}

function charting(state: State, id: string, hours: number): Update {
  const answer = state.chart?.id === id ? state.chart.answer : undefined;
  return {
    state: { ...state, chart: { id, hours, busy: true, ...(answer && { answer }) } },
    send: [{ type: 'chart', params: { id, hours } }],
  };
}

function hasValues({ graph }: State, id: string): boolean {
  const kind = graph?.nodes.find((node) => node.id === id)?.kind;
  return kind === 'metric' || kind === 'monitor';
}

function without(list: readonly LineageExpansion[], one: LineageExpansion): LineageExpansion[] {
  return list.filter(({ id, direction }) => id !== one.id || direction !== one.direction);
}
