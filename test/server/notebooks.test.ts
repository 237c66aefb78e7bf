// Notebooks as an editor speaks of them: cells are opened, edited, moved and closed; answers are told by cell.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type {
  CodeAction,
  CodeLens,
  CompletionList,
  Diagnostic,
  DocumentLink,
  Location,
  LocationLink,
  Position,
  Range,
} from 'vscode-languageserver/node';
import type * as protocol from '../../server/protocol/lsp.ts';
import { memoryServer, placeOf, type Served } from '../support/server.ts';
import { freshSample, type Sample } from '../vscode/support/sample.ts';

let sample: Sample;
let server: Served;
let notebook: string;
let version = 0;

interface TestCell {
  readonly kind: 1 | 2;
  readonly id: string;
  readonly languageId: string;
  readonly text: string;
}

const markdown = (id: string, text: string): TestCell => ({ kind: 1, id, languageId: 'markdown', text });
const python = (id: string, text: string): TestCell => ({ kind: 2, id, languageId: 'python', text });
const cellUri = (id: string): string => `${notebook.replace('file:', 'vscode-notebook-cell:')}#${id}`;
const cellsOf = (cells: readonly TestCell[]) => cells.map(({ kind, id }) => ({ kind, document: cellUri(id) }));
const textsOf = (cells: readonly TestCell[]) =>
  cells.map(({ id, languageId, text }) => ({ uri: cellUri(id), languageId, version: 1, text }));

async function openNotebook(cells: readonly TestCell[]): Promise<void> {
  await server.client.connection.sendNotification('notebookDocument/didOpen', {
    notebookDocument: { uri: notebook, notebookType: 'jupyter-notebook', version: ++version, cells: cellsOf(cells) },
    cellTextDocuments: textsOf(cells),
  });
}

async function closeNotebook(): Promise<void> {
  await server.client.connection.sendNotification('notebookDocument/didClose', {
    notebookDocument: { uri: notebook },
    cellTextDocuments: [],
  });
}

async function change(cells: object): Promise<void> {
  await server.client.connection.sendNotification('notebookDocument/didChange', {
    notebookDocument: { uri: notebook, version: ++version },
    change: { cells },
  });
}

async function type(id: string, line: number, character: number, text: string): Promise<void> {
  const at = { line, character };
  const changes = [{ range: { start: at, end: at }, text }];
  await change({ textContent: [{ document: { uri: cellUri(id), version: 2 }, changes }] });
}

async function problems(id: string): Promise<readonly Diagnostic[]> {
  const found = await server.diagnostics(cellUri(id));
  return found.kind === 'full' ? found.items : [];
}

const load = 'mlflow.pyfunc.load_model(f"models:/{NAME}@champion")';
const champion = { line: 0, character: load.indexOf('NAME') + 1 };

before(async () => {
  sample = await freshSample();
  notebook = pathToFileURL(path.join(sample.folder, 'notebooks', 'explore.ipynb')).href;
  server = memoryServer();
  await server.start([sample.folder], { storeFolder: path.join(sample.folder, '..', 'store') });
  await server.ready();
});
after(async () => {
  await server.client.close();
  await sample.remove();
});
beforeEach(async () => {
  await openNotebook([
    python('a', 'import mlflow\nNAME = "churn"'),
    markdown('b', 'models:/chrn/1'),
    python('c', load),
    python('d', '\nmlflow.pyfunc.load_model("models:/chrn/1")'),
  ]);
});

test('a hover in a cell knows names of other cells; its range is one of the cell', async () => {
  const textDocument = { uri: cellUri('c') };
  const hover = await server.ask<{ contents: unknown; range: object }>('textDocument/hover', {
    textDocument,
    position: champion,
  });
  assert.match(JSON.stringify(hover.contents), /champion.*auc/);
  const start = load.indexOf('NAME');
  assert.deepEqual(hover.range, { start: { line: 0, character: start }, end: { line: 0, character: start + 4 } });
  assert.equal(await server.hover(cellUri('b'), { line: 0, character: 10 }), '');
});

test('diagnostics are those of the cell that is asked about', async () => {
  assert.deepEqual(await problems('a'), []);
  assert.deepEqual(await problems('b'), []);
  const [only, ...more] = await problems('d');
  assert.deepEqual(more, []);
  assert.match(String(only?.message), /Model chrn does not exist/);
  assert.deepEqual(only?.range, { start: { line: 1, character: 34 }, end: { line: 1, character: 38 } });
});

