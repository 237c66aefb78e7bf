// Main: messages in, state, drawing, intentions out.
import type { FromPanel, PanelState, ToPanel } from '../server/protocol/panel.ts';
import { registerControls } from './controls.ts';
import { drawDetails } from './draw/details.ts';
import { graphView } from './draw/graph.ts';
import { drawList } from './draw/list.ts';
import { drawLeftOut, drawNotice } from './draw/notice.ts';
import { toolbar } from './draw/toolbar.ts';
import type { Intentions } from './intentions.ts';
import { listenToKeys } from './interact/keyboard.ts';
import { type Action, initialState, kept, update } from './state.ts';
import './theme.css';

interface Host {
  postMessage(message: FromPanel): void;
  getState(): PanelState | undefined;
  setState(state: PanelState): void;
}
declare function acquireVsCodeApi(): Host;

registerControls();
const host = acquireVsCodeApi();
let state = initialState(host.getState());

const act: Intentions = {
  select(id) {
    dispatch({ type: 'selected', id });
    host.postMessage({ type: 'select', id });
  },
  focus: (id) => host.postMessage({ type: 'focus', id }),
  openSource: (id) => host.postMessage({ type: 'openSource', id }),
  showLogs: (id) => host.postMessage({ type: 'showLogs', id }),
  toggle(id, direction) {
    const node = state.graph?.nodes.find((one) => one.id === id);
    const hidden = direction === 'upstream' ? node?.hiddenUpstream : node?.hiddenDownstream;
    const type = hidden ? 'expand' : 'collapse';
    dispatch({ type: hidden ? 'expanded' : 'collapsed', id, direction });
    host.postMessage({ type, id, direction });
  },
};

const graph = graphView(act, (zoom) => dispatch({ type: 'zoomed', zoom }));
const bar = toolbar({
  view: (view) => dispatch({ type: 'viewed', view }),
  fit() {
    graph.fit();
    dispatch({ type: 'zoomed', zoom: undefined });
  },
  zoomBy: (factor) => graph.zoomBy(factor),
  follow(following) {
    dispatch({ type: 'following', following });
    host.postMessage({ type: 'follow', following });
  },
});
const list = part('div', 'list');
const notice = part('div', 'notice');
const details = part('aside', 'details');
const leftOut = part('p', 'left-out');
notice.setAttribute('role', 'status');
leftOut.setAttribute('role', 'status');
details.setAttribute('aria-live', 'polite');
document.body.append(bar.element, notice, graph.element, list, details, leftOut);
listenToKeys(
  document.body,
  () => state,
  act,
  () => (state.view === 'graph' ? graph.focusSelected() : list.querySelector<HTMLElement>('li.selected')?.focus()),
);
window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => dispatch(data));
draw();
host.postMessage({ type: 'ready', state: host.getState() });

function dispatch(action: Action): void {
  const before = state;
  state = update(state, action);
  if (state === before) return;
  host.setState(kept(state));
  draw();
  const moved = action.type === 'graph' && state.selected && state.selected !== before.selected;
  if (moved && state.selected) host.postMessage({ type: 'select', id: state.selected });
}

function draw(): void {
  const now = Date.now();
  const isGraph = state.view === 'graph' && state.notice === undefined;
  document.body.classList.toggle('busy', state.busy);
  graph.element.style.display = isGraph ? '' : 'none';
  list.hidden = state.view !== 'list' || state.notice !== undefined;
  bar.draw(state);
  drawNotice(notice, state);
  drawLeftOut(leftOut, state);
  if (isGraph) graph.draw(state, now);
  else keepFocus(() => drawList(list, state, act, now));
  drawDetails(details, state, act);
}

/** The list is drawn anew; the row that had the keyboard gets it back. */
function keepFocus(redraw: () => void): void {
  const id = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.id : undefined;
  redraw();
  if (id) [...list.querySelectorAll<HTMLElement>('li.entry')].find((row) => row.dataset.id === id)?.focus();
}

function part(tag: 'div' | 'aside' | 'p', className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
