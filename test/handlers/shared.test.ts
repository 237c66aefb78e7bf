// Shared sweeps: the cells of a notebook ask one by one, and the notebook is looked through once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationToken } from 'vscode-languageserver/node';
import { shareSweeps } from '../../server/handlers/shared.ts';
import { parseDocument, parseNotebook } from '../../server/syntax/document.ts';

const notebook = parseNotebook('file:///acme/a.ipynb', 1, []);
const later = parseNotebook('file:///acme/a.ipynb', 2, []);
const file = parseDocument({ uri: 'file:///acme/a.py', languageId: 'python', version: 1, text: '' });
const none = CancellationToken.None;

function counted() {
  const clock = { ms: 0 };
  const shared = shareSweeps(() => clock.ms);
  let sweeps = 0;
  const ask = (document: typeof notebook, of = '1', method = 'diagnostics') =>
    shared(method, document, of, none, async () => ++sweeps);
  return { clock, shared, ask };
}

test('one sweep for all cells, another when the text, the code or the catalog changed', async () => {
  const { ask } = counted();
  assert.deepEqual(await Promise.all([ask(notebook), ask(notebook), ask(notebook)]), [1, 1, 1]);
  assert.equal(await ask(notebook, '2'), 2);
  assert.equal(await ask(later, '2'), 3);
  assert.equal(await ask(later, '2', 'codeLens'), 4);
  assert.equal(await ask(later, '2'), 3);
});

test('ages grow old, and a file is looked through each time', async () => {
  const { ask, clock } = counted();
  assert.equal(await ask(notebook), 1);
  clock.ms = 5000;
  assert.equal(await ask(notebook), 2);
  assert.deepEqual([await ask(file), await ask(file)], [3, 4]);
});

test('a sweep that failed is made anew', async () => {
  const { shared, ask } = counted();
  const failing = shared('diagnostics', notebook, '1', none, () => Promise.reject(new Error('no')));
  await assert.rejects(failing, /no/);
  assert.equal(await ask(notebook), 1);
});
