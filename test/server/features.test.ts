// What the editor asks beyond hovers, over the wire: each question reaches its feature, and refusals arrive as words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type {
  CallHierarchyItem,
  CodeAction,
  CompletionList,
  DocumentHighlight,
  DocumentSymbol,
  InlayHint,
  SymbolInformation,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { until } from '../support/clock.ts';
import { testFolder } from '../support/folder.ts';
import { memoryServer, placeOf } from '../support/server.ts';

const settings = 'DAG_ID = "train_churn"\n';
const train = `from airflow.sdk import DAG
from settings import DAG_ID
with DAG(DAG_ID) as dag:
    fit = Operator(task_id="fit")
rows = spark.table("raw.orders")
rows.write.saveAsTable("clean.orders")
def f():
    more = spark.table("clean.")
`;

test('every question is answered', async (context) => {
  const server = memoryServer();
  context.after(() => server.client.close());
  const folder = testFolder(context, {
    'settings.py': settings,
    'train.py': train,
    'models/customers.sql': 'select 1',
  });
  await server.start([folder.path], { storeFolder: folder.at('store') });
  const uri = await server.open(folder.at('train.py'), train);
  const textDocument = { uri };
  const at = (words: string, from = 0) => ({ textDocument, position: placeOf(train, words, from) });
  await until(
    'the other files to be read',
    async () => (await server.ask<SymbolInformation[]>('workspace/symbol', { query: 'train_churn' })).length > 0,
    30_000,
  );
  const highlights = await server.ask<DocumentHighlight[]>('textDocument/documentHighlight', at('clean.orders'));
  assert.equal(highlights.length, 1);
  const symbols = await server.ask<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument });
  assert.deepEqual(
    symbols.map(({ name }) => name),
    ['train_churn', 'clean.orders'],
  );
  const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
  const hints = await server.ask<InlayHint[]>('textDocument/inlayHint', { textDocument, range });
  assert.deepEqual(
    hints.map(({ label }) => label),
    ['= train_churn'],
  );
  const { line } = placeOf(train, '"clean."');
  const position = { line, character: train.split('\n')[line]?.indexOf('."') ?? 0 };
  const list = await server.ask<CompletionList>('textDocument/completion', {
    textDocument,
    position: { ...position, character: position.character + 1 },
  });
  assert.deepEqual(
    list.items.map(({ label }) => label),
    ['clean.orders'],
  );
  const [item] = await server.ask<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', at('clean.orders'));
  const incoming = await server.ask<{ from: CallHierarchyItem }[]>('callHierarchy/incomingCalls', { item });
  assert.deepEqual(
    incoming.map(({ from }) => from.name),
    ['raw.orders'],
  );
  const actions = await server.ask<CodeAction[]>('textDocument/codeAction', {
    ...at('raw.orders'),
    range,
    context: { diagnostics: [] },
  });
  assert.deepEqual(actions, []);
  const edit = await server.ask<WorkspaceEdit>('textDocument/rename', { ...at('fit"'), newName: 'train' });
  assert.deepEqual(
    edit.documentChanges?.map((change) => ('textDocument' in change ? change.textDocument.uri : change.kind)),
    [uri],
  );
  await assert.rejects(
    server.ask('textDocument/rename', { ...at('raw.orders'), newName: 'other' }),
    /Table raw\.orders is not defined in this workspace/,
  );
  assert.deepEqual(server.errors, []);
});

test('reading the workspace stands still while it is paused, and goes on', async (context) => {
  const server = memoryServer();
  context.after(() => server.client.close());
  const folder = testFolder(context, { 'a.py': 'import mlflow\nmlflow.set_experiment("first")\n' });
  await server.start([folder.path]);
  const named = async (name = 'later'): Promise<number> =>
    (await server.ask<SymbolInformation[]>('workspace/symbol', { query: name })).length;
  await until('the file that is there to be read', async () => (await named('first')) === 1);
  assert.equal(await server.ask('plumbline/pauseIndexing', { paused: true }), true);
  folder.write('b.py', 'import mlflow\nmlflow.set_experiment("later")\n');
  const changes = [{ uri: pathToFileURL(folder.at('b.py')).href, type: 1 }];
  await server.client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
  // An answered question lies between: what is not paused would have been read.
  for (let turn = 0; turn < 20; turn++) assert.equal(await named(), 0);
  assert.equal(await server.ask('plumbline/pauseIndexing', { paused: false }), true);
  await until('the new file to be read', async () => (await named()) === 1);
});
