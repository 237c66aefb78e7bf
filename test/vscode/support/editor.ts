// What suites inside VS Code ask of the open sample: its files, a place in them by its text, the hovers there.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** A file of the sample, in an editor. */
export async function open(path: string): Promise<vscode.TextEditor> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, path));
}

/** The position inside `text` where `$0` stands; the text is there once. */
export function place(document: vscode.TextDocument, marked: string): vscode.Position {
  const text = marked.replace('$0', '');
  const at = document.getText().indexOf(text);
  assert.ok(at >= 0, `${document.fileName} does not hold ${text}`);
  assert.equal(document.getText().indexOf(text, at + 1), -1, `${document.fileName} holds ${text} more than once`);
  return document.positionAt(at + marked.indexOf('$0'));
}

/** The texts of all hovers at a place, one per provider and part. */
export async function hovers(document: vscode.TextDocument, at: vscode.Position): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
  return found.flatMap(({ contents }) =>
    contents.map((content) => (typeof content === 'string' ? content : content.value)),
  );
}
