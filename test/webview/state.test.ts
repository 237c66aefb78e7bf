// State of the panel: what each message and intention changes, and what is asked of the extension.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LineageDirection, LineageGraph } from '../../server/protocol/lineage.ts';
import type { FromPanel } from '../../server/protocol/panel.ts';
import { type Action, initialState, kept, type State, update } from '../../webview/state.ts';
import { nodeOf } from './nodeOf.ts';

const graphOf = (focus: string, ...ids: string[]): LineageGraph => ({
  focus,
  nodes: [focus, ...ids].map((id) => nodeOf(id)),
  edges: [],
  width: 100,
  height: 100,
  leftOut: 0,
  revision: 1,
});

/** Plays actions one after the other; what was sent is of the last one. */
function play(...actions: Action[]): { state: State; send: readonly FromPanel[] } {
  return actions.reduce<{ state: State; send: readonly FromPanel[] }>(({ state }, action) => update(state, action), {
    state: initialState(undefined),
    send: [],
  });
}

test('showing an entity asks for it, and its graph selects it', () => {
  const shown = play({ type: 'show', id: 'a' });
  assert.deepEqual(shown.send, [{ type: 'ask', params: { id: 'a', expanded: [], collapsed: [] } }]);
  assert.equal(shown.state.busy, true);
  const drawn = update(shown.state, { type: 'graph', graph: graphOf('a', 'b') });
  assert.equal(drawn.state.busy, false);
  assert.equal(drawn.state.selected, 'a');
  assert.deepEqual(drawn.send, [{ type: 'select', id: 'a' }]);
});

test('another entity begins anew; the same one keeps what was opened', () => {
  const opened = play(
    { type: 'show', id: 'a' },
    { type: 'graph', graph: graphOf('a', 'b') },
    { type: 'expand', id: 'b', direction: 'upstream' },
    { type: 'zoom', zoom: { x: 1, y: 2, k: 3 } },
  ).state;
  const same = update(opened, { type: 'show', id: 'a' });
  assert.deepEqual(same.state.expanded, [{ id: 'b', direction: 'upstream' }]);
  assert.deepEqual(same.state.zoom, { x: 1, y: 2, k: 3 });
  const other = update(opened, { type: 'show', id: 'c' });
  assert.deepEqual(other.state.expanded, []);
  assert.equal(other.state.zoom, undefined);
  assert.deepEqual(other.send, [{ type: 'ask', params: { id: 'c', expanded: [], collapsed: [] } }]);
});

test('opening and closing a side are each other undone', () => {
  const show: Action = { type: 'show', id: 'a' };
  const b = { id: 'b', direction: 'upstream' } as const;
  const opened = play(show, { type: 'expand', ...b });
  assert.deepEqual(opened.send, [{ type: 'ask', params: { id: 'a', expanded: [b], collapsed: [] } }]);
  const closed = update(opened.state, { type: 'collapse', ...b });
  assert.deepEqual(closed.send, [{ type: 'ask', params: { id: 'a', expanded: [], collapsed: [b] } }]);
  const again = update(closed.state, { type: 'expand', ...b });
  assert.deepEqual(again.send, opened.send);
});

test('details of what is no longer selected are dropped', () => {
  const { state } = play(
    { type: 'show', id: 'a' },
    { type: 'graph', graph: graphOf('a', 'b') },
    { type: 'select', id: 'b' },
  );
  const details = { id: 'a', title: 'a', kind: 'table', rows: [], age: '' };
  assert.equal(update(state, { type: 'details', details }).state.details, undefined);
  const right = update(state, { type: 'details', details: { ...details, id: 'b' } });
  assert.equal(right.state.details?.id, 'b');
});

test('a selection that is still drawn stays, and its details are asked for again', () => {
  const { state } = play(
    { type: 'show', id: 'a' },
    { type: 'graph', graph: graphOf('a', 'b') },
    { type: 'select', id: 'b' },
  );
  assert.deepEqual(update(state, { type: 'graph', graph: graphOf('a', 'b') }).send, [{ type: 'select', id: 'b' }]);
  assert.equal(update(state, { type: 'graph', graph: graphOf('a', 'c') }).state.selected, 'a');
});

test('a notice takes the place of the graph until the next one', () => {
  const { state } = play(
    { type: 'show', id: 'a' },
    { type: 'graph', graph: graphOf('a') },
    { type: 'notice', title: 'Not known', advice: 'Hover it.' },
  );
  assert.equal(state.graph, undefined);
  assert.equal(state.busy, false);
  assert.equal(update(state, { type: 'graph', graph: graphOf('a') }).state.notice, undefined);
});

test('what is kept comes back after a reload, and details of the selection are asked for', () => {
  const before = play(
    { type: 'show', id: 'a' },
    { type: 'graph', graph: graphOf('a', 'b') },
    { type: 'expand', id: 'b', direction: 'downstream' },
    { type: 'select', id: 'b' },
    { type: 'follow', following: false },
    { type: 'view', view: 'list' },
    { type: 'zoom', zoom: { x: 5, y: 6, k: 0.5 } },
  ).state;
  const stored = JSON.parse(JSON.stringify(kept(before)));
  const after = initialState(stored);
  assert.deepEqual(update(after, { type: 'ready' }).send, [{ type: 'ready', state: stored }]);
  const asked = update(after, { type: 'show', id: 'a' });
  assert.deepEqual(asked.send, [
    { type: 'ask', params: { id: 'a', expanded: [{ id: 'b', direction: 'downstream' }], collapsed: [] } },
  ]);
  const drawn = update(asked.state, { type: 'graph', graph: graphOf('a', 'b') });
  assert.deepEqual(drawn.send, [{ type: 'select', id: 'b' }]);
  assert.deepEqual(
    [drawn.state.view, drawn.state.following, drawn.state.zoom],
    ['list', false, { x: 5, y: 6, k: 0.5 }],
  );
});

test('whatever happens, nothing is both opened and closed, and no list holds a thing twice', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const direction = fc.constantFrom<LineageDirection>('upstream', 'downstream');
  const action: fc.Arbitrary<Action> = fc.oneof(
    id.map((id): Action => ({ type: 'show', id })),
    id.map((id): Action => ({ type: 'graph', graph: graphOf(id, 'a', 'b') })),
    fc
      .tuple(fc.constantFrom('expand' as const, 'collapse' as const), id, direction)
      .map(([type, id, direction]): Action => ({ type, id, direction })),
    id.map((id): Action => ({ type: 'select', id })),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      const { state } = play(...actions);
      const keys = [...state.expanded, ...state.collapsed].map((one) => `${one.direction} ${one.id}`);
      assert.equal(new Set(keys).size, keys.length);
      if (state.graph) assert.ok(state.selected !== undefined);
    }),
  );
});
