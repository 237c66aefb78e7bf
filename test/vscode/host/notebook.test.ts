// Notebooks in real VS Code: hover, definition and diagnostics in cells, also after cells were typed in and added.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hovers, place } from '../support/editor.ts';
import { hostTest, until } from '../support/host.ts';

const model = '"models:/chu$0rn@champion"';

async function openNotebook(): Promise<vscode.NotebookDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  const uri = vscode.Uri.joinPath(folder.uri, 'notebooks', 'explore.ipynb');
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

function cellWith(notebook: vscode.NotebookDocument, text: string): vscode.TextDocument {
  const cell = notebook.getCells().find(({ document }) => document.getText().includes(text));
  assert.ok(cell, `no cell holds ${text}`);
  return cell.document;
}

async function hoverWith(document: vscode.TextDocument, at: vscode.Position, words: string): Promise<string> {
  return until(`a hover in a cell says ${words}`, async () => {
    const all = (await hovers(document, at)).join('\n');
    return all.includes(words) ? all : undefined;
  });
}

hostTest('a hover in a notebook cell shows the model, and one in its SQL the table', async () => {
  const notebook = await openNotebook();
  const cell = cellWith(notebook, 'champion');
  assert.match(await hoverWith(cell, place(cell, model), 'champion'), /\bauc\b/i);
  const sql = cellWith(notebook, 'CHURN_FEATURES');
  await hoverWith(sql, place(sql, 'ANALYTICS.ML.CHURN_FEA$0TURES'), 'what the churn model looks at');
});

hostTest('a name typed into one cell is known in the next, in cells that were added too', async () => {
  const notebook = await openNotebook();
  const cells = [
    'NAME = "churn"',
    'mlflow.pyfunc.load_model(f"models:/{NAME}@champion")\nmlflow.pyfunc.load_model("models:/chrn/1")',
  ];
  const added = cells.map((text) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, 'python'));
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(notebook.cellCount, added)]);
  assert.ok(await vscode.workspace.applyEdit(edit));
  const cell = cellWith(notebook, '{NAME}');
  const found = await hoverWith(cell, place(cell, '{NA$0ME}'), 'champion');
  assert.match(found, /\bchurn\b/);
  const name = cellWith(notebook, 'NAME = ').uri;
  const typed = new vscode.WorkspaceEdit();
  typed.replace(name, new vscode.Range(0, 8, 0, 13), 'other');
  assert.ok(await vscode.workspace.applyEdit(typed));
  await hoverWith(cell, place(cell, '{NA$0ME}'), 'other');
  const problems = await until('the cell has a problem', () => {
    const all = vscode.languages.getDiagnostics(cell.uri).filter(({ message }) => message.includes('chrn'));
    return all.length > 0 ? all : undefined;
  });
  assert.deepEqual([problems[0]?.range.start.line, problems[0]?.range.start.character], [1, 34]);
});

hostTest('from the code of the workspace into a cell', async () => {
  const notebook = await openNotebook();
  const cell = cellWith(notebook, 'champion');
  const places = await until('the references name the cell', async () => {
    const all = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      cell.uri,
      place(cell, model),
    );
    return all.some(({ uri }) => uri.toString() === cell.uri.toString()) ? all : undefined;
  });
  const own = places.filter(({ uri }) => uri.toString() === cell.uri.toString());
  assert.ok(own.some(({ range }) => cell.getText(range) === 'churn'));
  assert.ok(places.some(({ uri }) => uri.path.endsWith('publish.py')));
});