test('an id of diagnostics holds while its cell is where it was', async () => {
  const first = await server.diagnostics(cellUri('d'));
  assert.ok(first.kind === 'full' && first.resultId);
  const again = await server.diagnostics(cellUri('d'), first.resultId);
  assert.deepEqual(again, { kind: 'unchanged', resultId: first.resultId });
  await type('a', 0, 0, '\n');
  assert.equal((await server.diagnostics(cellUri('d'), first.resultId)).kind, 'full');
});

test('from a cell to the files of the workspace, and from there to the cells', async () => {
  const textDocument = { uri: cellUri('c') };
  const targets = await server.ask<LocationLink[]>('textDocument/definition', { textDocument, position: champion });
  assert.deepEqual([...new Set(targets.map(({ targetUri }) => path.basename(targetUri)))], ['publish.py']);
  assert.equal(targets[0]?.originSelectionRange?.start.line, 0);
  const publish = readFileSync(path.join(sample.folder, 'churn', 'publish.py'), 'utf8').split('\n');
  for (const { targetRange } of targets) assert.match(publish[targetRange.start.line] ?? '', /MODEL_NAME/);
  const settings = path.join(sample.folder, 'churn', 'settings.py');
  const text = readFileSync(settings, 'utf8');
  const uri = await server.open(settings, text);
  const asked = {
    textDocument: { uri },
    position: placeOf(text, 'MODEL_NAME}'),
    context: { includeDeclaration: true },
  };
  const open = await server.ask<Location[]>('textDocument/references', asked);
  const start = load.indexOf('NAME');
  const range = { start: { line: 0, character: start }, end: { line: 0, character: start + 4 } };
  assert.deepEqual(
    open.filter((place) => place.uri.includes('.ipynb')),
    [{ uri: cellUri('c'), range }],
  );
  await closeNotebook();
  const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const closed = await seen(async () =>
    (await server.ask<Location[]>('textDocument/references', asked)).filter((place) => place.uri.includes('.ipynb')),
  );
  assert.deepEqual(closed, [{ uri: notebook, range: nowhere }]);
});

test('lenses, links and our own questions are about the cell', async () => {
  const lenses = await server.ask<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: cellUri('c') } });
  assert.ok(lenses.length > 0);
  assert.deepEqual([...new Set(lenses.map(({ range }) => range.start.line))], [0]);
  assert.deepEqual(await server.ask<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: cellUri('a') } }), []);
  const links = await server.ask<DocumentLink[]>('textDocument/documentLink', { textDocument: { uri: cellUri('d') } });
  assert.deepEqual(links, []);
  const point = { uri: cellUri('c'), ...champion };
  assert.equal((await server.ask<protocol.EntityAtResult>('plumbline/entityAt', point))?.name, 'churn');
  const sees = await server.ask<protocol.PageResult>('plumbline/page', { page: 'sees', uri: cellUri('c') });
  assert.match(sees.text, /cell 2, 1:36.*churn/);
});

test('highlights, symbols, hints and completion are those of the cell', async () => {
  const textDocument = { uri: cellUri('c') };
  const position = champion;
  const highlights = await server.ask<{ range: Range }[]>('textDocument/documentHighlight', { textDocument, position });
  const start = load.indexOf('NAME');
  const name = { start: { line: 0, character: start }, end: { line: 0, character: start + 4 } };
  assert.deepEqual(
    highlights.map(({ range }) => range),
    [name],
  );
  const symbols = await server.ask<{ range: Range }[]>('textDocument/documentSymbol', { textDocument });
  assert.deepEqual(
    symbols.map(({ range }) => range.start.line).filter((line) => line !== 0),
    [],
  );
  const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
  const hints = await server.ask<{ position: Position }[]>('textDocument/inlayHint', { textDocument, range });
  assert.deepEqual(
    hints.map((hint) => hint.position),
    [name.end],
  );
  const at = { line: 1, character: 36 };
  const list = await server.ask<CompletionList>('textDocument/completion', {
    textDocument: { uri: cellUri('d') },
    position: at,
  });
  const edit = list.items.find(({ label }) => label.includes('churn'))?.textEdit;
  assert.ok(edit && 'range' in edit, JSON.stringify(list));
  assert.equal(edit.range.start.line, 1);
});

