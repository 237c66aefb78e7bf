// Main: messages in, state, drawing, intentions out.
import type { FromPanel, PanelState, ToPanel } from '../server/protocol/panel.ts';
import { registerControls } from './controls.ts';
import { drawAsOf } from './draw/asOf.ts';
import { detailsPane } from './draw/details.ts';
import { element } from './draw/element.ts';
import { graphView } from './draw/graph.ts';
import { drawList } from './draw/list.ts';
import { drawLeftOut, drawNotice } from './draw/notice.ts';
import { toolbar } from './draw/toolbar.ts';
import type { Intentions } from './intentions.ts';
import { listenToKeys } from './interact/keyboard.ts';
import { handleOf } from './sides.ts';
import { type Action, initialState, kept, update } from './state.ts';
import './theme.css';

/** What VS Code gives a webview: code.visualstudio.com/api/extension-guides/webview, read 2026-11. */
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
  select: (id) => dispatch({ type: 'select', id }),
  centre: (id) => dispatch({ type: 'show', id }),
  openSource: (id) => host.postMessage({ type: 'openSource', id }),
  showLogs: (id) => host.postMessage({ type: 'showLogs', id }),
  compareWithCommit: (id) => host.postMessage({ type: 'compareWithCommit', id }),
  toggle(id, direction) {
    const node = state.graph?.nodes.find((one) => one.id === id);
    const { does } = node ? handleOf(state, node, direction) : { does: 'nothing' as const };
    if (does !== 'nothing') dispatch({ type: does, id, direction });
  },
  view: (view) => dispatch({ type: 'view', view }),
  follow: (following) => dispatch({ type: 'follow', following }),
  zoom: (zoom) => dispatch({ type: 'zoom', zoom }),
  chart: (hours) => dispatch({ type: 'hours', hours }),
  asOf: (time) => dispatch({ type: 'asOf', time }),
  row: (key, open) => dispatch({ type: 'row', key, open }),
};

const graph = graphView(act);
const bar = toolbar(act, graph.look);
const list = element('div', 'list');
const notice = element('div', 'notice');
const leftOut = element('p', 'left-out');
const past = element('section', 'past');
past.setAttribute('role', 'status');
const details = detailsPane(act);
const main = element('main', '');
notice.setAttribute('role', 'status');
leftOut.setAttribute('role', 'status');
main.append(past, notice, graph.element, list, leftOut);
document.body.append(bar.element, main, details.element);
document.body.dataset.vscodeContext = JSON.stringify({ preventDefaultContextMenuItems: true });

listenToKeys(
  {
    graph: graph.element,
    list,
    look: graph.look,
    state: () => state,
    focusSelected: () => graph.focusSelected(),
  },
  act,
);
window.addEventListener('message', ({ data }: MessageEvent<ToPanel>) => dispatch(data));
draw();
dispatch({ type: 'ready' });

function dispatch(action: Action): void {
  const { state: next, send } = update(state, action);
  if (next !== state) {
    state = next;
    host.setState(kept(state));
    // Zooming moves what is drawn; it changes nothing of it.
    if (action.type !== 'zoom') draw();
  }
  for (const message of send) host.postMessage(message);
}

function draw(): void {
  const now = Date.now();
  const hasGraph = state.graph !== undefined && state.notice === undefined;
  graph.element.classList.toggle('away', !hasGraph || state.view === 'list');
  list.hidden = !hasGraph || state.view === 'graph';
  document.body.setAttribute('aria-busy', String(state.busy));
  bar.draw(state);
  drawAsOf(past, state);
  drawNotice(notice, state);
  drawLeftOut(leftOut, state);
  if (hasGraph && state.view === 'graph') graph.draw(state, now);
  if (hasGraph && state.view === 'list') drawList(list, state, act, now);
  details.draw(state, now);
}
