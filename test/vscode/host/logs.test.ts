// Jump to Logs in real VS Code: from a name in code to the line of the log that explains the failure, and on to the code.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, place } from '../support/editor.ts';
import { hostTest, until } from '../support/host.ts';

async function jump(path: string, marked: string): Promise<vscode.TextEditor> {
  const editor = await open(path);
  const at = place(editor.document, marked);
  editor.selection = new vscode.Selection(at, at);
  await vscode.commands.executeCommand('plumbline.jumpToLogs');
  return until('a log is the active editor', () => {
    const active = vscode.window.activeTextEditor;
    return active?.document.uri.scheme === 'plumbline-log' ? active : undefined;
  });
}

const lineAtCursor = (editor: vscode.TextEditor) => editor.document.lineAt(editor.selection.active.line).text;

hostTest('from the failing job to the KeyError, not to the error that it caused', async () => {
  const editor = await jump('dags/validate_churn.py', 'dag_id=f"vali$0date_{settings.PROJECT}"');
  assert.match(lineAtCursor(editor), /KeyError: '?churned/);
});

hostTest('a frame of the log links to the local file, at the line where that code is today', async () => {
  const editor = await jump('dags/validate_churn.py', 'dag_id=f"vali$0date_{settings.PROJECT}"');
  const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
    'vscode.executeLinkProvider',
    editor.document.uri,
  );
  const frames = links.filter(({ target }) => target?.path.endsWith('/churn/validation.py'));
  const { document } = await open('churn/validation.py');
  const lines = frames.map(({ target }) => document.lineAt(Number(target?.fragment.replace('L', '')) - 1).text.trim());
  assert.ok(
    lines.includes('truth = frame[settings.LABEL].astype(int)'),
    `the frames link to:\n${lines.join('\n') || 'nothing'}`,
  );
});

hostTest('from the metric that fell to the log that says why', async () => {
  const editor = await jump('churn/validation.py', 'statsd.gauge("churn.a$0uc"');
  assert.match(editor.document.getText(), /churned/);
  assert.notEqual(lineAtCursor(editor).trim(), '');
});