test('a quick fix changes the cell', async () => {
  const [problem] = await problems('d');
  assert.ok(problem);
  const actions = await server.ask<CodeAction[]>('textDocument/codeAction', {
    textDocument: { uri: cellUri('d') },
    range: problem.range,
    context: { diagnostics: [problem] },
  });
  const edits = actions.flatMap(({ edit }) => Object.entries(edit?.changes ?? {}));
  assert.ok(edits.length > 0, JSON.stringify(actions));
  for (const [uri, [first]] of edits) assert.deepEqual([uri, first?.range.start.line], [cellUri('d'), 1]);
});

test('what is typed in one cell counts in the others at once', async () => {
  await type('a', 1, 8, 'x');
  assert.match(await server.hover(cellUri('c'), champion), /xchurn/);
  await type('d', 0, 0, 'NAME = "churn"');
  assert.deepEqual((await problems('d')).length, 1);
});

test('cells come, go, move and change their language', async () => {
  const added = python('e', 'NAME = "other"');
  await change({
    structure: { array: { start: 1, deleteCount: 0, cells: cellsOf([added]) }, didOpen: textsOf([added]) },
  });
  assert.match(await server.hover(cellUri('c'), champion), /other/);
  await change({ structure: { array: { start: 1, deleteCount: 1, cells: [] }, didClose: [{ uri: cellUri('e') }] } });
  assert.match(await server.hover(cellUri('c'), champion), /champion.*auc/);
  // The last cell moves to the front.
  await change({ structure: { array: { start: 3, deleteCount: 1, cells: [] } } });
  assert.deepEqual(await problems('d'), []);
  const moved = python('d', '\nmlflow.pyfunc.load_model("models:/chrn/1")');
  await change({
    structure: { array: { start: 0, deleteCount: 0, cells: cellsOf([moved]) }, didOpen: textsOf([moved]) },
  });
  // `mlflow` is bound below it, which is no matter to a notebook.
  assert.equal((await problems('d')).length, 1);
  const sql = { ...moved, languageId: 'sql', text: 'select * from ANALYTICS.ML.CHURN_FEATURES' };
  await change({
    structure: {
      array: { start: 0, deleteCount: 1, cells: cellsOf([sql]) },
      didClose: [{ uri: cellUri('d') }],
      didOpen: textsOf([sql]),
    },
  });
  assert.deepEqual(await problems('d'), []);
  const point = { uri: cellUri('d'), line: 0, character: 35 };
  const table = await server.ask<protocol.EntityAtResult>('plumbline/entityAt', point);
  assert.equal(table?.name, 'ANALYTICS.ML.CHURN_FEATURES');
});

test('a cell that becomes text is no code any more, and back', async () => {
  await change({ data: [{ kind: 1, document: cellUri('d') }] });
  assert.deepEqual(await problems('d'), []);
  assert.match(await server.hover(cellUri('c'), champion), /champion.*auc/);
  await change({ data: [{ kind: 2, document: cellUri('d') }] });
  assert.equal((await problems('d')).length, 1);
});

test('notebooks that run each other end', async () => {
  await change({
    textContent: [
      {
        document: { uri: cellUri('a'), version: 3 },
        changes: [{ text: '%run ./explore\n%run ./explore\nimport mlflow' }],
      },
    ],
  });
  assert.doesNotMatch(await server.hover(cellUri('c'), champion), /champion.*auc/);
});

test('the file of a notebook, opened as text, is left alone', async () => {
  await closeNotebook();
  const text = '{"cells": [{"cell_type": "code", "source": "models:/churn/1"}]}';
  const file = path.join(sample.folder, 'notebooks', 'explore.ipynb');
  const uri = await server.open(file, text, 'json');
  assert.equal(await server.hover(uri, { line: 0, character: 55 }), '');
  await server.client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
});

test('messages that make no sense end nothing', async () => {
  await change({ structure: { array: { start: 99, deleteCount: 99, cells: [{ kind: 2, document: 'x:y' }] } } });
  await change({ textContent: [{ document: { uri: 'x:z', version: 1 }, changes: [{ text: 'x' }] }] });
  await server.client.connection.sendNotification('notebookDocument/didClose', {
    notebookDocument: { uri: 'file:///nowhere.ipynb' },
    cellTextDocuments: [],
  });
  assert.match(await server.hover(cellUri('c'), champion), /champion/);
  assert.deepEqual(server.errors, []);
});

/** Asked again until there is something: files are read in the background. */
async function seen<Item>(ask: () => Promise<readonly Item[]>): Promise<readonly Item[]> {
  for (const end = Date.now() + 10_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const found = await ask();
    if (found.length > 0 || Date.now() > end) return found;
  }
}
