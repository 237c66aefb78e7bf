// Opens where a connection is written down: its file at its name, or the user's settings.
import * as vscode from 'vscode';
import type { ConnectionStatus } from '../../server/protocol/connection.ts';

export async function openConfiguration({ name, file }: ConnectionStatus): Promise<void> {
  if (!file) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'plumbline.connections');
    return;
  }
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const at = document.getText().indexOf(JSON.stringify(name));
  const position = document.positionAt(Math.max(0, at));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
}
