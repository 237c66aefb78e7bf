// Commit documents: a file as it was at the commit a run came from, read-only, beside the file of today in the diff editor.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { FileAtParams, FileAtResult, RunCommitParams, RunCommitResult } from '../server/protocol/commit.ts';
import { fileAtRequest, runCommitRequest } from '../server/protocol/lsp.ts';
import type { Client } from './client.ts';
import { words } from './words.ts';

export const commitScheme = 'plumbline-commit';

/** The path is that of the file, so that the editor knows its language; the commit is the query. */
export function registerCommitDocuments(client: Client): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(commitScheme, {
    async provideTextDocumentContent(uri, token) {
      const file = vscode.Uri.from({ scheme: 'file', authority: uri.authority, path: uri.path }).fsPath;
      const params: FileAtParams = { commit: uri.query, file };
      const result = await client.ask<FileAtParams, FileAtResult>(fileAtRequest, params, token);
      if ('problem' in result) throw new Error(result.problem);
      return result.text;
    },
  });
}

/** Opens the difference, or says why there is none to see. */
export async function compareWithCommit(client: Client, params: RunCommitParams): Promise<void> {
  const found = await client.ask<RunCommitParams, RunCommitResult>(runCommitRequest, params);
  if ('problem' in found) return void vscode.window.showWarningMessage(found.problem);
  const { commit, run, file, unchanged } = found;
  const now = vscode.Uri.file(file);
  const then = now.with({ scheme: commitScheme, query: commit });
  const title = words.diffTitle(path.basename(file), commit, run);
  // Where the source is, not over the lineage panel beside it.
  const source = vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'file');
  const viewColumn = source?.viewColumn ?? vscode.ViewColumn.One;
  await vscode.commands.executeCommand('vscode.diff', then, now, title, { viewColumn });
  if (unchanged) vscode.window.setStatusBarMessage(words.unchanged(path.basename(file), commit), 6000);
}
