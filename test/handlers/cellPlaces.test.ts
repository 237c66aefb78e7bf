// Cell places: answers of every shape, told by cell.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationToken, ResponseError } from 'vscode-languageserver/node';
import { type CellWorld, guardInCells } from '../../server/handlers/cellPlaces.ts';
import { createGuard } from '../../server/handlers/guard.ts';
import { parseNotebook } from '../../server/syntax/document.ts';
import { Cell } from '../../server/syntax/notebook/cell.ts';
import { memoryLog } from '../support/log.ts';

const open = 'file:///acme/open.ipynb';
const closed = 'file:///acme/closed.ipynb';
const plain = 'file:///acme/plain.py';
const cell = (index: number): string => `vscode-notebook-cell:/acme/open.ipynb#W${index}`;
const rules = { language: 'python', isDatabricks: false } as const;
const document = parseNotebook(
  open,
  1,
  [1, 2].map((index) => ({ index, uri: cell(index), cell: new Cell('one\ntwo\nthree', rules) })),
);
const world: CellWorld = {
  documents: {
    get: (uri) => (uri === open ? document : undefined),
    ofCell: (uri) => (uri === cell(1) || uri === cell(2) ? document : undefined),
  },
  cells: (uri) => (uri === closed ? [{ index: 0, line: 0 }] : undefined),
};
const guard = guardInCells(createGuard({ log: memoryLog(), now: () => 0 }), world);

const range = (line: number) => ({ start: { line, character: 1 }, end: { line, character: 2 } });
const edit = (line: number) => ({ range: range(line), newText: 'x' });

/** What a question in the second cell is answered when this is the answer for the notebook. */
async function answered(result: unknown, params: object = { textDocument: { uri: cell(2) } }): Promise<unknown> {
  return guard<object, unknown>('test', 'fallback', () => result)(params, CancellationToken.None);
}

test('questions are asked of the notebook', async () => {
  const seen: unknown[] = [];
  const ask = guard<object, null>('test', null, (params) => {
    seen.push(params);
    return null;
  });
  const token = CancellationToken.None;
  await ask(
    { textDocument: { uri: cell(2) }, range: range(1), context: { diagnostics: [{ range: range(2) }] } },
    token,
  );
  await ask({ uri: cell(2), line: 0, character: 7 }, token);
  await ask({ item: { uri: cell(1), range: range(1) } }, token);
  await ask({ textDocument: { uri: plain }, position: { line: 3, character: 0 } }, token);
  assert.deepEqual(seen, [
    { textDocument: { uri: open }, range: range(4), context: { diagnostics: [{ range: range(5) }] } },
    { uri: open, line: 3, character: 7 },
    { item: { uri: open, range: range(1) } },
    { textDocument: { uri: plain }, position: { line: 3, character: 0 } },
  ]);
});

test('what lies in other cells is left out, what lies in other files stays as it is', async () => {
  assert.deepEqual(
    await answered([{ range: range(1) }, { range: range(4), more: 1 }, { position: { line: 5, character: 0 } }]),
    [{ range: range(1), more: 1 }, { position: { line: 2, character: 0 } }],
  );
  const places = [plain, open, closed].map((uri) => ({ uri, range: range(1) }));
  const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  assert.deepEqual(await answered(places), [
    places[0],
    { uri: cell(1), range: range(1) },
    { uri: closed, range: nowhere },
  ]);
  const links = [
    { originSelectionRange: range(3), targetUri: plain, targetRange: range(9), targetSelectionRange: range(9) },
  ];
  assert.deepEqual(await answered(links), [{ ...links[0], originSelectionRange: range(0) }]);
});

test('calls: the ranges are those of the caller', async () => {
  const from = { uri: plain, range: range(9), selectionRange: range(9), name: 'f' };
  assert.deepEqual(await answered([{ from, fromRanges: [range(9)] }]), [{ from, fromRanges: [range(9)] }]);
  const inside = { ...from, uri: open, range: range(4), selectionRange: range(4) };
  assert.deepEqual(await answered([{ from: inside, fromRanges: [range(4)] }]), [
    { from: { ...from, uri: cell(2), range: range(1), selectionRange: range(1) }, fromRanges: [range(1)] },
  ]);
});

test('edits go to the cells they are in', async () => {
  const changes = { [open]: [edit(0), edit(4), edit(5)], [plain]: [edit(9)] };
  assert.deepEqual(await answered({ changes }), {
    changes: { [cell(1)]: [edit(0)], [cell(2)]: [edit(1), edit(2)], [plain]: [edit(9)] },
  });
  const documentChanges = [plain, open].map((uri) => ({ textDocument: { uri, version: 1 }, edits: [edit(4)] }));
  assert.deepEqual(await answered({ documentChanges }), {
    documentChanges: [documentChanges[0], { textDocument: { uri: cell(2), version: null }, edits: [edit(1)] }],
  });
});

test('edits in a notebook that is closed are refused, in words; so is what the feature itself refuses', async () => {
  const refused = await answered({ changes: { [closed]: [edit(0)] } });
  assert.ok(refused instanceof ResponseError);
  assert.match(refused.message, /Open acme\/closed\.ipynb first/);
  const own = new ResponseError(1, 'no');
  assert.equal(await answered(own), own);
});

test('an answer without notebooks is handed on as it is', async () => {
  const result = [{ uri: plain, range: range(1) }];
  assert.equal(await answered(result, { textDocument: { uri: plain } }), result);
});
