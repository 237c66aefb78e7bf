// Open Sample Workspace: unpacks the recorded story into a folder the user chooses and opens it.
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { unpackSample } from './sample/unpack.ts';
import { words } from './words.ts';

export async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const chosen = await vscode.window.showOpenDialog({
    title: words.sampleTitle,
    openLabel: words.sampleHere,
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
  });
  const parent = chosen?.[0]?.fsPath;
  if (!parent) return;
  const folder = path.join(parent, `plumbline-sample-${randomBytes(2).toString('hex')}`);
  const archive = path.join(context.extensionPath, 'dist', 'churn.tar.gz');
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: words.sampleUnpacking },
      (progress) => unpackSample(archive, folder, new Date(), (message) => progress.report({ message })),
    );
  } catch (error) {
    void vscode.window.showErrorMessage(words.sampleFailed(error instanceof Error ? error.message : String(error)));
    return;
  }
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceNewWindow: true });
}
